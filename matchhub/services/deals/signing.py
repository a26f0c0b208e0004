"""Signing (签订): a deal that was negotiated becomes a contract, under all checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from matchhub.domain.deals import Finding, next_stages
from matchhub.errors import Conflict, Refusal
from matchhub.services.deals.access import deal_to_enter
from matchhub.services.deals.checks import facts_of_deal, findings_on, refuse_blocked, refuse_number_of_others
from matchhub.services.deals.events import enter_event
from matchhub.services.deals.stages import stage_of_deal
from matchhub.services.deals.telling import tell_parties
from matchhub.services.kernel.freshness import require_unchanged
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit


def sign_deal(
    unit: Unit,
    deal_id: int,
    signed_on: date,
    contract_number: str,
    amount_yuan: Decimal | None = None,
    evidence_id: int | None = None,
    seen: str = "",
    another_contract: bool = False,
) -> tuple[Finding, ...]:
    """Record the signing (签订) under all checks; returns what was found, none of which blocks.

    ``another_contract``: the person knows that a contract of other parties bears the number too. Raises ``Conflict``
    ``deal_step_not_allowed``, ``deal_number_in_use``, ``contract_number_of_others`` and ``changed_meanwhile``;
    ``Refusal`` with the code of the first finding that blocks (dead patent, not the owner, bound or excluded patent,
    day to come …), ``contract_number_missing``, ``amount_not_positive``; ``NotAllowed("account_unconfirmed")``.
    """
    deal = deal_to_enter(unit, deal_id)
    require_unchanged(unit, "deals", deal.id, deal.updated_at, seen)
    stage = stage_of_deal(unit, deal_id)
    if "signed" not in next_stages(stage):
        raise Conflict("deal_step_not_allowed", stage=stage, to="signed")
    number = contract_number.strip()
    if not number:
        raise Refusal("contract_number_missing")
    if amount_yuan is not None and amount_yuan <= 0:
        raise Refusal("amount_not_positive")
    found = findings_on(unit, replace(facts_of_deal(unit, deal_id), signed_on=signed_on, contract_number=number))
    refuse_blocked(found)
    refuse_number_of_others(found, another_contract)
    deal.signed_on, deal.contract_number = signed_on, number
    deal.amount_yuan = amount_yuan if amount_yuan is not None else deal.amount_yuan
    said = {"signed_on": signed_on, "contract_number": number, "amount_yuan": deal.amount_yuan}
    write_revisions(unit, "deals", None, [Change(deal.id, None, said)])
    enter_event(unit, deal, "signed", signed_on, number, evidence_id)
    tell_parties(unit, deal, "signed", number=number, on=signed_on, yuan=deal.amount_yuan)
    return found
