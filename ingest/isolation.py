"""Parses risky formats in a child process with limits on memory, time and disk.

A hostile or broken file may hang a parser, exhaust memory or abort the process; here that costs a child, and the
parent refuses the file. The child writes each table to a spool file, so rows reach the parent only when the whole file
has been parsed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ingest.scratch import Scratch
from ingest.tables import NumberCell, RawRow, Table
from matchhub.errors import FileRefused

SECONDS, SECONDS_PER_MB = 20, 1.5  # an honest file needs more time with its size; a small hostile one does not get it
MEMORY, MEMORY_PER_BYTE = 1_000_000_000, 12
MOST_MEMORY = 4_000_000_000
MOST_SPOOL = 4_000_000_000
WALL_FACTOR = 6  # a busy machine may give a child a sixth of its time
REFUSED = 3  # exit status of a child that refused the file itself
OUT_OF_MEMORY = 4
_STOPPED = {-int(getattr(signal, name, 99)) for name in ("SIGXCPU", "SIGKILL", "SIGABRT", "SIGSEGV")} | {OUT_OF_MEMORY}
PROJECT = Path(__file__).resolve().parent.parent


def was_stopped(returncode: int) -> bool:
    """Whether a child ended because it reached a limit."""
    return returncode in _STOPPED


def limits_for(size: int) -> tuple[int, int]:
    """Seconds and bytes of memory that parsing a file of ``size`` bytes may take."""
    seconds = SECONDS + int(SECONDS_PER_MB * size / 1_000_000)
    return seconds, min(MEMORY + MEMORY_PER_BYTE * size, MOST_MEMORY)


def open_isolated(path: Path, name: str, format: str) -> list[Table]:
    """Tables of a file, parsed by a child. Raises the child's ``FileRefused``, or ``file_too_costly`` when it had to be
    stopped, or ``file_damaged`` when it failed in any other way."""
    seconds, memory = limits_for(path.stat().st_size)
    scratch = Scratch()
    limits = [str(memory), str(seconds)]
    command = [sys.executable, "-m", "ingest.child", str(path), name, format, str(scratch.folder), *limits]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])}
    try:
        ended = subprocess.run(
            command, env=environment, capture_output=True, timeout=seconds * WALL_FACTOR, check=False
        )
    except subprocess.TimeoutExpired as fault:
        raise FileRefused("file_too_costly", file=name) from fault
    if ended.returncode == REFUSED:
        told = json.loads(ended.stdout)
        raise FileRefused(told["code"], **told["data"])
    if ended.returncode:
        raise FileRefused("file_too_costly" if was_stopped(ended.returncode) else "file_damaged", file=name)
    return [_spooled(told, name, scratch) for told in json.loads(ended.stdout)]


def _spooled(told: dict[str, object], name: str, scratch: Scratch) -> Table:
    spool = scratch.folder / str(told["spool"])
    header = told["header"]
    return Table(
        file=name,
        rows=scratch.keeping(partial(_rows, spool)),
        format=str(told["format"]),
        sheet=str(told["sheet"]),
        encoding=str(told["encoding"]),
        row_count=int(str(told["row_count"])),
        header=tuple(header) if isinstance(header, list) else None,
        hidden=bool(told["hidden"]),
    )


def _rows(spool: Path) -> Iterator[RawRow]:
    with spool.open("rb") as stream:
        for written in stream:
            line, cells, numbers = json.loads(written)
            for index in numbers:
                cells[index] = NumberCell(cells[index])
            yield RawRow(line, tuple(cells))
