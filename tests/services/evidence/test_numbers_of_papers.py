"""Contract, registration, filing and certificate numbers: one is one however it is written; of two issuers they wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Deal, Licence
from matchhub.domain.records import CategoryClaim, LicenceRecord, Source
from matchhub.errors import Conflict, Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.deals.correcting import DealCorrection, correct_deal
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.deals.recording import record_deal
from matchhub.services.deals.signing import sign_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.imports.batch import ImportResult
from matchhub.services.imports.review_queue import retry_review
from matchhub.services.licensing.accepting import record_filing
from tests.services.desk_base import Base, code, deal, firm, number, patent

OTHERS = {"seller_name": "刺桐大学", "application_numbers": (number(3),)}


@pytest.fixture
def market(base: Base) -> Base:
    base.take("patents", patent(1), patent(2), patent(3, applicants=("刺桐大学",)))
    base.take("enterprises", firm(1), firm(2))
    base.later(8)
    base.take("deals", deal(1, contract_number="晋合〔2024〕001号"))
    return base


def outcome(result: ImportResult) -> tuple[dict[str, int], list[str]]:
    return (
        {verdict: number for verdict, number in result.sums.items() if number and verdict != "read"},
        [problem.code for problem in result.problems],
    )


@pytest.mark.parametrize(
    "written", ["晋合〔2024〕001号", "合同编号：晋合[２０２４]００１", "晋合(2024)001", "晋合 2024-001 号"]
)
def test_a_contract_comes_again_however_its_number_is_written(market: Base, written: str) -> None:
    told, _ = outcome(market.take("deals", deal(1, contract_number=written)))
    assert told == {"unchanged": 1}
    with market.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Deal.contract_number)).scalars().all() == ["晋合〔2024〕001号"]


def test_the_same_number_of_another_seller_waits_for_a_person_and_is_not_merged(market: Base) -> None:
    theirs = deal(2, contract_number="晋合2024-001", **OTHERS)
    assert outcome(market.take("deals", theirs)) == ({"review": 1}, ["contract_number_of_others"])
    typed = market.runtime.unit(market.people["clerk"])
    with pytest.raises(Refusal, match="contract_number_of_others"), typed as unit:
        record_deal(unit, theirs)
    with market.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Deal.id)).scalars().all() == [1]


def test_a_person_accepts_the_same_number_of_other_parties_as_another_contract(market: Base) -> None:
    theirs = deal(2, contract_number="晋合2024-001", **OTHERS)
    market.take("deals", theirs)
    with market.runtime.unit(market.people["clerk"]) as unit:
        assert retry_review(unit, 1) == 2
    assert outcome(market.take("deals", theirs))[0] == {"unchanged": 1}  # and is known again from then on
    assert outcome(market.take("deals", deal(1, contract_number="晋合〔2024〕001号")))[0] == {"unchanged": 1}
    ours = deal(2, contract_number="晋合2024-001", application_numbers=(number(2),), buyer_name=firm(2).name,
                buyer_uscc=code(2))  # fmt: skip
    typed = market.runtime.unit(market.people["clerk"])
    with pytest.raises(Refusal, match="contract_number_of_others"), typed as unit:
        record_deal(unit, ours)
    with market.runtime.unit(market.people["clerk"]) as unit:
        assert record_deal(unit, ours, another_contract=True) == 3
    with market.runtime.unit(write=False) as unit:
        asked = question(unit, date(2025, 12, 31))
        for deal_id in (1, 2, 3):
            found = explain_record(unit, "deals", deal_id, asked)
            assert found.literal
            assert "contract_number_shared" in {reason.code for reason in found.reasons}


def test_a_number_is_signed_or_corrected_as_another_contract_by_whoever_says_so(market: Base) -> None:
    market.take("deals", deal(2, application_numbers=(number(3),), seller_name="刺桐大学"))
    wanted = DealCorrection(contract_number="晋合2024-001")
    fix = market.runtime.unit(market.people["clerk"])
    with pytest.raises(Conflict, match="contract_number_of_others"), fix as unit:
        correct_deal(unit, 2, wanted, "补正编号")
    with market.runtime.unit(market.people["clerk"]) as unit:
        assert correct_deal(unit, 2, replace(wanted, another_contract=True), "补正编号")
    new = NewDeal("transfer", (number(2),), (("晋水理工学院", None),), ((firm(2).name or "", code(2)),))
    with market.runtime.unit(market.people["clerk"]) as unit:
        opened = open_deal(unit, new)
    sign = market.runtime.unit(market.people["clerk"])
    with pytest.raises(Conflict, match="contract_number_of_others"), sign as unit:
        sign_deal(unit, opened, date(2024, 3, 5), "晋合2024-001")
    with market.runtime.unit(market.people["clerk"]) as unit:
        sign_deal(unit, opened, date(2024, 3, 5), "晋合2024-001", another_contract=True)
    with market.runtime.unit(market.people["clerk"]) as unit:
        opened = open_deal(unit, replace(new, application_numbers=(number(1),)))
    sign = market.runtime.unit(market.people["clerk"])
    with pytest.raises(Conflict, match="deal_number_in_use"), sign as unit:
        sign_deal(unit, opened, date(2024, 3, 5), "晋合2024-001", another_contract=True)


def test_another_patent_of_the_same_seller_is_of_the_same_contract(market: Base) -> None:
    told, _ = outcome(market.take("deals", deal(1, contract_number="晋合2024-001", application_numbers=(number(2),))))
    assert told == {"updated": 1}


def test_a_registration_number_serves_one_deal_however_it_is_written(market: Base) -> None:
    market.take("deals", deal(2, application_numbers=(number(2),)))
    with market.runtime.unit(market.people["clerk"]) as unit:
        take_step(unit, 1, "registered", date(2024, 3, 2), "变更 2024-77")
        with pytest.raises(Conflict, match="deal_number_in_use"):
            take_step(unit, 2, "registered", date(2024, 3, 2), "登记号：变更２０２４７７")


def licence(serial: int, of: int, filed_under: str | None) -> LicenceRecord:
    values: dict[str, Any] = {
        "application_number": number(serial), "licensee_name": firm(of).name, "licensee_uscc": code(of),
        "licensor_name": "晋水理工学院", "notified_on": date(2024, 3, 1), "reached_on": date(2024, 3, 1),
    }  # fmt: skip
    filed: dict[str, Any] = {"filing_number": filed_under, "filed_on": date(2024, 3, 4)} if filed_under else {}
    return LicenceRecord(Source("licences.csv", serial + 1), **values, **filed)


def test_a_filing_number_serves_one_licensee_and_several_patents_of_one_contract(market: Base) -> None:
    first, second = licence(1, 1, "备案号 X2024-1"), licence(2, 1, "Ｘ２０２４１")
    told, _ = outcome(market.take("licences", first, second, licence(3, 2, "x20241")))
    assert told == {"created": 2, "review": 1}
    told, problems = outcome(market.take("licences", replace(licence(3, 2, "X2024/1"), licensor_name="刺桐大学")))
    assert (told, problems) == ({"review": 1}, ["filing_number_in_use"])
    market.take("licences", licence(3, 2, None))
    with market.runtime.unit(market.people["operator"]) as unit, pytest.raises(Conflict, match="filing_number_in_use"):
        third = unit.session.execute(select(Licence.id).order_by(Licence.id.desc()).limit(1)).scalar_one()
        record_filing(unit, third, date(2024, 3, 5), "备案证明编号：X2024-1")


@pytest.mark.parametrize("written", ["ＧＲ1", "证书编号：GR-1", "gr 1", "高新技术企业证书编号GR1"])
def test_a_certificate_of_another_firm_is_found_however_it_is_written(market: Base, written: str) -> None:
    claim = CategoryClaim("high_tech_enterprise", written, None, date(2023, 1, 1), date(2026, 1, 1))
    assert outcome(market.take("enterprises", firm(3, categories=(claim,)))) == ({"review": 1}, ["certificate_shared"])
    other = replace(claim, category="specialised_sme")
    assert outcome(market.take("enterprises", firm(4, categories=(other,))))[0] == {"created": 1}
