"""请留意: what looks odd about the records of each threshold, each line with the way to its rows."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request

from matchhub.services.counting.signs import list_signs, records_of_sign
from matchhub.services.kernel.checkpoints import read_checkpoints
from matchhub.services.kernel.paging import Page
from matchhub.services.records.rows import SIZE, kind_of, records_judged
from web.bureau import blueprint
from web.bureau.asking import asked
from web.gate import act
from web.paging import asked_page, asked_text
from web.units import reading, runtime


@blueprint.get("/signs")
@act("sign.read")
def signs() -> str:
    """What looks odd, by threshold; a part of the bureau's first page, or a page of its own."""
    with reading() as unit:
        asking = asked(unit)
        found = list_signs(unit, asking.question, _claims())
    is_part = bool(request.headers.get("HX-Request"))
    keys = ["", *(each.key for each in asking.question.pack.thresholds)]
    groups = [(key, lines) for key in keys if (lines := [each for each in found if each.threshold == key])]
    template = "bureau/signs_found.html" if is_part else "bureau/signs.html"
    return render_template(template, groups=groups, asking=asking)


@blueprint.get("/signs/<goal>/<code>")
@act("sign.read")
def sign_rows(goal: str, code: str) -> str:
    """The records behind one sign, as they are judged now."""
    key, number = asked_text("key"), asked_page()
    with reading() as unit:
        asking = asked(unit)
        kind_of(goal, asking.question)
        claims = _claims()
        ids = records_of_sign(unit, asking.question, claims, goal, code, key)
        line = next(
            (each for each in list_signs(unit, asking.question, claims) if (each.threshold, each.code, each.key)
             == (goal, code, key)), None,
        )  # fmt: skip
        number = max(1, min(number, -(-len(ids) // SIZE)))
        rows = records_judged(unit, goal, asking.question, ids[(number - 1) * SIZE : number * SIZE])
    page = Page(rows, len(ids), number, SIZE)
    return render_template("bureau/sign_rows.html", goal=goal, line=line, page=page, asking=asking)


def _claims() -> list[datetime]:
    """Moments at which counts were exported: each left a checkpoint."""
    kept = read_checkpoints(runtime().settings.checkpoints)
    return [datetime.fromisoformat(each.made_at) for each in kept if each.reason == "claim"]
