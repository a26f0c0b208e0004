"""Records that the other clauses pay for: entered, dated later, taken back."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.services.counting.awards import recording
from matchhub.services.deals.brokers import agencies_named
from web.fields import NeededDayField
from web.forms import AmountField, DayField, LabelledField, Length, RecordField, RecordNumberField, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.record_forms import WithdrawalForm
from web.trade import blueprint
from web.units import reading, writing


class AwardForm(SmallForm):
    """One thing that another clause pays for; which fields count depends on its kind."""

    blamed = {
        "amount": "amount_yuan",
        "day_to_come": "occurred_on",
        "note": "title",
        "enterprise_not_found": "firm",
        "award_number_missing": "number",
        "award_until": "until_on",
        "award_started": "started_on",
        "award_left": "left_on",
        "award_reviewed": "reviewed_on",
        "award_numbers": "agents",
    }
    kind = LabelledField("award_kind", recording.KINDS)
    agency_id = RecordField()
    title = TextField(validators=[Required(), Length(1, 300)])
    number = TextField(validators=[Length(1, 64)])
    occurred_on = NeededDayField()
    amount_yuan = AmountField()
    notified_on = DayField()
    until_on = DayField()
    started_on = DayField()
    left_on = DayField()
    reviewed_on = DayField()
    agents = RecordNumberField()
    cases = RecordNumberField()
    top_firms = RecordNumberField()
    firm = TextField(validators=[Length(1, 120)])


class DatingForm(SmallForm):
    """A day that is known later: somebody left, or the review was passed."""

    blamed = {"award_left": "left_on", "award_reviewed": "reviewed_on", "day_missing": "reviewed_on"}
    left_on = DayField()
    reviewed_on = DayField()


_FORMS: dict[str, type[SmallForm]] = {"award": AwardForm, "dating": DatingForm, "withdrawal": WithdrawalForm}


@blueprint.get("/awards/records")
@act("award.read")
def award_records() -> str:
    """The records behind the estimates, and the form that enters one."""
    return _page(None)


def _page(refused: SmallForm | None) -> str:
    query = asked_text("agency")
    with reading() as unit:
        records = recording.award_records(unit)
        operates = unit.may("award.record")
        found = agencies_named(unit, query) if operates else ()
    forms = PageForms(_FORMS, refused)
    return render_template(
        "trade/award_records.html", records=records, found=found, query=query, operates=operates, forms=forms
    )


@blueprint.post("/awards/records")
@act("award.record")
@shown_again(_page)
def record_award() -> Response:
    """Record a year of sales, a loan, an event, an agent, a navigation project, an entry or a platform."""
    with sent(AwardForm) as form, writing() as unit:
        new = recording.NewAwardRecord(
            kind=form.kind.data,
            agency_id=form.agency_id.data or 0,
            firm=form.firm.data or "",
            title=form.title.data,
            number=form.number.data or "",
            occurred_on=form.occurred_on.day,
            amount_yuan=form.amount_yuan.data,
            notified_on=form.notified_on.data,
            until_on=form.until_on.data,
            started_on=form.started_on.data,
            left_on=form.left_on.data,
            reviewed_on=form.reviewed_on.data,
            agents=form.agents.data,
            cases=form.cases.data,
            top_firms=form.top_firms.data,
        )
        record = recording.record_for_award(unit, new)
    flash_notice("notice_recorded")
    return redirect(url_for("bureau.record", kind="award_records", record_id=record, _anchor="evidence"))


@blueprint.post("/awards/records/<int:record_id>/days")
@act("award.record")
@shown_again(lambda refused, record_id: _page(refused))
def date_award(record_id: int) -> Response:
    """Say later when somebody left or when the review was passed."""
    with sent(DatingForm, record_id) as form, writing() as unit:
        recording.date_award_record(unit, record_id, form.left_on.data, form.reviewed_on.data)
    flash_notice("notice_recorded")
    return redirect(url_for("trade.award_records"))


@blueprint.post("/awards/records/<int:record_id>/withdraw")
@act("award.record")
@shown_again(lambda refused, record_id: _page(refused))
def withdraw_award(record_id: int) -> Response:
    """Take a record back; it stays to be seen."""
    with sent(WithdrawalForm, record_id) as form, writing() as unit:
        recording.withdraw_award_record(unit, record_id, form.reason.data)
    flash_notice("notice_award_withdrawn", "info")
    return redirect(url_for("trade.award_records"))
