"""Demands in preparation, and demands collected at a fair that the enterprise confirms."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField
from wtforms.validators import StopValidation

from matchhub.services.demands import confidentiality, drafts
from matchhub.services.demands.drafts import CollectedDemand
from web.enterprise.demand_form import COOPERATION, budget_yuan, values_of_draft
from web.fields import SeveralField
from web.forms import DayField, Email, LabelledField, Length, NoteField, Required, TextField
from web.gate import act
from web.language import flash_notice, say, words
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.record_forms import DiscardForm
from web.trade import blueprint
from web.units import reading, writing

_ORIGINS = drafts.ORIGINS[1:]


class DraftForm(SmallForm):
    """A demand in preparation; a title is enough."""

    blamed = {"draft_empty": "title"}
    title = TextField(validators=[Length(1, 120)])
    text = NoteField(validators=[Length(1, 5000)])
    object = TextField(validators=[Length(1, 300)])
    aim = TextField(validators=[Length(1, 500)])
    targets = NoteField(validators=[Length(1, 1000)])
    technical_field = TextField(validators=[Length(1, 200)])
    cooperation = SeveralField("cooperation", COOPERATION)
    budget = TextField(validators=[Length(1, 20)], render_kw={"data-read": "budget"})
    negotiable = BooleanField()
    contact_name = TextField(validators=[Length(1, 60)])
    contact_phone = TextField(validators=[Length(1, 40)])
    contact_email = TextField(validators=[Length(1, 120), Email()])
    valid_until_on = DayField()
    seen = HiddenField()

    def validate_budget(self, field: TextField) -> None:
        """A number above 0, in 10,000 yuan (万元)."""
        if field.data and budget_yuan(field.data) is None:
            raise StopValidation(say("budget_invalid"))

    def kept(self) -> dict[str, Any]:
        """What the draft keeps; the forms of cooperation in Chinese, as imported files have them."""
        same = ("title", "text", "object", "aim", "targets", "technical_field", "contact_name", "contact_phone",
                "contact_email", "valid_until_on")  # fmt: skip
        return {
            **{name: self[name].data for name in same},
            "cooperation_form": "、".join(words()["cooperation"][key]["zh"] for key in self.cooperation.chosen),
            "budget_yuan": budget_yuan(self.budget.data),
            "budget_negotiable": self.negotiable.data,
        }


class PostingForm(SmallForm):
    """Who authorises a draft to be posted, and who may read it then."""

    blamed = {"authorised": "authorised_by"}
    authorised_by = TextField(validators=[Required("authorised_by_missing"), Length(1, 60)])
    confidentiality = LabelledField("confidentiality", confidentiality.LEVELS, default="title")
    seen = HiddenField()


class BatchForm(SmallForm):
    """Demands collected at a fair or by telephone, one a line."""

    blamed = {"draft_": "rows"}
    origin = LabelledField("draft_origin", _ORIGINS)
    note = TextField(validators=[Length(1, 300)])
    rows = NoteField(validators=[Required("draft_batch_empty"), Length(1, 100_000)])


_LIST_FORMS: dict[str, type[SmallForm]] = {"discard": DiscardForm, "batch": BatchForm}
_FORMS: dict[str, type[SmallForm]] = {"draft": DraftForm, "posting": PostingForm}


@blueprint.get("/drafts")
@act("draft.read")
def draft_list() -> str:
    """Own drafts; for the operator those collected that wait for their enterprises."""
    return _list_page(None)


def _list_page(refused: SmallForm | None) -> str:
    with reading() as unit:
        found = drafts.own_drafts(unit)
    return render_template("trade/drafts.html", drafts=found, forms=PageForms(_LIST_FORMS, refused))


@blueprint.get("/drafts/new")
@act("draft.write")
def new_draft() -> Response:
    """The one form of a demand keeps drafts too: an address kept from before leads there."""
    return redirect(url_for("enterprise.new_demand"))


def _new_page(refused: SmallForm | None) -> str:
    return render_template("trade/draft_form.html", draft=None, values={}, forms=PageForms(_FORMS, refused))


@blueprint.post("/drafts")
@act("draft.write")
@shown_again(_new_page)
def save_new_draft() -> Response:
    """Keep a new draft; a title is enough."""
    with sent(DraftForm) as form, writing() as unit:
        number = drafts.save_draft(unit, form.kept())
    flash_notice("notice_draft_saved")
    return redirect(url_for("trade.draft", draft_id=number))


@blueprint.get("/drafts/<int:draft_id>")
@act("draft.write")
def draft(draft_id: int) -> str:
    """One draft with what its eight tests say, to be changed or posted."""
    return _page(None, draft_id)


def _page(refused: SmallForm | None, draft_id: int) -> str:
    with reading() as unit:
        view = drafts.draft_of(unit, draft_id)
    if refused is not None:
        refused["seen"].data = view.seen  # what changed meanwhile is seen now
    forms = PageForms(_FORMS, refused)
    return render_template("trade/draft_form.html", draft=view, values=values_of_draft(view.fields), forms=forms)


@blueprint.post("/drafts/<int:draft_id>")
@act("draft.write")
@shown_again(_page)
def save_draft(draft_id: int) -> Response:
    """Keep a changed draft; refused when somebody else changed it meanwhile."""
    with sent(DraftForm) as form, writing() as unit:
        drafts.save_draft(unit, form.kept(), draft_id, form.seen.data or "")
    flash_notice("notice_draft_saved")
    return redirect(url_for("trade.draft", draft_id=draft_id))


@blueprint.post("/drafts/<int:draft_id>/confirm")
@act("draft.confirm")
@shown_again(_page)
def confirm_draft(draft_id: int) -> Response:
    """Post a draft as a demand, authorised by a named person today."""
    with sent(PostingForm) as form, writing() as unit:
        level, seen = form.confidentiality.data, form.seen.data or ""
        number = drafts.confirm_draft(unit, draft_id, form.authorised_by.data, level, seen)
    flash_notice("notice_draft_posted")
    return redirect(url_for("enterprise.demand", demand_id=number))


@blueprint.post("/drafts/<int:draft_id>/discard")
@act("draft.discard")
@shown_again(lambda refused, draft_id: _list_page(refused))
def discard_draft(draft_id: int) -> Response:
    """Put a draft aside; it stays on record."""
    with sent(DiscardForm, draft_id), writing() as unit:
        drafts.discard_draft(unit, draft_id)
    flash_notice("notice_draft_discarded", "info")
    return redirect(url_for("enterprise.desk" if g.actor.may("draft.write") else "trade.draft_list"))


@blueprint.post("/drafts/batch")
@act("draft.enter_batch")
@shown_again(_list_page)
def enter_batch() -> Response:
    """Enter demands collected at a fair or by telephone, one a line; their enterprises then confirm them."""
    with sent(BatchForm) as form, writing() as unit:
        rows = [_collected(line) for line in form.rows.data.splitlines() if line.strip()]
        made = drafts.enter_batch(unit, form.origin.data, form.note.data, rows)
    flash_notice("notice_batch_entered", number=len(made))
    return redirect(url_for("trade.draft_list"))


def _collected(line: str) -> CollectedDemand:
    """``企业 | 需求名称 | 技术难题 | 技术指标``; a tab serves as well as the bar."""
    cells = [cell.strip() for cell in line.replace("\uff5c", "|").replace("\t", "|").split("|")]
    firm, title, text, targets = [*cells, "", "", "", ""][:4]
    return CollectedDemand(firm, title, text, targets)
