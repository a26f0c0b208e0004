"""In a real browser: files as a clerk drops them in, corrected, tried, written, cancelled, sent again, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from matchhub.db.tables import Enterprise, HeaderMemory, Patent
from matchhub.services.imports.running import run_waiting_imports
from tests.services.desk_base import Base, code, number
from tests.web.test_desk_browser import faults, sign_in, site, too_wide
from tests.web.test_intake_files import two_sheets

__all__ = ["faults", "site"]
Send = Callable[..., None]


@pytest.fixture
def send(page: Page, site: str, base: Base, faults: list[str]) -> Send:
    """Drops files in as the operator."""
    sign_in(page, site, base, "operator")

    def drop(kind: str, *files: Path, source: str = "") -> None:
        page.goto(f"{site}/intake/")
        page.get_by_label("资料种类").select_option(label=kind)
        page.get_by_label("文件（可多选）").set_input_files(list(files))
        page.get_by_label("来源（可不填）").fill(source)
        page.get_by_role("button", name="上传并核对").click()

    return drop


def press(page: Page, base: Base, name: str, heading: str) -> None:
    """Press the button that queues a job, let the worker do it, and see how it ended."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url("**/intake/jobs/*")
    assert run_waiting_imports(base.runtime) == 1
    expect(page.locator("#progress h2")).to_have_text(heading)


def rows_of(base: Base, table: Any) -> int:
    with base.runtime.unit(write=False) as unit:
        return unit.session.execute(select(func.count()).select_from(table)).scalar_one()


def as_file(folder: Path, name: str, *lines: str) -> Path:
    place = folder / name
    place.write_text("\n".join(lines), "utf-8-sig")
    return place


def test_a_wrong_kind_and_strange_headers_are_put_right_tried_written_and_remembered(
    page: Page, send: Send, base: Base, tmp_path: Path
) -> None:
    header = "企业名称,信用代码十八位,坐落"
    send(
        "专利",
        as_file(tmp_path, "名单.csv", header, f"晋江市甲乙鞋业有限公司,{code(1)},陈埭镇", "某某,12,x"),
        source="某局",
    )
    page.get_by_role("button", name="改按“企业”导入").click()
    page.get_by_role("button", name=re.compile("采用：统一社会信用代码")).click()
    expect(page.get_by_label("信用代码十八位")).to_have_value("uscc")
    page.get_by_label("坐落").select_option(label="地址")
    page.get_by_role("button", name="按更正重新读取").click()
    expect(page.get_by_text("人工确认")).to_have_count(2)
    expect(page.locator(".first-records")).to_contain_text("陈埭镇")
    press(page, base, "试算（不写入）", "试算结果")
    expect(page.locator(".sums")).to_contain_text("读取2")
    assert rows_of(base, Enterprise) == 0
    press(page, base, "写入", "写入结果")
    assert rows_of(base, Enterprise) == 1 and rows_of(base, HeaderMemory) == 1
    send("企业", as_file(tmp_path, "下月.csv", header, f"晋江市丙丁鞋业有限公司,{code(2)},青阳"), source="某局")
    expect(page.get_by_text("按记住或更正的含义读取")).to_be_visible()
    expect(page.get_by_label("坐落")).to_have_value("address")


def test_sheets_of_a_workbook_are_chosen_and_corrected_one_by_one(
    page: Page, send: Send, base: Base, tmp_path: Path
) -> None:
    book = tmp_path / "两张.xlsx"
    book.write_bytes(two_sheets())
    send("企业", book)
    second, hidden = page.locator("[data-table='二']"), page.locator("[data-table='旧']")
    expect(hidden.get_by_role("checkbox")).not_to_be_checked()
    hidden.get_by_role("checkbox").check()
    second.get_by_text("各列含义（3 列）").click()
    second.get_by_label("厂家叫法").select_option(label="名称")
    second.get_by_label("号牌").select_option(label="统一社会信用代码")
    second.get_by_text("表头不对？").click()
    expect(second.locator(".is-header")).to_contain_text("厂家叫法")
    second.get_by_label("表头在第几行").fill("1")
    page.get_by_role("button", name="按更正重新读取").click()
    expect(second.get_by_role("checkbox")).to_be_checked()
    expect(page.locator("[data-table='封面']").get_by_role("checkbox")).not_to_be_checked()
    press(page, base, "写入", "写入结果")
    expect(page.locator(".sums")).to_contain_text("新增3")


def test_what_is_no_table_is_refused_in_words_at_once(page: Page, site: str, base: Base, tmp_path: Path) -> None:
    sign_in(page, site, base, "operator")
    picture, good = tmp_path / "照片.xlsx", as_file(tmp_path, "好.csv", "企业名称", "甲")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 64)
    page.goto(f"{site}/intake/")
    page.get_by_label("文件（可多选）").set_input_files([picture, good])
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("alert")).to_contain_text("“照片.xlsx”是图片")
    expect(page.get_by_text("没有写入任何内容")).to_be_visible()
    assert [each for each in (base.runtime.home / "uploads").rglob("*") if each.is_file()] == []


def test_an_import_is_cancelled_before_its_end(page: Page, send: Send, base: Base, tmp_path: Path) -> None:
    send("企业", as_file(tmp_path, "名单.csv", "企业名称,统一社会信用代码", f"晋江市甲乙鞋业有限公司,{code(1)}"))
    page.get_by_role("button", name="写入", exact=True).click()
    expect(page.locator("#progress")).to_contain_text("排队等待")
    expect(page.locator("progress")).to_be_visible()
    page.get_by_role("button", name="取消").click()
    expect(page.locator("#progress")).to_contain_text("正在取消")
    run_waiting_imports(base.runtime)
    expect(page.locator("#progress .card-actions")).to_have_text("已取消")
    assert rows_of(base, Enterprise) == 0


def test_problems_are_downloaded_corrected_and_dropped_in_again(
    page: Page, send: Send, base: Base, tmp_path: Path
) -> None:
    lines = ("申请号,专利名称", f"{number(1)},一种防滑鞋底", "2.01E+12,一种坏号")
    send("专利", as_file(tmp_path, "专利.csv", *lines))
    press(page, base, "写入", "写入结果")
    expect(page.locator("#progress")).to_contain_text("第 3 行")
    page.get_by_role("link", name="查看批次").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载问题表").click()
    assert waiting.value.suggested_filename == "problems-1.xlsx"
    corrected = tmp_path / "更正.xlsx"
    waiting.value.save_as(corrected)
    book = openpyxl.load_workbook(corrected)
    book.worksheets[0].cell(2, 1).value = number(2)
    book.save(corrected)
    send("专利", corrected)
    press(page, base, "写入", "写入结果")
    expect(page.locator(".sums")).to_contain_text("新增1")
    assert rows_of(base, Patent) == 2


def test_similar_names_are_one_firm_or_two_and_a_decision_is_taken_back(
    page: Page, send: Send, base: Base, tmp_path: Path
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    lines = ("企业名称,法定代表人", "晋江市恒安达鞋塑科技有限公司,林", "晋江恒安达鞋塑科技有限责任公司,林",
             "晋江市大唐伞业有限公司,王", "晋江大唐伞业公司,王")  # fmt: skip
    send("企业", as_file(tmp_path, "近名.csv", *lines))
    press(page, base, "写入", "写入结果")
    page.get_by_role("link", name="发现 2 对名称相似的记录").click()
    page.get_by_role("link", name="对照").first.click()
    expect(page.locator(".table-warning")).to_contain_text("名称")
    page.get_by_role("button", name="是同一个，合并").click()
    expect(page.get_by_text("判定已保存")).to_be_visible()
    page.get_by_role("button", name="以后再说").click()
    page.get_by_role("link", name="对照").first.click()
    page.get_by_role("button", name="不是同一个", exact=True).click()
    expect(page.get_by_text("没有待判定的相似记录")).to_be_visible()
    page.get_by_role("link", name="已判定").click()
    page.get_by_role("row", name="恒安达").get_by_role("link", name="对照").click()
    page.get_by_role("button", name="收回判定").click()
    expect(page.get_by_role("button", name="是同一个，合并")).to_be_visible()


def test_a_batch_is_taken_back_with_its_reason(page: Page, send: Send, base: Base, tmp_path: Path) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    firms = [
        as_file(tmp_path, f"{at}.csv", "企业名称,统一社会信用代码", f"晋江市甲乙{at}鞋业有限公司,{code(at)}")
        for at in (1, 2)
    ]
    send("企业", *firms)
    press(page, base, "写入", "写入结果")
    page.get_by_role("link", name="撤销整批").click()
    page.get_by_label("理由").fill("传错了")
    page.get_by_role("button", name="撤销整批").click()
    expect(page.locator("#undone")).to_contain_text("传错了")
    page.get_by_role("link", name="批次", exact=True).click()
    expect(page.get_by_role("row", name="1.csv、2.csv")).to_contain_text("已撤销")


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_intake_fits_the_window(
    page: Page, site: str, send: Send, base: Base, tmp_path: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    long = "一个非常长而且没有任何空格的工作表列名" * 3
    row = f"晋江市甲乙鞋业有限公司,{code(1)},{'很长的地址' * 20}"
    send("企业", as_file(tmp_path, "很长的文件名称" * 8 + ".csv", f"企业名称,统一社会信用代码,{long}", row, "坏,12,x"))
    expect(page.locator("#preview-form")).to_be_visible()
    page.locator("summary").evaluate_all("all => all.forEach(each => each.click())")
    assert too_wide(page) <= 0
    press(page, base, "写入", "写入结果")
    assert too_wide(page) <= 0
    for path in ("/intake/", "/intake/batches", "/operator/batches/1", "/intake/batches/1/undo", "/intake/pairs",
                 "/intake/origins/enterprises/1"):  # fmt: skip
        page.goto(f"{site}{path}")
        assert too_wide(page) <= 0, path
