"""What may replace what: a value of an older day never replaces one of a newer day, a file never a person's word.

A file that tells no day is taken as before: the later import wins. What was not taken is reported (``Judge.accept``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import BatchUndo, ConfirmedValues, Revision
from matchhub.domain.records import Kind, Problem, Row, Source
from matchhub.services.kernel.bulk import insert_columns
from matchhub.services.kernel.revisions import State, parts, remark, to_json
from matchhub.services.kernel.unit import Unit

OLDER, STATED = "newer_value_kept", "stated_value_kept"
# Where the firm itself is the authority; its name and seat are better known to a register.
_OWN_WORD = frozenset({"contact_name", "contact_phone", "contact_email"})


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """Of which day a value of the base is (None: nobody told), by which batch, and whether a person stated it."""

    as_of_on: date | None
    batch_id: int | None = None
    stated: bool = False

    def is_older(self, day: date) -> bool:
        """Whether a word of ``day`` is news about this value."""
        return self.as_of_on is None or self.as_of_on < day


_UNKNOWN = FieldOrigin(None)


@dataclass(slots=True)
class Days:
    """The origin of one record's fields while a chunk is worked on, and what sources said again as it was."""

    origins: dict[str, FieldOrigin] = field(default_factory=dict)
    confirmed: list[tuple[date, list[str]]] = field(default_factory=list)


def differs(state: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether ``said`` contradicts a known value."""
    return any(name in state and state[name] and state[name] != value for name, value in said.items())


class Judge:
    """Decides for the rows of one batch which of their values are taken; without a batch a person speaks.

    ``guarded`` are the fields that have a day: those that sources speak of, not those that follow from them.
    """

    def __init__(
        self, unit: Unit, kind: Kind, batch_id: int | None, guarded: Collection[str], repeated: Collection[str] = ()
    ) -> None:
        self.unit, self.kind, self.batch_id, self.repeated = unit, kind, batch_id, repeated
        self.guarded = frozenset(guarded)
        self.replaced: Counter[str] = Counter()  # values of the base that the batch replaced, by field
        self.examples: dict[str, tuple[Any, Any]] = {}  # field -> the first value replaced, and by what

    def day_of(self, source: Source) -> date | None:
        """The day of which a row speaks; a day that has not come yet is nobody's."""
        day = source.as_of_on
        return day if day is not None and day <= self.unit.today else None

    def accept(self, row: Row, state: State, days: Days, new: State, stated: State) -> tuple[State, list[Problem]]:
        """The values of ``new`` that are taken, and a remark for each that is not; notes the day of what is taken.

        ``state`` is the record's before the row, ``stated`` all that the row says. A person's entry (no batch) is taken
        whole.
        """
        if self.batch_id is None:
            return new, []
        day = self.day_of(row.source)
        kept = self._kept(state, days, new, day)
        problems = [_not_taken(row, name, new[name], origin) for name, origin in kept.items()]
        taken = {name: value for name, value in new.items() if name not in kept}
        if state:
            replaced = [name for name in taken if state.get(name) and name in self.guarded]
            self.replaced.update(replaced)
            for name in replaced:
                self.examples.setdefault(name, (state[name], taken[name]))
        if day is None:
            # A file that tells no day replaces the value, so the day of the earlier value speaks for nothing any more.
            days.origins = {name: origin for name, origin in days.origins.items() if name not in taken}
        else:
            self._note(state, days, day, taken, {} if row.source.file in self.repeated else stated)
        return taken, problems

    def _kept(self, state: State, days: Days, new: State, day: date | None) -> dict[str, FieldOrigin]:
        """The fields of ``new`` whose known value stays, each with the origin that makes it stay."""
        if not state:
            return {}
        found = ((name, self._stronger(name, state, days, day)) for name in new)
        return {name: origin for name, origin in found if origin is not None}

    def _stronger(self, name: str, state: State, days: Days, day: date | None) -> FieldOrigin | None:
        """The origin of a known value that a source of ``day`` may not replace; None where it may."""
        if not state.get(name) or name not in self.guarded:
            return None
        origin = days.origins.get(name, _UNKNOWN)
        newer = day is not None and origin.as_of_on is not None and day < origin.as_of_on
        return origin if origin.stated or newer else None

    def _note(self, state: State, days: Days, day: date, new: State, said: State) -> None:
        mine = FieldOrigin(day, self.batch_id)
        again = [
            name
            for name, value in said.items()
            if state.get(name) == value and name in self.guarded and days.origins.get(name, _UNKNOWN).is_older(day)
        ]
        days.origins.update(dict.fromkeys([*new, *again], mine))
        if again:
            days.confirmed.append((day, again))

    def load(self, known: Mapping[int, tuple[State, Days]]) -> None:
        """Fill in the origins of records by id, from their revisions and confirmations of imports that stand."""
        if self.batch_id is None or not known:
            return
        undone = set(self.unit.session.execute(select(BatchUndo.batch_id)).scalars())
        for part in parts(sorted(known)):
            chosen = select(
                Revision.record_id, Revision.batch_id, Revision.source_line, Revision.as_of_on, Revision.fields
            ).where(Revision.kind == self.kind, Revision.record_id.in_(part))
            for record_id, batch_id, line, day, fields in self.unit.session.execute(chosen.order_by(Revision.id)):
                if batch_id not in undone:
                    _learn(*known[record_id], fields, day, batch_id, line)
            self._load_confirmed(part, known, undone)

    def _load_confirmed(self, part: Sequence[int], known: Mapping[int, tuple[State, Days]], undone: set[int]) -> None:
        chosen = select(ConfirmedValues).where(ConfirmedValues.kind == self.kind, ConfirmedValues.record_id.in_(part))
        for row in self.unit.session.execute(chosen.order_by(ConfirmedValues.id)).scalars():
            origins = known[row.record_id][1].origins
            for name in row.fields if row.batch_id not in undone else ():
                origin = origins.get(name, _UNKNOWN)
                if not origin.stated and row.batch_id >= (origin.batch_id or 0) and origin.is_older(row.as_of_on):
                    origins[name] = FieldOrigin(row.as_of_on, row.batch_id)

    def write_confirmed(self, touched: Iterable[tuple[int | None, Days]]) -> None:
        """Write down what was said again as it was."""
        rows = [(record_id, day, names) for record_id, days in touched for day, names in days.confirmed]
        if rows:
            record_ids, days_of, fields = zip(*rows, strict=True)
            columns = {"record_id": record_ids, "as_of_on": days_of, "fields": fields}
            same = {"kind": self.kind, "batch_id": self.batch_id}
            insert_columns(self.unit, ConfirmedValues.__table__, columns, same)  # type: ignore[arg-type]


def _learn(
    state: State, days: Days, fields: Mapping[str, Any], day: date | None, batch_id: int | None, line: int | None
) -> None:
    """A revision stands for the fields whose value is still the record's. A value that was put back (no batch, no
    row) is of the day on which it was first said."""
    for name, value in fields.items():
        if not _is_still(state.get(name), value):
            continue
        if batch_id is None and line is None:
            days.origins.setdefault(name, _UNKNOWN)
        else:
            days.origins[name] = FieldOrigin(day, batch_id, batch_id is None and name in _OWN_WORD)


def _is_still(value: Any, written: Any) -> bool:
    if isinstance(value, Decimal):
        return written is not None and value == Decimal(written)
    return bool(to_json(value) == written)


def _not_taken(row: Row, name: str, value: Any, origin: FieldOrigin) -> Problem:
    """The remark that a value of the row was not taken, under its header where the row shows it."""
    header = _header_of(row, value) or name
    if origin.stated:
        return remark(row, STATED, header, value, "warning")
    return remark(row, OLDER, header, origin.as_of_on, "warning")


def _header_of(row: Row, value: Any) -> str:
    """The header over a value as it is written: the very cell, else one that holds all names of a list."""
    words = value if isinstance(value, tuple) else (str(value),)
    exact = (header for header, cell in row.source.raw if cell.strip() == words[0])
    holding = (header for header, cell in row.source.raw if all(word in cell for word in words))
    return next(exact if len(words) == 1 else holding, "")
