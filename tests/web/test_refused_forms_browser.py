"""In a real browser without scripts, as narrow as a telephone: a refused form stands open, filled, with its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.services.desk_base import Base
from tests.web.test_desk_browser import fill, sign_in, site, too_wide

__all__ = ["site"]
BLANK = "   "  # what a browser takes for filled in


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no scripts, 390 px wide."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def fold(page: Page, text: str) -> Locator:
    """The fold whose summary says ``text``."""
    return page.locator("details", has=page.locator("summary", has_text=text))


def refused(page: Page, field: Locator, says: str) -> None:
    """The field is to be seen with its sentence, the summary leads to it, and nothing sticks out of the window."""
    number = field.get_attribute("id")
    expect(field).to_be_visible()
    told = page.locator(f"#{number}-error")
    expect(told).to_be_visible()
    expect(told).to_contain_text(says)
    assert too_wide(page) <= 0
    page.locator("#refused").get_by_role("link", name=re.compile(says)).click()
    assert page.url.endswith(f"#{number}")


def test_a_return_with_a_blank_reason_is_told_in_its_open_fold(plain: Page, site: str, base: Base) -> None:
    fill(base)
    sign_in(plain, site, base, "operator")
    plain.goto(f"{site}/operator/demands/1")
    returning = fold(plain, "退回补充")
    returning.locator("summary").click()
    returning.get_by_label("退回理由").fill(BLANK)
    returning.get_by_role("button", name="退回", exact=True).click()
    refused(plain, plain.get_by_label("退回理由"), "请写明理由")
    plain.get_by_label("退回理由").fill("请写明指标")
    returning.get_by_role("button", name="退回", exact=True).click()
    expect(plain.get_by_text("退回补充").first).to_be_visible()
    expect(plain.locator("#refused")).to_have_count(0)


def test_a_held_row_refused_without_a_reason_is_told_in_its_open_fold(plain: Page, site: str, base: Base) -> None:
    fill(base)
    sign_in(plain, site, base, "operator")
    plain.goto(f"{site}/operator/reviews/1")
    refusing = fold(plain, "拒绝这一行")
    refusing.locator("summary").click()
    refusing.get_by_label("理由").fill(BLANK)
    refusing.get_by_role("button", name="拒绝").click()
    refused(plain, refusing.get_by_label("理由"), "请写明理由")


def test_a_rejection_without_a_note_is_told_at_the_note(plain: Page, site: str, base: Base) -> None:
    fill(base)
    sign_in(plain, site, base, "reviewer")
    plain.goto(f"{site}/bureau/records/patents/1")
    plain.get_by_role("button", name="否决").click()
    refused(plain, plain.get_by_label("说明（否决时必填）"), "请写明理由")


def test_an_entry_that_meets_no_demand_is_told_at_its_field_and_stays(plain: Page, site: str, base: Base) -> None:
    fill(base)
    sign_in(plain, site, base, "operator")
    plain.goto(f"{site}/matching/thesaurus")
    plain.get_by_label("车间的说法").fill("起疙瘩儿")
    plain.get_by_label("专利用词（用顿号隔开）").fill("起球、抗起球")
    plain.get_by_label("可信度").select_option("0.5")
    plain.get_by_role("button", name="预览效果").click()
    refused(plain, plain.get_by_label("或者用一段文字试"), "没有开放的需求提到这个词")
    expect(plain.get_by_label("车间的说法")).to_have_value("起疙瘩儿")
    expect(plain.get_by_label("可信度")).to_have_value("0.5")


def test_a_header_row_that_is_no_number_is_told_at_its_field(plain: Page, site: str, base: Base) -> None:
    sign_in(plain, site, base, "operator")
    plain.goto(f"{site}/intake/")
    plain.get_by_label("资料种类").select_option("enterprises")
    table = {"name": "a.csv", "mimeType": "text/csv", "buffer": "名称,坐落\n晋江某厂,陈埭\n".encode()}
    plain.get_by_label("文件（可多选）").set_input_files(table)  # type: ignore[arg-type]
    plain.get_by_role("button", name="上传并核对").click()
    plain.get_by_role("link", name="读取", exact=True).click()
    fold(plain, "表头不对").locator("summary").click()
    plain.get_by_label("表头在第几行").fill("第一")
    plain.get_by_label("坐落").select_option("address")
    plain.get_by_role("button", name="按更正重新读取").click()
    refused(plain, plain.get_by_label("表头在第几行"), "不是行号")
    expect(plain.get_by_label("表头在第几行")).to_have_value("第一")
    expect(plain.get_by_label("坐落")).to_have_value("address")
