"""Recording enterprises (企业), experts (专家) and agencies (服务机构): equal identifiers merge, nothing else does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sqlalchemy import insert, select, update

from matchhub.db.tables import Agency, Enterprise, EnterpriseCategory, Expert
from matchhub.domain.parties import is_local, normalise_name
from matchhub.domain.records import CategoryClaim, EnterpriseRecord, Kind, Row
from matchhub.services.imports.state import (
    Change,
    Outcome,
    State,
    learned,
    new_ids,
    news,
    parts,
    provenance,
    remark,
    spoken,
    write_revisions,
)
from matchhub.services.unit import Unit


@dataclass(slots=True)
class Known:
    """A party while a chunk is worked on: its state, whether it is new, and what changed."""

    state: State
    id: int | None = None
    line: int | None = None
    changes: list[tuple[int, State]] = field(default_factory=list)


class PartyRecorder(ABC):
    """Takes chunks of rows of one kind of party and records them."""

    kind: ClassVar[Kind]
    table: ClassVar[Any]
    columns: ClassVar[tuple[str, ...]]
    identities: ClassVar[tuple[str, ...]]  # columns that identify, the strongest first

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        self.unit, self.batch_id, self.demo, self.repeated = unit, batch_id, demo, repeated

    @abstractmethod
    def derive(self, state: State) -> State:
        """Columns that follow from what was said (keys, whether local)."""

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``."""
        states = [self._said(row) for row in rows]
        index = self._find(states)
        self._load_more(index.values())
        taken = [self._take(row, said, index) for row, said in zip(rows, states, strict=True)]
        touched = list({id(known): known for _, known in taken if known is not None}.values())
        self._write([known for known in touched if known.changes])
        for outcome, known in taken:
            if known is not None:
                outcome.record_id = known.id
        self._after(taken)
        return [outcome for outcome, _ in taken]

    def _said(self, row: Row) -> State:
        assert row.record is not None
        said = spoken(row.record, self.columns)
        return {**said, **self.derive(said)}

    def _keys(self, state: State) -> list[tuple[str, str]]:
        return [(name, state[name]) for name in self.identities if state.get(name)]

    def _find(self, states: Iterable[State]) -> dict[tuple[str, str], Known]:
        wanted: dict[str, set[str]] = {name: set() for name in self.identities}
        for state in states:
            for name, value in self._keys(state):
                wanted[name].add(value)
        by_id: dict[int, Known] = {}
        names = (*self.columns, *self.derived)
        for name, values in wanted.items():
            for part in parts(sorted(values)):
                for row in self.unit.session.execute(
                    select(self.table).where(getattr(self.table, name).in_(part))
                ).scalars():
                    by_id.setdefault(row.id, Known({each: _tupled(getattr(row, each)) for each in names}, id=row.id))
        index: dict[tuple[str, str], Known] = {}
        for known in sorted(by_id.values(), key=lambda each: each.id or 0):
            for key in self._keys(known.state):
                index.setdefault(key, known)
        return index

    derived: ClassVar[tuple[str, ...]] = ()

    def _take(self, row: Row, said: State, index: dict[tuple[str, str], Known]) -> tuple[Outcome, Known | None]:
        known = self._same(said, index)
        if isinstance(known, str):
            return Outcome(row, "review", problems=[remark(row, known, "", said.get("name"), "review")]), None
        fresh = known is None
        if known is None:
            known = Known({}, line=row.source.line)
        fixed = self._fixed(known.state)
        heard = {name: value for name, value in said.items() if name not in fixed}
        new = news(known.state, heard, row.source.file in self.repeated)
        if not fresh and new.keys() & set(self.settled):
            new = {name: value for name, value in new.items() if name not in self.settled or not known.state.get(name)}
        known.state.update(new)
        if new:
            derived = learned(known.state, self.derive(known.state)) if not fresh else {}
            known.state.update(derived)
            known.changes.append((row.source.line, {**new, **derived}))
        for key in self._keys(known.state):
            index.setdefault(key, known)
        more = self._more(row, known)
        return Outcome(row, "created" if fresh else ("updated" if new or more else "unchanged")), known

    def _fixed(self, state: State) -> Collection[str]:
        """Hook: fields that a person decided, which no file changes."""
        return ()

    settled: ClassVar[tuple[str, ...]] = ()  # fields whose first value stays (an identity's own spelling)

    def _same(self, said: State, index: dict[tuple[str, str], Known]) -> Known | str | None:
        """The record meant, ``None`` for a new one, or the code of why a person must look."""
        for key in self._keys(said):
            known = index.get(key)
            if known is not None and not self._differs(known.state, said):
                return known
        return None

    def _differs(self, state: State, said: State) -> bool:
        """Equal names with two different codes are two parties."""
        return bool(said.get("uscc") and state.get("uscc") and said["uscc"] != state["uscc"])

    def _load_more(self, known: Iterable[Known]) -> None:  # noqa: B027
        """Hook: load child rows of the records found."""

    def _more(self, row: Row, known: Known) -> bool:
        """Hook: take child rows; true when something was new."""
        return False

    def _after(self, taken: list[tuple[Outcome, Known | None]]) -> None:  # noqa: B027
        """Hook: write child rows, now that ids are known."""

    def _write(self, touched: list[Known]) -> None:
        new = [known for known in touched if known.id is None]
        old = [known for known in touched if known.id is not None]
        if new:
            for known, number in zip(new, new_ids(self.unit, self.table, len(new)), strict=True):
                known.id = number
            rows = [
                {
                    "id": known.id,
                    **self._columns(known),
                    **provenance(self.unit, self.batch_id, known.line),
                    "demo": self.demo,
                }
                for known in new
            ]
            self.unit.session.execute(insert(self.table.__table__), rows)
        if old:
            self.unit.session.execute(update(self.table), [{"id": known.id, **self._columns(known)} for known in old])
        write_revisions(
            self.unit,
            self.kind,
            self.batch_id,
            (Change(known.id, line, said) for known in touched for line, said in known.changes if known.id),
        )

    def _columns(self, known: Known) -> dict[str, Any]:
        values = {name: known.state.get(name) for name in (*self.columns, *self.derived)}
        return {**{n: list(v) if isinstance(v, tuple) else v for n, v in values.items()}, "updated_at": self.unit.now}


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class EnterpriseRecorder(PartyRecorder):
    """Enterprises by USCC, else by normalised name; innovation categories with their proof beside."""

    kind = "enterprises"
    table = Enterprise
    columns = (
        "name",
        "uscc",
        "region",
        "address",
        "registered_on",
        "capital_yuan",
        "business_scope",
        "industry",
        "legal_representative",
        "contact_name",
        "contact_phone",
        "contact_email",
    )
    derived = ("name_key", "local", "local_decided_by")
    identities = ("uscc", "name_key")

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(unit, batch_id, demo, repeated)
        self._categories: dict[int, set[CategoryClaim]] = {}  # by id(known)
        self._new: list[tuple[Known, int, CategoryClaim]] = []

    def derive(self, state: State) -> State:
        derived: State = {}
        if state.get("name"):
            derived["name_key"] = normalise_name(state["name"])
        if state.get("local_decided_by") != "hand" and (state.get("uscc") or state.get("address") or state.get("name")):
            decision = is_local(state.get("uscc"), state.get("address"), state.get("name"))
            if decision.local is not None:
                derived |= {"local": decision.local, "local_decided_by": decision.decided_by}
        return derived

    def _fixed(self, state: State) -> Collection[str]:
        return ("local", "local_decided_by") if state.get("local_decided_by") == "hand" else ()

    def _load_more(self, known: Iterable[Known]) -> None:
        by_id = {each.id: each for each in known if each.id is not None}
        for each in by_id.values():
            self._categories.setdefault(id(each), set())
        for part in parts(sorted(by_id)):
            chosen = select(EnterpriseCategory).where(
                EnterpriseCategory.enterprise_id.in_(part), EnterpriseCategory.withdrawn_at.is_(None)
            )
            for row in self.unit.session.execute(chosen).scalars():
                claim = CategoryClaim(
                    row.category, row.certificate_number, row.official_list, row.valid_from_on, row.valid_to_on
                )
                self._categories[id(by_id[row.enterprise_id])].add(claim)

    def _more(self, row: Row, known: Known) -> bool:
        assert isinstance(row.record, EnterpriseRecord)
        seen = self._categories.setdefault(id(known), set())
        fresh = [claim for claim in row.record.categories if claim not in seen]
        seen.update(fresh)
        self._new += [(known, row.source.line, claim) for claim in fresh]
        return bool(fresh)

    def _after(self, taken: list[tuple[Outcome, Known | None]]) -> None:
        rows = [
            {
                "enterprise_id": known.id,
                "category": claim.category,
                "certificate_number": claim.certificate_number,
                "official_list": claim.official_list,
                "valid_from_on": claim.valid_from_on,
                "valid_to_on": claim.valid_to_on,
                **provenance(self.unit, self.batch_id, line),
            }
            for known, line, claim in self._new
        ]
        if rows:
            self.unit.session.execute(insert(EnterpriseCategory.__table__), rows)  # type: ignore[arg-type]
        self._new, self._categories = [], {}


class ExpertRecorder(PartyRecorder):
    """Experts by name and organisation."""

    kind = "experts"
    table = Expert
    columns = (
        "name",
        "organisation",
        "field",
        "title",
        "qualification",
        "consent_on",
        "consent_evidence",
        "phone",
        "email",
    )
    derived = ("person_key",)
    identities = ("person_key",)

    def derive(self, state: State) -> State:
        if not (state.get("name") and state.get("organisation")):
            return {}
        return {"person_key": f"{normalise_name(state['name'])}|{normalise_name(state['organisation'])}"}


class AgencyRecorder(PartyRecorder):
    """Agencies by USCC, else licence number, else normalised name."""

    kind = "agencies"
    table = Agency
    columns = (
        "name",
        "uscc",
        "licence_number",
        "agency_code",
        "service_types",
        "is_patent_agency",
        "contact_name",
        "phone",
        "address",
    )
    derived = ("name_key",)
    identities = ("uscc", "licence_number", "name_key")

    def derive(self, state: State) -> State:
        return {"name_key": normalise_name(state["name"])} if state.get("name") else {}

    def _columns(self, known: Known) -> dict[str, Any]:
        values = super()._columns(known)
        values["service_types"] = values["service_types"] or []
        values["is_patent_agency"] = bool(values["is_patent_agency"])
        return values

    def _differs(self, state: State, said: State) -> bool:
        other = said.get("licence_number") and state.get("licence_number")
        return super()._differs(state, said) or bool(other and said["licence_number"] != state["licence_number"])
