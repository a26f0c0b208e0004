"""The imports there were, and taking a whole one back."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.services.imports import undoing
from matchhub.services.imports.pairs import open_pairs
from matchhub.services.imports.review_queue import open_reviews
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.records.origins import undone_batches
from matchhub.services.worklists.batches import batch_view, list_batches
from web.forms import Length, TextField
from web.gate import act
from web.intake import blueprint
from web.intake.lists import BATCHES
from web.language import flash_notice
from web.listing import ask, show
from web.page_forms import PageForms, SmallForm, sent, shown_again
from web.units import reading, writing


@blueprint.get("/batches")
@act("intake.use")
def batches() -> Any:
    """Imports that were written, the newest first."""
    asked = ask(BATCHES)
    kind = asked.value("kind")
    with reading() as unit:
        page = list_batches(unit, kind, asked.sought)
        undone = undone_batches(unit, {batch.id for batch in page.items})
        pairs, held = open_pairs(unit), sum(open_reviews(unit).values())
    return show("intake/batches.html", asked, page, kind=kind, undone=undone, pairs=pairs, held=held)


class UndoForm(SmallForm):
    """Why a batch is taken back."""

    blamed = {"note_missing": "note"}
    note = TextField(validators=[Length(1, 1000)])


def _undo_page(refused: SmallForm | None, batch_id: int) -> str:
    with reading() as unit:
        batch, view = batch_view(unit, batch_id), undoing.undo_view(unit, batch_id)
    forms = PageForms({"undo": UndoForm}, refused)
    return render_template("intake/undo.html", batch=batch, view=view, kinds=tuple(RECORD_TABLES), forms=forms)


@blueprint.get("/batches/<int:batch_id>/undo")
@act("import.undo")
def undo(batch_id: int) -> str:
    """What taking a batch back would do, or who depends on it."""
    return _undo_page(None, batch_id)


@blueprint.post("/batches/<int:batch_id>/undo")
@act("import.undo")
@shown_again(_undo_page)
def undo_batch(batch_id: int) -> Response:
    """Take a batch back, with the reason."""
    with sent(UndoForm) as form, writing() as unit:
        sums = undoing.undo_batch(unit, batch_id, form.note.data)
    flash_notice("notice_batch_undone", "success", withdrawn=sums["withdrawn"], restored=sums["restored"])
    return redirect(url_for("intake.undo", batch_id=batch_id))
