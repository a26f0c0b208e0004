"""Deals and licences as their own parties follow them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select

from matchhub.db.tables import Deal, DealParty, DealPatent, Licence, Patent
from matchhub.domain.counting.atoms import Reason
from matchhub.domain.deals import Stage
from matchhub.domain.licensing import filing_due_on
from matchhub.errors import NotFound
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.deals.access import deal_of, is_own_party, is_party
from matchhub.services.deals.payments import Balance, balance_of
from matchhub.services.deals.stages import deal_stages, stage_of_deal
from matchhub.services.deals.telling import parties_of
from matchhub.services.evidence.party_words import PartyWordView, without_account, words_of_parties
from matchhub.services.kernel.freshness import seen_token
from matchhub.services.kernel.privacy import without_contact_data
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.holders import patents_of
from matchhub.services.records.timeline import TimelineEntry, timeline

_MOST = 100
_OWN = ("deal_event",)


@dataclass(frozen=True, slots=True)
class DealLine:
    """One deal in a list of its parties."""

    id: int
    titles: str
    deal_type: str
    stage: str
    signed_on: date | None
    amount_yuan: Decimal | None


@dataclass(frozen=True, slots=True)
class DealView:
    """One deal for its parties: ``seen`` is what its forms carry, ``reasons`` what the count says."""

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


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """One open licence in a list of its parties."""

    id: int
    title: str
    licensee: str
    notified_on: date | None
    reached_on: date | None
    filed_on: date | None
    filing_due_on: date | None


def own_deals(unit: Unit) -> tuple[DealLine, ...]:
    """Deals of the actor's enterprise or organisation, the newest first; the operator sees the newest of all."""
    unit.require("trade.follow")
    chosen = select(Deal).where(Deal.withdrawn_at.is_(None)).order_by(Deal.id.desc()).limit(_MOST)
    if not unit.may("deal.read_any"):
        chosen = chosen.where(Deal.id.in_(select(DealParty.deal_id).where(is_own_party(unit))))
    rows = list(unit.session.execute(chosen).scalars())
    ids = [row.id for row in rows]
    stages, patents = deal_stages(unit, ids), _patents_of(unit, ids)
    return tuple(
        DealLine(
            row.id, "、".join(t for _, t, _ in patents[row.id]), row.deal_type, stages[row.id], row.signed_on,
            row.amount_yuan,
        )
        for row in rows
    )  # fmt: skip


def _patents_of(unit: Unit, deal_ids: Sequence[int]) -> dict[int, list[tuple[int, str, str]]]:
    """Number, title and application number of the patents of each deal, in their order."""
    chosen = (
        select(DealPatent.deal_id, Patent.id, Patent.title, Patent.application_number)
        .join(Patent, DealPatent.patent_id == Patent.id)
        .where(DealPatent.deal_id.in_(deal_ids))
        .order_by(DealPatent.id)
    )
    found: dict[int, list[tuple[int, str, str]]] = {key: [] for key in deal_ids}
    for deal, key, title, number in unit.session.execute(chosen):
        found[deal].append((key, title or "", number or ""))
    return found


def deal_view(unit: Unit, deal_id: int) -> DealView:
    """One deal for its parties, the operator and the bureau; ``NotFound`` for anybody else."""
    unit.require("deal.read")
    deal = deal_of(unit, deal_id)
    if not unit.may("deal.read_any") and not is_party(unit, deal_id):
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    chosen = select(DealParty.role, DealParty.name).where(DealParty.deal_id == deal_id).order_by(DealParty.id)
    parties = unit.session.execute(chosen).all()
    said = explain_record(unit, "deals", deal_id, question(unit))
    return DealView(
        id=deal.id,
        deal_type=deal.deal_type,
        stage=stage_of_deal(unit, deal_id),
        contract_number=deal.contract_number or "",
        contract_register_number=deal.contract_register_number or "",
        signed_on=deal.signed_on,
        amount_yuan=deal.amount_yuan,
        patents=tuple(_patents_of(unit, [deal_id])[deal_id]),
        sellers=tuple(name for role, name in parties if role == "seller"),
        buyers=tuple(name for role, name in parties if role == "buyer"),
        timeline=tuple(each for each in timeline(unit, "deals", deal_id) if each.group in _OWN),
        literal=said.literal,
        strict=said.strict,
        reasons=tuple(replace(each, data=without_contact_data(unit, each.data)) for each in said.reasons),
        withdrawn=deal.withdrawn_at is not None,
        seen=seen_token(deal.updated_at),
        balance=balance_of(unit, deal_id),
        party_words=words_of_parties(unit, ("deals", deal_id)),
        without_account=without_account(unit, parties_of(unit, deal_id)),
    )


def own_licences(unit: Unit) -> tuple[LicenceLine, ...]:
    """Open licences of the actor's enterprise, or on patents of its organisation; the operator's newest."""
    unit.require("trade.follow")
    chosen = select(Licence, Patent.title).join(Patent, Patent.id == Licence.patent_id)
    chosen = chosen.where(Licence.withdrawn_at.is_(None)).order_by(Licence.id.desc()).limit(_MOST)
    if not unit.may("deal.read_any"):
        held = Licence.patent_id.in_(patents_of(unit, unit.actor.organisation_id))
        chosen = chosen.where(or_(Licence.enterprise_id == (unit.actor.enterprise_id or 0), held))
    rules = unit.pack.licensing
    return tuple(
        LicenceLine(
            id=row.id,
            title=title or "",
            licensee=row.licensee_name,
            notified_on=row.notified_on,
            reached_on=row.reached_on,
            filed_on=row.filed_on,
            filing_due_on=filing_due_on(row.reached_on, rules) if row.reached_on and not row.filed_on else None,
        )
        for row, title in unit.session.execute(chosen)
    )
