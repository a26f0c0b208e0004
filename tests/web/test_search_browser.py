"""Search in a real browser: from the front page through tabs and filters, on a phone, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.web.test_browser import faults, serve, sign_in, too_wide

__all__ = ["faults"]
KINDS = ("search", "patents", "offers", "demands", "agencies", "experts", "enterprises")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application of this test listens."""
    yield from serve(app)


def test_from_the_front_page_to_a_kind_and_a_filter_that_stays_in_the_address(
    page: Page, address: str, faults: list[str]
) -> None:
    page.goto(address)
    page.get_by_role("searchbox").fill("鞋底")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("navigation", name="种类").get_by_role("link", name="专利").click()
    page.wait_for_url("**/patents?q=*")
    page.get_by_label("法律状态").select_option(label="失效")
    page.wait_for_url("**validity=dead**")
    expect(page.get_by_text("没有找到")).to_be_visible()
    page.get_by_role("link", name="清除筛选").click()
    expect(page.get_by_role("link", name="一种防滑耐磨鞋底")).to_be_visible()
    assert faults == []


def test_on_a_phone_every_kind_fits_and_the_filters_unfold(page: Page, address: str, faults: list[str]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, address, "operator")
    for kind in KINDS:
        page.goto(f"{address}/{kind}?q=鞋")
        assert too_wide(page) <= 0, kind
    field = page.get_by_label("乡镇、街道")
    expect(field).not_to_be_visible()
    page.locator("summary", has_text="筛选").click()
    expect(field).to_be_visible()
    assert too_wide(page) <= 0
    field.fill("没有这个镇")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("没有找到")).to_be_visible()
    expect(field).to_have_value("没有这个镇")
    assert faults == []


def test_search_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("searchbox").fill("鞋底")
    page.get_by_role("button", name="检索").click()
    page.get_by_role("navigation", name="种类").get_by_role("link", name="开放许可").click()
    page.get_by_label("费用不超过").fill("19999")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("没有找到")).to_be_visible()
    page.get_by_label("费用不超过").fill("20000")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("link", name="一种防滑耐磨鞋底")).to_be_visible()
    context.close()
