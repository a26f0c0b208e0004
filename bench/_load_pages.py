"""The pages of every role as people find them, by the links of other pages; what each takes for one client alone."""

from __future__ import annotations

import re
import time
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from bench._load_kinds import SELDOM
from matchhub.db.tables import Account
from matchhub.services.accounts.sessions import open_session
from matchhub.services.kernel.runtime import Runtime
from web.signing import COOKIE

_HREF = re.compile(r'href="([^"#]+)')
_MOST = 6  # addresses of one route
_LEFT = ("static", "account.choose_language", "status.readyz", "status.metrics", "status.healthz")
Pages = dict[str, list[str]]
"""Addresses of one role by endpoint."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page takes: milliseconds of processor time, statements, bytes of the answer as sent."""

    role: str
    endpoint: str
    address: str
    cpu_ms: float
    statements: int
    size: int


def sessions(runtime: Runtime) -> dict[str, list[str]]:
    """Tokens of new sessions, by role: one for each account that may sign in."""
    found: dict[str, list[str]] = defaultdict(list)
    with runtime.unit() as unit:
        accounts = select(Account.id, Account.role).where(Account.disabled_at.is_(None)).order_by(Account.id)
        for number, role in unit.session.execute(accounts).all():
            found[role].append(open_session(unit, number))
    return dict(found)


def browser(app: Flask, token: str | None, *, packed: bool = False) -> FlaskClient:
    """A client of the application, signed in by ``token`` where there is one; ``packed``: it takes gzip, as all do."""
    client = app.test_client()
    if packed:
        client.environ_base |= {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_SEC_FETCH_SITE": "same-origin"}
    if token:
        client.set_cookie(COOKIE, token)
    return client


def pages_of(app: Flask, token: str | None, only: Collection[str] = ()) -> Pages:
    """Up to six addresses of each route (of those in ``only``, where it names some) that a role reaches by links; the
    first of a route is opened."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    client, match, seen = browser(app, token), app.url_map.bind("localhost"), set[str]()
    found: dict[str, list[str]] = defaultdict(list)
    queue = deque(rule.rule for rule in rules if "<" not in rule.rule)
    while queue:
        address = queue.popleft()
        path = address.partition("?")[0]
        if address in seen or not match.test(path, "GET"):
            continue
        seen.add(address)
        endpoint, _ = match.match(path, "GET")
        if endpoint in _LEFT or len(found[endpoint]) >= _MOST or (only and endpoint not in only):
            continue
        if found[endpoint]:
            found[endpoint].append(address)
            continue
        page = client.get(address)
        if page.status_code == 200:
            found[endpoint].append(address)
            if page.mimetype == "text/html":
                queue.extend(_links(path, page.text))
    return {endpoint: addresses for endpoint, addresses in found.items() if addresses}


def _links(path: str, text: str) -> Iterator[str]:
    for link in map(unescape, _HREF.findall(text)):
        if link[0] in "/?" and not link.startswith("//"):
            yield path + link if link[0] == "?" else link


@contextmanager
def counted(runtime: Runtime) -> Iterator[list[str]]:
    """Statements that reach the database meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            said.append(statement)

    event.listen(runtime.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(runtime.engine, "before_cursor_execute", note)


def cost(app: Flask, runtime: Runtime, role: str, token: str | None, endpoint: str, address: str) -> Cost:
    """A look at a page that was opened before: its processor time and its statements."""
    client = browser(app, token, packed=True)
    with counted(runtime) as said:
        began = time.process_time()
        page = client.get(address)
        taken = time.process_time() - began
    return Cost(role, endpoint, address, 1000 * taken, len(said), len(page.data))


def costs(app: Flask, runtime: Runtime, roles: Mapping[str, tuple[str | None, Pages]]) -> list[Cost]:
    """Every page of the roles, each with a token and its pages; of each route the first address; the dearest first.

    What several of the staff may open is measured for the first of them.
    """
    found: list[Cost] = []
    seen: set[str] = set()
    for role, (token, pages) in roles.items():
        shared = role not in ("visitor", "enterprise", "institution")
        for endpoint, addresses in pages.items():
            if not (shared and endpoint in seen) and endpoint not in SELDOM:
                found.append(cost(app, runtime, role, token, endpoint, addresses[0]))
        seen |= pages.keys() if shared else set()
    return sorted(found, key=lambda each: -each.cpu_ms)
