"""Rows held for a person: try again, link to an enterprise, refuse, take a refusal back."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.services.imports import review_queue as held
from matchhub.services.records.labels import find_enterprises
from web.gate import act
from web.language import flash_notice
from web.operator import blueprint
from web.paging import asked_page, asked_text
from web.units import reading, writing


@blueprint.get("/reviews")
@act("review.decide")
def reviews() -> str:
    """Rows that wait for a person, by kind and reason."""
    kind, code, decided = asked_text("kind"), asked_text("code"), request.args.get("decided") == "1"
    with reading() as unit:
        tally = held.open_reviews(unit)
        page = held.list_reviews(unit, kind, code, decided, asked_page())
    return render_template("operator/reviews.html", tally=tally, page=page, kind=kind, code=code, decided=decided)


@blueprint.get("/reviews/<int:review_id>")
@act("review.decide")
def review(review_id: int) -> str:
    """One held row with what it said, and what can be done about it."""
    with reading() as unit:
        view = held.review_view(unit, review_id)
        query = request.args.get("q", view.value if view.can_be_linked else "").strip()[:100]
        found = find_enterprises(unit, query) if view.can_be_linked else []
    template = "operator/enterprise_choices.html" if request.headers.get("HX-Request") else "operator/review.html"
    return render_template(template, review=view, found=found, query=query)


@blueprint.post("/reviews/<int:review_id>/retry")
@act("review.decide")
def retry_review(review_id: int) -> Response:
    """Record a held row now."""
    with writing() as unit:
        record_id = held.retry_review(unit, review_id)
        kind = held.review_view(unit, review_id).kind
    flash_notice("notice_review_accepted")
    return redirect(url_for("bureau.record", kind=kind, record_id=record_id))


@blueprint.post("/reviews/retry")
@act("review.decide")
def retry_all_reviews() -> Response:
    """Try every row again that waits for an enterprise or a patent."""
    with writing() as unit:
        done = held.retry_all(unit, request.form.get("kind", ""), request.form.get("code", ""))
    flash_notice("notice_reviews_retried", "info", tried=done.tried, accepted=done.accepted, held=done.held)
    return redirect(url_for("operator.reviews"))


@blueprint.post("/reviews/<int:review_id>/link")
@act("review.decide")
def link_review(review_id: int) -> Response:
    """Record a held demand for the enterprise chosen."""
    number = request.form.get("enterprise_id", "")
    with writing() as unit:
        demand_id = held.link_review(unit, review_id, int(number) if number.isdecimal() and len(number) < 16 else 0)
    flash_notice("notice_review_accepted")
    return redirect(url_for("operator.demand", demand_id=demand_id))


@blueprint.post("/reviews/<int:review_id>/refuse")
@act("review.decide")
def refuse_review(review_id: int) -> Response:
    """Close a held row without recording it, with the reason."""
    with writing() as unit:
        held.decide_review(unit, review_id, "refused", request.form.get("note", "")[:1000])
    flash_notice("notice_review_refused", "info")
    return redirect(url_for("operator.reviews"))


@blueprint.post("/reviews/<int:review_id>/reopen")
@act("review.decide")
def reopen_review(review_id: int) -> Response:
    """Take a refusal back."""
    with writing() as unit:
        held.reopen_review(unit, review_id)
    flash_notice("notice_review_reopened", "info")
    return redirect(url_for("operator.review", review_id=review_id))
