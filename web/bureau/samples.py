"""The bureau's samples: drawn by a seed of the log, looked at record by record, closed."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.services.counting import sampling
from matchhub.services.imports.worksheets import SheetFault
from matchhub.services.records.samples import sample_lines, sample_view
from web.bureau import blueprint
from web.bureau.asking import asked
from web.fields import UploadField
from web.forms import ButtonField, Length, NoteField, Required, TextField
from web.gate import act
from web.language import flash_notice, word
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
def sample(goal: str) -> str:
    """The samples of one number, and the button that draws one."""
    return _samples_page(None, goal)


def _samples_page(refused: SmallForm | None, goal: str) -> str:
    with reading() as unit:
        asking = asked(unit)
        lines = sample_lines(unit, goal, asking.question)
        rules = asking.question.pack.sample
    is_open = any(line.closed_at is None for line in lines)
    forms = PageForms({"drawing": DrawingForm}, refused)
    return render_template(
        "bureau/sample.html", key=goal, lines=lines, asking=asking, rules=rules, is_open=is_open, forms=forms
    )


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
def sampled(sample_id: int) -> str:
    """One sample: its seed, its records, and what was found of each."""
    return sample_page(None, sample_id)


def sample_page(refused: SmallForm | None, sample_id: int, record_id: int | None = None) -> str:
    """The page of one sample; ``refused`` is the form of it that was not acted upon."""
    with reading() as unit:
        line, rows = sample_view(unit, sample_id)
    kinds: dict[str, type[SmallForm]] = {"finding": FindingForm, "closing": ClosingForm, "worksheet": WorksheetForm}
    forms = PageForms(kinds, refused)
    return render_template("bureau/sampled.html", line=line, rows=rows, forms=forms, source_word=source_word)


def source_word(source: str) -> str:
    """What a source of a stratum is called."""
    own = {"": "by_hand", "own_list": "own_list", "*": "others"}
    return word("sample_source", own[source]) if source in own else source


@blueprint.post("/samples/<int:sample_id>/records/<int:record_id>")
@act("sample.keep")
@shown_again(sample_page)
def note_finding(sample_id: int, record_id: int) -> Response:
    """Say of one drawn record that it is confirmed, wrong or not found."""
    with sent(FindingForm, record_id) as form, writing() as unit:
        sampling.note_finding(unit, sample_id, record_id, form.decision.data, form.note.data)
    return redirect(url_for("bureau.sampled", sample_id=sample_id, _anchor=f"record-{record_id}"))


@blueprint.post("/samples/<int:sample_id>/close")
@act("sample.keep")
@shown_again(sample_page)
def close_sample(sample_id: int) -> Response:
    """Close a sample whose records were all looked at."""
    with sent(ClosingForm) as form, writing() as unit:
        sampling.close(unit, sample_id, form.note.data)
    flash_notice("notice_sample_closed")
    return redirect(url_for("bureau.sampled", sample_id=sample_id))
