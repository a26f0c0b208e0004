"""The pages in a real browser: sign-in, search, phone width, charts; no error in the console, no other host asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Browser, ConsoleMessage, Page
from sqlalchemy import update
from werkzeug.serving import make_server

from matchhub.db.tables import Demand, Patent
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM
from tests.web.installation import PASSWORD
from web import create_app
from web.charts import Chart, Mark, Series
from web.gate import act

PUBLIC = ("/", "/search?q=鞋底", "/patents", "/patents/1", "/offers", "/demands", "/demands/1", "/agencies")
WALLS = ("/account/sign-in", "/account/register")
CHARTED = """{% extends "base.html" %}{% from "parts/marks.html" import score_bar, progress_row with context %}
{% from "parts/charts.html" import line_chart with context %}
{% block content %}{{ line_chart(drawn, "growth") }}{{ score_bar(0.5) }}{{ progress_row("a", 10, 5, 7) }}{% endblock %}"""


def serve(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application of this test listens."""
    yield from serve(app)


@pytest.fixture
def faults(page: Page) -> list[str]:
    """What the page's console complained of."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.get_by_label("用户名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def too_wide(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_somebody_signs_in_and_out(page: Page, address: str, faults: list[str]) -> None:
    sign_in(page, address, "administrator")
    page.wait_for_url("**/account/all")
    page.locator("header .dropdown > a[href='/account/password']").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(f"{address}/")
    assert page.get_by_text("已退出登录").is_visible()
    page.goto(f"{address}/account/all")
    assert "/account/sign-in" in page.url
    assert faults == []


def test_a_search_from_the_front_page_leads_to_a_patent(page: Page, address: str, faults: list[str]) -> None:
    page.goto(address)
    page.get_by_role("searchbox").fill("防滑 鞋底")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="一种防滑耐磨鞋底").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("一种防滑耐磨鞋底")
    assert page.get_by_text("CN107384181A").is_visible()
    assert faults == []


def test_on_a_phone_no_page_is_wider_than_the_screen(page: Page, address: str, faults: list[str]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    wide = {}
    for path in (*PUBLIC, *WALLS):
        page.goto(address + path)
        wide[path] = too_wide(page)
    assert {path: pixels for path, pixels in wide.items() if pixels > 0} == {}
    assert faults == []


def test_on_a_phone_the_menu_opens(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    entry = page.locator("#top-menu").get_by_role("link", name="服务机构")
    assert not entry.is_visible()
    page.get_by_role("button", name="菜单").click()
    page.locator("#top-menu.collapse.show").wait_for()  # a click while it still slides down can meet a neighbour
    entry.click()
    page.wait_for_url("**/agencies")


def test_disabling_an_account_asks_first(page: Page, address: str) -> None:
    sign_in(page, address, "administrator")
    row = page.get_by_role("row", name="operator")
    page.once("dialog", lambda dialog: dialog.dismiss())
    row.get_by_role("button", name="停用").click()
    assert row.get_by_text("可登录").is_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="停用").click()
    page.get_by_text("已停用，其登录").wait_for()


def test_hostile_titles_stay_text(page: Page, address: str, runtime: Runtime, faults: list[str]) -> None:
    payload = '<img src="x" onerror="document.title=1">\'"><script>document.title=2</script>'
    with runtime.unit(SYSTEM) as unit:
        unit.session.execute(update(Patent).values(title=payload, abstract=payload))
        unit.session.execute(update(Demand).values(title=payload))
    for path in PUBLIC:
        page.goto(address + path)
        assert page.locator("main img:not(.empty-mark)").count() == 0
        assert page.locator("main script").count() == 0
        assert page.title() not in ("1", "2")
    assert faults == []


def test_charts_are_drawn_without_scripts_and_fit_every_width(browser: Browser, runtime: Runtime) -> None:
    app = create_app(runtime)
    lines = (Series("</text></svg><b>x", (1, 2, None, 4)), Series("b", (2, 4, 6, 8)))
    drawn = Chart("month", ("2025-01", "2025-02", "2025-03", "2025-04"), lines, "", Mark(6, "goal"), Mark(2, "end"))
    app.add_url_rule("/charted", "charted", act("site.read")(lambda: render_template_string(CHARTED, drawn=drawn)))
    server = serve(app)
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{next(server)}/charted")
    halo = 5  # of white around words, so that no line crosses them
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        picture = page.locator("svg.chart").bounding_box()
        goal = page.locator("svg.chart line.chart-goal").bounding_box()
        assert picture and goal
        assert abs(goal["x"] - picture["x"]) < 2 and abs(goal["width"] - picture["width"]) < 4  # drawn to the end
        assert page.locator("svg.chart line.chart-end").count() == 1
        for words in page.locator("svg.chart text").all():
            box = words.bounding_box()
            if box is not None and box["width"]:
                assert picture["x"] - halo <= box["x"]
                assert box["x"] + box["width"] <= picture["x"] + picture["width"] + halo
    assert page.locator("main b").count() == 0
    page.get_by_text("以表格查看").click()
    cells = page.locator(".chart-table tbody tr").nth(2)
    assert cells.inner_text().split() == ["2025-03", "—", "6"]
    page.close()
    next(server, None)
