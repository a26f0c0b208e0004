"""Many rows into one table by one statement of the driver.

SQLAlchemy binds every value of every row by name, which costs more than the insertion itself; here the values are
converted column by column, by the same column types, and handed to the driver as they are: to one prepared statement of
SQLite, to PostgreSQL's COPY.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Table, func, select, text
from sqlalchemy.exc import DBAPIError

from matchhub.services.kernel.bound import BOUND
from matchhub.services.kernel.row_digests import digests_of, packed
from matchhub.services.kernel.touched import touched_in
from matchhub.services.kernel.unit import Unit


def insert_rows(unit: Unit, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows``, which all have the same keys; columns they leave out take their default."""
    if rows:
        insert_columns(unit, table, {name: [row[name] for row in rows] for name in rows[0]}, {})


def insert_columns(unit: Unit, table: Table, columns: Mapping[str, Sequence[Any]], same: Mapping[str, Any]) -> None:
    """Insert the rows whose values stand in ``columns``, all of one length, and ``same`` for every row.

    Columns left out take their default. Rows that the chain binds leave their digests, made from the values in hand.
    """
    count = len(next(iter(columns.values())))
    if not count:
        return
    unit.session.flush()  # rows added as objects go first, as with any other statement
    filled = {**same, **_defaults(table, {*columns, *same})}
    listed = dict(columns)
    if table.name in BOUND and "id" not in listed:
        listed["id"] = new_ids(unit, table, count)
    connection = unit.session.connection()
    every = listed | {name: [value] * count for name, value in filled.items()}
    bound = hand_over(connection, table, every)
    if connection.dialect.name == "sqlite":
        _note(unit, table, bound, listed, stored=True)
    else:
        _note(unit, table, every, listed, stored=False)


def hand_over(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Insert the rows whose values stand in ``columns`` and nothing else; the columns as the driver was given them."""
    bound = {name: _bound(values, table, name, connection.dialect) for name, values in columns.items()}
    if connection.dialect.name == "postgresql":
        _copy(connection, table, bound)
        return bound
    names = ", ".join(f'"{name}"' for name in bound)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join("?" * len(bound))})'  # nosec B608
    connection.exec_driver_sql(statement, list(zip(*bound.values(), strict=True)))
    return bound


def _copy(connection: Connection, table: Table, bound: Mapping[str, Sequence[Any]]) -> None:
    """Hand the rows to PostgreSQL's COPY; what the driver refuses is raised as from any other statement."""
    dialect, driver = connection.dialect, cast(Any, connection.connection.driver_connection)
    quote = dialect.identifier_preparer.quote
    statement = f"COPY {quote(table.name)} ({', '.join(map(quote, bound))}) FROM STDIN"
    errors = dialect.loaded_dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in zip(*bound.values(), strict=True):
                copy.write_row(row)
    except (errors, UnicodeError) as fault:
        raise DBAPIError.instance(
            statement, None, fault, errors, hide_parameters=True, connection_invalidated=driver.closed, dialect=dialect
        ) from fault


def _note(
    unit: Unit, table: Table, values: Mapping[str, Sequence[Any]], listed: Mapping[str, Sequence[Any]], *, stored: bool
) -> None:
    """Keep the digests of bound rows for the end of the unit."""
    if table.name in BOUND:
        digests = digests_of(table.name, values, len(listed["id"]), stored=stored)
        touched_in(unit.session).made.append((table.name, packed(listed["id"]), digests))


def new_ids(unit: Unit, table: Any, count: int) -> list[int]:
    """``count`` fresh keys of a table, so that a chunk goes in by one statement and its rows are known at once.

    On SQLite the writing unit holds the only write lock, so the next numbers are free; PostgreSQL's sequence gives its.
    """
    held = table if isinstance(table, Table) else table.__table__
    if unit.session.get_bind().dialect.name == "postgresql":
        sequence = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return list(unit.session.execute(sequence, {"name": held.name, "count": count}).scalars())
    last = unit.session.execute(select(func.max(held.c.id))).scalar() or 0
    return list(range(last + 1, last + 1 + count))


def _defaults(table: Table, given: set[str]) -> dict[str, Any]:
    """Plain defaults of the columns that are not given."""
    return {
        column.name: column.default.arg  # type: ignore[attr-defined]
        for column in table.columns
        if column.name not in given and column.default is not None and column.default.is_scalar
    }


def _bound(values: Sequence[Any], table: Table, name: str, dialect: Dialect) -> list[Any]:
    """One column as the driver takes it; a value that stands in row after row is converted once."""
    process = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return list(values)
    bound: list[Any] = []
    last: Any = None
    converted: Any = process(None)
    for value in values:
        if value is not last:
            last, converted = value, process(value)
        bound.append(converted)
    return bound
