"""Correcting a contract on record (更正): number, amount, day and kind, with the earlier values and a reason."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent
from matchhub.domain.records import DealType
from matchhub.errors import Conflict, Refusal
from matchhub.services.deals.access import deal_to_enter
from matchhub.services.deals.checks import facts_of_deal, refuse_blocked, refuse_number_of_others, signing_findings
from matchhub.services.deals.events import add_event_row
from matchhub.services.deals.payments import excess_findings
from matchhub.services.deals.telling import tell_parties
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.freshness import require_unchanged
from matchhub.services.kernel.revisions import Change, State, to_json, write_revisions
from matchhub.services.kernel.unit import Unit

_CONTRACT = ("contract_number", "deal_type", "signed_on", "amount_yuan")


@dataclass(frozen=True, slots=True)
class DealCorrection:
    """The contract as it should read; ``None`` leaves a value as it is."""

    contract_number: str | None = None
    deal_type: DealType | None = None
    signed_on: date | None = None
    amount_yuan: Decimal | None = None
    another_contract: bool = False  # a contract of other parties bears the number too, and the person knows


def correct_deal(unit: Unit, deal_id: int, correction: DealCorrection, reason: str, seen: str = "") -> State:
    """Correct a signed contract after all checks of signing; returns the fields that changed, with their new values.

    The revision keeps the earlier values and the reason. Raises ``Refusal`` ``note_missing``, ``deal_unsigned``,
    ``amount_not_positive`` and the code of the first finding that blocks; ``Conflict`` ``deal_correction_empty``,
    ``deal_number_in_use``, ``contract_number_of_others``, ``payment_exceeds_contract``, ``changed_meanwhile``.
    """
    unit.require("deal.correct")
    deal = deal_to_enter(unit, deal_id)
    require_unchanged(unit, "deals", deal.id, deal.updated_at, seen)
    if not reason.strip():
        raise Refusal("note_missing")
    if deal.signed_on is None:
        raise Refusal("deal_unsigned")
    if correction.amount_yuan is not None and correction.amount_yuan <= 0:
        raise Refusal("amount_not_positive")
    changed = _changed(deal, correction)
    if not changed:
        raise Conflict("deal_correction_empty")
    if "amount_yuan" in changed:
        refuse_blocked(excess_findings(unit, deal_id, changed["amount_yuan"]))
    checked = {name: value for name, value in changed.items() if name != "amount_yuan"}
    if checked:
        found = signing_findings(unit, replace(facts_of_deal(unit, deal_id), **checked))
        refuse_blocked(found)
        refuse_number_of_others(found, correction.another_contract or "contract_number" not in changed)
    said = apply_correction(unit, deal, changed, reason.strip())
    write_revisions(unit, "deals", None, [Change(deal.id, None, said)])
    tell_parties(unit, deal, "changed", changes=changes_told(said["corrected_from"], changed))
    return changed


def changes_told(before: State, after: State) -> list[list[Any]]:
    """What the parties are told of a correction: field, value before and value after, as JSON values."""
    return [[name, was, to_json(after[name])] for name, was in before.items()]


def _changed(deal: Deal, correction: DealCorrection) -> State:
    given = {each.name: getattr(correction, each.name) for each in fields(correction) if each.name in _CONTRACT}
    tidy = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    return {name: value for name, value in tidy.items() if value not in (None, "") and getattr(deal, name) != value}


def apply_correction(
    unit: Unit, deal: Deal, changed: State, reason: str, batch_id: int | None = None, line: int | None = None
) -> State:
    """Write values that were checked over those on record; returns what the revision must keep.

    Shared by the operator's correction and by a file that brings other values for a known contract (its ``batch_id``
    and ``line``). The caller writes the revision.
    """
    before = {name: to_json(getattr(deal, name)) for name in changed}
    for name, value in changed.items():
        setattr(deal, name, value)
    if "contract_number" in changed:
        # The old number is no longer this contract's: another one may bear it.
        deal.identity_key = digest("deal", deal.id, deal.contract_number)
    if {"signed_on", "contract_number"} & changed.keys():
        _sign_anew(unit, deal, reason, batch_id, line)
    deal.updated_at = unit.now
    unit.session.flush()
    append_event(unit, "deal.corrected", "deals", deal.id, before=before, after=to_json(changed))
    return {**changed, "corrected_from": before, "correction_reason": reason}


def _sign_anew(unit: Unit, deal: Deal, reason: str, batch_id: int | None, line: int | None) -> None:
    """Replace the event of the signing, whose day and number are corrected; the earlier one stays as withdrawn.

    The count takes who entered a signing, and when, from the standing event: a corrected day counts as recorded now.
    """
    assert deal.signed_on is not None
    chosen = select(DealEvent).where(
        DealEvent.deal_id == deal.id, DealEvent.event == "signed", DealEvent.withdrawn_at.is_(None)
    )
    earlier: list[Any] = list(unit.session.execute(chosen.order_by(DealEvent.id)).scalars())
    for row in earlier:
        row.withdrawn_at, row.withdrawn_reason = unit.now, reason
    proof = next((row.evidence_id for row in earlier if row.evidence_id is not None), None)
    add_event_row(unit, deal, "signed", deal.signed_on, deal.contract_number, proof, batch_id, line)
