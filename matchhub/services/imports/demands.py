"""Recording demands (技术需求): linked to their enterprise by code or exact normalised name, else held for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from matchhub.db.tables import Demand, DemandEvent, Enterprise
from matchhub.domain.records import DemandRecord, Row
from matchhub.services.imports.keys import digest
from matchhub.services.imports.links import link_enterprises
from matchhub.services.imports.state import (
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
from matchhub.services.unit import Unit

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
        known = self._find([text_key(o.id, r) for o, r in zip(owners, records, strict=True) if o])
        outcomes, fresh, changes = [], [], []
        for row, record, owner in zip(rows, records, owners, strict=True):
            if owner is None:
                said_name = record.enterprise_uscc or record.enterprise_name
                outcomes.append(
                    Outcome(row, "review", problems=[remark(row, "enterprise_unknown", "", said_name, "review")])
                )
                continue
            outcome, demand = self._take(row, record, owner, known)
            outcomes.append(outcome)
            if outcome.verdict == "created":
                fresh.append((outcome, demand))
            elif outcome.verdict == "updated":
                outcome.record_id = demand.id
                changes.append(Change(demand.id, row.source.line, self._apply(demand, row)))
            else:
                outcome.record_id = demand.id
        changes = self._insert(fresh) + changes
        write_revisions(self.unit, "demands", self.batch_id, changes)
        return outcomes

    def _find(self, keys: Sequence[str]) -> dict[str, Demand]:
        found: dict[str, Demand] = {}
        for part in parts(sorted(set(keys))):
            for row in self.unit.session.execute(select(Demand).where(Demand.text_key.in_(part))).scalars():
                found[row.text_key] = row
        return found

    def _take(
        self, row: Row, record: DemandRecord, owner: Enterprise, known: dict[str, Demand]
    ) -> tuple[Outcome, Demand]:
        key = text_key(owner.id, record)
        if key not in known:
            known[key] = demand = Demand(enterprise_id=owner.id, text_key=key)
            for name, value in _columns(record, self.unit).items():
                setattr(demand, name, value)
            return Outcome(row, "created"), demand
        demand = known[key]
        return Outcome(row, "updated" if self._news(demand, row) else "unchanged"), demand

    def _news(self, demand: Demand, row: Row) -> State:
        assert row.record is not None
        return news(_state(demand), spoken(row.record, COLUMNS), row.source.file in self.repeated)

    def _apply(self, demand: Demand, row: Row) -> State:
        new = self._news(demand, row)
        for name, value in new.items():
            setattr(demand, name, list(value) if isinstance(value, tuple) else value)
        demand.updated_at = self.unit.now
        return new

    def _insert(self, fresh: list[tuple[Outcome, Demand]]) -> list[Change]:
        changes, events = [], []
        for outcome, demand in fresh:
            line = outcome.row.source.line
            demand.state, demand.demo, demand.updated_at = "submitted", self.demo, self.unit.now
            for name, value in provenance(self.unit, self.batch_id, line).items():
                setattr(demand, name, value)
        self.unit.session.add_all([demand for _, demand in fresh])
        self.unit.session.flush()
        for outcome, demand in fresh:
            line = outcome.row.source.line
            outcome.record_id = demand.id
            changes.append(Change(demand.id, line, {"enterprise_id": demand.enterprise_id, **_state(demand)}))
            events.append(
                {
                    "demand_id": demand.id,
                    "state": "submitted",
                    "occurred_on": demand.posted_on,
                    **provenance(self.unit, self.batch_id, line),
                }
            )
        if events:
            self.unit.session.execute(insert(DemandEvent), events)
        return changes


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
