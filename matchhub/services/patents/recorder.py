"""Recording patents (专利): bulk, by application number, with aliases, holders, classes and dated status.

Patents come by the hundred thousand, so a chunk of rows is resolved with a handful of statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import delete, or_, select, update

from matchhub.db.tables import Patent, PatentAlias, PatentClass, PatentHolder
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import PatentRecord, Row, Source
from matchhub.services.kernel.bulk import insert_columns, insert_rows, new_ids
from matchhub.services.kernel.precedence import Days, Judge, differs
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
from matchhub.services.patents.dated_facts import DatedFacts, load_dated_facts, write_dated_facts

COLUMNS = (
    "application_number",
    "publication_number",
    "title",
    "abstract",
    "claim",
    "patent_type",
    "filed_on",
    "published_on",
    "granted_on",
    "expires_on",
    "annuity_paid_to_on",
    "agency_name",
    "agency_code",
    "address",
)
HOLDERS = {"applicants": "applicant", "owners": "owner", "inventors": "inventor"}
CLASSES = {"ipc": "ipc", "locarno": "locarno"}
_FIELDS = (*COLUMNS, *HOLDERS, *CLASSES)
_name_key = lru_cache(maxsize=65536)(normalise_name)  # the same holders stand on many patents


@dataclass(slots=True)
class _Known:
    """A patent while a chunk is worked on: its state, whether it is new, and what changed."""

    state: State
    id: int | None = None
    line: int | None = None
    changes: list[tuple[Source, State]] = field(default_factory=list)
    days: Days = field(default_factory=Days)
    dated: DatedFacts = field(default_factory=DatedFacts)


class PatentRecorder:
    """Takes chunks of rows of one batch and records them; see ``batch.import_rows`` for the sums."""

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        self.unit, self.batch_id, self.demo, self.repeated = unit, batch_id, demo, repeated
        self.judge = Judge(unit, "patents", batch_id, _FIELDS, repeated)

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``; every row's record must be a ``PatentRecord``."""
        records = [row.record for row in rows if isinstance(row.record, PatentRecord)]
        sayings = [spoken(record, _FIELDS) for record in records]
        index = self._find(records)
        self._load_days(records, sayings, index)
        touched: list[tuple[Outcome, _Known]] = []
        outcomes = []
        for row, record, said in zip(rows, records, sayings, strict=True):
            outcome, known = self._take(row, record, said, index)
            outcomes.append(outcome)
            if known is not None:
                touched.append((outcome, known))
        unique = list({id(known): known for _, known in touched}.values())
        self._write(unique)
        for outcome, known in touched:
            outcome.record_id = known.id
        return outcomes

    def _load_days(
        self, records: Sequence[PatentRecord], sayings: Sequence[State], index: Mapping[str, _Known]
    ) -> None:
        """Load of which day the values are that a row contradicts."""
        contradicted = {
            known.id: (known.state, known.days)
            for record, said in zip(records, sayings, strict=True)
            for number in (record.application_number, record.publication_number)
            if number and (known := index.get(number)) and known.id and differs(known.state, said)
        }
        self.judge.load(contradicted)

    def _take(
        self, row: Row, record: PatentRecord, said: State, index: dict[str, _Known]
    ) -> tuple[Outcome, _Known | None]:
        numbers = [number for number in (record.application_number, record.publication_number) if number]
        found = list({id(index[number]): index[number] for number in numbers if number in index}.values())
        if len(found) > 1 or (found and _other_number(found[0], record)):
            clash = remark(row, "patent_numbers_disagree", "", " / ".join(numbers), "review")
            return Outcome(row, "review", problems=[clash]), None
        known = found[0] if found else _Known({}, line=row.source.line)
        fresh = not found
        if known.state.get("publication_number"):
            said.pop("publication_number", None)  # the first one stays, later ones become aliases
        new = news(known.state, said, row.source.file in self.repeated)
        new, problems = self.judge.accept(row, known.state, known.days, new, said)
        if record.application_number:
            new |= self._completed(known, record)
        added = known.dated.take(record, row.source, self.unit.today, row.source.file in self.repeated)
        new_alias = record.publication_number is not None and record.publication_number not in index
        if record.publication_number and new_alias:
            new["aliases"] = (*known.state.get("aliases", ()), record.publication_number)
        for number in numbers:
            index[number] = known
        known.state.update(new)
        if new:
            known.changes.append((row.source, new))
        verdict: Any = "created" if fresh else ("updated" if new or added else "unchanged")
        return Outcome(row, verdict, problems=problems), known

    def _completed(self, known: _Known, record: PatentRecord) -> State:
        """Whether the number's check digit proves anything: only until one source writes the number in full."""
        fresh = "application_number" not in known.state
        completed = (
            record.number_completed if fresh else record.number_completed and known.state.get("number_completed", False)
        )
        return {} if known.state.get("number_completed", False) == completed else {"number_completed": completed}

    # -- reading what is known ------------------------------------------------------------------------------------

    def _find(self, records: Iterable[PatentRecord]) -> dict[str, _Known]:
        numbers = {n for r in records for n in (r.application_number, r.publication_number) if n}
        index: dict[str, _Known] = {}
        by_id: dict[int, _Known] = {}
        for part in parts(sorted(numbers)):
            for patent_id, completed, *values in self.unit.session.execute(_patents_with(part)):
                if patent_id not in by_id:
                    state = {name: value for name, value in zip(COLUMNS, values, strict=True) if value is not None}
                    by_id[patent_id] = _Known(state | {"number_completed": completed}, id=patent_id)
        self._load_lists(by_id)
        for known in by_id.values():
            for number in (known.state.get("application_number"), *known.state.get("aliases", ())):
                if number:
                    index[number] = known
        return index

    def _load_lists(self, by_id: dict[int, _Known]) -> None:
        lists: dict[tuple[int, str], list[str]] = defaultdict(list)
        roles = {role: name for name, role in HOLDERS.items()}
        session = self.unit.session
        for part in parts(sorted(by_id)):
            holders = select(PatentHolder.patent_id, PatentHolder.role, PatentHolder.name)
            holders = holders.where(PatentHolder.patent_id.in_(part)).order_by(PatentHolder.position, PatentHolder.id)
            for patent_id, role, name in session.execute(holders):
                lists[patent_id, roles[role]].append(name)
            classes = select(PatentClass.patent_id, PatentClass.scheme, PatentClass.symbol)
            classes = classes.where(PatentClass.patent_id.in_(part)).order_by(PatentClass.position, PatentClass.id)
            for patent_id, scheme, symbol in session.execute(classes):
                lists[patent_id, scheme].append(symbol)
            aliases = select(PatentAlias.patent_id, PatentAlias.value)
            aliases = aliases.where(PatentAlias.patent_id.in_(part)).order_by(PatentAlias.id)
            for patent_id, value in session.execute(aliases):
                lists[patent_id, "aliases"].append(value)
            load_dated_facts(self.unit, self.batch_id, part, {key: by_id[key].dated for key in part})
        for (patent_id, name), values in lists.items():
            by_id[patent_id].state[name] = tuple(values)

    # -- writing what was learned ---------------------------------------------------------------------------------

    def _write(self, touched: list[_Known]) -> None:
        new = [known for known in touched if known.id is None]
        changed = [known for known in touched if known.id is not None and known.changes]
        if new:
            self._insert_new(new)
        if changed:
            values = [{"id": known.id, **_stored(known.state), "updated_at": self.unit.now} for known in changed]
            self.unit.session.execute(update(Patent), values)
        self._replace_lists(new, changed)
        write_dated_facts(self.unit, self.batch_id, ((known.id, known.dated) for known in touched))
        write_revisions(
            self.unit,
            "patents",
            self.batch_id,
            (
                Change(known.id, source.line, said, self.judge.day_of(source))
                for known in touched
                for source, said in known.changes
                if known.id
            ),
        )
        self.judge.write_confirmed((known.id, known.days) for known in touched)

    def _insert_new(self, new: list[_Known]) -> None:
        for known, number in zip(new, new_ids(self.unit, Patent, len(new)), strict=True):
            known.id = number
        states = [known.state for known in new]
        columns: dict[str, list[Any]] = {name: [state.get(name) for state in states] for name in COLUMNS}
        columns["id"] = [known.id for known in new]
        columns["source_line"] = [known.line for known in new]
        columns["number_completed"] = [bool(state.get("number_completed")) for state in states]
        same = provenance(self.unit, self.batch_id, None) | {"updated_at": self.unit.now, "demo": self.demo}
        del same["source_line"]
        insert_columns(self.unit, Patent.__table__, columns, same)  # type: ignore[arg-type]

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        insert_rows(self.unit, table.__table__, rows)

    def _replace_lists(self, new: list[_Known], changed: list[_Known]) -> None:
        """Holders and classes of a chunk: lists of new patents are written, those that a row changed are replaced.

        Each step is one statement for the whole chunk: a statement per patent would cost more than all else.
        """
        for names, table, column in ((HOLDERS, PatentHolder, "role"), (CLASSES, PatentClass, "scheme")):
            for name, stored in names.items():
                renewed = [known for known in changed if any(name in fields for _, fields in known.changes)]
                self._delete_lists(table, column, stored, [known.id for known in renewed])
                first = [known for known in new if name in known.state]
                listed = [
                    (known.id, stored, position, each)
                    for known in (*first, *renewed)
                    for position, each in enumerate(known.state.get(name, ()))
                ]
                if listed:
                    self._insert_lists(table, column, listed)
        self._append_aliases([*new, *changed])

    def _delete_lists(self, table: Any, column: str, stored: str, patent_ids: Sequence[int | None]) -> None:
        for part in parts(patent_ids):
            condition = table.patent_id.in_(part) & (getattr(table, column) == stored)
            statement = delete(table).where(condition)
            self.unit.session.execute(statement, execution_options={"synchronize_session": False})

    def _append_aliases(self, touched: Sequence[_Known]) -> None:
        aliases = [
            {"patent_id": known.id, "value": said["aliases"][-1], **provenance(self.unit, self.batch_id, source.line)}
            for known in touched
            for source, said in known.changes
            if "aliases" in said
        ]
        if aliases:
            self._insert(PatentAlias, aliases)

    def _insert_lists(self, table: Any, column: str, listed: list[tuple[Any, ...]]) -> None:
        """Rows of (patent, role or scheme, position, value)."""
        patents, stored, positions, values = zip(*listed, strict=True)
        columns: dict[str, Sequence[Any]] = {"patent_id": patents, column: stored, "position": positions}
        if table is PatentHolder:
            columns |= {"name": values, "name_key": [_name_key(name) for name in values]}
        else:
            columns["symbol"] = values
        insert_columns(self.unit, table.__table__, columns, {})


def _stored(state: State) -> dict[str, Any]:
    values = {name: state.get(name) for name in COLUMNS}
    return values | {"number_completed": bool(state.get("number_completed"))}


def _other_number(known: _Known, record: PatentRecord) -> bool:
    """A publication number points to a patent that has another application number: somebody is wrong."""
    mine, theirs = record.application_number, known.state.get("application_number")
    return bool(mine and theirs and mine != theirs)


def _patents_with(numbers: Sequence[str]) -> Any:
    aliased = select(PatentAlias.patent_id).where(PatentAlias.value.in_(numbers))
    columns = [getattr(Patent, name) for name in COLUMNS]
    return select(Patent.id, Patent.number_completed, *columns).where(
        or_(Patent.application_number.in_(numbers), Patent.id.in_(aliased))
    )
