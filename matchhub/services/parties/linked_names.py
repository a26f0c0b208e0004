"""Which written names are an organisation's: only those the operator linked to it. A like name gives no right (P27)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from matchhub.db.tables import DealParty, EvidenceFile, LinkedName, Organisation, PatentHolder
from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.domain.parties import normalise_name
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.speaking import is_confirmed
from matchhub.services.kernel.unit import Unit

MOST_NOTE = 1000
_IN_FORCE = LinkedName.withdrawn_at.is_(None)
_HOLDS = ("owner", "applicant")


@dataclass(frozen=True, slots=True)
class LinkedNameView:
    """One name linked to an organisation, with how it is known."""

    id: int
    name: str
    note: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class NameUse:
    """A name as records bear it: how many patents name it as holder, how many deals as a party."""

    name: str
    patents: int
    deals: int


def own_keys(unit: Unit, organisation_id: int | None) -> Select[str]:
    """Keys of the names that are a confirmed organisation's."""
    return (
        select(LinkedName.name_key)
        .join(Organisation, Organisation.id == LinkedName.organisation_id)
        .where(LinkedName.organisation_id == (organisation_id or 0), _IN_FORCE, is_confirmed())
    )


def organisations_named(unit: Unit, keys: Iterable[str]) -> dict[str, int]:
    """Organisations by the key of a name that was linked to them."""
    chosen = (
        select(LinkedName.name_key, LinkedName.organisation_id)
        .join(Organisation, Organisation.id == LinkedName.organisation_id)
        .where(LinkedName.name_key.in_(list(keys)), _IN_FORCE, is_confirmed())
    )
    return dict(unit.session.execute(chosen).all())


def linked_names(unit: Unit, organisation_id: int) -> tuple[LinkedNameView, ...]:
    """Names of an organisation, in the order linked."""
    chosen = select(LinkedName).where(LinkedName.organisation_id == organisation_id, _IN_FORCE).order_by(LinkedName.id)
    rows = unit.session.execute(chosen).scalars()
    return tuple(LinkedNameView(row.id, row.name, row.note, row.recorded_at) for row in rows)


def link_name(unit: Unit, organisation_id: int, name: str, note: str) -> int:
    """Say that records under a written name are an organisation's, and how that is known; returns the link's number.

    Only a confirmed organisation of which a document is kept gets one. Raises ``NotFound``, ``Refusal``
    ``linked_name_missing``, ``linked_note_missing``, ``linked_unconfirmed``, ``linked_document_missing``, and
    ``Conflict`` ``linked_already``, ``linked_elsewhere``.
    """
    unit.require("organisation.link_name")
    place = unit.session.get(Organisation, organisation_id, with_for_update=True)
    if place is None or place.kind not in HOLDER_KINDS:
        raise NotFound()
    key = normalise_name(name)
    if not key:
        raise Refusal("linked_name_missing")
    if not note.strip():
        raise Refusal("linked_note_missing")
    _require_grounds(unit, place)
    held = select(LinkedName.organisation_id).where(LinkedName.name_key == key, _IN_FORCE)
    if (owner := unit.session.execute(held).scalar()) is not None:
        raise Conflict("linked_already" if owner == place.id else "linked_elsewhere", name=name.strip())
    row = LinkedName(
        organisation_id=place.id,
        name=name.strip()[:255],
        name_key=key,
        note=note.strip()[:MOST_NOTE],
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "organisation.name_linked", "organisations", place.id, link=row.id, name=row.name)
    return row.id


def _require_grounds(unit: Unit, place: Organisation) -> None:
    confirmed = select(Organisation.id).where(Organisation.id == place.id, is_confirmed())
    if unit.session.execute(confirmed).first() is None:
        raise Refusal("linked_unconfirmed")
    document = select(EvidenceFile.id).where(
        EvidenceFile.subject_kind == "organisations",
        EvidenceFile.subject_id == place.id,
        EvidenceFile.withdrawn_at.is_(None),
    )
    if unit.session.execute(document.limit(1)).first() is None:
        raise Refusal("linked_document_missing")


def names_in_use(unit: Unit, names: Iterable[str]) -> dict[str, NameUse]:
    """Of these names those that records bear and that nobody's they are yet, by their key."""
    by_key = {normalise_name(name): name for name in names}
    found = uses_of(unit, by_key)
    taken = organisations_named(unit, found)
    return {key: NameUse(by_key[key], *found[key]) for key in found if key not in taken}


def uses_of(unit: Unit, keys: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Patents and deals that bear each key, by key; keys that nothing bears are left out."""
    wanted = list(keys)
    held = select(PatentHolder.name_key, func.count(PatentHolder.patent_id.distinct())).where(
        PatentHolder.name_key.in_(wanted), PatentHolder.role.in_(_HOLDS)
    )
    traded = select(DealParty.name_key, func.count(DealParty.deal_id.distinct())).where(DealParty.name_key.in_(wanted))
    patents: Counter[str] = Counter(dict(unit.session.execute(held.group_by(PatentHolder.name_key)).all()))
    deals: Counter[str] = Counter(dict(unit.session.execute(traded.group_by(DealParty.name_key)).all()))
    return {key: (patents[key], deals[key]) for key in wanted if patents[key] or deals[key]}
