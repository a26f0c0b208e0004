"""What the other clauses would pay: records become rows (what a clause counts), rows amounts (its rule)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from matchhub.domain.award_rules import AwardClause
from matchhub.domain.awards.amounts import weigh
from matchhub.domain.awards.estimates import AwardRow, Estimate, Remark, Standing, standing_of
from matchhub.domain.awards.records import RecordFact, record_rows
from matchhub.domain.awards.trades import TradeFact, brokered_deals, purchases
from matchhub.domain.goals import Window


def estimates(
    clauses: Iterable[AwardClause],
    trades: Sequence[TradeFact],
    records: Mapping[str, Sequence[RecordFact]],
    window: Window,
    as_of: date,
) -> tuple[Estimate, ...]:
    """Every clause over the payments and the records by key of the clause (papers differ), in the pack's order."""
    found: list[Estimate] = []
    for clause in clauses:
        found += weigh(clause, rows_of(clause, trades, records.get(clause.key, ()), window, as_of))
    return tuple(found)


def rows_of(
    clause: AwardClause, trades: Sequence[TradeFact], records: Sequence[RecordFact], window: Window, as_of: date
) -> Iterable[AwardRow]:
    """The rows that one clause reads."""
    if clause.counts == "purchases":
        return purchases(trades, window, as_of)
    if clause.counts == "brokered_deals":
        return brokered_deals(trades, window, as_of)
    return record_rows(clause, records, window, as_of)


__all__ = [
    "AwardClause", "AwardRow", "Estimate", "RecordFact", "Remark", "Standing", "TradeFact", "estimates",
    "rows_of", "standing_of", "weigh",
]  # fmt: skip
