"""The chain that shows how a deal came about: demand, match, push or view, answer, contact, signing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from matchhub.db.tables import (
    Deal,
    DealOrigin,
    Demand,
    Match,
    MatchRun,
    PlatformEvent,
    Push,
    PushAnswer,
    PushItem,
    Reveal,
    Thread,
    ThreadMessage,
)
from matchhub.domain.counting.atoms import Reason
from matchhub.domain.counting.counters import Explanation
from matchhub.domain.counting.facts import DealFacts
from matchhub.services.kernel.unit import Unit

_ATTRIBUTION = ("deal_came_through_platform", "deal_without_platform_event", "deal_platform_event_too_late")


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: what happened, when, for which patent, and by which version of the model."""

    kind: str  # demand, match, push, view, answer, interest, thread, message, contact, reveal, signed
    on: date
    at: datetime | None = None
    patent_id: int | None = None
    model: str = ""
    score: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """All links in order of time, and what the count says of the attribution of each patent."""

    links: tuple[Link, ...]
    verdicts: tuple[Reason, ...]


def chain_of(unit: Unit, deal: Deal, facts: DealFacts, said: Explanation | None) -> Chain:
    """The chain of one deal whose facts and verdict were read by somebody who may read them."""
    patents = [int(each.patent_id) for each in facts.patents]
    buyers = [int(key) for key in facts.buyers if isinstance(key, int)]
    links = [
        *_demands(unit, deal, patents, buyers),
        *_pushes(unit, patents, buyers),
        *_events(unit, patents, buyers),
        *_thread(unit, deal.id),
    ]
    if deal.signed_on is not None:
        links.append(Link("signed", deal.signed_on, detail=deal.contract_number or ""))
    verdicts = tuple(each for each in said.reasons if each.code in _ATTRIBUTION) if said else ()
    return Chain(tuple(sorted(links, key=_order)), verdicts)


def _order(link: Link) -> tuple[date, float, bool]:
    return (link.on, link.at.timestamp() if link.at else float("inf"), link.kind == "signed")


def _at(unit: Unit, kind: str, at: datetime, patent_id: int | None = None, model: str = "", score: float | None = None,
        detail: str = "") -> Link:  # fmt: skip
    return Link(kind, unit.day_of(at), at, patent_id, model, score, detail)


def _demands(unit: Unit, deal: Deal, patents: list[int], buyers: list[int]) -> Iterator[Link]:
    demand = unit.session.get(Demand, deal.demand_id) if deal.demand_id is not None else None
    if demand is None or demand.enterprise_id not in buyers:
        return
    yield _at(unit, "demand", demand.recorded_at, detail=demand.title)
    chosen = (
        select(MatchRun.finished_at, MatchRun.started_at, MatchRun.model, Match.score, Match.rank, Match.patent_id)
        .join(Match, Match.run_id == MatchRun.id)
        .where(Match.demand_id == demand.id, Match.patent_id.in_(patents))
        .order_by(MatchRun.id)
    )
    for finished, started, model, score, rank, patent_id in unit.session.execute(chosen):
        yield _at(unit, "match", finished or started, patent_id, model, score, f"#{rank}")


def _pushes(unit: Unit, patents: list[int], buyers: list[int]) -> Iterator[Link]:
    chosen = (
        select(PushItem, Push)
        .join(Push, Push.id == PushItem.push_id)
        .where(PushItem.patent_id.in_(patents), Push.enterprise_id.in_(buyers), Push.delivered_at.is_not(None))
        .order_by(Push.id)
    )
    sent = unit.session.execute(chosen).all()
    if not sent:
        return
    said: dict[int, list[PushAnswer]] = defaultdict(list)
    answers = select(PushAnswer).where(PushAnswer.item_id.in_([item.id for item, _ in sent])).order_by(PushAnswer.id)
    for answer in unit.session.execute(answers).scalars():
        said[answer.item_id].append(answer)
    for item, push in sent:
        assert push.delivered_at is not None
        yield _at(unit, "push", push.delivered_at, item.patent_id, push.model, item.score)
        if push.opened_at:
            yield _at(unit, "opened", push.opened_at, item.patent_id)
        for answer in said[item.id]:
            yield _at(unit, "answer", answer.recorded_at, item.patent_id, detail=answer.code)


def _events(unit: Unit, patents: list[int], buyers: list[int]) -> Iterator[Link]:
    chosen = select(PlatformEvent).where(PlatformEvent.patent_id.in_(patents), PlatformEvent.enterprise_id.in_(buyers))
    for row in unit.session.execute(chosen.order_by(PlatformEvent.id)).scalars():
        yield _at(unit, row.event, row.occurred_at, row.patent_id)


def _thread(unit: Unit, deal_id: int) -> Iterator[Link]:
    """The thread the deal grew out of: opened, the first word of each side, both agreed, contact data shown."""
    chosen = select(Thread).join(DealOrigin, DealOrigin.thread_id == Thread.id).where(DealOrigin.deal_id == deal_id)
    thread = unit.session.execute(chosen).scalar()
    if thread is None:
        return
    yield _at(unit, "thread", thread.recorded_at, thread.patent_id)
    said = select(ThreadMessage).where(ThreadMessage.thread_id == thread.id).order_by(ThreadMessage.id)
    first: dict[str, ThreadMessage] = {}
    for message in unit.session.execute(said).scalars():
        first.setdefault(message.side, message)
    for message in first.values():
        yield _at(unit, "message", message.recorded_at, thread.patent_id, detail=message.side)
    for reveal in unit.session.execute(select(Reveal).where(Reveal.thread_id == thread.id)).scalars():
        yield _at(unit, "reveal", reveal.recorded_at, thread.patent_id, detail=reveal.side)
