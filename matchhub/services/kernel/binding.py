"""The end of a unit of work: the rows it touched are bound into the chain (PROMISES.md P26)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from sqlalchemy import insert

from matchhub.db.tables import BoundRows
from matchhub.services.kernel.event_log import append_event, hold_log
from matchhub.services.kernel.row_digests import ABSENT, packed, rows_read
from matchhub.services.kernel.touched import touched_in
from matchhub.services.kernel.unit import Unit

BOUND_VERB = "facts.bound"
_AT_ONCE = 5000  # rows of one part
Part = tuple[str, bytes, bytes]
"""Table, keys and digests of rows."""


def bind_touched(unit: Unit) -> None:
    """Write one entry with the root over the digests of all bound rows that the unit touched; none when it did not.

    They are read under the lock of the log: of two units that change one row, the later entry has the later state.
    """
    unit.session.flush()
    touched = touched_in(unit.session)
    if not touched.made and not touched.rows:
        return
    hold_log(unit)
    parts = [*touched.made, *_read(unit)]
    rows = sum(len(ids) for _, ids, _ in parts) // 8
    entry = append_event(unit, BOUND_VERB, "facts", None, root=root_of(parts), rows=rows)
    columns = ("table_name", "row_ids", "digests")
    values = [{"entry_id": entry.id, **dict(zip(columns, part, strict=True))} for part in parts]
    unit.session.connection().execute(insert(BoundRows), values)
    touched.made.clear()
    touched.rows.clear()


def _read(unit: Unit) -> Iterator[Part]:
    connection = unit.session.connection()
    for table_name, touched in sorted(touched_in(unit.session).rows.items()):
        ids = sorted(touched)
        for start in range(0, len(ids), _AT_ONCE):
            part = ids[start : start + _AT_ONCE]
            there = dict(rows_read(connection, table_name, part))
            yield table_name, packed(part), b"".join(there.get(each, ABSENT) for each in part)


def root_of(parts: Iterable[Part]) -> str:
    """SHA-256, hex, over tables, keys and digests in their order."""
    root = hashlib.sha256()
    for table_name, ids, digests in parts:
        for each in (table_name.encode(), ids, digests):
            root.update(len(each).to_bytes(8, "little") + each)
    return root.hexdigest()
