"""One open licence as its parties, the operator and the bureau see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from matchhub.db.tables import Enterprise, Offer, Patent
from matchhub.domain.counting.atoms import Reason
from matchhub.domain.licensing import filing_due_on
from matchhub.domain.next_acts import NextAct, licence_acts
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.evidence.party_words import PartyWordView, without_account, words_of_parties
from matchhub.services.kernel.privacy import without_contact_data
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.accepting import licence_to_change
from matchhub.services.licensing.telling import parties_of_licence
from matchhub.services.records.following import lacks_of


@dataclass(frozen=True, slots=True)
class LicenceView:
    """One licence for its parties, the operator and the bureau."""

    id: int
    offer_id: int | None
    patent_id: int
    number: str
    title: str
    licensor: str
    licensee: str
    licensee_uscc: str
    regime: str | None
    announcement_number: str
    fee_method: str | None
    fee_yuan: Decimal | None
    royalty_percent: Decimal | None
    fee_text: str
    notified_on: date | None
    reached_on: date | None
    paid_on: date | None
    paid_yuan: Decimal | None
    voucher: str
    refunded_on: date | None
    refunded_yuan: Decimal | None
    evidence_id: int | None
    filed_on: date | None
    filing_number: str
    filing_due_on: date | None
    days_left: int | None
    licensee_is_actor: bool
    literal: bool
    strict: bool
    reasons: tuple[Reason, ...]
    party_words: tuple[PartyWordView, ...]
    without_account: tuple[str, ...]  # parties that nobody could ask
    acts: tuple[NextAct, ...]  # what comes next


def licence_view(unit: Unit, licence_id: int) -> LicenceView:
    """One licence for its parties, the operator and the bureau; ``NotFound`` for anybody else."""
    licence = licence_to_change(unit, licence_id)
    offer = unit.session.get(Offer, licence.offer_id) if licence.offer_id is not None else None
    patent = unit.session.get_one(Patent, licence.patent_id)
    firm = unit.session.get(Enterprise, licence.enterprise_id) if licence.enterprise_id is not None else None
    due = filing_due_on(licence.reached_on, unit.pack) if licence.reached_on else None
    said = explain_record(unit, "licences", licence.id, question(unit))
    words = words_of_parties(unit, ("licences", licence.id))
    paid, filed, reached_on = licence.paid_on is not None, licence.filed_on is not None, licence.reached_on
    return LicenceView(
        id=licence.id,
        offer_id=licence.offer_id,
        patent_id=patent.id,
        number=patent.application_number or patent.publication_number or "",
        title=patent.title or "",
        licensor=licence.licensor_name or "",
        licensee=licence.licensee_name,
        licensee_uscc=licence.licensee_uscc or (firm.uscc if firm else None) or "",
        regime=licence.regime,
        announcement_number=(offer.announcement_number if offer else None) or "",
        fee_method=offer.fee_method if offer else None,
        fee_yuan=offer.fee_yuan if offer else None,
        royalty_percent=offer.royalty_percent if offer else None,
        fee_text=(offer.fee_text if offer else None) or "",
        notified_on=licence.notified_on,
        reached_on=licence.reached_on,
        paid_on=licence.paid_on,
        paid_yuan=licence.paid_yuan,
        voucher=licence.payment_proof or "",
        refunded_on=licence.refunded_on,
        refunded_yuan=licence.refunded_yuan,
        evidence_id=licence.payment_evidence_id,
        filed_on=licence.filed_on,
        filing_number=licence.filing_number or "",
        filing_due_on=due,
        days_left=(due - unit.today).days if due and not licence.filed_on else None,
        licensee_is_actor=unit.actor.enterprise_id is not None and licence.enterprise_id == unit.actor.enterprise_id,
        literal=said.literal,
        strict=said.strict,
        reasons=tuple(replace(each, data=without_contact_data(unit, each.data)) for each in said.reasons),
        party_words=words,
        without_account=without_account(unit, parties_of_licence(unit, licence)),
        acts=licence_acts(lacks_of(unit, "licences", licence.id, said, words), paid, filed, reached_on, due),
    )
