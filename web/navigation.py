"""What the top bar offers: each blueprint names its own entries, each role sees those it may open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, current_app, g, request

from matchhub.domain.permissions import permissions
from matchhub.services.kernel.unit import VISITOR
from web.gate import may_call

EXTENSION = "matchhub_navigation"
# So many entries of a role, and two menus, stand on one line at 1280 px in both languages.
MOST_ENTRIES = 7


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: endpoint and its words. ``order`` sorts the bar; ``act`` narrows it to some who may open the page."""

    endpoint: str
    zh: str
    en: str
    order: int = 50
    act: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the bar: an entry, or a menu of several (``menu`` holds them, ``entry`` names the menu)."""

    entry: Entry
    current: bool
    menu: tuple[Place, ...] = ()


def set_up_navigation(app: Flask, entries: Iterable[Entry]) -> None:
    """Keep the entries; raises ``KeyError`` for an endpoint that does not exist."""
    chosen = sorted(entries, key=lambda entry: entry.order)
    for entry in chosen:
        app.view_functions[entry.endpoint]
    app.extensions[EXTENSION] = chosen


def navigation() -> list[Place]:
    """Places for the current account; who is signed in has entries enough and finds the public lists in one menu."""
    actor = g.actor
    own: list[Place] = []
    public: list[Place] = []
    for entry in current_app.extensions[EXTENSION]:
        if may_call(current_app, entry.endpoint, actor) and (entry.act is None or actor.may(entry.act)):
            place = Place(entry, request.endpoint == entry.endpoint)
            open_to_all = may_call(current_app, entry.endpoint, VISITOR)
            (public if open_to_all and not actor.is_visitor else own).append(place)
    if actor.is_visitor:
        return own
    # A menu of one entry would save nothing.
    split = MOST_ENTRIES if len(own) > MOST_ENTRIES + 1 else len(own)
    menus = [_menu("更多", "More", own[split:]), _menu("公开目录", "Public lists", public)]
    return own[:split] + [menu for menu in menus if menu.menu]


def _menu(zh: str, en: str, places: list[Place]) -> Place:
    """A menu; without scripts it is a link to its first entry."""
    first = places[0].entry.endpoint if places else ""
    return Place(Entry(first, zh, en), any(place.current for place in places), tuple(places))


def home_endpoint(role: str) -> str:
    """Where a role lands after signing in."""
    known = permissions().roles.get(role)
    return known.landing if known is not None else "home.index"
