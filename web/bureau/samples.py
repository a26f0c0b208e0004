"""The bureau's samples: drawn by a seed of the log, looked at record by record, closed."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from matchhub.services.counting import sampling
from matchhub.services.imports.worksheets import SheetFault
from matchhub.services.records.samples import sample_lines, sample_view
from web.bureau import blueprint
from web.bureau.asking import asked
from web.bureau.sample_lists import SAMPLED, SAMPLES, source_word
from web.fields import UploadField
from web.forms import ButtonField, Length, NoteField, Required, TextField
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


class DrawingForm(SmallForm):
    """A button: draw now."""


class FindingForm(SmallForm):
    """What was found of one drawn record; the page has one form for each."""

    blamed = {"finding_note": "note"}
    decision = ButtonField()
    note = TextField(validators=[Length(1, 255)])


class WorksheetForm(SmallForm):
    """A filled worksheet; ``faults`` are the places of it that are wrong."""

    blamed = {"sheet_": "file", "file_": "file"}
    faults: tuple[SheetFault, ...] = ()
    file = UploadField(validators=[Required("evidence_file_missing")])


class ClosingForm(SmallForm):
    """What is concluded from a sample."""

    blamed = {"sample_unfinished": "note"}
    note = NoteField(validators=[Length(1, 1000)])


@blueprint.get("/thresholds/<goal>/sample")
@act("sample.read")
def sample(goal: str) -> Any:
    """The samples of one number, and the button that draws one."""
    return _samples_page(None, goal)


def _samples_page(refused: SmallForm | None, goal: str) -> Any:
    with reading() as unit:
        asking = asked(unit)
        lines = sample_lines(unit, goal, asking.question)
        rules = asking.question.pack.sample
    sought = ask(SAMPLES)
    is_open = any(line.closed_at is None for line in lines)
    forms = PageForms({"drawing": DrawingForm}, refused)
    page = sought.page(lines)
    return show("bureau/sample.html", sought, page, key=goal, asking=asking, rules=rules, is_open=is_open, forms=forms)


@blueprint.post("/thresholds/<goal>/sample")
@act("sample.keep")
@shown_again(_samples_page)
def draw_sample(goal: str) -> Response:
    """Draw a sample from what counts strictly; its seed is the hash of the entry that the drawing leaves in the log."""
    with sent(DrawingForm), writing() as unit:
        sample_id = sampling.draw(unit, goal, asked(unit).question)
    flash_notice("notice_sample_drawn")
    return redirect(url_for("bureau.sampled", sample_id=sample_id))


@blueprint.get("/samples/<int:sample_id>")
@act("sample.read")
def sampled(sample_id: int) -> Any:
    """One sample: its seed, its records, and what was found of each."""
    return sample_page(None, sample_id)


def sample_page(refused: SmallForm | None, sample_id: int, record_id: int | None = None) -> Any:
    """The page of one sample; ``refused`` is the form of it that was not acted upon."""
    with reading() as unit:
        line, rows = sample_view(unit, sample_id)
    kinds: dict[str, type[SmallForm]] = {"finding": FindingForm, "closing": ClosingForm, "worksheet": WorksheetForm}
    sought, forms = ask(SAMPLED), PageForms(kinds, refused)
    told = {"line": line, "forms": forms, "part": _part(), "source_word": source_word}
    return show("bureau/sampled.html", sought, sought.page(rows), **told)


def _part() -> str:
    """Which part of the list the address asks for: what is found of a record leads back to it."""
    said = request.query_string.decode("ascii", "ignore")
    return f"?{said}" if said else ""


@blueprint.post("/samples/<int:sample_id>/records/<int:record_id>")
@act("sample.keep")
@shown_again(sample_page)
def note_finding(sample_id: int, record_id: int) -> Response:
    """Say of one drawn record that it is confirmed, wrong or not found."""
    with sent(FindingForm, record_id) as form, writing() as unit:
        sampling.note_finding(unit, sample_id, record_id, form.decision.data, form.note.data)
    return redirect(f"{url_for('bureau.sampled', sample_id=sample_id)}{_part()}#record-{record_id}")


@blueprint.post("/samples/<int:sample_id>/close")
@act("sample.keep")
@shown_again(sample_page)
def close_sample(sample_id: int) -> Response:
    """Close a sample whose records were all looked at."""
    with sent(ClosingForm) as form, writing() as unit:
        sampling.close(unit, sample_id, form.note.data)
    flash_notice("notice_sample_closed")
    return redirect(url_for("bureau.sampled", sample_id=sample_id))
