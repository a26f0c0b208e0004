"""In a real browser: from interest to a paid deal by two people, and every page of trade fits a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.browser import unfold
from tests.journey.deal_city import DealCity, town
from tests.journey.test_deal_journey import opened
from tests.papers import letter
from tests.services.small_city import PATENTS, built_city, city
from tests.web.people import session_of
from web.signing import COOKIE

__all__ = ["built_city", "city", "town"]


@pytest.fixture
def site(town: DealCity) -> Iterator[str]:
    """Where the application over the city listens."""
    server = make_server("127.0.0.1", 0, town.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def signed_in(browser: Browser, town: DealCity, site: str, who: str) -> Page:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": session_of(town.city.runtime, who), "url": site}])
    return context.new_page()


def test_two_people_bring_a_deal_about_and_the_pages_fit_a_phone(
    browser: Browser, town: DealCity, site: str, tmp_path: Path
) -> None:
    town.city.post()
    shoes, college = (signed_in(browser, town, site, who) for who in ("shoes", "college"))
    shoes.goto(f"{site}/patents/{town.city.patent(PATENTS[0][0])}")
    shoes.get_by_role("link", name="提交对接意向").first.click()
    shoes.get_by_role("button", name="为这条需求联系").first.click()
    college.goto(f"{site}/trade/")
    college.locator("#threads ul.rows a").first.click()
    college.fill("textarea[name=text]", "可以提供样品。")
    college.click("#messages button[type=submit]")
    expect(college.locator("#messages")).to_contain_text("可以提供样品")
    thread = college.url
    for page in (college, shoes):
        page.goto(thread)
        page.click("#contact button[type=submit]")
    shoes.click("#deal a.btn")
    shoes.click("main button[type=submit]")
    expect(shoes.locator("#findings")).to_contain_text("没有发现问题")
    deal = shoes.url
    shoes.fill("input[name=contract_number]", "HT-2025-001")
    shoes.fill("#sign input[name=signed_on]", "2025-06-02")
    shoes.click("#sign button[type=submit]")
    unfold(shoes, "step")
    shoes.fill("#step input[name=on]", "2025-06-02")
    shoes.fill("#step input[name=number]", "TR01-1")
    shoes.click("#step button[type=submit]")
    paper = tmp_path / "付款凭证.pdf"
    paper.write_bytes(letter("paid"))
    unfold(shoes, "pay")
    shoes.fill("#pay input[name=paid_on]", "2025-06-02")
    shoes.fill("#pay input[name=amount_yuan]", "80000")
    shoes.set_input_files("#pay input[name=file]", paper)
    shoes.click("#pay button[type=submit]")
    expect(shoes.locator("h1")).to_contain_text("付款")
    shoes.set_viewport_size({"width": 375, "height": 800})
    for address in (f"{site}/trade/", thread, deal, f"{site}/trade/listings/new", f"{site}/trade/drafts/new"):
        shoes.goto(address)
        assert shoes.evaluate("document.documentElement.scrollWidth") <= 376, address
    for page in (shoes, college):
        page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_refused_form_stands_filled_on_its_page_without_scripts_and_fits_a_phone(
    browser: Browser, town: DealCity, site: str, width: int
) -> None:
    deal = opened(town)
    context = browser.new_context(locale="zh-CN", java_script_enabled=False, viewport={"width": width, "height": 800})
    context.add_cookies([{"name": COOKIE, "value": session_of(town.city.runtime, "operator"), "url": site}])
    page = context.new_page()
    page.goto(f"{site}/trade/deals/{deal}")
    page.fill("#sign-contract_number", "HT-2025-001")
    page.fill("#sign-signed_on", "2025-06-03")  # tomorrow
    page.fill("#sign-amount_yuan", "5万")
    page.click("#sign button[type=submit]")
    expect(page.locator("#sign-signed_on-error")).to_contain_text("晚于今天")
    expect(page.locator("#sign-amount_yuan")).to_have_value("5万")
    assert fits(page, width)
    page.fill("#sign-signed_on", "2025-06-02")
    page.click("#sign button[type=submit]")
    expect(page.locator("h1")).to_contain_text("已签订")
    page.goto(f"{site}/bureau/records/deals/{deal}")
    page.get_by_text("更正合同").click()
    page.fill("#deal_correction-amount_yuan", "6万")
    page.fill("#deal_correction-signed_on", "2025-06-03")
    page.fill("#deal_correction-reason", "录入有误")
    page.locator("form[action$='/correct'] button").click()
    expect(page.locator("#deal_correction-signed_on-error")).to_contain_text("晚于今天")
    expect(page.locator("#deal_correction-amount_yuan")).to_have_value("6万")
    assert fits(page, width)
    page.fill("#deal_correction-signed_on", "2025-06-01")
    page.locator("form[action$='/correct'] button").click()
    expect(page.locator("#source")).to_contain_text("录入有误")
    expect(page.get_by_text("6万元").first).to_be_visible()
    context.close()


def fits(page: Page, width: int) -> bool:
    """Whether nothing has to be pushed sideways; measured by what is on the page, for scripts are off."""
    boxes = [
        each.bounding_box()
        for each in page.locator("main input:visible, main button:visible, main select:visible").all()
    ]
    return all(box is None or (box["x"] >= 0 and box["x"] + box["width"] <= width + 1) for box in boxes)
