"""An opened installation: settings, engine, rule pack; hands out units of work.

Writing units on SQLite queue behind one lock of the process and one lock file for all processes: waiting in line is
both faster and fairer than SQLite's own busy retries.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from matchhub.db import schema
from matchhub.db.comparing import first_difference
from matchhub.db.engine import READ_ONLY, make_engine
from matchhub.domain.rules import RulePack
from matchhub.policy import load_pack
from matchhub.services.kernel.binding import bind_touched
from matchhub.services.kernel.faults import disk_refusal_of, faults_as_refusals, refusal_of
from matchhub.services.kernel.lapsing import lapse_confirmations
from matchhub.services.kernel.locks import held_in_turn
from matchhub.services.kernel.rule_packs import note_pack
from matchhub.services.kernel.settings import DEFAULT_BASE_URL, Settings
from matchhub.services.kernel.touched import WatchedSession
from matchhub.services.kernel.unit import SYSTEM, Actor, Unit, system_clock

ERASED = "erased"  # in the session's info: the unit erased personal data, to be overwritten once it is committed


@dataclass
class Runtime:
    """What one process holds open. ``clock`` gives the aware moment a unit sees as now."""

    settings: Settings
    engine: Engine
    clock: Callable[[], datetime] = system_clock
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _writers: set[int] = field(default_factory=set, init=False, repr=False)  # threads that write or wait to
    _noted: str = field(default="", init=False, repr=False)  # digest of the pack that the chain is known to hold

    @property
    def home(self) -> Path:
        """The data folder."""
        return self.settings.home

    @property
    def base_url(self) -> str:
        """Address that links begin with: the setting, else where the pages of this home are served (or last were)."""
        return self.settings.base_url or served_at(self.home) or DEFAULT_BASE_URL

    @property
    def pack(self) -> RulePack:
        """The rule pack in force here."""
        return load_pack(self.settings.policy, self.home)

    @contextmanager
    def unit(self, actor: Actor = SYSTEM, *, write: bool = True) -> Iterator[Unit]:
        """A unit of work: committed when the block ends well, rolled back when it raises.

        What the database cannot do is raised as a refusal (``kernel.faults``): ``StorageFull`` when the disk is full,
        ``DatabaseAway`` when it cannot be reached, ``Conflict("database_busy")`` when the wait was too long, and
        ``Conflict("written_meanwhile")`` when another unit wrote the same unique key first.
        """
        with self._line() if write else _no_line(), WatchedSession(self.engine, expire_on_commit=False) as session:
            try:
                session.connection(execution_options=self._options(write))
                unit = self._unit(session, actor)
                yield unit
                if write:
                    self._finish(unit)
                else:
                    session.rollback()
            except SQLAlchemyError as error:
                session.rollback()
                raise refusal_of(error) or error from error
            except OSError as error:
                session.rollback()
                raise disk_refusal_of(error) or error from error
            except BaseException:
                session.rollback()
                raise
            erased = session.info.get(ERASED, False)
        if erased:
            self.overwrite_freed()

    def overwrite_freed(self) -> bool:
        """Have the database overwrite what was erased: deleted rows, and old pages in its journal. Outside any unit.

        False when others read it at the moment: then it happens in the course of later writing. PostgreSQL frees the
        rows to be written over, as its ``VACUUM`` does.
        """
        with self._line(), closing(self.engine.raw_connection()) as connection:
            driver: Any = connection.driver_connection
            if self.engine.dialect.name != "sqlite":
                driver.autocommit = True
                driver.execute("VACUUM")
                driver.autocommit = False
                return True
            try:
                connection.cursor().execute("VACUUM")
                return not connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError:
                return False

    def _finish(self, unit: Unit) -> None:
        """What every writing unit leaves in the chain: the pack, words that lapsed, the rows it touched."""
        digest = unit.pack.digest
        if self._noted != digest:
            note_pack(unit)
        lapse_confirmations(unit)
        bind_touched(unit)
        unit.session.commit()
        self._noted = digest

    def _options(self, write: bool) -> dict[str, Any]:
        """A reading unit sees one state of the base: what is compared with the log must be as old as the log."""
        one_state = not write and self.engine.dialect.name == "postgresql"
        return {READ_ONLY: not write} | ({"isolation_level": "REPEATABLE READ"} if one_state else {})

    def _unit(self, session: WatchedSession, actor: Actor) -> Unit:
        settings = self.settings
        return Unit(
            session,
            self.clock(),
            actor,
            self.pack,
            self.home,
            self.base_url,
            settings.secret_key,
            settings.accounts,
            settings.dask,
            self.clock,
        )

    @contextmanager
    def _line(self) -> Iterator[None]:
        """The turn of this thread to write; inside another turn of its own it would wait for itself for ever."""
        thread = threading.get_ident()
        if thread in self._writers:
            raise RuntimeError("a writing unit is open in this thread: use that one instead of opening another")
        self._writers.add(thread)
        try:
            if self.engine.dialect.name != "sqlite":
                yield
                return
            with self._lock, held_in_turn(self.home / "write.lock"):
                yield
        finally:
            self._writers.discard(thread)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


@contextmanager
def _no_line() -> Iterator[None]:
    yield


_SERVED = "served_at"


def note_serving(home: Path, address: str) -> None:
    """Leave word where the pages of this home are served, so that the worker's letters lead there."""
    part = home / (_SERVED + ".part")
    part.write_text(address, "ascii")
    part.replace(home / _SERVED)


def served_at(home: Path) -> str:
    """Where the pages of this home are served or last were; "" when they never were."""
    try:
        return (home / _SERVED).read_text("ascii").strip()
    except OSError:
        return ""


def open_runtime(
    settings: Settings, *, create: bool = True, before_upgrade: Callable[[Runtime], object] | None = None
) -> tuple[Runtime, bool]:
    """Open the installation and bring its schema up to date; the flag tells whether the database is new.

    With ``create=False`` the schema is left alone; ``before_upgrade`` is called with a base of an older schema before
    that changes. Raises ``SettingInvalid`` for a wrong database address, and what a
    unit raises where the database cannot be reached, is damaged or has no room.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    runtime = Runtime(settings, engine)
    with faults_as_refusals():
        if create and before_upgrade is not None and schema.current(engine) not in (None, schema.head()):
            before_upgrade(runtime)
        created = schema.upgrade(engine) if create else False
    return runtime, created


def schema_version(runtime: Runtime) -> str | None:
    """The schema revision of the database."""
    with faults_as_refusals():
        return schema.current(runtime.engine)


def schema_difference(runtime: Runtime) -> str:
    """The first table, column, index, key or trigger that is not as the code declares it, as ``kind: name``; "" for
    none. The number of the schema alone does not tell: a base of an early commit may bear it too."""
    with faults_as_refusals():
        return first_difference(runtime.engine)


def newest_schema() -> str:
    """The schema revision that this version of the code expects."""
    return schema.head()
