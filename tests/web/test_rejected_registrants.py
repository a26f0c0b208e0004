"""A registrant whom the operator did not confirm is told so: by letter, and where it signs in with its password."""

from __future__ import annotations

import threading
from email import message_from_bytes, policy

import pytest
from flask import Flask

from matchhub.services.accounts.accounts import disable_account
from matchhub.services.kernel.runtime import Runtime
from tests.services.accounts.test_verification import register, registration
from tests.services.small_city import City
from tests.web.people import Person

REJECTED, REFUSED = "您的注册未通过核实", "用户名或密码不正确"


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def rejected(app: Flask, city: City) -> Person:
    """The registrant's browser once the operator has rejected its registration on the page."""
    register(city)
    answer = Person(app, "operator").post(
        f"/account/registrations/{registration(city).id}/reject", {"note": "查无此人"}
    )
    assert answer.status_code == 302
    for thread in threading.enumerate():
        if thread.name == "registration-letter":
            thread.join(20)
    return Person(app)


def test_it_is_told_by_a_letter_without_the_operators_note(rejected: Person, city: City) -> None:
    (letter,) = (city.runtime.home / "outbox").rglob("*.eml")
    message = message_from_bytes(letter.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None and (message["To"], message["Subject"]) == ("lin@new.example", "注册未通过核实")
    text = body.get_content()
    assert "stranger" in text and "未通过核实" in text and "查无此人" not in text


def test_the_sign_in_page_tells_whoever_knows_the_password_and_nobody_else(rejected: Person) -> None:
    answer = rejected.sign_in("stranger")
    assert REJECTED in answer.text and not rejected.is_signed_in()
    other = rejected.sign_in("stranger", "some other sentence").text
    assert REFUSED in other and REJECTED not in other


def test_an_account_that_was_closed_for_another_reason_is_refused_as_ever(app: Flask, city: City) -> None:
    account = city.actors["shoes"].account_id
    assert account is not None
    with city.unit() as unit:
        disable_account(unit, account)
    assert REJECTED not in Person(app).sign_in("shoes").text
