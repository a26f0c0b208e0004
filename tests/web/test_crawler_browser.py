"""Every page type of every role as it is found by its links, read in both languages and looked at in both widths.

Without the long run's flag every role's pages are read in Chinese, and what else is done is done once for each page
type, with the first role that meets it: it is read in English, the browser looks at it in one language and both widths,
and axe examines it at one of them. The long run does all of it for every role.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from matchhub.db.tables import Account
from matchhub.demo import DEMO_ACCOUNTS
from matchhub.dossier.ordered import build_waiting
from matchhub.services.accounts.sessions import actor_of_account
from matchhub.services.claim.claims import ask_package
from matchhub.services.claim.narrowing import Wanted, found_rows
from matchhub.services.claim.package import Wish
from matchhub.services.counting.counts import question
from matchhub.services.counting.sampling import draw
from matchhub.services.worklists.assigning import Order, assign
from tests.demo.conftest import Loaded, small
from tests.machine import is_long_run
from tests.web.crawling import OFFICE, PHONE, Judge, Place, Reading, Walk, looked_at, records_text
from tests.web.people import session_of
from web import create_app
from web.language import COOKIE as LANGUAGE
from web.signing import COOKIE

__all__ = ["small"]

LOUD = ("error", "warning")
LOGINS = ("visitor", *(each.login for each in DEMO_ACCOUNTS))
STARTS = ("/", "/search?q=鞋底")
# Routes that no link of the demo leads to, by the reason.
_REASONS = {
    "opened from a letter": (
        "/account/invitation/<token>", "/account/new-password/<token>", "/messages/letters/<token>",
        "/messages/letters/<token>/off", "/p/<token>", "/p/<token>/off", "/p/<token>/why",
    ),
    "shown to accounts in a state that the demo has not": (
        "/account/consent", "/account/waiting", "/account/second-factor/picture.svg", "/account/sign-in/code",
    ),
    "opened by an act: a file sent in, a form": (
        "/intake/jobs/<int:job_id>", "/intake/jobs/<int:job_id>/progress", "/intake/uploads/<token>",
        "/intake/uploads/<token>/look", "/institution/lists/waiting/<token>", "/matching/firms.<ending>",
        "/institution/lists/waiting/<token>/columns", "/bureau/compare.xlsx",
        "/operator/batches/<int:batch_id>/problems.xlsx", "/operator/enterprises/<int:enterprise_id>/demands/new",
    ),
    "of a record that the demo has none of": (
        "/account/erasures/<int:request_id>", "/institution/lists/<int:batch_id>",
        "/institution/lists/<int:batch_id>/problems.xlsx", "/matching/thesaurus/<int:entry_id>",
        "/patents/<int:patent_id>/files/<int:file_id>/pages/<int:page>", "/searches/<int:search_id>",
        "/trade/drafts/<int:draft_id>", "/trade/threads/<int:thread_id>/files/<int:message_id>",
    ),
    "leads on to another page, kept for addresses of before": (
        "/operator/deals", "/operator/licences", "/operator/offers", "/trade/drafts/new",
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
    looked_at: set[str] = field(default_factory=set)

    def to_look_at(self, login: str) -> list[Place]:
        """What the browser opens: in the ordinary run one page of each route, whatever its kind of record."""
        if is_long_run():
            return self.places.get(login, [])
        new = {each.rule: each for each in reversed(self.places.get(login, [])) if each.rule not in self.looked_at}
        self.looked_at |= new.keys()
        return list(reversed(new.values()))

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
    walked = Walk(app, chinese, STARTS)
    for place, status, kind, text in walked.pages():
        found.reached.add(place.rule)
        where = f"{login} {place.address}"
        found.blame(where, [f"status {status}"] if status >= 400 else [])
        if kind != "text/html" or status != 200 or "<html" not in text or place.rule in LETTERS:
            continue
        key = (place.rule, place.variant)
        reading = Reading(text)
        found.blame(where, judge.faults(reading, "zh"))
        if is_long_run() or key not in done:
            found.places.setdefault(login, []).append(place)
            found.blame(f"{where} (en)", judge.faults(Reading(english.get(place.address).text), "en"))
        names[key] = reading.title
        other = titles.setdefault(reading.title, place.rule)
        found.blame(where, [f"title of {other} too: {reading.title}"] if other != place.rule else [])
    for key in names.keys() & walked.others.keys() - done:
        same = Reading(chinese.get(walked.others[key]).text).title == names[key]
        found.blame(f"{login} {walked.others[key]}", [f"title of another record too: {names[key]}"] if same else [])


@dataclass
class Look:
    """The browser over the application: what it complains of on its console, and where the application listens."""

    page: Page
    address: str
    console: list[str]

    def at(self, place: Place, language: str, examined: Sequence[dict[str, int]]) -> list[str]:
        """Faults of a page in one language and both widths; axe examines it at the widths ``examined``."""
        self.page.context.add_cookies([{"name": LANGUAGE, "value": language, "url": self.address}])
        self.page.goto(self.address + place.address, wait_until="load")
        seen = [fault for width in (PHONE, OFFICE) for fault in looked_at(self.page, width, width in examined)]
        seen += self.console
        self.console.clear()
        return seen


def look(app: Flask, browser: Browser, address: str, found: Found, login: str) -> None:
    """Open what one login's walk found; in the ordinary run languages and widths are divided among the pages."""
    context = browser.new_context()
    if login != "visitor":
        context.add_cookies([{"name": COOKIE, "value": session_of(app.extensions["matchhub"], login), "url": address}])
    looking = Look(context.new_page(), address, [])
    looking.page.on("console", lambda said: looking.console.append(said.text) if said.type in LOUD else None)
    looking.page.on("pageerror", lambda error: looking.console.append(str(error)))
    for number, place in enumerate(found.to_look_at(login)):
        languages: tuple[str, ...] = ("zh", "en")
        examined: tuple[dict[str, int], ...] = (PHONE, OFFICE)
        if not is_long_run():
            languages, examined = (languages[number // 2 % 2],), (examined[number % 2],)
        for language in languages:
            found.blame(f"{login} {place.address} ({language}, browser)", looking.at(place, language, examined))
    context.close()


@pytest.fixture
def demo_app(small: Loaded) -> Flask:
    """The demo with what its story has none of: an open sample, a package of the claim, work that is assigned."""
    with small.runtime.unit(write=False) as unit:
        ids = select(Account.login, Account.id).where(Account.login.in_(("reviewer", "operator")))
        people = {login: actor_of_account(unit, key) for login, key in unit.session.execute(ids)}
    reviewer, operator = people["reviewer"], people["operator"]
    assert reviewer and operator
    with small.runtime.unit(reviewer) as unit:
        draw(unit, "experts", question(unit))
    with small.runtime.unit(operator) as unit:
        near = found_rows(unit, "patents", question(unit), Wanted(show="near"))
        assign(unit, "patents", {each.record_id for each in near}, Order(operator.account_id or 0, unit.today))
        ask_package(unit, Wish("base_database", None, False))
    assert build_waiting(small.runtime) == 1
    return create_app(small.runtime)


@pytest.fixture
def address(demo_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, demo_app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.timeout(1800)  # every page type of every role
def test_every_page_type_of_every_role_reads_and_looks_well(
    browser: Browser, demo_app: Flask, small: Loaded, address: str
) -> None:
    """One test, since its parts share one walk: a process of its own for each would walk anew."""
    judge, found = Judge(records_text(small.runtime)), Found()
    for login in LOGINS:
        walk(demo_app, judge, found, login)
    opened = {rule.rule for rule in demo_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    opened -= {rule for rule in opened if rule.startswith("/api/v1/")} - {"/api/v1/docs"}  # by key: tests/web/api
    found.blame("no link leads there, and no reason", sorted(opened - found.reached - set(UNLINKED)))
    found.blame("a reason for a route that is none", sorted(set(UNLINKED) - opened))
    found.blame("a reason although a link leads there", sorted(set(UNLINKED) & found.reached))
    for login in LOGINS:
        look(demo_app, browser, address, found, login)
    told = [f"{where}: {each}" for where, each in found.faults.items()]
    assert not told, "\n".join(told)
