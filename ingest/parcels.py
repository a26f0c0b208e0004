"""The process beside of ``ingest.beside``, and the parcels in which it sends rows: ``python -m ingest.parcels MEMORY
SECONDS`` takes the tables to walk from standard input.

A parcel holds what differs from row to row, as plain tuples; what a table's rows share is sent once in it. The last
one is ``None``, a refusal is a dict.
"""

from __future__ import annotations

import gc
import io
import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from itertools import islice
from operator import attrgetter
from typing import Any

from ingest.child import limit_self
from ingest.isolation import OUT_OF_MEMORY
from ingest.walking import walk
from matchhub.domain.records import (
    AgencyRecord,
    CategoryClaim,
    DealRecord,
    DemandRecord,
    EnterpriseRecord,
    ExpertRecord,
    Kind,
    LicenceRecord,
    OfferRecord,
    PatentRecord,
    Problem,
    Row,
    Source,
    StatusClaim,
)
from matchhub.errors import FileRefused

ROWS = 1_000  # in a parcel
AHEAD = 12  # parcels that wait for the one who records
_BETWEEN = 100_000  # new objects between two searches for cyclic garbage, of which rows make none
_RECORDS: dict[Kind, type[Any]] = {
    "patents": PatentRecord,
    "enterprises": EnterpriseRecord,
    "experts": ExpertRecord,
    "agencies": AgencyRecord,
    "demands": DemandRecord,
    "offers": OfferRecord,
    "licences": LicenceRecord,
    "deals": DealRecord,
}


def _values_of(shape: type[Any], begin: int = 0) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*[each.name for each in fields(shape)][begin:])


def _reduced(shape: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[Any, ...]]]:
    """How to pickle a small frozen class: by its constructor, several times as fast as the way of dataclasses."""
    values = _values_of(shape)
    return lambda thing: (shape, values(thing))


_SMALL: dict[type, Callable[[Any], Any]] = {shape: _reduced(shape) for shape in (Problem, StatusClaim, CategoryClaim)}


def pack(rows: list[Row], kind: Kind, remarks: list[Problem]) -> bytes:
    """Rows of one table as a parcel."""
    values = _values_of(_RECORDS[kind], 1)  # all but the source, which is the row's
    first = rows[0].source if rows else Source("", 0)
    contents = [
        (
            row.source.line,
            row.source.as_of_on,
            tuple([cell for _, cell in row.source.raw]),
            None if row.record is None else values(row.record),
            row.problems,
        )
        for row in rows
    ]
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _SMALL
    pickler.dump((first.file, first.sheet, tuple(header for header, _ in first.raw), contents, remarks))
    return buffer.getvalue()


def unpack(parcel: Any, kind: Kind) -> tuple[Iterator[Row], list[Problem]]:
    """The rows of a parcel, made one at a time, and the remarks that came with it."""
    file, sheet, headers, contents, remarks = parcel
    shape = _RECORDS[kind]

    def rows() -> Iterator[Row]:
        for line, day, cells, values, problems in contents:
            source = Source(file, line, sheet, tuple(zip(headers, cells, strict=True)), day)
            yield Row(source, None if values is None else shape(source, *values), problems)

    return rows(), remarks


def _parcels(walks: Iterable[Any], kind: Kind) -> Iterator[bytes]:
    for each in walks:
        remarks: list[Problem] = []
        rows = walk([each], kind, remarks)
        while chunk := list(islice(rows, ROWS)):
            yield pack(chunk, kind, remarks)
            remarks.clear()
        if remarks:
            yield pack([], kind, remarks)


def _send(waiting: queue.Queue[bytes | None]) -> None:
    """Write parcels as they come; nobody listens any more: end at once."""
    try:
        while (parcel := waiting.get()) is not None:
            sys.stdout.buffer.write(parcel)
            sys.stdout.buffer.flush()
    except OSError:
        os._exit(1)


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who records; it stops listening then
    memory, seconds = map(int, arguments)
    limit_self(memory, seconds)
    gc.set_threshold(_BETWEEN)
    walks, kind = pickle.load(sys.stdin.buffer)
    waiting: queue.Queue[bytes | None] = queue.Queue(AHEAD)
    sender = threading.Thread(target=_send, args=(waiting,), daemon=True)
    sender.start()
    try:
        for parcel in _parcels(walks, kind):
            waiting.put(parcel)
        waiting.put(pickle.dumps(None))
    except FileRefused as refusal:
        waiting.put(pickle.dumps({"code": refusal.code, "data": refusal.data}))
    except MemoryError:
        return OUT_OF_MEMORY
    waiting.put(None)
    sender.join()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
