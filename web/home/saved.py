"""Saved searches of the own account: kept, seen, removed; what is new stands first."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.services.search import saved
from matchhub.services.search.kinds import KINDS
from web.gate import act
from web.home import blueprint
from web.home.searching import asked_filters
from web.language import flash_notice
from web.paging import asked_text
from web.units import reading, writing


@blueprint.get("/searches")
@act("search.keep_own")
def saved_searches() -> str:
    """Own saved searches, those with new results first."""
    with reading() as unit:
        found = saved.own_searches(unit)
    return render_template("home/searches.html", searches=found)


@blueprint.post("/searches/<kind>/save")
@act("search.keep_own")
def save(kind: str) -> Response:
    """Keep the search of a list with its filters, which stand in the address as they do there."""
    if kind not in KINDS:
        raise NotFound()
    with writing() as unit:
        saved.save_search(unit, kind, asked_text("q"), asked_filters(kind))
    flash_notice("notice_search_saved")
    return redirect(url_for("home.saved_searches"))


@blueprint.get("/searches/<int:search_id>")
@act("search.keep_own")
def saved_search(search_id: int) -> str:
    """The new results of one saved search."""
    with reading() as unit:
        search, rows = saved.open_search(unit, search_id)
    return render_template("home/searched.html", search=search, rows=rows)


@blueprint.post("/searches/<int:search_id>/seen")
@act("search.keep_own")
def see(search_id: int) -> Response:
    """Mark the new results of a saved search as seen."""
    with writing() as unit:
        saved.mark_seen(unit, search_id)
    flash_notice("notice_search_seen")
    return redirect(url_for("home.saved_searches"))


@blueprint.post("/searches/<int:search_id>/remove")
@act("search.keep_own")
def remove(search_id: int) -> Response:
    """Keep a search no longer."""
    with writing() as unit:
        saved.remove_search(unit, search_id)
    flash_notice("notice_search_removed")
    return redirect(url_for("home.saved_searches"))
