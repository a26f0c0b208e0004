"""In a real browser: a demand all the way to a counted deal, and an open licence to three counted ones, each step by
the account whose step it is."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from matchhub.db.tables import Account, Confirmation, Enterprise
from matchhub.services.accounts.accounts import add_account
from tests.browser import unfold
from tests.journey.deal_city import DealCity, confirmed, telephone, town
from tests.papers import letter
from tests.services.small_city import COLLEGE, PATENTS, SHOES, UMBRELLAS, ZIPPERS, built_city, city
from tests.services.speaking import let_speak
from tests.web.people import session_of
from web.signing import COOKIE

__all__ = ["built_city", "city", "town"]

GLUE, SOLE = PATENTS[0][0], PATENTS[1][0]
PROBLEM = "运动鞋在潮湿环境穿着后鞋底与鞋面开胶，需要更好的胶粘剂。"


@dataclass
class Street:
    """The people of the city, each at a browser of their own; ``papers`` holds the files they send."""

    browser: Browser
    town: DealCity
    site: str
    papers: Path
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def at(self, who: str, path: str) -> Page:
        """A page of one of the accounts, signed in anew: the clock of the city may have run past the last session."""
        if who not in self.contexts:
            self.contexts[who] = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        context = self.contexts[who]
        for old in context.pages:
            old.close()
        context.add_cookies([{"name": COOKIE, "value": session_of(self.town.city.runtime, who), "url": self.site}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.faults.append(f"{who} {path}: {error}"))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{self.site}{path}")
        return page

    def paper(self, name: str) -> Path:
        """A scan of its own."""
        file = self.papers / f"{name}.pdf"
        file.write_bytes(letter(f"scan of {name}"))
        return file

    @property
    def today(self) -> str:
        """The day it is, as a date field takes it."""
        return self.town.today.isoformat()


@pytest.fixture
def street(browser: Browser, town: DealCity, tmp_path: Path) -> Iterator[Street]:
    server = make_server("127.0.0.1", 0, town.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    papers = tmp_path / "papers"
    papers.mkdir()
    found = Street(browser, town, f"http://127.0.0.1:{server.server_port}", papers)
    yield found
    for context in found.contexts.values():
        context.close()
    server.shutdown()
    thread.join()
    assert found.faults == []


def number_in(page: Page) -> int:
    """The number at the end of the address a page has."""
    return int(page.url.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[1])


def post_the_demand(street: Street) -> int:
    page = street.at("shoes", "/enterprise/demands/new")
    page.locator("#more > summary").click()
    page.get_by_label("需求名称").fill("运动鞋鞋底开胶")
    page.get_by_label("遇到什么问题").fill(PROBLEM)
    page.get_by_label("可衡量的指标").fill("剥离强度 ≥ 4 N/mm")
    page.locator("[name=object]").fill("运动鞋鞋底")
    page.locator("[name=aim]").fill("提高鞋底与鞋面的剥离强度")
    page.locator("[name=technical_field]").fill("胶粘剂")
    page.locator("[name=valid_until_on]").fill("2026-06-01")
    page.locator("[name=contact_name]").fill("王小明")
    page.locator("[name=contact_phone]").fill("0595-12345678")
    page.locator("[name=contact_email]").fill("wang@shoes.example")
    page.get_by_label("许可").check()
    page.locator("[name=authorised]").check()
    page.locator("[name=authorised_by]").fill("王小明")
    page.get_by_role("button", name="发布并查看匹配").click()
    expect(page.locator(".matches .match").first).to_contain_text(GLUE)
    return number_in(page)


def verify_match_and_send(street: Street, demand: int) -> None:
    """The operator calls the firm, then matches, plans and sends, each by a button."""
    page = street.at("operator", f"/operator/demands/{demand}")
    page.locator("[name=how][value=call]").check()
    form = page.locator("form[action$='/verify']")
    for name, said in (("spoken_to", "王小明"), ("spoken_post", "厂长"), ("on", street.today), ("note", "属实")):
        form.locator(f"[name={name}]").fill(said)
    page.locator("form[action$='/verify'] button").click()
    expect(page.get_by_text("已核实").first).to_be_visible()
    page = street.at("operator", "/operator/pushes")
    page.get_by_role("button", name="现在匹配").click()
    page.get_by_role("button", name="生成推送计划").click()
    page.get_by_role("button", name=re.compile("全部确认")).click()
    expect(page.get_by_role("button", name=re.compile("全部确认"))).to_have_count(0)
    page = street.at("operator", "/operator/pushes")
    expect(page.locator(".push-card").first).to_contain_text(SHOES)
    page.locator("form[action$='/pushes/send'] button").click()
    page.wait_for_url("**state=delivered**")
    expect(page.locator(".push-card", has_text=GLUE).first).to_contain_text("送达")


def answer_and_talk(street: Street) -> str:
    """The firm answers out of its inbox; both write and agree; the path of their thread."""
    page = street.at("shoes", "/enterprise/inbox")
    page.get_by_role("link", name=GLUE).first.click()
    page.get_by_role("button", name="想联系").first.click()
    expect(page.locator(".answered").first).to_contain_text("想联系")
    holder = street.at("college", "/trade/")
    holder.locator("#threads tbody a").first.click()
    holder.fill("#messages textarea[name=text]", "可以提供小试样品。")
    holder.click("#messages button[type=submit]")
    expect(holder.locator("#messages")).to_contain_text("可以提供小试样品")
    assert SHOES not in holder.content(), "the firm is named before both agreed"
    thread = holder.url.removeprefix(street.site).split("?")[0].split("#")[0]
    for who in ("shoes", "college"):
        page = street.at(who, thread)
        page.click("#contact button[type=submit]")
    page.get_by_role("button", name="查看联系方式").click()
    expect(page.locator("#contact")).to_contain_text("0595-12345678")
    return thread


def close_the_deal(street: Street, thread: str) -> int:
    """Opened out of the thread, signed the day after, filed, its technical contract registered, paid."""
    page = street.at("shoes", thread)
    page.click("#deal a.btn")
    page.select_option("select[name=deal_type]", "ordinary_licence")
    page.click("main button[type=submit]")
    expect(page.locator("#findings")).to_contain_text("没有发现问题")
    deal = number_in(page)
    street.town.city.clock.forward(days=1)
    page = street.at("shoes", f"/trade/deals/{deal}")
    page.fill("#sign input[name=contract_number]", "HT-2025-001")
    page.fill("#sign input[name=signed_on]", street.today)
    page.fill("#sign input[name=amount_yuan]", "80000")
    page.set_input_files("#sign input[name=file]", street.paper("合同"))
    page.click("#sign button[type=submit]")
    for stage, number in (("registered", "EE01-2025-1"), ("contract_registered", "2025350500001234")):
        unfold(page, "step")
        page.select_option("#step select[name=to]", stage)
        page.fill("#step input[name=on]", street.today)
        page.fill("#step input[name=number]", number)
        page.set_input_files("#step input[name=file]", street.paper(number))
        page.click("#step button[type=submit]")
        expect(page.locator("#life")).to_contain_text(number)
    unfold(page, "pay")
    page.fill("#pay input[name=paid_on]", street.today)
    page.fill("#pay input[name=amount_yuan]", "80000")
    page.set_input_files("#pay input[name=file]", street.paper("付款凭证"))
    page.click("#pay button[type=submit]")
    expect(page.locator("h1")).to_contain_text("付款")
    return deal


def confirm_by_two(street: Street, deal: int) -> Page:
    """The operator's word, then the bureau's with a one-time code; the bureau's page of the deal."""
    street.town.city.clock.forward(hours=2)
    page = street.at("operator", f"/bureau/records/deals/{deal}")
    expect(page.locator("#verdict")).not_to_contain_text("按严格口径计入")
    page.locator("#words").get_by_role("button", name="确认", exact=True).click()
    expect(page.locator("#words .said")).to_contain_text("operator")
    phone = telephone(street.town, "reviewer")
    page = street.at("reviewer", f"/bureau/records/deals/{deal}")
    page.fill("#confirmation-code", phone.at(street.town.city.clock.now))
    page.locator("#words").get_by_role("button", name="确认", exact=True).click()
    expect(page.locator("#words .said")).to_contain_text("动态口令")
    return page


def test_a_demand_posted_in_the_browser_becomes_a_counted_deal_by_four_accounts(street: Street) -> None:
    demand = post_the_demand(street)
    verify_match_and_send(street, demand)
    thread = answer_and_talk(street)
    deal = close_the_deal(street, thread)
    page = confirm_by_two(street, deal)
    expect(page.locator("#verdict")).to_contain_text("按严格口径计入")
    page = street.at("reviewer", "/bureau/thresholds/invention_deals")
    expect(page.locator("#rows")).to_contain_text(GLUE)
    assert street.town.verdict("deals", deal).strict
    chain = street.at("college", f"/trade/deals/{deal}").locator("#chain").text_content() or ""
    places = [chain.index(word) for word in ("发布需求", "匹配", "推送", "答复推送", "签订合同")]
    assert places == sorted(places)
    with street.town.city.unit() as unit:
        by = select(Account.login).join(Confirmation, Confirmation.account_id == Account.id)
        assert set(unit.session.execute(by).scalars()) == {"operator", "reviewer"}


def three_local_firms(street: Street) -> None:
    """An account for the third firm; all three are of this city, decided by hand."""
    with street.town.city.unit() as unit:
        for each in unit.session.execute(select(Enterprise)).scalars():
            each.local, each.local_decided_by = True, "hand"
        firm = unit.session.execute(select(Enterprise.id).where(Enterprise.name == ZIPPERS)).scalar_one()
        add_account(
            unit,
            login="zippers",
            display_name="zippers",
            role="enterprise",
            organisation_name=ZIPPERS,
            organisation_kind="enterprise",
            password="a fine long sentence",
            enterprise_id=firm,
        )
        let_speak(unit, ["zippers"])


def declare_the_offer(street: Street) -> int:
    """The holder looks at the checklist, then publishes."""
    page = street.at("college", "/trade/offers/new")
    page.fill("#declaration-number", street.town.number(SOLE))
    page.fill("#declaration-announcement_number", "2025-0601")
    page.fill("#declaration-fee_yuan", "20000")
    page.fill("#declaration-valid_from_on", "2025-06-01")
    page.fill("#declaration-valid_to_on", "2027-06-01")
    page.fill("#declaration-industry", "制鞋")
    page.fill("#declaration-industry_reason", "鞋底防滑是本市制鞋业的共性问题")
    page.select_option("#declaration-annuity", "yes")
    page.check("input[name=all_owners]")
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.locator("#checks")).to_contain_text("专利法第五十条")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("h1")).to_contain_text("开放中")
    return number_in(page)


def take_a_licence(street: Street, who: str, offer: int) -> int:
    """Written notice, payment with its proof, filing."""
    page = street.at(who, f"/trade/offers/{offer}")
    page.locator("#accept").get_by_role("button", name="书面通知接受").click()
    page.wait_for_url("**/trade/licences/*")
    page.fill("#pay input[name=paid_on]", street.today)
    page.set_input_files("#pay input[name=file]", street.paper(f"许可费 {who}"))
    page.click("#pay button[type=submit]")
    page.fill("#filing input[name=number]", f"BA-{who}")
    page.fill("#filing input[name=filed_on]", street.today)
    page.set_input_files("#filing input[name=file]", street.paper(f"备案 {who}"))
    page.click("#filing button[type=submit]")
    expect(page.locator("#verdict")).not_to_contain_text("按严格口径计入")
    return number_in(page)


def test_an_open_licence_offered_in_the_browser_is_taken_by_three_firms_and_counted(street: Street) -> None:
    three_local_firms(street)
    offer = declare_the_offer(street)
    licences = [take_a_licence(street, who, offer) for who in ("shoes", "umbrellas", "zippers")]
    confirmed(street.town, "licences", licences)
    assert [street.town.verdict("licences", each).strict for each in licences] == [True, True, True]
    page = street.at("reviewer", f"/trade/offers/{offer}")
    expect(page.locator("main")).to_contain_text(COLLEGE)
    rows = street.at("reviewer", "/bureau/thresholds/open_licences").locator("#rows")
    for firm in (SHOES, UMBRELLAS, ZIPPERS):
        expect(rows).to_contain_text(firm)
