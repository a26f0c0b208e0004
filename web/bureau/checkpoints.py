"""Checkpoints of the log: those that were kept, a new one, and one as a page to print with a QR code."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import Any

import segno
from flask import Response as Answer
from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.services.counting.checkpoints import keep_checkpoint
from matchhub.services.kernel.checkpoints import Checkpoint, lost_names, read_checkpoints
from web.bureau import blueprint
from web.bureau.lists import CHECKPOINTS
from web.gate import act
from web.language import flash_notice
from web.listing import ask, show
from web.units import reading, runtime


@blueprint.get("/checkpoints")
@act("checkpoint.read")
def checkpoints() -> Any:
    """Checkpoints, the newest first, and those that are no part of the base any more."""
    asked, folder = ask(CHECKPOINTS), runtime().settings.checkpoints
    with reading() as unit:
        lost = lost_names(unit, folder)
    return show("bureau/checkpoints.html", asked, asked.page(read_checkpoints(folder)[::-1]), lost=lost)


@blueprint.post("/checkpoints")
@act("checkpoint.make")
def make_checkpoint() -> Response:
    """Make one now; the same state of the log makes no second one."""
    with reading() as unit:
        made = keep_checkpoint(unit, runtime().settings.checkpoints, "asked")
    flash_notice("notice_checkpoint_made", sequence=made.sequence)
    return redirect(url_for("bureau.checkpoint", sequence=made.sequence))


@blueprint.get("/checkpoints/<int:sequence>")
@act("checkpoint.read")
def checkpoint(sequence: int) -> str:
    """One checkpoint as a page to print."""
    made = _kept(sequence)
    day = date.fromisoformat(made.day) if made.day else None
    return render_template("bureau/checkpoint.html", made=made, day=day)


@blueprint.get("/checkpoints/<int:sequence>/picture.svg")
@act("checkpoint.read")
def checkpoint_picture(sequence: int) -> Answer:
    """The checkpoint as a QR code; its text is a file that ``matchhub audit verify --checkpoint`` takes."""
    made = _kept(sequence)
    said = made.to_json()
    told = {name: said[name] for name in ("entries", "last_id", "last_hash", "day", "policy_digest")}
    told["counts"] = {key: counted["strict"] for key, counted in made.counts.items()}
    picture = BytesIO()
    drawn = segno.make(json.dumps(told, separators=(",", ":")), error="m", micro=False)
    drawn.save(picture, kind="svg", border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Answer(picture.getvalue(), mimetype="image/svg+xml")


def _kept(sequence: int) -> Checkpoint:
    """The newest checkpoint of that number; ``NotFound``."""
    kept = [each for each in read_checkpoints(runtime().settings.checkpoints) if each.sequence == sequence]
    if not kept:
        raise NotFound()
    return kept[-1]
