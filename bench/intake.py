"""The import of one large file, as an operator's clerk feels it: seconds, processor time and memory.

``python3 run.py bench intake [--rows N]`` writes N patents with real texts (``MATCHHUB_SHARED``) as csv and as xlsx and
imports each by the command into an empty base, in a fresh process. Peer: what everyone writes first, the csv module
(for xlsx calamine) and sqlite3's ``executemany`` of the same columns, nothing checked, merged, dated or undone.
Memory is the sum of the resident sets of all processes at the worst moment; what they share counts for each of them.
"""

from __future__ import annotations

import argparse
import csv
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from bench.main_job import PATENT_HEADER, SHARED, _patents, _write

_COMMAND = "import sys; sys.argv[0] = 'matchhub'; from matchhub.cli import main; sys.exit(main())"
_LOOK_EVERY = 0.05  # seconds
_PEER = "CREATE TABLE patents (number TEXT UNIQUE, title TEXT, abstract TEXT, applicant TEXT, class TEXT)"


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall and processor seconds (of all processes together), and MiB at the worst moment."""

    wall: float
    cpu: float
    peak: float


def _write_csv(file: Path, rows: Iterator[tuple[str, ...]]) -> Path:
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(PATENT_HEADER)
        writer.writerows(rows)
    return file


def _resident(process: int) -> float:
    """MiB that a process and all that descend from it hold now."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except OSError:  # gone between two looks
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20 + sum(_resident(int(child)) for child in children)


def _measured(command: Sequence[str], home: Path) -> Cost:
    begun, peak = time.perf_counter(), 0.0
    with (home / "said.txt").open("w") as said:
        process = subprocess.Popen(command, env=os.environ | {"MATCHHUB_HOME": str(home)}, stdout=said, stderr=said)
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            peak = max(peak, _resident(process.pid))
            time.sleep(_LOOK_EVERY)
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    wall = time.perf_counter() - begun
    if process.returncode:
        raise RuntimeError((home / "said.txt").read_text("utf-8")[-2000:])
    return Cost(wall, ended[2].ru_utime + ended[2].ru_stime, peak)


def _insert_bare(file: Path) -> None:
    """The peer: every row as it stands into one table."""
    base = sqlite3.connect(Path(os.environ["MATCHHUB_HOME"]) / "peer.db")
    base.execute(_PEER)
    statement = "INSERT INTO patents VALUES (?, ?, ?, ?, ?)"
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream)
            next(rows)
            base.executemany(statement, rows)
    else:
        sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0)
        base.executemany(statement, sheet.to_python()[1:])
    base.commit()


def main(arguments: list[str] | None = None) -> int:
    """Print the table; returns 1 where the real data are absent."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench intake", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--peer", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.peer:
        _insert_bare(chosen.peer)
        return 0
    if not SHARED.is_dir():
        print(f"real data not found at {SHARED}; set MATCHHUB_SHARED", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rows = list(_patents(chosen.rows))
        files = [_write_csv(folder / "p.csv", iter(rows)), _write(folder / "p.xlsx", PATENT_HEADER, iter(rows))]
        del rows
        load = " / ".join(f"{each:.1f}" for each in os.getloadavg())
        print(f"{chosen.rows} patents, SQLite, {os.cpu_count()} cores, load average {load}")
        for file in files:
            _compare(file, folder)
    return 0


def _compare(file: Path, folder: Path) -> None:
    costs = []
    for name, command in (
        ("matchhub import", ["-c", _COMMAND, "import", "patents", str(file)]),
        ("bare executemany", ["-m", "bench.intake", "--peer", str(file)]),
    ):
        with tempfile.TemporaryDirectory(dir=folder) as home:
            cost = _measured([sys.executable, *command], Path(home))
        costs.append(cost)
        size = f"{file.suffix[1:]}, {file.stat().st_size / 1e6:.0f} MB"
        print(f"{size:<14}{name:<20}{cost.wall:>8.2f} s wall{cost.cpu:>8.2f} s CPU{cost.peak:>8.0f} MiB", flush=True)
    ours, peer = costs
    print(f"{'':<14}{'ours / peer':<20}{ours.wall / peer.wall:>8.1f} x {'':<4}{ours.cpu / peer.cpu:>8.1f} x")


if __name__ == "__main__":
    sys.exit(main())
