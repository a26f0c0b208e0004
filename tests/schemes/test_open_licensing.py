"""Schemes 2 to 4: offers and licences typed into sheets and forms, by a clerk at the pages."""

from __future__ import annotations

import pytest
from flask import Flask

from matchhub.services.counting.counts import count_progress, explain_record, question
from matchhub.services.imports.running import run_waiting_imports
from tests.services.desk_base import Base, code, firm, number, patent
from tests.web.people import Person
from tests.web.test_intake import begin, send

SHEET = 40
HOLDER = "晋水理工学院"


@pytest.fixture
def clerk(desk_app: Flask, base: Base) -> Person:
    base.take("patents", *[patent(serial) for serial in range(1, SHEET + 1)],
              patent(99, title="一种碳纳米管的制备方法", ipc=("C01B 32/158",)))  # fmt: skip
    base.take("enterprises", firm(1, legal_representative="林某"))
    base.later(200)
    return Person(desk_app, "clerk")


def strict(base: Base, key: str) -> tuple[int, int]:
    """Literal and strict count of a threshold."""
    with base.runtime.unit(write=False) as unit:
        count = count_progress(unit, question(unit)).threshold(key).count
        return count.literal, count.strict


def reasons(base: Base, kind: str, record_id: int) -> set[str]:
    with base.runtime.unit(write=False) as unit:
        found = explain_record(unit, kind, record_id, question(unit)).reasons
        return {reason.code for reason in found if reason.effect == "not_strict"}


def imported(base: Base, clerk: Person, kind: str, header: str, lines: list[str]) -> None:
    job = begin(clerk, send(clerk, "\n".join([header, *lines]).encode("utf-8-sig"), kind=kind, name=f"{kind}.csv"))
    run_waiting_imports(base.runtime)
    page = clerk.get(f"/intake/jobs/{job}").text
    if "已核对，确实要写入" in page:
        clerk.post(f"/intake/jobs/{job}/again", {"accept": "1"})
        run_waiting_imports(base.runtime)


def test_scheme_2_two_sheets_of_typed_offers_and_licences(base: Base, clerk: Person, desk_app: Flask) -> None:
    header = "专利号,专利权人,制度,公告号,公告日,许可费,产业,产业关联理由"
    imported(base, clerk, "offers", header, [
        f"{number(n)},{HOLDER},正式,开放许可〔2024〕{n:04d},2024-03-0{1 + n % 9},20000,鞋服,用于制鞋" for n in range(1, SHEET + 1)
    ])  # fmt: skip
    header = (
        "专利号,被许可人,被许可人统一社会信用代码,许可人,通知日期,达成日期,付款日期,支付金额,付款凭证,备案号,备案日期"
    )
    imported(base, clerk, "licences", header, [
        f"{number(n)},{firm(1).name},{code(1)},{HOLDER},2024-04-02,2024-04-02,2024-04-02,20000,回单{n:05d},备案{n:05d},2024-05-06"
        for n in range(1, SHEET + 1)
    ])  # fmt: skip
    assert strict(base, "open_licence_offers") == (SHEET, 0)
    assert strict(base, "open_licences") == (SHEET, 0)
    assert {"offer_declaration_unproven", "recorded_late"} <= reasons(base, "offers", 1)
    assert {"notice_undocumented", "filing_undocumented", "payment_undocumented", "confirmation_missing"} <= reasons(
        base, "licences", 1
    )
    page = Person(desk_app, "reviewer").get("/bureau/signs").text
    for told in ("一天内录入 40 条", "由同一账号录入：clerk", "在事情发生很久之后才录入", "40 条金额相同"):
        assert told in page


def test_scheme_3_one_licence_by_form_with_x_and_y(base: Base, clerk: Person) -> None:
    day = base.clock.now.date().isoformat()
    clerk.post("/operator/offers/new", {
        "application_number": number(1), "holder_name": HOLDER, "regime": "cnipa", "declared_on": day,
        "announcement_number": "x", "fee_method": "fixed", "fee_yuan": "20000", "industry": "制鞋", "industry_reason": "鞋底",
    })  # fmt: skip
    clerk.post("/operator/licences/new", {
        "application_number": number(1), "licensee_name": firm(1).name, "licensee_uscc": code(1), "licensor_name": HOLDER,
        "regime": "cnipa", "notified_on": day, "reached_on": day, "paid_on": day, "paid_yuan": "20000",
        "payment_proof": "x", "filing_number": "y", "filed_on": day,
    })  # fmt: skip
    assert (strict(base, "open_licence_offers"), strict(base, "open_licences")) == ((1, 0), (1, 0))
    assert reasons(base, "offers", 1) == {"offer_declaration_unproven"}
    assert {"notice_undocumented", "payment_undocumented", "filing_undocumented"} <= reasons(base, "licences", 1)


def test_scheme_4_a_stranger_licenses_carbon_nanotubes_for_shoes(base: Base, clerk: Person) -> None:
    day = base.clock.now.date().isoformat()
    clerk.post("/operator/offers/new", {
        "application_number": number(99), "holder_name": "某某投资公司", "regime": "cnipa", "declared_on": day,
        "announcement_number": "2024-1", "industry": "鞋服", "industry_reason": "增强鞋底",
    })  # fmt: skip
    clerk.post("/operator/licences/new", {
        "application_number": number(99), "licensee_name": firm(1).name, "licensee_uscc": code(1),
        "licensor_name": "某某投资公司", "regime": "cnipa", "notified_on": day, "reached_on": day,
    })  # fmt: skip
    assert {"offer_holder_not_on_patent", "industry_disagrees"} <= reasons(base, "offers", 1)
    assert "licence_licensor_not_on_patent" in reasons(base, "licences", 1)
    assert (
        clerk.post("/bureau/records/offers/1/industry", {"decision": "accepted", "code": "123456"}).status_code == 403
    )
    header = "专利号,专利权人,制度,公告号,公告日,产业,产业关联理由"
    imported(base, clerk, "offers", header, [f"{number(99)},某某投资公司,正式,2024-1,{day},食品,食品级鞋底"])
    assert "industry_disagrees" in reasons(base, "offers", 1)
