"""What a file or a form says about one thing: the values that cross from reading to recording.

One frozen class per import kind. A record carries what its source said, already normalised (identifiers in their
canonical form, dates as ``date``, money as ``Decimal`` yuan), and ``None`` or an empty tuple where the source was
silent; silence never overwrites a known value. ``Source`` tells where in which file it stood.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

Kind = Literal[
    "patents", "enterprises", "experts", "agencies", "demands", "offers", "licences", "deals", "award_records",
    "stock_grades",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

PatentType = Literal["invention", "utility_model", "design"]
Validity = Literal["in_force", "pending", "dead", "unknown"]
Existence = Literal["active", "struck_off", "closed", "moved_out", "unknown"]
EncumbranceType = Literal["pledge", "preservation", "exclusive_licence", "sole_licence", "open_licence", "dispute"]
DealType = Literal["transfer", "exclusive_licence", "sole_licence", "ordinary_licence", "open_licence", "contribution"]
Regime = Literal["pilot", "cnipa"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record stood: file name, sheet (empty for csv), 1-based line in the file, and the row as written."""

    file: str
    line: int
    sheet: str = ""
    raw: tuple[tuple[str, str], ...] = ()  # (header, cell) pairs as written, for the problems workbook
    as_of_on: date | None = None  # the day of which the row speaks, where it or its file tells one


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a reader must tell about one row: ``severity`` "error" refuses the row, "review" holds it for a
    person, "warning" lets it pass with a remark. ``code`` has its sentence in ``matchhub/wording``."""

    file: str
    line: int
    column: str
    value: str
    code: str
    severity: Literal["error", "review", "warning"] = "error"
    sheet: str = ""
    count: int = 1  # in a remark on a whole table: the rows that it is about


@dataclass(frozen=True, slots=True)
class StatusClaim:
    """Legal status (法律状态) of a patent as a source words it, on the day the source looked."""

    validity: Validity
    reason: str = ""  # a term of domain.patents, e.g. "granted", "fee_lapsed", "invalidated"
    wording: str = ""  # the source's own words
    as_of_on: date | None = None


@dataclass(frozen=True, slots=True)
class EncumbranceClaim:
    """That something lies on a patent (质押, 独占许可 …), or that it has ended, as a source says of a day.

    ``began_on`` is the day of the register's entry, where the source tells it.
    """

    kind: EncumbranceType
    ended: bool = False
    as_of_on: date | None = None
    began_on: date | None = None


@dataclass(frozen=True, slots=True)
class PatentRecord:
    """One patent. Identity: ``application_number`` (``201710601862.3``), else its ``publication_number`` alone."""

    source: Source
    application_number: str | None = None
    publication_number: str | None = None
    title: str | None = None
    abstract: str | None = None
    claim: str | None = None
    patent_type: PatentType | None = None
    applicants: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    inventors: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()  # main class first, "A01B 1/02"
    locarno: tuple[str, ...] = ()
    filed_on: date | None = None
    published_on: date | None = None
    granted_on: date | None = None
    expires_on: date | None = None
    annuity_paid_to_on: date | None = None
    status: StatusClaim | None = None
    encumbrances: tuple[EncumbranceClaim, ...] = ()
    agency_name: str | None = None
    agency_code: str | None = None
    address: str | None = None
    number_completed: bool = False  # the source lacked the check digit, so the check proves nothing


@dataclass(frozen=True, slots=True)
class ExistenceClaim:
    """Whether a firm or an agency still exists (经营状态), as a source words it, on the day the source tells."""

    state: Existence
    wording: str = ""
    as_of_on: date | None = None


@dataclass(frozen=True, slots=True)
class CategoryClaim:
    """One innovation category (创新型企业类别) with its proof; ``category`` is a key of the rule pack."""

    category: str
    certificate_number: str | None = None
    official_list: str | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None


@dataclass(frozen=True, slots=True)
class EnterpriseRecord:
    """One firm. Identity: ``uscc``, else normalised name."""

    source: Source
    name: str | None = None
    uscc: str | None = None
    region: str | None = None
    address: str | None = None
    registered_on: date | None = None
    capital_yuan: Decimal | None = None
    business_scope: str | None = None
    industry: str | None = None
    legal_representative: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None
    categories: tuple[CategoryClaim, ...] = ()
    related: tuple[str, ...] = ()  # codes or names of affiliated parties (关联企业)
    relation: str | None = None  # one of ``domain.affiliation.RELATIONS``
    relation_evidence: str | None = None
    former_names: tuple[str, ...] = ()  # 曾用名
    existence: ExistenceClaim | None = None


@dataclass(frozen=True, slots=True)
class ExpertRecord:
    """One expert. Identity: name + organisation."""

    source: Source
    name: str | None = None
    organisation: str | None = None
    field: str | None = None
    title: str | None = None  # 职称
    qualification: str | None = None
    consent_on: date | None = None  # day of the consent on file (PIPL 13)
    consent_evidence: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class AgencyRecord:
    """One service agency. Identity: ``uscc``, else licence number, else normalised name."""

    source: Source
    name: str | None = None
    uscc: str | None = None
    licence_number: str | None = None
    agency_code: str | None = None  # 5 digits
    service_types: tuple[str, ...] = ()
    is_patent_agency: bool = False
    contact_name: str | None = None
    phone: str | None = None
    address: str | None = None
    existence: ExistenceClaim | None = None


@dataclass(frozen=True, slots=True)
class DemandRecord:
    """One technology demand (技术需求) of a firm."""

    source: Source
    title: str | None = None
    text: str | None = None  # 拟解决的技术难题
    object: str | None = None  # what it is about (对象)
    aim: str | None = None  # what is wanted (目的)
    targets: str | None = None  # 技术指标, in the firm's words
    existing: str | None = None  # 现有基础条件
    enterprise_name: str | None = None
    enterprise_uscc: str | None = None
    technical_field: str | None = None
    ipc: tuple[str, ...] = ()
    cooperation_form: str | None = None
    budget_yuan: Decimal | None = None
    budget_negotiable: bool = False  # 面议
    contact_name: str | None = None
    contact_phone: str | None = None
    contact_email: str | None = None
    posted_on: date | None = None
    valid_until_on: date | None = None
    authorised_on: date | None = None  # the firm's own authorisation (授权/盖章日期)
    authorised_by: str | None = None


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """One open-licence declaration (开放许可声明). Identity: patent + regime + declaration number or date."""

    source: Source
    application_number: str | None = None
    title: str | None = None
    holder_name: str | None = None
    regime: Regime | None = None
    platform: str | None = None  # pilot: the local platform it was published on
    announcement_number: str | None = None  # cnipa
    declared_on: date | None = None
    fee_method: str | None = None  # fixed / royalty on sales / royalty on profit / free
    fee_yuan: Decimal | None = None
    royalty_percent: Decimal | None = None
    fee_text: str | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None
    industry: str | None = None
    industry_reason: str | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class LicenceRecord:
    """One open licence reached (达成开放许可): one patent, one licensee."""

    source: Source
    application_number: str | None = None
    licensee_name: str | None = None
    licensee_uscc: str | None = None
    licensor_name: str | None = None
    regime: Regime | None = None
    notified_on: date | None = None  # written notice (书面通知)
    reached_on: date | None = None
    paid_on: date | None = None
    paid_yuan: Decimal | None = None
    payment_proof: str | None = None
    refunded_on: date | None = None
    refunded_yuan: Decimal | None = None
    filing_number: str | None = None
    filed_on: date | None = None


@dataclass(frozen=True, slots=True)
class DealRecord:
    """One contract over one or more patents. Identity: contract number + parties, else parties + patents + day."""

    source: Source
    contract_number: str | None = None
    deal_type: DealType | None = None
    application_numbers: tuple[str, ...] = ()
    seller_name: str | None = None
    seller_uscc: str | None = None
    buyer_name: str | None = None
    buyer_uscc: str | None = None
    signed_on: date | None = None
    amount_yuan: Decimal | None = None
    register_event: str | None = None  # TR01 or EE01
    registered_on: date | None = None
    register_number: str | None = None
    contract_register_number: str | None = None  # 技术合同登记号
    paid_on: date | None = None
    paid_yuan: Decimal | None = None
    payment_proof: str | None = None
    refunded_on: date | None = None
    refunded_yuan: Decimal | None = None
    refund_proof: str | None = None


@dataclass(frozen=True, slots=True)
class AwardRowRecord:
    """One thing that another clause pays for: an agent, a navigation project, an entry, a platform, a year of sales, a
    loan, an event (``kind``, see ``domain.award_rules.PAYEES``). Identity: payee, kind, and number or title and day."""

    source: Source
    kind: str | None = None
    agency_name: str | None = None
    agency_uscc: str | None = None
    enterprise_name: str | None = None  # borrower of a loan, or whose navigation project it is
    enterprise_uscc: str | None = None
    title: str | None = None
    number: str | None = None  # certificate of an agent, number of a project
    occurred_on: date | None = None
    amount_yuan: Decimal | None = None
    notified_on: date | None = None
    until_on: date | None = None
    started_on: date | None = None
    left_on: date | None = None
    reviewed_on: date | None = None
    agents: int | None = None
    cases: int | None = None
    top_firms: int | None = None


@dataclass(frozen=True, slots=True)
class StockGradeRecord:
    """One row of the inventory of patents in stock (存量专利盘点): a patent, its holder's grade, one firm's grade."""

    source: Source
    application_number: str | None = None
    publication_number: str | None = None
    holder_grade: str | None = None
    holder_graded_on: date | None = None
    firm_name: str | None = None
    firm_uscc: str | None = None
    firm_grade: str | None = None
    firm_reason: str | None = None
    firm_graded_on: date | None = None

    @property
    def number(self) -> str | None:
        """The number by which the patent is found."""
        return self.application_number or self.publication_number


Record = (
    PatentRecord
    | EnterpriseRecord
    | ExpertRecord
    | AgencyRecord
    | DemandRecord
    | OfferRecord
    | LicenceRecord
    | DealRecord
    | AwardRowRecord | StockGradeRecord
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One data row of a file after reading: a record or none, and whatever had to be said about it.

    Exactly one Row per data row of the file, so that sums can be asserted.
    """

    source: Source
    record: Record | None
    problems: tuple[Problem, ...] = field(default_factory=tuple)
