"""A program with a key, against the application or against a real server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import select

from matchhub.db.tables import Account
from matchhub.services.accounts.api_keys import make_key
from matchhub.services.accounts.sessions import actor_of_account
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from web.rooms import SCOPES


def key_of(runtime: Runtime, login: str, scopes: Sequence[str] = SCOPES, days: int = 90) -> str:
    """A new key of an account."""
    with runtime.unit(SYSTEM) as unit:
        number = unit.session.execute(select(Account.id).where(Account.login == login)).scalar_one()
        actor = actor_of_account(unit, number)
    assert actor is not None
    with runtime.unit(actor) as unit:
        return make_key(unit, "测试", scopes, days)


class Program:
    """A test client that sends a key with every call; what it answers is a werkzeug ``TestResponse`` with a body."""

    def __init__(self, app: Flask, login: str, scopes: Sequence[str] = SCOPES, **headers: str) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {key_of(app.extensions['matchhub'], login, scopes)}", **headers}

    def get(
        self, path: str, headers: dict[str, str] | None = None, query: dict[str, str] | None = None, **asked: Any
    ) -> Any:
        return self.client.get(
            f"/api/v1{path}", query_string={**(query or {}), **asked}, headers={**self.headers, **(headers or {})}
        )

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None, **more: Any) -> Any:
        kind = {} if "data" in more else {"json": {} if body is None else body}
        return self.client.post(f"/api/v1{path}", headers={**self.headers, **(headers or {})}, **kind, **more)
