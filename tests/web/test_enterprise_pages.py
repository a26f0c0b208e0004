"""The enterprise's pages: posting, what is shown at once, the life of a demand, the inbox, the links of messages."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchhub.db.tables import Demand, PlatformEvent, Push, PushAnswer, Suppression
from matchhub.services.demands.posting import move_demand, post_demand
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.pushes.inbox import ANSWERS
from tests.policy.packs import changed_pack
from tests.services.small_city import SHOES, City, demand
from tests.services.verifying import verify
from tests.web.people import Person
from web.enterprise.demand_form import budget_yuan

GLUE = "一种鞋底用水性聚氨酯胶粘剂"
FORM: dict[str, Any] = {
    "title": "运动鞋鞋底开胶",
    "text": "运动鞋在潮湿环境穿着后鞋底与鞋面开胶，需要更好的胶粘剂。",
    "object": "运动鞋鞋底",
    "aim": "提高剥离强度",
    "targets": "剥离强度 ≥ 4 N/mm",
    "technical_field": "胶粘剂",
    "cooperation": ["licence", "transfer"],
    "budget": "12.5",
    "valid_until_on": "2026-06-02",
    "contact_name": "王小明",
    "contact_phone": "000-12345678",
    "contact_email": "wang@shoes.example",
    "authorised": "y",
    "authorised_by": "王小明",
}


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def firm(app: Flask) -> Person:
    return Person(app, "shoes")


@pytest.fixture
def other(app: Flask) -> Person:
    return Person(app, "umbrellas")


def posted(firm: Person, **changes: Any) -> str:
    """The address of a demand posted by its form."""
    answer = firm.post("/enterprise/demands", {**FORM, **changes})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def number(city: City, query: Any) -> Any:
    with city.runtime.unit(write=False) as unit:
        return unit.session.execute(query).scalar()


def words(text: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", text)))


def test_the_form_knows_the_firm_and_proposes_a_year(firm: Person) -> None:
    page = firm.get("/enterprise/demands/new").text
    assert SHOES in page and 'value="2026-06-02"' in page and 'value="office@shoes.example"' in page


def test_how_long_a_demand_lasts_and_what_forms_say_of_it_is_the_word_of_the_pack(
    firm: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = firm.get("/enterprise/demands/new").text
    assert "一般 12 个月，最长 36 个月" in page
    longer = changed_pack(usual_months=18, max_validity_months=24)
    monkeypatch.setattr(Runtime, "pack", longer)
    page = firm.get("/enterprise/demands/new").text
    assert 'value="2026-12-02"' in page and "一般 18 个月，最长 24 个月" in page


def test_the_inbox_names_the_cap_of_the_pack(firm: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "每天最多 3 条" in firm.get("/enterprise/inbox").text
    monkeypatch.setattr(Runtime, "pack", changed_pack(per_enterprise_day=5))
    assert "每天最多 5 条" in firm.get("/enterprise/inbox").text


def test_after_posting_the_page_shows_validity_and_the_best_patent_with_its_reasons(firm: Person) -> None:
    page = firm.get(posted(firm)).text
    told = words(page)
    assert "8/8" in told and "待审核" in told
    assert GLUE in told and "为什么匹配" in told and "<mark>" in page
    assert "12.5万元" in told and "转让、许可" in told


def test_the_reasons_shown_add_up_to_the_score_shown(firm: Person) -> None:
    page = firm.get(posted(firm)).text
    block = re.search(r'<ol class="reasons">(.*?)</ol>', page, re.DOTALL)
    assert block
    *parts, total = [float(x) for x in re.findall(r'reason-weight">([+-]?[\d.]+)<', block[1])]
    assert len(parts) >= 2 and sum(parts) == pytest.approx(total, abs=0.05 * len(parts) + 0.05)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": ""}, "请填写此项"),
        ({"text": "户外跑鞋存放后脱胶", "aim": "", "title": "脱胶", "budget": "-"}, "内容长度"),
        ({"text": "短"}, "内容长度"),
        ({"budget": "很多"}, "预算应为大于 0 的数字"),
        ({"budget": "0"}, "预算应为大于 0 的数字"),
        ({"contact_phone": "打我电话吧"}, "电话只能包含"),
        ({"contact_email": "wang"}, "电子邮箱地址写法不对"),
        ({"authorised_by": ""}, "请填写授权人姓名"),
        ({"valid_until_on": "明年"}, "请填写年、月、日"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_posted(
    firm: Person, city: City, changes: dict[str, str], sentence: str
) -> None:
    answer = firm.post("/enterprise/demands", {**FORM, **changes})
    assert answer.status_code == 422 and sentence in answer.text
    assert "运动鞋鞋底</textarea>" in answer.text, "what was typed is kept"
    assert number(city, select(func.count()).select_from(Demand)) == 0


def test_the_same_demand_again_is_refused_with_a_sentence(firm: Person) -> None:
    posted(firm)
    answer = firm.post("/enterprise/demands", FORM)
    assert answer.status_code == 409 and "已经发布过" in answer.text


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [("12.5", 125000), ("1,000万元", 10000000), ("30 万", 300000), ("", None), ("0", None), ("-1", None), ("1e3", None),
     ("NaN", None), ("Infinity", None), ("1000000", 10000000000), ("1000000.01", None)],
)  # fmt: skip
def test_budgets_are_typed_in_ten_thousand_yuan(typed: str, yuan: int | None) -> None:
    assert budget_yuan(typed) == yuan


def test_while_typing_the_panel_names_what_is_missing_and_shows_matches_and_writes_nothing(
    firm: Person, city: City
) -> None:
    empty = words(firm.post("/enterprise/demands/draft", {}).text)
    assert "开始填写后" in empty and "技术难题写得太短" in empty
    page = firm.post("/enterprise/demands/draft", {"title": "鞋底开胶", "text": "鞋底与鞋面开胶，胶粘剂不牢"}).text
    assert GLUE in words(page) and "没有可衡量的指标" in page and 'data-fill="technical_field"' in page
    assert number(city, select(func.count()).select_from(Demand)) == 0


def test_a_mistyped_word_is_read_as_the_one_meant_and_the_page_says_so(firm: Person) -> None:
    panel = words(firm.post("/enterprise/demands/draft", {"title": "鞋抵开胶"}).text)
    assert "按“鞋底”查找（原文“鞋抵”）" in panel
    assert "鞋底用水性聚氨酯胶粘剂" in panel
    assert "查找（原文" not in words(firm.post("/enterprise/demands/draft", {"title": "鞋底开胶"}).text)


def test_a_brief_demand_is_asked_back_and_one_that_is_too_long_is_not_matched(firm: Person) -> None:
    asked = "哪种产品？什么问题？要达到什么？"
    assert asked in words(firm.post("/enterprise/demands/draft", {"title": "鞋底开胶"}).text)
    fuller = {"title": "鞋底开胶", "text": "鞋底与鞋面开胶，胶粘剂不牢"}
    assert asked not in words(firm.post("/enterprise/demands/draft", fuller).text)
    long = words(firm.post("/enterprise/demands/draft", {"title": "鞋底开胶", "text": "鞋" * 5001}).text)
    assert "超出表单允许的长度" in long and GLUE not in long


def test_markup_in_a_demand_stays_text(firm: Person) -> None:
    page = firm.get(posted(firm, title="<script>alert(1)</script>鞋底", text="鞋底<b>开胶</b>，胶粘剂不牢固。")).text
    assert "<script>alert" not in page and "<b>开胶" not in page and "&lt;" in page
    panel = firm.post("/enterprise/demands/draft", {"title": "<img src=x>鞋底开胶"}).text
    assert "<img" not in panel


def test_another_enterprise_sees_and_does_nothing_with_the_demand(firm: Person, other: Person, city: City) -> None:
    address = posted(firm)
    patent = city.patent(GLUE)
    for path in (address, f"{address}/edit", f"{address}/patents/{patent}"):
        assert other.get(path).status_code == 404
    for path in ("withdraw", "solved", "reconfirm"):
        assert other.post(f"{address}/{path}").status_code == 404
    assert other.post(f"{address}/edit", FORM).status_code == 404
    demand_id = address.rsplit("/", 1)[1]
    assert other.post(f"/enterprise/patents/{patent}/contact", {"demand_id": demand_id}).status_code == 404
    assert number(city, select(Demand.state)) == "submitted"
    assert number(city, select(func.count()).select_from(PlatformEvent)) == 0


def test_a_returned_demand_tells_why_and_goes_back_changed(firm: Person, city: City) -> None:
    address = posted(firm, targets="")
    with city.unit("operator") as unit:
        move_demand(unit, int(address.rsplit("/", 1)[1]), "returned", "请写明指标")
    assert "请写明指标" in firm.get(address).text
    form = firm.get(f"{address}/edit").text
    assert 'id="all-tests"' in form and "&lt;section" not in form
    assert "请写明指标" in form and 'value="12.5"' in form and FORM["text"] in form
    answer = firm.post(f"{address}/edit", FORM, follow_redirects=True)
    assert "重新提交" in answer.text and "8/8" in words(answer.text)


def test_a_verified_demand_is_not_changed(firm: Person, city: City) -> None:
    address = posted(firm)
    with city.unit("operator") as unit:
        verify(unit, int(address.rsplit("/", 1)[1]))
    assert firm.get(f"{address}/edit").status_code == 409
    assert firm.post(f"{address}/edit", FORM).status_code == 409


def test_a_demand_that_the_operator_entered_is_confirmed_with_one_tap(firm: Person, other: Person, city: City) -> None:
    with city.unit("operator") as unit:
        number = post_demand(unit, demand(), city.firm(SHOES)).demand_id
    address = f"/enterprise/demands/{number}"
    page = firm.get(address).text
    assert "是本单位的需求" in page and "填写的授权人不能证明授权" in page
    assert other.post(f"{address}/authorise").status_code == 404
    page = firm.post(f"{address}/authorise", follow_redirects=True).text
    assert "已确认这是本单位的需求" in page and "是本单位的需求</button>" not in page
    assert "企业已用本单位账号确认" in page and "企业确认" in page


@pytest.mark.parametrize(("step", "state"), [("withdraw", "withdrawn"), ("solved", "solved")])
def test_withdrawn_and_solved_demands_stay_with_their_life(firm: Person, city: City, step: str, state: str) -> None:
    address = posted(firm)
    page = firm.post(f"{address}/{step}", follow_redirects=True)
    assert page.status_code == 200 and "不再匹配" in page.text
    assert number(city, select(Demand.state)) == state
    assert firm.post(f"{address}/solved").status_code == 409


def test_confirming_again_takes_a_day_and_refuses_nonsense(firm: Person, city: City) -> None:
    address = posted(firm)
    assert firm.post(f"{address}/reconfirm", {"valid_until_on": "someday"}).status_code == 422
    assert firm.post(f"{address}/reconfirm", {"valid_until_on": "2040-01-01"}).status_code == 422
    assert (
        "2026-12-31" in firm.post(f"{address}/reconfirm", {"valid_until_on": "2026-12-31"}, follow_redirects=True).text
    )


def test_seeing_a_patent_beside_the_demand_and_asking_for_contact_are_events(firm: Person, city: City) -> None:
    address = posted(firm)
    patent = city.patent(GLUE)
    page = firm.get(f"{address}/patents/{patent}")
    assert "提交对接意向" in page.text and "<mark>" in page.text
    demand_id = address.rsplit("/", 1)[1]
    again = firm.post(f"/enterprise/patents/{patent}/contact", {"demand_id": demand_id}, follow_redirects=True)
    assert "对接已建立" in again.text and "为什么匹配" in again.text
    assert "进入对接" in firm.get(f"{address}/patents/{patent}").text
    with city.runtime.unit(write=False) as unit:
        events = unit.session.execute(select(PlatformEvent.event, PlatformEvent.demand_id).order_by(PlatformEvent.id))
        assert [tuple(row) for row in events] == [("view", int(demand_id)), ("contact", int(demand_id))]


def test_the_desk_tells_what_is_missing_and_why_the_firm_is_local(firm: Person, other: Person) -> None:
    posted(firm, targets="")
    told = words(firm.get("/enterprise/").text)
    assert "7/8" in told and "没有可衡量的指标" in told and "登记机关" in told
    assert "只有本地企业的需求计入" in words(other.get("/enterprise/").text)


# -- inbox and links --------------------------------------------------------------------------------------------------


@pytest.fixture
def link(firm: Person, city: City) -> str:
    """The path of the link in a delivered message about the glue."""
    posted(firm)
    glue = next(each for each in city.push() if each.items[0].title == GLUE)
    return glue.link.split("8000", 1)[1]


def opened(city: City) -> int:
    found: int = number(city, select(func.count()).select_from(Push).where(Push.opened_at.is_not(None)))
    return found


def test_the_inbox_lists_pushes_and_a_look_is_recorded_by_the_pages_own_post(
    firm: Person, city: City, link: str
) -> None:
    assert GLUE in firm.get("/enterprise/inbox").text
    path = next(p for p in re.findall(r"/enterprise/inbox/\d+", firm.get("/enterprise/inbox").text))
    page = firm.get(path).text
    assert f'hx-post="{path}/read"' in page and opened(city) == 0
    assert firm.post(f"{path}/read").status_code == 204 and opened(city) == 1
    assert "hx-trigger" not in firm.get(path).text


def test_all_nine_answers_are_offered_and_one_press_records_it(firm: Person, city: City, link: str) -> None:
    path = re.findall(r"/enterprise/inbox/\d+", firm.get("/enterprise/inbox").text)[0]
    page = firm.get(path).text
    assert all(f'value="{code}"' in page for code in ANSWERS)
    address = re.findall(r'action="(/enterprise/inbox/items/\d+/answer)"', page)[0]
    part = firm.post(address, {"code": "too_expensive", "note": "太贵"}, headers={"HX-Request": "true"}).text
    assert "费用太高" in part and "<html" not in part
    assert firm.post(address, {"code": "fits"}).status_code == 302
    assert number(city, select(func.count()).select_from(PushAnswer)) == 2
    assert firm.post(address, {"code": "perhaps"}).status_code == 422


def test_the_inbox_of_another_enterprise_is_not_there(firm: Person, other: Person, city: City, link: str) -> None:
    path = re.findall(r"/enterprise/inbox/\d+", firm.get("/enterprise/inbox").text)[0]
    address = re.findall(r'action="(/enterprise/inbox/items/\d+/answer)"', firm.get(path).text)[0]
    assert other.get(path).status_code == 404
    assert other.post(f"{path}/read").status_code == 404
    assert other.post(address, {"code": "fits"}).status_code == 404
    assert GLUE not in other.get("/enterprise/inbox").text and opened(city) == 0


def test_pushes_are_switched_off_and_on_in_the_inbox(firm: Person, city: City) -> None:
    assert "已关闭推送" in firm.post("/enterprise/inbox/off", follow_redirects=True).text
    assert number(city, select(func.count()).select_from(Suppression).where(Suppression.withdrawn_at.is_(None))) == 1
    assert "已重新开启" in firm.post("/enterprise/inbox/on", follow_redirects=True).text
    assert number(city, select(func.count()).select_from(Suppression).where(Suppression.withdrawn_at.is_(None))) == 0


def test_the_link_of_a_message_works_without_signing_in_and_a_look_changes_nothing(
    visitor: Person, city: City, link: str
) -> None:
    before = number(city, select(func.count()).select_from(Suppression))
    for path in (link, f"{link}/off"):
        for _ in range(3):
            answer = visitor.get(path)
            assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert opened(city) == 0 and number(city, select(func.count()).select_from(Suppression)) == before == 0
    page = visitor.get(link).text
    assert GLUE in page and "运动鞋鞋底开胶" in page
    for secret in ("王小明", "000-12345678", "wang@shoes.example"):
        assert secret not in page


def test_the_link_records_reading_and_answers_by_posts(visitor: Person, city: City, link: str) -> None:
    assert visitor.post(f"{link}/read").status_code == 204 and opened(city) == 1
    address = re.findall(rf'action="({link}/items/\d+/answer)"', visitor.get(link).text)[0]
    assert "有意对接" in visitor.post(address, {"code": "contact"}, follow_redirects=True).text
    assert number(city, select(PlatformEvent.event)) == "contact"


def test_the_off_page_asks_first_and_one_click_of_a_mail_program_is_enough(
    visitor: Person, city: City, link: str
) -> None:
    assert "确定关闭吗" in visitor.get(f"{link}/off").text
    answer = visitor.client.post(
        f"{link}/off", data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"}
    )
    assert answer.status_code == 200 and "已关闭推送" in answer.text
    assert number(city, select(func.count()).select_from(Suppression)) == 1
    assert city.plan().planned == 0


@pytest.mark.parametrize("path", ["", "/off", "/read", "/items/1/answer"])
def test_a_forged_link_is_not_found_and_says_what_to_do(visitor: Person, city: City, link: str, path: str) -> None:
    forged = f"{link[:-3]}AAA{path}"
    answer = visitor.get(forged) if path in ("", "/off") else visitor.post(forged, {"code": "fits"})
    assert answer.status_code == 404 and "链接可能不完整" in answer.text
    if path == "/off":
        assert visitor.client.post(forged).status_code == 404
    assert number(city, select(func.count()).select_from(Suppression)) == 0
