"""The city's industries beside the classes of patents that serve them: the table, and what fits one patent."""

from __future__ import annotations

from flask import render_template, request

from matchhub.services.licensing.industries import proposed_industries
from web.gate import act
from web.trade import blueprint
from web.units import reading


@blueprint.get("/industries")
@act("offer.browse")
def industries() -> str:
    """The table of the rule pack: each industry with its words and the classes that serve it."""
    with reading() as unit:
        pack = unit.pack
    return render_template("trade/industries.html", industries=pack.industries.values(), shown_pack=pack)


@blueprint.get("/industries/fitting")
@act("offer.browse")
def fitting_industries() -> str:
    """The industries that the patent of a number serves; a part of the forms of declarations."""
    written = request.args.get("number") or request.args.get("application_number") or ""
    with reading() as unit:
        symbols, fitting = proposed_industries(unit, written[:40])
    typed = bool(written.strip())
    return render_template("trade/industries_fitting.html", symbols=symbols, fitting=fitting, asked=typed)
