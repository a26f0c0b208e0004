"""Deals and licences as their own parties follow them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealPatent, Patent
from matchhub.domain.counting.atoms import Reason
from matchhub.domain.counting.counters import Explanation
from matchhub.domain.deals import Finding, Stage, blocking
from matchhub.domain.next_acts import UNCONFIRMED, Lacks, NextAct, deal_acts
from matchhub.errors import NotFound
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.counting.kept import facts_of_deal
from matchhub.services.deals.access import deal_of, is_party
from matchhub.services.deals.checks import findings_of
from matchhub.services.deals.payments import Balance, balance_of
from matchhub.services.deals.stages import stage_told
from matchhub.services.deals.telling import parties_of
from matchhub.services.evidence.confirmations import confirmed_roles
from matchhub.services.evidence.party_words import PartyWordView, without_account, words_of_parties
from matchhub.services.kernel.freshness import seen_token
from matchhub.services.kernel.privacy import without_contact_data
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.attribution import Chain, chain_of
from matchhub.services.records.timeline import TimelineEntry, events_of_deal


@dataclass(frozen=True, slots=True)
class DealView:
    """One deal for its parties: ``seen`` is what its forms carry, ``reasons`` what the count says,
    ``findings`` what the checks say of it as it stands now, ``chain`` how it came about, ``acts`` what comes next."""

    id: int
    deal_type: str
    stage: Stage
    contract_number: str
    contract_register_number: str
    signed_on: date | None
    amount_yuan: Decimal | None
    patents: tuple[tuple[int, str, str], ...]
    sellers: tuple[str, ...]
    buyers: tuple[str, ...]
    timeline: tuple[TimelineEntry, ...]
    literal: bool
    strict: bool
    reasons: tuple[Reason, ...]
    withdrawn: bool
    seen: str
    balance: Balance
    party_words: tuple[PartyWordView, ...]
    without_account: tuple[str, ...]  # parties that nobody could ask
    findings: tuple[Finding, ...]
    chain: Chain
    acts: tuple[NextAct, ...]


@dataclass(frozen=True, slots=True)
class DealOutline:
    """One deal as a paper tells of it: parties, patents, money, and the entries of registers (event, day, number)."""

    deal_type: str
    contract_number: str
    signed_on: date | None
    amount_yuan: Decimal | None
    patents: tuple[tuple[int, str, str], ...]
    sellers: tuple[str, ...]
    buyers: tuple[str, ...]
    events: tuple[tuple[str, date, str], ...]
    balance: Balance
    withdrawn: bool


def deal_outline(unit: Unit, deal_id: int) -> DealOutline:
    """One deal for its parties, the operator and the bureau; ``NotFound`` for anybody else."""
    deal = _readable(unit, deal_id)
    parties = parties_of(unit, deal_id)
    chosen = select(DealEvent.event, DealEvent.occurred_on, DealEvent.number)
    standing = chosen.where(DealEvent.deal_id == deal_id, DealEvent.withdrawn_at.is_(None))
    events = unit.session.execute(standing.order_by(DealEvent.occurred_on, DealEvent.id))
    return DealOutline(
        deal_type=deal.deal_type,
        contract_number=deal.contract_number or "",
        signed_on=deal.signed_on,
        amount_yuan=deal.amount_yuan,
        patents=_patents(unit, deal_id),
        sellers=tuple(each.name for each in parties if each.role == "seller"),
        buyers=tuple(each.name for each in parties if each.role == "buyer"),
        events=tuple((event, on, number or "") for event, on, number in events),
        balance=balance_of(unit, deal_id),
        withdrawn=deal.withdrawn_at is not None,
    )


def _readable(unit: Unit, deal_id: int) -> Deal:
    unit.require("deal.read")
    deal = deal_of(unit, deal_id)
    if not unit.may("deal.read_any") and not is_party(unit, deal_id):
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return deal


def _patents(unit: Unit, deal_id: int) -> tuple[tuple[int, str, str], ...]:
    chosen = (
        select(Patent.id, Patent.title, Patent.application_number)
        .join(DealPatent, DealPatent.patent_id == Patent.id)
        .where(DealPatent.deal_id == deal_id)
        .order_by(DealPatent.id)
    )
    return tuple((key, title or "", number or "") for key, title, number in unit.session.execute(chosen))


def deal_view(unit: Unit, deal_id: int) -> DealView:
    """One deal for its parties, the operator and the bureau; ``NotFound`` for anybody else."""
    deal = _readable(unit, deal_id)
    parties = parties_of(unit, deal_id)
    said, facts = explain_record(unit, "deals", deal_id, question(unit)), facts_of_deal(unit, deal_id)
    events = events_of_deal(unit, deal_id)
    stage = stage_told(facts, (each.event for each in events if not each.withdrawn), unit.today)
    balance, findings = balance_of(unit, deal_id), findings_of(unit, facts)
    words = words_of_parties(unit, ("deals", deal_id))
    lacks = lacks_of(unit, "deals", deal_id, said, words)
    return DealView(
        id=deal.id,
        deal_type=deal.deal_type,
        stage=stage,
        contract_number=deal.contract_number or "",
        contract_register_number=deal.contract_register_number or "",
        signed_on=deal.signed_on,
        amount_yuan=deal.amount_yuan,
        patents=_patents(unit, deal_id),
        sellers=tuple(each.name for each in parties if each.role == "seller"),
        buyers=tuple(each.name for each in parties if each.role == "buyer"),
        timeline=events,
        literal=said.literal,
        strict=said.strict,
        reasons=tuple(replace(each, data=without_contact_data(unit, each.data)) for each in said.reasons),
        withdrawn=deal.withdrawn_at is not None,
        seen=seen_token(deal.updated_at),
        balance=balance,
        party_words=words,
        without_account=without_account(unit, parties),
        findings=findings,
        chain=chain_of(unit, deal, facts, said),
        acts=deal_acts(stage, lacks, bool(blocking(findings)), balance.due_yuan),
    )


def lacks_of(unit: Unit, kind: str, record_id: int, said: Explanation, words: Iterable[PartyWordView]) -> Lacks:
    """What a record lacks, by what the count says of it, whose confirmation, and whether the reader's word is asked."""
    against = {each.code: each.data for each in said.reasons if each.effect != "counts"}
    unsaid: set[str] = set()
    if against.keys() & UNCONFIRMED:
        unsaid = set(unit.pack.deals.confirming_roles) - confirmed_roles(unit, kind, record_id)
        unsaid |= {str(data["role"]) for code, data in against.items() if code in UNCONFIRMED and "role" in data}
    return Lacks(frozenset(against), said.strict, any(each.own and each.open for each in words), frozenset(unsaid))
