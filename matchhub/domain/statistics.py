"""Statistics for the bureau: which trade wants and has what, how far demands came, who answers; on plain values.

Every number is a sum over things that lie in exactly one cell, so that cells add up to the count they are drawn from
and a cell opens exactly what it counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import NamedTuple, TypeVar

from matchhub.domain.counting.atoms import Atom, id_order

Spot = TypeVar("Spot", str, "Place")
MEASURES = ("demands", "supply", "pushes", "answers", "deals")
BASES = ("strict", "literal", "all")
"""What is added up: units that count strictly or literally, each once, or every record judged."""
STEPS = ("demand", "match", "push", "answer", "contact", "deal")
OTHER, UNTOLD = "other", "none"
"""Classes beyond those shown, and things whose trade or class nothing tells."""


class Place(NamedTuple):
    """The one cell of a thing: key of its trade and its class (``A43``; of designs ``02``), or ``UNTOLD``."""

    trade: str
    group: str


NOWHERE = Place(UNTOLD, UNTOLD)


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are looked at, both included; ``None``: open. A thing without a day lies in an open span only."""

    from_on: date | None = None
    to_on: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether a day lies inside."""
        if day is None:
            return self.from_on is None and self.to_on is None
        return (self.from_on is None or day >= self.from_on) and (self.to_on is None or day <= self.to_on)


class Told(NamedTuple):
    """One thing that is added up: the record that stands for it and its day."""

    record: int
    day: date | None


def told(atoms: Iterable[Atom], basis: str, span: Span = Span()) -> list[Told]:
    """What verdicts give to add up, by record: with ``all`` every record once, else each unit that counts once.

    Of several records of one unit the one with the lowest number speaks; without a span the length of the answer is the
    count of the threshold.
    """
    found: dict[object, Told] = {}
    for atom in sorted(atoms, key=lambda each: id_order(each.record_id)):
        if basis == "all" or (atom.strict if basis == "strict" else atom.literal):
            key = atom.record_id if basis == "all" else atom.unit
            found.setdefault(key, Told(int(atom.record_id), atom.occurred_on))
    return [each for each in found.values() if span.holds(each.day)]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Trades by classes; ``classes`` are those that have a column, ``folded`` the others (the column ``OTHER``)."""

    trades: tuple[str, ...]
    classes: tuple[str, ...]
    folded: frozenset[str]
    cells: Mapping[Place, Mapping[str, int]]

    def number(self, measure: str, trade: str = "", group: str = "") -> int:
        """How many of a measure lie in a cell; without a trade or a class in all of them."""
        return sum(
            tally.get(measure, 0)
            for place, tally in self.cells.items()
            if (not trade or place.trade == trade) and (not group or self.column(place.group) == group)
        )

    def column(self, group: str) -> str:
        """The column in which a class stands."""
        return OTHER if group in self.folded else group

    def holds(self, place: Place, trade: str, group: str) -> bool:
        """Whether a thing at a place is counted in a cell."""
        return (not trade or place.trade == trade) and (not group or self.column(place.group) == group)


def matrix(places: Mapping[str, Sequence[Place]], trades: Sequence[str], most: int = 12) -> Matrix:
    """The matrix of the places of each measure's things; ``trades`` in their order, unknown ones and ``UNTOLD`` last.

    The ``most`` classes that are wanted and offered most have columns of their own.
    """
    cells: dict[Place, Counter[str]] = defaultdict(Counter)
    weight: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for measure, listed in places.items():
        for place in listed:
            cells[place][measure] += 1
            if place.group != UNTOLD:
                weight[place.group][0 if measure == "demands" else 1] += 1
    ranked = sorted(weight, key=lambda group: (-weight[group][0], -weight[group][1], group))
    columns = [*sorted(ranked[:most]), *([OTHER] if ranked[most:] else [])]
    columns += [UNTOLD] if any(place.group == UNTOLD for place in cells) else []
    strange = sorted({place.trade for place in cells} - set(trades) - {UNTOLD})
    rows = [*trades, *strange, *([UNTOLD] if any(place.trade == UNTOLD for place in cells) else [])]
    return Matrix(tuple(rows), tuple(columns), frozenset(ranked[most:]), cells)


def quadrants(pairs: Mapping[Spot, tuple[int, int]]) -> dict[Spot, str]:
    """By key the quadrant of (wanted, offered): ``short`` (much wanted, little offered), ``lively`` (much of both),
    ``ample`` (little wanted, much offered) or ``quiet``; much is at least the median of all that have any of the two.

    What has neither, or is alone, has none: nothing can be compared.
    """
    compared = {key: pair for key, pair in pairs.items() if any(pair)}
    if len(compared) < 2:
        return {}
    middle = [median(pair[side] for pair in compared.values()) for side in (0, 1)]
    much = {
        key: tuple(pair[side] > 0 and pair[side] >= middle[side] for side in (0, 1)) for key, pair in compared.items()
    }
    names = {(True, False): "short", (True, True): "lively", (False, True): "ample", (False, False): "quiet"}
    return {key: names[sides[0], sides[1]] for key, sides in much.items()}


Days = tuple[date | None, ...]
"""Of one demand the first day of each of ``STEPS``; ``None``: it did not come so far."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way: demands that reached it, and the median days since the step before it.

    ``measured`` is the number of demands that the median is of: those that took both steps in this order.
    """

    key: str
    reached: int
    days: float | None
    measured: int


def funnel(ways: Iterable[Days]) -> tuple[Step, ...]:
    """How many demands came how far, in the order of ``STEPS``."""
    listed = list(ways)
    found = []
    for place, key in enumerate(STEPS):
        spans = [days for way in listed if (days := days_between(way, place)) is not None]
        reached = sum(1 for way in listed if way[place] is not None)
        found.append(Step(key, reached, float(median(spans)) if spans else None, len(spans)))
    return tuple(found)


def days_between(way: Days, place: int) -> int | None:
    """Days from the step before to the step at ``place``; ``None`` where one is missing or they came in turn."""
    here, before = way[place], way[place - 1] if place else None
    return (here - before).days if here is not None and before is not None and here >= before else None


@dataclass(frozen=True, slots=True)
class Asking:
    """One conversation in which a holder was asked: who, and when it was asked and answered."""

    thread: int
    holder: str
    asked_on: date
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Response:
    """What one holder (``""``: all of them) was asked and answered; ``days``: median of those answered."""

    holder: str
    asked: int
    answered: int
    days: float | None

    @property
    def open(self) -> int:
        """Conversations that have no answer."""
        return self.asked - self.answered


def responses(askings: Iterable[Asking]) -> tuple[Response, ...]:
    """By holder, those with the most conversations first."""
    by: dict[str, list[Asking]] = defaultdict(list)
    for each in askings:
        by[each.holder].append(each)
    found = [response(holder, listed) for holder, listed in by.items()]
    return tuple(sorted(found, key=lambda each: (-each.asked, each.holder)))


def response(holder: str, askings: Sequence[Asking]) -> Response:
    """One holder's conversations added up."""
    spans = [(each.answered_on - each.asked_on).days for each in askings if each.answered_on is not None]
    return Response(holder, len(askings), len(spans), float(median(spans)) if spans else None)
