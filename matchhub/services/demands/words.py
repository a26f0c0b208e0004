"""The two words that a demand needs to count: that the operator verified it, and that its enterprise stands for it.

Neither is a column: each is a step in the demand's life with its author, and holds for what the demand says then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from matchhub.db.tables import Demand, DemandEvent, EvidenceFile
from matchhub.domain.demands import HOW_VERIFIED
from matchhub.domain.papers import Paper, paper_kind_of
from matchhub.errors import Conflict, NotAllowed, Refusal
from matchhub.services.demands.own import is_own
from matchhub.services.demands.posting import own_demand
from matchhub.services.demands.steps import add_event, note_own_word
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit

SHEET = "authorisation_sheet"
_ON_SHEET = "signed_sheet"
MOST_NAME, MOST_NOTE = 60, 500


@dataclass(frozen=True, slots=True)
class Verification:
    """How a demand was verified (``HOW_VERIFIED``), with whom, what that person is there, on which day, and what was
    found."""

    how: str
    spoken_to: str
    spoken_post: str
    on: date | None
    note: str


def verify_demand(unit: Unit, demand_id: int, said: Verification) -> None:
    """Say that a demand was verified; one whose content changed since is verified again.

    Raises ``NotFound``, ``Conflict("demand_moved_on")`` and ``Refusal`` ``how_verified_missing``,
    ``verified_with_missing``, ``verified_post_missing``, ``verified_note_missing``, ``verified_day_missing``,
    ``verified_day_to_come``, ``verified_day_before_posting``, and ``verified_sheet_missing`` where the signed sheet is
    said to be what was seen and none is on file.
    """
    unit.require("demand.verify")
    if unit.actor.account_id is None:
        raise NotAllowed(role=unit.actor.role)  # the system has looked at nothing
    demand = own_demand(unit, demand_id)
    if demand.state not in ("submitted", "verified"):
        raise Conflict("demand_moved_on", state=demand.state)
    day = _checked(unit, demand, said)
    demand.state, demand.updated_at = "verified", unit.now
    add_event(
        unit,
        demand.id,
        "verified",
        day,
        said.note.strip()[:MOST_NOTE],
        how=said.how,
        spoken_to=said.spoken_to.strip()[:MOST_NAME],
        spoken_post=said.spoken_post.strip()[:MOST_NAME],
    )
    append_event(unit, "demand.verified", "demands", demand.id, how=said.how, on=day.isoformat())


def _checked(unit: Unit, demand: Demand, said: Verification) -> date:
    if said.how not in HOW_VERIFIED:
        raise Refusal("how_verified_missing")
    for value, code in ((said.spoken_to, "verified_with_missing"), (said.spoken_post, "verified_post_missing"),
                        (said.note, "verified_note_missing")):  # fmt: skip
        if not value.strip():
            raise Refusal(code)
    if said.on is None:
        raise Refusal("verified_day_missing")
    if said.on > unit.today:
        raise Refusal("verified_day_to_come", day=said.on)
    if said.on < demand.posted_on:
        raise Refusal("verified_day_before_posting", posted_on=demand.posted_on)
    if said.how == _ON_SHEET and not has_sheet(unit, demand.id):
        raise Refusal("verified_sheet_missing")
    return said.on


def has_sheet(unit: Unit, demand_id: int) -> bool:
    """Whether a signed sheet is on file, whole and not withdrawn."""
    chosen = select(EvidenceFile.purpose, EvidenceFile.paper_kind).where(
        EvidenceFile.subject_kind == "demands",
        EvidenceFile.subject_id == demand_id,
        EvidenceFile.withdrawn_at.is_(None),
        EvidenceFile.damaged_at.is_(None),
    )
    return any(paper_kind_of(purpose, kind) == SHEET for purpose, kind in unit.session.execute(chosen))


def authorise_demand(unit: Unit, demand_id: int) -> None:
    """The enterprise's word, through its own confirmed account, that a demand is its demand as it reads now.

    Raises ``NotFound`` for anybody else's, ``NotAllowed``, and ``Conflict("demand_moved_on")`` for one that was
    withdrawn.
    """
    unit.require("demand.authorise")
    demand = own_demand(unit, demand_id)
    if not is_own(unit, demand):
        raise NotAllowed(role=unit.actor.role)
    if demand.state == "withdrawn":
        raise Conflict("demand_moved_on", state=demand.state)
    if demand.authorised_on is None or not demand.authorised_by:
        _write_authorisation(unit, demand, unit.today, unit.actor.name)
    note_own_word(unit, demand)
    demand.updated_at = unit.now
    append_event(unit, "demand.authorised", "demands", demand.id)


def file_sheet(unit: Unit, demand_id: int, name: str, content: bytes, signed_by: str, signed_on: date | None) -> int:
    """Keep the sheet that the enterprise signed for a demand, and who signed it when; returns the file's number.

    Raises ``Refusal`` ``authorised_by_missing``, ``sheet_day_missing``, ``paper_day_to_come``,
    ``Conflict("demand_moved_on")`` for a withdrawn demand, and what ``store_evidence`` raises.
    """
    unit.require("demand.verify")
    demand = own_demand(unit, demand_id)
    if demand.state == "withdrawn":
        raise Conflict("demand_moved_on", state=demand.state)
    if not signed_by.strip():
        raise Refusal("authorised_by_missing")
    if signed_on is None:
        raise Refusal("sheet_day_missing")
    paper = Paper(SHEET, issuer=signed_by.strip(), issued_on=signed_on)
    number = store_evidence(unit, "demands", demand.id, "authorisation", name, content, paper)
    if (demand.authorised_on, demand.authorised_by) != (signed_on, signed_by.strip()):
        _write_authorisation(unit, demand, signed_on, signed_by.strip())
    demand.updated_at = unit.now
    append_event(unit, "demand.sheet_filed", "demands", demand.id, evidence=number)
    return number


def _write_authorisation(unit: Unit, demand: Demand, on: date, by: str) -> None:
    demand.authorised_on, demand.authorised_by = on, by[:MOST_NAME]
    fields = {"authorised_on": demand.authorised_on, "authorised_by": demand.authorised_by}
    write_revisions(unit, "demands", None, [Change(demand.id, None, fields)])


@dataclass(frozen=True, slots=True)
class SheetView:
    """A file that authorises a demand; ``intact``: it is whole and not withdrawn."""

    id: int
    name: str
    signed_by: str
    signed_on: date | None
    intact: bool


@dataclass(frozen=True, slots=True)
class VerificationView:
    """How a demand was verified last, and by which account."""

    how: str
    spoken_to: str
    spoken_post: str
    on: date
    note: str
    account_id: int | None


def last_verification(unit: Unit, demand_id: int) -> VerificationView | None:
    """The newest verification that says how and with whom."""
    chosen = select(DemandEvent).where(
        DemandEvent.demand_id == demand_id, DemandEvent.state == "verified", DemandEvent.how.is_not(None)
    )
    row = unit.session.execute(chosen.order_by(DemandEvent.id.desc()).limit(1)).scalar()
    if row is None:
        return None
    return VerificationView(row.how or "", row.spoken_to or "", row.spoken_post or "", row.occurred_on,
                            row.note or "", row.recorded_by)  # fmt: skip


def sheets_of(unit: Unit, demand_id: int) -> tuple[SheetView, ...]:
    """The signed sheets of a demand, withdrawn ones too."""
    chosen = select(EvidenceFile).where(EvidenceFile.subject_kind == "demands", EvidenceFile.subject_id == demand_id)
    return tuple(
        SheetView(row.id, row.name, row.issuer or "", row.issued_on, not (row.withdrawn_at or row.damaged_at))
        for row in unit.session.execute(chosen.order_by(EvidenceFile.id)).scalars()
        if paper_kind_of(row.purpose, row.paper_kind) == SHEET
    )
