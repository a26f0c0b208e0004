"""In a real browser: a number down to its row's source, a phone is enough."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from tests.services.desk_base import Base, deal, demand, firm, patent
from tests.web.people import session_of
from web.signing import COOKIE

OPERATOR_PAGES = (
    "/operator/", "/operator/reviews", "/operator/reviews/1", "/operator/demands",
    "/operator/demands/1", "/operator/pushes", "/operator/deals", "/operator/deals/new", "/operator/offers/new",
    "/operator/licences/new", "/operator/demands/new?q=某某", "/operator/batches/1", "/bureau/records/deals/1",
    "/bureau/records/enterprises/1",
)  # fmt: skip
BUREAU_PAGES = (
    "/bureau/", "/bureau/base", "/bureau/thresholds/invention_deals", "/bureau/thresholds/patents/sample",
    "/bureau/records/deals/1", "/bureau/records/patents/1", "/bureau/log",
)  # fmt: skip


@pytest.fixture
def site(desk_app: Flask) -> Iterator[str]:
    """Where the application over the staff's base listens."""
    server = make_server("127.0.0.1", 0, desk_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
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


def sign_in(page: Page, site: str, base: Base, login: str) -> None:
    page.context.add_cookies([{"name": COOKIE, "value": session_of(base.runtime, login), "url": site}])


def too_wide(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def fill(base: Base) -> None:
    base.take("patents", patent(1), patent(2, title=None))
    base.take("enterprises", firm(1), firm(2))
    base.take("demands", demand(1), demand(2, of=9), demand(1, of=2))
    base.take("deals", deal(1))
    base.later(10)


def test_a_number_opens_down_to_the_line_of_the_file(page: Page, site: str, base: Base, faults: list[str]) -> None:
    fill(base)
    sign_in(page, site, base, "reviewer")
    page.goto(f"{site}/bureau/")
    expect(page.locator("svg.chart").first).to_be_visible()
    page.locator(".goal-row", has_text="专利").first.get_by_role("link").click()
    page.get_by_label("口径", exact=True).select_option(label="仅按文义口径计入")
    page.wait_for_url("**show=literal_only**")
    page.locator("#rows").get_by_role("link").first.click()
    expect(page.locator("#verdict")).to_contain_text("仅按文义口径计入")
    expect(page.locator("#source")).to_contain_text("patents.csv 第 3 行")


def test_the_bureau_rejects_with_a_note(page: Page, site: str, base: Base, faults: list[str]) -> None:
    fill(base)
    sign_in(page, site, base, "reviewer")
    page.goto(f"{site}/bureau/records/deals/1")
    page.get_by_label("说明（否决时必填）").fill("合同看不清")
    page.get_by_role("button", name="否决").click()
    expect(page.locator("#words")).to_contain_text("合同看不清")
    expect(page.locator("#verdict")).to_contain_text("主管部门核查后未予认可")


def test_an_enterprise_is_found_while_typing_and_linked(page: Page, site: str, base: Base, faults: list[str]) -> None:
    fill(base)
    sign_in(page, site, base, "operator")
    page.goto(f"{site}/operator/reviews/1")
    page.get_by_label("查找企业").fill("某某2")
    choice = page.locator("#choices li", has_text="某某2")
    expect(choice).to_be_visible()
    choice.get_by_role("button", name="就是它").click()
    page.wait_for_url("**/operator/demands/*")
    expect(page.get_by_text("这一行已导入")).to_be_visible()


@pytest.mark.parametrize(("login", "paths"), [("operator", OPERATOR_PAGES), ("reviewer", BUREAU_PAGES)])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_fits_the_window_and_complains_of_nothing(
    page: Page, site: str, base: Base, faults: list[str], login: str, paths: tuple[str, ...], width: int
) -> None:
    fill(base)
    sign_in(page, site, base, login)
    page.set_viewport_size({"width": width, "height": 800})
    for path in paths:
        answer = page.goto(f"{site}{path}")
        assert answer is not None and answer.status == 200, path
        page.wait_for_load_state("networkidle")
        assert too_wide(page) <= 0, path
