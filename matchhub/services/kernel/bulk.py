"""Many rows into one table by one statement of the driver.

SQLAlchemy binds every value of every row by name, which costs more than the insertion itself; on SQLite the values are
converted here column by column, by the same column types, and handed to the driver as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Dialect, Table, insert

from matchhub.services.kernel.unit import Unit


def insert_rows(unit: Unit, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows``, which all have the same keys; columns they leave out take their default."""
    if rows:
        insert_columns(unit, table, {name: [row[name] for row in rows] for name in rows[0]}, {})


def insert_columns(unit: Unit, table: Table, columns: Mapping[str, Sequence[Any]], same: Mapping[str, Any]) -> None:
    """Insert the rows whose values stand in ``columns``, all of one length, and ``same`` for every row.

    Columns left out take their default.
    """
    count = len(next(iter(columns.values())))
    if not count:
        return
    connection = unit.session.connection()
    if connection.dialect.name != "sqlite":
        rows = zip(*columns.values(), strict=True)
        unit.session.execute(insert(table), [{**dict(zip(columns, row, strict=True)), **same} for row in rows])
        return
    unit.session.flush()  # rows added as objects go first, as with any other statement
    filled = {**same, **_defaults(table, {*columns, *same})}
    bound = [_bound(values, table, name, connection.dialect) for name, values in columns.items()]
    bound += [_bound([value], table, name, connection.dialect) * count for name, value in filled.items()]
    names = [*columns, *filled]
    listed = ", ".join(f'"{name}"' for name in names)
    statement = f'INSERT INTO "{table.name}" ({listed}) VALUES ({", ".join("?" * len(names))})'
    connection.exec_driver_sql(statement, list(zip(*bound, strict=True)))


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
