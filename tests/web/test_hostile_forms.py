"""What no database can hold, in every field of every form and of every list: a sentence, never a failure.

On PostgreSQL, which refuses zero characters, days before its calendar and numbers beyond its columns where SQLite
swallows them. Nothing of the trials stays: each act is tried out before it is done, in a transaction taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from lxml import html
from werkzeug.test import TestResponse

from matchhub.services.kernel.touched import WatchedSession
from tests.machine import is_long_run
from tests.services.small_city import opened_city
from tests.web.acts import ACTS
from tests.web.people import Person
from tests.web.test_once import Street
from tests.web.test_statements_everywhere import addresses

HOSTILE = (
    "a\x00b",
    "0001-01-01",
    "99999999999999999999",
    "9" * 15,
    "9999-12-31",
    b"\xed\xa0\x80 \xff",  # half a character
    "-1",
    "长" * 20_000,
    "1e400",
    "٣²",
    "%_\\'\"",
    "",
)
ROLES = ("visitor", "shoes", "college", "operator", "reviewer", "administrator")
UNFILLED = {"csrf_token", "act_key", "form_owner"}


@pytest.fixture
def street(postgres_url: str, tmp_path: Path) -> Iterator[Street]:
    with opened_city(tmp_path / "postgres", postgres_url) as found:
        yield Street(found)


_NUMBERS = sa.text("SELECT sequencename, last_value FROM pg_sequences")
_PUT_BACK = sa.text("SELECT setval(quote_ident(:name)::regclass, :last, :used)")


@contextmanager
def taken_back(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Units do all they would do, up to the last statement, and are rolled back instead of committed.

    The numbers of records too: sequences stand outside transactions, and the acts count on small numbers.
    """

    def no_commit(session: WatchedSession) -> None:
        session.flush()
        session.rollback()

    def numbers() -> dict[str, int | None]:
        with engine.connect() as connection:
            return {row.sequencename: row.last_value for row in connection.execute(_NUMBERS)}

    before = numbers()
    with monkeypatch.context() as patch:
        patch.setattr(WatchedSession, "commit", no_commit)
        yield
    moved = [(name, before[name]) for name, last in numbers().items() if last != before[name]]
    with engine.begin() as connection:
        for name, last in moved:
            connection.execute(_PUT_BACK, {"name": name, "last": last or 1, "used": last is not None})


class Trials:
    """Sends forms with one field spoiled each: every field with every value in the long run, one field of each act with
    one of the values, in turn, in the ordinary one."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.tried = 0
        self.known: set[tuple[str, str]] = set()
        self._values, self._fields = cycle(HOSTILE), count()

    def is_new(self, path: str, field: str) -> bool:
        """Whether this field of this form was not tried before; the numbers of records make no other form."""
        key = (re.sub(r"\d+", "1", path), field)
        return key not in self.known and not self.known.add(key)  # type: ignore[func-returns-value]

    def values(self) -> list[Any]:
        return list(HOSTILE) if is_long_run() else [next(self._values)]

    def fields(self, path: str, fields: Mapping[str, Any]) -> list[str]:
        """The fields to be spoiled."""
        names = [name for name in fields if name not in UNFILLED]
        if not is_long_run():
            return [names[next(self._fields) % len(names)]] if names else []
        return [name for name in names if self.is_new(path, name)]

    def note(self, answer: TestResponse, what: str, field: str, value: Any) -> None:
        self.tried += 1
        if answer.status_code >= 500:
            self.failed.append(f"{what} {field}={str(value)[:30]!r}: {answer.status_code}")


def spoiled(trials: Trials, person: Person, path: str, fields: Mapping[str, Any]) -> None:
    token = person.form_token()
    for name in trials.fields(path, fields):
        for value in trials.values():
            data = {**fields, name: value, "csrf_token": token}
            trials.note(person.client.post(path, data=data), f"{person.role} POST {path}", name, value)


def test_no_form_fails_whatever_is_typed(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    trials = Trials()
    for act in ACTS:
        person = street.at(act.who)
        if not (act.file or act.picture or act.table):
            with taken_back(street.city.runtime.engine, monkeypatch):
                spoiled(trials, person, act.path.format(**street.ids), act.fields)
        street.act(act, 1)
    for role in ROLES if is_long_run() else ():
        person = street.at(role)
        for address in addresses(street.app, role).values():
            page = person.get(address)
            if page.mimetype != "text/html":
                continue
            with taken_back(street.city.runtime.engine, monkeypatch):
                for form in html.fromstring(page.text).forms:
                    tried_on_page(trials, person, address, form)
    assert not trials.failed, f"{len(trials.failed)} of {trials.tried}:\n" + "\n".join(trials.failed)
    assert trials.tried > (3000 if is_long_run() else 80)


def tried_on_page(trials: Trials, person: Person, address: str, form: html.FormElement) -> None:
    path = form.action or address
    fields = {name: value or "" for name, value in form.fields.items()}
    if not path.startswith("/") or path.startswith("/account/sign-out"):
        return
    if form.method == "POST":
        spoiled(trials, person, path, fields)
        return
    for name in trials.fields(f"GET {path.partition('?')[0]}", fields):
        for value in trials.values():
            asked = f"{path.partition('?')[0]}?{urlencode({**fields, name: value})}"
            trials.note(person.get(asked[:8000]), f"{person.role} GET {path}", name, value)
