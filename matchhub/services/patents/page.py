"""One patent (专利) as everybody may see it, and what lists of patents share with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, func, select

from matchhub.db.tables import Offer, Patent, PatentAlias, PatentClass, PatentHolder, PatentStatus
from matchhub.domain.validity import ENDED, encumbrances_on, is_expired, shown_validity, status_weight
from matchhub.errors import NotFound
from matchhub.services.facts.encumbrances import recorded_encumbrances
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit

StatusRow = Row[int, int, str, str, date, bool, datetime]
_STATUS = (
    PatentStatus.id, PatentStatus.patent_id, PatentStatus.validity, PatentStatus.reason, PatentStatus.as_of_on,
    PatentStatus.day_told, PatentStatus.recorded_at,
)  # fmt: skip
_DATED = (Patent.id, Patent.application_number, Patent.filed_on, Patent.expires_on)


class Dated(Protocol):
    """A patent with the columns that its term follows from: an object of the table or a row of columns."""

    @property
    def id(self) -> Any: ...
    @property
    def application_number(self) -> Any: ...
    @property
    def filed_on(self) -> Any: ...
    @property
    def expires_on(self) -> Any: ...


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


def newest_statuses(unit: Unit, ids: Sequence[int]) -> dict[int, StatusRow]:
    """The status of each patent that has one, as its newest source says; see ``domain.validity.status_weight``.

    Rows of plain columns (``validity``, ``reason``, ``as_of_on`` ...): lists ask for a thousand at once.
    """
    chosen = select(*_STATUS).where(PatentStatus.patent_id.in_(ids), PatentStatus.withdrawn_at.is_(None))
    return {row.patent_id: row for row in sorted(unit.session.execute(chosen), key=_weight)}


def validities(unit: Unit, patents: Sequence[Dated]) -> dict[int, str]:
    """What a page says of each patent today: ``domain.validity.shown_validity``."""
    said = newest_statuses(unit, [patent.id for patent in patents])
    return {
        patent.id: shown_validity(
            said[patent.id].validity if patent.id in said else None,
            is_expired(unit.today, patent.application_number, patent.filed_on, patent.expires_on),
        )
        for patent in patents
    }


def validities_of(unit: Unit, ids: Iterable[int]) -> dict[int, str]:
    """``validities`` of the patents with these ids."""
    found: dict[int, str] = {}
    for part in parts(sorted(ids)):
        found |= validities(unit, unit.session.execute(select(*_DATED).where(Patent.id.in_(part))).all())
    return found


def ended_patents(unit: Unit, ids: Iterable[int]) -> set[int]:
    """Those of these patents whose right no longer exists today."""
    return {key for key, validity in validities_of(unit, ids).items() if validity in ENDED}


def _weight(row: StatusRow) -> tuple[Any, ...]:
    return (*status_weight(row.validity, row.as_of_on, row.day_told, row.recorded_at), row.id)


def holders_of(unit: Unit, ids: Sequence[int]) -> dict[int, list[HolderView]]:
    """Who is named on each patent, by role and place."""
    found: dict[int, list[HolderView]] = {}
    chosen = select(PatentHolder.patent_id, PatentHolder.role, PatentHolder.name).where(PatentHolder.patent_id.in_(ids))
    placed = chosen.order_by(PatentHolder.role, PatentHolder.position, PatentHolder.id)
    for patent_id, role, name in unit.session.execute(placed):
        found.setdefault(patent_id, []).append(HolderView(role, name))
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
