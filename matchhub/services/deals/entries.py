"""Deals (交易) by hand: recorded from a form, then events, payments, evidence and cancellation; nothing is deleted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealParty, DealPayment, EvidenceFile, Organisation
from matchhub.domain.records import DealRecord, LicenceRecord, OfferRecord, Row
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.deals.recorder import DealRecorder
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.recorders import LicenceRecorder, OfferRecorder

EVENTS = ("interested", "negotiating", "signed", "TR01", "EE01", "contract_registered", "implemented", "cancelled")
_RECORDERS: dict[str, Any] = {"deals": DealRecorder, "offers": OfferRecorder, "licences": LicenceRecorder}


def record_one(unit: Unit, kind: str, record: DealRecord | OfferRecord | LicenceRecord) -> int:
    """Record one deal, offer or licence typed into a form and return its number.

    Raises ``Refusal`` with the code of what kept it out (unknown patent ...), ``Conflict("recorded_already")`` when
    it says nothing new.
    """
    unit.require("trade.record")
    recorder = _RECORDERS[kind](unit, None, holds_rows(unit, demo=True))
    outcome = recorder.record([Row(record.source, record)])[0]
    if outcome.problems:
        problem = outcome.problems[0]
        raise Refusal(problem.code, value=problem.value)
    if outcome.verdict == "unchanged" or outcome.record_id is None:
        raise Conflict("recorded_already", id=outcome.record_id)
    append_event(unit, f"{kind}.{outcome.verdict}", kind, outcome.record_id)
    return outcome.record_id


def deal_of(unit: Unit, deal_id: int) -> Deal:
    """The deal; ``NotFound`` when there is none."""
    deal = unit.session.get(Deal, deal_id)
    if deal is None:
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return deal


def is_party(unit: Unit, deal_id: int) -> bool:
    """Whether the actor's enterprise or organisation is a party of the deal."""
    actor = unit.actor
    place = unit.session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    parties = unit.session.execute(select(DealParty).where(DealParty.deal_id == deal_id)).scalars()
    return unit.may("deal.be_party") and any(
        (party.enterprise_id is not None and party.enterprise_id == actor.enterprise_id)
        or (place is not None and party.name_key == place.name_key)
        for party in parties
    )


def deal_to_enter(unit: Unit, deal_id: int) -> Deal:
    """The deal, for those who may enter what happened to it: the operator and its parties; else ``NotFound``."""
    unit.require("deal.enter")
    deal = deal_of(unit, deal_id)
    if not unit.may("deal.enter_any") and not is_party(unit, deal_id):
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return deal


def add_event(
    unit: Unit, deal_id: int, event: str, on: date, number: str | None = None, evidence_id: int | None = None
) -> int:
    """Add a dated stage to a deal; ``Refusal`` for an unknown stage, a day to come, or evidence of another record."""
    deal = deal_to_enter(unit, deal_id)
    if event not in EVENTS:
        raise Refusal("deal_event_unknown", event=event)
    _past(unit, on)
    _own_evidence(unit, deal_id, evidence_id)
    row = DealEvent(
        deal_id=deal.id,
        event=event,
        occurred_on=on,
        number=number,
        evidence_id=evidence_id,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    deal.updated_at = unit.now
    unit.session.flush()
    write_revisions(unit, "deals", None, [Change(deal.id, None, {event: on})])
    append_event(unit, f"deal.{event}", "deals", deal.id, on=on.isoformat(), evidence=evidence_id)
    return row.id


def add_payment(
    unit: Unit,
    deal_id: int,
    paid_on: date,
    amount_yuan: Decimal,
    voucher: str | None = None,
    evidence_id: int | None = None,
) -> int:
    """Add a payment to a deal; the amount must be above zero and the day not to come."""
    deal = deal_to_enter(unit, deal_id)
    if amount_yuan <= 0:
        raise Refusal("amount_not_positive")
    _past(unit, paid_on)
    _own_evidence(unit, deal_id, evidence_id)
    row = DealPayment(
        deal_id=deal.id,
        paid_on=paid_on,
        amount_yuan=amount_yuan,
        proof=voucher,
        evidence_id=evidence_id,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    deal.updated_at = unit.now
    unit.session.flush()
    append_event(unit, "deal.paid", "deals", deal.id, on=paid_on.isoformat(), yuan=str(amount_yuan))
    return row.id


def cancel_deal(unit: Unit, deal_id: int, on: date, reason: str) -> None:
    """Record that a contract was cancelled; it leaves the counts from that day on."""
    if not reason.strip():
        raise Refusal("note_missing")
    add_event(unit, deal_id, "cancelled", on, number=reason[:255])




def overrule_affiliation(unit: Unit, deal_id: int, reason: str) -> None:
    """The bureau alone may say that a suspected affiliation is none, and must say why."""
    unit.require("record.overrule")
    if not reason.strip():
        raise Refusal("note_missing")
    deal = deal_of(unit, deal_id)
    deal.affiliation_overruled_by, deal.affiliation_overruled_reason = unit.actor.account_id, reason
    new = {"affiliation_overruled_by": unit.actor.account_id, "affiliation_overruled_reason": reason}
    write_revisions(unit, "deals", None, [Change(deal.id, None, new)])
    append_event(unit, "deal.affiliation_overruled", "deals", deal.id)


def withdraw_deal(unit: Unit, deal_id: int, reason: str) -> None:
    """Take a wrongly recorded deal back; it stays visible as withdrawn."""
    unit.require("deal.withdraw")
    if not reason.strip():
        raise Refusal("note_missing")
    deal = deal_of(unit, deal_id)
    if deal.withdrawn_at is None:
        deal.withdrawn_at, deal.withdrawn_reason = unit.now, reason
        append_event(unit, "deal.withdrawn", "deals", deal.id)


def _past(unit: Unit, day: date) -> None:
    if day > unit.today:
        raise Refusal("day_to_come", day=day.isoformat())


def _own_evidence(unit: Unit, deal_id: int, evidence_id: int | None) -> None:
    if evidence_id is None:
        return
    row = unit.session.get(EvidenceFile, evidence_id)
    if row is None or (row.subject_kind, row.subject_id) != ("deals", deal_id):
        raise Refusal("evidence_of_other_record", id=evidence_id)
