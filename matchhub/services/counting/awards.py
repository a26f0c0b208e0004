"""What the other clauses would pay (一(二), 二(一), 二(二), 三, 四(一)), computed from the records; estimates only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import Agency, AwardRecord, DealAgency, DealEvent, DealPayment, Enterprise
from matchhub.domain.awards import (
    Estimate,
    EventFact,
    LoanFact,
    SalesFact,
    TradeFact,
    agency_awards,
    event_awards,
    pledge_awards,
    purchase_awards,
    sales_awards,
)
from matchhub.domain.counting.facts import DealFacts
from matchhub.domain.evidence import proof_key
from matchhub.domain.identifiers import patent_type_of
from matchhub.errors import Conflict, IdentifierInvalid, NotFound, Refusal
from matchhub.services.counting.counts import atoms_of, question
from matchhub.services.counting.kept import facts_of_deals
from matchhub.services.counting.reach import among
from matchhub.services.deals.access import deal_of
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import link_enterprises

KINDS = ("sales", "pledge_loan", "event")
_CIRCULAR = frozenset({"deal_round_trip", "deal_round_trip_affiliated", "deal_resale", "deal_repeated"})


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One estimate with the payee's name."""

    estimate: Estimate
    payee: str


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record behind the estimates of agencies."""

    id: int
    kind: str
    agency: str
    title: str
    occurred_on: date
    notified_on: date | None
    amount_yuan: Decimal | None
    withdrawn: bool


def estimate_awards(unit: Unit) -> tuple[AwardLine, ...]:
    """All estimates, by clause, payee and year. For the operator and the bureau."""
    unit.require("award.read")
    rules, window = unit.pack.awards, unit.pack.window
    trades = _trades(unit)
    sales, loans, events = _agency_facts(unit)
    found = [
        *sales_awards(sales, rules.sales, window),
        *purchase_awards(trades, rules.purchase, window),
        *agency_awards(trades, rules.agency, window),
        *pledge_awards(loans, rules.pledge, window),
        *event_awards(events, rules.event, window),
    ]
    firms = _names(unit, Enterprise, {each.payee for each in found if each.clause == "2.1"})
    agencies = _names(unit, Agency, {each.payee for each in found if each.clause != "2.1"})
    return tuple(
        AwardLine(each, (firms if each.clause == "2.1" else agencies).get(each.payee, str(each.payee)))
        for each in found
    )


def _names(unit: Unit, table: type[Enterprise] | type[Agency], ids: set[int]) -> dict[int, str]:
    chosen = select(table.id, table.name).where(table.id.in_(ids))
    return dict(unit.session.execute(chosen).all())


def _trades(unit: Unit) -> list[TradeFact]:
    circular = {
        atom.record_id
        for threshold in unit.pack.thresholds_of("deals")
        for atom in atoms_of(unit, threshold.key, question(unit))
        if any(reason.code in _CIRCULAR for reason in atom.reasons)
    }
    done = set(
        unit.session.execute(
            select(DealEvent.deal_id).where(DealEvent.event == "implemented", DealEvent.withdrawn_at.is_(None))
        ).scalars()
    )
    brokers: defaultdict[int, list[int]] = defaultdict(list)
    for row in unit.session.execute(select(DealAgency).where(DealAgency.withdrawn_at.is_(None))).scalars():
        brokers[row.deal_id].append(row.agency_id)
    paid = select(DealPayment.deal_id).where(DealPayment.withdrawn_at.is_(None))
    deals = facts_of_deals(unit, set(unit.session.execute(paid).scalars()))
    firms = {buyer for deal in deals for buyer in deal.buyers if isinstance(buyer, int)}
    rows = unit.session.execute(select(Enterprise.id, Enterprise.local).where(among(Enterprise.id, firms)))
    local = {key: said for key, said in rows}  # noqa: C416
    found = []
    for deal in deals:
        if deal.withdrawn_on is None and deal.signed_on is not None:
            found += _payments(local, deal, deal.record_id in circular, deal.record_id in done, brokers)
    return found


def _payments(
    local_firms: Mapping[int, bool | None],
    deal: DealFacts,
    circular: bool,
    implemented: bool,
    brokers: dict[int, list[int]],
) -> list[TradeFact]:
    buyer = next((key for key in deal.buyers if isinstance(key, int)), None)
    local = local_firms.get(buyer) if buyer is not None else None
    inventions = sum(_is_invention(each.application_number) for each in deal.patents)
    return [
        TradeFact(
            deal_id=int(deal.record_id),
            paid_on=paid.paid_on,
            amount_yuan=paid.amount_yuan or Decimal(0),
            proven=proof_key(paid) is not None,
            buyer_id=buyer,
            buyer_local=local,
            agencies=tuple(sorted(brokers.get(int(deal.record_id), ()))),
            independent=not deal.affiliations or deal.affiliation_overruled_by is not None,
            contract_registered=bool(deal.contract_register_number),
            cancelled=deal.cancelled_on is not None,
            circular=circular,
            inventions=inventions,
            implemented=implemented,
        )
        for paid in deal.payments
    ]


def _is_invention(number: str | None) -> bool:
    try:
        return number is not None and patent_type_of(number) == "invention"
    except IdentifierInvalid:
        return False


def _agency_facts(unit: Unit) -> tuple[list[SalesFact], list[LoanFact], list[EventFact]]:
    sales, loans, events = [], [], []
    chosen = select(AwardRecord, Enterprise.local).outerjoin(Enterprise, Enterprise.id == AwardRecord.enterprise_id)
    rows = chosen.where(AwardRecord.withdrawn_at.is_(None)).order_by(AwardRecord.id)
    for row, local in unit.session.execute(rows):
        amount = row.amount_yuan or Decimal(0)
        if row.kind == "sales":
            sales.append(SalesFact(row.agency_id, row.occurred_on, amount))
        elif row.kind == "pledge_loan":
            loans.append(LoanFact(row.agency_id, row.occurred_on, amount, local))
        else:
            events.append(EventFact(row.agency_id, row.title, row.occurred_on, row.notified_on))
    return sales, loans, events


def record_for_award(
    unit: Unit,
    kind: str,
    agency_id: int,
    title: str,
    occurred_on: date,
    amount_yuan: Decimal | None = None,
    notified_on: date | None = None,
    borrower: str = "",
) -> int:
    """Record sales, a loan on patents, or an event of an agency; returns its number.

    ``borrower``: credit code or exact name of the firm a loan went to. Raises ``NotFound`` ``agency_not_found``,
    ``enterprise_not_found``; ``Refusal`` ``field_choice``, ``note_missing``, ``amount_missing``, ``day_to_come``.
    """
    unit.require("award.record")
    agency = unit.session.get(Agency, agency_id)
    if agency is None or agency.withdrawn_at is not None:
        raise NotFound("agency_not_found")
    if kind not in KINDS:
        raise Refusal("field_choice")
    if not title.strip():
        raise Refusal("note_missing")
    if kind != "event" and (amount_yuan is None or amount_yuan <= 0):
        raise Refusal("amount_missing")
    if kind != "event" and occurred_on > unit.today:
        raise Refusal("day_to_come", day=occurred_on)
    firm = link_enterprises(unit, [(borrower, borrower)]) if borrower.strip() else None
    found = (firm.find(borrower, None) or firm.find(None, borrower)) if firm is not None else None
    if kind == "pledge_loan" and found is None:
        raise NotFound("enterprise_not_found")
    row = AwardRecord(
        kind=kind,
        agency_id=agency.id,
        enterprise_id=found.id if found is not None and kind == "pledge_loan" else None,
        title=title.strip(),
        occurred_on=occurred_on,
        notified_on=notified_on if kind == "event" else None,
        amount_yuan=amount_yuan if kind != "event" else None,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
        demo=agency.demo,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "award.recorded", "agencies", agency.id, record=row.id, what=kind)
    return row.id


def withdraw_award_record(unit: Unit, record_id: int, reason: str) -> None:
    """Take a record back; it stays to be seen."""
    unit.require("award.record")
    row = unit.session.get(AwardRecord, record_id)
    if row is None:
        raise NotFound("award_record_not_found")
    if not reason.strip():
        raise Refusal("note_missing")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_reason = unit.now, reason.strip()
        append_event(unit, "award.withdrawn", "agencies", row.agency_id, record=row.id)


def name_agency(unit: Unit, deal_id: int, agency_id: int) -> int:
    """Say that an agency brought a deal about (二(二)). ``Conflict("agency_named")`` when that is on record."""
    unit.require("deal.name_agency")
    deal = deal_of(unit, deal_id)
    agency = unit.session.get(Agency, agency_id)
    if agency is None or agency.withdrawn_at is not None:
        raise NotFound("agency_not_found")
    same = select(DealAgency.id).where(
        DealAgency.deal_id == deal.id, DealAgency.agency_id == agency.id, DealAgency.withdrawn_at.is_(None)
    )
    if unit.session.execute(same).first():
        raise Conflict("agency_named")
    row = DealAgency(deal_id=deal.id, agency_id=agency.id, recorded_at=unit.now, recorded_by=unit.actor.account_id)
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "deal.agency_named", "deals", deal.id, agency=agency.id)
    return row.id


def agencies_of_deal(unit: Unit, deal_id: int) -> tuple[str, ...]:
    """Names of the agencies that brought a deal about."""
    chosen = (
        select(Agency.name)
        .join(DealAgency, DealAgency.agency_id == Agency.id)
        .where(DealAgency.deal_id == deal_id, DealAgency.withdrawn_at.is_(None))
    )
    return tuple(unit.session.execute(chosen.order_by(DealAgency.id)).scalars())


def award_records(unit: Unit) -> tuple[RecordLine, ...]:
    """The records behind the estimates, the newest first, withdrawn ones too."""
    unit.require("award.read")
    chosen = select(AwardRecord, Agency.name).join(Agency, Agency.id == AwardRecord.agency_id)
    return tuple(
        RecordLine(
            row.id, row.kind, name, row.title, row.occurred_on, row.notified_on, row.amount_yuan,
            row.withdrawn_at is not None,
        )
        for row, name in unit.session.execute(chosen.order_by(AwardRecord.id.desc()).limit(200))
    )  # fmt: skip


def agencies_named(unit: Unit, words: str, most: int = 20) -> tuple[tuple[int, str], ...]:
    """Agencies whose name holds what was typed, for choosing one."""
    unit.require("deal.name_agency")
    if not words.strip():
        return ()
    chosen = select(Agency.id, Agency.name).where(
        Agency.name.contains(words.strip(), autoescape=True), Agency.withdrawn_at.is_(None)
    )
    return tuple(unit.session.execute(chosen.order_by(Agency.name).limit(most)).all())
