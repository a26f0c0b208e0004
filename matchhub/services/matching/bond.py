"""Whose index this is: what ties a saved index to one base, and a look at some of its documents."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import LogEntry, Patent, Revision
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.unit import Unit
from recommender import Index

SAMPLE = 50


def bond_of(unit: Unit, revision: int) -> dict[str, str]:
    """What names this base and its state at a patent ``revision``: the hash of the first entry of its log, and a
    digest of that revision; empty where there is none."""
    first = unit.session.execute(select(LogEntry.hash).order_by(LogEntry.id).limit(1)).scalar()
    row = unit.session.get(Revision, revision) if revision else None
    told = digest("revision", row.id, row.kind, row.record_id, row.recorded_at.isoformat(), row.fields) if row else ""
    return {"base": first or "", "last": told}


def is_bound(unit: Unit, state: Mapping[str, Any]) -> bool:
    """Whether an index with this state was made from this base: the base is the same and still holds the last revision
    the index has seen, as it was then."""
    known = {key: state.get(key) for key in ("base", "last")}
    return bool(state) and known == bond_of(unit, int(state.get("revision", 0)))


def differing_documents(unit: Unit, index: Index, ids: Iterable[int]) -> list[int]:
    """Of a sample of ``SAMPLE`` of these patents those that the index holds with another title or abstract, or not."""
    wanted = sorted(ids)
    sample = sorted(random.Random(len(wanted)).sample(wanted, min(SAMPLE, len(wanted))))
    columns = select(Patent.id, Patent.title, Patent.abstract).where(Patent.id.in_(sample))
    found = []
    for key, title, abstract in unit.session.execute(columns):
        held = index.document(str(key)) if str(key) in index else None
        if held is None or (held.title, held.abstract) != (title or "", abstract or ""):
            found.append(key)
    return sorted(found)
