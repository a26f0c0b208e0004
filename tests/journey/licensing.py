"""From a university's list to licences that count: annuities told, several declared at once, accepted, paid, filed."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from tests.journey.registering import OFFICER, OWNER, TITLES
from tests.journey.street import Street


def tell_annuities(street: Street) -> None:
    """The officer downloads the sheet of its own patents, fills in the annuities and sends it back."""
    officer = street.walker(OFFICER)
    officer.link("查看是否已核实")
    officer.menu("我的专利")
    officer.look("我的专利")
    officer.link("清单导入")
    officer.look("清单导入")
    with officer.page.expect_download() as loading:
        officer.page.get_by_role("link", name="下载填报表").click()
    sheet = street.papers / "年费.xlsx"
    loading.value.save_as(sheet)
    fill_in(sheet, "年费已缴至", "2026-07-21")
    officer.fill(files=sheet)
    officer.press("上传并预览")
    officer.look("预览清单")
    officer.press("写入")
    expect(officer.page.locator("main")).to_contain_text("3")
    officer.look("已写入清单")


def fill_in(sheet: Path, heading: str, value: str) -> None:
    """Write a value into one column of every row."""
    book = openpyxl.load_workbook(sheet)
    rows = book.worksheets[0]
    (place,) = [cell.column for cell in rows[1] if heading in str(cell.value)]
    for at in range(2, rows.max_row + 1):
        rows.cell(at, place, value)
    book.save(sheet)


def declare_many(street: Street) -> None:
    """Two patents are ticked in the list and declared together: checked one by one, then one act."""
    officer = street.walker(OFFICER)
    officer.menu("我的专利")
    for title in TITLES[1:]:
        officer.page.get_by_label(f"选中《{title}》").check()
    officer.press("批量声明开放许可")
    officer.look("批量声明")
    officer.page.select_option("[name=regime]", "cnipa")
    officer.page.select_option("[name=fee_method]", "fixed")
    officer.page.select_option("[name=annuity]", "yes")
    officer.fill(announcement_number="2025-0601", fee_yuan="2万", valid_from_on=street.today, valid_to_on="2027-06-01")
    officer.fill(industry="鞋服", industry_reason="鞋底防滑、鞋垫透气是本市制鞋业的共性问题")
    officer.press("核对")
    officer.look("逐件核对")
    officer.press("声明 2 件")
    expect(officer.page.locator("main")).to_contain_text("声明")
    officer.look("已声明")


def accept(street: Street, title: str) -> None:
    """The owner finds the offer, accepts it in writing, pays and files, with a paper each."""
    owner = street.walker(OWNER)
    owner.menu("开放许可")
    owner.look("开放许可项目")
    owner.link(title)
    owner.look("项目")
    owner.press("书面通知接受")
    owner.arrive()
    expect(owner.page.locator("#next")).to_contain_text("支付许可费")
    owner.look("已接受")
    owner.link("登记付款", "#next")
    owner.fill("#pay", paid_on=street.today, paid_yuan="20000", file=street.paper("许可费回单"))
    owner.press("登记付款", "#pay")
    owner.link("登记备案", "#next")
    owner.look("已付款")
    owner.fill("#filing", number="BA-2025-0001", filed_on=street.today, file=street.paper("备案证明"))
    owner.press("登记备案", "#filing")
    expect(owner.page.locator("#next")).to_contain_text("等待运营机构和主管部门各一人确认")
    owner.look("已备案")


def see_it_counts(street: Street, title: str) -> None:
    """The owner finds its licence, and that it counts."""
    owner = street.walker(OWNER)
    owner.menu("成交与许可")
    owner.link(re.compile(title))
    expect(owner.page.locator("#next")).to_contain_text("已按严格口径计入")


def find_and_keep(street: Street) -> None:
    """Patents are searched, one is starred, two are compared, and the search is kept."""
    owner = street.walker(OWNER)
    owner.menu("专利")
    owner.fill(q="鞋底")
    owner.press("检索")
    owner.look("检索专利")
    owner.press(re.compile("^关注"))
    expect(owner.page.locator("main")).to_contain_text("已关注")
    for box in owner.page.locator("main input[name=p]").all()[:2]:
        box.check()
    owner.press("比较所选")
    expect(owner.page.locator(".compared-one")).to_have_count(2)
    owner.look("比较")
    owner.page.go_back()
    owner.press("保存检索并提醒")
    owner.look("已保存检索")
    owner.account("已保存的检索")
    expect(owner.page.locator("main")).to_contain_text("鞋底")
