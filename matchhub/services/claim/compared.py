"""Two states of one base compared: two days, two moments of knowledge or two packs; which records came, went or
changed, why, and the entry of the log behind it.

A verdict also changes by a day that passes, by another record or by another pack: then no entry is named, and the
reasons that fell away or came up say why.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import not_, or_, select

from matchhub.db.tables import LogEntry, Revision
from matchhub.errors import Refusal
from matchhub.services.claim.history import end_of
from matchhub.services.counting.comparing import OtherVerdict, SideBySide, compare_packs, other_verdicts
from matchhub.services.counting.counts import Question, in_one_state
from matchhub.services.counting.reach import among
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.audit import NUMBERED
from matchhub.services.records.labels import Label, label_records

Way = Literal["left", "came", "changed"]
WAYS: tuple[Way, ...] = ("left", "came", "changed")


@dataclass(frozen=True, slots=True)
class Entry:
    """The newest entry of the log about a record between two states; ``verb`` as the log has it."""

    id: int
    at: datetime
    verb: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that two states judge otherwise. ``way``: it ``left`` the strict count, ``came`` into it, or is judged
    otherwise (``changed``). ``before`` and ``after``: ``strict``, ``literal``, ``out`` or ``absent``; ``fallen`` and
    ``risen``: reasons against it that fell away or came up."""

    threshold: str
    kind: str
    record: int
    label: Label
    way: Way
    before: str
    after: str
    fallen: tuple[str, ...]
    risen: tuple[str, ...]
    entry: Entry | None = None

    def to_json(self) -> dict[str, object]:
        """Plain values, as ``matchhub compare --json`` prints them."""
        entry = self.entry
        return {
            "threshold": self.threshold, "kind": self.kind, "id": self.record, "title": self.label.title,
            "way": self.way, "a": self.before, "b": self.after, "fallen": list(self.fallen), "risen": list(self.risen),
            "log": None if entry is None else {"id": entry.id, "at": entry.at.isoformat(), "verb": entry.verb},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """Both states: every threshold side by side, and the records that differ, by threshold, way and number."""

    first: Question
    second: Question
    sides: tuple[SideBySide, ...]
    differences: tuple[Difference, ...]

    def number(self, threshold: str, way: str) -> int:
        """How many records of a threshold went that way."""
        return sum(each.threshold == threshold and each.way == way for each in self.differences)


def compare_states(unit: Unit, first: Question, second: Question) -> Compared:
    """Compare the base as two questions ask for it. Of thresholds that only one pack has no record is named.

    Raises ``Refusal("day_to_come")``: of a day to come there is no state yet.
    """
    unit.require("progress.read")
    for asked in (first, second):
        if asked.as_of > unit.today:
            raise Refusal("day_to_come", day=asked.as_of)
    found: list[Difference] = []
    with in_one_state(unit, first, second):
        sides = compare_packs(unit, first, second)
        for each in sides:
            if each.is_comparable:
                listed = other_verdicts(unit, each.key, first, second, reasons=True)
                found += _differences(unit, each, [one for one in listed if not _is_nothing(one)], first, second)
    return Compared(first, second, sides, tuple(found))


def _is_nothing(one: OtherVerdict) -> bool:
    """Whether a record is out on both sides, or new and out: that changes no count."""
    return {one.first.verdict, one.second.verdict} <= {"absent", "out"}


def _differences(
    unit: Unit, side: SideBySide, listed: Sequence[OtherVerdict], first: Question, second: Question
) -> list[Difference]:
    records = [int(each.record_id) for each in listed]
    labels = label_records(unit, side.kind, records)
    entries = entries_between(unit, side.kind, records, *bounds(unit, first, second))
    found = [_difference(side, each, labels, entries) for each in listed]
    return sorted(found, key=lambda each: (WAYS.index(each.way), each.record))


def _difference(side: SideBySide, one: OtherVerdict, labels: dict[int, Label], entries: dict[int, Entry]) -> Difference:
    record, before, after = int(one.record_id), one.first.verdict, one.second.verdict
    way: Way = "changed" if (before == "strict") == (after == "strict") else "came" if after == "strict" else "left"
    fallen = tuple(code for code in one.first.against if code not in one.second.against)
    risen = tuple(code for code in one.second.against if code not in one.first.against)
    label = labels.get(record, Label(f"#{record}"))
    return Difference(side.key, side.kind, record, label, way, before, after, fallen, risen, entries.get(record))


def bounds(unit: Unit, first: Question, second: Question) -> tuple[datetime, datetime]:
    """The moments between which the two states lie: what was recorded then may be behind a difference.

    A state of an earlier day that knows everything lies at the beginning of what that day left open: its midnight.
    """
    moments = [_lies_at(unit, each) for each in (first, second)]
    return min(moments), max(moments)


def _lies_at(unit: Unit, asked: Question) -> datetime:
    midnight = end_of(unit, asked.as_of).known_at
    assert midnight is not None
    return min(asked.known_at or unit.now, midnight)


def entries_between(
    unit: Unit, kind: str, records: Sequence[int], after: datetime, until: datetime
) -> dict[int, Entry]:
    """By record the newest entry about it after one moment and up to another: its own, or that of the import that
    changed it."""
    found: dict[int, Entry] = {}
    for part in parts(records):
        imported = _imports(unit, kind, part, after, until)
        by_batch = _entries(unit, kind, set(imported.values()), after, until, of_batches=True)
        found |= {record: by_batch[batch] for record, batch in imported.items() if batch in by_batch}
        for record, entry in _entries(unit, kind, part, after, until, of_batches=False).items():
            if record not in found or entry.id > found[record].id:
                found[record] = entry
    return found


def _entries(
    unit: Unit, kind: str, numbers: Collection[int], after: datetime, until: datetime, of_batches: bool
) -> dict[int, Entry]:
    """The newest entry about each record, or about each import of records of the kind."""
    filed = or_(*(LogEntry.verb.like(f"{begin}%") for begin in NUMBERED))
    chosen = select(LogEntry.id, LogEntry.recorded_at, LogEntry.verb, LogEntry.subject_id).where(
        LogEntry.recorded_at > after,
        LogEntry.recorded_at <= until,
        LogEntry.subject_kind == kind,
        among(LogEntry.subject_id, numbers),
        filed if of_batches else not_(filed),
    )
    rows = unit.session.execute(chosen.order_by(LogEntry.id))
    return {row.subject_id: Entry(row.id, row.recorded_at, row.verb) for row in rows}


def _imports(unit: Unit, kind: str, records: Sequence[int], after: datetime, until: datetime) -> dict[int, int]:
    """By record the newest import that told something of it between two moments."""
    chosen = select(Revision.record_id, Revision.batch_id).where(
        Revision.kind == kind,
        among(Revision.record_id, records),
        Revision.recorded_at > after,
        Revision.recorded_at <= until,
        Revision.batch_id.is_not(None),
    )
    return {record: batch for record, batch in unit.session.execute(chosen.order_by(Revision.id)) if batch is not None}
