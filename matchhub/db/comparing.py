"""What a database really holds, compared with the tables that the code declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

import matchhub.db.tables  # noqa: F401  (declares the schema)
from matchhub.db.base import Base
from matchhub.db.engine import READ_ONLY

_APPEND_ONLY = ("event_log", "bound_rows")
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def first_difference(engine: Engine) -> str:
    """The first table, column, index, key or trigger that is missing or other than declared, as ``kind: name``;
    "" where all is as declared. What others keep in the same database is none of ours."""
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        return next(_differences(connection), "")


def _differences(connection: Connection) -> Iterator[str]:
    context = MigrationContext.configure(connection, opts={"include_object": _is_ours, "compare_type": False})
    yield from _named(compare_metadata(context, Base.metadata))
    found = set(connection.execute(text(_TRIGGERS[connection.dialect.name])).scalars())
    acts = ("change",) if connection.dialect.name == "postgresql" else ("update", "delete")
    yield from (
        f"trigger: {table}_no_{act}" for table in _APPEND_ONLY for act in acts if f"{table}_no_{act}" not in found
    )


def _is_ours(_item: Any, name: str | None, kind: str, reflected: bool, declared: Any) -> bool:
    """Whether something counts: what is in the database alone does as part of a table of ours only."""
    return not reflected or declared is not None or kind == "column"


def _named(changes: Iterable[Any]) -> Iterator[str]:
    """Alembic's changes as ``kind: name``; those of comments, which change nothing, left out."""
    for change in changes:
        if isinstance(change, list):
            yield from _named(change)
        elif "comment" not in change[0]:
            kind = change[0].partition("_")[2]
            thing = change[1] if change[1] is not None else f"{change[2]}.{getattr(change[3], 'name', change[3])}"
            yield f"{kind}: {getattr(thing, 'name', thing)}"
