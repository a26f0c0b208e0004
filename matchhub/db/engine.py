"""The engine: SQLite as it must be set to keep what it acknowledged, or PostgreSQL.

SQLite's defaults lose acknowledged commits in a power cut and lost updates between processes; every pooled
connection therefore gets WAL, ``synchronous=FULL``, foreign keys and ``BEGIN IMMEDIATE`` for writing units
(``docs/decisions/0002-sqlite-settings.md``).
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import StatementError

from matchhub.errors import SettingInvalid

READ_ONLY = "matchhub_read_only"  # execution option of a unit that will not write
_BUSY_MS = 30_000
# Statements that are kept ready: a visitor's 27 pages leave 51, all pages of all roles several hundred. Beyond
# SQLAlchemy's own 500 each page would throw out another's, and to make one ready takes longer than to ask it.
_READY = 2000


_PLAIN_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # once: ``dumps`` makes one for each value


def _plain_json(value: Any) -> str:
    return _PLAIN_JSON.encode(value)


def _set_up_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None  # the driver must not open transactions of its own
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what is erased on request is overwritten, not only forgotten
    cursor.execute("PRAGMA cache_size=-65536")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _name_unholdable(context: ExceptionContext) -> None:
    """What a driver itself cannot hand over (half a character, a number beyond 64 bits) it tells by Python's own
    exceptions; here it becomes one of the base's."""
    if isinstance(context.original_exception, (UnicodeError, OverflowError)):
        raise StatementError("a value cannot be handed over", context.statement, None, context.original_exception, True)


def make_engine(url: str) -> Engine:
    """An engine for ``sqlite:///...`` or ``postgresql+psycopg://...``; raises ``SettingInvalid`` for any other.

    Its errors tell the statement and never the values: among them are hashes of session tokens.
    """
    try:
        backend = make_url(url).get_backend_name()
    except Exception as error:
        raise SettingInvalid("database_url_invalid") from error
    if backend == "sqlite":
        engine = create_engine(
            url,
            json_serializer=_plain_json,
            hide_parameters=True,
            query_cache_size=_READY,
            pool_size=16,
            max_overflow=16,
            pool_use_lifo=True,  # the connection used last holds the pages read last; in turn each would hold its own
        )
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "handle_error", _name_unholdable)
        return engine
    if backend == "postgresql":
        engine = create_engine(
            url,
            json_serializer=_plain_json,
            hide_parameters=True,
            query_cache_size=_READY,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=8,
        )
        event.listen(engine, "handle_error", _name_unholdable)
        return engine
    raise SettingInvalid("database_url_invalid")
