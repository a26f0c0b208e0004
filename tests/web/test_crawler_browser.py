"""Every page type of every role as it is found by its links, read in both languages and looked at in both widths.

Without the long run's flag each page type is visited once, by the first role that meets it; the browser looks at it in
one language and both widths, and axe examines it at one of them. The long run does all of it for every role.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from werkzeug.serving import make_server

from matchhub.demo import DEMO_ACCOUNTS
from matchhub.services.kernel.runtime import Runtime
from tests.demo.conftest import Loaded, small
from tests.machine import is_long_run
from tests.web.crawling import OFFICE, PHONE, Judge, Place, Reading, Walk, looked_at, records_text
from tests.web.people import session_of
from web import create_app
from web.language import COOKIE as LANGUAGE
from web.signing import COOKIE

__all__ = ["small"]

LOGINS = ("visitor", *(each.login for each in DEMO_ACCOUNTS))
STARTS = ("/", "/search?q=鞋底")
# Routes that no link of the demo leads to, by the reason.
_REASONS = {
    "opened from a letter": (
        "/account/invitation/<token>", "/account/new-password/<token>", "/messages/letters/<token>",
        "/messages/letters/<token>/off", "/p/<token>", "/p/<token>/off", "/p/<token>/why",
    ),
    "shown to accounts in a state that the demo has not": (
        "/account/consent", "/account/waiting", "/account/second-factor/picture.svg",
    ),
    "opened by an act: a file sent in, a form, a selection": (
        "/bureau/samples/<int:sample_id>", "/intake/jobs/<int:job_id>", "/intake/jobs/<int:job_id>/progress",
        "/intake/uploads/<token>", "/intake/uploads/<token>/look", "/matching/firms", "/matching/firms.<ending>",
        "/matching/thesaurus/<int:entry_id>", "/operator/batches/<int:batch_id>/problems.xlsx",
        "/institution/patents.<ending>", "/searches/<int:search_id>", "/trade/drafts/<int:draft_id>",
        "/trade/listings/many", "/trade/offers/many", "/trade/threads/<int:thread_id>/files/<int:message_id>",
    ),
    "leads on to another page, or stands beside a form": (
        "/operator/deals", "/operator/licences", "/operator/offers", "/trade/drafts/new",
        "/operator/enterprises/<int:enterprise_id>/demands/new",
    ),
    "read by programs and scripts": (
        "/account/language/<code>", "/account/session", "/healthz", "/manifest.webmanifest", "/metrics", "/readyz",
        "/static/<path:filename>", "/typed/<kind>",
    ),
}  # fmt: skip
UNLINKED = {rule: reason for reason, rules in _REASONS.items() for rule in rules}
# A letter alone, in the language of who gets it and without scripts: it is read, not examined as a page.
LETTERS = frozenset({"/operator/pushes/drafts/<int:draft_id>/pairs/<int:pair_id>/letter/body"})


@dataclass
class Found:
    """What the walks through the demo brought: page types with addresses by login, and faults by address."""

    places: dict[str, list[Place]] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def blame(self, where: str, faults: list[str]) -> None:
        if faults:
            self.faults.setdefault(where, []).extend(faults)


def client_of(app: Flask, login: str, language: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie(LANGUAGE, language)
    if login != "visitor":
        client.set_cookie(COOKIE, session_of(app.extensions["matchhub"], login))
    return client


def walk(app: Flask, judge: Judge, found: Found, login: str) -> None:
    """One login's walk: Chinese pages lead on, the same addresses are read in English."""
    done = set() if is_long_run() else {(each.rule, each.variant) for some in found.places.values() for each in some}
    english, titles = client_of(app, login, "en"), dict[str, str]()
    names: dict[tuple[str, str], str] = {}
    chinese = client_of(app, login, "zh")
    walked = Walk(app, chinese, STARTS, done)
    for place, status, kind, text in walked.pages():
        found.reached.add(place.rule)
        where = f"{login} {place.address}"
        found.blame(where, [f"status {status}"] if status >= 400 else [])
        if kind != "text/html" or status != 200 or "<html" not in text or place.rule in LETTERS:
            continue
        reading = Reading(text)
        found.places.setdefault(login, []).append(place)
        found.blame(where, judge.faults(reading, "zh"))
        found.blame(f"{where} (en)", judge.faults(Reading(english.get(place.address).text), "en"))
        names[place.rule, place.variant] = reading.title
        other = titles.setdefault(reading.title, place.rule)
        found.blame(where, [f"title of {other} too: {reading.title}"] if other != place.rule else [])

    for key in names.keys() & walked.others.keys():
        same = Reading(chinese.get(walked.others[key]).text).title == names[key]
        found.blame(
            f"{login} {walked.others[key]}", [f"the title of another record's page: {names[key]}"] if same else []
        )


@pytest.fixture(scope="module")
def demo_app(small: Loaded) -> Flask:
    return create_app(small.runtime)


@pytest.fixture(scope="module")
def found(demo_app: Flask, small: Loaded) -> Found:
    runtime: Runtime = small.runtime
    judge, told = Judge(records_text(runtime)), Found()
    for login in LOGINS:
        walk(demo_app, judge, told, login)
    return told


@pytest.fixture(scope="module")
def address(demo_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, demo_app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_every_page_of_every_role_says_it_well_in_both_languages(found: Found) -> None:
    assert found.faults == {}


def test_every_route_that_is_opened_is_reached_by_links_or_has_its_reason(found: Found, demo_app: Flask) -> None:
    opened = {rule.rule for rule in demo_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(opened - found.reached - set(UNLINKED)) == []
    assert sorted(set(UNLINKED) - opened) == [], "no such route"


@pytest.mark.parametrize("login", LOGINS)
def test_every_page_type_is_looked_at_on_a_telephone_and_in_an_office(
    page: Page, found: Found, demo_app: Flask, address: str, login: str
) -> None:
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: console.append(str(error)))
    if login != "visitor":
        token = session_of(demo_app.extensions["matchhub"], login)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    faults: dict[str, list[str]] = {}
    languages, widths = ("zh", "en"), (PHONE, OFFICE)
    for number, place in enumerate(found.places.get(login, [])):
        for language in languages if is_long_run() else (languages[number // 2 % 2],):
            page.context.add_cookies([{"name": LANGUAGE, "value": language, "url": address}])
            page.goto(address + place.address, wait_until="load")
            for turn, width in enumerate(widths):
                seen = looked_at(page, width, examined=is_long_run() or number % 2 == turn)
                faults.setdefault(f"{language} {place.address}", []).extend(seen)
            faults[f"{language} {place.address}"] += console
            console.clear()
    assert {where: what for where, what in faults.items() if what} == {}
