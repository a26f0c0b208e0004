"""Who holds a patent: whom the operator linked to a name that it bears as owner, else as applicant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import aliased

from matchhub.db.tables import Organisation, Patent, PatentHolder
from matchhub.errors import NotFound
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.linked_names import organisations_named, own_keys


def holder_keys(unit: Unit, patent_id: int) -> tuple[str, ...]:
    """Normalised names of the owners, or of the applicants where no owner is named."""
    chosen = select(PatentHolder.role, PatentHolder.name_key).where(PatentHolder.patent_id == patent_id)
    rows = unit.session.execute(chosen.order_by(PatentHolder.position, PatentHolder.id)).all()
    owners = tuple(key for role, key in rows if role == "owner")
    return owners or tuple(key for role, key in rows if role == "applicant")


def holder_names(unit: Unit, patent_id: int) -> tuple[str, ...]:
    """Names as published, of the owners, or of the applicants where no owner is named."""
    return holder_names_of(unit, [patent_id])[patent_id]


def holder_names_of(unit: Unit, patent_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The same of several patents, by patent, in one statement for each 500."""
    found: dict[int, list[tuple[str, str]]] = {key: [] for key in patent_ids}
    chosen = select(PatentHolder.patent_id, PatentHolder.role, PatentHolder.name).order_by(
        PatentHolder.position, PatentHolder.id
    )
    for part in parts(sorted(found)):
        for key, role, name in unit.session.execute(chosen.where(PatentHolder.patent_id.in_(part))):
            found[key].append((role, name))
    return {key: _published(rows) for key, rows in found.items()}


def _published(rows: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    owners = tuple(name for role, name in rows if role == "owner")
    return owners or tuple(name for role, name in rows if role == "applicant")


def holder_organisation(unit: Unit, patent_id: int) -> int | None:
    """The confirmed organisation that holds the patent; ``None`` where no holder has accounts here."""
    keys = holder_keys(unit, patent_id)
    found = organisations_named(unit, keys)
    return next((found[key] for key in keys if key in found), None)


def holds(unit: Unit, patent_id: int, organisation_id: int | None) -> bool:
    """Whether a name linked to the organisation is a holder's name on the patent."""
    return patent_id in held_among(unit, [patent_id], organisation_id)


def held_among(unit: Unit, patent_ids: Collection[int], organisation_id: int | None) -> set[int]:
    """Those of some patents on which a name linked to the organisation is a holder's name."""
    if organisation_id is None or not patent_ids:
        return set()
    own = set(unit.session.execute(own_keys(unit, organisation_id)).scalars())
    rows: dict[int, list[tuple[str, str]]] = {key: [] for key in patent_ids}
    chosen = select(PatentHolder.patent_id, PatentHolder.role, PatentHolder.name_key)
    for part in parts(sorted(rows)):
        for key, role, name in unit.session.execute(chosen.where(PatentHolder.patent_id.in_(part))):
            rows[key].append((role, name))
    return {key for key, named in rows.items() if not own.isdisjoint(_published(named))}


def own_patent_ids(unit: Unit) -> frozenset[int]:
    """Patents of the actor's organisation."""
    unit.require("patent.keep_own")
    return frozenset(unit.session.execute(patents_of(unit, unit.actor.organisation_id)).scalars())


def patents_of(unit: Unit, organisation_id: int | None) -> Select[int]:
    """Patents that bear a name linked to the organisation: as owner, or as applicant where no owner is named."""
    return (
        select(PatentHolder.patent_id)
        .join(Patent, Patent.id == PatentHolder.patent_id)
        .where(
            PatentHolder.name_key.in_(own_keys(unit, organisation_id)),
            Patent.withdrawn_at.is_(None),
            or_(PatentHolder.role == "owner", (PatentHolder.role == "applicant") & ~_names_owner()),
        )
    )


@cache  # built once: an alias is dear to adapt
def _names_owner() -> ColumnElement[bool]:
    other = aliased(PatentHolder)
    return exists().where(other.patent_id == PatentHolder.patent_id, other.role == "owner")


def own_organisation(unit: Unit) -> Organisation:
    """The actor's organisation."""
    found = unit.session.get(Organisation, unit.actor.organisation_id) if unit.actor.organisation_id else None
    if found is None:
        raise NotFound()
    return found


def own_patent(unit: Unit, patent_id: int) -> Patent:
    """A patent of the actor's organisation; ``NotFound("patent_not_in_base")`` for any other."""
    patent = unit.session.get(Patent, patent_id)
    if patent is None or patent_id not in own_patent_ids(unit):
        raise NotFound("patent_not_in_base", id=patent_id)
    return patent
