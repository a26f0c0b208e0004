"""All tables, one module per subject. Importing this package declares the whole schema."""

from matchhub.db.tables.accounts import (
    Account,
    AccountSession,
    Attempt,
    HeldAuthorisation,
    Organisation,
    Registration,
    SecondFactor,
)
from matchhub.db.tables.awards import AwardRecord
from matchhub.db.tables.conversations import Reveal, Thread, ThreadGuest, ThreadMessage
from matchhub.db.tables.deals import Deal, DealAgency, DealEvent, DealOrigin, DealParty, DealPatent, DealPayment
from matchhub.db.tables.demands import Demand, DemandDraft, DemandEvent, DemandInvitation
from matchhub.db.tables.evidence import Confirmation, EvidenceFile
from matchhub.db.tables.imports import (
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
    SourceWord,
)
from matchhub.db.tables.kernel import BoundRows, FormKey, JobRun, Lease, LogEntry, Revision
from matchhub.db.tables.licensing import Licence, Offer, OfferDeclaration
from matchhub.db.tables.matching import Calibration, DemandRefinement, LearnedEntry, Match, MatchRun, ThesaurusEntry
from matchhub.db.tables.notices import Notice
from matchhub.db.tables.parties import (
    Agency,
    Enterprise,
    EnterpriseCategory,
    EnterpriseName,
    Expert,
    PartyExistence,
    PartyRelation,
)
from matchhub.db.tables.patent_offers import PatentOffer
from matchhub.db.tables.patents import Patent, PatentAlias, PatentClass, PatentEncumbrance, PatentHolder, PatentStatus
from matchhub.db.tables.pushes import PlatformEvent, Push, PushAnswer, PushDelivery, PushItem, Suppression
from matchhub.db.tables.searches import SavedSearch

__all__ = [
    "Account",
    "AccountSession",
    "Agency",
    "Attempt",
    "AwardRecord",
    "BatchSpan",
    "BatchUndo",
    "BoundRows",
    "Calibration",
    "Confirmation",
    "ConfirmedValues",
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
    "Enterprise",
    "EnterpriseCategory",
    "EnterpriseName",
    "EvidenceFile",
    "Expert",
    "FormKey",
    "HeaderMemory",
    "HeldAuthorisation",
    "ImportBatch",
    "ImportJob",
    "ImportProblem",
    "JobRun",
    "LearnedEntry",
    "Lease",
    "Licence",
    "LogEntry",
    "Match",
    "MatchRun",
    "Merge",
    "MergeMove",
    "Notice",
    "Offer",
    "OfferDeclaration",
    "Organisation",
    "PartyExistence",
    "PartyRelation",
    "Patent",
    "PatentAlias",
    "PatentClass",
    "PatentEncumbrance",
    "PatentHolder",
    "PatentOffer",
    "PatentStatus",
    "PlatformEvent",
    "Push",
    "PushAnswer",
    "PushDelivery",
    "PushItem",
    "Registration",
    "Reveal",
    "ReviewItem",
    "Revision",
    "SavedSearch",
    "SecondFactor",
    "SimilarPair",
    "SourceWord",
    "Suppression",
    "ThesaurusEntry",
    "Thread",
    "ThreadGuest",
    "ThreadMessage",
]
