"""In a real browser: learned words are read with their sources and struck out; own patents stand among the reasons."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from matchhub.services.kernel.runtime import Runtime
from tests.services.matching.test_own_patents import OWN, record
from tests.services.matching.test_training import MEANT, SLANG, built_town, taught, town
from tests.services.small_city import SHOES, City
from tests.web.test_enterprise_browser import faults, sign_in, site

__all__ = ["built_town", "faults", "site", "town"]


@pytest.fixture
def runtime(town: City) -> Runtime:
    return town.runtime


def fits(page: Page) -> bool:
    """Nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_words_are_learned_read_and_struck_out(page: Page, site: str, town: City, faults: list[str]) -> None:
    taught(town)
    sign_in(page, site, town, "operator")
    page.goto(f"{site}/matching/calibration")
    page.get_by_role("link", name="学到的词").click()
    page.get_by_role("button", name="立即学习").click()
    row = page.locator("ul.rows > li").filter(has_text=f"{SLANG} → {MEANT}")
    expect(row).to_contain_text("晋江市第0皮革有限公司")
    row.get_by_label(f"划去“{SLANG} → {MEANT}”的理由").fill("巧合")
    row.get_by_role("button", name="划去").click()
    expect(row).to_contain_text("已划去")
    page.set_viewport_size({"width": 390, "height": 800})
    assert fits(page)


def test_an_own_patent_stands_among_the_reasons_on_a_phone(
    page: Page, site: str, town: City, faults: list[str]
) -> None:
    demand = town.post()
    record(town, SHOES, 300)
    sign_in(page, site, town)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site}/enterprise/demands/{demand}")
    match = page.locator(".match").filter(has_text="一种鞋底用水性聚氨酯胶粘剂").first
    match.locator(".match-why summary").click()
    expect(match).to_contain_text(f"与贵单位已有专利《{OWN[0]}》同属 C09J 175")
    assert fits(page)
