"""Clauses 二(一) and 二(二): what enterprises paid for technology, and what agencies brought about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matchhub.domain.award_rules import AgencyRule, PurchaseRule
from matchhub.domain.awards.estimates import Estimate, Remark, capped, window_remark
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


def purchase_awards(facts: Iterable[TradeFact], rule: PurchaseRule, window: Window) -> tuple[Estimate, ...]:
    """二(一): 6 % of the technical amount paid by a local enterprise in a year, at most 1,000,000 yuan per year."""
    paid: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    remarks: defaultdict[tuple[int, int], list[Remark]] = defaultdict(list)
    for fact in facts:
        if fact.buyer_id is None:
            continue
        key = (fact.buyer_id, fact.paid_on.year)
        out = [*exclusions(fact, window), *_purchase_exclusions(fact)]
        remarks[key] += out or _reference(fact, window)
        paid[key] += Decimal(0) if out else fact.amount_yuan
    return tuple(_estimate("2.1", key, paid[key], rule.rate, rule.cap_yuan, remarks[key]) for key in sorted(paid))


def agency_awards(facts: Iterable[TradeFact], rule: AgencyRule, window: Window) -> tuple[Estimate, ...]:
    """二(二): 2 % of what was paid in a year under deals an agency brought about, at most 200,000 yuan, once at least
    50 inventions were implemented or 8,000,000 yuan paid. A deal of several agencies is shared equally, and said so.
    """
    paid: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    deals: defaultdict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    remarks: defaultdict[tuple[int, int], list[Remark]] = defaultdict(list)
    for fact in facts:
        out = exclusions(fact, window)
        for agency in fact.agencies:
            key = (agency, fact.paid_on.year)
            remarks[key] += out or _reference(fact, window)
            paid[key] += Decimal(0) if out else fact.amount_yuan / len(fact.agencies)
            if not out and fact.implemented:
                deals[key][fact.deal_id] = fact.inventions
            if not out and len(fact.agencies) > 1:
                remarks[key].append(Remark("award_shared", {"deal": fact.deal_id, "agencies": len(fact.agencies)}))
    return tuple(_agency(key, paid[key], sum(deals[key].values()), rule, remarks[key]) for key in sorted(paid))


def _agency(key: tuple[int, int], paid: Decimal, implemented: int, rule: AgencyRule, said: list[Remark]) -> Estimate:
    enough = implemented >= rule.least_implemented or paid >= rule.least_paid_yuan
    if implemented == rule.least_implemented or paid == rule.least_paid_yuan:
        said.append(Remark("award_at_threshold", {"implemented": implemented, "paid": paid}))
    if enough:
        return _estimate("2.2", key, paid, rule.rate, rule.cap_yuan, said)
    data = {
        "implemented": implemented,
        "least": rule.least_implemented,
        "paid": paid,
        "least_paid": rule.least_paid_yuan,
    }
    said.insert(0, Remark("award_threshold_missed", data))
    return Estimate("2.2", *key, paid, rule.rate, rule.cap_yuan, Decimal(0), _once(said))


def _estimate(
    clause: str, key: tuple[int, int], base: Decimal, rate: Decimal, cap_yuan: int, said: list[Remark]
) -> Estimate:
    amount, more = capped(base, rate, cap_yuan)
    return Estimate(clause, *key, base, rate, cap_yuan, amount, (*more, *_once(said)))


def _once(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    found = {
        (each.code, tuple(sorted((name, str(value)) for name, value in each.data.items()))): each for each in remarks
    }
    return tuple(found.values())


def exclusions(fact: TradeFact, window: Window) -> list[Remark]:
    """Why a payment is not rewarded at all, whoever asks; empty when it is."""
    found = []
    about = {"deal": fact.deal_id}
    outside = window_remark(fact.paid_on, window)
    if outside is not None and outside.code == "award_outside_window":
        found.append(outside)
    if not fact.proven:
        found.append(Remark("award_payment_unproven", about))
    if fact.cancelled:
        found.append(Remark("award_deal_cancelled", about))
    if not fact.independent:
        found.append(Remark("award_parties_affiliated", about))
    if fact.circular:
        found.append(Remark("award_deal_circular", about))
    return found


def _purchase_exclusions(fact: TradeFact) -> list[Remark]:
    about = {"deal": fact.deal_id}
    found = []
    if not fact.buyer_local:
        found.append(Remark("award_buyer_not_local", about))
    if not fact.contract_registered:
        # The base is the technical amount (技术交易额), which only the registered technical contract states.
        found.append(Remark("award_contract_unregistered", about))
    return found


def _reference(fact: TradeFact, window: Window) -> list[Remark]:
    remark = window_remark(fact.paid_on, window)
    return [remark] if remark is not None else []
