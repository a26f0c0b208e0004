"""Signing in by one-time code: who is asked, who must switch codes on first, and what a session is good for before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import update

from matchhub.db.tables import Patent
from matchhub.services.accounts.sessions import IDLE
from matchhub.services.kernel.runtime import Runtime
from tests.web.installation import PASSWORD, Clock
from tests.web.people import Person
from tests.web.test_second_factor import PAGE, shown_secret, switched_on
from web import create_app

CODE_PAGE = "/account/sign-in/code"
pytestmark = pytest.mark.usefixtures("clock")


def must_have_codes(runtime: Runtime) -> Flask:
    return create_app(Runtime(replace(runtime.settings, codes_required=True), runtime.engine, runtime.clock))


def test_who_has_codes_is_nowhere_before_the_code_and_where_one_wanted_after_it(app: Flask, clock: Clock) -> None:
    _, phone = switched_on(app, clock)
    person = Person(app)
    assert person.post("/account/sign-in?next=/bureau/pack", {"login": "reviewer", "password": PASSWORD}).location == (
        "/bureau/pack"
    )
    assert person.get("/bureau/pack").location == f"{CODE_PAGE}?next=/bureau/pack"
    for path in ("/bureau/", "/account/password", "/account/second-factor", "/account/devices", "/trade/"):
        assert CODE_PAGE in (person.get(path).location or ""), path
    assert CODE_PAGE in (person.post("/account/second-factor/off", {"code": phone.at(clock.now)}).location or "")
    assert "口令不正确" in person.post(CODE_PAGE, {"code": "000000"}).text
    code = {"code": phone.at(clock.now)}
    assert person.post(f"{CODE_PAGE}?next=/bureau/pack", code).location == "/bureau/pack"
    assert person.get("/bureau/pack").status_code == 200
    other = Person(app)
    other.sign_in("reviewer")
    assert other.post(CODE_PAGE, code).status_code == 422  # it is worth nothing any more
    assert CODE_PAGE in (other.get("/bureau/").location or "")


def test_who_runs_confirms_or_audits_switches_codes_on_first(runtime: Runtime, clock: Clock) -> None:
    app = must_have_codes(runtime)
    for login in ("operator", "reviewer", "auditor", "administrator"):
        person = Person(app)
        person.sign_in(login)
        assert (person.get("/trade/").location or "").startswith(PAGE), login
    phone = pyotp.TOTP(_set_up(person, clock))
    assert person.get("/account/all").status_code == 200
    firm = Person(app)
    firm.sign_in("enterprise")
    assert firm.get("/enterprise/").status_code == 200
    # a browser that was to set up, too, is asked for a code once another one did
    other = Person(app)
    other.sign_in("operator")
    _set_up(Person(app), clock, "operator")
    assert CODE_PAGE in (other.get("/operator/").location or "")
    clock.forward(timedelta(minutes=2))
    again = Person(app)
    again.sign_in("administrator")
    assert again.post(CODE_PAGE, {"code": phone.at(clock.now)}).location == "/account/all"


def _set_up(person: Person, clock: Clock, login: str = "") -> str:
    if login:
        person.sign_in(login)
    assert "登录必须使用动态口令" in person.get(PAGE).text
    person.post(f"{PAGE}/start", {"password": PASSWORD})
    secret = shown_secret(person)
    assert "<svg" in person.get(f"{PAGE}/picture.svg").text
    person.post(f"{PAGE}/on", {"code": pyotp.TOTP(secret).at(clock.now)})
    return secret


def test_a_demo_city_asks_nobody_to_switch_codes_on(runtime: Runtime) -> None:
    with runtime.unit() as unit:
        unit.session.execute(update(Patent).values(demo=True))
    person = Person(must_have_codes(runtime))
    person.sign_in("reviewer")
    assert person.get("/bureau/").status_code == 200


def test_a_browser_left_alone_goes_on_by_password_and_one_that_signed_out_does_not(app: Flask, clock: Clock) -> None:
    person, phone = switched_on(app, clock)
    owner = re.search(r'name="form-owner" content="([^"]+)"', person.get("/bureau/").text)
    assert owner is not None
    clock.forward(IDLE)
    assert person.get("/bureau/").status_code == 302
    told = person.post("/account/session", {"owner": owner[1], "password": PASSWORD})
    assert told.json == {"state": "same", "token": told.json["token"]}  # type: ignore[index]
    assert person.get("/bureau/").status_code == 200
    person.post("/account/sign-out")
    person.post("/account/session", {"owner": owner[1], "password": PASSWORD})
    assert CODE_PAGE in (person.get("/bureau/").location or "")
    assert person.post(CODE_PAGE, {"code": phone.at(clock.now)}).status_code == 302
