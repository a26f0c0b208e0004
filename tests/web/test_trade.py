"""Pages of trade: drafts and batches, who reads a demand, patent_offers and their review, notices, awards, double sends."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Demand, DemandDraft, ThreadMessage
from matchhub.wording import sentence
from tests.journey.deal_city import DealCity, done, place, town
from tests.papers import letter
from tests.services.small_city import PATENTS, SHOES, UMBRELLAS, built_city, city
from tests.services.verifying import FORM as VERIFIED

__all__ = ["built_city", "city", "town"]

GLUE = PATENTS[0][0]
DRAFT = {
    "title": "运动鞋鞋底开胶",
    "text": "运动鞋在潮湿环境穿着后鞋底与鞋面开胶,需要更好的胶粘剂。",
    "object": "鞋底",
    "aim": "提高剥离强度",
    "targets": "剥离强度 ≥ 4 N/mm",
    "technical_field": "胶粘剂",
    "cooperation": ["licence"],
    "negotiable": "1",
    "contact_name": "王小明",
    "contact_phone": "0595-12345678",
    "valid_until_on": "2026-06-01",
}


def seen_of(page: str) -> str:
    return hidden(page, "seen")


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    return page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]


@pytest.fixture
def thread(town: DealCity) -> Iterator[int]:
    asked = {"patent_id": town.city.patent(GLUE), "demand_id": town.city.own_demand()}
    yield place(town.at("shoes").post("/trade/threads", asked))


class TestDrafts:
    def test_a_draft_is_no_demand_until_it_is_confirmed_with_a_name(self, town: DealCity) -> None:
        shoes = town.at("shoes")
        draft = place(shoes.post("/trade/drafts", DRAFT))
        with town.city.unit() as unit:
            assert unit.session.execute(select(Demand.id)).first() is None
        page = shoes.get(f"/trade/drafts/{draft}").text
        assert "7/8" in page
        refused = shoes.post(f"/trade/drafts/{draft}/confirm", {"authorised_by": ""})
        assert refused.status_code == 422
        answer = done(
            shoes.post(f"/trade/drafts/{draft}/confirm", {"authorised_by": "王小明", "confidentiality": "interest"})
        )
        assert "8/8" in shoes.get(answer.location).text
        with town.city.unit() as unit:
            assert unit.session.execute(select(Demand.confidentiality)).scalar_one() == "interest"
        assert shoes.post(f"/trade/drafts/{draft}/confirm", {"authorised_by": "王小明"}).status_code == 409

    def test_nobody_else_reads_a_draft(self, town: DealCity) -> None:
        draft = place(town.at("shoes").post("/trade/drafts", DRAFT))
        assert town.at("umbrellas").get(f"/trade/drafts/{draft}").status_code == 404
        assert "运动鞋" not in town.at("operator").get("/trade/drafts").text

    def test_the_second_of_two_savers_is_told_and_overwrites_nothing(self, town: DealCity) -> None:
        shoes = town.at("shoes")
        draft = place(shoes.post("/trade/drafts", DRAFT))
        seen = seen_of(shoes.get(f"/trade/drafts/{draft}").text)
        town.city.clock.forward(minutes=1)
        done(shoes.post(f"/trade/drafts/{draft}", {**DRAFT, "title": "先保存的", "seen": seen}))
        late = shoes.post(f"/trade/drafts/{draft}", {**DRAFT, "title": "后保存的", "seen": seen})
        assert late.status_code == 409 and "draft.saved" in late.text
        assert "先保存的" in shoes.get(f"/trade/drafts/{draft}").text

    def test_a_batch_from_a_fair_is_confirmed_by_its_enterprise(self, town: DealCity) -> None:
        rows = f"{SHOES} | 鞋底开胶 | 潮湿环境穿着后鞋底开胶,需要胶粘剂 | 剥离强度≥4N/mm\n{UMBRELLAS}|伞骨易断|台风天伞骨折断怎么办呢|"
        operator = town.at("operator")
        done(operator.post("/trade/drafts/batch", {"origin": "fair", "note": "鞋博会", "rows": rows}))
        shoes = town.at("shoes")
        assert "鞋底开胶" in shoes.get("/trade/").text and "鞋博会" in shoes.get("/trade/drafts").text
        with town.city.unit() as unit:
            draft = unit.session.execute(
                select(DemandDraft.id).where(DemandDraft.enterprise_id == town.city.firm(SHOES))
            ).scalar_one()
        assert operator.post(f"/trade/drafts/{draft}/confirm", {"authorised_by": "运营"}).status_code == 403
        done(shoes.post(f"/trade/drafts/{draft}/confirm", {"authorised_by": "王小明"}))
        assert "鞋底开胶" not in operator.get("/trade/drafts").text

    def test_a_batch_with_a_bad_line_enters_nothing_and_names_the_line(self, town: DealCity) -> None:
        rows = f"{SHOES}|鞋底开胶|潮湿环境开胶|\n不知哪里的公司|标题|内容|"
        answer = town.at("operator").post("/trade/drafts/batch", {"origin": "fair", "rows": rows})
        assert answer.status_code == 422 and "第 2 行" in answer.text
        with town.city.unit() as unit:
            assert unit.session.execute(select(DemandDraft.id)).first() is None


class TestReaders:
    def test_a_demand_for_invited_ones_is_on_no_public_page(self, town: DealCity) -> None:
        demand = town.city.post()
        done(town.at("operator").post(f"/operator/demands/{demand}/verify", {**VERIFIED, "on": town.today}))
        visitor = town.at("visitor")
        assert "运动鞋鞋底开胶" in visitor.get("/demands").text
        shoes = town.at("shoes")
        seen = seen_of(shoes.get(f"/trade/demands/{demand}/readers").text)
        done(shoes.post(f"/trade/demands/{demand}/readers", {"confidentiality": "invited", "seen": seen}))
        assert "运动鞋鞋底开胶" not in visitor.get("/demands").text
        assert visitor.get(f"/demands/{demand}").status_code == 404
        college = town.at("college")
        assert college.get(f"/institution/demands/{demand}").status_code == 404
        done(shoes.post(f"/trade/demands/{demand}/invitations", {"name": "泉南理工大学"}))
        assert "潮湿环境" in college.get(f"/institution/demands/{demand}").text

    def test_after_interest_the_page_of_the_institution_shows_the_matter(self, town: DealCity) -> None:
        demand = town.city.post()
        done(town.at("operator").post(f"/operator/demands/{demand}/verify", {**VERIFIED, "on": town.today}))
        done(town.at("shoes").post(f"/trade/demands/{demand}/readers", {"confidentiality": "interest"}))
        college = town.at("college")
        assert "潮湿" not in college.get(f"/institution/demands/{demand}").text
        done(college.post("/trade/threads", {"patent_id": town.city.patent(GLUE), "demand_id": demand}))
        assert "潮湿" in college.get(f"/institution/demands/{demand}").text


class TestThreads:
    def test_a_message_sent_twice_stands_once(self, town: DealCity, thread: int) -> None:
        shoes = town.at("shoes")
        key = hidden(shoes.get(f"/trade/threads/{thread}").text.split("/messages")[1], "act_key")
        for _ in range(2):
            done(shoes.post(f"/trade/threads/{thread}/messages", {"text": "请联系", "act_key": key}))
        with town.city.unit() as unit:
            assert unit.session.execute(select(func.count()).select_from(ThreadMessage)).scalar_one() == 1
        other = shoes.post(f"/trade/threads/{thread}/messages", {"text": "另一句", "act_key": key})
        assert other.status_code == 409

    def test_a_file_comes_back_as_a_download(self, town: DealCity, thread: int) -> None:
        sent = {"text": "", "file": (BytesIO(letter("<script>")), "样品.eml")}
        done(town.at("college").post(f"/trade/threads/{thread}/messages", sent))
        answer = town.at("shoes").get(f"/trade/threads/{thread}/files/1")
        assert answer.data == letter("<script>") and answer.headers["Content-Disposition"].startswith("attachment")

    def test_a_notice_leads_to_its_thread_and_is_read(self, town: DealCity, thread: int) -> None:
        college = town.at("college")
        page = college.get("/trade/").text
        assert sentence("notice_thread_opened", patent=GLUE) in page
        number = page.split("/trade/notices/")[1].split("/")[0]
        assert done(college.post(f"/trade/notices/{number}/read")).location.endswith(f"/trade/threads/{thread}")
        assert sentence("notice_thread_opened", patent=GLUE) not in college.get("/trade/").text

    def test_what_people_write_stays_text(self, town: DealCity, thread: int) -> None:
        done(town.at("shoes").post(f"/trade/threads/{thread}/messages", {"text": "<img src=x onerror=alert(1)>"}))
        assert "<img src=x" not in town.at("college").get(f"/trade/threads/{thread}").text


class TestPatentOffers:
    def test_a_claim_is_reviewed_by_the_operator(self, town: DealCity) -> None:
        form = {"number": town.number(GLUE), "modes": ["transfer"], "maturity": "lab", "price_yuan": "50,000"}
        done(town.at("school").post("/trade/listings/new", form))
        operator = town.at("operator")
        page = operator.get("/trade/listings").text
        assert "泉南理工大学" in page and "闽海学院" in page
        assert operator.post("/trade/listings/1/decide", {"decision": "published", "note": "好"}).status_code == 422
        done(operator.post("/trade/listings/1/decide", {"decision": "refused", "note": "不是权利人"}))
        assert "不是权利人" in town.at("school").get("/trade/listings").text

    def test_a_refusal_keeps_what_was_typed(self, town: DealCity) -> None:
        answer = town.at("college").post(
            "/trade/listings/new", {"number": town.number(GLUE), "maturity": "lab", "note": "很好用"}
        )
        assert (
            answer.status_code == 422
            and "很好用" in answer.text
            and sentence("patent_offer_mode_missing")[:8] in answer.text
        )


def test_the_offer_page_is_public_and_computes_the_fee(town: DealCity) -> None:
    form = {
        "number": town.number(GLUE), "regime": "cnipa", "fee_method": "royalty_sales", "royalty_percent": "2.5",
        "valid_from_on": "2025-06-01", "valid_to_on": "2027-06-01", "industry": "制鞋", "industry_reason": "主导产业",
        "annuity": "yes", "act": "publish",
    }  # fmt: skip
    offer = place(town.at("college").post("/trade/offers/new", form))
    visitor = town.at("visitor")
    assert "2.5万元" in visitor.get(f"/trade/offers/{offer}?base=1,000,000").text
    assert visitor.get(f"/trade/offers/{offer}?base=abc").status_code == 422
    assert visitor.get("/trade/offers/999").status_code == 404


def test_awards_are_shown_to_operator_and_bureau(town: DealCity) -> None:
    for who in ("operator", "reviewer"):
        assert "仅为测算" in town.at(who).get("/trade/awards").text
    assert town.at("shoes").get("/trade/awards").status_code == 403


def test_two_people_editing_one_demand_lose_nothing(town: DealCity) -> None:
    demand = town.city.post()
    done(town.at("operator").post(f"/operator/demands/{demand}/return", {"note": "请补充指标"}))
    shoes = town.at("shoes")
    page = shoes.get(f"/enterprise/demands/{demand}/edit").text
    form = {"title": "先提交的标题", "text": "运动鞋在潮湿环境穿着后鞋底与鞋面开胶。", "seen": seen_of(page)}
    town.city.clock.forward(minutes=1)
    done(shoes.post(f"/trade/demands/{demand}/readers", {"confidentiality": "interest"}))
    late = shoes.post(f"/enterprise/demands/{demand}/edit", form)
    assert late.status_code == 409 and "demand.confidentiality" in late.text and "先提交的标题" in late.text
    fresh = seen_of(shoes.get(f"/enterprise/demands/{demand}/edit").text)
    done(shoes.post(f"/enterprise/demands/{demand}/edit", {**form, "seen": fresh}))


def test_the_public_list_leads_to_the_page_of_an_offer(town: DealCity) -> None:
    form = {
        "number": town.number(GLUE), "regime": "cnipa", "fee_method": "free", "valid_from_on": "2025-06-01",
        "valid_to_on": "2027-06-01", "industry": "制鞋", "industry_reason": "主导产业", "act": "publish",
    }  # fmt: skip
    offer = place(town.at("college").post("/trade/offers/new", form))
    assert f'href="/trade/offers/{offer}"' not in town.at("visitor").get("/offers").text, "not announced yet"
    done(town.at("college").post(f"/trade/offers/{offer}/announce", {"number": "公告-1", "on": "2025-06-02"}))
    assert f'href="/trade/offers/{offer}"' in town.at("visitor").get("/offers").text
