"""The end of a deal: its contract cancelled (解除), or the record of it taken back (撤回). Nothing is deleted."""

from __future__ import annotations

from datetime import date

from matchhub.domain.deals import Step
from matchhub.errors import Refusal
from matchhub.services.deals.access import deal_of, deal_to_enter
from matchhub.services.deals.events import enter_event
from matchhub.services.deals.steps import require_step
from matchhub.services.deals.telling import tell_parties
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.freshness import require_unchanged
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit


def cancel_deal(
    unit: Unit, deal_id: int, on: date, reason: str, evidence_id: int | None = None, seen: str = ""
) -> None:
    """Record that a contract was cancelled, or its negotiation given up; it leaves the counts from that day on.

    Raises ``Conflict`` ``deal_step_not_allowed`` (cancelled already), ``changed_meanwhile``, and ``Refusal``
    ``note_missing``, ``day_to_come``, ``deal_cancelled_before_signing``, ``evidence_of_other_record``.
    """
    deal = deal_to_enter(unit, deal_id)
    require_unchanged(unit, "deals", deal.id, deal.updated_at, seen)
    step = Step("cancelled", on, reason.strip()[:255])
    require_step(unit, deal, step)
    enter_event(unit, deal, "cancelled", on, step.number, evidence_id)
    tell_parties(unit, deal, "cancelled", on=on, reason=step.number)


def withdraw_deal(unit: Unit, deal_id: int, reason: str) -> None:
    """Take a wrongly recorded deal back; it stays visible as withdrawn, and its contract number is free again.

    Raises ``Refusal("note_missing")``.
    """
    unit.require("deal.withdraw")
    if not reason.strip():
        raise Refusal("note_missing")
    deal = deal_of(unit, deal_id)
    if deal.withdrawn_at is not None:
        return
    deal.withdrawn_at, deal.withdrawn_reason = unit.now, reason
    # The right record of the same contract must be able to come: number and identity are no longer this row's.
    deal.identity_key = f"withdrawn:{deal.id}"
    if deal.contract_number is not None:
        deal.contract_number = None
        write_revisions(unit, "deals", None, [Change(deal.id, None, {"contract_number": None})])
    deal.updated_at = unit.now
    append_event(unit, "deal.withdrawn", "deals", deal.id)
    tell_parties(unit, deal, "withdrawn", reason=reason.strip())
