"""Colleagues, devices, forgotten passwords, consents and help, as people meet them in the browser."""

from __future__ import annotations

import hashlib
import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from matchhub.db.tables import Account, Consent
from matchhub.domain import consents
from matchhub.operation.password_letters import send_link
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.domain.factories import uscc
from tests.web.installation import PASSWORD
from tests.web.people import Person

ROOT = Path(__file__).resolve().parents[2]
NEW = "quite another sentence"
# Digest of both texts by version: change the texts, and the version in ``matchhub.domain.consents`` with them.
TEXTS = {"1": "10074d141d794b4c"}


def make_chief(runtime: Runtime, login: str = "institution", email: str | None = None) -> None:
    with runtime.unit(SYSTEM) as unit:
        row = unit.session.execute(select(Account).where(Account.login == login)).scalar_one()
        row.chief, row.email = True, email


def invited(app: Flask, runtime: Runtime) -> str:
    make_chief(runtime)
    page = Person(app, "institution").post("/account/colleagues/invite", {"name": "陈静", "department": "材料学院"})
    found = re.search(r"/account/invitation/[\w-]+", page.text)
    assert page.status_code == 200 and found is not None
    return found[0]


JOIN = {"display_name": "陈静", "login": "chenjing", "password": NEW, "consent": "y"}


def test_a_colleague_opens_the_account_by_the_link_and_works_for_the_institution(app: Flask, runtime: Runtime) -> None:
    link = invited(app, runtime)
    colleague = Person(app)
    assert "材料学院" in colleague.get(link).text
    answer = colleague.post(link, JOIN)
    assert answer.status_code == 302 and colleague.is_signed_in()
    assert colleague.get("/institution/").status_code == 200
    assert "福建师范大学" in colleague.get("/account/colleagues").text
    assert Person(app).get(link).status_code == 404


def test_what_was_typed_stays_and_consent_is_asked_for(app: Flask, runtime: Runtime) -> None:
    link = invited(app, runtime)
    page = Person(app).post(link, {**JOIN, "consent": ""})
    assert page.status_code == 422 and 'value="chenjing"' in page.text


def test_a_colleague_who_is_not_the_chief_sees_no_buttons(app: Flask) -> None:
    page = Person(app, "enterprise").get("/account/colleagues").text
    assert "由本单位主账号办理" in page and "/account/colleagues/invite" not in page


def test_another_browser_is_listed_and_signed_out_there(app: Flask) -> None:
    here, there = Person(app, "operator"), Person(app)
    there.sign_in("operator", headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/116 Safari/537"})
    page = here.get("/account/devices").text
    assert "Chrome · Android" in page and "127.0.*.*" in page and "本机" in page
    (number,) = set(re.findall(r"/account/devices/(\d+)/sign-out", page))
    assert Person(app, "enterprise").post(f"/account/devices/{number}/sign-out").status_code == 404
    here.post(f"/account/devices/{number}/sign-out")
    assert not there.is_signed_in() and here.is_signed_in()


def test_asking_for_a_link_says_the_same_to_everybody(app: Flask, runtime: Runtime) -> None:
    make_chief(runtime, "enterprise", "wang@mail.example")
    pages = [Person(app).post("/account/forgotten", {"login": login}) for login in ("enterprise", "nobody", "reviewer")]
    texts = {re.sub(r'(content|value)="[^"]*"', "", page.text) for page in pages}
    assert len(texts) == 1 and {page.status_code for page in pages} == {200}


def test_the_letter_s_link_sets_a_new_password(app: Flask, runtime: Runtime) -> None:
    make_chief(runtime, "enterprise", "wang@mail.example")
    send_link(runtime, "enterprise", "203.0.113.9").join(20)
    (letter,) = (runtime.home / "outbox").rglob("*.eml")
    from email import message_from_bytes, policy

    message = message_from_bytes(letter.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None and message["To"] == "wang@mail.example"
    found = re.search(r"/account/new-password/[\w-]+", body.get_content())
    assert found is not None
    visitor = Person(app)
    assert visitor.get(found[0]).status_code == 200
    assert visitor.post(found[0], {"new": NEW, "again": "other words here"}).status_code == 422
    assert visitor.post(found[0], {"new": NEW, "again": NEW}).location == "/account/sign-in"
    assert visitor.get(found[0]).status_code == 404
    visitor.sign_in("enterprise", NEW)
    assert visitor.is_signed_in()


def test_the_operator_s_temporary_password_is_shown_once_and_must_be_changed(app: Flask, runtime: Runtime) -> None:
    with runtime.unit(SYSTEM) as unit:
        account = unit.session.execute(select(Account).where(Account.login == "institution")).scalar_one()
    operator = Person(app, "operator")
    place = f"/account/organisations/{account.organisation_id}"
    page = operator.post(f"{place}/accounts/{account.id}/temporary-password").text
    found = re.search(r'<code class="one-time">(\w+)</code>', page)
    assert found is not None and found[1] not in operator.get(place).text
    person = Person(app)
    person.sign_in("institution", found[1])
    assert person.get("/institution/").location.partition("?")[0] == "/account/password"
    assert person.get("/account/devices").location.partition("?")[0] == "/account/password"
    answer = person.post("/account/password", {"old": found[1], "new": NEW, "again": NEW})
    assert answer.status_code == 302
    assert person.get("/institution/").status_code == 200


def test_a_password_set_by_the_administrator_must_be_changed_too(app: Flask, runtime: Runtime) -> None:
    with runtime.unit(SYSTEM) as unit:
        account = unit.session.execute(select(Account).where(Account.login == "operator")).scalar_one()
    Person(app, "administrator").post(f"/account/{account.id}/password", {"password": NEW})
    person = Person(app)
    person.sign_in("operator", NEW)
    assert person.get("/operator/").location.partition("?")[0] == "/account/password"


def test_who_agreed_to_an_older_version_is_asked_before_anything_else(app: Flask, runtime: Runtime) -> None:
    with runtime.unit(SYSTEM) as unit:
        account = unit.session.execute(select(Account).where(Account.login == "enterprise")).scalar_one()
        unit.session.add(Consent(account_id=account.id, version="0", given_at=unit.now))
    person = Person(app, "enterprise")
    assert person.get("/enterprise/").location.partition("?")[0] == "/account/consent"
    assert person.get("/account/agreement").status_code == 200
    assert person.post("/account/consent").status_code == 422
    person.post("/account/consent", {"consent": "y"})
    assert person.get("/enterprise/").status_code == 200
    with runtime.unit(SYSTEM, write=False) as unit:
        given = unit.session.execute(select(Consent.version).where(Consent.account_id == account.id)).scalars().all()
    assert given == ["0", consents.VERSION]


def test_the_texts_agreed_to_do_not_change_without_a_new_version() -> None:
    files = ("web/account/templates/account/agreement.html", "web/messages/templates/messages/privacy.html")
    markup = "".join((ROOT / file).read_text("utf-8") for file in files)
    words = "".join(re.findall(r"[\u4e00-\u9fff]+", markup))
    assert TEXTS[consents.VERSION] == hashlib.sha256(words.encode()).hexdigest()[:16]


def test_help_names_whom_to_call_and_the_limits(app: Flask, runtime: Runtime) -> None:
    from dataclasses import replace

    from matchhub.services.kernel.settings import OperatorSettings

    said = OperatorSettings(
        "晋江市知识产权运营中心", "0595-8566 0000", "工作日 8:00-17:30", "青阳街道", "help@jj.example"
    )
    assert "尚未登记" in Person(app).get("/account/help").text
    runtime.settings = replace(runtime.settings, operator=said)
    for path in ("/account/help", "/account/agreement", "/privacy", "/account/forgotten"):
        page = Person(app).get(path).text
        assert all(word in page for word in ("晋江市知识产权运营中心", "0595-8566 0000", 'href="tel:0595-85660000"')), (
            path
        )


def test_links_are_not_logged(app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    from matchhub.services.accounts import password_links

    def fails(*_: object) -> bool:
        raise RuntimeError("the base is gone")

    monkeypatch.setattr(password_links, "link_holds", fails)
    with caplog.at_level(logging.INFO):
        assert Person(app).get("/account/new-password/very-secret-token").status_code == 500
    assert "/account/new-password/" in caplog.text and "very-secret-token" not in caplog.text


def test_an_institution_registers_itself_and_waits(app: Flask) -> None:
    person = Person(app)
    form = {
        "uscc": uscc(21),
        "name": "刺桐工业研究院",
        "contact_name": "何工",
        "contact_phone": "0595-22220000",
        "login": "institute",
        "password": PASSWORD,
        "consent": "y",
    }
    answer = person.post("/account/register/institution", form)
    assert answer.status_code == 302
    assert person.get(answer.location).location == "/account/waiting"
    page = person.get("/account/waiting").text
    assert "运营机构尚未登记名称和电话" in page and "查看是否已核实" in page, "whom to ask, and a way to look again"
    assert "刺桐工业研究院" in Person(app, "operator").get("/account/registrations").text
