"""Evidence: the file as a download, its pages as pictures, and files that seem to be one paper side by side."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from matchhub.services.evidence.files import read_evidence
from matchhub.services.evidence.repetitions import decide_repetition
from matchhub.services.evidence.showing import page_of_evidence
from matchhub.services.worklists.evidence import SIGNS, ComparedFile, Comparison, list_repetitions
from web.bureau import blueprint
from web.display import moment
from web.forms import ButtonField, Length, TextField
from web.gate import act
from web.language import flash_notice, t, word
from web.listing import Column, Filter, Listing, ask, show
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


ALIKE = Listing(
    "papers-alike",
    ("疑似重复的材料", "Papers that look alike"),
    (
        Column("id", ("编号", "No."), lambda row: row.id, 8),
        Column("sign", ("相同之处", "What they share"), lambda row: word("repetition_sign", row.sign), 18),
        Column("apart", ("指纹相差（位）", "Bits apart"), lambda row: row.bits_apart, 12),
        Column("first", ("先提交的材料", "First file"), lambda row: row.first.name, 30, sorts=False),
        Column("first_of", ("先提交的记录", "First record"), lambda row: _record(row.first), 40, sorts=False),
        Column("second", ("后提交的材料", "Second file"), lambda row: row.second.name, 30, sorts=False),
        Column("second_of", ("后提交的记录", "Second record"), lambda row: _record(row.second), 40, sorts=False),
        Column("found", ("发现时间", "Found"), lambda row: moment(row.found_at), 18),
        Column("decision", ("判定", "Decision"), lambda row: _decision(row), 14, sorts=False),
        Column("decided_at", ("判定时间", "Decided"), lambda row: moment(row.decided_at) if row.decided_at else "", 18),
        Column("by", ("判定人", "By"), lambda row: row.decided_by, 16, sorts=False),
        Column("note", ("说明", "Note"), lambda row: row.note, 40, sorts=False),
    ),
    (
        Filter("q", ("材料名称或编号", "File name or number")),
        Filter("sign", ("相同之处", "What they share"), "choice",
               lambda: [(each, word("repetition_sign", each)) for each in SIGNS]),
    ),
    act="evidence.read",
)  # fmt: skip


def _record(file: ComparedFile) -> str:
    return f"{word('kind', file.kind)} {file.label.title or file.label.number} #{file.record_id}"


def _decision(row: Comparison) -> str:
    return word("repetition_decision", row.decision) if row.decision else t("待判定", "waiting")


@blueprint.get("/evidence/alike")
@act("evidence.read")
def similar_evidence() -> Any:
    """Files of two records that seem to be one paper, side by side; those that wait, or those decided."""
    return _similar_page(None)


def _similar_page(refused: SmallForm | None, repetition_id: int | None = None) -> Any:
    decided = request.args.get("decided") == "1"
    asked = ask(ALIKE)
    with reading() as unit:
        page = list_repetitions(unit, decided, asked.sought, asked.value("sign"), asked.value("q"))
    forms = PageForms({"comparison": ComparisonForm}, refused)
    return show("bureau/similar_evidence.html", asked, page, decided=decided, forms=forms)


@blueprint.post("/evidence/alike/<int:repetition_id>")
@act("evidence.compare")
@shown_again(_similar_page)
def decide_similar_evidence(repetition_id: int) -> Response:
    """Say whether two files are one paper; that they are two is for the bureau to say."""
    with sent(ComparisonForm, repetition_id) as form, writing() as unit:
        decide_repetition(unit, repetition_id, form.decision.data, form.note.data)
    flash_notice("notice_repetition_decided")
    return redirect(url_for("bureau.similar_evidence"))
