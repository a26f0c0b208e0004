"""What the recorders of enterprises, experts and agencies share: finding the party meant, learning, writing it down."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import select, update

from matchhub.domain.records import Kind, Problem, Row, Source
from matchhub.services.kernel.bulk import insert_rows, new_ids
from matchhub.services.kernel.merges import kept_records
from matchhub.services.kernel.precedence import Days, Judge, differs
from matchhub.services.kernel.revisions import (
    Change,
    Outcome,
    State,
    Verdict,
    learned,
    news,
    parts,
    provenance,
    remark,
    spoken,
    write_revisions,
)
from matchhub.services.kernel.unit import Unit


@dataclass(slots=True)
class Known:
    """A party while a chunk is worked on: its state, whether it is new, and what changed."""

    state: State
    id: int | None = None
    line: int | None = None
    changes: list[tuple[Source, State]] = field(default_factory=list)
    days: Days = field(default_factory=Days)


class PartyRecorder(ABC):
    """Takes chunks of rows of one kind of party and records them."""

    kind: ClassVar[Kind]
    table: ClassVar[Any]
    columns: ClassVar[tuple[str, ...]]
    identities: ClassVar[tuple[str, ...]]  # columns that identify, the strongest first

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        self.unit, self.batch_id, self.demo, self.repeated = unit, batch_id, demo, repeated
        self.judge = Judge(unit, self.kind, batch_id, self.columns, repeated)
        self._aliases: dict[tuple[str, str], State] = {}  # names of merged records -> what those were

    by_hand = False  # a person accepts the rows: what only a person can decide holds them no longer

    @abstractmethod
    def derive(self, state: State) -> State:
        """Columns that follow from what was said (keys, whether local)."""

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``."""
        states = [self._said(row) for row in rows]
        index = self._find(states)
        self._load_days(states, index)
        self._load_more(index.values())
        taken = [self._take(row, said, index) for row, said in zip(rows, states, strict=True)]
        touched = list({id(known): known for _, known in taken if known is not None}.values())
        self._write([known for known in touched if known.changes])
        self.judge.write_confirmed((known.id, known.days) for known in touched)
        for outcome, known in taken:
            if known is not None:
                outcome.record_id = known.id
        self._after(taken)
        return [outcome for outcome, _ in taken]

    def _load_days(self, states: Iterable[State], index: Mapping[tuple[str, str], Known]) -> None:
        """Load of which day the values are that a row contradicts."""
        contradicted = {
            known.id: (known.state, known.days)
            for said in states
            for key in self._keys(said)
            if (known := index.get(key)) and known.id and differs(known.state, said)
        }
        self.judge.load(contradicted)

    def _said(self, row: Row) -> State:
        assert row.record is not None
        said = spoken(row.record, self.columns)
        return {**said, **self.derive(said)}

    def _keys(self, state: State) -> list[tuple[str, str]]:
        return [(name, state[name]) for name in self.identities if state.get(name)]

    def _find(self, states: Iterable[State]) -> dict[tuple[str, str], Known]:
        wanted: dict[str, set[str]] = {name: set() for name in self.identities}
        for state in states:
            for name, value in self._keys(state):
                wanted[name].add(value)
        rows = {
            row.id: row
            for name, values in wanted.items()
            for part in parts(sorted(values))
            for row in self.unit.session.execute(self._bearing(name, part)).scalars()
        }
        index: dict[tuple[str, str], Known] = {}
        by_id = {key: self._known(row) for key, row in sorted(rows.items())}
        self._aliases = {}
        for key, known in by_id.items():
            if rows[key].withdrawn_at is None:
                self._enter(index, known, self.identities)
        for key, known in by_id.items():
            if rows[key].withdrawn_at is not None:
                self._enter_withdrawn(index, key, known, by_id)
        return index

    def _bearing(self, name: str, values: Sequence[str]) -> Any:
        return select(self.table).where(getattr(self.table, name).in_(values))

    def _known(self, row: Any) -> Known:
        return Known({each: _tupled(getattr(row, each)) for each in (*self.columns, *self.derived)}, id=row.id)

    def _enter(self, index: dict[tuple[str, str], Known], known: Known, names: Collection[str]) -> None:
        for key in self._keys(known.state):
            if key[0] in names:
                index.setdefault(key, known)

    def _enter_withdrawn(
        self, index: dict[tuple[str, str], Known], record_id: int, known: Known, by_id: dict[int, Known]
    ) -> None:
        """A merged record is known by its own names as the one that stands for it; any other only by what is unique."""
        if (kept_id := self._kept.get(record_id)) is None:
            self._enter(index, known, self.unique)
            return
        if kept_id not in by_id:
            by_id = {kept_id: self._known(self.unit.session.get(self.table, kept_id))}
        kept = next((each for each in index.values() if each.id == kept_id), by_id[kept_id])
        self._enter(index, kept, self.identities)
        for key in self._keys(known.state):
            if key not in index:
                index[key], self._aliases[key] = kept, known.state

    @cached_property
    def _kept(self) -> dict[int, int]:
        return kept_records(self.unit, self.kind)

    unique: ClassVar[tuple[str, ...]] = ("uscc",)
    derived: ClassVar[tuple[str, ...]] = ()

    def _take(self, row: Row, said: State, index: dict[tuple[str, str], Known]) -> tuple[Outcome, Known | None]:
        known = self._meant(row, said, index)
        if isinstance(known, Outcome):
            return known, None
        fresh = not known.state
        heard, gaps_only = self._heard(row, known, said, fresh)
        new, problems = self._accepted(row, known, heard, gaps_only, fresh)
        self._learn(row, known, new, fresh)
        for key in self._keys(known.state):
            index.setdefault(key, known)
        more = self._more(row, known)
        verdict: Verdict = "created" if fresh else ("updated" if new or more else "unchanged")
        return Outcome(row, verdict, problems=problems), known

    def _meant(self, row: Row, said: State, index: dict[tuple[str, str], Known]) -> Known | Outcome:
        """The party that the row speaks of, an empty one for a new party, or why the row is not taken."""
        known = self._same(said, index)
        if isinstance(known, str):
            return Outcome(row, "review", problems=[remark(row, known, "", said.get("name"), "review")])
        if known is None and not said.get("name"):  # a code alone may add to a party that is known, but makes none
            told = remark(row, "party_without_name", "", said.get("uscc"), "error")
            return Outcome(row, "refused", problems=[told])
        return known or Known({}, line=row.source.line)

    def _heard(self, row: Row, known: Known, said: State, fresh: bool) -> tuple[State, bool]:
        """What the row may change, and whether it may fill gaps only (a merged record's word, a file read before)."""
        fixed = self._fixed(known.state)
        heard = {name: value for name, value in said.items() if name not in fixed}
        merged = not fresh and any(key in self._aliases for key in self._keys(said))
        if merged:  # the other record's own spelling stays with it
            heard = {name: value for name, value in heard.items() if name not in self.spelling}
        return heard, merged or row.source.file in self.repeated

    def _accepted(
        self, row: Row, known: Known, heard: State, gaps_only: bool, fresh: bool
    ) -> tuple[State, list[Problem]]:
        """What is new of it, after the values that stay and the ones that an older day may not replace."""
        new = news(known.state, heard, gaps_only)
        if not fresh:
            new = {name: value for name, value in new.items() if name not in self.settled or not known.state.get(name)}
        new, problems = self.judge.accept(row, known.state, known.days, new, heard)
        if problems:  # what follows from a value that was not taken is not taken either
            new = {name: value for name, value in new.items() if name not in self.derived}
        return new, problems

    def _learn(self, row: Row, known: Known, new: State, fresh: bool) -> None:
        """Write what is new into what is known, with what follows from it."""
        known.state.update(new)
        if new:
            derived = learned(known.state, self.derive(known.state)) if not fresh else {}
            known.state.update(derived)
            known.changes.append((row.source, {**new, **derived}))

    def _fixed(self, state: State) -> Collection[str]:
        """Hook: fields that a person decided, which no file changes."""
        return ()

    spelling: ClassVar[tuple[str, ...]] = ("name", "name_key", "organisation", "person_key")
    settled: ClassVar[tuple[str, ...]] = ()  # fields whose first value stays (an identity's own spelling)

    def _same(self, said: State, index: dict[tuple[str, str], Known]) -> Known | str | None:
        """The record meant, ``None`` for a new one, or the code of why a person must look."""
        for key in self._keys(said):
            known = index.get(key)
            if known is not None and (self._is_alias(key, said) or not self._differs(known.state, said)):
                return known
        return None

    def _is_alias(self, key: tuple[str, str], said: State) -> bool:
        """Whether the row speaks of a merged record by its own code, or by its name together with that code."""
        other = self._aliases.get(key)
        if other is None:
            return False
        return key[0] in self.unique or (bool(other.get("uscc")) and not self._differs(other, said))

    def _differs(self, state: State, said: State) -> bool:
        """Equal names with two different codes are two parties."""
        return bool(said.get("uscc") and state.get("uscc") and said["uscc"] != state["uscc"])

    def _load_more(self, known: Iterable[Known]) -> None:  # noqa: B027
        """Hook: load child rows of the records found."""

    def _more(self, row: Row, known: Known) -> bool:
        """Hook: take child rows; true when something was new."""
        return False

    def _after(self, taken: list[tuple[Outcome, Known | None]]) -> None:  # noqa: B027
        """Hook: write child rows, now that ids are known."""

    def _write(self, touched: list[Known]) -> None:
        new = [known for known in touched if known.id is None]
        old = [known for known in touched if known.id is not None]
        if new:
            for known, number in zip(new, new_ids(self.unit, self.table, len(new)), strict=True):
                known.id = number
            rows = [
                {
                    "id": known.id,
                    **self._columns(known),
                    **provenance(self.unit, self.batch_id, known.line),
                    "demo": self.demo,
                }
                for known in new
            ]
            insert_rows(self.unit, self.table.__table__, rows)
        if old:
            self.unit.session.execute(update(self.table), [{"id": known.id, **self._columns(known)} for known in old])
        write_revisions(
            self.unit,
            self.kind,
            self.batch_id,
            (
                Change(known.id, source.line, said, self.judge.day_of(source))
                for known in touched
                for source, said in known.changes
                if known.id
            ),
        )

    def _columns(self, known: Known) -> dict[str, Any]:
        values = {name: known.state.get(name) for name in (*self.columns, *self.derived)}
        return {**{n: list(v) if isinstance(v, tuple) else v for n, v in values.items()}, "updated_at": self.unit.now}


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
