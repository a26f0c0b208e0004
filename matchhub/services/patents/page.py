"""One patent (专利) as everybody may see it, and what lists of patents share with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from matchhub.db.tables import Offer, Patent, PatentAlias, PatentClass, PatentHolder, PatentStatus
from matchhub.domain.validity import ENDED, encumbrances_on, is_expired, shown_validity, status_weight
from matchhub.errors import NotFound
from matchhub.services.facts.encumbrances import recorded_encumbrances
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class HolderView:
    """Somebody named on a patent; ``role`` is applicant, owner or inventor."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class EncumbranceView:
    """Something that lies on a patent on the day of asking."""

    kind: str
    from_on: date | None


@dataclass(frozen=True, slots=True)
class PatentView:
    """One patent with all its public data; ``validity`` as the newest source says on ``status_as_of_on``."""

    id: int
    application_number: str | None
    publication_number: str | None
    other_numbers: tuple[str, ...]
    title: str
    abstract: str
    claim: str
    patent_type: str | None
    filed_on: date | None
    published_on: date | None
    granted_on: date | None
    expires_on: date | None
    annuity_paid_to_on: date | None
    agency_name: str | None
    validity: str
    status_reason: str
    status_as_of_on: date | None
    holders: tuple[HolderView, ...]
    ipc: tuple[str, ...]
    locarno: tuple[str, ...]
    encumbrances: tuple[EncumbranceView, ...]
    offer_ids: tuple[int, ...]

    @property
    def holding(self) -> tuple[str, ...]:
        """Who holds it: the owners, or the applicants where no owner is named."""
        return self.named("owner") or self.named("applicant")

    def named(self, role: str) -> tuple[str, ...]:
        """Names in one role, in their order."""
        return tuple(holder.name for holder in self.holders if holder.role == role)


def running_offer(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    """Conditions of an offer that can be accepted today: ``domain.licensing.offer_period`` as the database reads it."""
    first_on = func.coalesce(Offer.valid_from_on, Offer.declared_on)
    return (first_on.is_(None) | (first_on <= unit.today), *offer_not_over(unit))


def offer_not_over(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    """Conditions of an offer that has not ended: it can be accepted today or begins later.

    The last day of its term is inside, the day of its withdrawal outside.
    """
    return (
        Offer.withdrawn_at.is_(None),
        Offer.ended_on.is_(None) | (Offer.ended_on > unit.today),
        Offer.valid_to_on.is_(None) | (Offer.valid_to_on >= unit.today),
    )


def newest_statuses(unit: Unit, ids: Sequence[int]) -> dict[int, PatentStatus]:
    """The status of each patent that has one, as its newest source says; see ``domain.validity.status_weight``."""
    chosen = select(PatentStatus).where(PatentStatus.patent_id.in_(ids), PatentStatus.withdrawn_at.is_(None))
    rows = unit.session.execute(chosen).scalars()
    return {row.patent_id: row for row in sorted(rows, key=_weight)}


def validities(unit: Unit, patents: Sequence[Patent]) -> dict[int, str]:
    """What a page says of each patent today: ``domain.validity.shown_validity``."""
    said = newest_statuses(unit, [patent.id for patent in patents])
    return {
        patent.id: shown_validity(
            said[patent.id].validity if patent.id in said else None,
            is_expired(unit.today, patent.application_number, patent.filed_on, patent.expires_on),
        )
        for patent in patents
    }


def ended_patents(unit: Unit, ids: Sequence[int]) -> set[int]:
    """Those of these patents whose right no longer exists today."""
    found: set[int] = set()
    for part in parts(sorted(ids)):
        patents = list(unit.session.execute(select(Patent).where(Patent.id.in_(part))).scalars())
        found |= {key for key, validity in validities(unit, patents).items() if validity in ENDED}
    return found


def _weight(row: PatentStatus) -> tuple[Any, ...]:
    return (*status_weight(row.validity, row.as_of_on, row.day_told, row.recorded_at), row.id)


def holders_of(unit: Unit, ids: Sequence[int]) -> dict[int, list[HolderView]]:
    found: dict[int, list[HolderView]] = {}
    rows = unit.session.execute(
        select(PatentHolder).where(PatentHolder.patent_id.in_(ids)).order_by(PatentHolder.role, PatentHolder.position)
    ).scalars()
    for row in rows:
        found.setdefault(row.patent_id, []).append(HolderView(row.role, row.name))
    return found


def patent_view(unit: Unit, patent_id: int) -> PatentView:
    """One patent; raises ``NotFound`` when there is none or it was withdrawn."""
    patent = unit.session.get(Patent, patent_id)
    if patent is None or patent.withdrawn_at is not None:
        raise NotFound(id=patent_id)
    status = newest_statuses(unit, [patent.id]).get(patent.id)
    symbols = _symbols(unit, patent.id)
    return PatentView(
        id=patent.id,
        application_number=patent.application_number,
        publication_number=patent.publication_number,
        other_numbers=_other_numbers(unit, patent),
        title=patent.title or "",
        abstract=patent.abstract or "",
        claim=patent.claim or "",
        patent_type=patent.patent_type,
        filed_on=patent.filed_on,
        published_on=patent.published_on,
        granted_on=patent.granted_on,
        expires_on=patent.expires_on,
        annuity_paid_to_on=patent.annuity_paid_to_on,
        agency_name=patent.agency_name,
        validity=validities(unit, [patent])[patent.id],
        status_reason=status.reason if status else "",
        status_as_of_on=status.as_of_on if status else None,
        holders=tuple(holders_of(unit, [patent.id]).get(patent.id, ())),
        ipc=symbols.get("ipc", ()),
        locarno=symbols.get("locarno", ()),
        encumbrances=_encumbrances(unit, patent.id),
        offer_ids=_offers(unit, patent.id),
    )


def _other_numbers(unit: Unit, patent: Patent) -> tuple[str, ...]:
    values = unit.session.execute(
        select(PatentAlias.value).where(PatentAlias.patent_id == patent.id).order_by(PatentAlias.id)
    ).scalars()
    return tuple(value for value in values if value not in (patent.application_number, patent.publication_number))


def _symbols(unit: Unit, patent_id: int) -> dict[str, tuple[str, ...]]:
    rows = unit.session.execute(
        select(PatentClass.scheme, PatentClass.symbol)
        .where(PatentClass.patent_id == patent_id)
        .order_by(PatentClass.position, PatentClass.id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for scheme, symbol in rows:
        found[scheme] = (*found.get(scheme, ()), symbol)
    return found


def _encumbrances(unit: Unit, patent_id: int) -> tuple[EncumbranceView, ...]:
    periods = recorded_encumbrances(unit, [patent_id]).get(patent_id, ())
    return tuple(EncumbranceView(each.kind, each.from_on) for each in encumbrances_on(periods, unit.today))


def _offers(unit: Unit, patent_id: int) -> tuple[int, ...]:
    rows = unit.session.execute(select(Offer.id).where(Offer.patent_id == patent_id, *running_offer(unit)))
    return tuple(rows.scalars())
