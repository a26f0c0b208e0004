"""One list of deals, licences and open-licence offers (成交与许可), for every role that follows some."""

from __future__ import annotations

from typing import Any

from flask import url_for

from matchhub.services.worklists.trade import KINDS, STAGES, TradeRow, list_trade, with_verdicts
from web.gate import act, may
from web.language import word
from web.listing import Column, Filter, Listing, ask, show
from web.trade import blueprint
from web.units import reading


def record_address(row: TradeRow) -> str:
    """The page of a row: of the record for those who read records, else that of its parties."""
    if may("record.read"):
        return url_for("bureau.record", kind=row.kind, record_id=row.id)
    if row.kind == "deals":
        return url_for("trade.deal", deal_id=row.id)
    if row.kind == "licences":
        return url_for("trade.licence", licence_id=row.id)
    return url_for("trade.offer", offer_id=row.id)


def _detail(row: TradeRow) -> str:
    return word("deal_type" if row.kind == "deals" else "regime", row.detail) if row.detail else ""


TRADE = Listing(
    key="trade",
    said=("成交与许可", "Deals and licences"),
    columns=(
        Column("title", ("专利", "Patent"), lambda row: row.title, 40),
        Column("kind", ("类别", "Kind"), lambda row: word("kind", row.kind), 12),
        Column("number", ("号码", "Number"), lambda row: row.number, 18),
        Column("parties", ("当事人", "Parties"), lambda row: row.parties, 40),
        Column("stage", ("状态", "State"), lambda row: word("stage", row.stage), 14),
        Column("day", ("日期", "Day"), lambda row: row.day, 12),
        Column("yuan", ("金额（元）", "Yuan"), lambda row: row.yuan, 14),
        Column("detail", ("方式", "Form"), _detail, 14, extra=True),
        Column("due", ("备案期限", "File by"), lambda row: row.filing_due_on, 12, extra=True),
    ),
    filters=(
        Filter("q", ("名称、号码、当事人", "Title, number, party")),
        Filter("kind", ("类别", "Kind"), "choice", lambda: [(key, word("kind", key)) for key in KINDS],
               lambda row: row.kind),
        Filter("stage", ("状态", "State"), "choice", lambda: [(key, word("stage", key)) for key in STAGES],
               lambda row: row.stage),
        Filter("since", ("日期从", "From"), "since", of=lambda row: row.day),
        Filter("until", ("日期到", "Until"), "until", of=lambda row: row.day),
    ),
    link=record_address,
    act="trade.follow",
    tie=lambda row: (row.kind, row.id),
)  # fmt: skip


@blueprint.get("/records")
@act("trade.follow")
def records() -> Any:
    """Own deals, licences and offers in one list; the operator's are all, each with why it counts or not."""
    asked = ask(TRADE)
    with reading() as unit:
        page = asked.page(list_trade(unit))
        shown = {(row.kind, row.id): row for row in with_verdicts(unit, page.items)}
        today = unit.today
    return show("trade/records.html", asked, page, shown=shown, today=today, record_address=record_address)
