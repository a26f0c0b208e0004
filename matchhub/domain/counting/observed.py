"""Single observed things inside the facts: a status, an encumbrance, a paper, a word of a person, a payment …

The conventions are those of ``facts``, which offers these classes too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from matchhub.domain.records import EncumbranceType, Validity
from matchhub.domain.sources import OWN_LIST, ImportSource

RecordId = int | str
EvidenceKind = Literal[
    "contract",
    "payment_proof",
    "register_proof",
    "notice",
    "consent",
    "authorisation",
    "implementation_proof",
    "other",
]
PlatformEventKind = Literal["push", "view", "answer", "interest", "contact"]
AffiliationKind = Literal[
    "same_party",
    "legal_representative",
    "shareholder",
    "phone",
    "address",
    "agent_owner",
]
DuplicateDecision = Literal["same", "different"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFact:
    """A legal status (法律状态) that a source gave for the day ``as_of_on``; undated ones prove nothing."""

    validity: Validity
    as_of_on: date | None
    reason: str = ""
    recorded_at: datetime | None = None  # breaks ties between two statuses of one day: the later word stands
    day_told: bool = False  # the source told the day; else it is the day of the import
    source: ImportSource = OWN_LIST  # of the import it came with; entered by hand: an own list


@dataclass(frozen=True, slots=True, kw_only=True)
class EncumbranceFact:
    """A encumbrance on a patent (质押, 保全, 独占许可 …) from its first to its last day (None: open)."""

    kind: EncumbranceType
    from_on: date | None = None
    to_on: date | None = None
    consented: bool = False  # the pledgee agreed in writing (质权人同意)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncumbranceWord:
    """What a source said of a day: something lies on the patent, or has ended; see ``validity.periods_of``."""

    kind: EncumbranceType
    as_of_on: date
    ended: bool = False
    day_told: bool = False
    from_on: date | None = None
    to_on: date | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFact:
    """A stored evidence file. ``digest`` is the SHA-256 of its bytes, ``intact`` what the last check found.

    ``paper`` is what the paper is (``domain.papers``), ``kind`` what it was handed in to prove; ``identified``: its
    number and its day were told.
    """

    digest: str
    paper: str = "other"
    identified: bool = False
    kind: EvidenceKind = "other"
    recorded_at: datetime | None = None
    intact: bool = True
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedPaper:
    """Another record, of a kind, one of whose papers seems to be a paper of this one, or was found to be."""

    kind: str
    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationFact:
    """One person's word on one row, on what was on record at that time.

    ``second_factor`` None means that it was not written down (the sign-in rules ask for it where they must).
    """

    account_id: RecordId
    organisation_id: RecordId
    role: str
    at: datetime
    decision: Literal["confirmed", "rejected"] = "confirmed"
    second_factor: bool | None = None
    withdrawn: bool = False
    lapsed_at: datetime | None = None  # the record was changed then: out of force until it is said again


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyWordFact:
    """What one party was told of and its yes or no to it, in the order told; ``answer`` None: none yet."""

    role: str  # seller or buyer
    party: str
    organisation_id: RecordId
    answer: Literal["yes", "no"] | None = None
    settled: bool = False  # the bureau settled the objection


@dataclass(frozen=True, slots=True)
class ClockFact:
    """A record was written under a clock that said ``said_at`` when the log had reached ``reached_at`` already, UTC."""

    said_at: datetime
    reached_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryWordFact:
    """A second person's word on an industry that no class of the patent serves: on this tag and this reason."""

    account_id: RecordId
    organisation_id: RecordId
    role: str
    industry: str
    reason: str
    accepted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFact:
    """One innovation category (创新型企业类别); ``category`` is a key of the rule pack."""

    category: str
    certificate_number: str | None = None
    official_list: str | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None  # last valid day
    source: ImportSource = OWN_LIST


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFact:
    """An entry of the patent register: TR01 (转让登记) or EE01 (许可备案); ``patent_id`` None means every patent."""

    event: str
    registered_on: date
    patent_id: RecordId | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFact:
    """One payment, proven by a file or, where none was attached, by a voucher number (付款凭证号).

    A refund (退款) is below zero: it takes from what was paid, whether anything proves it or not.
    """

    paid_on: date
    amount_yuan: Decimal | None = None
    evidence: EvidenceFact | None = None
    voucher: str | None = None
    recorded_at: datetime | None = None

    @property
    def is_refund(self) -> bool:
        """Whether it went back to the buyer."""
        return self.amount_yuan is not None and self.amount_yuan < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformEventFact:
    """Something the platform itself saw: this party met this patent at this time (machine clock, not typed)."""

    kind: PlatformEventKind
    patent_id: RecordId
    party_id: RecordId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AffiliationFact:
    """Why two parties belong together: what they share, and where that is written."""

    kind: AffiliationKind
    first: RecordId
    second: RecordId
    shared: str  # the shared value (masked where it is personal)
    source: str = ""
