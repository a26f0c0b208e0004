"""Pages of one-time codes and registrations: from the password to the confirmed deal, and who sees what of a firm."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from matchhub.db.tables import Confirmation, Deal, Demand, Enterprise
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.web.installation import PASSWORD, SECRETS, USCC, Clock
from tests.web.people import Person
from tests.web.shown_forms import fault_at
from web.navigation import EXTENSION, MOST_ENTRIES, Entry

PAGE = "/account/second-factor"
PICTURE = f"{PAGE}/picture.svg"


def shown_secret(person: Person) -> str:
    found = re.search(r'<code class="code-key">([A-Z2-7 ]+)</code>', person.get(PAGE).text)
    assert found is not None
    return found[1].replace(" ", "")


def switched_on(app: Flask, clock: Clock, role: str = "reviewer", wanted: str = "") -> tuple[Person, pyotp.TOTP]:
    person = Person(app, role)
    query = f"?next={wanted}" if wanted else ""
    assert person.post(f"{PAGE}/start{query}", {"password": PASSWORD}).location == f"{PAGE}{query}"
    phone = pyotp.TOTP(shown_secret(person))
    assert person.post(f"{PAGE}/on{query}", {"code": phone.at(clock.now)}).location == (wanted or PAGE)
    clock.forward(timedelta(minutes=2))
    return person, phone


@pytest.fixture
def deal(runtime: Runtime) -> str:
    """Where the page of a deal is."""
    with runtime.unit(SYSTEM) as unit:
        row = Deal(
            identity_key="d-1",
            deal_type="assignment",
            amount_yuan=Decimal(50000),
            signed_on=date(2025, 5, 1),
            recorded_at=unit.now,
            updated_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
        return f"/bureau/records/deals/{row.id}"


def words(runtime: Runtime) -> list[tuple[str, bool]]:
    with runtime.unit(SYSTEM, write=False) as unit:
        rows = unit.session.execute(select(Confirmation.decision, Confirmation.second_factor).order_by(Confirmation.id))
        return [(decision, given) for decision, given in rows]


def test_the_reviewer_is_led_from_the_deal_to_the_codes_and_back(
    app: Flask, runtime: Runtime, clock: Clock, deal: str
) -> None:
    person = Person(app, "reviewer")
    assert "还没有启用" in person.get(deal).text
    answer = person.post(f"{deal}/word", {"decision": "confirmed"})
    assert answer.status_code == 302 and answer.location.startswith(f"{PAGE}?next=")
    assert "请先启用动态口令" in person.get(answer.location).text
    assert words(runtime) == []
    person, phone = switched_on(app, clock, wanted=deal)
    assert 'name="code"' in person.get(deal).text
    code = phone.at(clock.now)
    assert person.post(f"{deal}/word", {"decision": "confirmed", "code": code}).status_code == 302
    assert words(runtime) == [("confirmed", True)]
    assert "这个动态口令已经用过" in person.post(f"{deal}/word", {"decision": "confirmed", "code": code}).text


@pytest.mark.parametrize("role", ["reviewer", "operator"])
@pytest.mark.parametrize("code", ["", "000", "not a code"])
def test_a_wrong_code_confirms_nothing(
    app: Flask, runtime: Runtime, clock: Clock, deal: str, role: str, code: str
) -> None:
    person, _ = switched_on(app, clock, role)
    answer = person.post(f"{deal}/word", {"decision": "confirmed", "code": code})
    assert (answer.status_code, words(runtime)) == (422, [])


def test_guessing_codes_ends_after_five(app: Flask, runtime: Runtime, clock: Clock, deal: str) -> None:
    person, phone = switched_on(app, clock)
    for _ in range(5):
        assert person.post(f"{deal}/word", {"decision": "confirmed", "code": "x"}).status_code == 422
    right = {"decision": "confirmed", "code": phone.at(clock.now)}
    assert person.post(f"{deal}/word", right).status_code == 429
    assert words(runtime) == []


def test_an_operator_without_codes_confirms_and_is_advised(app: Flask, runtime: Runtime, deal: str) -> None:
    person = Person(app, "operator")
    assert "建议启用动态口令" in person.get(deal).text
    assert person.post(f"{deal}/word", {"decision": "confirmed"}).status_code == 302
    assert words(runtime) == [("confirmed", False)]


def test_rejecting_asks_for_no_code(app: Flask, runtime: Runtime, deal: str) -> None:
    person = Person(app, "reviewer")
    assert person.post(f"{deal}/word", {"decision": "rejected", "note": "合同缺页"}).status_code == 302
    assert words(runtime) == [("rejected", False)]


def test_the_secret_is_a_picture_and_a_text_until_the_first_code(app: Flask, clock: Clock) -> None:
    person = Person(app, "reviewer")
    assert person.get(PICTURE).status_code == 404
    person.post(f"{PAGE}/start", {"password": PASSWORD})
    picture = person.get(PICTURE)
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert picture.text.count("<path") == 2 and "style" not in picture.text
    assert picture.headers["Cache-Control"] == "no-store"
    assert Person(app, "operator").get(PICTURE).status_code == 404
    secret = shown_secret(person)
    person.post(f"{PAGE}/on", {"code": pyotp.TOTP(secret).at(clock.now)})
    assert person.get(PICTURE).status_code == 404
    assert secret not in person.get(PAGE).text.replace(" ", "")


def test_a_wrong_password_is_told_at_its_field(app: Flask) -> None:
    answer = Person(app, "reviewer").post(f"{PAGE}/start", {"password": "wrong"})
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text and "密码不正确" in answer.text


def test_a_wrong_first_code_is_told_at_its_field(app: Flask) -> None:
    person = Person(app, "reviewer")
    person.post(f"{PAGE}/start", {"password": PASSWORD})
    answer = person.post(f"{PAGE}/on", {"code": "wrong"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text and "动态口令不正确" in answer.text


def test_codes_are_switched_off_with_a_code(app: Flask, clock: Clock) -> None:
    person, phone = switched_on(app, clock)
    assert person.post(f"{PAGE}/off", {"code": "wrong"}).status_code == 422
    assert person.post(f"{PAGE}/off", {"code": phone.at(clock.now)}).status_code == 302
    assert "未启用" in person.get(PAGE).text


def test_the_administrator_sees_who_has_codes_and_resets_them(app: Flask, clock: Clock) -> None:
    person, _ = switched_on(app, clock, "operator")
    administrator = Person(app, "administrator")
    found = re.search(r'action="(/account/\d+/second-factor/reset)"', administrator.get("/account/all").text)
    assert found is not None
    assert administrator.post(found[1]).location == "/account/all"
    assert "未启用" in person.get(PAGE).text


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_away_after_switching_on(app: Flask, clock: Clock, wanted: str) -> None:
    person = Person(app, "reviewer")
    person.post(f"{PAGE}/start", {"password": PASSWORD})
    code = pyotp.TOTP(shown_secret(person)).at(clock.now)
    answer = person.client.post(
        f"{PAGE}/on", query_string={"next": wanted}, data={"csrf_token": person.form_token(), "code": code}
    )
    assert answer.location == PAGE


def register(person: Person, **changes: str) -> None:
    data = {
        "uscc": "91350582MA31XK7T2R",
        "name": "晋江市新芯制造有限公司",
        "contact_name": "林晓",
        "contact_phone": "13900000000",
        "login": "xinxin",
        "password": PASSWORD,
        "consent": "y",
        **changes,
    }
    assert person.post("/account/register", data).status_code == 302


def test_the_operator_confirms_who_registered(app: Flask, visitor: Person) -> None:
    register(visitor)
    assert "账号待核实" in visitor.get("/enterprise/").text
    operator = Person(app, "operator")
    page = operator.get("/account/registrations").text
    assert "晋江市新芯制造有限公司" in page and "13900000000" not in page
    assert operator.post("/account/registrations/3/confirm", {"note": " "}).status_code == 422
    assert operator.post("/account/registrations/3/confirm", {"note": "已致电"}).status_code == 302
    assert "没有待核实的账号" in operator.get("/account/registrations").text
    assert "已致电" in operator.get("/account/registrations?decided=1").text
    assert "账号待核实" not in visitor.get("/enterprise/").text
    assert operator.post("/account/registrations/3/reject", {"note": "改主意"}).status_code == 409


def test_who_is_rejected_is_out_at_once(app: Flask, visitor: Person) -> None:
    register(visitor)
    Person(app, "operator").post("/account/registrations/3/reject", {"note": "企业称无此人"})
    assert not visitor.is_signed_in()
    visitor.sign_in("xinxin")
    assert not visitor.is_signed_in()


def test_a_stranger_with_the_code_of_a_known_firm_sees_nothing_of_it(
    app: Flask, runtime: Runtime, visitor: Person
) -> None:
    code, name = "91350582MA31XK7T2R", "晋江市新芯制造有限公司"
    with runtime.unit(SYSTEM) as unit:
        known = Enterprise(
            uscc=code, name=name, name_key=name, contact_name="王小明", contact_phone="13812345678",
            contact_email="wang@secret.example", recorded_at=unit.now, updated_at=unit.now,
        )  # fmt: skip
        unit.session.add(known)
        unit.session.flush()
        unit.session.execute(Demand.__table__.update().where(Demand.id == 2).values(enterprise_id=known.id))  # type: ignore[attr-defined]
    register(visitor)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint.split(".")[0] in ("enterprise", "institution", "bureau"):
            path = re.sub(r"<[^>]+>", "2", rule.rule)
            answer = visitor.get(path)
            assert answer.status_code in (302, 403, 404), path
    answer = visitor.get("/enterprise/")
    assert answer.location == "/account/waiting"
    assert "账号待核实" in visitor.get("/account/waiting").text
    assert visitor.post("/enterprise/demands", {"title": "x", "text": "y"}).location == "/account/waiting"
    pages = "".join(visitor.get(path).text for path in ("/", "/demands", "/account/waiting", "/patents/1"))
    assert [secret for secret in SECRETS if secret in pages] == []
    Person(app, "operator").post("/account/registrations/3/confirm", {"note": "已致电"})
    assert visitor.get("/account/waiting").location == "/enterprise/"
    assert "未核实的内部需求" in visitor.get("/enterprise/").text
    assert code != USCC


@pytest.mark.parametrize("role", ["enterprise", "institution", "operator", "reviewer", "administrator"])
def test_public_lists_stand_in_one_menu_for_who_is_signed_in(app: Flask, role: str) -> None:
    text = Person(app, role).get("/patents").text
    bar = text[text.index('id="top-menu"') : text.index("</header>")]
    for path in ("/patents", "/offers", "/demands", "/agencies"):
        assert f'<a class="dropdown-item{" active" if path == "/patents" else ""}" href="{path}"' in bar
    assert bar.count("公开目录") == 1


def test_visitors_see_the_public_lists_side_by_side(visitor: Person) -> None:
    text = visitor.get("/patents").text
    assert "公开目录" not in text
    assert '<a class="nav-link" href="/offers"' in text


@pytest.mark.parametrize(("more", "shown", "hidden"), [(-1, 6, 0), (0, 7, 0), (1, 8, 0), (2, 7, 2), (5, 7, 5)])
def test_entries_beyond_what_fits_stand_in_a_menu(
    app: Flask, monkeypatch: pytest.MonkeyPatch, more: int, shown: int, hidden: int
) -> None:
    entries = [Entry("operator.desk", f"入口{at}", f"Entry {at}", at) for at in range(MOST_ENTRIES + more)]
    monkeypatch.setitem(app.extensions, EXTENSION, entries)
    text = Person(app, "operator").get("/account/password").text
    bar = text[text.index('id="top-menu"') : text.index("</header>")]
    assert (bar.count('class="nav-link"'), bar.count("dropdown-item")) == (shown, hidden)
    assert ("更多" in bar) == bool(hidden)


def test_the_bureau_allows_payments_beyond_the_contract_with_a_code(
    app: Flask, runtime: Runtime, clock: Clock, deal: str
) -> None:
    reviewer, phone = switched_on(app, clock)
    assert 'id="allowance-most_yuan"' in reviewer.get(deal).text
    form = {"most_yuan": "6万", "note": "补充协议"}
    refused = reviewer.post(f"{deal}/allowance", {**form, "most_yuan": "5万", "code": phone.at(clock.now)})
    assert refused.status_code == 422 and "应高于合同金额" in fault_at(refused, "allowance-most_yuan")
    refused = reviewer.post(f"{deal}/allowance", form)
    assert refused.status_code == 422 and fault_at(refused, "allowance-code")
    assert reviewer.post(f"{deal}/allowance", {**form, "code": phone.at(clock.now)}).status_code == 302
    for who in ("reviewer", "operator"):
        page = Person(app, who).get(deal).text
        assert "已同意付款总额最高为" in page and "补充协议" in page
