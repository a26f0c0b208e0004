"""Whether this installation can do its work now: database, worker, index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, text

from matchhub.db.tables import Lease
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.store import freshness, index_fault

WORKER_SILENT = timedelta(minutes=2)
CLOCKS_APART = timedelta(seconds=30)  # web and worker on two machines


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be well; ``detail`` says what was seen."""

    key: str
    ok: bool
    detail: str = ""


def check_ready(unit: Unit) -> list[Check]:
    """The database answers, the worker gave a sign of life within two minutes, the index holds the patents."""
    unit.session.execute(text("SELECT 1"))
    seen = unit.session.execute(select(func.max(Lease.seen_at))).scalar()
    alive = seen is not None and unit.now - WORKER_SILENT < seen <= unit.now + CLOCKS_APART
    known, _ = freshness(unit)
    fault = index_fault(unit) if known else "no index yet"
    return [
        Check("database", True),
        Check("worker", alive, seen.isoformat() if seen else "never seen"),
        Check("index", not fault, fault or (known.model if known else "")),
    ]
