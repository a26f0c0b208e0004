"""What lies on patents: encumbrances on file, running open licences, exclusive licences of signed deals."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealPatent, PatentEncumbrance
from matchhub.db.tables import Offer as OfferRow
from matchhub.domain.counting.facts import EncumbranceFact, EncumbranceWord, RecordId
from matchhub.domain.licensing import offer_period
from matchhub.domain.validity import periods_of
from matchhub.services.kernel.unit import Unit


def encumbrances_of(
    unit: Unit, patent_ids: Iterable[int], own_deal: int | None = None
) -> dict[RecordId, tuple[EncumbranceFact, ...]]:
    """Burdens of patents: those on file, running open licences declared here, licences of other signed deals."""
    wanted = list(patent_ids)
    found: dict[RecordId, list[EncumbranceFact]] = {key: [] for key in wanted}
    for patent_id, periods in recorded_encumbrances(unit, wanted).items():
        found[patent_id] += periods
    for offer in unit.session.execute(
        select(OfferRow).where(OfferRow.patent_id.in_(wanted), OfferRow.withdrawn_at.is_(None))
    ).scalars():
        period = offer_period(offer.valid_from_on, offer.declared_on, offer.valid_to_on, offer.ended_on)
        found[offer.patent_id].append(
            EncumbranceFact(kind="open_licence", from_on=period.first_on, to_on=period.last_on)
        )
    for key, fact in _licences_signed(unit, wanted, own_deal):
        found[key].append(fact)
    return {key: tuple(values) for key, values in found.items()}


def recorded_encumbrances(
    unit: Unit, patent_ids: Iterable[int] | None = None
) -> dict[int, tuple[EncumbranceFact, ...]]:
    """Periods of what sources say to lie on these patents, or on any; patents without such are left out."""
    chosen = select(PatentEncumbrance).where(PatentEncumbrance.withdrawn_at.is_(None))
    if patent_ids is not None:
        chosen = chosen.where(PatentEncumbrance.patent_id.in_(list(patent_ids)))
    words: dict[int, list[EncumbranceWord]] = {}
    for row in unit.session.execute(chosen).scalars():
        word = EncumbranceWord(
            kind=row.encumbrance_type,  # type: ignore[arg-type]
            as_of_on=row.as_of_on,
            ended=row.ended,
            day_told=row.day_told,
            from_on=row.from_on,
            to_on=row.to_on,
            recorded_at=row.recorded_at,
        )
        words.setdefault(row.patent_id, []).append(word)
    return {patent_id: periods_of(said) for patent_id, said in words.items()}


def _licences_signed(unit: Unit, wanted: list[int], own_deal: int | None) -> list[tuple[int, EncumbranceFact]]:
    cancelled = select(DealEvent.deal_id).where(DealEvent.event == "cancelled", DealEvent.withdrawn_at.is_(None))
    chosen = (
        select(DealPatent.patent_id, Deal.deal_type, Deal.signed_on)
        .join(Deal, Deal.id == DealPatent.deal_id)
        .where(
            DealPatent.patent_id.in_(wanted),
            Deal.deal_type.in_(("exclusive_licence", "sole_licence")),
            Deal.signed_on.is_not(None),
            Deal.withdrawn_at.is_(None),
            Deal.id != (own_deal or 0),
            Deal.id.not_in(cancelled),
        )
    )
    rows = unit.session.execute(chosen)
    return [(key, EncumbranceFact(kind=kind, from_on=signed_on)) for key, kind, signed_on in rows]  # type: ignore[arg-type]
