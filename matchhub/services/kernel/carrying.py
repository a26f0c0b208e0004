"""Carrying a whole base from one engine to the other: every row as it is, counted and compared before anybody is told.

Foreign keys are taken off the target while rows go in (rows refer to one another in circles) and put on again in the
same transaction, so that the target is whole or as empty as before. Values of JSON columns go over as the text they
are, so that their digests stay the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import JSON, Column, Connection, Engine, MetaData, Table, cast, func, select, text
from sqlalchemy.types import Text

from matchhub.db import schema
from matchhub.db.base import Base
from matchhub.db.engine import READ_ONLY
from matchhub.db.tables import LogEntry
from matchhub.errors import Conflict
from matchhub.services.kernel.bulk import hand_over
from matchhub.services.kernel.faults import faults_as_refusals

_AT_ONCE = 5_000
_FOREIGN_KEYS = text(
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
)
_NEXT_NUMBER = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")


@dataclass(frozen=True, slots=True)
class Carried:
    """What was carried: the ``tables`` that hold rows, and all ``rows``."""

    tables: int
    rows: int


def carry_base(source: Engine, target: Engine, *, over: bool = False) -> Carried:
    """Fill ``target`` with all rows of ``source``, one state of it, and compare the two.

    The target's schema is made where it is missing. With ``over`` what it holds of ours is dropped in the same
    transaction (PostgreSQL). Raises ``Conflict``: ``move_schema`` (the source is not of this version),
    ``move_target_filled`` (data ``table``), ``move_source_changed`` (somebody wrote meanwhile) and ``move_rows_differ``
    (data ``table``); then the target holds what it held before.
    """
    with faults_as_refusals():
        if (now := schema.current(source)) != schema.head():
            raise Conflict("move_schema", now=now or "-", newest=schema.head())
        with _one_state(source) as reading, target.begin() as writing:
            if over:
                _drop_all(writing)
            schema.upgrade_on(writing)
            filled = [table.name for table in Base.metadata.sorted_tables if _holds_rows(writing, table)]
            if filled:
                raise Conflict("move_target_filled", table=filled[0])
            carried = _carry_all(reading, writing)
            with _one_state(source) as later:
                if _last_entry(later) != _last_entry(reading):
                    raise Conflict("move_source_changed")
    return carried


@contextmanager
def _one_state(engine: Engine) -> Iterator[Connection]:
    """A connection that reads one state of the base, whoever writes meanwhile."""
    options: dict[str, Any] = {READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection:
        yield connection


def _carry_all(reading: Connection, writing: Connection) -> Carried:
    put_back = _take_off_foreign_keys(writing)
    tables = rows = 0
    for table in Base.metadata.sorted_tables:
        count, digest = 0, 0
        for columns in _columns_of(reading, table):
            hand_over(writing, _plain(table), columns)
            count, digest = count + len(next(iter(columns.values()))), digest + _digest(columns)
        arrived = [(len(next(iter(each.values()))), _digest(each)) for each in _columns_of(writing, table)]
        if (sum(number for number, _ in arrived), sum(part for _, part in arrived)) != (count, digest):
            raise Conflict("move_rows_differ", table=table.name)
        _go_on_numbering(writing, table)
        tables, rows = tables + (count > 0), rows + count
    for statement in put_back:
        writing.exec_driver_sql(statement)
    return Carried(tables, rows)


def _plain(table: Table) -> Table:
    """The table with its JSON columns as the texts they are."""
    columns = [Column(each.name, Text() if isinstance(each.type, JSON) else each.type) for each in table.columns]
    return Table(table.name, MetaData(), *columns)


def _columns_of(connection: Connection, table: Table) -> Iterator[dict[str, Sequence[Any]]]:
    """The rows of a table, some thousands at a time, column by column."""
    names = [each.name for each in table.columns]
    chosen = select(*(cast(each, Text) if isinstance(each.type, JSON) else each for each in table.columns))
    found = connection.execute(chosen, execution_options={"yield_per": _AT_ONCE})
    for part in found.partitions():
        yield dict(zip(names, zip(*part, strict=True), strict=True))


def _digest(columns: dict[str, Sequence[Any]]) -> int:
    """The same for the same rows in any order: the sum of the digests of their values."""
    texts = (repr(row).encode("utf-8", "surrogatepass") for row in zip(*columns.values(), strict=True))
    return sum(int.from_bytes(blake2b(each, digest_size=16).digest()) for each in texts)


def _take_off_foreign_keys(writing: Connection) -> list[str]:
    """Let rows come before those they refer to; the statements that put everything back and check it."""
    if writing.dialect.name == "sqlite":
        writing.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # until the end of this transaction, which checks them
        return []
    keys = writing.execute(_FOREIGN_KEYS).all()
    for table, name, _ in keys:
        writing.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in keys]


def _go_on_numbering(writing: Connection, table: Table) -> None:
    """Let the next row of a table get the number after the last one."""
    if writing.dialect.name != "postgresql" or "id" not in table.columns:
        return
    last = writing.execute(select(func.max(table.c.id))).scalar()
    if isinstance(last, int):
        writing.execute(_NEXT_NUMBER, {"name": table.name, "last": last})


def _drop_all(writing: Connection) -> None:
    quote = writing.dialect.identifier_preparer.quote
    for name in [*Base.metadata.tables, "alembic_version"]:
        writing.exec_driver_sql(f"DROP TABLE IF EXISTS {quote(name)} CASCADE")
    writing.exec_driver_sql("DROP FUNCTION IF EXISTS event_log_refuse()")


def _holds_rows(connection: Connection, table: Table) -> bool:
    return connection.execute(select(*table.primary_key.columns).limit(1)).first() is not None


def _last_entry(connection: Connection) -> int | None:
    return connection.execute(select(func.max(LogEntry.id))).scalar()
