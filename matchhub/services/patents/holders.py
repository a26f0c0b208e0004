"""Who holds a patent: the organisation whose name the patent bears as owner, else as applicant."""

from __future__ import annotations

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from matchhub.db.tables import Organisation, Patent, PatentHolder
from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.errors import NotFound
from matchhub.services.kernel.unit import Unit


def holder_keys(unit: Unit, patent_id: int) -> tuple[str, ...]:
    """Normalised names of the owners, or of the applicants where no owner is named."""
    chosen = select(PatentHolder.role, PatentHolder.name_key).where(PatentHolder.patent_id == patent_id)
    rows = unit.session.execute(chosen.order_by(PatentHolder.position)).all()
    owners = tuple(key for role, key in rows if role == "owner")
    return owners or tuple(key for role, key in rows if role == "applicant")


def holder_names(unit: Unit, patent_id: int) -> tuple[str, ...]:
    """Names as published, of the owners, or of the applicants where no owner is named."""
    chosen = select(PatentHolder.role, PatentHolder.name).where(PatentHolder.patent_id == patent_id)
    rows = unit.session.execute(chosen.order_by(PatentHolder.position)).all()
    owners = tuple(name for role, name in rows if role == "owner")
    return owners or tuple(name for role, name in rows if role == "applicant")


def holder_organisation(unit: Unit, patent_id: int) -> int | None:
    """The organisation with accounts here that holds the patent; ``None`` where no holder has registered."""
    keys = holder_keys(unit, patent_id)
    chosen = select(Organisation.id, Organisation.name_key).where(
        Organisation.name_key.in_(keys), Organisation.kind.in_(HOLDER_KINDS)
    )
    found = {key: number for number, key in unit.session.execute(chosen.order_by(Organisation.id.desc()))}
    return next((found[key] for key in keys if key in found), None)


def holds(unit: Unit, patent_id: int, organisation_id: int | None) -> bool:
    """Whether the organisation's name is a holder's name on the patent."""
    row = unit.session.get(Organisation, organisation_id) if organisation_id else None
    return row is not None and row.name_key in holder_keys(unit, patent_id)


def own_patent_ids(unit: Unit) -> frozenset[int]:
    """Patents of the actor's organisation."""
    unit.require("patent.keep_own")
    other = aliased(PatentHolder)
    owned = exists().where(other.patent_id == PatentHolder.patent_id, other.role == "owner")
    chosen = (
        select(PatentHolder.patent_id)
        .join(Patent, Patent.id == PatentHolder.patent_id)
        .where(
            PatentHolder.name_key == own_organisation(unit).name_key,
            Patent.withdrawn_at.is_(None),
            or_(PatentHolder.role == "owner", (PatentHolder.role == "applicant") & ~owned),
        )
    )
    return frozenset(unit.session.execute(chosen).scalars())


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
