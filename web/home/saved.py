"""Saved searches of the own account: kept, seen, removed; what is new stands first."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchhub.errors import NotFound
from matchhub.services.search import saved
from matchhub.services.search.kinds import KINDS
from web.display import moment
from web.gate import act
from web.home import blueprint
from web.home.searching import asked_filters
from web.language import flash_notice, word
from web.listing import Column, Filter, Listing, ask, show
from web.paging import asked_text
from web.units import reading, writing

SEARCHES = Listing(
    "saved-searches",
    ("已保存的检索", "Saved searches"),
    (
        Column("kind", ("种类", "Kind"), lambda row: word("search_kind", row.kind), 12),
        Column("query", ("检索词", "Words"), lambda row: row.query, 28),
        Column("fresh", ("新增", "New"), lambda row: row.fresh, 8),
        Column("found", ("共有", "In all"), lambda row: row.found, 8),
        Column("at", ("上次检索", "Last searched"), lambda row: moment(row.looked_at), 18),
    ),
    (
        Filter("q", ("检索词", "Words"), of=lambda row: row.query),
        Filter("kind", ("种类", "Kind"), "choice", lambda: [(key, word("search_kind", key)) for key in KINDS],
               lambda row: row.kind),
    ),
    lambda row: url_for(f"home.{row.kind}", q=row.query or None, **row.filters),
    "search.keep_own",
)  # fmt: skip


@blueprint.get("/searches")
@act("search.keep_own")
def saved_searches() -> Any:
    """Own saved searches, those with new results first."""
    asked = ask(SEARCHES)
    with reading() as unit:
        page = asked.page(saved.own_searches(unit))
    return show("home/searches.html", asked, page)


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
