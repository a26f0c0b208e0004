"""How a record comes to count: the operator checks and enters what is missing, the bureau confirms with its telephone."""

from __future__ import annotations

import re

import pyotp
from playwright.sync_api import expect

from tests.journey.registering import FIRM, UNIVERSITY
from tests.journey.street import Street, Walker

BUREAU = "reviewer"


def enter_representatives(street: Street) -> None:
    """Not known is not independent: the operator enters who represents the parties, as the register says."""
    operator = street.walker("operator")
    operator.menu("关联关系")
    for party, person in ((FIRM, "林顺风"), (UNIVERSITY, "陈校长")):
        operator.fill(left=party, right=person, evidence="国家企业信用信息公示系统、事业单位法人公示")
        operator.page.select_option("[name=relation]", "legal_representative")
        operator.press("登记")
        expect(operator.page.locator("#relations")).to_contain_text(person)
    operator.look("关联关系")


def operator_confirms(street: Street, waiting: str) -> None:
    """Out of the to-do list into each record: its papers are there, then the operator's own word."""
    operator = street.walker("operator")
    operator.menu("工作台")
    operator.look("待办")
    operator.link(re.compile(waiting), "#todo")
    operator.look("待确认")
    while operator.page.locator("#to-confirm a").count():
        operator.link(re.compile("."), "#to-confirm")
        expect(operator.page.locator("#evidence")).to_contain_text(".pdf")
        operator.press("确认", "#confirm")
        expect(operator.page.locator("#words .said")).to_contain_text("确认")
        operator.look("已确认")
        operator.menu("工作台")
        if not operator.page.locator("#todo", has_text="待确认").count():
            return
        operator.link(re.compile(waiting), "#todo")


def bureau_confirms(street: Street, phone: pyotp.TOTP | None = None) -> pyotp.TOTP:
    """The bureau's own word with a code of its telephone; without one it switches codes on from the record."""
    bureau = street.walker(BUREAU)
    if phone is None:
        bureau.sign_in()
        bureau.look("进度")
    else:
        bureau.menu("进度")
    while bureau.page.locator("#unconfirmed a").count():
        bureau.link(re.compile("等待确认"), "#unconfirmed")
        bureau.look("待确认")
        bureau.link(re.compile("."), "#to-confirm")
        phone = phone or switch_codes_on(bureau)
        street.later(minutes=2)
        bureau.fill("#confirm", code=phone.at(street.city.clock.now))
        bureau.press("确认", "#confirm")
        expect(bureau.page.locator("#words .said")).to_contain_text("动态口令")
        bureau.look("已确认")
        bureau.menu("进度")
    assert phone is not None, "nothing waited for the bureau"
    return phone


def switch_codes_on(bureau: Walker) -> pyotp.TOTP:
    """From the record where a code is wanted to the telephone and back."""
    bureau.link("去启用", "#confirm")
    bureau.fill(password=bureau.password)
    bureau.press("启用")
    bureau.look("动态口令")
    phone = pyotp.TOTP("".join(bureau.page.locator(".code-key").inner_text().split()))
    bureau.fill(code=phone.at(bureau.street.city.clock.now))
    bureau.press("完成启用")
    return phone


def counted(street: Street, threshold: str, *titles: str) -> None:
    """The bureau finds the records among the rows of the number that count strictly."""
    bureau = street.walker(BUREAU)
    bureau.menu("进度")
    bureau.link(re.compile(threshold))
    bureau.link(re.compile(f"{len(titles)} 严格口径"), ".figures")
    bureau.look("严格口径明细")
    for title in titles:
        expect(bureau.page.locator("#rows")).to_contain_text(title)
