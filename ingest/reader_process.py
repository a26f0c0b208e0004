"""Turns the rows of large files into records in a second process while this one records them.

This process has already opened and checked the file and found its headers. It hands the resolved tables to the reader
process, which sends batches of rows back in order (``ingest.row_batches``). The reader process runs under the same
limits as a parser process and ends as soon as nobody reads from it. It trusts its task, which is pickled; what it sends
is not trusted, because a file may have taken it over, and comes as plain values that are checked.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO

from ingest.from_children import NotPlain, read_message, refusal_of
from ingest.reading import ReadFile
from ingest.row_batches import unpack_rows
from matchhub.domain.records import Row
from matchhub.errors import FileRefused
from matchhub.process_limits import MEMORY_BYTES, SECONDS, child_environment, was_stopped

MIN_ROWS = 20_000  # with fewer rows, starting a process costs more than it saves
_MIN_ROWS_PER_SECOND = 500  # an honest table is read ten times as fast; slower ones are stopped
_MAX_ERROR_TEXT = 4_000  # characters
_MORE_ROWS = 100_000  # than were counted, before no more are taken


class ReaderFailed(RuntimeError):
    """The reader process failed without the file being at fault; the message is the end of its error output."""


def rows_from_reader_process(read: ReadFile) -> Iterator[Row]:
    """``read.rows``, made by a reader process when the file is large and a second core is free.

    ``read.remarks`` grows as it does when the rows are read in this process. Raises ``FileRefused`` as the rows
    themselves do, ``file_too_costly`` when the process reached a limit, and ``ReaderFailed``.
    """
    count = read.row_count
    if count is None or count < MIN_ROWS or _usable_cores() < 2:
        yield from read.rows
        return
    with tempfile.TemporaryFile() as errors:
        process = _start(read, count, errors)
        try:
            yield from _received_rows(read, process, errors, 2 * count + _MORE_ROWS)
        finally:  # also when the caller stops early: import cancelled, interrupted or refused
            _stop(process)


def _usable_cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every operating system has it
        return os.cpu_count() or 1


def _start(read: ReadFile, count: int, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the reader process and send it the tables; its error output goes to the file ``errors``."""
    seconds = SECONDS + count // _MIN_ROWS_PER_SECOND
    command = [sys.executable, "-m", "ingest.reader_worker", str(MEMORY_BYTES), str(seconds)]
    process = subprocess.Popen(
        command,
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        bufsize=1 << 20,
    )
    assert process.stdin is not None
    try:
        process.stdin.write(pickle.dumps((read.tables, read.kind)))
        process.stdin.close()
    except BrokenPipeError:
        pass  # it has ended already; reading from it will show why
    return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def _received_rows(read: ReadFile, process: subprocess.Popen[bytes], errors: IO[bytes], most: int) -> Iterator[Row]:
    """The rows that the process sends, ``most`` of them at most."""
    assert process.stdout is not None
    while True:
        try:
            message = read_message(process.stdout)
            if message is None:
                return
            if isinstance(message, dict):
                raise refusal_of(message, read.file)
            rows, remarks = unpack_rows(message, read.kind)
            most -= len(rows) + len(remarks)
            if most < 0:
                raise NotPlain("more rows than the file has")
        except EOFError as fault:
            raise _failure(process, read.file, errors) from fault
        except NotPlain as fault:
            raise FileRefused("file_damaged", file=read.file) from fault
        read.remarks += remarks
        yield from rows


def _failure(process: subprocess.Popen[bytes], file: str, errors: IO[bytes]) -> Exception:
    """The exception for a process that ended before its last batch, by its exit status."""
    status = process.wait()
    if was_stopped(status):
        return FileRefused("file_too_costly", file=file)
    errors.seek(0)
    return ReaderFailed(errors.read().decode("utf-8", "replace")[-_MAX_ERROR_TEXT:])
