"""Who may enter what happened to a deal (交易), and whose files prove it."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Deal, DealParty, EvidenceFile, Organisation
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.unit import Unit


def deal_of(unit: Unit, deal_id: int) -> Deal:
    """The deal; ``NotFound`` when there is none."""
    deal = unit.session.get(Deal, deal_id)
    if deal is None:
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return deal


def is_party(unit: Unit, deal_id: int) -> bool:
    """Whether the actor's enterprise or organisation is a party of the deal."""
    actor = unit.actor
    place = unit.session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    parties = unit.session.execute(select(DealParty).where(DealParty.deal_id == deal_id)).scalars()
    return unit.may("deal.be_party") and any(
        (party.enterprise_id is not None and party.enterprise_id == actor.enterprise_id)
        or (place is not None and party.name_key == place.name_key)
        for party in parties
    )


def deal_to_enter(unit: Unit, deal_id: int) -> Deal:
    """The deal, for those who may enter what happened to it: the operator and its parties; else ``NotFound``.

    Its row is locked: of two who enter something, the second sees what the first entered.
    """
    unit.require("deal.enter")
    unit.session.get(Deal, deal_id, with_for_update=True)
    deal = deal_of(unit, deal_id)
    if not unit.may("deal.enter_any") and not is_party(unit, deal_id):
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return deal


def require_own_evidence(unit: Unit, deal_id: int, evidence_id: int | None) -> None:
    """Raise ``Refusal("evidence_of_other_record")`` for a file that was stored for another record."""
    if evidence_id is None:
        return
    row = unit.session.get(EvidenceFile, evidence_id)
    if row is None or (row.subject_kind, row.subject_id) != ("deals", deal_id):
        raise Refusal("evidence_of_other_record", id=evidence_id)
