"""Where each value of a record came from."""

from __future__ import annotations

from flask import render_template, request

from matchhub.services.records.labels import label_of
from matchhub.services.records.origins import field_origins
from web.gate import act
from web.intake import blueprint
from web.units import reading


@blueprint.get("/origins/<kind>/<int:record_id>")
@act("record.read")
def origins(kind: str, record_id: int) -> str:
    """Each field of a record with its file, row, batch, moment and person; htmx gets the table alone."""
    with reading() as unit:
        told = field_origins(unit, kind, record_id)
        label = label_of(unit, kind, record_id)
    template = "intake/origins_table.html" if request.headers.get("HX-Request") else "intake/origins.html"
    return render_template(template, origins=told, kind=kind, record_id=record_id, label=label)
