"""Review of demands: lists by state, one demand with its eight tests and its twin, and the decisions."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.domain.demands import HOW_VERIFIED
from matchhub.errors import Refusal
from matchhub.services.demands import words
from matchhub.services.demands.posting import decide_duplicate, move_demand
from matchhub.services.demands.words import MOST_NAME, MOST_NOTE, Verification
from matchhub.services.worklists import demands as desk
from web.fields import UploadField
from web.forms import ButtonField, DayField, LabelledField, Length, NoteField, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.listing import ask, day_of, show
from web.operator import blueprint
from web.operator.lists import DEMANDS
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.units import reading, writing


class VerifyForm(SmallForm):
    """How a demand was verified, with whom and when, and what was found."""

    blamed = {
        "how_verified": "how",
        "verified_sheet": "how",
        "verified_with": "spoken_to",
        "verified_post": "spoken_post",
        "verified_day": "on",
        "verified_note": "note",
    }
    how = LabelledField("how_verified", HOW_VERIFIED, "how_verified_missing", validators=[Required()])
    spoken_to = TextField(validators=[Required("verified_with_missing"), Length(1, MOST_NAME)])
    spoken_post = TextField(validators=[Required("verified_post_missing"), Length(1, MOST_NAME)])
    on = DayField(validators=[Required("verified_day_missing")])
    note = TextField(validators=[Required("verified_note_missing"), Length(1, MOST_NOTE)])


class SheetForm(SmallForm):
    """The sheet by which an enterprise authorised a demand, who signed it and when."""

    blamed = {"authorised_by": "signed_by", "sheet_day": "signed_on", "paper_day": "signed_on", "evidence": "file"}
    file = UploadField(validators=[Required("evidence_file_missing")])
    signed_by = TextField(validators=[Required("authorised_by_missing"), Length(1, MOST_NAME)])
    signed_on = DayField(validators=[Required("sheet_day_missing")])


class ReturnForm(SmallForm):
    """Why a demand goes back to its enterprise."""

    blamed = {"note_missing": "note"}
    note = NoteField(validators=[Length(1, 1000)])


class LikenessForm(SmallForm):
    """Whether a demand repeats the earlier one it resembles."""

    decision = ButtonField()


class MoveForm(SmallForm):
    """A step that the operator takes for the enterprise; the page has one form for each."""

    row_field = "state"
    state = ButtonField()
    note = TextField(validators=[Length(1, 500)])


_FORMS = {"verify": VerifyForm, "sheet": SheetForm, "return": ReturnForm, "likeness": LikenessForm, "move": MoveForm}


@blueprint.get("/demands")
@act("demand.verify")
def demands() -> Any:
    """Demands by state, each with how many of the eight tests it passes."""
    asked = ask(DEMANDS)
    state, query = asked_text("state"), asked.value("q")
    suspected = request.args.get("suspected") == "1"
    if state not in desk.STATES and not suspected and "state" not in request.args and not query:
        state = "submitted"
    with reading() as unit:
        tally = desk.demand_tally(unit)
        page = desk.list_demands(
            unit, state, suspected, query, asked.sought, day_of(asked, "since"), day_of(asked, "until")
        )
    return show(
        "operator/demands.html",
        asked,
        page,
        tally=tally,
        state=state,
        suspected=suspected,
        tests=desk.TESTS,
    )


def _page(refused: SmallForm | None, demand_id: int) -> str:
    with reading() as unit:
        view = desk.demand_page(unit, demand_id)
    return render_template("operator/demand.html", view=view, tests=desk.TESTS, forms=PageForms(_FORMS, refused))


@blueprint.get("/demands/<int:demand_id>")
@act("demand.verify")
def demand(demand_id: int) -> str:
    """One demand for review."""
    return _page(None, demand_id)


@blueprint.post("/demands/<int:demand_id>/verify")
@act("demand.verify")
@shown_again(_page)
def verify_demand(demand_id: int) -> Response:
    """Say that a demand was verified: how, with whom and when."""
    with sent(VerifyForm) as form, writing() as unit:
        said = Verification(form.how.data, form.spoken_to.data, form.spoken_post.data, form.on.data, form.note.data)
        words.verify_demand(unit, demand_id, said)
    flash_notice("notice_demand_verified")
    return _back(demand_id)


@blueprint.post("/demands/<int:demand_id>/sheet")
@act("demand.verify")
@shown_again(_page)
def file_sheet(demand_id: int) -> Response:
    """Keep the sheet that the enterprise signed."""
    with sent(SheetForm) as form, writing() as unit:
        words.file_sheet(unit, demand_id, *form.file.file, form.signed_by.data, form.signed_on.data)
    flash_notice("notice_sheet_filed")
    return redirect(url_for("operator.demand", demand_id=demand_id, _anchor="proof"))


@blueprint.post("/demands/<int:demand_id>/return")
@act("demand.verify")
@shown_again(_page)
def return_demand(demand_id: int) -> Response:
    """Give a demand back to its enterprise, with the reason."""
    with sent(ReturnForm) as form, writing() as unit:
        move_demand(unit, demand_id, "returned", form.note.data)
    flash_notice("notice_demand_returned", "info")
    return _back(demand_id)


@blueprint.post("/demands/<int:demand_id>/likeness")
@act("demand.decide_duplicate")
@shown_again(_page)
def decide_likeness(demand_id: int) -> Response:
    """Say whether a demand repeats the earlier one it resembles."""
    with sent(LikenessForm) as form, writing() as unit:
        decide_duplicate(unit, demand_id, form.decision.data)
    flash_notice("notice_likeness_decided")
    return _back(demand_id)


@blueprint.post("/demands/<int:demand_id>/move")
@act("demand.move_any")
@shown_again(_page)
def move(demand_id: int) -> Response:
    """Withdraw, mark solved or submit again for the enterprise, on its word."""
    with sent(MoveForm) as form, writing() as unit:
        state = form.state.data
        if state not in ("withdrawn", "solved", "submitted"):
            raise Refusal("decision_unknown", decision=state)
        move_demand(unit, demand_id, state, form.note.data or None)
    flash_notice("notice_demand_moved", "info")
    return _back(demand_id)


def _back(demand_id: int) -> Response:
    return redirect(url_for("operator.demand", demand_id=demand_id))
