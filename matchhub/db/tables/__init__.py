"""All tables, one module per subject. Importing this package declares the whole schema."""

from matchhub.db.tables.account_papers import (
    AccountMatter,
    Consent,
    Invitation,
    OrganisationContact,
    PasswordLink,
)
from matchhub.db.tables.accounts import (
    Account,
    AccountSession,
    Attempt,
    HeldAuthorisation,
    LinkedName,
    Organisation,
    Registration,
    SecondFactor,
)
from matchhub.db.tables.api_keys import ApiKey
from matchhub.db.tables.awards import AwardRecord
from matchhub.db.tables.claims import Claim
from matchhub.db.tables.conversations import Reveal, Thread, ThreadGuest, ThreadMessage
from matchhub.db.tables.deals import Deal, DealAgency, DealEvent, DealOrigin, DealParty, DealPatent, DealPayment
from matchhub.db.tables.demands import Demand, DemandDraft, DemandEvent, DemandInvitation
from matchhub.db.tables.desk_looks import DeskLook
from matchhub.db.tables.evidence import Confirmation, EvidenceFile, EvidenceRepetition, PaymentAllowance
from matchhub.db.tables.favourites import Favourite
from matchhub.db.tables.history import CountDay
from matchhub.db.tables.imports import (
    BatchSource,
    BatchSpan,
    BatchUndo,
    ConfirmedValues,
    HeaderMemory,
    ImportBatch,
    ImportJob,
    ImportProblem,
    Merge,
    MergeMove,
    ReviewItem,
    SimilarPair,
    SourceDecision,
    SourcedValue,
    SourceWord,
)
from matchhub.db.tables.kernel import BoundRows, FormKey, JobOrder, JobRun, Lease, LogEntry, Revision
from matchhub.db.tables.licensing import IndustryWord, Licence, Offer, OfferDeclaration
from matchhub.db.tables.matching import Calibration, DemandRefinement, LearnedEntry, Match, MatchRun, ThesaurusEntry
from matchhub.db.tables.notices import Notice, Reading
from matchhub.db.tables.parties import (
    Agency,
    Enterprise,
    EnterpriseCategory,
    EnterpriseName,
    Expert,
    PartyExistence,
    PartyRelation,
)
from matchhub.db.tables.party_words import PartyWord
from matchhub.db.tables.patent_offers import PatentOffer
from matchhub.db.tables.patents import Patent, PatentAlias, PatentClass, PatentEncumbrance, PatentHolder, PatentStatus
from matchhub.db.tables.presentations import PatentFile, PatentPresentation
from matchhub.db.tables.push_drafts import PushDraft, PushDraftPair
from matchhub.db.tables.pushes import (
    BouncedAddress,
    ChannelTrouble,
    PlatformEvent,
    Push,
    PushAnswer,
    PushDelivery,
    PushItem,
    PushSending,
    Suppression,
)
from matchhub.db.tables.recipients import ChannelLetter, ChannelLetterItem, RecipientAddress, RecipientChoice
from matchhub.db.tables.samples import Sample, SampledFinding, SampledRecord
from matchhub.db.tables.searches import SavedSearch
from matchhub.db.tables.stock_grades import FirmGrade, HolderGrade
from matchhub.db.tables.stories import StoryConsent
from matchhub.db.tables.webhooks import Webhook, WebhookEvent
from matchhub.db.tables.work_items import WorkItem

__all__ = [
    "Account",
    "AccountMatter",
    "AccountSession",
    "Agency",
    "ApiKey",
    "Attempt",
    "AwardRecord",
    "BatchSource",
    "BatchSpan",
    "BatchUndo",
    "BouncedAddress",
    "BoundRows",
    "Calibration",
    "ChannelLetter",
    "ChannelLetterItem",
    "ChannelTrouble",
    "Claim",
    "Confirmation",
    "ConfirmedValues",
    "Consent",
    "CountDay",
    "Deal",
    "DealAgency",
    "DealEvent",
    "DealOrigin",
    "DealParty",
    "DealPatent",
    "DealPayment",
    "Demand",
    "DemandDraft",
    "DemandEvent",
    "DemandInvitation",
    "DemandRefinement",
    "DeskLook",
    "Enterprise",
    "EnterpriseCategory",
    "EnterpriseName",
    "EvidenceFile",
    "EvidenceRepetition",
    "Expert",
    "Favourite",
    "FirmGrade",
    "FormKey",
    "HeaderMemory",
    "HeldAuthorisation",
    "HolderGrade",
    "ImportBatch",
    "ImportJob",
    "ImportProblem",
    "IndustryWord",
    "Invitation",
    "JobOrder",
    "JobRun",
    "LearnedEntry",
    "Lease",
    "Licence",
    "LinkedName",
    "LogEntry",
    "Match",
    "MatchRun",
    "Merge",
    "MergeMove",
    "Notice",
    "Offer",
    "OfferDeclaration",
    "Organisation",
    "OrganisationContact",
    "PartyExistence",
    "PartyRelation",
    "PartyWord",
    "PasswordLink",
    "Patent",
    "PatentAlias",
    "PatentClass",
    "PatentEncumbrance",
    "PatentFile",
    "PatentHolder",
    "PatentOffer",
    "PatentPresentation",
    "PatentStatus",
    "PaymentAllowance",
    "PlatformEvent",
    "Push",
    "PushAnswer",
    "PushDelivery",
    "PushDraft",
    "PushDraftPair",
    "PushItem",
    "PushSending",
    "Reading",
    "RecipientAddress",
    "RecipientChoice",
    "Registration",
    "Reveal",
    "ReviewItem",
    "Revision",
    "Sample",
    "SampledFinding",
    "SampledRecord",
    "SavedSearch",
    "SecondFactor",
    "SimilarPair",
    "SourceDecision",
    "SourceWord",
    "SourcedValue",
    "StoryConsent",
    "Suppression",
    "ThesaurusEntry",
    "Thread",
    "ThreadGuest",
    "ThreadMessage",
    "Webhook",
    "WebhookEvent",
    "WorkItem",
]
