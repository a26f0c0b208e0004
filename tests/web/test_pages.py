"""What the public pages, the walls and the status addresses show."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from matchhub.db.tables import Account, Demand, Enterprise, Lease, Offer, Patent, PlatformEvent
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.policy.packs import another_city
from tests.web.installation import ACCOUNTS, NOW, PASSWORD, Clock
from tests.web.people import Person
from web import display


def test_the_front_page_counts_the_base_and_shows_the_latest(visitor: Person) -> None:
    text = visitor.get("/").text
    assert "一种防滑耐磨鞋底" in text and "提高鞋底湿滑地面防滑性能" in text
    assert '<html lang="zh-Hans">' in text


def test_pages_bear_the_name_and_the_clock_of_the_packs_city(
    app: Flask, visitor: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    at = datetime(2025, 6, 1, 17, 30, tzinfo=UTC)
    with app.app_context():
        assert display.moment(at) == "2025-06-02 01:30"
    assert "晋江专利供需对接" in visitor.get("/").text
    monkeypatch.setattr(Runtime, "pack", another_city(tmp_path))
    with app.app_context():
        assert display.moment(at) == "2025-06-01 23:30"
    page = visitor.get("/").text
    assert "临溪专利供需对接" in page and "晋江" not in re.sub(r"(?s)<main.*?</main>", "", page)


@pytest.mark.parametrize(
    "query",
    ["防滑", "耐磨 鞋底", "福建师范", "201710601862.3", "CN201710601862.3", "ZL 2017 1 0601862.3", "CN107384181A"],
)
def test_a_patent_is_found_by_words_holder_and_number(visitor: Person, query: str) -> None:
    assert '/patents/1"' in visitor.get("/patents", query_string={"q": query}).text


def test_the_words_asked_for_are_highlighted_as_text(visitor: Person) -> None:
    assert "一种<mark>防滑</mark>耐磨<mark>鞋底</mark>" in visitor.get("/patents?q=防滑 鞋底").text
    assert display.spans("a+b<b>", "+ <b") == [("a", False), ("+", True), ("b", False), ("<b", True), (">", False)]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"type": "invention"}, True),
        ({"type": "design"}, False),
        ({"validity": "in_force"}, True),
        ({"validity": "dead"}, False),
        ({"ipc": "a43b"}, True),
        ({"ipc": "A43C"}, False),
        ({"holder": "师范"}, True),
        ({"holder": "华侨"}, False),
        ({"offered": "1"}, True),
    ],
)
def test_filters_narrow_the_patents(visitor: Person, filters: dict[str, str], found: bool) -> None:
    assert ("一种防滑耐磨鞋底" in visitor.get("/patents", query_string=filters).text) is found


def test_a_patent_page_shows_its_public_data(visitor: Person) -> None:
    text = visitor.get("/patents/1").text
    for shown in ("201710601862.3", "CN107384181A", "福建师范大学", "A43B 13/22", "有效", "2025-05-01", "2019-05-03"):
        assert shown in text


@pytest.mark.parametrize(("path", "status"), [("/patents/2", 404), ("/patents/99999999999999999999", 404)])
def test_a_patent_that_is_not_there_is_not_found(visitor: Person, path: str, status: int) -> None:
    assert visitor.get(path).status_code == status


def test_a_withdrawn_patent_is_shown_nowhere(runtime: Runtime, visitor: Person) -> None:
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(update(Patent).values(withdrawn_at=NOW))
    assert visitor.get("/patents/1").status_code == 404
    for path in ("/", "/patents", "/offers", "/search?q=鞋底"):
        assert '/patents/1"' not in visitor.get(path).text


@pytest.mark.parametrize(("last_day", "shown"), [("2025-06-01", False), ("2025-06-02", True), ("2025-06-03", True)])
def test_an_offer_is_shown_to_its_last_day(runtime: Runtime, visitor: Person, last_day: str, shown: bool) -> None:
    from datetime import date

    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(update(Offer).values(valid_to_on=date.fromisoformat(last_day)))
    assert ("一种防滑耐磨鞋底" in visitor.get("/offers").text) is shown


def test_an_enterprise_that_reads_a_patent_leaves_a_platform_event_and_a_visitor_none(
    app: Flask, runtime: Runtime
) -> None:
    for role in ("visitor", "operator", "institution", "enterprise", "enterprise"):
        Person(app, role).get("/patents/1")
    with runtime.unit(SYSTEM, write=False) as unit:
        events = unit.session.execute(select(PlatformEvent.event, PlatformEvent.enterprise_id)).all()
    assert [tuple(event) for event in events] == [("view", 1)]


def test_long_lists_come_in_pages_that_keep_the_filter(runtime: Runtime, visitor: Person) -> None:
    with runtime.unit(SYSTEM) as unit:
        for number in range(45):
            unit.session.add(
                Demand(
                    enterprise_id=1,
                    title=f"需求 N{number:02d}N",
                    text="",
                    text_key=f"k{number}",
                    ipc=[],
                    posted_on=NOW.date() - timedelta(days=number),
                    state="verified",
                    recorded_at=NOW,
                    updated_at=NOW,
                )
            )
    first = visitor.get("/demands?q=需求").text
    assert "N00N" in first and "N19N" in first and "N20N" not in first
    assert "第 1 / 3 页" in first and "page=2" in first and "q=%E9%9C%80%E6%B1%82" in first
    last = visitor.get("/demands?q=需求&page=9").text
    assert "N44N" in last and "第 3 / 3 页" in last


def test_the_demo_is_said_on_every_page_of_a_demo_base_only(runtime: Runtime, visitor: Person, clock: Clock) -> None:
    assert "演示数据" not in visitor.get("/").text
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(update(Enterprise).values(demo=True))
    clock.forward(timedelta(seconds=20))
    for path in ("/", "/patents", "/nowhere", "/account/sign-in"):
        assert "演示数据" in visitor.get(path).text


def test_the_end_of_the_window_is_said(visitor: Person, clock: Clock) -> None:
    clock.forward(timedelta(days=365))
    assert "政策期已于2025年12月31日结束" in visitor.get("/").text


def test_english_is_one_click_away_and_stays(visitor: Person) -> None:
    answer = visitor.get("/account/language/en?next=/patents")
    assert (answer.status_code, answer.location) == (302, "/patents")
    text = visitor.get("/patents").text
    assert '<html lang="en">' in text and "<h1" in text and "Patents" in text
    assert visitor.get("/account/language/xx").status_code == 404
    assert visitor.get("/account/language/zh?next=https://evil.example").location == "/"


@pytest.mark.parametrize("path", ["/nowhere", "/patents/7"])
def test_an_error_page_speaks_both_languages(visitor: Person, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "没有" in answer.text and 'lang="en"' in answer.text


def test_a_part_of_a_page_gets_a_part_of_an_error(visitor: Person) -> None:
    text = visitor.get("/patents/7", headers={"HX-Request": "true"}).text
    assert "<html" not in text and 'role="alert"' in text


def test_the_api_gets_problems_as_json(visitor: Person) -> None:
    answer = visitor.get("/api/v1/nowhere")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json()["code"] == "page_404"


def test_a_form_that_is_too_large_is_refused(app: Flask, visitor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    token = visitor.form_token()
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    answer = visitor.client.post("/account/sign-in", data={"csrf_token": token, "login": "x" * 2000})
    assert answer.status_code == 413
    assert "内容太大" in answer.text


def test_an_enterprise_registers_and_stands_at_its_desk(visitor: Person) -> None:
    answer = visitor.post(
        "/account/register",
        {
            "uscc": "91350582ma31xk7t2r",
            "name": "晋江市新芯制造有限公司",
            "contact_name": "林晓",
            "contact_phone": "13900000000",
            "login": "xinxin",
            "password": PASSWORD,
            "consent": "y",
        },
    )
    assert (answer.status_code, answer.location) == (302, "/enterprise/")
    assert "注册成功" in visitor.get("/enterprise/").text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"uscc": "91350582MA31XK7T2X"}, "校验位不对"),
        ({"consent": ""}, "请阅读并勾选"),
        ({"contact_phone": ""}, "至少一项"),
        ({"contact_email": "not an address"}, "电子邮箱地址写法不对"),
        ({"login": "operator"}, "已被使用"),
        ({"name": ""}, "请填写此项"),
    ],
)
def test_a_registration_that_fails_says_why_and_keeps_what_was_typed(
    visitor: Person, changes: dict[str, str], sentence: str
) -> None:
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
    answer = visitor.post("/account/register", data)
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert 'value="林晓"' in answer.text
    assert PASSWORD not in answer.text


def test_the_administrator_adds_disables_and_enables_an_account(app: Flask, runtime: Runtime) -> None:
    admin = Person(app, "administrator")
    data = {"login": "second", "display_name": "某某", "role": "operator", "password": PASSWORD}
    assert admin.post("/account/all", {**data, "organisation": ACCOUNTS["operator"][0]}).status_code == 302
    with runtime.unit(SYSTEM, write=False) as unit:
        number = unit.session.execute(select(Account.id).where(Account.login == "second")).scalar_one()
    assert Person(app).sign_in("second").status_code == 302
    assert admin.post(f"/account/{number}/disable").status_code == 302
    assert Person(app).sign_in("second").status_code == 422
    assert admin.post(f"/account/{number}/enable").status_code == 302
    assert admin.post(f"/account/{number}/password", {"password": "yet another sentence"}).status_code == 302
    assert Person(app).sign_in("second", "yet another sentence").status_code == 302


@pytest.mark.parametrize(("role", "waits"), [("institution", True), ("operator", False)])
def test_the_administrator_is_told_whether_an_account_waits_for_the_operator(
    app: Flask, role: str, waits: bool
) -> None:
    admin = Person(app, "administrator")
    data = {"login": "second", "display_name": "某某", "role": role, "organisation": "某某单位", "password": PASSWORD}
    assert admin.post("/account/all", data).status_code == 302
    assert ("它只能看到公开内容" in admin.get("/account/all").text) is waits


def test_an_account_of_an_unlisted_role_cannot_be_added(app: Flask) -> None:
    admin = Person(app, "administrator")
    data = {"login": "second", "display_name": "某某", "role": "enterprise", "organisation": "某某单位"}
    answer = admin.post("/account/all", {**data, "password": PASSWORD})
    assert answer.status_code == 422
    assert "请从列表中选择一项" in answer.text


def test_the_process_answers(visitor: Person) -> None:
    answer = visitor.get("/healthz")
    assert answer.status_code == 200 and answer.get_json()["status"] == "ok"


@pytest.mark.parametrize(("seconds", "ready"), [(119, True), (120, False), (121, False)])
def test_readiness_needs_a_worker_seen_within_two_minutes(
    runtime: Runtime, visitor: Person, clock: Clock, seconds: int, ready: bool
) -> None:
    with runtime.unit(SYSTEM) as unit:
        unit.session.add(Lease(name="scheduler", holder="x", until_at=NOW, seen_at=NOW))
    clock.forward(timedelta(seconds=seconds))
    checks = {check["key"]: check["ok"] for check in visitor.get("/readyz").get_json()["checks"]}
    assert checks["database"] is True
    assert checks["worker"] is ready


def test_an_installation_without_worker_is_not_ready(visitor: Person) -> None:
    answer = visitor.get("/readyz")
    assert answer.status_code == 503 and answer.get_json()["ready"] is False


def test_requests_are_counted_by_method_and_status(visitor: Person) -> None:
    visitor.get("/")
    visitor.get("/nowhere")
    visitor.client.open("/", method="BREW")
    text = visitor.get("/metrics").text
    assert 'matchhub_requests_total{method="GET",status="200"} 1' in text
    assert 'matchhub_requests_total{method="GET",status="404"} 1' in text
    assert 'matchhub_requests_total{method="OTHER",status="405"} 1' in text
    for line in ('matchhub_records{kind="patents"} 1', "matchhub_letters_failed 0", "matchhub_channel_troubles 0"):
        assert f"\n{line}\n" in text
    assert "\nmatchhub_index_patents 0\n" in text


def test_static_files_are_kept_by_the_browser_until_they_change(visitor: Person) -> None:
    import re

    address = re.search(r'href="(/static/app\.css\?v=\w+)"', visitor.get("/").text)
    assert address is not None
    assert "max-age=31536000" in visitor.get(address[1]).headers["Cache-Control"]
