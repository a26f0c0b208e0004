"""From a demand to a paid deal that the other party bears out, by the people of a street."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journey.registering import OFFICER, OWNER, TITLES
from tests.journey.street import Street

PROBLEM = "运动鞋在潮湿环境穿着后鞋底与鞋面开胶，需要更耐水的胶粘剂。"
ANSWERS = {"object": "运动鞋鞋底", "text": PROBLEM, "aim": "提高鞋底与鞋面的剥离强度，剥离强度≥4 N/mm"}


def post_demand(street: Street) -> None:
    """Three questions; the session ends in the middle of the form, and nothing typed is lost."""
    owner = street.walker(OWNER)
    owner.menu("我的需求")
    owner.link("发布第一条需求")
    owner.look("三个问题")
    owner.fill(object=ANSWERS["object"], text=ANSWERS["text"])
    expect(owner.page.locator("#draft-kept")).to_contain_text("草稿已保存")
    owner.settle()
    street.later(hours=13)
    owner.fill(aim=ANSWERS["aim"])
    expect(owner.page.locator("dialog[open]")).to_be_visible()
    owner.look("再输密码")
    owner.again()
    assert owner.page.locator("[name=aim]").input_value() == ANSWERS["aim"], "what was typed last is lost"
    expect(owner.page.locator("#draft")).to_contain_text(TITLES[0])
    owner.fill(authorised_by="林老板")
    owner.page.locator("[name=authorised]").check()
    owner.press("发布并查看匹配")
    expect(owner.page.locator(".matches .match").first).to_contain_text(TITLES[0])
    assert PROBLEM in owner.page.content(), "what was typed before the session ended is lost"
    owner.look("需求和匹配")


def ask_contact(street: Street) -> None:
    """The owner looks at the best patent, why it matches, and asks for contact."""
    owner = street.walker(OWNER)
    owner.link("查看专利")
    expect(owner.page.locator(".reasons")).to_be_visible()
    owner.look("为什么匹配")
    owner.press("提交对接意向")
    expect(owner.page.locator("#messages")).to_be_visible()
    owner.look("对接")


def answer(street: Street) -> None:
    """The officer reads demand, match and reasons in the thread and takes a prepared reply; both exchange contacts."""
    officer, owner = street.walker(OFFICER), street.walker(OWNER)
    officer.menu("对接")
    officer.look("对接列表")
    officer.link(re.compile("鞋底"), "#threads")
    main = officer.page.locator("main")
    expect(main).to_contain_text(PROBLEM)
    expect(main).to_contain_text(TITLES[0])
    expect(officer.page.locator(".reasons").first).to_be_attached()
    officer.look("企业的需求")
    officer.page.locator(".replies a").first.click()
    said = officer.page.locator("#write [name=text]").input_value()
    assert said
    officer.press("发送", "#write")
    expect(officer.page.locator("#messages li").last).to_contain_text(said[:10])
    officer.press("同意互换联系方式", "#contact")
    owner.menu("对接")
    owner.look("对接列表")
    owner.link(re.compile("鞋底"), "#threads")
    expect(owner.page.locator("#messages")).to_contain_text(said[:10])
    if owner.page.get_by_role("button", name="同意互换联系方式").count():
        owner.press("同意互换联系方式", "#contact")
    owner.press("查看联系方式", "#contact")
    expect(owner.page.locator("#contact")).to_contain_text("0595-26661234")
    owner.look("联系方式")


def close_deal(street: Street) -> None:
    """Opened out of the thread, signed the day after, registered, paid, with a file each: the page says what is next."""
    owner = street.walker(OWNER)
    owner.link("由此建立交易", "#deal")
    owner.page.select_option("select[name=deal_type]", "ordinary_licence")
    owner.look("新建交易")
    owner.press("建立")
    expect(owner.page.locator("#findings")).to_contain_text("没有发现问题")
    expect(owner.page.locator("#next")).to_contain_text("登记签订")
    owner.look("交易")
    street.later(days=1)
    owner.fill("#sign", contract_number="HT-2025-001", signed_on=street.today, amount_yuan="8万")
    owner.fill("#sign", file=street.paper("合同"))
    owner.press("登记签订", "#sign")
    owner.again()
    expect(owner.page.locator("#sign")).to_have_count(0)
    owner.look("已签订")
    for stage, official in (("registered", "EE01-2025-1"), ("contract_registered", "2025350500001234")):
        if not owner.page.locator("#step").is_visible():
            owner.page.locator("summary", has_text="登记办理结果").click()
        owner.page.select_option("#step select[name=to]", stage)
        owner.fill("#step", on=street.today, number=official, file=street.paper(official))
        owner.press("登记", "#step")
        expect(owner.page.locator("#life")).to_contain_text(official)
    owner.link("登记付款", "#next")
    owner.fill("#pay", paid_on=street.today, amount_yuan="80000", file=street.paper("付款凭证"))
    owner.press("登记付款", "#pay")
    expect(owner.page.locator("h1")).to_contain_text("付款")
    expect(owner.page.locator("#next")).to_contain_text("等待运营机构和主管部门各一人确认")
    owner.look("已付款")


def say_so(street: Street) -> None:
    """The other party is told, opens what was asked of it, and says its word."""
    officer = street.walker(OFFICER)
    officer.menu("机构工作台")
    officer.look("请您答复")
    expect(officer.page.locator("#asked li").first).to_be_visible()
    while officer.page.locator("#asked li").count():
        officer.page.locator("#asked a").first.click()
        officer.look("待答复")
        officer.press("属实", "#parties")
        officer.look("答复")
        officer.menu("机构工作台")


def see_it_counts(street: Street) -> None:
    """The owner finds its deal, and that it counts."""
    owner = street.walker(OWNER)
    owner.menu("成交与许可")
    owner.look("成交与许可")
    owner.link(re.compile(TITLES[0]))
    expect(owner.page.locator("#next")).to_contain_text("已按严格口径计入")
    owner.look("已计入")
