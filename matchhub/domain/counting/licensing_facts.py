"""Declarations of open licences and licences under them as plain values; the conventions are those of ``facts``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from matchhub.domain.counting.observed import (
    AffiliationFact,
    ConfirmationFact,
    EvidenceFact,
    IndustryWordFact,
    PartyWordFact,
    PaymentFact,
    RecordId,
    RepeatedPaper,
    StatusFact,
)
from matchhub.domain.records import Regime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """One open-licence declaration (开放许可声明). ``published_on`` is the day of publication or announcement.

    ``declared_by_holder``: its own account declared it here; ``holder_on_patent``: every holder it names was one
    of the patent on that day, None where either is not known. ``ipc`` and ``locarno`` are the patent's classes;
    ``industry_by``: the accounts that wrote industry or reason, and the organisations they acted for.
    """

    record_id: RecordId
    patent_id: RecordId | None = None
    application_number: str | None = None
    regime: Regime | None = None
    platform: str | None = None
    announcement_number: str | None = None
    published_on: date | None = None
    recorded_on: date | None = None
    evidence: tuple[EvidenceFact, ...] = ()
    industry: str | None = None
    industry_reason: str | None = None
    industry_by: frozenset[tuple[RecordId | None, RecordId | None]] = frozenset()
    industry_words: tuple[IndustryWordFact, ...] = ()  # oldest first
    ipc: tuple[str, ...] = ()
    locarno: tuple[str, ...] = ()
    filed_on: date | None = None
    granted_on: date | None = None
    expires_on: date | None = None
    statuses: tuple[StatusFact, ...] = ()
    declared_by_holder: bool = False
    holder_on_patent: bool | None = None
    declaration_withdrawn_on: date | None = None
    confirmations: tuple[ConfirmationFact, ...] = ()
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceFacts:
    """One open licence reached (达成开放许可): one patent, one licensee.

    ``offer_from_on`` and ``offer_to_on`` bound the days on which the offer could be accepted, both included
    (``domain.licensing.offer_period``); ``free``: the offer asks no fee, so that nothing is to be paid
    and the licence is reached by its notice. ``notified_by_licensee``: its own account gave the notice here.
    ``licensor_on_patent``: every licensor it names was a holder of the patent then; None where either is not known.
    """

    record_id: RecordId
    patent_id: RecordId | None = None
    application_number: str | None = None
    licensor_id: RecordId | None = None
    licensor_on_patent: bool | None = None
    licensee_id: RecordId | None = None
    licensee_uscc: str | None = None
    licensee_local: bool | None = None
    local_decided_by: str | None = None
    offer_id: RecordId | None = None
    offer_from_on: date | None = None
    offer_to_on: date | None = None
    free: bool = False
    fee_yuan: Decimal | None = None  # fixed fee of the offer
    notified_on: date | None = None
    notified_by_licensee: bool = False
    reached_on: date | None = None
    recorded_at: datetime | None = None
    payments: tuple[PaymentFact, ...] = ()
    evidence: tuple[EvidenceFact, ...] = ()
    repeats: tuple[RepeatedPaper, ...] = ()
    filed_on: date | None = None
    filing_number: str | None = None
    affiliations: tuple[AffiliationFact, ...] = ()
    unknown_parties: tuple[str, ...] = ()  # names of those of whom no representative or shareholder is known
    affiliation_overruled_by: RecordId | None = None
    deal_id: RecordId | None = None  # the same bargain recorded as a deal
    entered_by: RecordId | None = None  # account that entered the row
    terminated_on: date | None = None
    confirmations: tuple[ConfirmationFact, ...] = ()
    party_words: tuple[PartyWordFact, ...] = ()
    withdrawn_on: date | None = None
