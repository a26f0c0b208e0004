"""What a database answers when it cannot do what it is asked, read as the refusals that people are told.

SQLite and PostgreSQL say the same thing in different words and classes; here both become one refusal. What is no state
of the world but a fault of the program stays the exception it is.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from matchhub.errors import Conflict, Refusal

# States of PostgreSQL (its manual, appendix A), by their beginnings.
_UNIQUE = "23505"
_FULL = ("53100",)
_BUSY = ("40", "55P03", "53300", "53200")  # deadlocks and lost races, locks not got, no connection left, no memory
_AWAY = ("08", "57P", "58")  # connection broken, server stopping or starting, its files
_UNHOLDABLE = ("22",)  # a number, day or character beyond what a column holds


class StorageFull(Refusal):
    """The disk or the database has no room left; nothing was written."""

    code = "storage_full"


class DatabaseAway(Refusal):
    """The database cannot be reached for now, as while its server starts anew; whether the act was done may be asked
    by sending it again under its key."""

    code = "database_away"


class HomeUnwritable(Refusal):
    """A file of the installation cannot be written: its disk is only read, or it belongs to somebody else."""

    code = "home_unwritable"


class DatabaseDamaged(Refusal):
    """The database's file is not one, or its pages contradict one another."""

    code = "database_damaged"


def cannot_write(refusal: Refusal) -> bool:
    """Whether the base takes nothing now though it may still be read."""
    return isinstance(refusal, (StorageFull, HomeUnwritable)) or refusal.code == "database_busy"


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNWRITABLE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def disk_refusal_of(error: OSError) -> Refusal | None:
    """The refusal that a failed file means: no room left, or a disk that only lets itself be read."""
    if error.errno in _NO_ROOM:
        return StorageFull()
    if error.errno not in _UNWRITABLE:
        return None
    return HomeUnwritable(place=Path(str(error.filename or "")).name)  # a page tells everybody: no paths of the machine


def refusal_of(error: SQLAlchemyError) -> Refusal | None:
    """The refusal that a failed statement or connection means; ``None`` for a fault of the program."""
    if isinstance(error, PoolTimeout):
        return Conflict("database_busy")
    if not isinstance(error, DBAPIError):
        # Python itself could not hand the value over: half a character, a number beyond 64 bits.
        unholdable = isinstance(error, StatementError) and isinstance(error.orig, (UnicodeError, OverflowError))
        return Refusal("value_unholdable") if unholdable else None
    state = getattr(error.orig, "sqlstate", None)
    return _of_postgresql(error, state) if _is_psycopg(error) else _of_sqlite(error)


@contextmanager
def faults_as_refusals() -> Iterator[None]:
    """Raise what the database cannot do as the refusal it means; for connections outside units."""
    try:
        yield
    except SQLAlchemyError as error:
        raise refusal_of(error) or error from error
    except OSError as error:
        raise disk_refusal_of(error) or error from error


def _is_psycopg(error: DBAPIError) -> bool:
    return type(error.orig).__module__.startswith("psycopg")


def _of_postgresql(error: DBAPIError, state: str | None) -> Refusal | None:
    if state == _UNIQUE:
        return Conflict("written_meanwhile")
    if state is None:
        # The driver's own words: no server answered, or a text holds a zero character.
        lost = error.connection_invalidated or type(error.orig).__name__ in ("OperationalError", "InterfaceError")
        return DatabaseAway() if lost else Refusal("value_unholdable") if _is_data(error) else None
    kinds: tuple[tuple[tuple[str, ...], Refusal], ...] = (
        (_FULL, StorageFull()),
        (_BUSY, Conflict("database_busy")),
        (_AWAY, DatabaseAway()),
        (_UNHOLDABLE, Refusal("value_unholdable")),
    )
    return next((refusal for states, refusal in kinds if state.startswith(states)), None)


def _is_data(error: DBAPIError) -> bool:
    return type(error.orig).__name__ == "DataError"


def _of_sqlite(error: DBAPIError) -> Refusal | None:
    text = str(error.orig).lower()
    if isinstance(error, IntegrityError):
        return Conflict("written_meanwhile") if "unique constraint failed" in text else None
    if isinstance(error.orig, OverflowError):
        return Refusal("value_unholdable")
    if "is full" in text or "no space" in text:
        return StorageFull()
    if "locked" in text or "busy" in text:
        return Conflict("database_busy")
    if "malformed" in text or "not a database" in text:
        return DatabaseDamaged()
    if "readonly database" in text:
        return HomeUnwritable(place="matchhub.db")
    if "disk i/o error" in text or "unable to open" in text:
        return DatabaseAway()
    return None
