"""Demands (技术需求) on the operator's desk: lists by state, and one page with its eight tests and its twin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from matchhub.db.tables import Demand, Enterprise
from matchhub.domain.counting.atoms import Reason
from matchhub.domain.counting.demands import proof_of_words
from matchhub.domain.demands import TEST_KEYS, DemandAssessment, assess_demand
from matchhub.services.accounts.names import account_names
from matchhub.services.demands.facts import demand_facts_of
from matchhub.services.demands.posting import own_demand
from matchhub.services.demands.words import SheetView, VerificationView, last_verification, sheets_of
from matchhub.services.kernel.paging import Orders, Page, Sought, holds_words, paged, typed_words
from matchhub.services.kernel.privacy import masked
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.timeline import TimelineEntry, timeline

STATES = ("submitted", "returned", "verified", "solved", "withdrawn")
TESTS = len(TEST_KEYS)
ORDERS = Orders(
    Demand.id,
    {
        "title": Demand.title,
        "firm": Enterprise.name,
        "state": Demand.state,
        "local": Enterprise.local,
        "posted": Demand.posted_on,
        "until": Demand.valid_until_on,
    },
)


@dataclass(frozen=True, slots=True)
class DemandRow:
    """One demand in a list: ``passed`` of the eight tests; ``suspected`` while a likeness waits for a decision."""

    id: int
    title: str
    enterprise_id: int
    enterprise: str
    local: bool | None
    state: str
    posted_on: date
    valid_until_on: date | None
    passed: int
    suspected: bool


@dataclass(frozen=True, slots=True)
class DemandText:
    """What a demand says, for reading it and for laying it beside its twin."""

    id: int
    title: str
    enterprise_id: int
    enterprise: str
    state: str
    posted_on: date
    text: str
    object: str
    aim: str
    targets: str
    existing: str
    technical_field: str
    ipc: tuple[str, ...]
    cooperation_form: str
    budget_yuan: Decimal | None
    budget_negotiable: bool
    contact_name: str
    contact_phone: str
    contact_email: str
    valid_until_on: date | None
    authorised_on: date | None
    authorised_by: str


@dataclass(frozen=True, slots=True)
class DemandPage:
    """One demand for review: the eight tests, how it is verified and authorised (``proof``: what the count says of it),
    its life, and the earlier demand it resembles."""

    demand: DemandText
    enterprise_uscc: str
    local: bool | None
    local_decided_by: str
    assessment: DemandAssessment
    proof: tuple[Reason, ...]
    verification: VerificationView | None
    verified_by: str
    sheets: tuple[SheetView, ...]
    life: tuple[TimelineEntry, ...]
    twin: DemandText | None
    likeness: float | None
    likeness_decision: str | None


def demand_tally(unit: Unit) -> dict[str, int]:
    """Number of demands by state, every state named."""
    unit.require("demand.read_any")
    rows = unit.session.execute(select(Demand.state, func.count()).group_by(Demand.state))
    return dict.fromkeys(STATES, 0) | dict(rows.all())


def list_demands(
    unit: Unit,
    state: str = "",
    suspected: bool = False,
    query: str = "",
    page: int | Sought = 1,
    since: date | None = None,
    until: date | None = None,
) -> Page[DemandRow]:
    """Demands, those waiting longest first within a state, else the newest first.

    ``since`` and ``until`` are days of posting.
    """
    unit.require("demand.read_any")
    statement = select(Demand, Enterprise).join(Enterprise, Enterprise.id == Demand.enterprise_id)
    statement = statement.order_by(Demand.id if state == "submitted" else Demand.id.desc())
    if state:
        statement = statement.where(Demand.state == state)
    if suspected:
        statement = statement.where(Demand.duplicate_of_id.is_not(None), Demand.duplicate_decision.is_(None))
    if words := typed_words(query):
        statement = statement.where(holds_words(unit, words, Demand.title, Demand.text, Enterprise.name))

    if since is not None:
        statement = statement.where(Demand.posted_on >= since)
    if until is not None:
        statement = statement.where(Demand.posted_on <= until)

    def view(rows: Sequence[tuple[Demand, Enterprise]]) -> list[DemandRow]:
        facts = demand_facts_of(unit, [demand for demand, _ in rows])
        rules, today = unit.pack.demands, unit.today
        return [_row(demand, firm, assess_demand(facts[demand.id], rules, today).passed) for demand, firm in rows]

    return paged(unit, statement, page, view, orders=ORDERS)


def demand_page(unit: Unit, demand_id: int) -> DemandPage:
    """One demand; ``NotFound`` when there is none."""
    unit.require("demand.read_any")
    demand = own_demand(unit, demand_id)
    firm = unit.session.get(Enterprise, demand.enterprise_id)
    assert firm is not None
    facts = demand_facts_of(unit, [demand])[demand.id]
    verification = last_verification(unit, demand_id)
    by = verification.account_id if verification else None
    twin = unit.session.get(Demand, demand.duplicate_of_id) if demand.duplicate_of_id is not None else None
    return DemandPage(
        demand=_text(unit, demand),
        enterprise_uscc=firm.uscc or "",
        local=firm.local,
        local_decided_by=firm.local_decided_by or "",
        assessment=assess_demand(facts, unit.pack.demands, unit.today),
        proof=tuple(proof_of_words(facts, unit.pack)),
        verification=verification,
        verified_by=account_names(unit, [by]).get(by or 0, "") if by else "",
        sheets=sheets_of(unit, demand_id),
        life=timeline(unit, "demands", demand_id),
        twin=_text(unit, twin) if twin is not None else None,
        likeness=demand.duplicate_score,
        likeness_decision=demand.duplicate_decision,
    )


def _row(demand: Demand, firm: Enterprise, passed: int) -> DemandRow:
    return DemandRow(
        id=demand.id,
        title=demand.title,
        enterprise_id=firm.id,
        enterprise=firm.name,
        local=firm.local,
        state=demand.state,
        posted_on=demand.posted_on,
        valid_until_on=demand.valid_until_on,
        passed=passed,
        suspected=demand.duplicate_of_id is not None and demand.duplicate_decision is None,
    )


def _text(unit: Unit, demand: Demand) -> DemandText:
    firm = unit.session.get(Enterprise, demand.enterprise_id)
    return DemandText(
        id=demand.id,
        title=demand.title,
        enterprise_id=demand.enterprise_id,
        enterprise=firm.name if firm else "",
        state=demand.state,
        posted_on=demand.posted_on,
        text=demand.text,
        object=demand.object or "",
        aim=demand.aim or "",
        targets=demand.targets or "",
        existing=demand.existing or "",
        technical_field=demand.technical_field or "",
        ipc=tuple(demand.ipc),
        cooperation_form=demand.cooperation_form or "",
        budget_yuan=demand.budget_yuan,
        budget_negotiable=demand.budget_negotiable,
        contact_name=demand.contact_name or "",
        contact_phone=str(masked("contact_phone", demand.contact_phone) or ""),
        contact_email=str(masked("contact_email", demand.contact_email) or ""),
        valid_until_on=demand.valid_until_on,
        authorised_on=demand.authorised_on,
        authorised_by=demand.authorised_by or "",
    )
