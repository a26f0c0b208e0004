"""Backups: a consistent copy of database and evidence in one file, checked before it is put back (PROMISES.md P4).

SQLite is copied through its backup interface (copying the file is no backup while somebody writes); for PostgreSQL the
server's own tools are named instead.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from matchhub.errors import Conflict, FileRefused, SettingInvalid
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.settings import Settings

_DATABASE, _MANIFEST = "matchhub.db", "manifest.json"


def make_backup(runtime: Runtime, file: Path) -> dict[str, Any]:
    """Write ``file`` (a tar with the database, the evidence, the secret key and a manifest of hashes).

    Returns its size in ``bytes`` and its ``sha256``. Raises ``SettingInvalid`` on PostgreSQL.
    """
    source = sqlite_file(runtime.settings)
    with tempfile.TemporaryDirectory(dir=runtime.home) as folder:
        copy = Path(folder) / _DATABASE
        _copy_database(source, copy)
        evidence = sorted(each for each in (runtime.home / "evidence").rglob("*") if each.is_file())
        members = {_DATABASE: copy} | {str(each.relative_to(runtime.home)): each for each in evidence}
        if (key := runtime.home / "secret_key").exists():
            members["secret_key"] = key
        manifest = Path(folder) / _MANIFEST
        manifest.write_text(json.dumps({name: _sha256(path) for name, path in members.items()}), "utf-8")
        part = file.with_name(file.name + ".part")
        with tarfile.open(part, "w") as archive:
            archive.add(manifest, _MANIFEST)
            for name, path in members.items():
                archive.add(path, name)
        part.replace(file)
    return {"bytes": file.stat().st_size, "sha256": _sha256(file)}


def restore_backup(settings: Settings, file: Path, *, force: bool = False) -> dict[str, Any]:
    """Put a backup back into the home of ``settings``.

    Everything is unpacked and checked against the manifest first. Raises ``FileRefused("backup_damaged")``, and
    ``Conflict("backup_over_records")`` when there is a database already and ``force`` is not given.
    """
    target = sqlite_file(settings)
    if has_base(settings) and not force:
        raise Conflict("backup_over_records")
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.home) as folder:
        names = _unpack(file, Path(folder))
        for companion in (target.with_name(target.name + "-wal"), target.with_name(target.name + "-shm")):
            companion.unlink(missing_ok=True)
        for name in names:
            place = target if name == _DATABASE else settings.home / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).replace(place)
    return {"bytes": file.stat().st_size, "sha256": _sha256(file)}


def check_backup(file: Path) -> None:
    """Read a backup as a restore would, beside it; raises ``FileRefused("backup_damaged")``."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        _unpack(file, Path(folder))


def has_base(settings: Settings) -> bool:
    """Whether there is a database already. Raises ``SettingInvalid`` on PostgreSQL."""
    return sqlite_file(settings).exists()


def _unpack(file: Path, folder: Path) -> list[str]:
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, str] = json.loads((folder / _MANIFEST).read_text("utf-8"))
        damaged = [name for name, digest in manifest.items() if _sha256(folder / name) != digest]
    except (tarfile.TarError, OSError, ValueError) as fault:
        raise FileRefused("backup_damaged", file=file.name) from fault
    if damaged or _DATABASE not in manifest or not _is_sound(folder / _DATABASE):
        raise FileRefused("backup_damaged", file=file.name)
    return list(manifest)


def _copy_database(source: Path, copy: Path) -> None:
    reading, writing = sqlite3.connect(source), sqlite3.connect(copy)
    try:
        reading.backup(writing)
    finally:
        writing.close()
        reading.close()


def _is_sound(database: Path) -> bool:
    connection = sqlite3.connect(database)
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def sqlite_file(settings: Settings) -> Path:
    """The file of the database; ``SettingInvalid("backup_needs_pg_dump")`` where a server keeps it."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise SettingInvalid("backup_needs_pg_dump")
    return Path(url.database)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
