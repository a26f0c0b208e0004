"""From rows of the base to the facts that the other clauses read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import select

from matchhub.db.tables import AwardRecord, DealAgency, DealEvent, Enterprise
from matchhub.domain.awards import AwardClause, RecordFact, TradeFact, standing_of
from matchhub.domain.counting.facts import ConfirmationFact, EvidenceFact
from matchhub.services.counting.awards.trades import trades_of
from matchhub.services.counting.kept import kept_verdicts
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
    """Every payment under a signed deal, by what the kept verdicts hold of it: opening a page reads no deal again."""
    with kept_verdicts(unit, unit.pack, unit.today) as store:
        said = store.trades()
        circular = {
            int(atom.record_id)
            for threshold in unit.pack.thresholds_of("deals")
            for atom in store.atoms_without_data(threshold.key)
            if any(reason.code in _CIRCULAR for reason in atom.reasons)
        }
    done = set(
        unit.session.execute(
            select(DealEvent.deal_id).where(DealEvent.event == "implemented", DealEvent.withdrawn_at.is_(None))
        ).scalars()
    )
    brokers: defaultdict[int, list[int]] = defaultdict(list)
    named = select(DealAgency.deal_id, DealAgency.agency_id).where(DealAgency.withdrawn_at.is_(None))
    for deal, agency in unit.session.execute(named):
        brokers[deal].append(agency)
    firms = {each["buyer"] for each in said.values() if each["buyer"] is not None}
    rows = unit.session.execute(select(Enterprise.id, Enterprise.local).where(among(Enterprise.id, firms)))
    local = {key: here for key, here in rows}  # noqa: C416
    return list(trades_of(said, local, brokers, done, circular))
