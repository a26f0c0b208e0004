"""A base with a few rows in every table, of made-up values that fit the columns; and ways to change them by SQL."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from matchhub.db.base import Base
from matchhub.db.types import UtcDateTime, Yuan
from matchhub.services.kernel.bound import BOUND, PERSONAL, bound_columns
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.unit import Unit

ROWS = 3
LOG = {"event_log", "bound_rows"}


def value(column: sa.Column[Any], number: int) -> Any:
    """A value of the column's type, another one for each number."""
    kind = column.type
    if column.foreign_keys or column.name == "id":
        return 1 + number % ROWS
    if isinstance(kind, UtcDateTime):
        return datetime(2024, 1, 1, 12, tzinfo=UTC) + timedelta(hours=number, microseconds=number)
    if isinstance(kind, sa.JSON):
        return [{"词": f"值{number}", "数": number, "比": 0.1 * number}]
    if isinstance(kind, Yuan | sa.Numeric) and not isinstance(kind, sa.Float):
        return Decimal(number) + Decimal("0.5")
    made: dict[type, Any] = {sa.Boolean: number % 2 == 1, sa.Date: date(2024, 1, 1) + timedelta(days=number),
                             sa.Float: number / 7, sa.Integer: number, sa.LargeBinary: f"值{number}".encode()}  # fmt: skip
    found = [each for of, each in made.items() if isinstance(kind, of)]
    return found[0] if found else f"值{column.name[:20]}{number}"


def fill_every_table(unit: Unit) -> None:
    """``ROWS`` rows in every table, half by the bulk door and half as objects."""
    classes: dict[str, Any] = {each.class_.__tablename__: each.class_ for each in Base.registry.mappers}
    for table in Base.metadata.sorted_tables:
        if table.name in LOG or "id" not in table.columns:
            continue
        rows = [{each.name: value(each, number) for each in table.columns} for number in range(ROWS)]
        if table.name in BOUND:
            insert_rows(unit, table, rows[:2])
        for row in rows[2:] if table.name in BOUND else rows:
            made = classes[table.name]()
            for name, each in row.items():
                setattr(made, name, each)
            unit.session.add(made)
            unit.session.flush()


def free_of_rules(unit: Unit) -> None:
    """What somebody with the database in hands does first: no foreign keys, no triggers."""
    sqlite = unit.session.get_bind().dialect.name == "sqlite"
    unit.session.connection().exec_driver_sql(
        "PRAGMA defer_foreign_keys=ON" if sqlite else "SET LOCAL session_replication_role = replica"
    )


def random_edit(unit: Unit, chance: random.Random) -> tuple[str, int, str]:
    """One change by SQL that no act made; returns its table, row and what it is."""
    free_of_rules(unit)
    table = Base.metadata.tables[chance.choice(sorted(BOUND))]
    row, what = chance.randint(1, ROWS), chance.choice(["changed", "changed", "changed", "inserted", "deleted"])
    connection = unit.session.connection()
    if what == "deleted":
        connection.execute(sa.delete(table).where(table.c.id == row))
    elif what == "inserted":
        row = 70
        more = {each.name: 70 if each.unique or each.name == "id" else value(each, 70) for each in table.columns}
        more |= {each.name: str(70) for each in table.columns if each.unique and not isinstance(each.type, sa.Integer)}
        more |= {each.name: 70 for index in table.constraints if isinstance(index, sa.UniqueConstraint)
                 for each in index.columns if isinstance(each.type, sa.Integer)}  # fmt: skip
        connection.execute(sa.insert(table), more)
    else:
        change_one_value(connection, table, row, chance)
    return table.name, row, what


def change_one_value(connection: sa.Connection, table: sa.Table, row: int, chance: random.Random) -> None:
    names = [name for name in bound_columns(table.name) if name != "id"]
    column = table.c[chance.choice(names)]
    old = connection.execute(sa.select(column).where(table.c.id == row)).scalar_one()
    new = (not old) if isinstance(old, bool) else None if column.name in PERSONAL else value(column, 40 + row)
    if column.foreign_keys or isinstance(column.type, sa.BigInteger):
        new = (old or 0) + 50
    connection.execute(sa.update(table).where(table.c.id == row).values({column.name: new}))
