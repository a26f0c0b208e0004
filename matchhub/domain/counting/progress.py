"""The counts against the thresholds of a pack: literal and strict, what is missing and why, earned or not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from matchhub.domain.calendar import as_utc
from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.presence import SOURCE_UNSEEN
from matchhub.domain.counting.signals import Signal, growth_signals
from matchhub.domain.goals import Goal, Threshold, Window
from matchhub.domain.rules import RulePack
from matchhub.domain.sampling import SpotCheck


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Distinct units under one reading of the clause."""

    unit: str
    literal: int
    strict: int

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return {"unit": self.unit, "literal": self.literal, "strict": self.strict}


@dataclass(frozen=True, slots=True)
class ThresholdProgress:
    """One threshold: the headline count, the other reading beside it, and why units fall short."""

    threshold: Threshold
    count: UnitCount
    other: UnitCount | None
    reasons: Mapping[str, int]
    unseen_sources: int = 0  # strict records that rest on sources which the bureau has not looked at
    check: SpotCheck | None = None  # the newest closed sample; None: none was closed, or nobody asked

    @property
    def missing(self) -> int:
        """How many strict units are missing."""
        return max(0, self.threshold.least - self.count.strict)

    @property
    def met(self) -> bool:
        """Whether the strict count reaches the threshold."""
        return self.missing == 0

    @property
    def supported(self) -> int | None:
        """How much of the strict count the newest sample supports; None without one, never the count itself."""
        return self.check.supported if self.check is not None else None

    @property
    def supported_missing(self) -> int | None:
        """How much the supported figure lacks of the threshold; None without a sample."""
        return None if self.check is None else max(0, self.threshold.least - self.check.supported)

    def to_json(self) -> dict[str, object]:
        """Shape of the contract; the unit, the other reading and what a spot check supports beside it."""
        return {
            "key": self.threshold.key,
            "required": self.threshold.required,
            "literal": self.count.literal,
            "strict": self.count.strict,
            "missing": self.missing,
            "reasons": dict(self.reasons),
            "unit": self.count.unit,
            "other": self.other.to_json() if self.other else None,
            "unseen_sources": self.unseen_sources,
            "supported": self.supported,
            "supported_missing": self.supported_missing,
            "spot_check": self.check.to_json() if self.check else None,
        }


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """One goal: earned only when every threshold is met strictly."""

    goal: Goal
    thresholds: tuple[ThresholdProgress, ...]

    @property
    def earned(self) -> bool:
        """Whether all thresholds are met by the strict count."""
        return all(each.met for each in self.thresholds)

    def to_json(self) -> dict[str, object]:
        """Shape of the contract."""
        return {
            "key": self.goal.key,
            "clause": self.goal.citation.clause,
            "bonus_yuan": self.goal.bonus_yuan,
            "earned": self.earned,
            "thresholds": [each.to_json() for each in self.thresholds],
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """Both goals as of a day and as known at a moment."""

    policy: str
    policy_digest: str
    as_of: date
    known_at: datetime | None
    window: Window
    goals: tuple[GoalProgress, ...]
    signals: tuple[Signal, ...]
    policy_confirmed: bool = False  # by the bureau, and this very content

    def with_checks(self, checks: Mapping[str, SpotCheck]) -> Progress:
        """The same counts with spot checks by threshold."""
        goals = tuple(
            replace(goal, thresholds=tuple(replace(each, check=checks.get(each.threshold.key))
                                           for each in goal.thresholds))
            for goal in self.goals
        )  # fmt: skip
        return replace(self, goals=goals)

    def threshold(self, key: str) -> ThresholdProgress:
        """Progress of one threshold; ``KeyError`` when the pack has none of that key."""
        for goal in self.goals:
            for each in goal.thresholds:
                if each.threshold.key == key:
                    return each
        raise KeyError(key)

    def to_json(self) -> dict[str, object]:
        """Shape of ``matchhub progress`` in the contract; digest and state of the pack, and ``signals``, beside."""
        return {
            "policy": self.policy,
            "policy_digest": self.policy_digest,
            "policy_confirmed": self.policy_confirmed,
            "as_of": self.as_of.isoformat(),
            "known_at": as_utc(self.known_at).isoformat() if self.known_at else None,
            "window": {
                "from": self.window.from_on.isoformat(),
                "to": self.window.to_on.isoformat(),
                "ended": self.window.ended(self.as_of),
            },
            "goals": [goal.to_json() for goal in self.goals],
            "signals": [signal.to_json() for signal in self.signals],
        }


def progress(
    atoms: Mapping[str, Sequence[Atom]], pack: RulePack, as_of: date, known_at: datetime | None = None
) -> Progress:
    """Sum the atoms of every threshold (``counters.count_all``) against the pack.

    ``known_at`` is told, not used: the facts were cut to it before they were judged. ``KeyError`` when atoms of a
    threshold are missing, so that a forgotten counter never reads as zero.
    """
    parts = {
        each.key: part_of_progress(atoms[each.key], each, pack, as_of)
        for goal in pack.goals
        for each in goal.thresholds
    }
    return assembled(parts, pack, as_of, known_at)


Part = tuple[ThresholdProgress, tuple[Signal, ...]]
"""What one threshold adds: its own progress, and what is told beside it."""


def part_of_progress(atoms: Sequence[Atom], threshold: Threshold, pack: RulePack, as_of: date) -> Part:
    """The part of one threshold, from its atoms alone; the data of their reasons are not needed."""
    counted = threshold_progress(atoms, threshold)
    return counted, (*growth_signals(threshold.key, atoms, pack.signals, as_of), *_source_signals(counted))


def assembled(parts: Mapping[str, Part], pack: RulePack, as_of: date, known_at: datetime | None = None) -> Progress:
    """The whole progress from its parts by threshold."""
    goals = tuple(GoalProgress(goal, tuple(parts[each.key][0] for each in goal.thresholds)) for goal in pack.goals)
    signals = tuple(signal for goal in pack.goals for each in goal.thresholds for signal in parts[each.key][1])
    return Progress(pack.key, pack.digest, as_of, known_at, pack.window, goals, signals)


def _source_signals(counted: ThresholdProgress) -> Iterator[Signal]:
    if counted.unseen_sources:
        yield Signal(counted.threshold.key, "sources_unseen", {"rows": counted.unseen_sources})


def threshold_progress(atoms: Sequence[Atom], threshold: Threshold) -> ThresholdProgress:
    """Distinct units, literal and strict, under the headline unit and the other one, and the tally of reasons."""
    count = _unit_count(threshold.unit, ((atom.unit, atom) for atom in atoms))
    other = None
    if threshold.other_unit:
        other = _unit_count(threshold.other_unit, ((atom.other_unit or atom.unit, atom) for atom in atoms))
    unseen = {
        atom.record_id for atom in atoms if atom.strict and any(each.code == SOURCE_UNSEEN for each in atom.reasons)
    }
    return ThresholdProgress(threshold, count, other, reason_tally(atoms), len(unseen))


def _unit_count(unit: str, keyed: Iterable[tuple[str, Atom]]) -> UnitCount:
    literal, strict = set(), set()
    for key, atom in keyed:
        if atom.literal:
            literal.add(key)
        if atom.strict:
            strict.add(key)
    return UnitCount(unit, len(literal), len(strict))


def reason_tally(atoms: Iterable[Atom]) -> dict[str, int]:
    """How many records are kept from the strict count by each code; records that count tell nothing.

    A record with several faults is told under each of them, once per code.
    """
    codes: defaultdict[object, set[str]] = defaultdict(set)
    counted = set()
    for atom in atoms:
        if atom.strict:
            counted.add(atom.record_id)
        codes[atom.record_id] |= {reason.code for reason in atom.reasons if reason.effect not in ("counts", "flagged")}
    tally = Counter(code for record, found in codes.items() if record not in counted for code in found)
    return dict(sorted(tally.items(), key=lambda entry: (-entry[1], entry[0])))


def burn_up(atoms: Mapping[str, Sequence[Atom]], pack: RulePack) -> dict[str, list[dict[str, object]]]:
    """Growth by month of the event: per threshold a row ``{"month", "literal", "strict"}`` per month of the window.

    Cumulative distinct headline units by the first event of each; what is undated or older stands in the first month.
    Months after the window follow while something happened in them.
    """
    return {key: _series(judged, pack.window) for key, judged in atoms.items()}


def _series(atoms: Sequence[Atom], window: Window) -> list[dict[str, object]]:
    literal = _first_months((a for a in atoms if a.literal), window)
    strict = _first_months((a for a in atoms if a.strict), window)
    last = max([_month(window.to_on), *literal.values()], default=_month(window.to_on))
    grown_literal, grown_strict = Counter(literal.values()), Counter(strict.values())
    rows: list[dict[str, object]] = []
    so_far = [0, 0]
    for month in range(_month(window.from_on), last + 1):
        so_far = [so_far[0] + grown_literal[month], so_far[1] + grown_strict[month]]
        name = f"{month // 12:04d}-{month % 12 + 1:02d}"
        rows.append({"month": name, "literal": so_far[0], "strict": so_far[1]})
    return rows


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_months(atoms: Iterable[Atom], window: Window) -> dict[str, int]:
    first: dict[str, int] = {}
    start = _month(window.from_on)
    for atom in atoms:
        month = max(start, _month(atom.occurred_on)) if atom.occurred_on else start
        first[atom.unit] = min(month, first.get(atom.unit, month))
    return first
