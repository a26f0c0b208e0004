"""Pages of what was confirmed, of the parties' words and of refunds, through the forms that people send."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from matchhub.wording import sentence
from tests.journey.deal_city import DealCity, done, place, town
from tests.services.desk_base import Base, deal, firm, patent
from tests.services.small_city import COLLEGE, PATENTS, SHOES, TODAY, built_city, city
from tests.web.people import Person
from tests.web.test_trade import hidden

__all__ = ["built_city", "city", "town"]

DAY = TODAY.isoformat()
RECORD = "/bureau/records/deals/1"
CONTRACT = {"contract_number": "HT-1", "deal_type": "transfer", "signed_on": "2024-03-01", "reason": "笔误"}


def plain(text: str) -> str:
    """The words of a page without blanks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def filled(base: Base) -> Base:
    base.take("patents", patent(1))
    base.take("enterprises", firm(1))
    base.later(8)
    base.take("deals", deal(1), by="clerk")
    base.later()
    return base


def test_a_change_after_the_confirmation_stands_on_the_page_with_before_and_after(
    filled: Base, desk_app: Flask
) -> None:
    operator = Person(desk_app, "operator")
    stale = hidden(operator.get(RECORD).text.split('id="confirm"')[1], "content")
    operator.post(f"{RECORD}/word", {"decision": "confirmed", "content": stale})
    assert "起失效" not in operator.get(RECORD).text
    filled.clock.forward(timedelta(minutes=1))
    operator.post("/operator/deals/1/correct", {**CONTRACT, "amount_yuan": "9999999"})
    page = plain(operator.get(RECORD).text)
    assert "起失效" in page
    assert "合同金额：8万元→9,999,999元" in page
    refused = operator.post(f"{RECORD}/word", {"decision": "confirmed", "content": stale})
    assert refused.status_code == 409 and "请核对现在的内容" in refused.text
    fresh = hidden(refused.text.split('id="confirm"')[1], "content")
    assert operator.post(f"{RECORD}/word", {"decision": "confirmed", "content": fresh}).status_code == 302


def test_a_word_is_taken_back_with_its_reason_on_the_page(filled: Base, desk_app: Flask) -> None:
    operator = Person(desk_app, "operator")
    operator.post(f"{RECORD}/word", {"decision": "confirmed"})
    assert operator.post(f"{RECORD}/word/1/withdraw", {"note": ""}).status_code == 422
    operator.post(f"{RECORD}/word/1/withdraw", {"note": "材料不全"})
    assert "材料不全" in operator.get(RECORD).text


def test_the_same_number_of_other_parties_is_asked_once_and_recorded(filled: Base, desk_app: Flask) -> None:
    filled.take("patents", patent(2, applicants=("刺桐大学",)))
    filled.take("enterprises", firm(2))
    operator = Person(desk_app, "operator")
    theirs = {"contract_number": "ＨＴ-1", "deal_type": "transfer", "application_numbers": patent(2).application_number,
              "seller_name": "刺桐大学", "buyer_name": firm(2).name, "signed_on": "2024-03-01"}  # fmt: skip
    assert "another_contract" not in operator.get("/operator/deals/new").text
    refused = operator.post("/operator/deals/new", theirs)
    assert refused.status_code == 409 and "another_contract" in refused.text
    assert operator.post("/operator/deals/new", {**theirs, "another_contract": "y"}).location.endswith("/deals/2")


def test_the_other_party_is_asked_on_its_first_page_and_its_no_is_seen_and_settled(town: DealCity) -> None:
    shoes, college = town.at("shoes"), town.at("college")
    opened = place(shoes.post("/trade/deals/new", {"deal_type": "ordinary_licence", "sellers": COLLEGE, "buyers": SHOES,
                                                   "application_numbers": town.number(PATENTS[0][0])}))  # fmt: skip
    page = f"/trade/deals/{opened}"
    assert "请您答复" in college.get("/institution/").text
    assert "请您答复" not in shoes.get("/enterprise/").text
    assert college.post(f"{page}/word", {"answer": "no", "note": ""}).status_code == 422
    done(college.post(f"{page}/word", {"answer": "no", "note": "没有谈过"}))
    assert "请您答复" not in college.get("/institution/").text
    assert "没有谈过" in shoes.get(page).text
    assert "当事人提出异议" in town.at("operator").get("/operator/").text
    assert "当事人提出异议" in town.at("reviewer").get("/bureau/").text
    record = f"/bureau/records/deals/{opened}"
    done(town.at("reviewer").post(f"{record}/objection/1/settle", {"note": "双方到场核实"}))
    assert "双方到场核实" in town.at("operator").get(record).text
    assert "当事人提出异议" not in town.at("operator").get("/operator/").text


def test_paid_refunded_and_due_stand_side_by_side(town: DealCity) -> None:
    shoes = town.at("shoes")
    opened = place(shoes.post("/trade/deals/new", {"deal_type": "ordinary_licence", "sellers": COLLEGE, "buyers": SHOES,
                                                   "application_numbers": town.number(PATENTS[0][0])}))  # fmt: skip
    page = f"/trade/deals/{opened}"
    assert shoes.get(f"{page}/confirmation").status_code == 404, "what is not signed has no paper"
    done(shoes.post(f"{page}/sign", {"contract_number": "HT-1", "signed_on": DAY, "amount_yuan": "80000"}))
    assert f"{page}/confirmation" in shoes.get(page).text
    paper = plain(shoes.get(f"{page}/confirmation").text)
    assert "专利交易确认书" in paper and "合同编号HT-1" in paper and "合同金额8万元" in paper
    assert f"让与方（许可方）（盖章）：{COLLEGE}" in paper and f"受让方（被许可方）（盖章）：{SHOES}" in paper
    done(shoes.post(f"{page}/pay", {"paid_on": DAY, "amount_yuan": "60000", "voucher": "V-1"}))
    refused = shoes.post(f"{page}/refund", {"refunded_on": DAY, "amount_yuan": "60001"})
    assert refused.status_code == 409 and "退款超过" in refused.text
    done(shoes.post(f"{page}/refund", {"refunded_on": DAY, "amount_yuan": "15000"}))
    assert "已付4.5万元（付款6万元，退款1.5万元）尚欠3.5万元" in plain(shoes.get(page).text)
    done(town.at("operator").post(f"/operator/deals/{opened}/refund", {"refunded_on": DAY, "amount_yuan": "5000"}))
    assert "已付4万元" in (plain(town.at("operator").get(f"/bureau/records/deals/{opened}").text))


OLD = {"contract_number": "HT-9", "deal_type": "transfer", "application_numbers": patent(1).application_number,
       "seller_name": "晋水理工学院", "buyer_name": firm(1).name, "signed_on": "2024-03-05", "amount_yuan": "80000"}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "fields", "status", "code"),
    [
        ("/operator/deals/new", {**OLD, "registered_on": "2024-03-06"}, 422, "register_number_missing"),
        ("/operator/deals/new", {**OLD, "registered_on": "2024-03-04", "register_number": "变更9"}, 422, "deal_registered_before_signing"),
        ("/operator/deals/new", {**OLD, "paid_on": "2024-03-06", "paid_yuan": "80000"}, 422, "payment_unproven"),
        ("/operator/deals/1/event", {"to": "registered", "on": "2024-03-06"}, 422, "register_number_missing"),
        ("/operator/deals/1/event", {"to": "contract_registered", "on": "2024-03-06"}, 422, "register_number_missing"),
        ("/operator/deals/1/event", {"to": "registered", "on": "2024-02-29", "number": "变更9"}, 422, "deal_registered_before_signing"),
        ("/operator/deals/1/event", {"to": "implemented", "on": "2024-02-29"}, 422, "deal_implemented_before_signing"),
        ("/operator/deals/1/payment", {"paid_on": "2024-03-06", "amount_yuan": "80000"}, 422, "payment_unproven"),
        ("/operator/deals/1/cancel", {"on": "2024-02-29", "reason": "解除"}, 422, "deal_cancelled_before_signing"),
    ],
)  # fmt: skip
def test_stages_of_an_old_deal_are_stopped_at_their_field(
    filled: Base, desk_app: Flask, address: str, fields: dict[str, str], status: int, code: str
) -> None:
    answer = Person(desk_app, "clerk").post(address, fields)
    assert answer.status_code == status
    assert sentence(code).split("?")[0].strip() in answer.text


def test_money_paid_only_before_the_signing_does_not_count(filled: Base, desk_app: Flask) -> None:
    clerk = Person(desk_app, "clerk")
    clerk.post("/operator/deals/1/payment", {"paid_on": "2024-02-28", "amount_yuan": "80000", "voucher": "V-1"})
    assert "deal_paid_before_signing" in clerk.get(RECORD).text
    unsigned = {"deal_type": "transfer", "sellers": "晋水理工学院", "buyers": firm(1).name,
                "application_numbers": patent(1).application_number}  # fmt: skip
    opened = place(clerk.post("/trade/deals/new", unsigned))
    for address, fields in (
        ("payment", {"paid_on": "2024-03-06", "amount_yuan": "80000", "voucher": "V-2"}),
        ("event", {"to": "registered", "on": "2024-03-06", "number": "变更9"}),
    ):
        assert clerk.post(f"/operator/deals/{opened}/{address}", fields).status_code == 409
