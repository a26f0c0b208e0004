"""Rows held for a person: try again, link to an enterprise, refuse, take a refusal back."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.services.imports import review_queue as held
from matchhub.services.records.labels import find_enterprises
from web.forms import Length, NoteField, RecordField, TextField
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.operator import blueprint
from web.operator.lists import REVIEWS
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.units import reading, writing


class RetryForm(SmallForm):
    """A button: record the row now."""


class RetryAllForm(SmallForm):
    """Which held rows are tried again; empty for all."""

    kind = TextField(validators=[Length(1, 64)])
    code = TextField(validators=[Length(1, 64)])


class LinkForm(SmallForm):
    """The enterprise that a held demand belongs to; the page has one form for each enterprise found."""

    row_field = "enterprise_id"
    enterprise_id = RecordField()


class RefuseForm(SmallForm):
    """Why a held row is not recorded."""

    blamed = {"note_missing": "note"}
    note = NoteField(validators=[Length(1, 1000)])


class ReopenForm(SmallForm):
    """A button: take the refusal of a row back."""


_FORMS = {"retry": RetryForm, "link": LinkForm, "refuse": RefuseForm, "reopen": ReopenForm}


def _list_page(refused: SmallForm | None) -> Any:
    asked = ask(REVIEWS)
    kind, code, decided = asked_text("kind"), asked_text("code"), request.args.get("decided") == "1"
    with reading() as unit:
        tally = held.open_reviews(unit)
        page = held.list_reviews(unit, kind, code, decided, asked.sought, int(asked.value("batch") or 0) or None)
    forms = PageForms({"retry_all": RetryAllForm}, refused)
    return show("operator/reviews.html", asked, page, tally=tally, kind=kind, code=code, decided=decided, forms=forms)


def _page(refused: SmallForm | None, review_id: int) -> str:
    with reading() as unit:
        view = held.review_view(unit, review_id)
        query = request.args.get("q", view.value if view.can_be_linked else "").strip()[:100]
        found = find_enterprises(unit, query) if view.can_be_linked else []
    template = "operator/enterprise_choices.html" if request.headers.get("HX-Request") else "operator/review.html"
    return render_template(template, review=view, found=found, query=query, forms=PageForms(_FORMS, refused))


@blueprint.get("/reviews")
@act("review.decide")
def reviews() -> Any:
    """Rows that wait for a person, by kind and reason."""
    return _list_page(None)


@blueprint.get("/reviews/<int:review_id>")
@act("review.decide")
def review(review_id: int) -> str:
    """One held row with what it said, and what can be done about it."""
    return _page(None, review_id)


@blueprint.post("/reviews/<int:review_id>/retry")
@act("review.decide")
@shown_again(_page)
def retry_review(review_id: int) -> Response:
    """Record a held row now."""
    with sent(RetryForm), writing() as unit:
        record_id = held.retry_review(unit, review_id)
        kind = held.review_view(unit, review_id).kind
    flash_notice("notice_review_accepted")
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id))


@blueprint.post("/reviews/retry")
@act("review.decide")
@shown_again(_list_page)
def retry_all_reviews() -> Response:
    """Try every row again that waits for an enterprise or a patent."""
    with sent(RetryAllForm) as form, writing() as unit:
        done = held.retry_all(unit, form.kind.data, form.code.data)
    flash_notice("notice_reviews_retried", "info", tried=done.tried, accepted=done.accepted, held=done.held)
    return redirect(url_for("operator.reviews"))


@blueprint.post("/reviews/<int:review_id>/link")
@act("review.decide")
@shown_again(_page)
def link_review(review_id: int) -> Response:
    """Record a held demand for the enterprise chosen."""
    with sent(LinkForm) as form, writing() as unit:
        demand_id = held.link_review(unit, review_id, form.enterprise_id.data or 0)
    flash_notice("notice_review_accepted")
    return redirect(url_for("operator.demand", demand_id=demand_id))


@blueprint.post("/reviews/<int:review_id>/refuse")
@act("review.decide")
@shown_again(_page)
def refuse_review(review_id: int) -> Response:
    """Close a held row without recording it, with the reason."""
    with sent(RefuseForm) as form, writing() as unit:
        held.decide_review(unit, review_id, "refused", form.note.data)
    flash_notice("notice_review_refused", "info")
    return redirect(url_for("operator.reviews"))


@blueprint.post("/reviews/<int:review_id>/reopen")
@act("review.decide")
@shown_again(_page)
def reopen_review(review_id: int) -> Response:
    """Take a refusal back."""
    with sent(ReopenForm), writing() as unit:
        held.reopen_review(unit, review_id)
    flash_notice("notice_review_reopened", "info")
    return redirect(url_for("operator.review", review_id=review_id))
