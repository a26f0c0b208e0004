"""What the other clauses would pay, as estimates with base, rate, cap and reasons; the records behind them."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.services.counting import awards as service
from web.gate import act
from web.language import flash_notice
from web.paging import asked_text
from web.trade import blueprint, fields
from web.units import reading, writing


@blueprint.get("/awards")
@act("award.read")
def awards() -> str:
    """Estimates for 一(二), 二(一), 二(二), 三 and 四(一), per enterprise or agency and year."""
    query = asked_text("agency")
    with reading() as unit:
        lines = service.estimate_awards(unit)
        records = service.award_records(unit)
        operates = unit.may("award.record")
        found = service.agencies_named(unit, query) if operates else ()
    return render_template(
        "trade/awards.html", lines=lines, records=records, found=found, query=query, kinds=service.KINDS,
        operates=operates,
    )  # fmt: skip


@blueprint.post("/awards/records")
@act("award.record")
def record_award() -> Response:
    """Record sales, a loan on patents or an event of an agency."""
    on = fields.needed_day("occurred_on")
    with writing() as unit:
        service.record_for_award(
            unit,
            fields.text("kind", 20),
            fields.whole("agency_id") or 0,
            fields.text("title", 300),
            on,
            fields.amount("amount_yuan"),
            fields.day("notified_on"),
            fields.text("borrower", 120),
        )
    flash_notice("notice_recorded")
    return redirect(url_for("trade.awards"))


@blueprint.post("/awards/records/<int:record_id>/withdraw")
@act("award.record")
def withdraw_award(record_id: int) -> Response:
    """Take a record back; it stays to be seen."""
    with writing() as unit:
        service.withdraw_award_record(unit, record_id, fields.text("reason", 500))
    flash_notice("notice_award_withdrawn", "info")
    return redirect(url_for("trade.awards"))


@blueprint.post("/deals/<int:deal_id>/agency")
@act("deal.name_agency")
def name_agency(deal_id: int) -> Response:
    """Say that an agency brought a deal about."""
    with writing() as unit:
        service.name_agency(unit, deal_id, fields.whole("agency_id") or 0)
    flash_notice("notice_agency_named")
    return redirect(url_for("trade.deal", deal_id=deal_id))
