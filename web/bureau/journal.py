"""The event log and the check of its chain."""

from __future__ import annotations

from flask import render_template

from matchhub.services.evidence.auditing import audit_base
from matchhub.services.kernel.checkpoints import read_checkpoints
from matchhub.services.records.audit import list_log
from web.bureau import blueprint
from web.gate import act
from web.paging import asked_page, asked_text
from web.units import reading, runtime


@blueprint.get("/log")
@act("log.read")
def log() -> str:
    """Who did what when, the newest first."""
    verb = asked_text("verb")
    with reading() as unit:
        page = list_log(unit, verb, asked_page())
    return render_template("bureau/log.html", page=page, verb=verb)


@blueprint.get("/log/check")
@act("log.read")
def check_log() -> str:
    """Compare the chain, the rows it binds and the evidence files, and name what differs."""
    with reading() as unit:
        found = audit_base(unit, read_checkpoints(runtime().settings.checkpoints))
    return render_template("bureau/log_check.html", found=found)
