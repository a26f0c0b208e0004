"""Creating and upgrading the schema through Alembic, from the first day."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from matchhub.db.engine import READ_ONLY

_UPGRADE_LOCK = 5828  # advisory lock key on PostgreSQL
_FOLDER = Path(__file__).with_name("migrations")


def _configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The newest revision that the code knows."""
    newest = ScriptDirectory.from_config(_configuration()).get_current_head()
    assert newest is not None
    return newest


def current(engine: Engine) -> str | None:
    """The revision the database is at; ``None`` for a database without our schema."""
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> bool:
    """Bring the database to ``head()`` in one transaction; true when it was empty before.

    Of several that come at once one does the work and the others wait and find it done: on SQLite by the write lock
    that every transaction begins with, on PostgreSQL by a lock of our own.
    """
    if current(engine) == head():
        return False
    with engine.begin() as connection:
        return upgrade_on(connection)


def upgrade_on(connection: Connection) -> bool:
    """``upgrade`` within a transaction that is open already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
    before = MigrationContext.configure(connection).get_current_revision()
    command.upgrade(_configuration(connection), "head")
    return before is None
