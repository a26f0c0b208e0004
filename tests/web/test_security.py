"""Headers, origins and hostile text: the policy holds on every page and markup never comes through."""

from __future__ import annotations

import logging
import re
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import update

from matchhub.db.tables import Agency, Demand, Offer, Patent, PatentHolder
from matchhub.services.kernel.faults import StorageFull
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from matchhub.wording import sentence
from tests.web.installation import SECRETS
from tests.web.people import Person

PUBLIC_PAGES = (
    "/",
    "/search?q=鞋底",
    "/search?q=王小明",
    "/search?q=13812345678",
    "/patents",
    "/patents/1",
    "/offers",
    "/demands",
    "/demands/1",
    "/agencies",
    "/account/sign-in",
    "/account/register",
    "/nowhere",
)
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</title><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "%_\\' OR 1=1; DROP TABLE patents; --",
    "\x00\r\nSet-Cookie: a=b",
    "\u202egnp.exe",
)


@pytest.mark.parametrize("path", [*PUBLIC_PAGES, "/static/app.css", "/healthz"])
def test_every_answer_carries_the_policy(visitor: Person, path: str) -> None:
    headers = visitor.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' data:;")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_no_page_needs_an_inline_script_or_style(visitor: Person, path: str) -> None:
    text = visitor.get(path).text
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []
    assert re.findall(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']", text) == []
    assert re.findall(r"src=[\"'](?:https?:)?//", text) == []
    outward = re.findall(r"<(\w+)([^>]*?)\shref=[\"'](?:https?:)?//", text)
    loading = [(tag, more) for tag, more in outward if tag != "a" and 'rel="canonical"' not in more]
    assert loading == [], "an address elsewhere is followed by a person, never loaded by the page"


@pytest.mark.parametrize("path", PUBLIC_PAGES)
def test_public_pages_hold_no_personal_data_and_no_unverified_demand(visitor: Person, path: str) -> None:
    query = path.partition("q=")[2]
    text = visitor.get(path).text
    assert [secret for secret in SECRETS if secret in text and secret != query] == []
    assert "未核实的内部需求" not in text
    assert "恒步鞋业" not in text, "the firm behind a demand is not public"


def test_a_demand_that_nobody_verified_is_not_found(visitor: Person) -> None:
    assert visitor.get("/demands/2").status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8000.evil.example"])
def test_a_change_sent_from_another_site_is_refused(app: Flask, origin: str) -> None:
    person = Person(app, "operator")
    assert person.post("/account/sign-out", headers={"Origin": origin}).status_code == 403
    assert person.is_signed_in()


@pytest.mark.parametrize("origin", ["http://localhost", "http://127.0.0.1:8000"])
def test_a_change_sent_from_our_own_page_is_done(app: Flask, origin: str) -> None:
    person = Person(app, "operator")
    assert person.post("/account/sign-out", headers={"Origin": origin}).status_code == 302
    assert not person.is_signed_in()


def test_the_form_token_of_another_browser_is_refused(app: Flask) -> None:
    one, other = Person(app, "operator"), Person(app, "operator")
    other.form_token()
    answer = other.client.post("/account/sign-out", data={"csrf_token": one.form_token()})
    assert answer.status_code == 403
    assert "此表单已过期" in answer.text


def test_htmx_sends_the_form_token_in_a_header(app: Flask) -> None:
    person = Person(app, "operator")
    answer = person.client.post("/account/sign-out", headers={"X-CSRFToken": person.form_token()})
    assert answer.status_code == 302


def elements(text: str) -> list[str]:
    return re.findall(r"<(\w+)", text.split("<main")[1].split("</main>")[0])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_records_add_no_element_to_a_page(runtime: Runtime, visitor: Person, payload: str) -> None:
    pages = ("/patents", "/patents/1", "/offers", "/demands", "/demands/1", "/agencies", "/")

    def seen(text: str) -> dict[str, list[str]]:
        clean = text.replace("\x00", "")
        with runtime.unit(SYSTEM) as unit:
            unit.session.execute(update(Patent).values(title=clean, abstract=clean, claim=clean, agency_name=clean))
            unit.session.execute(update(PatentHolder).values(name=clean))
            unit.session.execute(update(Offer).values(holder_name=clean, industry=clean, fee_text=clean))
            unit.session.execute(update(Demand).values(title=clean, technical_field=clean))
            unit.session.execute(update(Agency).values(name=clean, service_types=[clean], agency_code=clean[:64]))
        return {page: elements(visitor.get(page).text) for page in pages}

    assert seen("plain words") == seen(payload)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("path", ["/search", "/patents", "/offers", "/demands", "/agencies"])
def test_hostile_questions_are_answered_with_nothing_found(visitor: Person, path: str, payload: str) -> None:
    names = ("q", "type", "validity", "ipc", "holder", "page")
    answer = visitor.get(path, query_string=dict.fromkeys(names, payload))
    assert answer.status_code == 200
    assert "alert(1)>" not in answer.text.replace("alert(1)&gt;", "")
    assert "img src=x" not in answer.text.replace("&lt;img src=x", "")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_forms_are_refused_and_shown_as_text(visitor: Person, payload: str) -> None:
    names = ("uscc", "name", "contact_name", "contact_phone", "contact_email", "login")
    plain = visitor.post("/account/register", dict.fromkeys(names, "plain words"))
    answer = visitor.post("/account/register", dict.fromkeys(names, payload))
    assert plain.status_code == answer.status_code == 422
    # what is wrong may differ; what is drawn may not come from the payload
    assert set(elements(answer.text)) <= set(elements(plain.text))


@pytest.mark.parametrize("number", ["0", "-1", "1e9", "999999999999", "九", "2;3"])
def test_any_page_number_shows_a_page(visitor: Person, number: str) -> None:
    assert visitor.get("/patents", query_string={"page": number}).status_code == 200


def test_percent_and_underscore_in_a_question_mean_themselves(visitor: Person) -> None:
    assert '/patents/1"' in visitor.get("/patents?q=防滑").text
    for query in ("%", "_", "防%底"):
        assert "没有找到" in visitor.get("/patents", query_string={"q": query}).text


def test_a_line_break_in_an_address_makes_no_second_log_line(
    app: Flask, visitor: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.account.language_choice.abort", lambda status: status / 0)
    with caplog.at_level(logging.ERROR):
        assert visitor.get("/account/language/%0AFAKE admin signed in").status_code == 500
    assert "FAKE" in caplog.text
    assert [record for record in caplog.records if "\n" in record.getMessage()] == []


def test_a_failure_shows_a_number_and_no_traceback(
    visitor: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.home.front.reading", lambda: 1 / 0)
    answer = visitor.get("/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text and "Traceback" not in answer.text
    number = re.search(r"编号 (\w{8})", answer.text)
    assert number and number[1] in caplog.text


def test_a_full_disk_is_said_and_reading_goes_on(
    app: Flask, visitor: Person, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageFull()

    monkeypatch.setattr("matchhub.services.accounts.accounts.count_attempt", full)
    answer = visitor.sign_in("operator")
    assert answer.status_code == 503
    assert sentence("storage_full") in answer.text
    assert visitor.get("/patents").status_code == 200


def test_the_day_of_the_window_is_said_on_every_page(visitor: Person) -> None:
    assert "政策期至2025年12月31日" in visitor.get("/").text


@pytest.mark.parametrize(
    ("kind", "size"),
    [("application/x-www-form-urlencoded", 3 * 2**20), ("multipart/form-data; boundary=x", 65 * 2**20)],
)
def test_a_body_larger_than_any_form_is_refused_before_it_is_read(visitor: Person, kind: str, size: int) -> None:
    class Endless(BytesIO):
        read_bytes = 0

        def read(self, wanted: int | None = -1) -> bytes:
            Endless.read_bytes += wanted or 0
            return b"x" * min(wanted or 0, 2**16) if wanted and wanted > 0 else b"x" * 2**16

    answer = visitor.client.post(
        "/account/sign-in", input_stream=Endless(), content_type=kind, environ_overrides={"CONTENT_LENGTH": str(size)}
    )
    assert answer.status_code == 413 and Endless.read_bytes <= 3 * 2**20
