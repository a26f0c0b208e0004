"""The plain values that the counting rules judge: one frozen class per counted thing.

Whoever builds them (services, from the database) has already cut everything to what was *known at* the chosen moment
and hands over the dated values as they are; each rule picks for itself what held on the *as of* day. Nothing here may
be a conclusion that a person typed: a fact is an observed value, a date, or a stored decision with its author.

Conventions: times are UTC (``_at``), days are ``date`` (``_on``), money is whole or decimal yuan (``_yuan``). Ids may
be numbers or strings, but one thing carries the same id wherever it is mentioned (a push's ``patent_id`` equals the
patent's ``record_id``; an enterprise is one id in demands, pushes, deals and licences). ``withdrawn_on`` is the day
the row itself was taken back (nothing is deleted); ``entered_on`` the day the thing stood in the base.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from matchhub.domain.counting.licensing_facts import LicenceFacts, OfferFacts
from matchhub.domain.counting.observed import (
    AffiliationFact,
    AffiliationKind,
    CategoryFact,
    ClockFact,
    ConfirmationFact,
    DuplicateDecision,
    EncumbranceFact,
    EncumbranceWord,
    EvidenceFact,
    EvidenceKind,
    PartyWordFact,
    PaymentFact,
    PlatformEventFact,
    PlatformEventKind,
    RecordId,
    RegistrationFact,
    RepeatedPaper,
    StatusFact,
)
from matchhub.domain.existence import ExistenceFact
from matchhub.domain.records import DealType
from matchhub.domain.sources import ImportSource

__all__ = [
    "AffiliationFact",
    "AffiliationKind",
    "AgencyFacts",
    "CategoryFact",
    "ClockFact",
    "ConfirmationFact",
    "DealFacts",
    "DealPatentFact",
    "DemandFacts",
    "DemandWordFact",
    "DuplicateDecision",
    "EncumbranceFact",
    "EncumbranceWord",
    "EnterpriseFacts",
    "EvidenceFact",
    "EvidenceKind",
    "ExpertFacts",
    "Facts",
    "LicenceFacts",
    "OfferFacts",
    "PartyWordFact",
    "PatentFacts",
    "PaymentFact",
    "PlatformEventFact",
    "PlatformEventKind",
    "PushFacts",
    "PushItemFact",
    "RecordId",
    "RegistrationFact",
    "RepeatedPaper",
    "StatusFact",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatentFacts:
    """One patent of the base. ``application_number`` canonical (``201710601862.3``) or None while unknown."""

    record_id: RecordId
    application_number: str | None = None
    number_completed: bool = False  # the source lacked the check digit, so it proves nothing
    publication_number: str | None = None
    title: str | None = None
    applicants: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()
    locarno: tuple[str, ...] = ()
    filed_on: date | None = None
    expires_on: date | None = None
    statuses: tuple[StatusFact, ...] = ()
    entered_on: date | None = None
    confirmations: tuple[ConfirmationFact, ...] = ()
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseFacts:
    """One enterprise; ``name_key`` is the normalised name (``domain.parties.normalise_name``)."""

    record_id: RecordId
    uscc: str | None = None
    name_key: str | None = None
    categories: tuple[CategoryFact, ...] = ()
    existences: tuple[ExistenceFact, ...] = ()
    local: bool | None = None  # None while nobody has decided
    doubts: tuple[RecordId, ...] = ()  # records that may be the same one, while a person has not decided
    told_apart: tuple[RecordId, ...] = ()  # records that a person found to be another one
    entered_on: date | None = None
    confirmations: tuple[ConfirmationFact, ...] = ()
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertFacts:
    """One expert; name and organisation normalised, so that equal persons are equal here."""

    record_id: RecordId
    name: str | None = None
    organisation: str | None = None
    field: str | None = None
    title: str | None = None
    qualification: str | None = None
    consent_on: date | None = None
    consent_evidence: str | None = None  # digest or reference of the paper that holds the consent
    consent_withdrawn_on: date | None = None
    consent_sources: tuple[ImportSource, ...] = ()  # imports that named the present day of consent
    evidence: tuple[EvidenceFact, ...] = ()
    standing_sources: tuple[ImportSource, ...] = ()  # imports that named the present title or qualification
    doubts: tuple[RecordId, ...] = ()  # records that may be the same one, while a person has not decided
    entered_on: date | None = None
    confirmations: tuple[ConfirmationFact, ...] = ()
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFacts:
    """One service agency (服务机构); ``contact`` is any way to reach it."""

    record_id: RecordId
    uscc: str | None = None
    licence_number: str | None = None
    agency_code: str | None = None
    is_patent_agency: bool = False
    service_types: tuple[str, ...] = ()
    contact: str | None = None
    identity_sources: tuple[ImportSource, ...] = ()  # imports that named the present code or licence
    existences: tuple[ExistenceFact, ...] = ()
    doubts: tuple[RecordId, ...] = ()  # records that may be the same one, while a person has not decided
    entered_on: date | None = None
    confirmations: tuple[ConfirmationFact, ...] = ()
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandWordFact:
    """What was said of a demand on a day; it ``stands`` while the demand says what it said then."""

    on: date
    stands: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandFacts:
    """One technology demand (技术需求), posted or still a draft in the form.

    ``duplicate_of`` names the *earlier* demand whose masked text is nearest, with the similarity 0..1 and what a person
    decided about the pair, if anybody did. ``reconfirmed_on`` is the latest day on which the firm said it still holds.
    """

    record_id: RecordId
    enterprise_id: RecordId | None = None
    enterprise_uscc: str | None = None
    enterprise_local: bool | None = None
    local_decided_by: str | None = None  # division, address, hand
    title: str | None = None
    text: str | None = None
    object: str | None = None
    aim: str | None = None
    targets: str | None = None
    technical_field: str | None = None
    ipc: tuple[str, ...] = ()
    cooperation_form: str | None = None
    budget_yuan: Decimal | None = None
    budget_negotiable: bool = False
    contact_name: str | None = None
    contact_reachable: bool = False  # a phone number or an e-mail address is on file
    posted_on: date | None = None
    recorded_on: date | None = None
    evidence: tuple[EvidenceFact, ...] = ()
    valid_until_on: date | None = None
    reconfirmed_on: date | None = None
    authorised_on: date | None = None
    authorised_by: str | None = None
    verification: DemandWordFact | None = None  # the operator's, where it says how, with whom and when
    own_word: DemandWordFact | None = None  # of the enterprise, through its own confirmed account
    outdated: frozenset[str] = frozenset()  # digests of files that are older than what they would authorise
    duplicate_of: RecordId | None = None
    duplicate_similarity: float | None = None
    duplicate_decision: DuplicateDecision | None = None
    confirmations: tuple[ConfirmationFact, ...] = ()
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PushItemFact:
    """One patent inside a push, with the stored score of the model version that chose it."""

    patent_id: RecordId
    score: float | None = None
    model: str | None = None  # "name:digest" as the recommender gives it
    explained: bool = False  # the reasons were stored with the match
    demand_id: RecordId | None = None
    demand_enterprise_id: RecordId | None = None  # whose demand that is
    profile_enterprise_id: RecordId | None = None  # whose profile, where no demand but a profile was matched
    by_hand: bool = False  # the operator added it to the plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PushFacts:
    """One message to one enterprise. ``delivered_at`` is None while it is due, failed or was held back.

    ``accepted``: the recipient's mail server took it, or the inbox of an account that existed then. ``written``: the
    letter was written to a folder, which is no delivery.
    """

    record_id: RecordId
    enterprise_id: RecordId | None = None
    delivered_at: datetime | None = None
    accepted: bool = False
    written: bool = False
    suppressed: bool = False  # the recipient had opted out when it was delivered
    items: tuple[PushItemFact, ...] = ()
    confirmations: tuple[ConfirmationFact, ...] = ()
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DealPatentFact:
    """One patent of a deal with what is known of its legal life."""

    patent_id: RecordId
    application_number: str | None = None
    filed_on: date | None = None
    granted_on: date | None = None
    expires_on: date | None = None
    statuses: tuple[StatusFact, ...] = ()
    ipc: tuple[str, ...] = ()
    locarno: tuple[str, ...] = ()
    owned_by_seller: bool | None = None  # at signing; None while nobody has checked


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerOwnerFact:
    """A tie between the buyer of a deal and the seller of an earlier deal over one of its patents."""

    deal_id: RecordId  # the earlier deal
    link: AffiliationFact


@dataclass(frozen=True, slots=True, kw_only=True)
class DealFacts:
    """One contract with its patents, parties, papers and what the platform did before it.

    ``affiliations`` links sellers with buyers, already closed transitively (``domain.deals.affiliations_between``);
    ``affiliation_overruled_by`` names the bureau account that overruled them. ``former_owners`` binds the buyers to
    sellers of earlier deals over the same patents. ``evidence`` holds all files of the deal.
    """

    record_id: RecordId
    contract_number: str | None = None
    deal_type: DealType | None = None
    sellers: tuple[RecordId, ...] = ()
    buyers: tuple[RecordId, ...] = ()
    buyer_local: bool | None = None  # whether one of the buyers is; None while of none is known that it is
    signed_on: date | None = None
    amount_yuan: Decimal | None = None
    recorded_at: datetime | None = None
    patents: tuple[DealPatentFact, ...] = ()
    registrations: tuple[RegistrationFact, ...] = ()
    payments: tuple[PaymentFact, ...] = ()
    evidence: tuple[EvidenceFact, ...] = ()
    repeats: tuple[RepeatedPaper, ...] = ()
    platform_events: tuple[PlatformEventFact, ...] = ()
    confirmations: tuple[ConfirmationFact, ...] = ()
    party_words: tuple[PartyWordFact, ...] = ()
    affiliations: tuple[AffiliationFact, ...] = ()
    former_owners: tuple[FormerOwnerFact, ...] = ()
    unknown_parties: tuple[str, ...] = ()  # names of those of whom no representative or shareholder is known
    affiliation_overruled_by: RecordId | None = None
    implemented_on: tuple[date, ...] = ()  # days on which it was said to be in use
    contract_register_number: str | None = None  # 技术合同登记号
    entered_by: RecordId | None = None  # account that entered the row
    cancelled_on: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything one count looks at, by kind. ``set_back``: records written while the clock ran behind the log."""

    patents: tuple[PatentFacts, ...] = ()
    enterprises: tuple[EnterpriseFacts, ...] = ()
    experts: tuple[ExpertFacts, ...] = ()
    agencies: tuple[AgencyFacts, ...] = ()
    demands: tuple[DemandFacts, ...] = ()
    pushes: tuple[PushFacts, ...] = ()
    deals: tuple[DealFacts, ...] = ()
    offers: tuple[OfferFacts, ...] = ()
    licences: tuple[LicenceFacts, ...] = ()
    set_back: Mapping[str, Mapping[RecordId, ClockFact]] = field(default_factory=dict, hash=False)  # by kind
