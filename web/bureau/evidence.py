"""Evidence: the file as a download, its pages as pictures, and files that seem to be one paper side by side."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.services.evidence.files import read_evidence
from matchhub.services.evidence.repetitions import decide_repetition
from matchhub.services.evidence.showing import page_of_evidence
from matchhub.services.worklists.evidence import list_repetitions
from web.bureau import blueprint
from web.forms import ButtonField, Length, TextField
from web.gate import act
from web.language import flash_notice
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing

# What comes from a file that a stranger sent may load nothing, run nothing and be part of no other site's page.
SANDBOX = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ComparisonForm(SmallForm):
    """Whether two files are one paper; the page has one form for each pair."""

    blamed = {"note_missing": "note"}
    decision = ButtonField()
    note = TextField(validators=[Length(1, 1000)])


@blueprint.get("/evidence/<int:evidence_id>")
@act("evidence.read")
def evidence(evidence_id: int) -> Response:
    """The bytes of one evidence file, checked against the hash it was stored under; never shown in the page."""
    with reading() as unit:
        name, content = read_evidence(unit, evidence_id)
    return _sandboxed(
        send_file(
            BytesIO(content), mimetype="application/octet-stream", as_attachment=True, download_name=name or "evidence"
        )
    )


@blueprint.get("/evidence/<int:evidence_id>/pages/<int:page>")
@act("evidence.read")
def evidence_page(evidence_id: int, page: int) -> Response:
    """One page of a picture or PDF file, drawn anew as a picture; nothing of the file itself reaches the browser."""
    with reading() as unit:
        drawn = page_of_evidence(unit, evidence_id, page)
    return _sandboxed(
        send_file(BytesIO(drawn), mimetype="image/png", download_name=f"evidence-{evidence_id}-{page}.png")
    )


def _sandboxed(answer: Response) -> Response:
    for name, value in SANDBOX.items():
        answer.headers[name] = value
    return answer


@blueprint.get("/evidence/alike")
@act("evidence.read")
def similar_evidence() -> str:
    """Files of two records that seem to be one paper, side by side; those that wait, or those decided."""
    return _similar_page(None)


def _similar_page(refused: SmallForm | None, repetition_id: int | None = None) -> str:
    decided = request.args.get("decided") == "1"
    with reading() as unit:
        found = list_repetitions(unit, decided)
    forms = PageForms({"comparison": ComparisonForm}, refused)
    return render_template("bureau/similar_evidence.html", pairs=found, decided=decided, forms=forms)


@blueprint.post("/evidence/alike/<int:repetition_id>")
@act("evidence.compare")
@shown_again(_similar_page)
def decide_similar_evidence(repetition_id: int) -> Response:
    """Say whether two files are one paper; that they are two is for the bureau to say."""
    with sent(ComparisonForm, repetition_id) as form, writing() as unit:
        decide_repetition(unit, repetition_id, form.decision.data, form.note.data)
    flash_notice("notice_repetition_decided")
    return redirect(url_for("bureau.similar_evidence"))
