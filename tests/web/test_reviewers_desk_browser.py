"""In a real browser: three clicks at most from the desk to a paper (a phone's photo), and what must be proven stands before the code."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from matchhub.services.evidence.confirmations import confirm
from matchhub.services.evidence.files import store_evidence
from tests.papers import saved, slip
from tests.services.desk_base import Base
from tests.web.test_desk_browser import faults, fill, sign_in, site, too_wide

__all__ = ["faults", "site"]
MOST_CLICKS = 3


@pytest.fixture
def contract(base: Base) -> int:
    """The photo of a contract as a phone takes it (HEIC, which no desktop browser shows), confirmed by the operator."""
    fill(base)
    with base.runtime.unit(base.people["operator"]) as unit:
        photo = store_evidence(unit, "deals", 1, "contract", "合同.heic", saved(slip("HT-1"), "HEIF"))
        confirm(unit, "deals", 1)
    return photo


class Clicks:
    """Clicks links and buttons, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def on(self, place: str, name: str) -> None:
        self.number += 1
        self.page.locator(place).get_by_role("link", name=name).first.click()


@pytest.mark.parametrize("width", [1366, 390])
def test_three_clicks_at_most_lead_from_the_desk_to_a_paper_in_the_page(
    page: Page, site: str, base: Base, contract: int, faults: list[str], width: int
) -> None:
    sign_in(page, site, base, "reviewer")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/bureau/")
    page.wait_for_load_state("networkidle")
    assert too_wide(page) <= 0
    clicks = Clicks(page)
    clicks.on("#waiting", "一种")
    paper = page.locator(f'#confirm img[src="/bureau/evidence/{contract}/pages/1"]')
    paper.scroll_into_view_if_needed()
    expect(paper).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 0", arg=paper.element_handle())
    assert clicks.number <= MOST_CLICKS
    assert too_wide(page) <= 0
    above = page.evaluate(
        "() => { const top = each => document.querySelector(each).getBoundingClientRect().top;"
        " return [top('#confirm img'), top('#lacking'), top('#confirm [name=note]')]; }"
    )
    assert above == sorted(above), "papers, what lacks, then the word"


def test_the_changes_are_gone_through_once(page: Page, site: str, base: Base, contract: int, faults: list[str]) -> None:
    sign_in(page, site, base, "reviewer")
    page.goto(f"{site}/bureau/")
    expect(page.locator("#changed")).to_contain_text("您还没有看过")
    page.locator("#changed").get_by_role("link", name="查看并标记已看").click()
    page.get_by_role("button", name="已看过这些变化").click()
    page.wait_for_url("**/bureau/")
    expect(page.locator("#changed")).to_contain_text("没有记录的认定发生变化")
