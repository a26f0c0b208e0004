"""The lines of an installation, kept in memory and brought up to date by what the chain says was written since.

Opening a page reads one entry of the chain. What was written since the last page leads to the records it concerns,
and these alone are read again; much of it, another pack or a restored base is read anew.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import BoundRows, Demand, LogEntry, Offer, PatentClass, PatentStatus, Revision
from matchhub.services.counting.kept import end_of_chain
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.row_digests import unpacked
from matchhub.services.kernel.unit import Unit
from matchhub.services.trades.lines import (
    DemandLine,
    OfferLine,
    PatentLine,
    demand_lines,
    offer_lines,
    patent_lines,
)

_ROWS_MOST = 20_000  # written since; beyond that reading everything is the cheaper way
_INSTALLATIONS = 24
_READ = ("patents", "patent_classes", "patent_statuses", "offers", "demands", "enterprises", "revisions")


@dataclass(slots=True)
class Kept:
    """Lines as of an entry of the chain; ``version`` grows when a line changed."""

    entry: int
    hash: str
    pack: str
    patents: dict[int, PatentLine]
    offers: dict[int, OfferLine]
    demands: dict[int, DemandLine]
    version: int = 0
    made: dict[date, tuple[int, Any]] = field(default_factory=dict)


_kept: dict[str, Kept] = {}
_keeping = threading.Lock()


def kept_lines(unit: Unit) -> Kept:
    """The lines of this installation, up to date."""
    key = f"{unit.session.get_bind().engine.url}|{unit.home}"
    with _keeping:
        held = _kept.pop(key, None)
        held = _brought_up(unit, held) if held is not None else _read_anew(unit)
        _kept[key] = held
        while len(_kept) > _INSTALLATIONS:
            _kept.pop(next(iter(_kept)))
    return held


def _end(unit: Unit) -> tuple[int, str]:
    last = end_of_chain(unit)
    return last.entry, last.hash


def _read_anew(unit: Unit) -> Kept:
    entry, digest = _end(unit)
    return Kept(entry, digest, unit.pack.digest, patent_lines(unit), offer_lines(unit), demand_lines(unit))


def _brought_up(unit: Unit, held: Kept) -> Kept:
    entry, digest = _end(unit)
    if (entry, digest, unit.pack.digest) == (held.entry, held.hash, held.pack):
        return held
    if unit.pack.digest != held.pack or not _on_chain(unit, held):
        return _read_anew(unit)
    rows = _rows_since(unit, held.entry)
    if rows is None:
        return _read_anew(unit)
    patents, offers, demands = _records_of(unit, rows)
    changed = _replace(held.patents, patents, patent_lines(unit, patents))
    changed |= _replace(held.offers, offers, offer_lines(unit, offers))
    changed |= _replace(held.demands, demands, demand_lines(unit, demands))
    held.entry, held.hash = entry, digest
    held.version += changed
    return held


def _on_chain(unit: Unit, held: Kept) -> bool:
    """Whether the entry that was read last is still part of the chain: after a restore it may not be."""
    if not held.entry:
        return True
    return unit.session.execute(select(LogEntry.hash).where(LogEntry.id == held.entry)).scalar() == held.hash


def _rows_since(unit: Unit, entry: int) -> Mapping[str, set[int]] | None:
    """Rows written since an entry, by table; ``None`` for too many."""
    since = (BoundRows.entry_id > entry, BoundRows.table_name.in_(_READ))
    size = unit.session.execute(select(func.sum(func.length(BoundRows.row_ids))).where(*since)).scalar()
    if int(size or 0) > 8 * _ROWS_MOST:
        return None
    rows: dict[str, set[int]] = defaultdict(set)
    for name, ids in unit.session.execute(select(BoundRows.table_name, BoundRows.row_ids).where(*since)):
        rows[name] |= set(unpacked(ids))
    return rows


def _records_of(unit: Unit, rows: Mapping[str, set[int]]) -> tuple[set[int], set[int], set[int]]:
    """Patents, offers and demands whose line may have changed.

    Classes of a patent are written anew as a whole, with a revision that tells of those that are gone.
    """
    patents = set(rows.get("patents", ()))
    patents |= _ids(unit, PatentClass.patent_id, PatentClass.id, rows.get("patent_classes", ()))
    patents |= _ids(unit, PatentStatus.patent_id, PatentStatus.id, rows.get("patent_statuses", ()))
    patents |= _ids(unit, Revision.record_id, Revision.id, rows.get("revisions", ()), Revision.kind == "patents")
    offers = set(rows.get("offers", ())) | _ids(unit, Offer.id, Offer.patent_id, patents)
    demands = set(rows.get("demands", ()))
    demands |= _ids(unit, Demand.id, Demand.enterprise_id, rows.get("enterprises", ()))
    return patents, offers, demands


def _ids(unit: Unit, wanted: Any, column: Any, among: Any, *conditions: Any) -> set[int]:
    found: set[int] = set()
    for part in parts(sorted(among)):
        found |= set(unit.session.execute(select(wanted).where(column.in_(part), *conditions)).scalars())
    return found


def _replace(held: dict[int, Any], changed: set[int], fresh: Mapping[int, Any]) -> bool:
    """Put lines that were read again in place of the old ones; whether any of them differs."""
    differs = any(held.get(key) != fresh.get(key) for key in changed)
    for key in changed:
        held.pop(key, None)
    held.update(fresh)
    return differs
