"""Other awards from the records of a base: who may see and enter what, and that deals, papers and agencies reach it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from matchhub.db.tables import Agency
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.counting.awards import (
    agencies_named,
    agencies_of_deal,
    award_records,
    estimate_awards,
    name_agency,
    record_for_award,
    withdraw_award_record,
)
from matchhub.services.deals.cancelling import cancel_deal
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.deals.payments import pay
from matchhub.services.deals.signing import sign_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.parties.relations import relate_parties
from tests.domain.factories import number
from tests.services.small_city import COLLEGE, SHOES, UMBRELLAS, City


def agency(city: City, name: str = "文华知识产权代理有限公司") -> int:
    with city.unit() as unit:
        row = Agency(name=name, name_key=name, service_types=[], recorded_at=unit.now, updated_at=unit.now)
        unit.session.add(row)
        unit.session.flush()
        return row.id


def paid_deal(city: City, yuan: int = 100_000, registered: bool = True) -> int:
    with city.unit("shoes") as unit:
        deal = open_deal(unit, NewDeal("ordinary_licence", (number(1),), ((COLLEGE, None),), ((SHOES, None),)))
        sign_deal(unit, deal, unit.today, "HT-1")
        if registered:
            take_step(unit, deal, "contract_registered", unit.today, "2025350500001234")
        take_step(unit, deal, "implemented", unit.today)
        pay(unit, deal, unit.today, Decimal(yuan), "V-1")
    return deal


def estimated(city: City, clause: str) -> tuple[str, Decimal, set[str]]:
    with city.unit("reviewer") as unit:
        (line,) = [each for each in estimate_awards(unit) if each.estimate.clause == clause]
    return line.payee, line.estimate.amount_yuan, {remark.code for remark in line.estimate.remarks}


def test_a_paid_deal_is_a_purchase_of_its_local_buyer(city: City) -> None:
    paid_deal(city)
    assert estimated(city, "2.1") == (SHOES, Decimal(6000), set())


def test_without_a_registered_technical_contract_nothing_is_estimated(city: City) -> None:
    paid_deal(city, registered=False)
    assert estimated(city, "2.1")[1:] == (0, {"award_contract_unregistered"})


def test_affiliated_parties_and_cancelled_contracts_pay_nothing(city: City) -> None:
    deal = paid_deal(city)
    with city.unit("operator") as unit:
        relate_parties(unit, COLLEGE, SHOES, "shareholder", "公示")
        cancel_deal(unit, deal, unit.today, "协议解除")
    assert estimated(city, "2.1")[1:] == (0, {"award_parties_affiliated", "award_deal_cancelled"})


def test_the_agency_that_brought_a_deal_about_is_named_once(city: City) -> None:
    deal, broker = paid_deal(city, 9_000_000), agency(city)
    with city.unit("operator") as unit:
        name_agency(unit, deal, broker)
        with pytest.raises(Conflict):
            name_agency(unit, deal, broker)
        with pytest.raises(NotFound):
            name_agency(unit, deal, 999)
        assert agencies_of_deal(unit, deal) == ("文华知识产权代理有限公司",)
    assert estimated(city, "2.2")[1] == Decimal(180_000)


def test_sales_loans_and_events_reach_the_estimate_and_leave_it_when_withdrawn(city: City) -> None:
    broker = agency(city)
    with city.unit("operator") as unit:
        sales = record_for_award(unit, "sales", broker, "审计报告", date(2024, 12, 31), Decimal(3_000_000))
        record_for_award(unit, "pledge_loan", broker, "贷款合同", date(2024, 5, 1), Decimal(60_000_000), None, SHOES)
        record_for_award(unit, "event", broker, "对接会", date(2024, 6, 1), None, date(2024, 5, 1))
    assert estimated(city, "1.2")[1] == 100_000
    assert estimated(city, "3")[1] == 60_000
    assert estimated(city, "4.1")[1] == 50_000
    with city.unit("operator") as unit:
        with pytest.raises(Refusal):
            withdraw_award_record(unit, sales, "")
        withdraw_award_record(unit, sales, "数字有误")
        assert not [each for each in estimate_awards(unit) if each.estimate.clause == "1.2"]
        assert [each.withdrawn for each in award_records(unit)] == [False, False, True]


def test_a_loan_to_a_firm_elsewhere_is_told(city: City) -> None:
    broker = agency(city)
    with city.unit("operator") as unit:
        record_for_award(unit, "pledge_loan", broker, "贷款", date(2024, 5, 1), Decimal(60_000_000), None, UMBRELLAS)
    assert "award_borrower_not_local" in estimated(city, "3")[2]


@pytest.mark.parametrize(
    ("kind", "title", "on", "yuan", "borrower", "code"),
    [
        ("gift", "x", date(2024, 1, 1), Decimal(1), "", "field_choice"),
        ("sales", " ", date(2024, 1, 1), Decimal(1), "", "note_missing"),
        ("sales", "x", date(2024, 1, 1), None, "", "amount_missing"),
        ("sales", "x", date(2030, 1, 1), Decimal(1), "", "day_to_come"),
        ("pledge_loan", "x", date(2024, 1, 1), Decimal(1), "谁也不是", "enterprise_not_found"),
    ],
)
def test_an_incomplete_record_is_refused(
    city: City, kind: str, title: str, on: date, yuan: Decimal | None, borrower: str, code: str
) -> None:
    broker = agency(city)
    with city.unit("operator") as unit, pytest.raises(Refusal) as refused:
        record_for_award(unit, kind, broker, title, on, yuan, None, borrower)
    assert refused.value.code == code


def test_others_neither_see_nor_enter(city: City) -> None:
    broker = agency(city)
    for who in ("shoes", "college"):
        with city.unit(who) as unit:
            for act in (estimate_awards, award_records):
                with pytest.raises(NotAllowed):
                    act(unit)
    with city.unit("reviewer") as unit, pytest.raises(NotAllowed):
        record_for_award(unit, "event", broker, "x", date(2024, 1, 1))
    with city.unit("operator") as unit:
        assert agencies_named(unit, "文华") == ((broker, "文华知识产权代理有限公司"),)
