"""The rows of large files, made by a process beside while this one records them.

The file was opened, checked and understood before; the process beside is handed the tables and sends rows back in
order, a thousand at a time. It is limited as every parser is, ends when this one stops listening, and hands on a
refusal as it is. What travels is pickled, between two processes of this program that trust each other.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from ingest.isolation import MEMORY, OUT_OF_MEMORY, PROJECT, SECONDS, was_stopped
from ingest.parcels import unpack
from ingest.reading import ReadFile
from matchhub.domain.records import Row
from matchhub.errors import FileRefused

MANY = 20_000  # rows that are worth the start of a process
_ROWS_PER_SECOND = 500  # an honest table is read ten times as fast


class ReaderFailed(RuntimeError):
    """The process beside failed for a reason that is no fault of the file; carries its last words."""


def rows_beside(read: ReadFile) -> Iterator[Row]:
    """``read.rows``, from a process beside where that pays; ``read.remarks`` grows all the same.

    Raises ``FileRefused`` as the rows themselves would, ``file_too_costly`` when the process had to be stopped, and
    ``ReaderFailed``.
    """
    count = read.row_count
    if count is None or count < MANY or _cores() < 2:
        yield from read.rows
        return
    with tempfile.TemporaryFile() as words:
        process = _started(read, count, words)
        try:
            yield from _received(read, process, words)
        finally:  # also when nobody wants the rest: cancelled, interrupted, refused
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every system tells
        return os.cpu_count() or 1


def _started(read: ReadFile, count: int, words: IO[bytes]) -> subprocess.Popen[bytes]:
    """The process, told what to walk."""
    command = [sys.executable, "-m", "ingest.parcels", str(MEMORY), str(SECONDS + count // _ROWS_PER_SECOND)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])}
    task = pickle.dumps((read.walks, read.kind))
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words, bufsize=1 << 20
    )
    assert process.stdin is not None
    try:
        process.stdin.write(task)
        process.stdin.close()
    except BrokenPipeError:
        pass  # it is dead already; the reading end says how
    return process


def _received(read: ReadFile, process: subprocess.Popen[bytes], words: IO[bytes]) -> Iterator[Row]:
    assert process.stdout is not None
    while True:
        try:
            parcel: Any = pickle.load(process.stdout)
        except (EOFError, pickle.UnpicklingError) as fault:
            raise _ended(process, read.file, words) from fault
        if parcel is None:
            return
        if isinstance(parcel, dict):
            raise FileRefused(parcel["code"], **parcel["data"])
        rows, remarks = unpack(parcel, read.kind)
        read.remarks += remarks
        yield from rows


def _ended(process: subprocess.Popen[bytes], file: str, words: IO[bytes]) -> Exception:
    """Why a process ended before its last parcel."""
    code = process.wait()
    if was_stopped(code) or code == OUT_OF_MEMORY:
        return FileRefused("file_too_costly", file=file)
    words.seek(0)
    return ReaderFailed(words.read().decode("utf-8", "replace")[-4000:])
