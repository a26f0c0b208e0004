"""Many rows into one table by one statement of the driver.

SQLAlchemy binds every value of every row by name, which costs more than the insertion itself; on SQLite the values are
converted here column by column, by the same column types, and handed to the driver as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Dialect, Table, insert

from matchhub.services.unit import Unit

Processor = Callable[[Any], Any]


def insert_rows(unit: Unit, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows``, which all have the same keys; columns they leave out take their default."""
    if not rows:
        return
    connection = unit.session.connection()
    if connection.dialect.name != "sqlite":
        unit.session.execute(insert(table), list(rows))
        return
    unit.session.flush()  # rows added as objects go first, as with any other statement
    names = list(rows[0])
    columns = [_bound([row[name] for row in rows], table, name, connection.dialect) for name in names]
    for column in table.columns:
        default = column.default
        if column.name not in rows[0] and default is not None and default.is_scalar:
            names.append(column.name)
            columns.append(_bound([default.arg] * len(rows), table, column.name, connection.dialect))  # type: ignore[attr-defined]
    listed = ", ".join(f'"{name}"' for name in names)
    statement = f'INSERT INTO "{table.name}" ({listed}) VALUES ({", ".join("?" * len(names))})'
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _bound(values: list[Any], table: Table, name: str, dialect: Dialect) -> list[Any]:
    """One column as the driver takes it; a value that stands in row after row is converted once."""
    process = table.columns[name].type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    bound: list[Any] = []
    last: Any = None
    converted: Any = process(None)
    for value in values:
        if value is not last:
            last, converted = value, process(value)
        bound.append(converted)
    return bound
