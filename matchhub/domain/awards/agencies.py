"""Clauses 三, 一(二) and 四(一): loans on patents, sales and events of service agencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matchhub.domain.award_rules import EventRule, PledgeRule, SalesRule
from matchhub.domain.awards.estimates import Estimate, Remark, capped, window_remark
from matchhub.domain.goals import Window


@dataclass(frozen=True, slots=True)
class LoanFact:
    """One loan on patents (专利质押融资) that an agency arranged for a local enterprise."""

    agency_id: int
    lent_on: date
    amount_yuan: Decimal
    borrower_local: bool | None


@dataclass(frozen=True, slots=True)
class SalesFact:
    """An agency's sales as stated for a year; several statements of one year add up."""

    agency_id: int
    stated_on: date
    amount_yuan: Decimal


@dataclass(frozen=True, slots=True)
class EventFact:
    """An event an agency held; ``notified_on`` is the day the bureau was told beforehand."""

    agency_id: int
    title: str
    held_on: date
    notified_on: date | None


def pledge_awards(facts: Iterable[LoanFact], rule: PledgeRule, window: Window) -> tuple[Estimate, ...]:
    """三: 0.1 % of the loans of a year when they exceed 50,000,000 yuan, at most 200,000 yuan.

    The clause says 超过…以上, which both excludes and includes the number: equality pays nothing here and is flagged.
    """
    lent: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    remarks: defaultdict[tuple[int, int], list[Remark]] = defaultdict(list)
    for fact in facts:
        key = (fact.agency_id, fact.lent_on.year)
        remark = window_remark(fact.lent_on, window)
        if remark is not None:
            remarks[key].append(remark)
        if not fact.borrower_local:
            remarks[key].append(Remark("award_borrower_not_local", {"on": fact.lent_on}))
        counted = window.holds(fact.lent_on) and bool(fact.borrower_local)
        lent[key] += fact.amount_yuan if counted else Decimal(0)
    return tuple(_pledge(key, lent[key], rule, remarks[key]) for key in sorted(lent))


def _pledge(key: tuple[int, int], base: Decimal, rule: PledgeRule, said: list[Remark]) -> Estimate:
    if base > rule.above_yuan:
        amount, more = capped(base, rule.rate, rule.cap_yuan)
        return Estimate("3", *key, base, rule.rate, rule.cap_yuan, amount, (*more, *said))
    code = "award_exactly_at_contradiction" if base == rule.above_yuan else "award_loans_too_few"
    why = Remark(code, {"lent": base, "above": rule.above_yuan})
    return Estimate("3", *key, base, rule.rate, rule.cap_yuan, Decimal(0), (why, *said))


def sales_awards(facts: Iterable[SalesFact], rule: SalesRule, window: Window) -> tuple[Estimate, ...]:
    """一(二): the highest tier that an agency's sales of a year reach (the number included), once."""
    sold: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    remarks: defaultdict[tuple[int, int], list[Remark]] = defaultdict(list)
    for fact in facts:
        key = (fact.agency_id, fact.stated_on.year)
        remark = window_remark(fact.stated_on, window)
        if remark is not None:
            remarks[key].append(remark)
        sold[key] += fact.amount_yuan if window.holds(fact.stated_on) else Decimal(0)
    return tuple(_sales(key, sold[key], rule, remarks[key]) for key in sorted(sold))


def _sales(key: tuple[int, int], base: Decimal, rule: SalesRule, said: list[Remark]) -> Estimate:
    reached = [(least, amount) for least, amount in rule.tiers if base >= least]
    if not reached:
        why = Remark("award_sales_too_low", {"sales": base, "least": rule.tiers[0][0]})
        return Estimate("1.2", *key, base, None, None, Decimal(0), (why, *said))
    least, amount = reached[-1]
    first = [Remark("award_tier", {"least": least, "amount": amount})]
    if base == least:
        first.append(Remark("award_at_tier", {"least": least}))
    return Estimate("1.2", *key, base, None, None, Decimal(amount), (*first, *said))


def event_awards(facts: Iterable[EventFact], rule: EventRule, window: Window) -> tuple[Estimate, ...]:
    """四(一): a fixed amount per event the bureau was told of beforehand (on an earlier day)."""
    held: defaultdict[tuple[int, int], int] = defaultdict(int)
    remarks: defaultdict[tuple[int, int], list[Remark]] = defaultdict(list)
    for fact in facts:
        key = (fact.agency_id, fact.held_on.year)
        held[key] += 0
        remark = window_remark(fact.held_on, window)
        if remark is not None:
            remarks[key].append(remark)
        early = fact.notified_on is not None and fact.notified_on < fact.held_on
        if not early:
            same = fact.notified_on == fact.held_on
            code = "award_event_notified_same_day" if same else "award_event_unannounced"
            remarks[key].append(Remark(code, {"title": fact.title, "on": fact.held_on}))
        held[key] += 1 if early and window.holds(fact.held_on) else 0
    return tuple(
        Estimate(
            "4.1", *key, Decimal(held[key]), None, None, Decimal(held[key] * rule.amount_yuan), tuple(remarks[key])
        )
        for key in sorted(held)
    )
