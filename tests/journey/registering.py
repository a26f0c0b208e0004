"""How people of a street get in: they register, the operator confirms them, lists are imported, a colleague joins."""

from __future__ import annotations

from playwright.sync_api import expect

from matchhub.services.imports.running import run_waiting_imports
from tests.domain.factories import number, uscc
from tests.journey.street import Street, Walker

FIRM, UNIVERSITY = "晋江市顺风鞋业有限公司", "闽南工业大学"
OWNER, OFFICER, COLLEAGUE = "shunfeng", "mgd", "mgd2"
TITLES = ("一种耐水解鞋底胶粘剂及其制备方法", "一种鞋底防滑纹路成型方法", "一种透气鞋垫")
ABSTRACTS = (
    "本发明公开了一种耐水解鞋底胶粘剂，提高潮湿环境下鞋底与鞋面的剥离强度，避免开胶。",
    "本发明公开了一种鞋底防滑纹路成型方法，提高湿滑地面的摩擦系数。",
    "本发明公开了一种透气鞋垫，吸湿排汗，久穿不闷。",
)


def register_firm(street: Street) -> Walker:
    """The owner of a firm, on the telephone."""
    owner = street.walker(OWNER)
    owner.look("首页")
    owner.page.locator("header").get_by_role("link", name="企业注册").click()
    owner.fill(uscc=uscc(7), name=FIRM, contact_name="林老板", contact_phone="0595-85551234")
    owner.fill(contact_email="lin@shunfeng.example", login=OWNER, password=owner.password)
    owner.page.locator("[name=consent]").check()
    owner.look("注册")
    owner.press("注册并登录")
    expect(owner.page.locator("main")).to_contain_text("注册成功")
    owner.look("注册后")
    return owner


def register_university(street: Street) -> Walker:
    """The officer of a university; the account waits until the operator has seen a paper."""
    officer = street.walker(OFFICER)
    officer.page.locator("header").get_by_role("link", name="企业注册").click()
    officer.link("高校院所")
    officer.fill(uscc=uscc(8), name=UNIVERSITY, contact_name="陈老师", contact_phone="0595-26661234")
    officer.fill(contact_email="chen@mgd.example", department="科技处", login=OFFICER, password=officer.password)
    officer.page.locator("[name=consent]").check()
    officer.look("注册")
    officer.press("注册并登录")
    expect(officer.page.locator("h1")).to_contain_text("账号待核实")
    officer.look("注册后")
    return officer


def import_list(street: Street) -> None:
    """The operator imports the university's patents, as the office's list has them, with the worker's help."""
    operator = street.walker("operator")
    operator.sign_in()
    operator.look("工作台")
    operator.menu("导入")
    header = "申请号,专利名称,摘要,专利类型,专利权人,主分类号,申请日,授权公告日,法律状态,法律状态日期"
    rows = [
        f"{number(at)},{title},{abstract},发明专利,{UNIVERSITY},A43B 13/22,2017-07-21,2019-05-03,有效,2025-05-20"
        for at, (title, abstract) in enumerate(zip(TITLES, ABSTRACTS, strict=True), 61)
    ]
    file = street.papers / "专利清单.csv"
    file.write_text("\n".join([header, *rows]), "utf-8-sig")
    operator.page.get_by_label("资料种类").select_option(label="专利")
    operator.page.get_by_label("文件（可多选）").set_input_files(file)
    operator.page.get_by_label("文件类别").select_option(index=1)
    operator.fill(issuer="国家知识产权局", issued_on=street.today)
    operator.look("导入")
    operator.press("上传并核对")
    write = operator.page.get_by_role("button", name="写入", exact=True)
    expect(write).to_be_visible()
    operator.look("核对")
    write.click()
    expect(operator.page.locator("#progress")).to_be_visible()
    assert run_waiting_imports(street.city.runtime) == 1
    expect(operator.page.locator("#progress h2")).to_have_text("写入结果")
    operator.look("导入完成")


def confirm_accounts(street: Street) -> None:
    """The operator finds both out of its list of what waits."""
    operator = street.walker("operator")
    operator.menu("工作台")
    operator.look("待办")
    operator.page.locator("#todo a", has_text="注册").first.click()
    for name in (FIRM, UNIVERSITY):
        row = operator.page.locator("main li", has=operator.page.get_by_role("link", name=name, exact=True))
        row.get_by_label("核实方式（不通过的写明理由）").fill("拨打公示电话，法定代表人确认")
        row.locator("input[type=file]").set_input_files(street.paper(f"授权书 {name}"))
        for box in row.locator("input[type=checkbox]").all():
            box.check()
        operator.look("核实")
        row.get_by_role("button", name="核实通过").click()
        expect(operator.page.locator("main li", has_text=name)).to_have_count(0)


def invite_colleague(street: Street) -> Walker:
    """The officer hands a link over; a colleague opens an account by it."""
    officer = street.walker(OFFICER)
    officer.page.locator(".app-brand").click()
    officer.account("本单位账号")
    officer.fill(name="黄老师", department="法务处")
    officer.press("生成邀请链接")
    officer.look("邀请")
    link = officer.page.get_by_label("邀请链接").input_value()
    colleague = street.walker(COLLEAGUE)
    # A link that was handed over is opened as it is: it is this colleague's first page.
    colleague.page.goto(street.site + link[link.index("/account/") :])
    colleague.look("开通账号")
    colleague.fill(display_name="黄老师", login=COLLEAGUE, password=colleague.password)
    colleague.page.locator("[name=consent]").check()
    colleague.press("开通并登录")
    colleague.menu("我的专利")
    expect(colleague.page.locator("main")).to_contain_text(TITLES[0])
    colleague.look("我的专利")
    return colleague


def match_anew(street: Street) -> None:
    """What was imported is found from now on."""
    operator = street.walker("operator")
    operator.menu("推送")
    operator.press("现在匹配")
    expect(operator.page.locator("main")).to_contain_text("匹配")
    operator.look("推送")
