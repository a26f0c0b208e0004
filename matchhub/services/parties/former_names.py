"""Former names (曾用名) of enterprises: from columns, brackets and renamings; by them rows find firms as candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from matchhub.db.tables import Enterprise, EnterpriseName
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.merges import kept_records
from matchhub.services.kernel.revisions import parts, provenance
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.recorder import Known


def firms_once_named(unit: Unit, names: Iterable[str]) -> dict[str, int]:
    """Normalised former name -> the one enterprise that bore it; names that several bore are left out."""
    found: dict[str, set[int]] = {}
    keys = sorted({normalise_name(name) for name in names if name})
    kept = kept_records(unit, "enterprises") if keys else {}
    for part in parts(keys):
        chosen = (
            select(EnterpriseName.name_key, EnterpriseName.enterprise_id)
            .join(Enterprise, Enterprise.id == EnterpriseName.enterprise_id)
            .where(EnterpriseName.name_key.in_(part), EnterpriseName.withdrawn_at.is_(None))
        )
        for key, firm in unit.session.execute(chosen):
            found.setdefault(key, set()).add(kept.get(firm, firm))
    return {key: next(iter(firms)) for key, firms in found.items() if len(firms) == 1}


class FormerNames:
    """Takes the former names that the rows of a chunk tell of their firms."""

    def __init__(self, unit: Unit, batch_id: int | None) -> None:
        self._unit, self._batch_id = unit, batch_id
        self._seen: dict[int, set[str]] = {}  # by id(known)
        self._new: list[tuple[Known, int | None, str]] = []

    def load(self, known: Iterable[Known]) -> None:
        """Load the former names of these firms."""
        by_id = {each.id: each for each in known if each.id is not None}
        for part in parts(sorted(by_id)):
            chosen = select(EnterpriseName.enterprise_id, EnterpriseName.name_key).where(
                EnterpriseName.enterprise_id.in_(part), EnterpriseName.withdrawn_at.is_(None)
            )
            for firm, key in self._unit.session.execute(chosen):
                self._seen.setdefault(id(by_id[firm]), set()).add(key)

    def take(self, names: Sequence[str], known: Known, line: int | None) -> bool:
        """Take former names of a firm, all but its present one; true when one is new."""
        seen = self._seen.setdefault(id(known), set())
        fresh = [name for name in names if normalise_name(name) not in (*seen, known.state.get("name_key"))]
        for name in fresh:
            seen.add(normalise_name(name))
            self._new.append((known, line, name))
        return bool(fresh)

    def write(self) -> None:
        """Append what was taken, now that ids are known."""
        rows = [
            {
                "enterprise_id": known.id,
                "name": name,
                "name_key": normalise_name(name),
                **provenance(self._unit, self._batch_id, line),
            }
            for known, line, name in self._new
        ]
        if rows:
            insert_rows(self._unit, EnterpriseName.__table__, rows)  # type: ignore[arg-type]
        self._seen, self._new = {}, []
