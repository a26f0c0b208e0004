"""Payments under deals as rows: what enterprises paid for technology, and what agencies brought about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matchhub.domain.awards.estimates import SOUND, AwardRow, Remark, Standing, day_against
from matchhub.domain.goals import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeFact:
    """One payment under one deal, with what decides whether it is rewarded. Money in yuan."""

    deal_id: int
    paid_on: date
    amount_yuan: Decimal
    proven: bool
    buyer_id: int | None = None  # enterprise that paid; None: not in the base
    buyer_local: bool | None = None
    agencies: tuple[int, ...] = ()
    independent: bool = True  # parties not affiliated, or the bureau overruled it
    contract_registered: bool = False  # 技术合同登记
    cancelled: bool = False
    circular: bool = False  # round trip, resale or repetition
    inventions: int = 0  # inventions of the deal
    implemented: bool = False
    title: str = ""
    standing: Standing = SOUND


def purchases(facts: Iterable[TradeFact], window: Window, as_of: date) -> Iterator[AwardRow]:
    """Payments of local enterprises under registered technical contracts."""
    for fact in facts:
        if fact.buyer_id is not None:
            against, remarks = _exclusions(fact, window, as_of)
            yield _row(fact, fact.buyer_id, (*against, *_purchase_exclusions(fact)), tuple(remarks))


def brokered_deals(facts: Iterable[TradeFact], window: Window, as_of: date) -> Iterator[AwardRow]:
    """Payments under deals that agencies brought about. A deal of several is shared equally, and said so."""
    for fact in facts:
        against, remarks = _exclusions(fact, window, as_of)
        sharing = len(fact.agencies)
        if sharing > 1:
            remarks.append(Remark("award_shared", {"deal": fact.deal_id, "agencies": sharing}))
        for agency in fact.agencies:
            yield _row(fact, agency, tuple(against), tuple(remarks), sharing)


def _row(
    fact: TradeFact, payee: int, against: tuple[Remark, ...], remarks: tuple[Remark, ...], sharing: int = 1
) -> AwardRow:
    return AwardRow(
        kind="deals",
        record_id=fact.deal_id,
        payee=payee,
        on=fact.paid_on,
        title=fact.title,
        amount_yuan=fact.amount_yuan / sharing,
        against=against,
        remarks=remarks,
        standing=fact.standing,
        implemented=fact.inventions if fact.implemented else 0,
    )


def _exclusions(fact: TradeFact, window: Window, as_of: date) -> tuple[list[Remark], list[Remark]]:
    """Why a payment is not rewarded at all, whoever asks, and what must be said of its day."""
    against, remarks = day_against(fact.paid_on, window, as_of)
    about = {"deal": fact.deal_id}
    if not fact.proven:
        against.append(Remark("award_payment_unproven", about))
    if fact.cancelled:
        against.append(Remark("award_deal_cancelled", about))
    if not fact.independent:
        against.append(Remark("award_parties_affiliated", about))
    if fact.circular:
        against.append(Remark("award_deal_circular", about))
    if fact.standing.rejected:
        against.append(Remark("award_rejected"))
    return against, remarks


def _purchase_exclusions(fact: TradeFact) -> list[Remark]:
    about = {"deal": fact.deal_id}
    found = []
    if not fact.buyer_local:
        found.append(Remark("award_buyer_not_local", about))
    if not fact.contract_registered:
        # The base is the technical amount (技术交易额), which only the registered technical contract states.
        found.append(Remark("award_contract_unregistered", about))
    return found
