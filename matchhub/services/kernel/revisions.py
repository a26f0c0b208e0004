"""The state of a record as plain fields, how a source changes it, and how that is written down.

A record's state is a dict of field names to plain values (str, bool, date, Decimal, tuple of str). What a source says
changes only the fields it speaks of; silence (``None``, ``""``, ``()``) never empties a known value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, TypeVar

from matchhub.db.tables import Revision
from matchhub.domain.records import Kind, Problem, Record, Row
from matchhub.services.kernel.bulk import insert_columns
from matchhub.services.kernel.unit import Unit

State = dict[str, Any]
_PART = 500  # bound variables per statement stay far below every engine's limit
_PLAIN = frozenset((str, bool, int, float))
_T = TypeVar("_T")
Verdict = Literal["created", "updated", "unchanged", "refused", "review"]


@dataclass(slots=True)
class Outcome:
    """What became of one row: the verdict, the record it went to, and codes that had to be said about it."""

    row: Row
    verdict: Verdict
    record_id: int | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """New values that one source row gave one record."""

    record_id: int
    line: int | None
    fields: State
    as_of_on: date | None = None  # the day of which the source speaks


def spoken(record: Record, names: Iterable[str]) -> State:
    """The fields among ``names`` that the record speaks of; an empty value is silence, ``False`` included."""
    names = tuple(names)
    return {name: value for name, value in zip(names, _values_of(names)(record), strict=True) if value}


@lru_cache(maxsize=64)
def _values_of(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*names) if len(names) > 1 else lambda record: tuple(getattr(record, name) for name in names)


def learned(state: Mapping[str, Any], said: Mapping[str, Any]) -> State:
    """What of ``said`` is not yet in ``state``."""
    return {name: value for name, value in said.items() if state.get(name) != value}


def news(state: Mapping[str, Any], said: Mapping[str, Any], repeated: bool) -> State:
    """What a row adds to ``state``. A row of a file that was imported before fills gaps only: it is an older word, and
    where two sources disagree the same files dropped in again must not turn the values back and forth."""
    if not state:
        return dict(said)
    new = learned(state, said)
    return {name: value for name, value in new.items() if not state.get(name)} if repeated else new


def to_json(value: Any) -> Any:
    """A plain value as JSON keeps it: dates in ISO form, money as text, tuples as lists."""
    # Called for every value of every row of an import: the commonest kinds are decided first, by their exact type.
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {name: each if type(each) is str else to_json(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [each if type(each) is str else to_json(each) for each in value]
    return _scalar_to_json(value)


def _scalar_to_json(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_json(getattr(value, each.name)) for each in fields(value)}
    return value


def write_revisions(unit: Unit, kind: Kind, batch_id: int | None, changes: Iterable[Change]) -> None:
    """Write down what became known, in the order given."""
    written = list(changes)
    columns = {
        "record_id": [change.record_id for change in written],
        "source_line": [change.line for change in written],
        "fields": [to_json(change.fields) for change in written],
        "as_of_on": [change.as_of_on for change in written],
    }
    same = {"kind": kind, "recorded_at": unit.now, "recorded_by": unit.actor.account_id, "batch_id": batch_id}
    insert_columns(unit, Revision.__table__, columns, same)  # type: ignore[arg-type]


def provenance(unit: Unit, batch_id: int | None, line: int | None) -> dict[str, Any]:
    """The columns that say when, by whom and from where a row came to be known."""
    return {"recorded_at": unit.now, "recorded_by": unit.actor.account_id, "batch_id": batch_id, "source_line": line}


def remark(row: Row, code: str, column: str, value: object, severity: Literal["error", "review", "warning"]) -> Problem:
    """A problem that recording found (reading has its own)."""
    source = row.source
    return Problem(source.file, source.line, column, "" if value is None else str(value), code, severity, source.sheet)


def parts(values: Sequence[_T]) -> Iterable[Sequence[_T]]:
    """``values`` in parts small enough to be bound in one statement."""
    for start in range(0, len(values), _PART):
        yield values[start : start + _PART]
