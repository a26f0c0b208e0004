"""The reader process of ``ingest.reader_process``: ``python -m ingest.reader_worker MEMORY SECONDS``.

It takes one pickled task from standard input, (resolved tables, kind), and writes messages to standard output
(``ingest.from_children``): batches of rows, then ``None``; or code and data where the file is refused. Running out of
memory is exit status ``OUT_OF_MEMORY``.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from itertools import islice

from ingest.from_children import MOST_BYTES, packed
from ingest.row_batches import pack_rows
from ingest.table_rows import ResolvedTable, read_tables
from matchhub.domain.records import Kind, Problem, Row
from matchhub.errors import FileRefused
from matchhub.process_limits import OUT_OF_MEMORY, limit_this_process

_ROWS_PER_BATCH = 1_000
_MAX_WAITING_BATCHES = 12  # read ahead of the process that records
_GC_THRESHOLD = 100_000  # new objects between two searches for cyclic garbage; rows make none


def _batches(tables: Iterable[ResolvedTable], kind: Kind) -> Iterator[bytes]:
    """Packed batches, each of rows of one table with the remarks collected since the batch before."""
    for table in tables:
        remarks: list[Problem] = []
        rows = read_tables([table], kind, remarks)
        while chunk := list(islice(rows, _ROWS_PER_BATCH)):
            yield from _packed(chunk, kind, remarks, table.part.file)
            remarks.clear()
        if remarks:
            yield pack_rows([], kind, remarks)


def _packed(rows: list[Row], kind: Kind, remarks: list[Problem], file: str) -> Iterator[bytes]:
    """The rows in as many messages as their length needs; raises ``FileRefused`` where one row alone is too long."""
    batch = pack_rows(rows, kind, remarks)
    if len(batch) <= MOST_BYTES:
        yield batch
    elif len(rows) == 1:
        raise FileRefused("file_too_costly", file=file)
    else:
        half = len(rows) // 2
        yield from _packed(rows[:half], kind, remarks, file)
        yield from _packed(rows[half:], kind, [], file)


def _send(waiting: queue.Queue[bytes | None]) -> None:
    """Write messages as they come; when the other end is closed, end this process at once."""
    try:
        while (message := waiting.get()) is not None:
            sys.stdout.buffer.write(message)
            sys.stdout.buffer.flush()
    except OSError:
        os._exit(1)


def main(arguments: list[str]) -> int:
    """Read one task and send its rows; returns the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the recording process, which then stops reading
    memory, seconds = map(int, arguments)
    limit_this_process(memory, seconds)
    gc.set_threshold(_GC_THRESHOLD)
    tables, kind = pickle.load(sys.stdin.buffer)  # nosec B301
    waiting: queue.Queue[bytes | None] = queue.Queue(_MAX_WAITING_BATCHES)
    sender = threading.Thread(target=_send, args=(waiting,), daemon=True)
    sender.start()
    try:
        for batch in _batches(tables, kind):
            waiting.put(batch)
        waiting.put(packed(None))
    except FileRefused as refusal:
        waiting.put(packed({"code": refusal.code, "data": refusal.data}))
    except MemoryError:
        return OUT_OF_MEMORY
    waiting.put(None)
    sender.join()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
