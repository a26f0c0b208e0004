"""Backups: a consistent copy of database and evidence in one file, checked when it is made and before it is put back
(PROMISES.md P4).

The database goes in as an SQLite file whatever the engine, so that a backup made on one can be put back on the other:
SQLite is copied through its backup interface (copying the file is no backup while somebody writes), PostgreSQL row by
row in one state (``kernel.carrying``). The secret key stays outside: who holds a backup must not be able to sign links
(``docs/decisions/0135-a-backup-is-a-tar-of-sqlite.md``).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.engine import make_url

from matchhub.db.engine import make_engine
from matchhub.db.tables import LogEntry
from matchhub.durable import is_no_leftover, sync_folder, synced
from matchhub.errors import Conflict, FileRefused
from matchhub.services.kernel.carrying import carry_base
from matchhub.services.kernel.faults import faults_as_refusals
from matchhub.services.kernel.running import require_stopped
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.scratch import scratch_folder
from matchhub.services.kernel.settings import Settings

_DATABASE, _MANIFEST = "matchhub.db", "manifest.json"


def make_backup(runtime: Runtime, file: Path) -> dict[str, Any]:
    """Write ``file`` (a tar with the database, the evidence and a manifest of hashes) and read it again.

    Returns its size in ``bytes`` and its ``sha256``. Raises ``FileRefused``: ``backup_of_damaged`` when the database is
    not sound, ``backup_damaged`` when what was written cannot be read back. Then an older file of that name stays.
    """
    with scratch_folder(runtime.home) as folder:
        copy = folder / _DATABASE
        _copy_base(runtime, copy)
        if fault := fault_of(copy):
            raise FileRefused("backup_of_damaged", reason=fault)
        evidence = sorted(each for each in (runtime.home / "evidence").rglob("*") if is_no_leftover(each))
        members = {_DATABASE: copy} | {each.relative_to(runtime.home).as_posix(): each for each in evidence}
        manifest = folder / _MANIFEST
        part = file.with_name(file.name + ".part")
        try:
            with tarfile.open(part, "w") as archive:
                digests = {name: _add(archive, path, name) for name, path in members.items()}
                manifest.write_text(json.dumps(digests), "utf-8")
                archive.add(manifest, _MANIFEST)
            check_backup(part, folder / "again")
            synced(part).replace(file)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(file.parent)
    return {"bytes": file.stat().st_size, "sha256": _sha256(file)}


def restore_backup(settings: Settings, file: Path, *, force: bool = False) -> dict[str, Any]:
    """Put a backup back into the home and the database of ``settings``.

    Everything is unpacked and checked against the manifest first. Raises ``FileRefused("backup_damaged")``, and
    ``Conflict``: ``still_running`` while something serves this home, ``base_in_use`` while others are connected to the
    server's database, ``backup_over_records`` when there are records already and ``force`` is not given.
    """
    require_stopped(settings.home)
    if has_base(settings) and not force:
        raise Conflict("backup_over_records")
    settings.home.mkdir(parents=True, exist_ok=True)
    with scratch_folder(settings.home) as folder:
        names = _unpack(file, folder)
        for name in names:
            if name != _DATABASE:
                place = settings.home / name
                place.parent.mkdir(parents=True, exist_ok=True)
                synced(folder / name).replace(place)
                sync_folder(place.parent)
        _put_back(settings, folder / _DATABASE)
    return {"bytes": file.stat().st_size, "sha256": _sha256(file)}


def check_backup(file: Path, folder: Path) -> None:
    """Read a backup as a restore would, into a new folder; raises ``FileRefused("backup_damaged")``."""
    folder.mkdir()
    _unpack(file, folder)


def has_base(settings: Settings) -> bool:
    """Whether there are records already: a file of SQLite, or entries in the log of a server's database."""
    if (database := sqlite_file(settings)) is not None:
        return database.exists()
    with _opened(settings.database_url) as engine, faults_as_refusals(), engine.connect() as connection:
        if not inspect(connection).has_table(LogEntry.__tablename__):
            return False
        return bool(connection.execute(select(func.count(LogEntry.id))).scalar())


def base_bytes(runtime: Runtime) -> int:
    """Bytes of the database and its evidence."""
    evidence = sum(file.stat().st_size for file in (runtime.home / "evidence").rglob("*") if file.is_file())
    if (database := sqlite_file(runtime.settings)) is not None:
        return evidence + database.stat().st_size
    with faults_as_refusals(), runtime.engine.connect() as connection:
        return evidence + int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def sqlite_file(settings: Settings) -> Path | None:
    """The file of the database; ``None`` where a server keeps it."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def fault_of(database: Path) -> str:
    """What SQLite finds wrong with a file of it, in its own words; "" for a sound one."""
    try:
        with _closed_after(sqlite3.connect(f"file:{database.as_posix()}?mode=ro", uri=True)) as connection:
            found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as fault:
        return str(fault)
    return found if found != "ok" else f"{broken[0]}: {broken[2]}" if broken else ""


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _closed_after(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()


def _copy_base(runtime: Runtime, copy: Path) -> None:
    """The database as it is at one moment, as a single file of SQLite."""
    source = sqlite_file(runtime.settings)
    if source is None:
        with _opened(f"sqlite:///{copy}") as target:
            carry_base(runtime.engine, target)
            with target.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        return
    try:
        with _closed_after(sqlite3.connect(source)) as reading, _closed_after(sqlite3.connect(copy)) as writing:
            reading.backup(writing)
    except sqlite3.DatabaseError as fault:
        raise FileRefused("backup_of_damaged", reason=str(fault)) from fault


def _put_back(settings: Settings, database: Path) -> None:
    target = sqlite_file(settings)
    if target is None:
        with _opened(f"sqlite:///{database}") as source, _opened(settings.database_url) as server:
            _require_alone(server)
            carry_base(source, server, over=True)
        return
    for companion in (target.with_name(target.name + "-wal"), target.with_name(target.name + "-shm")):
        companion.unlink(missing_ok=True)
    synced(database).replace(target)
    sync_folder(target.parent)


def _require_alone(server: Engine) -> None:
    """Raise ``Conflict("base_in_use")`` while others are connected to the server's database."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend'"
    )
    with faults_as_refusals(), server.connect() as connection:
        if number := connection.execute(others).scalar():
            raise Conflict("base_in_use", number=number)


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    archive.add(path, name)
    return _sha256(path)


def _unpack(file: Path, folder: Path) -> list[str]:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, str] = json.loads((folder / _MANIFEST).read_text("utf-8"))
        damaged = [name for name, digest in manifest.items() if _sha256(folder / name) != digest]
    except (tarfile.TarError, OSError, ValueError) as fault:
        raise FileRefused("backup_damaged", file=file.name) from fault
    if damaged or _DATABASE not in manifest or fault_of(folder / _DATABASE):
        raise FileRefused("backup_damaged", file=file.name)
    return list(manifest)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
