"""Facts of open-licence declarations and licences reached."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    Account,
    IndustryWord,
    Licence,
    LinkedName,
    Offer,
    OfferDeclaration,
    Organisation,
    Revision,
)
from matchhub.domain.counting.facts import EvidenceFact, LicenceFacts, OfferFacts, PaymentFact, RecordId, StatusFact
from matchhub.domain.counting.observed import IndustryWordFact
from matchhub.domain.licensing import offer_period
from matchhub.domain.parties import normalise_name
from matchhub.services.facts.dealt_patents import Holdings, holdings
from matchhub.services.facts.evidence import evidence_of
from matchhub.services.facts.known import Known
from matchhub.services.kernel.history import State, states
from matchhub.services.kernel.speaking import is_confirmed
from matchhub.services.kernel.unit import Unit

_INDUSTRY = frozenset({"industry", "industry_reason"})
_OFFER = (
    "patent_id",
    "holder_name",
    "regime",
    "platform",
    "announcement_number",
    "declared_on",
    "valid_from_on",
    "valid_to_on",
    "industry",
    "industry_reason",
    "ended_on",
    "fee_method",
    "fee_yuan",
)


def offer_facts(known: Known) -> tuple[OfferFacts, ...]:
    """Every open-licence declaration of the base."""
    patents, checked, said = known.patents, known.statuses, known.said("offers")
    papers = evidence_of(known.unit, "offers", known.moment)
    offers = states(known.unit, "offers", Offer, _OFFER, known.moment)
    facts = (
        _offer_fact(key, s, patents.get(s["patent_id"], {}), checked.get(s["patent_id"], ()), said.get(key, ()))
        for key, s in offers.items()
    )
    held = holdings(known.unit, select(Offer.patent_id), known.moment)
    declarers = _declarers(known)
    names = {key: s["holder_name"] for key, s in offers.items()}
    words, typed = _industry_words(known), _industry_by(known)
    return tuple(
        replace(
            fact,
            evidence=papers.get(int(fact.record_id), ()),
            declared_by_holder=not declarers.get(int(fact.record_id), frozenset()).isdisjoint(
                _held_by(held, fact.patent_id).on(fact.published_on)
            ),
            holder_on_patent=_held_by(held, fact.patent_id).holds(names[int(fact.record_id)], fact.published_on),
            industry_words=tuple(words.get(int(fact.record_id), ())),
            industry_by=typed.get(int(fact.record_id), frozenset()),
        )
        for fact in facts
    )


def _held_by(held: dict[int, Holdings], patent_id: RecordId | None) -> Holdings:
    return held.get(int(patent_id), Holdings()) if patent_id is not None else Holdings()


def _declarers(known: Known) -> dict[int, frozenset[str]]:
    """Names that the operator linked to the confirmed organisation whose account declared an offer here, by offer."""
    chosen = select(OfferDeclaration.offer_id, LinkedName.name_key).join(
        LinkedName, LinkedName.organisation_id == OfferDeclaration.organisation_id
    )
    chosen = chosen.join(Organisation, Organisation.id == LinkedName.organisation_id).where(is_confirmed())
    found: dict[int, set[str]] = defaultdict(set)
    limited = known.moment.limit(known.moment.limit(chosen, OfferDeclaration), LinkedName)
    for offer, name, withdrawn_at in known.unit.session.execute(limited.add_columns(LinkedName.withdrawn_at)):
        if withdrawn_at is None or (known.moment.known_at is not None and withdrawn_at > known.moment.known_at):
            found[offer].add(name)
    return {key: frozenset(names) for key, names in found.items()}


def _industry_words(known: Known) -> dict[int, list[IndustryWordFact]]:
    """What second persons said of an offer's industry, oldest first."""
    found: dict[int, list[IndustryWordFact]] = defaultdict(list)
    chosen = known.moment.limit(select(IndustryWord).order_by(IndustryWord.id), IndustryWord)
    for row in known.unit.session.execute(chosen).scalars():
        found[row.offer_id].append(
            IndustryWordFact(
                account_id=row.account_id,
                organisation_id=row.organisation_id,
                role=row.role,
                industry=row.industry,
                reason=row.reason,
                accepted=row.accepted,
            )
        )
    return found


def _industry_by(known: Known) -> dict[int, frozenset[tuple[RecordId | None, RecordId | None]]]:
    """Accounts that wrote the industry of an offer or its reason, each with its organisation."""
    places = dict(known.unit.session.execute(select(Account.id, Account.organisation_id)).all())
    found: dict[int, set[tuple[RecordId | None, RecordId | None]]] = defaultdict(set)
    chosen = select(Revision.record_id, Revision.fields, Revision.recorded_by).where(Revision.kind == "offers")
    for key, fields, account in known.unit.session.execute(known.moment.limit(chosen, Revision)):
        if account is not None and not _INDUSTRY.isdisjoint(fields):
            found[key].add((account, places.get(account)))
    return {key: frozenset(each) for key, each in found.items()}


def _offer_fact(key: int, s: State, patent: State, known: tuple[StatusFact, ...], said: Any) -> OfferFacts:
    return OfferFacts(
        record_id=key,
        patent_id=s["patent_id"],
        application_number=patent.get("application_number"),
        regime=s["regime"],
        platform=s["platform"],
        announcement_number=s["announcement_number"],
        published_on=s["declared_on"],
        recorded_on=s["entered_on"],
        industry=s["industry"],
        industry_reason=s["industry_reason"],
        ipc=patent.get("ipc") or (),
        locarno=patent.get("locarno") or (),
        filed_on=patent.get("filed_on"),
        granted_on=patent.get("granted_on"),
        expires_on=patent.get("expires_on"),
        statuses=known,
        declaration_withdrawn_on=s["ended_on"],
        confirmations=said,
        withdrawn_on=s["withdrawn_on"],
    )


_LICENCE = (
    "patent_id",
    "offer_id",
    "enterprise_id",
    "licensee_name",
    "licensee_uscc",
    "licensor_name",
    "notified_on",
    "reached_on",
    "paid_on",
    "paid_yuan",
    "payment_proof",
    "filing_number",
    "filed_on",
    "affiliation_overruled_by",
    "payment_evidence_id",
    "refunded_on",
    "refunded_yuan",
)


def licence_facts(known: Known) -> tuple[LicenceFacts, ...]:
    """Every open licence of the base."""
    offers = states(known.unit, "offers", Offer, _OFFER, known.moment)
    said = known.said("licences")
    licences = states(known.unit, "licences", Licence, _LICENCE, known.moment)
    told, words = _told_at(known), known.party_words("licences")
    rows = known.unit.session.execute(known.moment.limit(select(Licence), Licence)).scalars()
    papers, accounts = evidence_of(known.unit, "licences", known.moment), _accounts_of_firms(known.unit)
    held = holdings(known.unit, select(Licence.patent_id), known.moment)
    facts = (
        _licence_fact(
            row, licences[row.id], known, offers.get(licences[row.id]["offer_id"] or 0, {}), said.get(row.id, ())
        )
        for row in rows
    )
    # A licence whose notice stood here before it was paid was recorded as reached when that became known.
    return tuple(
        replace(
            fact,
            recorded_at=told.get(int(fact.record_id), fact.recorded_at),
            evidence=papers.get(int(fact.record_id), ()),
            party_words=words.get(int(fact.record_id), ()),
            licensor_on_patent=_held_by(held, fact.patent_id).holds(
                licences[int(fact.record_id)]["licensor_name"], fact.notified_on or fact.reached_on
            ),
            notified_by_licensee=accounts.get(fact.entered_by) == fact.licensee_id,
        )
        for fact in facts
    )


def _accounts_of_firms(unit: Unit) -> dict[RecordId | None, int]:
    """Enterprise by account, of enterprises that have one."""
    chosen = select(Account.id, Organisation.enterprise_id).join(Organisation)
    rows = unit.session.execute(chosen.where(Organisation.enterprise_id.is_not(None)))
    return {account: firm for account, firm in rows if firm is not None}


def _told_at(known: Known) -> dict[int, datetime]:
    """When the day on which a licence was reached first came on record, by licence."""
    found: dict[int, datetime] = {}
    chosen = select(Revision.record_id, Revision.recorded_at, Revision.fields).where(Revision.kind == "licences")
    for key, at, fields in known.unit.session.execute(known.moment.limit(chosen.order_by(Revision.id), Revision)):
        if fields.get("reached_on"):
            found.setdefault(key, at)
    return found


def _licence_fact(row: Licence, s: State, known: Known, offer: State, said: Any) -> LicenceFacts:
    firm = known.enterprises.get(s["enterprise_id"] or 0, {})
    place = known.local(firm)
    licensor: RecordId | None = f"name:{normalise_name(s['licensor_name'])}" if s["licensor_name"] else None
    licensee: RecordId = s["enterprise_id"] or f"name:{normalise_name(s['licensee_name'] or '')}"
    paid = _licence_payment(row, s, known.files)
    period = offer_period(*(offer.get(name) for name in ("valid_from_on", "declared_on", "valid_to_on", "ended_on")))
    return LicenceFacts(
        record_id=row.id,
        patent_id=s["patent_id"],
        application_number=known.patents.get(s["patent_id"], {}).get("application_number"),
        licensor_id=licensor,
        licensee_id=licensee,
        licensee_uscc=s["licensee_uscc"] or firm.get("uscc"),
        licensee_local=place.local,
        local_decided_by=place.decided_by,
        offer_id=s["offer_id"],
        offer_from_on=period.first_on,
        offer_to_on=period.last_on,
        free=offer.get("fee_method") == "free",
        fee_yuan=offer.get("fee_yuan") if offer.get("fee_method") == "fixed" else None,
        notified_on=s["notified_on"],
        reached_on=s["reached_on"],
        recorded_at=row.recorded_at,
        payments=paid,
        entered_by=row.recorded_by,
        repeats=known.repeats.get(("licences", row.id), ()),
        filed_on=s["filed_on"],
        filing_number=s["filing_number"],
        affiliations=known.affiliations.between([licensor] if licensor else [], [licensee]),
        unknown_parties=known.affiliations.unknown([*([licensor] if licensor else []), licensee]),
        affiliation_overruled_by=s["affiliation_overruled_by"],
        confirmations=said,
        terminated_on=row.terminated_on,
        withdrawn_on=s["withdrawn_on"],
    )


def _licence_payment(row: Licence, s: State, files: dict[int, EvidenceFact]) -> tuple[PaymentFact, ...]:
    if s["paid_on"] is None:
        return ()
    proof = files.get(s["payment_evidence_id"] or 0)
    fact = PaymentFact(
        paid_on=s["paid_on"],
        amount_yuan=s["paid_yuan"],
        evidence=proof,
        voucher=s["payment_proof"],
        recorded_at=row.recorded_at,
    )
    if not s["refunded_yuan"]:
        return (fact,)
    # A refund without its day went back when it became known.
    back = PaymentFact(paid_on=s["refunded_on"] or s["paid_on"], amount_yuan=-s["refunded_yuan"])
    return fact, back
