"""What the other clauses would pay, as estimates with base, rate, cap and reasons; the records behind them."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.domain.organisations import ENTERPRISE
from matchhub.services.counting import awards as service
from web.fields import NeededDayField
from web.forms import AmountField, DayField, LabelledField, Length, RecordField, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.record_forms import WithdrawalForm
from web.trade import blueprint
from web.units import reading, writing


class AwardForm(SmallForm):
    """Sales, a loan on patents or an event of an agency."""

    blamed = {"amount": "amount_yuan", "day_to_come": "occurred_on", "note": "title", ENTERPRISE: "borrower"}
    kind = LabelledField("award_kind", service.KINDS)
    agency_id = RecordField()
    title = TextField(validators=[Required(), Length(1, 300)])
    occurred_on = NeededDayField()
    amount_yuan = AmountField()
    notified_on = DayField()
    borrower = TextField(validators=[Length(1, 120)])


_FORMS: dict[str, type[SmallForm]] = {"award": AwardForm, "withdrawal": WithdrawalForm}


@blueprint.get("/awards")
@act("award.read")
def awards() -> str:
    """Estimates for 一(二), 二(一), 二(二), 三 and 四(一), per enterprise or agency and year."""
    return _page(None)


def _page(refused: SmallForm | None) -> str:
    query = asked_text("agency")
    with reading() as unit:
        lines = service.estimate_awards(unit)
        records = service.award_records(unit)
        operates = unit.may("award.record")
        found = service.agencies_named(unit, query) if operates else ()
    forms = PageForms(_FORMS, refused)
    return render_template(
        "trade/awards.html", lines=lines, records=records, found=found, query=query, operates=operates, forms=forms
    )


@blueprint.post("/awards/records")
@act("award.record")
@shown_again(_page)
def record_award() -> Response:
    """Record sales, a loan on patents or an event of an agency."""
    with sent(AwardForm) as form, writing() as unit:
        service.record_for_award(
            unit,
            form.kind.data,
            form.agency_id.data or 0,
            form.title.data,
            form.occurred_on.day,
            form.amount_yuan.data,
            form.notified_on.data,
            form.borrower.data,
        )
    flash_notice("notice_recorded")
    return redirect(url_for("trade.awards"))


@blueprint.post("/awards/records/<int:record_id>/withdraw")
@act("award.record")
@shown_again(lambda refused, record_id: _page(refused))
def withdraw_award(record_id: int) -> Response:
    """Take a record back; it stays to be seen."""
    with sent(WithdrawalForm, record_id) as form, writing() as unit:
        service.withdraw_award_record(unit, record_id, form.reason.data)
    flash_notice("notice_award_withdrawn", "info")
    return redirect(url_for("trade.awards"))
