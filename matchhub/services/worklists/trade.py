"""Deals, open-licence offers and licences on the operator's desk: lists with stage and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import Deal, Licence, Offer
from matchhub.domain.licensing import filing_due_on
from matchhub.services.counting.counts import question
from matchhub.services.counting.reach import among
from matchhub.services.deals.stages import deal_stages
from matchhub.services.kernel.paging import Orders, Page, Sought, paged
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.periods import period_of
from matchhub.services.records.labels import Label, find_ids, label_records
from matchhub.services.records.rows import RowView, verdicts_of

_YUAN = {"deals": "amount_yuan", "offers": "fee_yuan", "licences": "paid_yuan"}
_DAY = {"deals": "signed_on", "offers": "declared_on", "licences": "reached_on"}


_TABLES: dict[str, Any] = {"deals": Deal, "offers": Offer, "licences": Licence}


@dataclass(frozen=True, slots=True)
class TradeFilter:
    """Narrows a list of deals, offers or licences by words, taken back or not (``yes``, ``no``) and the days of
    signing, declaration or reaching; empty narrows nothing."""

    query: str = ""
    withdrawn: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TradeRow:
    """One deal, offer or licence in a list; ``day`` is its signing, declaration or reaching."""

    kind: str
    id: int
    label: Label
    day: date | None
    stage: str
    detail: str
    yuan: Decimal | None
    filing_due_on: date | None
    withdrawn: bool
    verdict: RowView | None
    recorded_at: datetime


def list_trade(unit: Unit, kind: str, wanted: TradeFilter | None = None, page: int | Sought = 1) -> Page[TradeRow]:
    """Deals, offers or licences, the newest first or by ``day``, ``yuan``, ``recorded``; why each counts or not."""
    unit.require("deal.read_any")
    table, wanted = _TABLES[kind], wanted or TradeFilter()
    day, yuan = getattr(table, _DAY[kind]), getattr(table, _YUAN[kind])
    statement = select(table).order_by(table.id.desc())
    only = find_ids(unit, kind, wanted.query)
    if only is not None:
        statement = statement.where(among(table.id, only))
    if wanted.withdrawn:
        statement = statement.where((table.withdrawn_at.is_not(None)) == (wanted.withdrawn == "yes"))
    if wanted.since is not None:
        statement = statement.where(day >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(day <= wanted.until)
    orders = Orders(table.id, {"day": day, "yuan": yuan, "recorded": table.recorded_at})
    return paged(unit, statement, page, lambda rows: _rows(unit, kind, [row[0] for row in rows]), orders=orders)


def _rows(unit: Unit, kind: str, rows: Sequence[Any]) -> list[TradeRow]:
    ids = [row.id for row in rows]
    labels = label_records(unit, kind, ids)
    judged = verdicts_of(unit, kind, question(unit), ids)
    stages = deal_stages(unit, ids) if kind == "deals" else {}
    return [
        TradeRow(
            kind=kind,
            id=row.id,
            label=labels[row.id],
            day=getattr(row, _DAY[kind]),
            stage=stages.get(row.id, "") if kind == "deals" else _stage(unit, kind, row),
            detail=row.deal_type if kind == "deals" else (row.regime or ""),
            yuan=getattr(row, _YUAN[kind]),
            filing_due_on=_filing_due_on(unit, row) if kind == "licences" else None,
            withdrawn=row.withdrawn_at is not None,
            verdict=judged.get(row.id),
            recorded_at=row.recorded_at,
        )
        for row in rows
    ]


def _stage(unit: Unit, kind: str, row: Any) -> str:
    if kind == "offers":
        return "offer_ended" if period_of(row).is_over_on(unit.today) else "offer_open"
    if row.filed_on:
        return "licence_filed"
    return "licence_reached" if row.reached_on else "licence_notified"


def _filing_due_on(unit: Unit, row: Licence) -> date | None:
    """Last day for the filing of a licence that has none yet."""
    if row.filed_on is not None or row.reached_on is None:
        return None
    return filing_due_on(row.reached_on, unit.pack.licensing)


def trade_tally(unit: Unit) -> dict[str, int]:
    """How many deals, offers and licences are on record."""
    counts = {}
    for kind, table in (("deals", Deal), ("offers", Offer), ("licences", Licence)):
        counts[kind] = unit.session.execute(select(func.count()).select_from(table)).scalar_one()
    return counts
