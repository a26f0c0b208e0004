"""One base counted under two rule packs: thresholds side by side, and which records count otherwise and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.facts import RecordId
from matchhub.domain.counting.progress import Progress, ThresholdProgress
from matchhub.services.counting.counts import Question, atoms_of
from matchhub.services.counting.shares import count_checked
from matchhub.services.kernel.unit import Unit

MOST = 100  # records named of one threshold


@dataclass(frozen=True, slots=True)
class Judged:
    """How one pack judges a record: ``strict``, ``literal``, ``out`` or ``absent``, and what is against it."""

    verdict: str
    against: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return {"verdict": self.verdict, "against": list(self.against)}


@dataclass(frozen=True, slots=True)
class OtherVerdict:
    """A record that the two packs judge otherwise."""

    record_id: RecordId
    first: Judged
    second: Judged

    @property
    def of_other_reasons(self) -> bool:
        """Whether other reasons stand against it."""
        return set(self.first.against) != set(self.second.against)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One key of a threshold under both packs; None where a pack lacks it.

    ``differing``: records of both that are judged otherwise, ``MOST`` at most, of ``total``; none are named where a
    pack lacks the key or counts another kind of record under it.
    """

    key: str
    first: ThresholdProgress | None
    second: ThresholdProgress | None
    kind: str
    total: int
    differing: tuple[OtherVerdict, ...]

    @property
    def is_comparable(self) -> bool:
        """Whether both packs have the key and count records of one kind under it."""
        both = self.first, self.second
        return None not in both and len({each.threshold.counter for each in both if each is not None}) == 1

    def to_json(self) -> dict[str, object]:
        """Shape of ``matchhub pack compare``."""
        return {
            "key": self.key,
            "kind": self.kind,
            "a": self.first.to_json() if self.first else None,
            "b": self.second.to_json() if self.second else None,
            "differing": self.total,
            "records": [
                {"id": each.record_id, "a": each.first.to_json(), "b": each.second.to_json()} for each in self.differing
            ],
        }


def compare_packs(unit: Unit, first: Question, second: Question) -> tuple[SideBySide, ...]:
    """Every threshold of either pack on the base as both questions ask, in the order of the first, then the second.

    What spot checks support stands beside a count under the pack whose rules the sample was drawn by, under no other.
    """
    unit.require("progress.read")
    counted = [count_checked(unit, asked) for asked in (first, second)]
    keys = dict.fromkeys(each.key for asked in (first, second) for each in asked.pack.thresholds)
    return tuple(_side_by_side(unit, key, first, second, [_of(one, key) for one in counted]) for key in keys)


def _of(counted: Progress, key: str) -> ThresholdProgress | None:
    try:
        return counted.threshold(key)
    except KeyError:
        return None


def _side_by_side(
    unit: Unit, key: str, first: Question, second: Question, parts: list[ThresholdProgress | None]
) -> SideBySide:
    one, other = parts
    kinds = {each.threshold.counter for each in parts if each is not None}
    if one is None or other is None or len(kinds) > 1:
        return SideBySide(key, one, other, " / ".join(sorted(kinds)), 0, ())
    odd = other_verdicts(unit, key, first, second)
    return SideBySide(key, one, other, kinds.pop(), len(odd), tuple(odd[:MOST]))


def other_verdicts(
    unit: Unit, key: str, first: Question, second: Question, reasons: bool = False
) -> list[OtherVerdict]:
    """Every record that two questions judge otherwise for one threshold that both packs have; with ``reasons`` also
    those of the same verdict for other reasons."""
    mine, theirs = (_judged(atoms_of(unit, key, asked)) for asked in (first, second))
    pairs = (
        OtherVerdict(record, mine.get(record, _ABSENT), theirs.get(record, _ABSENT))
        for record in sorted(mine.keys() | theirs.keys(), key=str)
    )
    return [each for each in pairs if each.first.verdict != each.second.verdict or (reasons and each.of_other_reasons)]


_ABSENT = Judged("absent", ())
_RANK = {"out": 0, "literal": 1, "strict": 2}


def _judged(atoms: Iterable[Atom]) -> dict[RecordId, Judged]:
    """The best verdict on each record, with what is against it there."""
    found: dict[RecordId, Judged] = {}
    for atom in atoms:
        verdict = "strict" if atom.strict else ("literal" if atom.literal else "out")
        held = found.get(atom.record_id)
        if held is None or _RANK[verdict] > _RANK[held.verdict]:
            against = (each.code for each in atom.reasons if each.effect in ("not_literal", "not_strict"))
            found[atom.record_id] = Judged(verdict, tuple(dict.fromkeys(against)))
    return found
