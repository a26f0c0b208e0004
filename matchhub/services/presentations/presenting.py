"""What a holder tells of its patent: written, shown to everybody or to itself alone, with drawings and documents.

A file is kept by its content beside the evidence and looked at by the same limited process; what reaches a browser are
pictures drawn anew. It proves nothing and counts nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from matchhub.db.tables import Organisation, Patent, PatentFile, PatentPresentation
from matchhub.domain.links import read_video_link
from matchhub.domain.maturity import Stage, stage_of
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.evidence.files import keep_content, kept_content
from matchhub.services.evidence.pictures import look_at
from matchhub.services.evidence.showing import drawn_page
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.linked_names import organisations_named
from matchhub.services.patents.holders import holder_keys, holds

MOST_FILES = 12  # of one patent and holder
MOST_PAGES = 20  # of one file
MOST_LETTERS = 2_000
_CAPTION = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPresentation:
    """What the holder says, as its form says it; ``maturity`` "" says nothing of it."""

    gains: str = ""
    maturity: str = ""
    video_link: str = ""
    shown: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """One drawing or document; ``pages`` are the numbers of its pictures."""

    id: int
    caption: str
    pages: range


@dataclass(frozen=True, slots=True)
class PresentationView:
    """What one holder tells of a patent, to everybody (``shown``) or to itself; ``own``: it is the reader's own."""

    organisation: str
    gains: str
    stage: Stage | None
    video_link: str
    shown: bool
    own: bool
    at: datetime | None
    files: tuple[FileView, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it tells nothing yet."""
        return not (self.gains or self.stage or self.video_link or self.files)


def present_patent(unit: Unit, patent_id: int, new: NewPresentation) -> None:
    """Say something of an own patent; what was said before stays on record.

    Raises ``NotFound("patent_not_in_base")`` for a patent of another, ``Refusal`` ``field_length``, ``field_choice``,
    ``video_link_invalid``.
    """
    _own(unit, patent_id)
    gains = new.gains.strip()
    if len(gains) > MOST_LETTERS:
        raise Refusal("field_length", least=0, most=MOST_LETTERS)
    if new.maturity and stage_of(new.maturity) is None:
        raise Refusal("field_choice")
    row = PatentPresentation(
        patent_id=patent_id,
        organisation_id=unit.actor.organisation_id or 0,
        gains=gains,
        maturity=new.maturity or None,
        video_link=read_video_link(new.video_link),
        shown=new.shown,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "patent.presented", "patents", patent_id, presentation=row.id, shown=row.shown)


def add_file(unit: Unit, patent_id: int, caption: str, content: bytes) -> int:
    """Add a drawing or document to an own patent; returns its number.

    Raises ``NotFound`` as ``present_patent``, ``Conflict("patent_files_full")``, and ``Refusal``
    ``patent_file_caption``, ``patent_file_pages``, ``patent_file_not_shown`` for what has no pages to show, and what
    ``look_at`` refuses a file for.
    """
    _own(unit, patent_id)
    if not caption.strip():
        raise Refusal("patent_file_caption")
    look = look_at(content)
    if not look.pages:
        raise Refusal("patent_file_not_shown")
    if look.pages > MOST_PAGES:
        raise Refusal("patent_file_pages", most=MOST_PAGES)
    place = unit.actor.organisation_id or 0
    unit.session.get_one(Organisation, place, with_for_update=True)  # of two sent at once the second is counted too
    held = (
        select(func.count())
        .select_from(PatentFile)
        .where(
            PatentFile.patent_id == patent_id, PatentFile.organisation_id == place, PatentFile.withdrawn_at.is_(None)
        )
    )
    if (unit.session.execute(held).scalar() or 0) >= MOST_FILES:
        raise Conflict("patent_files_full", most=MOST_FILES)
    digest = hashlib.sha256(content).hexdigest()
    keep_content(unit.home, digest, content)
    row = PatentFile(
        patent_id=patent_id,
        organisation_id=place,
        caption=caption.strip()[:_CAPTION],
        sha256=digest,
        size=len(content),
        media_type=look.media_type,
        pages=look.pages,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "patent.file_added", "patents", patent_id, file=row.id, sha256=digest)
    return row.id


def remove_file(unit: Unit, patent_id: int, file_id: int) -> None:
    """Take a file off an own patent's page; its row and content stay on record. ``NotFound`` for another's."""
    _own(unit, patent_id)
    row = unit.session.get(PatentFile, file_id)
    own = row is not None and (row.patent_id, row.organisation_id) == (patent_id, unit.actor.organisation_id)
    if row is None or not own or row.withdrawn_at is not None:
        raise NotFound("patent_file_missing", id=file_id)
    row.withdrawn_at, row.withdrawn_reason = unit.now, "removed"
    append_event(unit, "patent.file_removed", "patents", patent_id, file=row.id)


def presentations_of(unit: Unit, patent_id: int) -> tuple[PresentationView, ...]:
    """What today's holders tell of a patent to this reader, its own first; who holds it no longer tells nothing."""
    unit.require("patent.browse")
    names = _names_of(unit, patent_id)
    views = [_view(unit, patent_id, place, name) for place, name in names.items()]
    told = [view for view in views if view.own or (view.shown and not view.is_empty)]
    return tuple(sorted(told, key=lambda view: not view.own))


def own_presentation(unit: Unit, patent_id: int) -> PresentationView:
    """What the reader's organisation tells of its own patent, also when that is nothing yet. Raises ``NotFound``."""
    _own(unit, patent_id)
    return _view(unit, patent_id, unit.actor.organisation_id or 0, "")


def page_of_file(unit: Unit, patent_id: int, file_id: int, page: int) -> bytes:
    """One page (from 1) of a file as PNG, for its holder, and for everybody where the holder shows it.

    Raises ``NotFound("patent_file_missing")`` for whoever may not see it, as if it were not there.
    """
    seen = {each.id: each.pages for view in presentations_of(unit, patent_id) for each in view.files}
    row = unit.session.get(PatentFile, file_id) if page in seen.get(file_id, ()) else None
    content = kept_content(unit.home, row.sha256) if row is not None else None
    if row is None or content is None:
        raise NotFound("patent_file_missing", id=file_id)
    return drawn_page(unit.home, row.sha256, content, row.media_type, page)


def _own(unit: Unit, patent_id: int) -> None:
    unit.require("patent_page.keep_own")
    patent = unit.session.get(Patent, patent_id)
    if patent is None or patent.withdrawn_at is not None or not holds(unit, patent_id, unit.actor.organisation_id):
        raise NotFound("patent_not_in_base", id=patent_id)


def _names_of(unit: Unit, patent_id: int) -> dict[int, str]:
    """Organisations that hold the patent today and their names."""
    holding: Iterable[int] = organisations_named(unit, holder_keys(unit, patent_id)).values()
    chosen = select(Organisation.id, Organisation.name).where(Organisation.id.in_(list(holding)))
    return dict(unit.session.execute(chosen).all())


def _view(unit: Unit, patent_id: int, place: int, name: str) -> PresentationView:
    of_place = (PatentPresentation.patent_id == patent_id, PatentPresentation.organisation_id == place)
    newest = select(PatentPresentation).where(*of_place).order_by(PatentPresentation.id.desc()).limit(1)
    row = unit.session.execute(newest).scalar()
    files = select(PatentFile).where(
        PatentFile.patent_id == patent_id, PatentFile.organisation_id == place, PatentFile.withdrawn_at.is_(None)
    )
    return PresentationView(
        organisation=name,
        gains=row.gains if row else "",
        stage=stage_of(row.maturity) if row else None,
        video_link=row.video_link if row else "",
        shown=bool(row and row.shown),
        own=place == unit.actor.organisation_id,
        at=row.recorded_at if row else None,
        files=tuple(
            FileView(each.id, each.caption, range(1, each.pages + 1))
            for each in unit.session.execute(files.order_by(PatentFile.id)).scalars()
        ),
    )
