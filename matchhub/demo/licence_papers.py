"""Papers and words behind open licensing in the demo city: announcement, notice, bank slip, filing, confirmations."""

from __future__ import annotations

from matchhub.demo.city import City
from matchhub.demo.papers import letter_of, licence_of
from matchhub.domain.records import LicenceRecord, OfferRecord
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.entries import prove_licence_payment


def prove_licence(city: City, unit: Unit, licence_id: int, record: LicenceRecord, lacks: str = "") -> None:
    """Hand in the papers of a licence and let operator and bureau confirm it; ``lacks`` is what is not there."""
    if record.notified_on is not None:
        _hand_in(city, unit, licence_id, "notice", "notice", lacks)
    if record.paid_yuan and record.payment_proof:
        slip = _hand_in(city, unit, licence_id, "payment_proof", "bank_slip", lacks)
        if slip is not None:
            prove_licence_payment(city.by(unit, "clerk"), licence_id, slip)
    if record.filed_on is not None:
        _hand_in(city, unit, licence_id, "register_proof", "filing_certificate", lacks)
        _hand_in(city, unit, licence_id, "contract", "contract", lacks)
        if record.licensee_uscc:
            paper = licence_of(record.licensee_uscc)
            clerk = city.by(unit, "clerk")
            store_evidence(clerk, "licences", licence_id, "other", paper.name, paper.content, paper.paper)
    for who in ("operator", "reviewer"):
        if lacks != "word":
            confirm(city.by(unit, who), "licences", licence_id, second_factor=who == "reviewer")


def prove_offer(city: City, unit: Unit, offer_id: int, record: OfferRecord) -> None:
    """Hand in the announcement of a declaration, with its number and day."""
    number = record.announcement_number or f"试点公告演示{offer_id:06d}"
    paper = letter_of("announcement", f"offer {offer_id:06d}", number, record.declared_on)
    store_evidence(city.by(unit, "clerk"), "offers", offer_id, "other", paper.name, paper.content, paper.paper)


def _hand_in(city: City, unit: Unit, licence_id: int, purpose: str, kind: str, lacks: str) -> int | None:
    if kind == lacks:
        return None
    paper = letter_of(kind, f"licence {licence_id:06d}")
    clerk = city.by(unit, "clerk")
    return store_evidence(clerk, "licences", licence_id, purpose, paper.name, paper.content, paper.paper)
