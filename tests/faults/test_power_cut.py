"""P2: a power cut at any instant loses no acknowledged write under the shipped settings; under NORMAL it does.

A file system that forgets: what was written since the last sync of a file is there in part or not at all after the cut,
in any order, as a disk's cache leaves it.
"""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import apsw

from matchhub.db.engine import _set_up_sqlite
from tests.machine import cases

_SECTOR = 512


class Disk(apsw.VFS):
    """Every file twice: as the system shows it (``seen``), and as it is on the disk after a cut (``kept``)."""

    def __init__(self, name: str, kept: Path) -> None:
        super().__init__(name, "")
        self.kept = kept
        self.waiting: dict[str, list[tuple[int, bytes | None]]] = {}

    def xOpen(self, name: Any, flags: Any) -> ForgetfulFile:
        return ForgetfulFile(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:
        super().xDelete(name, sync)
        self.waiting.pop(Path(name).name, None)
        (self.kept / Path(name).name).unlink(missing_ok=True)

    def settle(self, name: str, chance: random.Random | None = None) -> None:
        """Bring to the disk what waits; with a chance only some sectors of it, as at a cut."""
        with (self.kept / name).open("r+b" if (self.kept / name).exists() else "w+b") as file:
            for offset, data in self.waiting.pop(name, []):
                if data is None:
                    if chance is None or chance.random() < 0.5:
                        file.truncate(offset)
                    continue
                for at in range(0, len(data), _SECTOR):
                    if chance is None or chance.random() < 0.5:
                        file.seek(offset + at)
                        file.write(data[at : at + _SECTOR])

    def cut(self, chance: random.Random) -> None:
        for name in list(self.waiting):
            self.settle(name, chance)


class ForgetfulFile(apsw.VFSFile):
    """A file whose writes wait for ``xSync``."""

    def __init__(self, disk: Disk, name: Any, flags: Any) -> None:
        super().__init__("", name, flags)
        path = name if isinstance(name, str) else name.filename() if name else "temporary"
        self.disk, self.name = disk, Path(path).name

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self.disk.waiting.setdefault(self.name, []).append((offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self.disk.waiting.setdefault(self.name, []).append((size, None))

    def xSync(self, _flags: int) -> bool:  # type: ignore[override]  # the stubs say None, the library wants a truth value
        self.disk.settle(self.name)
        return True


class Shipped:
    """A connection of apsw that the shipped set-up takes for one of ``sqlite3``."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.cursor = connection.cursor
        self.isolation_level: str | None = ""


def lost_after_cuts(folder: Path, level: str | None, times: int) -> tuple[int, int]:
    """Acknowledged writes that are gone and bases that are damaged, over ``times`` cuts at random instants."""
    lost = damaged = 0
    for number in range(times):
        chance = random.Random(number)
        seen, kept = folder / f"seen{number}", folder / f"kept{number}"
        seen.mkdir()
        kept.mkdir()
        disk = Disk(f"cut{level}{number}", kept)
        connection = apsw.Connection(str(seen / "base.db"), vfs=f"cut{level}{number}")
        say = connection.cursor().execute
        say("PRAGMA locking_mode=EXCLUSIVE")  # the write-ahead log without shared memory, which such a disk has not
        _set_up_sqlite(Shipped(connection), None)
        if level:
            say(f"PRAGMA synchronous={level}")
        assert next(iter(say("PRAGMA journal_mode")))[0] == "wal"
        say("CREATE TABLE kept (number INTEGER PRIMARY KEY, text TEXT)")
        acknowledged = []
        for row in range(chance.randint(1, 60)):
            say("BEGIN IMMEDIATE")
            say("INSERT INTO kept VALUES (?, ?)", (row, "字" * chance.randint(1, 3000)))
            say("COMMIT")
            acknowledged.append(row)
            if chance.random() < 0.05:
                say("PRAGMA wal_checkpoint")
        say("BEGIN IMMEDIATE")
        say("INSERT INTO kept VALUES (9999, 'never acknowledged')")
        disk.cut(chance)
        with sqlite3.connect(kept / "base.db") as after:
            try:
                damaged += after.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
                there = {row[0] for row in after.execute("SELECT number FROM kept")}
            except sqlite3.DatabaseError:
                there = set()
        lost += len(set(acknowledged) - there)
        say("ROLLBACK")
        connection.close()
    return lost, damaged


def test_a_power_cut_loses_nothing_under_the_shipped_settings(tmp_path: Path) -> None:
    assert lost_after_cuts(tmp_path, None, cases(30, 300)) == (0, 0)


def test_the_same_cuts_lose_writes_under_weaker_settings(tmp_path: Path) -> None:
    """The control: a test that finds nothing anywhere proves nothing."""
    assert lost_after_cuts(tmp_path, "NORMAL", 10)[0] > 0
