"""Conversations: own threads, what is asked, notices."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, url_for
from werkzeug.wrappers import Response

from matchhub.services.conversations.threads import own_threads
from matchhub.services.evidence.party_words import asked_of_actor
from matchhub.services.notices.notices import own_notices, read_all_notices, read_notice
from web.gate import act
from web.listing import ask, show
from web.navigation import home_endpoint
from web.trade import blueprint
from web.trade.lists import NOTICES, THREADS
from web.units import reading, writing


@blueprint.get("/")
@act("trade.follow")
def desk() -> Any:
    """Own threads, what the own word is asked of, unread notices."""
    asked = ask(THREADS)
    with reading() as unit:
        page = asked.page(own_threads(unit))
        notices = own_notices(unit, unread=True)
        waits = asked_of_actor(unit)
    return show("trade/desk.html", asked, page, notices=notices, waits=waits)


@blueprint.get("/notices")
@act("trade.follow")
def notices() -> Any:
    """All notices, read ones too."""
    asked = ask(NOTICES)
    with reading() as unit:
        page = asked.page(own_notices(unit))
    return show("trade/notices.html", asked, page)


@blueprint.post("/notices/read")
@act("trade.follow")
def read_all() -> Response:
    """Mark all notices as read."""
    with writing() as unit:
        read_all_notices(unit)
    return redirect(url_for("trade.notices"))


@blueprint.post("/notices/<int:notice_id>/read")
@act("trade.follow")
def read(notice_id: int) -> Response:
    """Mark a notice as read and open what it is about."""
    with writing() as unit:
        kind, subject = read_notice(unit, notice_id)
    return redirect(_address(kind, subject))


def _address(kind: str, subject: int) -> str:
    if kind == "threads":
        return url_for("trade.thread", thread_id=subject)
    if kind == "deals":
        return url_for("trade.deal", deal_id=subject)
    if kind == "licences":
        return url_for("trade.licence", licence_id=subject)
    if kind == "demands":
        return url_for("enterprise.demand", demand_id=subject)
    if kind == "fitting_demands":
        return url_for("institution.demand", demand_id=subject)
    if kind == "drafts":
        return url_for("trade.draft_list")
    if kind == "registrations":
        return url_for("account.registrations")
    if kind == "accounts":
        return url_for(home_endpoint(g.actor.role))
    if kind == "patents":
        return url_for("home.patent", patent_id=subject)
    if kind == "work_items":
        return url_for("operator.work", who="mine", state="open")
    if kind == "saved_searches":
        return url_for("home.saved_searches")
    if kind == "webhooks":
        return url_for("account.api_keys")
    return url_for("trade.patent_offers")
