"""Deals (交易): their stages, the order of their days, and what is checked when one goes on.

Every door to a deal (a party's page, the operator's page, a file) asks the functions of this module, and those of
``domain.deal_signing`` when a deal is opened or signed. Affiliation of the parties lives in ``domain.affiliation`` and
is offered here too, because every deal asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from matchhub.domain.affiliation import PartyTraits, affiliation_groups, affiliations_between
from matchhub.domain.counting.facts import DealFacts, RecordId
from matchhub.domain.rules import RulePack

__all__ = [
    "REGISTER_EVENTS",
    "Finding",
    "PartyTraits",
    "Payment",
    "Step",
    "affiliation_groups",
    "affiliations_between",
    "blocking",
    "check_dates",
    "check_payment",
    "check_refund",
    "check_step",
    "event_of",
    "excess_of",
    "next_stages",
    "stage_of",
]

Stage = Literal[
    "interested", "negotiating", "signed", "registered", "contract_registered", "paid", "implemented", "cancelled"
]
REGISTER_EVENTS: frozenset[str] = frozenset({"TR01", "EE01"})
"""Entries of the patent register that a deal can end in: a transfer (TR01), a licence filed (EE01)."""
_AFTER_SIGNING: frozenset[Stage] = frozenset({"registered", "contract_registered", "paid", "implemented"})
_NEXT: Mapping[Stage, frozenset[Stage]] = {
    "interested": frozenset({"negotiating", "signed", "cancelled"}),
    "negotiating": frozenset({"signed", "cancelled"}),
    "signed": _AFTER_SIGNING | {"cancelled"},
    # Registration, the technical contract's registration and payments come in any order, payments more than once.
    "registered": _AFTER_SIGNING | {"cancelled"},
    "contract_registered": _AFTER_SIGNING | {"cancelled"},
    "paid": _AFTER_SIGNING | {"cancelled"},
    "implemented": frozenset({"paid", "registered", "contract_registered", "cancelled"}),
    "cancelled": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found when a deal is entered: ``blocks`` it, or ``warns`` whoever reads it."""

    level: Literal["warns", "blocks"]
    code: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Step:
    """A stage that is to be entered with its day.

    ``number`` is the official number of a registration, or the reason of a cancellation; ``event`` the register's
    entry where a source names one, else the one that the pack wants for the kind of deal.
    """

    to: Stage
    on: date
    number: str = ""
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that is to be entered: its day, the amount in yuan, and whether a file or a voucher proves it."""

    on: date
    yuan: Decimal
    proven: bool


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those findings that keep the act from being done."""
    return tuple(finding for finding in findings if finding.level == "blocks")


def next_stages(stage: Stage) -> frozenset[Stage]:
    """Stages that may follow ``stage``."""
    return _NEXT[stage]


def event_of(step: Step, deal_type: str, pack: RulePack) -> str:
    """Name of a step among the events of a deal; a registration is the register's entry, which the pack names."""
    return step.event or (pack.deals.register_events[deal_type] if step.to == "registered" else step.to)


def check_step(
    deal: DealFacts,
    stage: Stage,
    step: Step,
    pack: RulePack,
    today: date,
    numbers_in_use: Mapping[str, RecordId] | None = None,
) -> tuple[Finding, ...]:
    """What stands against a step of a deal that has come to ``stage``: order, day, and official number or reason.

    A register's entry of another kind than the deal wants only warns: the register says so, and the count judges it.
    """
    return tuple(_step_findings(deal, stage, step, pack, today, numbers_in_use or {}))


def _step_findings(
    deal: DealFacts, stage: Stage, step: Step, pack: RulePack, today: date, in_use: Mapping[str, RecordId]
) -> Iterator[Finding]:
    yield from _order_findings(stage, step.to)
    if step.on > today:
        yield Finding("blocks", "day_to_come", {"day": step.on})
    if deal.signed_on is not None and step.on < deal.signed_on and step.to in _TOO_EARLY:
        code, name = _TOO_EARLY[step.to]
        yield Finding("blocks", code, {name: step.on, "signed_on": deal.signed_on})
    if step.to == "cancelled" and not step.number:
        yield Finding("blocks", "note_missing")
    if step.to in ("registered", "contract_registered"):
        if not step.number:
            yield Finding("blocks", "register_number_missing")
        elif in_use.get(step.number, deal.record_id) != deal.record_id:
            yield Finding("blocks", "deal_number_in_use", {"number": step.number, "other": in_use[step.number]})
    wanted = pack.deals.register_events.get(deal.deal_type or "")
    if step.event in REGISTER_EVENTS and step.event != wanted:
        yield Finding("warns", "deal_register_event_wrong", {"wanted": wanted})


def _order_findings(stage: Stage, to: Stage) -> Iterator[Finding]:
    if to not in _NEXT[stage]:
        yield Finding("blocks", "deal_step_not_allowed", {"stage": stage, "to": to})


# What a step before the day of signing is called, and the name its day has in that sentence.
_TOO_EARLY: Mapping[Stage, tuple[str, str]] = {
    "registered": ("deal_registered_before_signing", "registered_on"),
    "contract_registered": ("deal_registered_before_signing", "registered_on"),
    "implemented": ("deal_implemented_before_signing", "implemented_on"),
    "cancelled": ("deal_cancelled_before_signing", "cancelled_on"),
}


def check_payment(deal: DealFacts, stage: Stage, payment: Payment, today: date) -> tuple[Finding, ...]:
    """What stands against a payment: only after signing, of a day that has come, above zero, and proven.

    A payment before the day of signing warns: it may have been a deposit.
    """
    return tuple(_payment_findings(deal, stage, payment, today))


def _payment_findings(deal: DealFacts, stage: Stage, payment: Payment, today: date) -> Iterator[Finding]:
    yield from _order_findings(stage, "paid")
    if payment.on > today:
        yield Finding("blocks", "day_to_come", {"day": payment.on})
    if payment.yuan <= 0:
        yield Finding("blocks", "amount_not_positive")
    if not payment.proven:
        yield Finding("blocks", "payment_unproven")
    if deal.signed_on is not None and payment.on < deal.signed_on:
        yield Finding("warns", "deal_paid_before_signing", {"signed_on": deal.signed_on})


def check_refund(payments: Iterable[Payment], refund: Payment, today: date) -> tuple[Finding, ...]:
    """What stands against a refund (``yuan`` above zero): of a day that has come, not more than was paid by then.

    It needs no proof, since it only takes from what counts, and it may come after the contract was cancelled.
    """
    return tuple(_refund_findings(payments, refund, today))


def _refund_findings(payments: Iterable[Payment], refund: Payment, today: date) -> Iterator[Finding]:
    if refund.on > today:
        yield Finding("blocks", "day_to_come", {"day": refund.on})
    if refund.yuan <= 0:
        yield Finding("blocks", "amount_not_positive")
    paid = sum((each.yuan for each in payments if each.on <= refund.on or each.yuan < 0), Decimal(0))
    if refund.yuan > paid:
        yield Finding("blocks", "refund_exceeds_paid", {"paid": max(paid, Decimal(0)), "on": refund.on})


def excess_of(contract_yuan: Decimal | None, paid_yuan: Decimal, further_yuan: Decimal) -> Decimal:
    """Yuan by which payments would exceed the contract; 0 within it, and where its amount is not on record."""
    if contract_yuan is None:
        return Decimal(0)
    return max(paid_yuan + further_yuan - contract_yuan, Decimal(0))


def stage_of(deal: DealFacts, as_of: date) -> Stage:
    """How far a recorded deal has come by ``as_of``: cancelled, else the furthest of paid, registered and signed."""
    if deal.cancelled_on is not None and deal.cancelled_on <= as_of:
        return "cancelled"
    if deal.signed_on is None or deal.signed_on > as_of:
        return "negotiating"
    if any(payment.paid_on <= as_of for payment in deal.payments):
        return "paid"
    if deal.contract_register_number:
        return "contract_registered"
    return "registered" if any(entry.registered_on <= as_of for entry in deal.registrations) else "signed"


def check_dates(deal: DealFacts, today: date) -> tuple[Finding, ...]:
    """Whether the days of a deal are in order: none in the future, none of registration before signing."""
    return tuple(_date_findings(deal, today))


def _date_findings(deal: DealFacts, today: date) -> Iterator[Finding]:
    signed = deal.signed_on
    if signed is None:
        yield Finding("blocks", "deal_signing_day_missing")
        return
    days = [signed, *(entry.registered_on for entry in deal.registrations), *(paid.paid_on for paid in deal.payments)]
    if late := [day for day in days if day > today]:
        yield Finding("blocks", "deal_day_in_future", {"day": max(late)})
    if any(entry.registered_on < signed for entry in deal.registrations):
        yield Finding(
            "blocks",
            "deal_registered_before_signing",
            {"registered_on": min(entry.registered_on for entry in deal.registrations)},
        )
    if deal.cancelled_on is not None and deal.cancelled_on < signed:
        yield Finding("blocks", "deal_cancelled_before_signing", {"cancelled_on": deal.cancelled_on})
    if any(paid.paid_on < signed for paid in deal.payments):
        yield Finding("warns", "deal_paid_before_signing", {"signed_on": signed})
