"""Demands (技术需求): posted and seen at once for what they are worth, reviewed, withdrawn; never deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from matchhub.db.tables import Demand, Enterprise
from matchhub.domain.counting.facts import DemandFacts
from matchhub.domain.demand_answers import example_repeated
from matchhub.domain.demands import DemandAssessment, assess_demand
from matchhub.domain.records import DemandRecord, Row
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.unconfirmed import require_room_for_demand
from matchhub.services.accounts.verification import hold_authorisation, without_authorisation
from matchhub.services.demands.facts import demand_facts_of
from matchhub.services.demands.own import is_own
from matchhub.services.demands.recorder import DemandRecorder
from matchhub.services.demands.repetition import Compared, find_duplicates
from matchhub.services.demands.steps import add_event, note_own_word
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit

# Which state an act may lead to, from which states, and who may do it.
_STEPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "returned": (("submitted", "verified"), ("demand.verify",)),
    "submitted": (("returned",), ("demand.edit", "demand.move_any")),
    "solved": (("submitted", "verified"), ("demand.close", "demand.move_any")),
    "withdrawn": (("submitted", "returned", "verified", "solved"), ("demand.close", "demand.move_any")),
    "reconfirmed": (("submitted", "verified"), ("demand.reconfirm",)),
}


@dataclass(frozen=True, slots=True)
class PostedDemand:
    """A demand just recorded and how valid it is."""

    demand_id: int
    assessment: DemandAssessment


def assess_draft(unit: Unit, record: DemandRecord) -> DemandAssessment:
    """The eight tests on a form that is still being filled in; nothing is written."""
    firm = unit.session.get(Enterprise, unit.actor.files_under) if unit.actor.files_under else None
    facts = DemandFacts(
        record_id=0,
        enterprise_id=firm.id if firm else None,
        enterprise_uscc=firm.uscc if firm else None,
        enterprise_local=firm.local if firm else None,
        local_decided_by=firm.local_decided_by if firm else None,
        title=record.title,
        text=record.text,
        object=record.object,
        aim=record.aim,
        targets=record.targets,
        technical_field=record.technical_field,
        ipc=record.ipc,
        cooperation_form=record.cooperation_form,
        budget_yuan=record.budget_yuan,
        budget_negotiable=record.budget_negotiable,
        contact_name=record.contact_name,
        contact_reachable=bool(record.contact_phone or record.contact_email),
        posted_on=unit.today,
        valid_until_on=record.valid_until_on,
        authorised_on=record.authorised_on,
        authorised_by=record.authorised_by,
    )
    return assess_demand(facts, unit.pack.demands, unit.today)


def post_demand(
    unit: Unit, record: DemandRecord, enterprise_id: int | None = None, before: Compared | None = None
) -> PostedDemand:
    """Record a demand of the actor's enterprise (or, entered by the operator, of ``enterprise_id``).

    ``before``: what its words were compared with before the unit began (``compare_before``), else they are now.

    The authorisation of an account that the operator has not confirmed yet is held (``verification``). Raises
    ``Refusal`` ``demand_empty`` without title and text and ``demand_is_example`` for a pattern of the form,
    ``Conflict("demand_repeated")`` for the same words again, and ``unconfirmed.TooMuch`` for an unconfirmed account
    that has stored all it may.
    """
    unit.require("demand.post", "demand.post_any")
    owner = enterprise_id if unit.may("demand.post_any") else unit.actor.files_under
    firm = unit.session.get(Enterprise, owner) if owner is not None else None
    if firm is None:
        raise NotFound("enterprise_not_found")
    if not (record.title or "").strip() or not (record.text or "").strip():
        raise Refusal("demand_empty")
    require_own_words(record)
    require_room_for_demand(unit, record)
    allowed = without_authorisation(unit, record)
    named = replace(allowed, enterprise_uscc=firm.uscc, enterprise_name=firm.name, posted_on=unit.today)
    outcome = DemandRecorder(unit, None, firm.demo).record([Row(record.source, named)])[0]
    if outcome.verdict != "created" or outcome.record_id is None:
        raise Conflict("demand_repeated", demand=outcome.record_id)
    hold_authorisation(unit, outcome.record_id, record)
    note_own_word(unit, unit.session.get_one(Demand, outcome.record_id))
    find_duplicates(unit, [outcome.record_id], before)
    append_event(unit, "demand.posted", "demands", outcome.record_id)
    return PostedDemand(outcome.record_id, assessment_of(unit, outcome.record_id))


def require_own_words(record: DemandRecord) -> None:
    """Refuse a demand that is one of the patterns shown beside the form: ``Refusal("demand_is_example")``."""
    if example_repeated(record.text or "", record.aim or "") is not None:
        raise Refusal("demand_is_example")


def assessment_of(unit: Unit, demand_id: int) -> DemandAssessment:
    """The eight tests on a recorded demand, today."""
    facts = demand_facts_of(unit, [unit.session.get_one(Demand, demand_id)])[demand_id]
    return assess_demand(facts, unit.pack.demands, unit.today)


def move_demand(unit: Unit, demand_id: int, state: str, note: str | None = None, on: date | None = None) -> None:
    """Take one step in the life of a demand, on the day ``on`` (default today); verifying it is ``demands.words``.

    Raises ``NotFound``, ``NotAllowed``, ``Refusal("note_missing")`` for a return without a reason, and ``Conflict``
    when the demand is no longer where the step starts (somebody else was faster).
    """
    sources, acts = _STEPS[state]
    unit.require(*acts)
    demand = own_demand(unit, demand_id)
    if demand.state not in sources:
        raise Conflict("demand_moved_on", state=demand.state)
    if state == "returned" and not (note or "").strip():
        raise Refusal("note_missing")
    if state != "reconfirmed":
        demand.state = state
    demand.updated_at = unit.now
    add_event(unit, demand.id, state, on or unit.today, note)
    append_event(unit, f"demand.{state}", "demands", demand.id)


def own_demand(unit: Unit, demand_id: int) -> Demand:
    """The demand, if the actor may see all of it: its enterprise, the operator, the reviewer."""
    demand = unit.session.get(Demand, demand_id)
    if demand is None or not (unit.may("demand.read_any") or is_own(unit, demand)):
        raise NotFound("demand_not_found", id=demand_id)
    return demand


def decide_duplicate(unit: Unit, demand_id: int, decision: str) -> None:
    """The operator's word on a suspected repetition: ``same`` or ``different``."""
    unit.require("demand.decide_duplicate")
    demand = own_demand(unit, demand_id)
    if decision not in ("same", "different"):
        raise Refusal("decision_unknown", decision=decision)
    if demand.duplicate_of_id is None:
        raise Refusal("demand_without_twin")  # a word given in advance would blind the rule for a later repetition
    demand.duplicate_decision, demand.updated_at = decision, unit.now
    write_revisions(unit, "demands", None, [Change(demand.id, None, {"duplicate_decision": decision})])
    append_event(unit, "demand.duplicate_decided", "demands", demand.id, decision=decision)
