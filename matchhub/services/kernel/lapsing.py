"""The end of a unit of work: words on records that it changed are out of force until they are said again.

The session notes which rows a unit touched (``kernel.touched``), so no act, import, merge or check of files can change
a confirmed record and leave the confirmation standing: whatever the door, the content is compared here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import select

from matchhub.db.tables import Confirmation
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.frozen import Content, changes_between, content_of, digest_of, subjects_of
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.row_digests import unpacked
from matchhub.services.kernel.touched import touched_in
from matchhub.services.kernel.unit import Unit


def lapse_confirmations(unit: Unit, only: Mapping[str, set[int]] | None = None) -> None:
    """Put every confirmation out of force whose record is no longer what was confirmed, with what changed.

    A rejection stays: changing a record takes no objection of the bureau from it. ``only``: records to look at, by
    kind, for a story that tells many days in one unit.
    """
    unit.session.flush()
    for kind, ids in (_changed_records(unit) if only is None else only).items():
        now: dict[int, Content] = {}
        for word in _words_in_force(unit, kind, ids):
            if word.subject_id not in now:
                now[word.subject_id] = content_of(unit, kind, word.subject_id)
            content = now[word.subject_id]
            if digest_of(content) == word.content_digest:
                continue
            word.lapsed_at, word.lapsed_by = unit.now, unit.actor.account_id
            word.lapse = changes_between(word.content, content)
            fields = [each["field"] for each in word.lapse]
            append_event(unit, "record.confirmation_lapsed", kind, word.subject_id, confirmation=word.id,
                         role=word.role, fields=fields, was=word.content_digest)  # fmt: skip
    unit.session.flush()


@contextmanager
def confirmations_carried(unit: Unit, subjects: Mapping[str, set[int]]) -> Iterator[None]:
    """Personal data of these records are erased inside the block: no change of content, so no word lapses.

    A word whose record was as confirmed before the block is bound to the content without these data afterwards, by an
    entry that names both digests.
    """
    unit.session.flush()
    standing = [
        word
        for kind, ids in subjects.items()
        for word in _words_in_force(unit, kind, ids)
        if digest_of(content_of(unit, kind, word.subject_id)) == word.content_digest
    ]
    yield
    unit.session.flush()
    for word in standing:
        content, was = content_of(unit, word.subject_kind, word.subject_id), word.content_digest
        if digest_of(content) != was:
            word.content, word.content_digest = content, digest_of(content)
            append_event(unit, "record.confirmation_carried", word.subject_kind, word.subject_id, confirmation=word.id,
                         was=was, content=word.content_digest)  # fmt: skip
    unit.session.flush()


def _changed_records(unit: Unit) -> dict[str, set[int]]:
    touched = touched_in(unit.session)
    rows: dict[str, set[int]] = {table: set(ids) for table, ids in touched.rows.items()}
    for table, keys, _ in touched.made:
        rows.setdefault(table, set()).update(unpacked(keys))
    kinds = set(unit.session.execute(select(Confirmation.subject_kind).distinct()).scalars()) if rows else set()
    found: dict[str, set[int]] = defaultdict(set)
    for table, ids in rows.items():
        for kind, subjects in (subjects_of(unit, table, ids) if kinds else {}).items():
            if kind in kinds:
                found[kind] |= subjects
    return found


def _words_in_force(unit: Unit, kind: str, ids: set[int]) -> list[Confirmation]:
    found: list[Confirmation] = []
    for part in parts(sorted(ids)):
        chosen = select(Confirmation).where(
            Confirmation.subject_kind == kind,
            Confirmation.subject_id.in_(part),
            Confirmation.decision == "confirmed",
            Confirmation.withdrawn_at.is_(None),
            Confirmation.lapsed_at.is_(None),
        )
        found += unit.session.execute(chosen.order_by(Confirmation.id)).scalars()
    return found
