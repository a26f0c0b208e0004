"""A base with a few rows in every table, of made-up values that fit the columns; and ways to change them by SQL."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from matchhub.db.base import Base
from matchhub.db.types import UtcDateTime, Yuan
from matchhub.services.evidence.files import place_of
from matchhub.services.kernel.bound import BOUND, PERSONAL, bound_columns
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.runtime import Runtime
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


def write_some_entries(runtime: Runtime) -> None:
    """A log that is long enough to be cut, one entry a unit."""
    for number in range(1, 7):
        with runtime.unit() as unit:
            append_event(unit, "demand.posted", "demands", number, words=number)


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


def edit_the_log(unit: Unit, chance: random.Random) -> int:
    """One change of the log or of its digests, by SQL and without the triggers; the entry that must be named."""
    free_of_rules(unit)
    connection = unit.session.connection()
    if connection.dialect.name == "sqlite":
        for table, act in itertools.product(sorted(LOG), ("update", "delete")):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{act}")
    log, bound = Base.metadata.tables["event_log"], Base.metadata.tables["bound_rows"]
    entries = list(connection.execute(sa.select(log.c.id).order_by(log.c.id)).scalars())
    at = chance.randrange(len(entries))
    act = chance.choice(["changed", "changed", "deleted", "inserted", "row_ids", "digests", "deleted digests"])
    if act == "changed":
        name = chance.choice(sorted({each.name for each in log.columns} - {"id", "subject_id"}))
        new = datetime(2001, 1, 1, tzinfo=UTC) if name.endswith("_at") else f"x{entries[at]}"
        connection.execute(sa.update(log).where(log.c.id == entries[at]).values({name: new}))
        return entries[at]
    if act == "deleted":
        connection.execute(sa.delete(log).where(log.c.id == entries[at]))
        return entries[at + 1] if at + 1 < len(entries) else entries[at]
    if act == "inserted":
        last = connection.execute(sa.select(log).where(log.c.id == entries[-1])).one()._asdict()
        connection.execute(sa.insert(log).values(last | {"id": entries[-1] + 1, "hash": "forged"}))
        return entries[-1] + 1
    part = chance.choice(connection.execute(sa.select(bound.c.id, bound.c.entry_id)).all())
    if act in ("row_ids", "digests"):
        connection.execute(sa.update(bound).where(bound.c.id == part.id).values({act: b"0123456789abcdefg"}))
    else:
        connection.execute(sa.delete(bound).where(bound.c.id == part.id))
    return int(part.entry_id)


def edit_a_file(home: Path, chance: random.Random) -> tuple[set[int], Callable[[], None]]:
    """A file of evidence flipped, cut, deleted, or changed for another one; the rows meant, and how to put it right."""
    files = {number: place_of(home, sha256(f"file {number}".encode()).hexdigest()) for number in range(1, ROWS + 1)}
    kept = {path: path.read_bytes() for path in files.values()}
    number, other = chance.sample(sorted(files), 2)
    act = chance.choice(["flipped", "cut", "deleted", "swapped"])
    if act == "flipped":
        files[number].write_bytes(bytes([kept[files[number]][0] ^ 1]) + kept[files[number]][1:])
    elif act == "cut":
        files[number].write_bytes(kept[files[number]][:-1])
    elif act == "deleted":
        files[number].unlink()
    else:
        files[number].write_bytes(kept[files[other]])
        files[other].write_bytes(kept[files[number]])

    def put_right() -> None:
        for path, content in kept.items():
            path.write_bytes(content)

    return ({number, other} if act == "swapped" else {number}), put_right
