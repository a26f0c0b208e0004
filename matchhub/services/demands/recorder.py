"""Recording demands (技术需求): linked to their enterprise by code or exact normalised name, else held for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Demand, DemandEvent, Enterprise
from matchhub.domain.records import DemandRecord, Row
from matchhub.services.kernel.bulk import insert_rows, new_ids
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.revisions import (
    Change,
    Outcome,
    State,
    news,
    parts,
    provenance,
    remark,
    spoken,
    write_revisions,
)
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import link_enterprises

COLUMNS = (
    "title",
    "text",
    "object",
    "aim",
    "targets",
    "existing",
    "technical_field",
    "ipc",
    "cooperation_form",
    "budget_yuan",
    "budget_negotiable",
    "contact_name",
    "contact_phone",
    "contact_email",
    "posted_on",
    "valid_until_on",
    "authorised_on",
    "authorised_by",
)
_PROVENANCE = ("recorded_at", "recorded_by", "batch_id", "source_line")


class DemandRecorder:
    """Takes chunks of demand rows and records them."""

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        self.unit, self.batch_id, self.demo, self.repeated = unit, batch_id, demo, repeated

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``; each record must be a ``DemandRecord``."""
        records = [row.record for row in rows if isinstance(row.record, DemandRecord)]
        links = link_enterprises(self.unit, [(each.enterprise_uscc, each.enterprise_name) for each in records])
        owners = [links.find(each.enterprise_uscc, each.enterprise_name) for each in records]
        keys = [text_key(owner.id, each) if owner else "" for owner, each in zip(owners, records, strict=True)]
        known = self._find([key for key in keys if key])
        unheard = list(dict.fromkeys(key for key in keys if key and key not in known))
        fresh_ids = dict(zip(unheard, new_ids(self.unit, Demand, len(unheard)), strict=True))
        outcomes: list[Outcome] = []
        fresh: list[Demand] = []
        changes: list[Change] = []
        for row, record, owner, key in zip(rows, records, owners, keys, strict=True):
            if owner is None:
                outcomes.append(_without_owner(row, record, links.candidate(record.enterprise_name)))
            elif key in known:
                outcomes.append(self._again(row, known[key], changes))
            else:
                known[key] = self._new(fresh_ids[key], key, record, owner, row.source.line)
                fresh.append(known[key])
                outcomes.append(self._created(row, known[key], changes))
        self._insert(fresh)
        write_revisions(self.unit, "demands", self.batch_id, changes)
        return outcomes

    def _created(self, row: Row, demand: Demand, changes: list[Change]) -> Outcome:
        changes.append(Change(demand.id, row.source.line, {"enterprise_id": demand.enterprise_id, **_state(demand)}))
        return Outcome(row, "created", demand.id)

    def _again(self, row: Row, demand: Demand, changes: list[Change]) -> Outcome:
        new = self._news(demand, row)
        if not new:
            return Outcome(row, "unchanged", demand.id)
        self._apply(demand, new)
        changes.append(Change(demand.id, row.source.line, new))
        return Outcome(row, "updated", demand.id)

    def _find(self, keys: Sequence[str]) -> dict[str, Demand]:
        found: dict[str, Demand] = {}
        for part in parts(sorted(set(keys))):
            for row in self.unit.session.execute(select(Demand).where(Demand.text_key.in_(part))).scalars():
                found[row.text_key] = row
        return found

    def _new(self, key_id: int, key: str, record: DemandRecord, owner: Enterprise, line: int | None) -> Demand:
        """A demand that is not in the session: all new ones go in by one statement."""
        demand = Demand(id=key_id, enterprise_id=owner.id, text_key=key, state="submitted", demo=self.demo)
        for name, value in (_columns(record, self.unit) | provenance(self.unit, self.batch_id, line)).items():
            setattr(demand, name, value)
        demand.updated_at = self.unit.now
        return demand

    def _news(self, demand: Demand, row: Row) -> State:
        assert row.record is not None
        return news(_state(demand), spoken(row.record, COLUMNS), row.source.file in self.repeated)

    def _apply(self, demand: Demand, new: State) -> None:
        for name, value in new.items():
            setattr(demand, name, list(value) if isinstance(value, tuple) else value)
        demand.updated_at = self.unit.now

    def _insert(self, fresh: Sequence[Demand]) -> None:
        names = ("id", "enterprise_id", "text_key", "state", "demo", "updated_at", *COLUMNS, *_PROVENANCE)
        insert_rows(self.unit, Demand.__table__, [{n: getattr(each, n) for n in names} for each in fresh])  # type: ignore[arg-type]
        events = [
            {
                "demand_id": demand.id,
                "state": "submitted",
                "occurred_on": demand.posted_on,
                **{name: getattr(demand, name) for name in _PROVENANCE},
            }
            for demand in fresh
        ]
        insert_rows(self.unit, DemandEvent.__table__, events)  # type: ignore[arg-type]


def _without_owner(row: Row, record: DemandRecord, candidate: int | None) -> Outcome:
    """A demand of an unknown enterprise waits; so does one under a former name, with the firm as its candidate."""
    if candidate is not None:
        told = remark(row, "enterprise_former_name", "", record.enterprise_name, "review")
        return Outcome(row, "review", candidate, [told])
    said = record.enterprise_uscc or record.enterprise_name
    return Outcome(row, "review", problems=[remark(row, "enterprise_unknown", "", said, "review")])


def text_key(enterprise_id: int, record: DemandRecord) -> str:
    """The same enterprise posting the same words again."""
    return digest(enterprise_id, record.title, record.text)


def _columns(record: DemandRecord, unit: Unit) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in COLUMNS}
    title = record.title or (record.text or "")[:40]
    filled = {
        "title": title,
        "text": record.text or "",
        "ipc": list(record.ipc),
        "posted_on": record.posted_on or unit.today,
    }
    return values | filled


def _state(demand: Demand) -> State:
    values = {name: getattr(demand, name) for name in COLUMNS}
    return {n: tuple(v) if isinstance(v, list) else v for n, v in values.items() if v not in (None, "", [], False)}
