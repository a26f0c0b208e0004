"""Sessions in the browser: renewed at sign-in, worthless after sign-out, never readable by a script."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from flask import Flask

from matchhub.services.kernel.runtime import Runtime
from tests.web.installation import PASSWORD, Clock, secure
from tests.web.people import Person, session_of
from web import create_app


def cookie_line(answer: object, name: str = "matchhub_session") -> str:
    lines = answer.headers.getlist("Set-Cookie")  # type: ignore[attr-defined]
    return next(line for line in lines if line.startswith(f"{name}="))


def test_signing_in_gives_a_new_token_whatever_the_browser_held(app: Flask, visitor: Person) -> None:
    visitor.carry("planted-by-a-stranger")
    visitor.sign_in("operator")
    assert visitor.token not in (None, "planted-by-a-stranger")
    stranger = Person(app)
    stranger.carry("planted-by-a-stranger")
    assert not stranger.is_signed_in()


def test_signing_in_again_ends_the_session_held_before(runtime: Runtime, app: Flask, visitor: Person) -> None:
    planted = session_of(runtime, "enterprise")
    visitor.carry(planted)
    visitor.sign_in("operator")
    thief = Person(app)
    thief.carry(planted)
    assert not thief.is_signed_in()


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, visitor: Person) -> None:
    visitor.sign_in("operator")
    thief = Person(app)
    thief.carry(visitor.token or "")
    assert thief.is_signed_in()
    assert visitor.post("/account/sign-out").location == "/"
    assert visitor.token is None
    assert not thief.is_signed_in()


def test_the_form_token_of_before_signing_in_is_worth_nothing_after(visitor: Person) -> None:
    old = visitor.form_token()
    visitor.sign_in("operator")
    answer = visitor.client.post("/account/sign-out", data={"csrf_token": old})
    assert answer.status_code == 403
    assert visitor.is_signed_in()


def test_changing_the_password_keeps_this_browser_and_ends_the_others(app: Flask, visitor: Person) -> None:
    visitor.sign_in("operator")
    other = Person(app, "operator")
    new = "another fine sentence"
    answer = visitor.post("/account/password", {"old": PASSWORD, "new": new, "again": new})
    assert (answer.status_code, answer.location) == (302, "/operator/")
    assert visitor.is_signed_in()
    assert not other.is_signed_in()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"old": "wrong", "new": "another fine sentence", "again": "another fine sentence"}, "原密码不正确"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "至少需要 10 个字符"),
        ({"old": PASSWORD, "new": "another fine sentence", "again": "another"}, "两次输入的新密码不一致"),
        ({"old": "", "new": "", "again": ""}, "请填写此项"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(app: Flask, data: dict[str, str], sentence: str) -> None:
    person = Person(app, "operator")
    answer = person.post("/account/password", data)
    assert 400 <= answer.status_code < 500
    assert sentence in answer.text
    assert person.is_signed_in()


def test_a_session_in_use_lives_on_and_an_idle_one_ends(app: Flask, clock: Clock) -> None:
    person = Person(app, "operator")
    for _ in range(3):
        clock.forward(timedelta(hours=11))
        assert person.is_signed_in()
    clock.forward(timedelta(hours=12))
    assert not person.is_signed_in()


def test_no_script_reads_the_cookie_and_no_other_site_sends_it(visitor: Person) -> None:
    answer = visitor.sign_in("operator")
    line = cookie_line(answer)
    assert "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line
    assert "Secure" not in line, "the first run is plain http on this machine"


def test_behind_https_every_cookie_is_secure(runtime: Runtime) -> None:
    app = create_app(secure(runtime))
    person = Person(app)
    there = {"base_url": "https://match.example", "headers": {"Referer": "https://match.example/account/sign-in"}}
    page = person.get("/account/sign-in", **there)
    assert "Secure" in cookie_line(page, "matchhub_form")
    token = page.text.split('name="form-token" content="')[1].split('"')[0]
    data = {"csrf_token": token, "login": "operator", "password": PASSWORD}
    answer = person.client.post("/account/sign-in", data=data, **there)
    assert answer.status_code == 302
    assert "Secure" in cookie_line(answer)
    assert answer.headers["Strict-Transport-Security"]


def test_pages_of_a_signed_in_person_stay_in_no_cache(app: Flask, visitor: Person) -> None:
    assert Person(app, "operator").get("/operator/").headers["Cache-Control"] == "no-store"
    assert visitor.get("/").headers["Cache-Control"] == "no-cache"


def test_guessing_through_the_page_is_bounded_whatever_the_headers_claim(app: Flask) -> None:
    found = []
    for number in range(8):
        person = Person(app)
        answer = person.sign_in("operator", "wrong", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        found.append(answer.status_code)
    assert found == [422] * 5 + [429] * 3
    assert "请在 5 分钟后再试" in answer.text


def test_the_owner_at_another_address_is_not_locked_out(app: Flask) -> None:
    for _ in range(6):
        Person(app).sign_in("operator", "wrong", environ_base={"REMOTE_ADDR": "198.51.100.9"})
    owner = Person(app)
    assert owner.sign_in("operator").status_code == 302


def test_the_answer_does_not_tell_whether_a_name_exists(app: Flask) -> None:
    def body(login: str) -> str:
        page = Person(app).sign_in(login, "wrong").text.replace(login, "NAME").split("<main")[1]
        return re.sub(r'name="act_key" value="[^"]*"', "", page)

    strip = body("operator").split('name="csrf_token"')
    other = body("nobodyy").split('name="csrf_token"')
    assert strip[0] == other[0]
    assert strip[1].split(">", 1)[1] == other[1].split(">", 1)[1]


def test_the_access_log_names_the_endpoint_and_the_number_of_the_account_and_nothing_else(
    app: Flask, runtime: Runtime
) -> None:
    person = Person(app, "enterprise")
    person.get("/search?q=13812345678", headers={"X-Forwarded-For": "203.0.113.9"})
    person.get("/account/invitation/a-secret-token")
    (file,) = (runtime.home / "logs").glob("access-*.jsonl")
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [line["endpoint"] for line in lines][-1] == "account.invitation"
    assert set(lines[-1]) == {"at", "request", "method", "endpoint", "status", "ms", "account", "network"}
    assert lines[-1]["network"] == "127.0.*.*" and isinstance(lines[0]["account"], int)
    for secret in ("13812345678", "a-secret-token", "enterprise 某某"):
        assert secret not in file.read_text("utf-8")
