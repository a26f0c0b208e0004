"""Precise pushes (精准推送): which scored pairs become pushes, and why the others do not.

The caps are kept by one tally that the plan and the count share, so that what was planned by the rules also counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from matchhub.domain.calendar import as_utc
from matchhub.domain.counting.atoms import id_order
from matchhub.domain.counting.facts import EncumbranceFact, RecordId
from matchhub.domain.evidence import Fault
from matchhub.domain.push_variety import Look, Variety
from matchhub.domain.rules import PushRules, RulePack
from matchhub.domain.validity import Life, encumbrances_on

# Reasons that a person may set aside with a reason of their own; every other one protects the recipient or the right.
BY_HAND = frozenset(
    {
        "push_floor_unpublished",
        "push_below_floor",
        "push_no_good_match",
        "push_taken_out",
        "push_near_identical",
        "push_cap_enterprise_day",  # on another day
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One scored pair of the latest match run; without a demand it is a new patent and the trade of a firm.

    ``good``: the demand has a good match at all; ``declined``: the enterprise answered that it is done with the patent;
    ``gone``: a register says that it is no longer active; ``reachable``: it has an account or an address; ``bounced``:
    it has no account, and every address bounced; ``unprofiled``: it lets its profile not be used;
    ``taken_out``: why the operator took the pair out; ``closed``: the demand is open no more; ``look``: what the
    patent is like, for pairs that come near being chosen.
    """

    patent_id: RecordId
    enterprise_id: RecordId
    score: float
    model: str
    demand_id: RecordId | None = None
    life: Life = "in_force"
    encumbrances: tuple[EncumbranceFact, ...] = ()
    suppressed: bool = False
    good: bool = True
    declined: bool = False
    gone: bool = False
    reachable: bool = True
    bounced: bool = False
    unprofiled: bool = False
    taken_out: str | None = None
    closed: bool = False
    look: Look | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPush:
    """A patent already planned for or delivered to an enterprise; ``at`` is when (UTC), ``on`` the day it is due where
    it was not delivered yet."""

    patent_id: RecordId
    enterprise_id: RecordId
    at: datetime
    on: date | None = None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class PlannedPush:
    """A candidate that is to be pushed, with the warnings that go with it."""

    candidate: Candidate
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate that is not pushed and why: ``code`` with ``data``."""

    candidate: Candidate
    code: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class PushPlan:
    """What to push, best first, and what was left out."""

    planned: tuple[PlannedPush, ...]
    left_out: tuple[LeftOut, ...]


class PushTally:
    """Runs along a sequence of pushes and knows which caps the next one would break."""

    def __init__(self, rules: PushRules) -> None:
        self._rules = rules
        self._messages: Counter[tuple[RecordId, date]] = Counter()
        self._patents: Counter[RecordId] = Counter()
        self._pairs: dict[tuple[RecordId, RecordId], object] = {}

    def message_fault(self, enterprise_id: RecordId, day: date) -> Fault | None:
        """Why one message more to this enterprise on this day is one too many."""
        if self._messages[enterprise_id, day] >= self._rules.per_enterprise_day:
            return Fault("push_cap_enterprise_day", {"cap": self._rules.per_enterprise_day, "day": day})
        return None

    def patent_fault(self, enterprise_id: RecordId, patent_id: RecordId) -> Fault | None:
        """Why this patent cannot go to this enterprise (again)."""
        if (patent_id, enterprise_id) in self._pairs:
            return Fault("push_repeated", {"first": self._pairs[patent_id, enterprise_id]})
        if self._patents[patent_id] >= self._rules.per_patent:
            return Fault("push_cap_patent", {"cap": self._rules.per_patent})
        return None

    def add(self, enterprise_id: RecordId, day: date, patent_ids: Iterable[RecordId], name: object) -> None:
        """Note one message with its patents; ``name`` is how the first push of a pair will be called."""
        self._messages[enterprise_id, day] += 1
        for patent_id in patent_ids:
            self._patents[patent_id] += 1
            self._pairs.setdefault((patent_id, enterprise_id), name)


def plan_pushes(
    candidates: Iterable[Candidate],
    history: Iterable[PastPush],
    pack: RulePack,
    now: datetime,
    day: date | None = None,
) -> PushPlan:
    """Choose the pushes of ``day`` (today) from scored pairs.

    One push is one patent to one enterprise. Left out are pairs below the published floor of their model, demands
    without a good match, patents that the enterprise declined, pairs pushed before, suppressed recipients, dead or
    blocked patents, patents near-identical with one that the enterprise gets, and whatever would break a cap. Every
    demand gets its best answer before any gets a second one, so that one demand cannot use up an enterprise's day.
    """
    desk = PushDesk(pack, history, pack.local_day(now))
    planned: list[PlannedPush] = []
    left_out: list[LeftOut] = []
    for candidate in best_first(candidates):
        fault = desk.fault(candidate, day)
        if fault:
            left_out.append(LeftOut(candidate, fault.code, fault.data))
            continue
        desk.add(candidate, day)
        planned.append(PlannedPush(candidate, push_warnings(candidate, pack.pushes, desk.today)))
    return PushPlan(tuple(planned), tuple(left_out))


class PushDesk:
    """Judges one pair after the other in the light of those before it, by the rules that choose and those that count.

    ``history`` are the pushes that were sent or are queued; ``by_hand`` pairs may miss what only measures how good
    they are, never what protects the recipient or the right.
    """

    def __init__(self, pack: RulePack, history: Iterable[PastPush], today: date) -> None:
        self.rules, self.today = pack.pushes, today
        self._tally, self._variety = PushTally(pack.pushes), Variety(pack.pushes.alike)
        for past in sorted(history, key=lambda p: (as_utc(p.at), id_order(p.enterprise_id), id_order(p.patent_id))):
            day = past.on or pack.local_day(past.at)
            self._tally.add(past.enterprise_id, day, (past.patent_id,), day)
            self._variety.add(past.enterprise_id, day, past.patent_id, past.look)

    def fault(self, candidate: Candidate, day: date | None = None, *, by_hand: bool = False) -> Fault | None:
        """Why the pair cannot go out on ``day`` (today); ``None``: it can."""
        on = day or self.today
        return (
            (None if by_hand else _measure_fault(candidate, self.rules))
            or _bar_fault(candidate, self.rules, self.today)
            or self._tally.patent_fault(candidate.enterprise_id, candidate.patent_id)
            or (None if by_hand else self._alike_fault(candidate, on))
            or self._tally.message_fault(candidate.enterprise_id, on)
        )

    def add(self, candidate: Candidate, day: date | None = None) -> None:
        """Note that the pair goes out on ``day`` (today)."""
        on = day or self.today
        self._tally.add(candidate.enterprise_id, on, (candidate.patent_id,), on)
        self._variety.add(candidate.enterprise_id, on, candidate.patent_id, candidate.look)

    def _alike_fault(self, candidate: Candidate, day: date) -> Fault | None:
        other = self._variety.alike(candidate.enterprise_id, day, candidate.look)
        return None if other is None else Fault("push_near_identical", {"other": other})


def push_floor(rules: PushRules, model: str | None, demand_id: RecordId | None) -> float | None:
    """What a pair must reach: the published floor of its model, and without a demand that of profiles; None: none was
    published."""
    floor = rules.floor_of(model)
    return floor if floor is None or demand_id is not None else max(floor, rules.profile_floor)


def _measure_fault(candidate: Candidate, rules: PushRules) -> Fault | None:
    """What speaks against the quality of the pair."""
    floor = push_floor(rules, candidate.model, candidate.demand_id)
    if floor is None:
        return Fault("push_floor_unpublished", {"model": candidate.model})
    if candidate.score < floor:
        return Fault("push_below_floor", {"score": round(candidate.score, 4), "floor": floor})
    if not candidate.good:
        return Fault("push_no_good_match")
    if candidate.taken_out is not None:
        return Fault("push_taken_out", {"reason": candidate.taken_out})
    return None


def _bar_fault(candidate: Candidate, rules: PushRules, today: date) -> Fault | None:
    """What forbids the push, whoever wants it."""
    if candidate.closed:
        return Fault("push_demand_closed")
    if candidate.declined:
        return Fault("push_declined")
    if candidate.gone:
        return Fault("push_recipient_gone")
    if candidate.suppressed:
        return Fault("push_recipient_suppressed")
    if candidate.unprofiled and candidate.demand_id is None:
        return Fault("push_profile_not_used")
    if candidate.bounced:
        return Fault("push_address_bounced")
    if not candidate.reachable:
        return Fault("push_unreachable")
    if candidate.life == "dead":
        return Fault("push_patent_dead")
    for encumbrance in encumbrances_on(candidate.encumbrances, today):
        if encumbrance.kind in rules.blocked_by:
            return Fault("push_patent_encumbered", {"encumbrance": encumbrance.kind})
    return None


def push_warnings(candidate: Candidate, rules: PushRules, today: date) -> tuple[Fault, ...]:
    """What the recipient is told with the patent: open licences, disputes, a right not granted or not looked up."""
    told = [
        Fault("push_warns_encumbrance", {"encumbrance": encumbrance.kind})
        for encumbrance in encumbrances_on(candidate.encumbrances, today)
        if encumbrance.kind in rules.warned_by
    ]
    if candidate.life == "not_granted":
        told.append(Fault("push_warns_not_granted"))
    if candidate.life == "unknown":
        told.append(Fault("push_warns_status_unknown"))
    return tuple(told)


def best_first(candidates: Iterable[Candidate]) -> Sequence[Candidate]:
    """The best pair of every demand (or profile) before the second best of any; demands before profiles."""
    by_score = sorted(
        candidates,
        key=lambda c: (
            -c.score,
            id_order(c.enterprise_id),
            id_order(c.patent_id),
            c.demand_id is None,
            str(c.demand_id),
        ),
    )
    turn: defaultdict[tuple[RecordId, RecordId | None], int] = defaultdict(int)
    ranked: list[tuple[int, int, Candidate]] = []
    for position, candidate in enumerate(by_score):
        source = (candidate.enterprise_id, candidate.demand_id)
        ranked.append((turn[source], position, candidate))
        turn[source] += 1
    return [candidate for _, _, candidate in sorted(ranked, key=_demands_before_profiles)]


def _demands_before_profiles(entry: tuple[int, int, Candidate]) -> tuple[bool, int, int]:
    return entry[2].demand_id is None, entry[0], entry[1]
