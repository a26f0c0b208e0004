"""What came of pushes: by month of planning how many were delivered, read, answered, led to contact and to a deal.

A push belongs to the month in which it was planned, in the city's time, and carries everything that followed, however
late. Counting (``services.counting``) is another matter: here nothing counts for a threshold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from matchhub.db.tables import (
    Deal,
    DealParty,
    DealPatent,
    Demand,
    Enterprise,
    Patent,
    PlatformEvent,
    Push,
    PushAnswer,
    PushDelivery,
    PushItem,
    Thread,
)
from matchhub.services.kernel.paging import Orders, Page, Sought, page_of
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.inbox import ANSWERS

STAGES = ("planned", "written", "delivered", "read", "answered", "contact", "deal")
PUBLISHED_SHARE = 0.15
"""Share of submissions that led to an introduction, as the best commercial matching platform publishes it of itself
(docs/pushes.md); nothing here depends on it."""
Pair = tuple[int, int]  # enterprise, patent


@dataclass(frozen=True, slots=True)
class StagedPush:
    """One push with the stages it reached and the newest answer to each of its patents."""

    id: int
    month: str
    enterprise_id: int
    demand_id: int | None
    stages: frozenset[str]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One month (``""``: all of them): pushes by stage, answers by code, demands pushed for and led to contact."""

    month: str
    stages: Mapping[str, int]
    answers: Mapping[str, int]
    demands: int
    introduced: int

    @property
    def push_share(self) -> float | None:
        """Introductions per delivered push; ``None`` without any."""
        delivered = self.stages["delivered"]
        return self.stages["contact"] / delivered if delivered else None

    @property
    def demand_share(self) -> float | None:
        """Demands that led to an introduction, of those that a push reached; ``None`` without any."""
        return self.introduced / self.demands if self.demands else None


@dataclass(frozen=True, slots=True)
class Funnel:
    """All months, the newest first, and their sum; ``codes`` are the answers that were given at all."""

    months: Sequence[FunnelRow]
    total: FunnelRow
    codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Which pushes a cell of the funnel stands for; empty: all."""

    month: str = ""
    stage: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One push with what came of it."""

    id: int
    enterprise: str
    demand: str
    titles: str
    numbers: str
    score: float
    floor: float
    model: str
    state: str
    by_hand: bool
    planned_at: datetime
    due_on: date
    delivered_at: datetime | None
    read_at: datetime | None
    answers: tuple[str, ...]
    stages: frozenset[str]


def funnel(unit: Unit) -> Funnel:
    """Pushes by month and stage, for whoever may read pushes."""
    unit.require("push.read_any")
    pushes = _staged(unit)
    by_month: dict[str, list[StagedPush]] = defaultdict(list)
    for push in pushes:
        by_month[push.month].append(push)
    months = [_row(month, by_month[month]) for month in sorted(by_month, reverse=True)]
    total = _row("", pushes)
    return Funnel(months, total, [code for code in ANSWERS if total.answers.get(code)])


def list_results(unit: Unit, wanted: ResultFilter, sought: int | Sought = 1) -> Page[ResultRow]:
    """The pushes behind a cell, the newest first or in the order sought."""
    unit.require("push.read_any")
    chosen = _chosen(unit, wanted)
    return page_of(_ordered(unit, list(chosen), sought), sought, lambda ids: _rows(unit, [chosen[key] for key in ids]))


_ORDERS = Orders(
    Push.id,
    {
        "id": Push.id,
        "firm": Enterprise.name,
        "state": Push.state,
        "planned": Push.recorded_at,
        "due": Push.due_on,
        "delivered": Push.delivered_at,
        "read": Push.opened_at,
    },
)


def _ordered(unit: Unit, ids: Sequence[int], sought: int | Sought) -> Sequence[int]:
    if not isinstance(sought, Sought) or sought.sort not in _ORDERS.by:
        return ids
    every = select(Push.id).join(Enterprise, Enterprise.id == Push.enterprise_id)
    known = set(ids)
    return [key for key in unit.session.execute(_ORDERS.applied(every, sought)).scalars() if key in known]


def _chosen(unit: Unit, wanted: ResultFilter) -> dict[int, StagedPush]:
    return {
        push.id: push
        for push in reversed(_staged(unit))
        if (not wanted.month or push.month == wanted.month)
        and (not wanted.stage or wanted.stage in push.stages)
        and (not wanted.answer or wanted.answer in push.answers)
    }


def _row(month: str, pushes: Sequence[StagedPush]) -> FunnelRow:
    tally = Counter(stage for push in pushes for stage in push.stages)
    reached = {push.demand_id for push in pushes if push.demand_id is not None and "delivered" in push.stages}
    led = {push.demand_id for push in pushes if push.demand_id is not None and "contact" in push.stages}
    return FunnelRow(
        month=month,
        stages={stage: tally[stage] for stage in STAGES},
        answers=Counter(code for push in pushes for code in push.answers),
        demands=len(reached),
        introduced=len(reached & led),
    )


def _staged(unit: Unit) -> list[StagedPush]:
    """Every push, oldest first."""
    written = set(unit.session.execute(select(PushDelivery.push_id).where(PushDelivery.outcome == "written")).scalars())
    items: dict[int, list[tuple[int, int]]] = defaultdict(list)
    listed = select(PushItem.push_id, PushItem.id, PushItem.patent_id).order_by(PushItem.push_id, PushItem.position)
    for push_id, item_id, patent_id in unit.session.execute(listed):
        items[push_id].append((item_id, patent_id))
    said = dict(
        unit.session.execute(select(PushAnswer.item_id, PushAnswer.code).order_by(PushAnswer.id)).all()
    )  # the newest speaks
    contacts, deals = _contacts(unit), _deals(unit)
    columns = select(
        Push.id, Push.recorded_at, Push.enterprise_id, Push.demand_id, Push.delivered_at, Push.opened_at
    ).order_by(Push.id)
    found = []
    for key, planned, firm, demand, delivered, opened in unit.session.execute(columns):
        answers = tuple(said[item] for item, _ in items[key] if item in said)
        pairs = [(firm, patent) for _, patent in items[key]]
        stages = {"planned"}
        stages |= {"written"} if key in written else set()
        stages |= {"read"} if opened else set()
        stages |= {"answered"} if answers else set()
        if "contact" in answers:
            stages.add("contact")
        if delivered is not None:
            stages.add("delivered")
            if any(at >= delivered for pair in pairs for at in contacts.get(pair, ())):
                stages.add("contact")
            if any(day >= unit.day_of(delivered) for pair in pairs for day in deals.get(pair, ())):
                stages.add("deal")
        month = unit.day_of(planned).strftime("%Y-%m")
        found.append(StagedPush(key, month, firm, demand, frozenset(stages), answers))
    return found


def _contacts(unit: Unit) -> dict[Pair, list[datetime]]:
    """When an enterprise asked for contact, or a conversation with the holder began, by enterprise and patent."""
    found: dict[Pair, list[datetime]] = defaultdict(list)
    asked = select(PlatformEvent.enterprise_id, PlatformEvent.patent_id, PlatformEvent.occurred_at)
    for firm, patent, at in unit.session.execute(asked.where(PlatformEvent.event == "contact")):
        found[firm, patent].append(at)
    threads = select(Thread.enterprise_id, Thread.patent_id, Thread.recorded_at)
    for firm, patent, at in unit.session.execute(threads):
        found[firm, patent].append(at)
    return found


def _deals(unit: Unit) -> dict[Pair, list[date]]:
    """Days of signing by buying enterprise and patent."""
    chosen = (
        select(DealParty.enterprise_id, DealPatent.patent_id, Deal.signed_on)
        .join(Deal, Deal.id == DealParty.deal_id)
        .join(DealPatent, DealPatent.deal_id == Deal.id)
        .where(DealParty.role == "buyer", DealParty.enterprise_id.is_not(None), Deal.withdrawn_at.is_(None))
    )
    found: dict[Pair, list[date]] = defaultdict(list)
    for firm, patent, day in unit.session.execute(chosen):
        if firm is not None and day is not None:
            found[firm, patent].append(day)
    return found


def _rows(unit: Unit, staged: Sequence[StagedPush]) -> list[ResultRow]:
    pushes: dict[int, Push] = {}
    items: dict[int, list[tuple[PushItem, Patent]]] = defaultdict(list)
    for part in parts([push.id for push in staged]):
        pushes |= {row.id: row for row in unit.session.execute(select(Push).where(Push.id.in_(part))).scalars()}
        listed = select(PushItem, Patent).join(Patent, Patent.id == PushItem.patent_id)
        for item, patent in unit.session.execute(listed.where(PushItem.push_id.in_(part)).order_by(PushItem.id)):
            items[item.push_id].append((item, patent))
    firms = _named(unit, Enterprise.id, Enterprise.name, (push.enterprise_id for push in staged))
    demands = _named(unit, Demand.id, Demand.title, (push.demand_id for push in staged if push.demand_id))
    return [
        ResultRow(
            id=each.id,
            enterprise=firms.get(each.enterprise_id, ""),
            demand=demands.get(each.demand_id or 0, ""),
            titles="；".join(patent.title or "" for _, patent in items[each.id]),
            numbers="；".join(
                patent.application_number or patent.publication_number or "" for _, patent in items[each.id]
            ),
            score=max((item.score for item, _ in items[each.id]), default=0.0),
            floor=max((item.floor for item, _ in items[each.id]), default=0.0),
            model=pushes[each.id].model,
            state=pushes[each.id].state,
            by_hand=pushes[each.id].hand_reason is not None,
            planned_at=pushes[each.id].recorded_at,
            due_on=pushes[each.id].due_on,
            delivered_at=pushes[each.id].delivered_at,
            read_at=pushes[each.id].opened_at,
            answers=each.answers,
            stages=each.stages,
        )
        for each in staged
    ]


def _named(unit: Unit, key: object, name: object, ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in parts(sorted(set(ids))):
        chosen = select(key, name).where(key.in_(part))  # type: ignore[attr-defined,call-overload]
        found |= dict(unit.session.execute(chosen).all())
    return found
