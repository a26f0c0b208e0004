"""Records of the other clauses: entered, dated later, taken back. Papers and confirmations are as of any record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import Agency, AwardRecord, Enterprise
from matchhub.domain.award_rules import PAYEES
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, State, provenance, write_revisions
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import link_enterprises

KINDS = tuple(kind for kind in PAYEES if kind not in ("purchases", "brokered_deals"))
# What each kind must say beyond its title and day, as (field, code of the refusal).
_ASKED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "sales": (("amount_yuan", "amount_missing"),),
    "pledge_loans": (("amount_yuan", "amount_missing"),),
    "agents": (("number", "award_number_missing"), ("until_on", "award_until_missing"),
               ("started_on", "award_started_missing")),
}  # fmt: skip
_OWN: Mapping[str, frozenset[str]] = {
    "sales": frozenset({"amount_yuan"}),
    "pledge_loans": frozenset({"amount_yuan"}),
    "events": frozenset({"notified_on"}),
    "agents": frozenset({"number", "until_on", "started_on", "left_on"}),
    "navigation": frozenset({"number", "reviewed_on"}),
    "entries": frozenset({"agents", "cases", "top_firms", "left_on"}),
    "platforms": frozenset({"number", "reviewed_on"}),
}
_DATED = ("until_on", "left_on", "reviewed_on")
_TO_COME = ("events",)  # the one kind that may be entered beforehand


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAwardRecord:
    """What is entered; fields that do not belong to the kind are left aside. ``firm``: code or exact name of the
    enterprise that a loan went to, or whose navigation project it is."""

    kind: str
    title: str
    occurred_on: date
    agency_id: int = 0
    firm: str = ""
    number: str = ""
    amount_yuan: Decimal | None = None
    notified_on: date | None = None
    until_on: date | None = None
    started_on: date | None = None
    left_on: date | None = None
    reviewed_on: date | None = None
    agents: int | None = None
    cases: int | None = None
    top_firms: int | None = None


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record as the list shows it; ``payee`` is the agency or the enterprise."""

    id: int
    kind: str
    payee: str
    title: str
    occurred_on: date
    notified_on: date | None
    until_on: date | None
    started_on: date | None
    left_on: date | None
    reviewed_on: date | None
    amount_yuan: Decimal | None
    withdrawn: bool


def record_for_award(unit: Unit, new: NewAwardRecord) -> int:
    """Record one thing that another clause pays for; returns its number.

    Raises ``NotFound`` ``agency_not_found``, ``enterprise_not_found``; ``Refusal`` ``field_choice``, ``note_missing``,
    ``amount_missing``, ``day_to_come``, ``award_…_missing``, ``award_days_reversed``.
    """
    unit.require("award.record")
    if new.kind not in KINDS:
        raise Refusal("field_choice")
    agency = _agency(unit, new) if PAYEES[new.kind] == "agencies" else None
    check_award(unit, new)
    firm = _firm(unit, new) if new.kind in ("pledge_loans", "navigation") else None
    said = said_of(new, agency.id if agency is not None else None, firm)
    row = write_award(unit, said, agency.demo if agency is not None else _is_demo(unit, firm))
    append_event(unit, "award.recorded", "award_records", row.id, what=new.kind)
    return row.id


def said_of(new: NewAwardRecord, agency_id: int | None, firm_id: int | None) -> State:
    """The columns that a record of its kind says something of; whatever belongs to other kinds is left aside."""
    said: State = {
        "kind": new.kind,
        "agency_id": agency_id,
        "enterprise_id": firm_id,
        "title": new.title.strip(),
        "occurred_on": new.occurred_on,
    }
    said |= {name: getattr(new, name) for name in sorted(_OWN[new.kind])}
    if said.get("number"):
        said["number"] = new.number.strip()
    return {name: value for name, value in said.items() if value not in (None, "")}


def write_award(
    unit: Unit, said: State, demo: bool, batch_id: int | None = None, line: int | None = None
) -> AwardRecord:
    """A new row with its first revision, entered by hand or from a file."""
    row = AwardRecord(updated_at=unit.now, demo=demo)
    for name, value in (said | provenance(unit, batch_id, line)).items():
        setattr(row, name, value)
    unit.session.add(row)
    unit.session.flush()
    write_revisions(unit, "award_records", batch_id, [Change(row.id, line, said)])
    return row


def _agency(unit: Unit, new: NewAwardRecord) -> Agency:
    agency = unit.session.get(Agency, new.agency_id)
    if agency is None or agency.withdrawn_at is not None:
        raise NotFound("agency_not_found")
    return agency


def _firm(unit: Unit, new: NewAwardRecord) -> int:
    links = link_enterprises(unit, [(new.firm, new.firm)]) if new.firm.strip() else None
    found = (links.find(new.firm, None) or links.find(None, new.firm)) if links is not None else None
    if found is None:
        raise NotFound("enterprise_not_found")
    return found.id


def _is_demo(unit: Unit, firm: int | None) -> bool:
    row = unit.session.get(Enterprise, firm) if firm is not None else None
    return row is not None and row.demo


def check_award(unit: Unit, new: NewAwardRecord) -> None:
    """Raises ``Refusal`` for what a record of its kind lacks or says wrongly."""
    if not new.title.strip():
        raise Refusal("note_missing")
    for name, code in _ASKED.get(new.kind, ()):
        value = getattr(new, name)
        if not value or (name == "amount_yuan" and value <= 0):
            raise Refusal(code)
    if new.kind == "entries" and not (new.agents or new.cases or new.top_firms):
        raise Refusal("award_numbers_missing")
    if any((each or 0) < 0 for each in (new.agents, new.cases, new.top_firms)):
        raise Refusal("award_numbers_missing")
    if new.kind not in _TO_COME and new.occurred_on > unit.today:
        raise Refusal("day_to_come", day=new.occurred_on)
    own = _OWN[new.kind]
    until, left, reviewed = (getattr(new, name) if name in own else None for name in _DATED)
    check_days(unit, new.occurred_on, until, left, reviewed)


def check_days(unit: Unit, begun: date, until: date | None, left: date | None, reviewed: date | None) -> None:
    """Raises ``Refusal`` ``award_until_reversed``, ``award_left_wrong``, ``award_reviewed_wrong``."""
    if until is not None and until < begun:
        raise Refusal("award_until_reversed")
    for day, code in ((left, "award_left_wrong"), (reviewed, "award_reviewed_wrong")):
        if day is not None and not begun <= day <= unit.today:
            raise Refusal(code)


def date_award_record(unit: Unit, record_id: int, left_on: date | None = None, reviewed_on: date | None = None) -> None:
    """Say later that an agent or agency has left, or that a project or platform passed its review. Words given on the
    record are out of force then. Raises ``NotFound``, ``Refusal`` ``day_missing``, ``award_left_wrong``,
    ``award_reviewed_wrong``."""
    unit.require("award.record")
    row = _standing(unit, record_id)
    left = left_on if "left_on" in _OWN[row.kind] else None
    reviewed = reviewed_on if "reviewed_on" in _OWN[row.kind] else None
    if left is None and reviewed is None:
        raise Refusal("day_missing")
    check_days(unit, row.occurred_on, None, left, reviewed)
    said = {name: day for name, day in (("left_on", left), ("reviewed_on", reviewed)) if day is not None}
    for name, day in said.items():
        setattr(row, name, day)
    row.updated_at = unit.now
    unit.session.flush()
    write_revisions(unit, "award_records", None, [Change(row.id, None, said)])
    append_event(unit, "award.dated", "award_records", row.id, left_on=left, reviewed_on=reviewed)


def withdraw_award_record(unit: Unit, record_id: int, reason: str) -> None:
    """Take a record back; it stays to be seen."""
    unit.require("award.record")
    row = unit.session.get(AwardRecord, record_id)
    if row is None:
        raise NotFound("award_record_not_found")
    if not reason.strip():
        raise Refusal("note_missing")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_reason = unit.now, reason.strip()
        append_event(unit, "award.withdrawn", "award_records", row.id)


def _standing(unit: Unit, record_id: int) -> AwardRecord:
    row = unit.session.get(AwardRecord, record_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("award_record_not_found")
    return row


def award_records(unit: Unit, most: int = 200) -> tuple[RecordLine, ...]:
    """The records behind the estimates, the newest first, withdrawn ones too."""
    unit.require("award.read")
    chosen = (
        select(AwardRecord, Agency.name, Enterprise.name)
        .outerjoin(Agency, Agency.id == AwardRecord.agency_id)
        .outerjoin(Enterprise, Enterprise.id == AwardRecord.enterprise_id)
    )
    return tuple(
        RecordLine(
            row.id, row.kind, agency or firm or "", row.title, row.occurred_on, row.notified_on, row.until_on,
            row.started_on, row.left_on, row.reviewed_on, row.amount_yuan, row.withdrawn_at is not None,
        )
        for row, agency, firm in unit.session.execute(chosen.order_by(AwardRecord.id.desc()).limit(most))
    )  # fmt: skip
