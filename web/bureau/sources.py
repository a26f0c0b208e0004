"""Named sources of the stock: what counts rest on them, the files as they were imported, and the bureau's word."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.services.accounts.second_factor import SecondFactorRefused, is_on, proving
from matchhub.services.counting.sources import (
    give_source_decision,
    list_sources,
    open_sources,
    read_source_file,
    source_view,
)
from web.bureau import blueprint
from web.bureau.asking import asked
from web.bureau.evidence import SANDBOX
from web.bureau.lists import SOURCES
from web.forms import ButtonField, Length, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, runtime, writing


class SourceForm(SmallForm):
    """The bureau's word on a source, with the person's one-time code."""

    blamed = {
        "second_factor_missing": "code",
        "second_factor_wrong": "code",
        "second_factor_used": "code",
        "note_missing": "note",
    }
    decision = ButtonField()
    note = TextField(validators=[Length(1, 1000)])
    code = TextField(validators=[Required("second_factor_missing"), Length(1, 20)])


@blueprint.get("/sources")
@act("source.read")
def sources() -> Any:
    """Named sources that wait for the bureau, or all of them."""
    which = "all" if request.args.get("show") == "all" else "open"
    listed = ask(SOURCES)
    with reading() as unit:
        question = asked(unit).question
        page = list_sources(unit, question, which, listed.sought, listed.value("q"), listed.value("kind"))
        waiting = open_sources(unit)
    return show("bureau/sources.html", listed, page, which=which, waiting=waiting)


@blueprint.get("/sources/<int:batch_id>")
@act("source.read")
def source(batch_id: int) -> str:
    """One source: its files, what rests on it, and what the bureau said."""
    return _page(None, batch_id)


def _page(refused: SmallForm | None, batch_id: int) -> str:
    with reading() as unit:
        view = source_view(unit, batch_id, asked(unit).question)
        has_codes = is_on(unit)
    forms = PageForms({"source": SourceForm}, refused)
    return render_template("bureau/source.html", source=view, forms=forms, has_codes=has_codes)


@blueprint.get("/sources/<int:batch_id>/files/<int:number>")
@act("source.read")
def source_file(batch_id: int, number: int) -> Response:
    """A file of a source as it was imported, for download; never shown in the page."""
    with reading() as unit:
        name, content = read_source_file(unit, batch_id, number)
    answer = send_file(
        BytesIO(content), mimetype="application/octet-stream", as_attachment=True, download_name=name or "source"
    )
    for header, value in SANDBOX.items():
        answer.headers[header] = value
    return answer


@blueprint.post("/sources/<int:batch_id>")
@act("source.decide")
@shown_again(_page)
def decide_source(batch_id: int) -> Response:
    """Say that a source was seen and is right, or reject it."""
    back = url_for("bureau.source", batch_id=batch_id)
    with sent(SourceForm) as form:
        try:
            with writing(proving(runtime(), g.actor)) as unit:
                give_source_decision(unit, batch_id, form.decision.data, form.note.data, form.code.data)
        except SecondFactorRefused as refusal:
            if refusal.code != "second_factor_off":
                raise
            flash_notice("second_factor_off", "warning")
            return redirect(url_for("account.second_factor", next=back))
    flash_notice("notice_source_right" if form.decision.data == "right" else "notice_source_rejected")
    return redirect(back)
