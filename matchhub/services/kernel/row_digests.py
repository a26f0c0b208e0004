"""Digests of rows: the same for a row that is about to be written and for the same row read back, on every engine.

A value counts as SQLite stores it: whole numbers, truth as 0 and 1, days and moments in ISO form, money as fen, lists
as their JSON text. So on SQLite nothing is converted, and on PostgreSQL each column by its own type. A row is the JSON
array of its values in the order of ``bound_columns``; its digest is BLAKE2b of 16 bytes over that.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from sys import byteorder
from typing import Any

from sqlalchemy import JSON, Column, Connection, Float, Numeric, Select, select
from sqlalchemy.dialects import sqlite

from matchhub.db.base import Base
from matchhub.services.kernel.bound import PERSONAL, bound_columns

DIGEST_BYTES, KEY_BYTES = 16, 8
ABSENT = bytes(DIGEST_BYTES)
"""Digest of a row that is not there."""

_STORED = sqlite.dialect(json_serializer=json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode)
_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_READ_AT_ONCE = 2000
Values = Sequence[Any]


def digests_of(table_name: str, columns: Mapping[str, Values], count: int, *, stored: bool) -> bytes:
    """Digests of ``count`` rows, one after the other, from their values by column; a column left out is empty.

    ``stored`` tells that the values are as SQLite holds them; else they are as the column types give them to Python.
    """
    table = Base.metadata.tables[table_name]
    empty = (None,) * count
    plain = [_plain(table.columns[name], columns.get(name, empty), stored) for name in bound_columns(table_name)]
    return b"".join(blake2b(_TEXT(row).encode(), digest_size=DIGEST_BYTES).digest() for row in zip(*plain, strict=True))


def _plain(column: Column[Any], values: Values, stored: bool) -> Values:
    """One column as it goes into the digest."""
    if column.name in PERSONAL:
        return [1 if value else 0 for value in values]
    if not stored and (process := column.type.dialect_impl(_STORED).bind_processor(_STORED)) is not None:
        values = _converted(process, values)
    kind = column.type
    if isinstance(kind, JSON):  # the empty value is NULL or the text "null", as the statement had it
        if column.table.name == "revisions":
            return [_without_persons(value) for value in values]
        return [None if value == "null" else value for value in values]
    if isinstance(kind, Float):
        return [_number(float, value) for value in values]
    if isinstance(kind, Numeric):  # exact in PostgreSQL, a floating number in SQLite
        return [_number(f"{{:.{kind.scale}f}}".format, value) for value in values]
    return values


_PERSONAL_KEYS = tuple(f'"{name}":' for name in PERSONAL)


def _without_persons(value: Any) -> Any:
    """The fields of a revision as they go into the digest: of personal data only whether there are any."""
    if value is None or value == "null":
        return None
    if not isinstance(value, str) or not any(key in value for key in _PERSONAL_KEYS):
        return value
    try:
        fields = json.loads(value)
    except ValueError:  # somebody put something else in its place
        return value
    if not isinstance(fields, dict):
        return value
    return _TEXT({name: (1 if each else 0) if name in PERSONAL else each for name, each in fields.items()})


def _number(write: Callable[[Any], Any], value: Any) -> Any:
    try:
        return None if value is None else write(float(value))
    except (TypeError, ValueError):  # somebody put a word in its place; SQLite lets one
        return str(value)


def _converted(process: Callable[[Any], Any], values: Values) -> list[Any]:
    """A value that stands in row after row is converted once."""
    done: list[Any] = []
    last: Any = None
    converted: Any = process(None)
    for value in values:
        if value is not last:
            last, converted = value, process(value)
        done.append(converted)
    return done


def rows_read(connection: Connection, table_name: str, ids: Sequence[int] | None = None) -> Iterator[tuple[int, bytes]]:
    """Key and digest of the rows of a table (with ``ids``: of those that are there), as they are stored now."""
    names = bound_columns(table_name)
    for rows in _parts(connection, table_name, names, ids):
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        made = digests_of(table_name, columns, len(rows), stored=connection.dialect.name == "sqlite")
        yield from zip(columns["id"], split(made), strict=True)


def _parts(connection: Connection, table_name: str, names: list[str], ids: Sequence[int] | None) -> Iterator[Any]:
    if connection.dialect.name == "sqlite":
        listed = ", ".join(f'"{name}"' for name in names)
        within = "" if ids is None else f" WHERE id IN ({', '.join(map(str, ids))})"
        statement = f'SELECT {listed} FROM "{table_name}"{within} ORDER BY id'  # nosec B608
        yield from connection.exec_driver_sql(statement).partitions(_READ_AT_ONCE)
        return
    table = Base.metadata.tables[table_name]
    chosen: Select[Any] = select(*(table.columns[name] for name in names)).order_by(table.c.id)
    if ids is not None:
        chosen = chosen.where(table.c.id.in_(ids))
    read = connection.execute(chosen, execution_options={"stream_results": ids is None})
    yield from read.partitions(_READ_AT_ONCE)


def split(digests: bytes) -> Iterator[bytes]:
    """The digests that stand one after the other in ``digests``."""
    return (digests[at : at + DIGEST_BYTES] for at in range(0, len(digests), DIGEST_BYTES))


def packed(ids: Iterable[int]) -> bytes:
    """Keys as ``BoundRows`` keeps them."""
    numbers = array("q", ids)
    if byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def unpacked(kept: bytes) -> array[int]:
    """The keys that ``packed`` made ``kept`` of."""
    numbers = array("q")
    numbers.frombytes(kept)
    if byteorder == "big":
        numbers.byteswap()
    return numbers
