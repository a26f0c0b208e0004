"""The desk of a plan of pushes: every pair with its reasons, changed by hand, seen as a letter, confirmed."""

from __future__ import annotations

from typing import Any

from flask import g, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField

from matchhub.errors import Refusal
from matchhub.operation.push_tests import previewed_letter, send_test
from matchhub.services.pushes import desk
from matchhub.services.worklists import push_drafts as lists
from web.forms import DayField, Length, RecordNumberField, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.operator import blueprint
from web.operator.pair_list import pairs_listing
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.units import reading, runtime, take_key, writing

_REASON = {"push_reason_missing": "reason"}
# A letter stands by itself: nothing of it is run, and nothing is fetched for it.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox"
)


class PairsField(SelectMultipleField):
    """The numbers of the pairs that were ticked."""

    def __init__(self, **more: Any) -> None:
        super().__init__(choices=[], validate_choice=False, **more)

    @property
    def numbers(self) -> list[int]:
        """The ticked pairs; ``Refusal("push_nothing_chosen")`` for none."""
        found = [int(each) for each in self.data or () if each.isascii() and each.isdigit() and len(each) < 16]
        if not found:
            raise Refusal("push_nothing_chosen")
        return found


class ConfirmAllForm(SmallForm):
    """Everything chosen goes into the queue."""


class TickedForm(SmallForm):
    """What is done with the ticked pairs: confirmed, moved to a day, taken out with a reason."""

    blamed = _REASON | {"push_day": "day"}
    pairs = PairsField()
    reason = TextField(validators=[Length(0, 500)])
    day = DayField()


class AddForm(SmallForm):
    """A pair that was left out is added with a reason; the page has one form for each."""

    blamed = _REASON | {"push_day": "day"}
    reason = TextField(validators=[Length(0, 500)])
    day = DayField()


class AddPatentForm(SmallForm):
    """A patent is added for a demand, both by their numbers."""

    blamed = _REASON | {"demand_not_found": "demand", "push_patent_unknown": "number"}
    demand = RecordNumberField(validators=[Required()])
    number = TextField(validators=[Required(), Length(1, 64)])
    reason = TextField(validators=[Length(0, 500)])


class PlainForm(SmallForm):
    """A button: put back, give up, test."""


FORMS: dict[str, type[SmallForm]] = {
    "all": ConfirmAllForm,
    "ticked": TickedForm,
    "add": AddForm,
    "add_patent": AddPatentForm,
    "plain": PlainForm,
}


def _page(refused: SmallForm | None, draft_id: int, **_parts: int) -> Any:
    with reading() as unit:
        draft = lists.draft_view(unit, draft_id)
        usual = {} if asked_text("code") or asked_text("q") else {"state": _first(draft)}
        asked = ask(pairs_listing(draft), usual)
        wanted = lists.Wanted(
            state=asked.value("state"),
            query=asked.value("q"),
            trade=asked.value("trade"),
            code=asked.value("code"),
            band=asked.value("band"),
        )
        page = lists.list_pairs(unit, draft_id, wanted, asked.sought)
    forms = PageForms(FORMS, refused)
    return show("operator/push_draft.html", asked, page, draft=draft, wanted=wanted, forms=forms)


def _first(draft: lists.DraftView) -> str:
    """What the page shows when nothing is asked for: what waits, else what was confirmed, else everything."""
    return next((state for state in ("chosen", "added", "queued") if draft.states[state]), "")


def _back(draft_id: int, state: str = "") -> Response:
    return redirect(url_for("operator.push_draft", draft_id=draft_id, state=state or None))


@blueprint.get("/pushes/drafts/<int:draft_id>")
@act("push.draft")
def push_draft(draft_id: int) -> Any:
    """One plan of pushes: the chosen pairs and those left out, with reasons; filters, and what can be done."""
    return _page(None, draft_id)


@blueprint.post("/pushes/drafts/<int:draft_id>/confirm")
@act("push.confirm")
@shown_again(_page)
def confirm_push_draft(draft_id: int) -> Response:
    """Queue everything chosen, each pair judged once more."""
    with sent(ConfirmAllForm), writing() as unit:
        done = desk.confirm_draft(unit, draft_id)
    return _confirmed(draft_id, done)


@blueprint.post("/pushes/drafts/<int:draft_id>/confirm-ticked")
@act("push.confirm")
@shown_again(_page)
def confirm_ticked_pairs(draft_id: int) -> Response:
    """Queue the ticked pairs, each judged once more."""
    with sent(TickedForm) as form, writing() as unit:
        done = desk.confirm_draft(unit, draft_id, form.pairs.numbers)
    return _confirmed(draft_id, done)


def _confirmed(draft_id: int, done: desk.Confirmed) -> Response:
    fell_out = sum(done.fell_out.values())
    kind = "warning" if fell_out or not done.queued else "success"
    flash_notice("notice_push_confirmed", kind, queued=done.queued, fell_out=fell_out, already=done.already)
    return _back(draft_id, "fell_out" if fell_out else "")


@blueprint.post("/pushes/drafts/<int:draft_id>/take-out")
@act("push.draft")
@shown_again(_page)
def take_out_pairs(draft_id: int) -> Response:
    """Take the ticked pairs out, with the reason."""
    with sent(TickedForm) as form, writing() as unit:
        number = desk.take_out(unit, draft_id, form.pairs.numbers, form.reason.data or "")
    flash_notice("notice_push_taken_out", "info", number=number)
    return _back(draft_id)


@blueprint.post("/pushes/drafts/<int:draft_id>/day")
@act("push.draft")
@shown_again(_page)
def move_pairs(draft_id: int) -> Response:
    """Let the ticked pairs go out on another day."""
    with sent(TickedForm) as form, writing() as unit:
        done = desk.move_to(unit, draft_id, form.pairs.numbers, form.day.data)
    kept = sum(done.kept.values())
    flash_notice("notice_push_moved", "warning" if kept else "success", moved=done.moved, kept=kept)
    return _back(draft_id)


@blueprint.post("/pushes/drafts/<int:draft_id>/pairs/<int:pair_id>/add")
@act("push.draft")
@shown_again(_page)
def add_pair(draft_id: int, pair_id: int) -> Response:
    """Add a pair that was left out, with the reason."""
    with sent(AddForm, pair_id) as form, writing() as unit:
        desk.add_pair(unit, draft_id, pair_id, form.reason.data or "", form.day.data)
    flash_notice("notice_push_added")
    return _back(draft_id, "added")


@blueprint.post("/pushes/drafts/<int:draft_id>/add")
@act("push.draft")
@shown_again(_page)
def add_patent_to_draft(draft_id: int) -> Response:
    """Add a patent for a demand by their numbers, with the reason."""
    with sent(AddPatentForm) as form, writing() as unit:
        desk.add_patent(unit, draft_id, form.demand.data or 0, form.number.data, form.reason.data or "")
    flash_notice("notice_push_added")
    return _back(draft_id, "added")


@blueprint.post("/pushes/drafts/<int:draft_id>/pairs/<int:pair_id>/back")
@act("push.draft")
@shown_again(_page)
def put_pair_back(draft_id: int, pair_id: int) -> Response:
    """Choose a pair again that was taken out."""
    with sent(PlainForm, pair_id), writing() as unit:
        desk.put_back(unit, draft_id, pair_id)
    flash_notice("notice_push_put_back")
    return _back(draft_id)


@blueprint.post("/pushes/drafts/<int:draft_id>/discard")
@act("push.draft")
@shown_again(_page)
def discard_push_draft(draft_id: int) -> Response:
    """Give the plan up; nothing of it is sent."""
    with sent(PlainForm), writing() as unit:
        desk.discard(unit, draft_id)
    flash_notice("notice_push_discarded", "info")
    return redirect(url_for("operator.pushes"))


def _letter_page(refused: SmallForm | None, draft_id: int, pair_id: int) -> str:
    with reading() as unit:
        draft = lists.draft_view(unit, draft_id)
        row = lists.pair_row(unit, draft_id, pair_id)
    letter = previewed_letter(runtime(), g.actor, pair_id)
    forms = PageForms({"plain": PlainForm}, refused)
    return render_template("operator/push_letter.html", draft=draft, row=row, letter=letter, forms=forms)


@blueprint.get("/pushes/drafts/<int:draft_id>/pairs/<int:pair_id>/letter")
@act("push.draft")
def push_letter(draft_id: int, pair_id: int) -> str:
    """The letter of a pair as its recipient would see it, on a desk and on a telephone."""
    return _letter_page(None, draft_id, pair_id)


@blueprint.get("/pushes/drafts/<int:draft_id>/pairs/<int:pair_id>/letter/body")
@act("push.draft")
def push_letter_body(draft_id: int, pair_id: int) -> Response:
    """The letter alone, for the frames of its page."""
    with reading() as unit:
        lists.pair_row(unit, draft_id, pair_id)
    answer = make_response(previewed_letter(runtime(), g.actor, pair_id).html or "")
    answer.headers["Content-Security-Policy"] = _LETTER_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@blueprint.post("/pushes/drafts/<int:draft_id>/pairs/<int:pair_id>/test")
@act("push.test")
@shown_again(_letter_page)
def send_test_letter(draft_id: int, pair_id: int) -> Response:
    """Send the letter to one's own address; it is marked as a test and never counts."""
    with sent(PlainForm, pair_id):
        with reading() as unit:
            lists.pair_row(unit, draft_id, pair_id)
        address, answer = send_test(runtime(), g.actor, pair_id)
        take_key()
    if answer.outcome == "delivered":
        flash_notice("push_test_sent", address=address)
    elif answer.outcome == "written":
        flash_notice("push_test_written", "info")
    else:
        flash_notice("push_test_failed", "danger", reply=answer.reply)
    return redirect(url_for("operator.push_letter", draft_id=draft_id, pair_id=pair_id))
