"""From rows of the base to the facts that the other clauses read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import AwardRecord, DealAgency, DealEvent, DealPayment, Enterprise
from matchhub.domain.awards import AwardClause, RecordFact, TradeFact, standing_of
from matchhub.domain.counting.facts import ConfirmationFact, DealFacts, EvidenceFact
from matchhub.domain.evidence import proof_key
from matchhub.domain.identifiers import patent_type_of
from matchhub.errors import IdentifierInvalid
from matchhub.services.counting.counts import atoms_of, question
from matchhub.services.counting.kept import facts_of_deals
from matchhub.services.counting.reach import among
from matchhub.services.facts.evidence import evidence_of
from matchhub.services.kernel.history import Moment, confirmations
from matchhub.services.kernel.unit import Unit

_CIRCULAR = frozenset({"deal_round_trip", "deal_round_trip_affiliated", "deal_resale", "deal_repeated"})


def record_facts(unit: Unit) -> dict[str, list[RecordFact]]:
    """The standing records by key of the clause that reads them; a clause's papers decide their level."""
    evidence = evidence_of(unit, "award_records", Moment())
    words = confirmations(unit, "award_records", Moment())
    chosen = select(AwardRecord, Enterprise.local).outerjoin(Enterprise, Enterprise.id == AwardRecord.enterprise_id)
    rows = unit.session.execute(chosen.where(AwardRecord.withdrawn_at.is_(None)).order_by(AwardRecord.id)).all()
    found: dict[str, list[RecordFact]] = {}
    for clause in unit.pack.awards:
        found[clause.key] = [
            _record(unit, clause, row, local, evidence.get(row.id, ()), words.get(row.id, ()))
            for row, local in rows
            if row.kind == clause.counts
        ]
    return found


def _record(
    unit: Unit,
    clause: AwardClause,
    row: AwardRecord,
    local: bool | None,
    evidence: Collection[EvidenceFact],
    words: tuple[ConfirmationFact, ...],
) -> RecordFact:
    payee = row.enterprise_id if clause.payee_kind == "enterprises" else row.agency_id
    return RecordFact(
        record_id=row.id,
        payee=payee or 0,
        title=row.title,
        occurred_on=row.occurred_on,
        amount_yuan=row.amount_yuan or Decimal(0),
        borrower_local=local,
        notified_on=row.notified_on,
        until_on=row.until_on,
        started_on=row.started_on,
        left_on=row.left_on,
        reviewed_on=row.reviewed_on,
        number=row.number or "",
        agents=row.agents or 0,
        cases=row.cases or 0,
        top_firms=row.top_firms or 0,
        standing=standing_of(evidence, words, row.recorded_by, clause.papers, unit.pack.deals),
    )


def trade_facts(unit: Unit) -> list[TradeFact]:
    """Every payment under a signed deal."""
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
    found: list[TradeFact] = []
    for deal in deals:
        if deal.withdrawn_on is None and deal.signed_on is not None:
            found += _payments(unit, local, deal, deal.record_id in circular, deal.record_id in done, brokers)
    return found


def _payments(
    unit: Unit,
    local_firms: Mapping[int, bool | None],
    deal: DealFacts,
    circular: bool,
    implemented: bool,
    brokers: Mapping[int, list[int]],
) -> Iterator[TradeFact]:
    buyer = next((key for key in deal.buyers if isinstance(key, int)), None)
    inventions = sum(_is_invention(each.application_number) for each in deal.patents)
    for paid in deal.payments:
        files = [paid.evidence] if paid.evidence is not None else []
        yield TradeFact(
            deal_id=int(deal.record_id),
            paid_on=paid.paid_on,
            amount_yuan=paid.amount_yuan or Decimal(0),
            proven=proof_key(paid) is not None,
            buyer_id=buyer,
            buyer_local=local_firms.get(buyer) if buyer is not None else None,
            agencies=tuple(sorted(brokers.get(int(deal.record_id), ()))),
            independent=not deal.affiliations or deal.affiliation_overruled_by is not None,
            contract_registered=bool(deal.contract_register_number),
            cancelled=deal.cancelled_on is not None,
            circular=circular,
            inventions=inventions,
            implemented=implemented,
            title=deal.contract_number or "",
            standing=standing_of(files, deal.confirmations, deal.entered_by, _papers(unit), unit.pack.deals),
        )


def _papers(unit: Unit) -> frozenset[str]:
    """Papers that document a payment, of all clauses that read payments."""
    read = (each.papers for each in unit.pack.awards if each.counts in ("purchases", "brokered_deals"))
    return frozenset().union(*read)


def _is_invention(number: str | None) -> bool:
    try:
        return number is not None and patent_type_of(number) == "invention"
    except IdentifierInvalid:
        return False
