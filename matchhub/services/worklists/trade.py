"""Deals, open-licence offers and licences in one list (成交与许可): the actor's own, or all for the operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from matchhub.db.tables import Deal, DealParty, Licence, Offer
from matchhub.domain.licensing import filing_due_on
from matchhub.services.counting.counts import question
from matchhub.services.deals.access import is_own_party
from matchhub.services.deals.stages import deal_stages
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.periods import period_of
from matchhub.services.patents.holders import patents_of
from matchhub.services.records.labels import Label, label_records
from matchhub.services.records.rows import RowView, verdicts_of

KINDS = ("deals", "licences", "offers")
STAGES = (
    "negotiating", "signed", "registered", "contract_registered", "paid", "implemented", "cancelled",
    "licence_notified", "licence_reached", "licence_filed", "offer_coming", "offer_open", "offer_ended",
)  # fmt: skip
_TABLES: dict[str, Any] = {"deals": Deal, "licences": Licence, "offers": Offer}
_YUAN = {"deals": "amount_yuan", "offers": "fee_yuan", "licences": "paid_yuan"}
_DAY = {"deals": "signed_on", "offers": "declared_on", "licences": "reached_on"}
_NOTHING = Label("")


@dataclass(frozen=True, slots=True)
class TradeRow:
    """One deal, licence or offer; ``day`` is its signing, reaching or declaration, ``parties`` who it is between.

    ``verdict`` is filled by ``with_verdicts``, for those who read what counts.
    """

    kind: str
    id: int
    title: str
    number: str
    parties: str
    day: date | None
    stage: str
    detail: str
    yuan: Decimal | None
    filing_due_on: date | None
    withdrawn: bool
    verdict: RowView | None = None


def list_trade(unit: Unit) -> tuple[TradeRow, ...]:
    """Deals, licences and offers that the actor follows, the newest first; the operator's are all, withdrawn ones too.

    As many statements for many rows as for one.
    """
    unit.require("trade.follow")
    found = [row for kind in KINDS for row in _rows(unit, kind)]
    return tuple(sorted(found, key=lambda row: (row.day or date.max, row.id), reverse=True))


def with_verdicts(unit: Unit, rows: Sequence[TradeRow]) -> tuple[TradeRow, ...]:
    """The same rows with what the count says of each; unchanged for who does not read the count."""
    if not unit.may("progress.read"):
        return tuple(rows)
    asked = question(unit)
    judged: dict[tuple[str, int], RowView] = {}
    for kind in {row.kind for row in rows}:
        ids = [row.id for row in rows if row.kind == kind]
        judged |= {(kind, key): view for key, view in verdicts_of(unit, kind, asked, ids).items()}
    return tuple(replace(row, verdict=judged.get((row.kind, row.id))) for row in rows)


def _own(unit: Unit, kind: str) -> ColumnElement[bool]:
    """Condition of the rows that the actor follows."""
    if unit.may("deal.read_any"):
        return true()
    held = patents_of(unit, unit.actor.organisation_id)
    if kind == "deals":
        return Deal.withdrawn_at.is_(None) & Deal.id.in_(select(DealParty.deal_id).where(is_own_party(unit)))
    if kind == "offers":
        return Offer.withdrawn_at.is_(None) & Offer.patent_id.in_(held)
    mine = or_(Licence.enterprise_id == (unit.actor.enterprise_id or 0), Licence.patent_id.in_(held))
    return Licence.withdrawn_at.is_(None) & mine


def _rows(unit: Unit, kind: str) -> list[TradeRow]:
    table = _TABLES[kind]
    rows = list(unit.session.execute(select(table).where(_own(unit, kind)).order_by(table.id)).scalars())
    ids = [row.id for row in rows]
    labels = label_records(unit, kind, ids)
    stages = deal_stages(unit, ids) if kind == "deals" else {}
    return [_row(unit, kind, row, labels.get(row.id, _NOTHING), stages.get(row.id, "")) for row in rows]


def _row(unit: Unit, kind: str, row: Any, label: Label, stage: str) -> TradeRow:
    return TradeRow(
        kind=kind,
        id=row.id,
        title=label.title or label.number or f"#{row.id}",
        number=label.number,
        parties=label.note,
        day=getattr(row, _DAY[kind]),
        stage=stage or _stage(unit, kind, row),
        detail=row.deal_type if kind == "deals" else (row.regime or ""),
        yuan=getattr(row, _YUAN[kind]),
        filing_due_on=_filing_due_on(unit, row) if kind == "licences" else None,
        withdrawn=row.withdrawn_at is not None,
    )


def _stage(unit: Unit, kind: str, row: Any) -> str:
    if kind == "offers":
        period = period_of(row)
        if period.is_over_on(unit.today):
            return "offer_ended"
        return "offer_open" if period.is_open_on(unit.today) else "offer_coming"
    if kind == "deals":
        return "negotiating"
    if row.filed_on:
        return "licence_filed"
    return "licence_reached" if row.reached_on else "licence_notified"


def _filing_due_on(unit: Unit, row: Licence) -> date | None:
    """Last day for the filing of a licence that has none yet."""
    if row.filed_on is not None or row.reached_on is None:
        return None
    return filing_due_on(row.reached_on, unit.pack)
