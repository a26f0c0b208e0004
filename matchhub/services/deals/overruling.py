"""A suspected affiliation (关联关系) that the bureau says is none."""

from __future__ import annotations

from matchhub.errors import Refusal
from matchhub.services.deals.access import deal_of
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit


def overrule_affiliation(unit: Unit, deal_id: int, reason: str) -> None:
    """The bureau alone may say that a suspected affiliation is none, and must say why."""
    unit.require("record.overrule")
    if not reason.strip():
        raise Refusal("note_missing")
    deal = deal_of(unit, deal_id)
    deal.affiliation_overruled_by, deal.affiliation_overruled_reason = unit.actor.account_id, reason
    new = {"affiliation_overruled_by": unit.actor.account_id, "affiliation_overruled_reason": reason}
    write_revisions(unit, "deals", None, [Change(deal.id, None, new)])
    append_event(unit, "deal.affiliation_overruled", "deals", deal.id)
