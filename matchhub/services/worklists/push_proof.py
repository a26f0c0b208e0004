"""The proof of one push: from the run that found the pair to what came of it, each link with its moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    Deal,
    DealParty,
    DealPatent,
    Demand,
    Enterprise,
    MatchRun,
    Patent,
    PlatformEvent,
    Push,
    PushAnswer,
    PushDelivery,
    PushDraftPair,
    PushItem,
    Thread,
)
from matchhub.domain.counting.atoms import Reason
from matchhub.errors import NotFound
from matchhub.services.accounts.names import account_names
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.kernel.privacy import mask_addresses
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class ProvedPatent:
    """One patent of the push: score and floor as they were, the reasons and warnings as sent."""

    item_id: int
    patent_id: int
    number: str
    title: str
    score: float
    floor: float
    reasons: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt on one channel with what its server said; ``text`` is what was sent, empty where it is not kept."""

    at: datetime
    channel: str
    outcome: str
    reply: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer of the recipient; ``by`` is empty for one given by the link of the message."""

    at: datetime
    title: str
    code: str
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal of that patent and enterprise."""

    id: int
    signed_on: date | None
    deal_type: str


@dataclass(frozen=True, slots=True)
class PushProof:
    """The whole chain of one push; the run is ``None`` where its row is gone."""

    id: int
    state: str
    enterprise_id: int
    enterprise: str
    demand_id: int | None
    demand: str
    model: str
    run_id: int | None
    run_at: datetime | None
    run_demands: int
    run_patents: int
    draft_id: int | None
    planned_at: datetime
    planned_by: str
    hand_reason: str
    due_on: date
    message_id: str
    patents: tuple[ProvedPatent, ...]
    attempts: tuple[AttemptView, ...]
    delivered_at: datetime | None
    read_at: datetime | None
    answers: tuple[AnswerView, ...]
    contact_at: datetime | None
    deals: tuple[DealLine, ...]
    withdrawn_at: datetime | None
    withdrawn_reason: str
    literal: bool
    strict: bool
    reasons: tuple[Reason, ...]


def push_proof(unit: Unit, push_id: int) -> PushProof:
    """The chain of one push, for operator and bureau; ``NotFound("push_not_found")``. It holds no address."""
    unit.require("push.read_any")
    push = unit.session.get(Push, push_id)
    if push is None:
        raise NotFound("push_not_found")
    firm = unit.session.get_one(Enterprise, push.enterprise_id)
    demand = unit.session.get(Demand, push.demand_id) if push.demand_id is not None else None
    run = unit.session.get(MatchRun, push.run_id) if push.run_id is not None else None
    draft = select(PushDraftPair.draft_id).where(PushDraftPair.push_id == push_id).limit(1)
    verdict = explain_record(unit, "pushes", push_id, question(unit))
    patents = _patents(unit, push)
    return PushProof(
        id=push.id,
        state=push.state,
        enterprise_id=firm.id,
        enterprise=firm.name,
        demand_id=push.demand_id,
        demand=demand.title if demand else "",
        model=push.model,
        run_id=push.run_id,
        run_at=run.started_at if run else None,
        run_demands=run.demands if run else 0,
        run_patents=run.patents if run else 0,
        draft_id=unit.session.execute(draft).scalar(),
        planned_at=push.recorded_at,
        planned_by=account_names(unit, [push.recorded_by]).get(push.recorded_by or 0, ""),
        hand_reason=push.hand_reason or "",
        due_on=push.due_on,
        message_id=push.message_id,
        patents=patents,
        attempts=_attempts(unit, push_id),
        delivered_at=push.delivered_at,
        read_at=push.opened_at,
        answers=_answers(unit, push_id),
        contact_at=_contact_at(unit, push, [each.patent_id for each in patents]),
        deals=_deals(unit, push, [each.patent_id for each in patents]),
        withdrawn_at=push.withdrawn_at,
        withdrawn_reason=push.withdrawn_reason or "",
        literal=verdict.literal,
        strict=verdict.strict,
        reasons=tuple(verdict.reasons),
    )


def _patents(unit: Unit, push: Push) -> tuple[ProvedPatent, ...]:
    chosen = select(PushItem, Patent).join(Patent, Patent.id == PushItem.patent_id).where(PushItem.push_id == push.id)
    return tuple(
        ProvedPatent(
            item.id,
            patent.id,
            patent.application_number or patent.publication_number or "",
            patent.title or "",
            item.score,
            item.floor,
            tuple(item.reasons),
            tuple(item.warnings),
        )
        for item, patent in unit.session.execute(chosen.order_by(PushItem.position, PushItem.id))
    )


def _attempts(unit: Unit, push_id: int) -> tuple[AttemptView, ...]:
    chosen = select(PushDelivery).where(PushDelivery.push_id == push_id).order_by(PushDelivery.id)
    rows = unit.session.execute(chosen).scalars()
    return tuple(
        AttemptView(row.recorded_at, row.channel, row.outcome, mask_addresses(row.reply), row.sent_text or "")
        for row in rows
    )


def _answers(unit: Unit, push_id: int) -> tuple[AnswerView, ...]:
    chosen = (
        select(PushAnswer, Patent.title)
        .join(PushItem, PushItem.id == PushAnswer.item_id)
        .join(Patent, Patent.id == PushItem.patent_id)
        .where(PushItem.push_id == push_id)
        .order_by(PushAnswer.id)
    )
    rows = unit.session.execute(chosen).all()
    names = account_names(unit, [row.recorded_by for row, _ in rows])
    return tuple(
        AnswerView(row.recorded_at, title or "", row.code, row.note or "", names.get(row.recorded_by or 0, ""))
        for row, title in rows
    )


def _contact_at(unit: Unit, push: Push, patents: Sequence[int]) -> datetime | None:
    """When contact began after the delivery: asked for, or a conversation opened."""
    if push.delivered_at is None:
        return None
    asked = select(PlatformEvent.occurred_at).where(
        PlatformEvent.enterprise_id == push.enterprise_id,
        PlatformEvent.patent_id.in_(patents),
        PlatformEvent.event == "contact",
        PlatformEvent.occurred_at >= push.delivered_at,
    )
    opened = select(Thread.recorded_at).where(
        Thread.enterprise_id == push.enterprise_id,
        Thread.patent_id.in_(patents),
        Thread.recorded_at >= push.delivered_at,
    )
    moments = [*unit.session.execute(asked).scalars(), *unit.session.execute(opened).scalars()]
    return min(moments, default=None)


def _deals(unit: Unit, push: Push, patents: Sequence[int]) -> tuple[DealLine, ...]:
    """Deals of that enterprise on these patents that were signed on the day of delivery or later."""
    if push.delivered_at is None:
        return ()
    chosen = (
        select(Deal)
        .join(DealParty, DealParty.deal_id == Deal.id)
        .join(DealPatent, DealPatent.deal_id == Deal.id)
        .where(
            DealParty.role == "buyer",
            DealParty.enterprise_id == push.enterprise_id,
            DealPatent.patent_id.in_(patents),
            Deal.withdrawn_at.is_(None),
            Deal.signed_on >= unit.day_of(push.delivered_at),
        )
        .order_by(Deal.id)
    )
    rows = {row.id: row for row in unit.session.execute(chosen).scalars()}
    return tuple(DealLine(row.id, row.signed_on, row.deal_type) for row in rows.values())
