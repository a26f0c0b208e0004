"""Pushes as operator and bureau read them: the funnel by month, the pushes behind each cell, the proof of each."""

from __future__ import annotations

from typing import Any

from flask import render_template

from matchhub.services.worklists import push_results
from matchhub.services.worklists.push_proof import push_proof as proof_of
from web.bureau import blueprint
from web.bureau.lists import RESULTS
from web.gate import act
from web.listing import ask, show
from web.units import reading


@blueprint.get("/pushes/funnel")
@act("push.read_any")
def push_funnel() -> str:
    """By month how many pushes were planned, delivered, read, answered, led to contact and to a deal."""
    with reading() as unit:
        found = push_results.funnel(unit)
    return render_template("bureau/push_funnel.html", funnel=found, published=push_results.PUBLISHED_SHARE)


@blueprint.get("/pushes")
@act("push.read_any")
def push_list() -> Any:
    """The pushes behind a cell of the funnel, the newest first."""
    asked = ask(RESULTS)
    wanted = push_results.ResultFilter(asked.value("month"), asked.value("stage"), asked.value("answer"))
    with reading() as unit:
        page = push_results.list_results(unit, wanted, asked.sought)
    return show("bureau/push_list.html", asked, page, wanted=wanted)


@blueprint.get("/pushes/<int:push_id>")
@act("push.read_any")
def push_proof(push_id: int) -> str:
    """The proof of one push: run, score, floor, text, every attempt with its reply, reading, answers, what followed."""
    with reading() as unit:
        found = proof_of(unit, push_id)
    return render_template("bureau/push_proof.html", push=found)
