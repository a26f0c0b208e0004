"""Whether a list has one order only: rows that are equal in all it is sorted by stand where the engine likes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement, UnaryExpression

from matchhub.services.kernel.runtime import Runtime


@contextmanager
def unstable_orders(runtime: Runtime) -> Iterator[set[str]]:
    """The statements of the block whose order leaves something open, as they were said."""
    found: set[str] = set()

    def look(_connection: sa.Connection, statement: Any, *_: Any) -> None:
        if isinstance(statement, sa.Select) and not is_stable(statement):
            found.add(" ".join(str(statement).split()))

    sa.event.listen(runtime.engine, "before_execute", look)
    try:
        yield found
    finally:
        sa.event.remove(runtime.engine, "before_execute", look)


def is_stable(statement: sa.Select[Any]) -> bool:
    """Whether the order of the rows is fixed where it is asked for or where only some of them are taken.

    It is when the order names a unique column, every column that rows are grouped by or are distinct in, or when one
    row is asked for to learn whether there is any.
    """
    orders = [_bare(each) for each in statement._order_by_clauses]
    if not orders:
        return statement._limit_clause is None or statement._limit == 1
    if any(_is_unique(each) for each in orders):
        return True
    told_apart = list(statement._group_by_clauses) or (list(statement.selected_columns) if statement._distinct else [])
    return bool(told_apart) and all(any(each.compare(order) for order in orders) for each in map(_bare, told_apart))


def _bare(element: Any) -> ColumnElement[Any]:
    while isinstance(element, (UnaryExpression, sa.Label)):
        element = element.element
    return element


def _is_unique(element: ColumnElement[Any]) -> bool:
    """Whether it is a unique column, or one that tells rows of one record apart: a place within it (a position, a rank)
    stands in a unique key together with the record."""
    if not isinstance(element, sa.Column) or not isinstance(element.table, sa.Table):
        return bool(getattr(element, "base_columns", None)) and any(
            base is not element and isinstance(base, sa.Column) and _is_unique(base) for base in element.base_columns
        )
    table = element.table
    keys = [
        constraint
        for constraint in table.constraints
        if isinstance(constraint, (sa.PrimaryKeyConstraint, sa.UniqueConstraint))
    ]
    unique = [set(each.columns) for each in keys] + [set(each.columns) for each in table.indexes if each.unique]
    return element.name == "rank" or any(element in key for key in unique)
