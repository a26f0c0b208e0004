"""What stands around every page: the demo ribbon, the rule pack in force, who is signed in, the navigation."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, g, request

from matchhub.errors import Refusal
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.unit import VISITOR, Actor, Unit
from matchhub.services.patents.favourites import followed_ids
from matchhub.services.worklists.unread import Unread, unread
from web.gate import may, may_call
from web.held import form_owner
from web.navigation import home_endpoint, navigation
from web.once import new_key
from web.units import runtime

EXTENSION = "matchhub_frame"
_log = logging.getLogger("matchhub.web")
_FRESH = timedelta(seconds=20)  # rows of the other sort never join, so the ribbon changes with a new base only


@dataclass(frozen=True, slots=True)
class Frame:
    """``demo``: the base holds invented rows; ``None``: it could not be asked."""

    demo: bool | None
    document: str
    title_zh: str
    title_en: str
    window_to_on: date
    window_ended: bool
    seen_at: datetime


def frame() -> Frame:
    """The frame as of at most 20 seconds ago; an unreachable base must not keep an error page from showing."""
    kept: Frame | None = current_app.extensions.get(EXTENSION)
    now = runtime().clock()
    if kept is not None and timedelta(0) <= now - kept.seen_at < _FRESH and kept.demo is not None:
        return kept
    try:
        with runtime().unit(VISITOR, write=False) as unit:
            fresh = _frame(unit, holds_rows(unit, demo=True))
    except Refusal as refusal:
        _log.warning("the base could not be asked for the page's frame: %s", refusal.code)
        pack = runtime().pack
        window = pack.window
        return Frame(None, pack.document, pack.title_zh, pack.title_en, window.to_on, window.ended(now.date()), now)
    current_app.extensions[EXTENSION] = fresh
    return fresh


def _frame(unit: Unit, demo: bool) -> Frame:
    pack = unit.pack
    window = pack.window
    ended = window.ended(unit.today)
    return Frame(demo, pack.document, pack.title_zh, pack.title_en, window.to_on, ended, unit.now)


def page_context() -> dict[str, Any]:
    """Names that every template knows beside its own."""
    return {
        "actor": g.get("actor", VISITOR),
        "may": may,
        "act_key": new_key,
        "form_owner": form_owner,
        "frame": frame,
        "navigation": navigation,
        "home_endpoint": home_endpoint,
        "unread": unread_here,
        "followed": followed_here,
        "page_canonical": page_canonical,
        "run_by": runtime().settings.operator,
    }


def unread_here() -> Unread | None:
    """What is new for the account, asked once a page; ``None`` for who gets nothing, and where the base cannot be
    asked."""
    if "unread" not in g:
        g.unread = _unread(g.get("actor", VISITOR))
    found: Unread | None = g.unread
    return found


def _unread(actor: Actor) -> Unread | None:
    if actor.waits or not may_call(current_app, "trade.notices", actor):
        return None
    try:
        with runtime().unit(actor, write=False) as unit:
            return unread(unit)
    except Refusal as refusal:  # as for the frame: an error page must show all the same
        _log.warning("the base could not be asked for what is unread: %s", refusal.code)
        return None


def followed_here() -> frozenset[int]:
    """Patents that the account follows, asked once a page for all its stars."""
    if "followed" not in g:
        with runtime().unit(g.get("actor", VISITOR), write=False) as unit:
            g.followed = followed_ids(unit)
    found: frozenset[int] = g.followed
    return found


def page_canonical() -> str:
    """The one address of a page that everybody may open, without what narrows or sorts it; "" for any other page."""
    endpoint = request.endpoint or ""
    if request.method != "GET" or not may_call(current_app, endpoint, VISITOR):
        return ""
    address = f"{runtime().base_url.rstrip('/')}{request.path}"
    page = request.args.get("page", "")
    return f"{address}?page={page}" if page.isascii() and page.isdigit() and int(page[:9]) > 1 else address
