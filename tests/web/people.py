"""People at their browsers: test clients that hold a session and know their form token."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchhub.db.tables import Account
from matchhub.services.accounts.sessions import open_session
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.web.installation import PASSWORD
from web.signing import COOKIE

_TOKEN = re.compile(r'<meta name="form-token" content="([^"]+)">')


class Person:
    """A browser; ``role`` is whom it is signed in as (``visitor``: nobody)."""

    def __init__(self, app: Flask, role: str = "visitor") -> None:
        self.app, self.role = app, role
        self.client: FlaskClient = app.test_client()
        if role != "visitor":
            self.carry(session_of(app.extensions["matchhub"], role))

    def carry(self, token: str) -> None:
        """Hold this session token."""
        self.client.set_cookie(COOKIE, token)

    @property
    def token(self) -> str | None:
        """The session token the browser holds."""
        cookie = self.client.get_cookie(COOKIE)
        return cookie.value if cookie else None

    def form_token(self) -> str:
        """A form token as a page of this browser holds it."""
        found = _TOKEN.search(self.client.get("/account/sign-in").text)
        assert found is not None
        return found[1]

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form as its page would."""
        keys = {"csrf_token": self.form_token(), "act_key": secrets.token_hex(12)}
        return self.client.post(path, data={**keys, **(data or {})}, **more)

    def sign_in(self, login: str, password: str = PASSWORD, **more: Any) -> TestResponse:
        return self.post("/account/sign-in", {"login": login, "password": password}, **more)

    def is_signed_in(self) -> bool:
        """Whether a page for signed-in people only opens."""
        return self.get("/account/password").status_code == 200


def session_of(runtime: Runtime, login: str) -> str:
    """A new session of an account, without its password."""
    with runtime.unit(SYSTEM) as unit:
        account = unit.session.execute(select(Account.id).where(Account.login == login)).scalar_one()
        return open_session(unit, account)
