"""Rows of files on what the other clauses pay for, taken in as an entry by hand would be: typed, and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Agency, AwardRecord
from matchhub.domain.award_rules import PAYEES
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import AwardRowRecord, Problem, Row
from matchhub.errors import Refusal
from matchhub.services.counting.awards.recording import NewAwardRecord, check_award, said_of, write_award
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.merges import kept_records
from matchhub.services.kernel.revisions import Change, Outcome, State, news, parts, remark, to_json, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import EnterpriseLinks, link_enterprises

_FIELDS = (
    "occurred_on", "amount_yuan", "notified_on", "until_on", "started_on", "left_on", "reviewed_on", "agents", "cases",
    "top_firms",
)  # fmt: skip
_BORROWERS = ("pledge_loans", "navigation")  # kinds that name an enterprise
_NUMBERED = ("agents", "navigation", "platforms")  # known by their number, or title, whatever day a list gives them
Key = tuple[object, ...]


class AwardRowRecorder:
    """A row of an unknown agency or enterprise waits; what a record of its kind must say and a row lacks refuses it."""

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        self.unit, self.batch_id, self.demo, self.repeated = unit, batch_id, demo, repeated
        self._taken: dict[int, State] = {}  # what this import said of each record

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``."""
        said = [row.record for row in rows if isinstance(row.record, AwardRowRecord)]
        agencies = _Agencies(self.unit, said)
        firms = link_enterprises(self.unit, [(each.enterprise_uscc, each.enterprise_name) for each in said])
        known = {_key(_plain(row)): row for row in self._standing()}
        return [self._take(row, agencies, firms, known) for row in rows]

    def _standing(self) -> Sequence[AwardRecord]:
        chosen = select(AwardRecord).where(AwardRecord.withdrawn_at.is_(None), AwardRecord.demo.is_(self.demo))
        return self.unit.session.execute(chosen.order_by(AwardRecord.id.desc())).scalars().all()

    def _take(self, row: Row, agencies: _Agencies, firms: EnterpriseLinks, known: dict[Key, AwardRecord]) -> Outcome:
        record = row.record
        assert isinstance(record, AwardRowRecord)
        assert record.occurred_on is not None, "a row without its day was refused when it was read"
        new = NewAwardRecord(
            kind=record.kind or "",
            title=record.title or "",
            number=record.number or "",
            **{name: getattr(record, name) for name in _FIELDS},
        )
        agency, firm, waits = self._parties(row, record, agencies, firms)
        if waits is not None:
            return Outcome(row, "review", problems=[waits])
        try:
            check_award(self.unit, new)
        except Refusal as fault:
            value = fault.data.get("day", "")
            return Outcome(row, "refused", problems=[remark(row, fault.code, "", value, "error")])
        return self._write(row, said_of(new, agency, firm), known)

    def _parties(
        self, row: Row, record: AwardRowRecord, agencies: _Agencies, firms: EnterpriseLinks
    ) -> tuple[int | None, int | None, Problem | None]:
        """Agency and enterprise that the kind speaks of; a row waits for one that the base does not have."""
        agency = firm = None
        if PAYEES[record.kind or ""] == "agencies":
            agency = agencies.find(record.agency_uscc, record.agency_name)
            if agency is None:
                named = record.agency_name or record.agency_uscc
                return None, None, remark(row, "agency_unknown", "", named, "review")
        if record.kind in _BORROWERS:
            found = firms.find(record.enterprise_uscc, record.enterprise_name)
            if found is None:
                named = record.enterprise_name or record.enterprise_uscc
                return None, None, remark(row, "enterprise_unknown", "", named, "review")
            firm = found.id
        return agency, firm, None

    def _write(self, row: Row, said: State, known: dict[Key, AwardRecord]) -> Outcome:
        thing, line = known.get(_key(said)), row.source.line
        if thing is None:
            thing = write_award(self.unit, said, self.demo, self.batch_id, line)
            known[_key(said)] = thing
            self._taken[thing.id] = said
            return Outcome(row, "created", thing.id)
        if self._taken.setdefault(thing.id, said) != said:  # two rows of one import: which is right is for a person
            return Outcome(row, "review", thing.id, [remark(row, "award_row_twice", "", thing.title, "review")])
        new = news({name: getattr(thing, name) for name in said}, said, row.source.file in self.repeated)
        if not new:
            return Outcome(row, "unchanged", thing.id)
        before = {name: to_json(getattr(thing, name)) for name in new if getattr(thing, name) not in (None, "")}
        for name, value in new.items():
            setattr(thing, name, value)
        thing.updated_at = self.unit.now
        self.unit.session.flush()
        told: State = dict(new)
        if before:  # nothing is overwritten in silence
            told["corrected_from"] = before
            after = {name: to_json(new[name]) for name in before}
            append_event(self.unit, "record.corrected", "award_records", thing.id, before=before, after=after)
        write_revisions(self.unit, "award_records", self.batch_id, [Change(thing.id, line, told)])
        return Outcome(row, "updated", thing.id)


def _plain(row: AwardRecord) -> State:
    names = ("kind", "agency_id", "enterprise_id", "title", "number", "occurred_on")
    return {name: getattr(row, name) for name in names}


def _key(said: State) -> Key:
    """What makes a record recognisable when a list brings it again, whichever day or amount it corrects."""
    kind = said["kind"]
    named = (said.get("number") or normalise_name(said["title"]),)
    day = () if kind in _NUMBERED else (said["occurred_on"],)
    return kind, said.get("agency_id"), said.get("enterprise_id"), *named, *day


class _Agencies:
    """Agencies of the base by code and by name; a name that two of them bear finds neither."""

    def __init__(self, unit: Unit, records: Sequence[AwardRowRecord]) -> None:
        self._unit, self._kept = unit, kept_records(unit, "agencies")
        self._by_code = self._found(Agency.uscc, {each.agency_uscc for each in records if each.agency_uscc})
        names = {normalise_name(each.agency_name) for each in records if each.agency_name}
        self._by_name = self._found(Agency.name_key, names)

    def _found(self, column: Any, values: set[str]) -> dict[str, set[int]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for part in parts(sorted(values)):
            for value, key in self._unit.session.execute(select(column, Agency.id).where(column.in_(part))).all():
                agency = self._unit.session.get(Agency, self._kept.get(key, key))
                if agency is not None and agency.withdrawn_at is None:
                    found[value].add(agency.id)
        return found

    def find(self, code: str | None, name: str | None) -> int | None:
        """The agency meant; a known code decides, and a name never finds an agency of another code."""
        if code and (by_code := self._by_code.get(code)):
            return next(iter(by_code))
        named = self._by_name.get(normalise_name(name), set()) if name else set()
        if len(named) != 1:
            return None
        agency = self._unit.session.get(Agency, next(iter(named)))
        return None if agency is None or (code and agency.uscc and agency.uscc != code) else agency.id
