"""Similar records side by side: same, different, later; and taking a decision back."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchhub.services.imports import pairs as similar
from matchhub.services.imports.mergeable import TABLES
from web.forms import ButtonField, Length, RecordField, TextField
from web.gate import act
from web.intake import blueprint
from web.intake.lists import PAIRS
from web.language import flash_notice
from web.listing import ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.paging import asked_text
from web.units import reading, writing


@blueprint.get("/pairs")
@act("pair.decide")
def pairs() -> Any:
    """Similar records that wait for a person, or those decided."""
    asked = ask(PAIRS)
    kind, decided = asked_text("kind") or "enterprises", request.args.get("decided") == "1"
    with reading() as unit:
        page = similar.list_pairs(unit, kind, decided, asked.sought, int(asked.value("batch") or 0) or None)
        tally = similar.open_pairs(unit)
    return show("intake/pairs.html", asked, page, kind=kind, kinds=tuple(TABLES), decided=decided, tally=tally)


class DecisionForm(SmallForm):
    """Whether two records are one, and which of them stays."""

    decision = ButtonField()
    note = TextField(validators=[Length(1, 1000)])
    keep = RecordField()


class ReopenForm(SmallForm):
    """A button: take the decision on a pair back."""


def _pair_page(refused: SmallForm | None, pair_id: int) -> str:
    with reading() as unit:
        view = similar.pair_view(unit, pair_id)
    forms = PageForms({"decision": DecisionForm, "reopen": ReopenForm}, refused)
    return render_template("intake/pair.html", pair=view, forms=forms)


@blueprint.get("/pairs/<int:pair_id>")
@act("pair.decide")
def pair(pair_id: int) -> str:
    """Two similar records side by side, the differences marked."""
    return _pair_page(None, pair_id)


@blueprint.post("/pairs/<int:pair_id>")
@act("pair.decide")
@shown_again(_pair_page)
def decide_pair(pair_id: int) -> Response:
    """Say whether two records are one; then the next pair."""
    with sent(DecisionForm) as form, writing() as unit:
        similar.decide_pair(unit, pair_id, form.decision.data, form.note.data, form.keep.data)
        kind = similar.pair_view(unit, pair_id).kind
        following = similar.next_pair(unit, kind)
    flash_notice("notice_pair_decided")
    if following is None or following == pair_id:
        return redirect(url_for("intake.pairs", kind=kind))
    return redirect(url_for("intake.pair", pair_id=following))


@blueprint.post("/pairs/<int:pair_id>/reopen")
@act("pair.decide")
@shown_again(_pair_page)
def reopen_pair(pair_id: int) -> Response:
    """Take a decision back: a merge is undone, the pair waits again."""
    with sent(ReopenForm), writing() as unit:
        similar.reopen_pair(unit, pair_id)
    flash_notice("notice_pair_reopened", "info")
    return redirect(url_for("intake.pair", pair_id=pair_id))
