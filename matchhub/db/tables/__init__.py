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
from matchhub.db.tables.deals import Confirmation, Deal, DealEvent, DealParty, DealPatent, DealPayment, PartyRelation
from matchhub.db.tables.demands import Demand, DemandEvent
from matchhub.db.tables.licensing import Licence, Offer
from matchhub.db.tables.listings import AwardRecord, DemandDraft, DemandInvitation, Listing, OfferDeclaration
from matchhub.db.tables.matches import Match, MatchRun
from matchhub.db.tables.meeting import (
    DealAgency,
    DealOrigin,
    FormKey,
    Notice,
    Reveal,
    Thread,
    ThreadGuest,
    ThreadMessage,
)
from matchhub.db.tables.parties import Agency, Enterprise, EnterpriseCategory, Expert
from matchhub.db.tables.patents import Patent, PatentAlias, PatentClass, PatentEncumbrance, PatentHolder, PatentStatus
from matchhub.db.tables.pushes import PlatformEvent, Push, PushAnswer, PushDelivery, PushItem, Suppression
from matchhub.db.tables.records import (
    EvidenceFile,
    ImportBatch,
    ImportProblem,
    JobRun,
    Lease,
    LogEntry,
    ReviewItem,
    Revision,
)

__all__ = [
    "Account",
    "AccountSession",
    "Agency",
    "Attempt",
    "AwardRecord",
    "Confirmation",
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
    "Enterprise",
    "EnterpriseCategory",
    "EvidenceFile",
    "Expert",
    "FormKey",
    "HeldAuthorisation",
    "ImportBatch",
    "ImportProblem",
    "JobRun",
    "Lease",
    "Licence",
    "Listing",
    "LogEntry",
    "Match",
    "MatchRun",
    "Notice",
    "Offer",
    "OfferDeclaration",
    "Organisation",
    "PartyRelation",
    "Patent",
    "PatentAlias",
    "PatentClass",
    "PatentEncumbrance",
    "PatentHolder",
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
    "SecondFactor",
    "Suppression",
    "Thread",
    "ThreadGuest",
    "ThreadMessage",
]
