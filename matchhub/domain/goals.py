"""What a measure asks for: goals, their thresholds, and what a threshold takes of the records it counts.

A threshold is composed, never programmed: it names its counter (the kind of record, ``counting.kinds``) and filters of
those that the counter knows (``FILTERS``). Several thresholds may count records of one kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Operator = Literal[">=", ">"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a number of the pack is written: document, clause and a summary (not the wording) of the clause."""

    document: str
    clause: str
    summary: str


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which an event counts; before ``formal_from_on`` it counts by reference (参照执行)."""

    from_on: date
    formal_from_on: date
    to_on: date

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies inside, both ends included."""
        return self.from_on <= day <= self.to_on

    def ended(self, as_of: date) -> bool:
        """Whether the last day of the window has passed on ``as_of``."""
        return as_of > self.to_on


@dataclass(frozen=True, slots=True)
class Filters:
    """What a threshold takes of the records of its kind; one that is not named (empty, None, False) takes all.

    ``industries`` and ``categories`` are keys of the pack. ``local``: the firm is local (of a demand its enterprise, of
    a deal a buyer, of a licence the licensee). ``implemented``: a dated event says that what a deal is about is in use,
    proven as the pack wants. ``least_yuan``: the agreed amount, fee or budget is that much or more. ``from_on`` and
    ``to_on`` bound the days of events further than the window of the pack.
    """

    patent_types: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    deal_types: frozenset[str] = frozenset()
    regimes: frozenset[str] = frozenset()
    local: bool = False
    implemented: bool = False
    least_yuan: Decimal | None = None
    from_on: date | None = None
    to_on: date | None = None


_DAYS = ("year", "from_on", "to_on")
FILTERS: Mapping[str, tuple[str, ...]] = {
    "patents": ("patent_types", "industries"),
    "enterprises": ("categories", "local"),
    "experts": (),
    "agencies": (),
    "demands": ("local", "least_yuan", *_DAYS),
    "pushes": _DAYS,
    "deals": ("patent_types", "industries", "deal_types", "local", "implemented", "least_yuan", *_DAYS),
    "offers": ("patent_types", "industries", "regimes", *_DAYS),
    "licences": ("patent_types", "local", "least_yuan", *_DAYS),
}
"""The filters that each counter knows, as packs write them; ``year`` stands for the days of one calendar year."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number that must be reached. ``counter`` is the kind of record that is counted, ``unit`` the headline unit,
    ``other_unit`` the other reading, or ""."""

    key: str
    counter: str
    title_zh: str
    title_en: str
    required: int
    operator: Operator
    unit: str
    other_unit: str
    windowed: bool
    citation: Citation
    filters: Filters = field(default_factory=Filters)

    @property
    def least(self) -> int:
        """The smallest count that is enough: ``以上(含)`` and ``达到`` include the number, ``超过`` does not."""
        return self.required if self.operator == ">=" else self.required + 1

    def title(self, language: str) -> str:
        """What screens call it, in ``zh`` or ``en``."""
        return self.title_zh if language == "zh" else self.title_en


@dataclass(frozen=True, slots=True)
class Goal:
    """A bonus that is earned when every one of its thresholds is met."""

    key: str
    title_zh: str
    title_en: str
    bonus_yuan: int
    citation: Citation
    thresholds: tuple[Threshold, ...]

    def title(self, language: str) -> str:
        """What screens call it, in ``zh`` or ``en``."""
        return self.title_zh if language == "zh" else self.title_en


def all_thresholds(goals: tuple[Goal, ...]) -> Iterator[Threshold]:
    """The thresholds of all goals, in the order of the pack."""
    for goal in goals:
        yield from goal.thresholds
