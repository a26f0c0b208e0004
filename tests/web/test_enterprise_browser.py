"""In a real browser: a demand is written, judged and matched while typing, posted, answered; a phone is enough."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server

from matchhub.db.tables import PlatformEvent, Push, PushAnswer
from matchhub.services.kernel.runtime import Runtime
from tests.services.small_city import City
from tests.web.people import session_of
from web.signing import COOKIE

GLUE = "一种鞋底用水性聚氨酯胶粘剂"
PROBLEM = "运动鞋在潮湿环境穿着后鞋底与鞋面开胶，需要更好的胶粘剂。"


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the application over the small city."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What the page complained about; a test with any complaint fails."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


def sign_in(page: Page, site: str, city: City, login: str = "shoes") -> None:
    page.context.add_cookies([{"name": COOKIE, "value": session_of(city.runtime, login), "url": site}])


def events(city: City) -> list[str]:
    with city.runtime.unit(write=False) as unit:
        return list(unit.session.execute(select(PlatformEvent.event).order_by(PlatformEvent.id)).scalars())


def test_a_demand_is_judged_and_matched_while_typing_and_posted(
    page: Page, site: str, city: City, faults: list[str]
) -> None:
    sign_in(page, site, city)
    page.goto(f"{site}/enterprise/demands/new")
    panel = page.locator("#draft")
    expect(panel).to_contain_text("有效性")
    page.get_by_label("做什么产品").fill("运动鞋鞋底")
    page.get_by_label("遇到什么问题").fill(PROBLEM)
    expect(panel.locator(".match").first).to_contain_text(GLUE)
    expect(panel).to_contain_text("没有可衡量的指标")
    expect(page.locator("#draft-kept")).to_contain_text("草稿已保存")
    page.get_by_label("希望达到什么").fill("剥离强度 ≥ 4 N/mm")
    expect(panel).to_contain_text("有可衡量的指标")
    expect(panel).to_contain_text("合作方式和预算已写明")
    page.locator("#more > summary").click()
    expect(page.get_by_label("需求名称")).to_have_value("运动鞋鞋底：运动鞋在潮湿环境穿着后鞋底与鞋面开胶")
    expect(page.get_by_label("可衡量的指标")).to_have_value("剥离强度 ≥ 4 N/mm")
    expect(page.get_by_label("技术领域")).not_to_have_value("")
    page.get_by_label("需求名称").fill("鞋底开胶")
    page.get_by_label("希望达到什么").fill("剥离强度 ≥ 5 N/mm，成本不增加")
    expect(page.get_by_label("可衡量的指标")).to_have_value("剥离强度 ≥ 5 N/mm")
    expect(page.get_by_label("需求名称")).to_have_value("鞋底开胶")
    page.get_by_role("button", name="发布并查看匹配").click()
    expect(page.locator(".matches .match").first).to_contain_text(GLUE)
    page.locator(".match-why summary").first.click()
    expect(page.locator(".match-why-body").first).to_contain_text("合计")
    assert page.locator(".match-why-body mark").count() > 0


def test_what_was_typed_is_there_again_on_another_device_until_it_is_posted_or_thrown_away(
    page: Page, site: str, city: City, faults: list[str]
) -> None:
    sign_in(page, site, city)
    page.goto(f"{site}/enterprise/demands/new")
    page.get_by_label("遇到什么问题").fill("鞋带头")
    page.get_by_label("遇到什么问题").press_sequentially("总是脱落")
    expect(page.locator("#draft-kept")).to_contain_text("草稿已保存")
    expect(page.locator("#draft-number input[name=draft_id]")).to_have_value("1")
    assert page.context.browser is not None
    phone = page.context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    sign_in(phone, site, city)
    phone.goto(f"{site}/enterprise/")
    phone.get_by_role("link", name="接着写").click()
    expect(phone.get_by_label("遇到什么问题")).to_have_value("鞋带头总是脱落")
    bar = phone.locator(".live-bar")
    expect(bar).to_contain_text("项达标")
    bar.click()
    expect(phone.locator("#draft.is-sheet")).to_contain_text("目前最匹配的专利")
    bar.click()
    phone.get_by_role("button", name="发布并查看匹配").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("鞋带头总是脱落")
    page.goto(f"{site}/enterprise/")
    expect(page.get_by_role("link", name="接着写")).to_have_count(0)
    phone.context.close()


def test_contact_is_asked_for_from_the_list_of_matches(page: Page, site: str, city: City, faults: list[str]) -> None:
    number = city.post()
    sign_in(page, site, city)
    page.goto(f"{site}/enterprise/demands/{number}")
    page.get_by_role("button", name="提交对接意向").first.click()
    expect(page.get_by_text("对接已建立").first).to_be_visible()
    expect(page.locator("#matter")).to_contain_text("运动鞋在潮湿环境")
    assert "contact" in events(city)


def test_withdrawing_asks_first(page: Page, site: str, city: City, faults: list[str]) -> None:
    number = city.post()
    sign_in(page, site, city)
    page.goto(f"{site}/enterprise/demands/{number}")
    page.locator("#life > summary").click()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="撤回需求").click()
    expect(page.get_by_role("button", name="撤回需求")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="撤回需求").click()
    expect(page.get_by_text("需求已撤回，不再匹配和推送")).to_be_visible()


def test_a_push_is_read_by_opening_it_and_answered_with_one_press_in_place(
    page: Page, site: str, city: City, faults: list[str]
) -> None:
    city.post()
    city.push()
    sign_in(page, site, city)
    page.goto(f"{site}/enterprise/inbox")
    expect(page.locator(".push-dot").first).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/read")):
        page.locator(".push-unread a").first.click()
    page.get_by_role("button", name="费用太高").click()
    expect(page.locator(".answered")).to_contain_text("费用太高")
    with city.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(PushAnswer.code)).scalar_one() == "too_expensive"
        read = select(func.count()).select_from(Push).where(Push.opened_at.is_not(None))
        assert unit.session.execute(read).scalar() == 1


def test_the_link_of_a_message_works_in_a_browser_that_is_not_signed_in(
    page: Page, site: str, city: City, faults: list[str]
) -> None:
    city.post()
    path = city.push()[0].link.split("8000", 1)[1]
    with page.expect_response(lambda answer: answer.url.endswith("/read") and answer.status == 204):
        page.goto(f"{site}{path}")
    page.get_by_role("button", name="有意对接").click()
    expect(page.locator(".answered")).to_contain_text("有意对接")
    assert events(city) == ["contact"]
    page.get_by_role("link", name="关闭推送").click()
    page.get_by_role("button", name="关闭推送").click()
    expect(page.get_by_text("已关闭推送")).to_be_visible()


@pytest.mark.parametrize("login", ["shoes", "college"])
def test_nothing_sticks_out_on_a_phone(page: Page, site: str, city: City, faults: list[str], login: str) -> None:
    number = city.post()
    city.push()
    patent = city.patent(GLUE)
    sign_in(page, site, city, login)
    page.set_viewport_size({"width": 390, "height": 800})
    paths = {
        "shoes": [
            "/",
            "/demands/new",
            f"/demands/{number}",
            f"/demands/{number}/patents/{patent}",
            "/inbox",
            "/inbox/1",
        ],
        "college": ["/", "/patents", f"/patents/{patent}", "/demands"],
    }[login]
    audience = "enterprise" if login == "shoes" else "institution"
    for path in paths:
        page.goto(f"{site}/{audience}{path}")
        for each in page.locator("details > summary").all():
            each.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
