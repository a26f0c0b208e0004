"""Whether the rows are what the chain says they are (PROMISES.md P26)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, select

from matchhub.db.tables import BoundRows, LogEntry
from matchhub.services.kernel.binding import BOUND_VERB, root_of
from matchhub.services.kernel.bound import BOUND
from matchhub.services.kernel.payloads import said_in
from matchhub.services.kernel.row_digests import ABSENT, KEY_BYTES, rows_read, split, unpacked
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class RowFault:
    """One row that is not what the chain says: ``changed``, ``inserted``, ``deleted``; ``file`` or ``pack``."""

    table: str
    row: int
    what: str

    def to_json(self) -> dict[str, object]:
        """``{"table", "row", "what"}``."""
        return {"table": self.table, "row": self.row, "what": self.what}


def first_bad_root(unit: Unit) -> int | None:
    """The first entry whose root is not that of its digests; ``None`` when all are whole. Says nothing of the rows."""
    chosen = select(LogEntry.id, LogEntry.payload).where(LogEntry.verb == BOUND_VERB)
    wanted = {key: said_in(payload).get("root") for key, payload in unit.session.execute(chosen)}
    columns = (BoundRows.entry_id, BoundRows.table_name, BoundRows.row_ids, BoundRows.digests)
    kept = unit.session.execute(select(*columns).order_by(BoundRows.id), execution_options={"yield_per": 200})
    bad = [
        entry
        for entry, parts in groupby(kept, key=lambda part: part.entry_id)
        if wanted.pop(entry, None) != root_of((part.table_name, part.row_ids, part.digests) for part in parts)
    ]
    return min([*bad, *wanted], default=None)


def row_faults(unit: Unit) -> Iterator[RowFault | None]:
    """For every row of every bound table ``None`` when it is as it was bound, else what is wrong with it."""
    connection = unit.session.connection()
    for table_name in BOUND:
        in_force = _in_force(connection, table_name)
        for key, digest in rows_read(connection, table_name):
            wanted = in_force.pop(key, ABSENT)
            if wanted == digest:
                yield None
            else:
                yield RowFault(table_name, key, "inserted" if wanted == ABSENT else "changed")
        for key, digest in sorted(in_force.items()):
            if digest != ABSENT:
                yield RowFault(table_name, key, "deleted")


def _in_force(connection: Connection, table_name: str) -> dict[int, bytes]:
    """The newest digest of every row of a table."""
    chosen = select(BoundRows.row_ids, BoundRows.digests).where(BoundRows.table_name == table_name)
    found: dict[int, bytes] = {}
    for ids, digests in connection.execute(chosen.order_by(BoundRows.id)):
        # Forged parts may have any length (their root tells): the rows beside them are still compared.
        whole = ids[: len(ids) // KEY_BYTES * KEY_BYTES]
        found.update(zip(unpacked(whole), split(digests), strict=False))
    return found
