"""Other awards from the records of a base: who may see and enter what, and that deals, papers and agencies reach it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from matchhub.db.tables import Account, Agency
from matchhub.domain.papers import Paper
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.counting.awards.claims import claim_of
from matchhub.services.counting.awards.estimating import (
    _kept,
    estimate_awards,
    sums_by_clause,
    sums_by_payee,
    sums_by_year,
)
from matchhub.services.counting.awards.recording import (
    NewAwardRecord,
    award_records,
    date_award_record,
    record_for_award,
    withdraw_award_record,
)
from matchhub.services.counting.kept import facts_of_deal
from matchhub.services.counting.store import forget
from matchhub.services.deals.brokers import agencies_named, agencies_of_deal, name_agency
from matchhub.services.deals.cancelling import cancel_deal
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.deals.payments import pay
from matchhub.services.deals.signing import sign_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.unit import Actor
from matchhub.services.parties.relations import relate_parties
from tests.domain.factories import number
from tests.papers import letter
from tests.services.small_city import COLLEGE, SHOES, UMBRELLAS, City
from tests.services.staff import open_account
from tests.web.test_statements import counted


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
        (line,) = [each for each in estimate_awards(unit) if each.estimate.clause.clause == clause]
    return line.payee, line.estimate.amount_yuan, {remark.code for remark in line.estimate.remarks}


def test_a_paid_deal_is_a_purchase_of_its_local_buyer(city: City) -> None:
    paid_deal(city)
    assert estimated(city, "二（一）") == (SHOES, Decimal(6000), set())


def test_what_is_kept_of_deals_is_what_a_recount_finds_and_its_sums_agree(city: City) -> None:
    deal = paid_deal(city)
    estimated(city, "二（一）")  # kept from now on
    with city.unit("shoes") as unit:
        pay(unit, deal, unit.today, Decimal(50_000), "V-2")
    agency_id = agency(city, "泉南知识产权代理有限公司")
    with city.unit("operator") as unit:
        store_evidence(unit, "deals", deal, "payment_proof", "回单.eml", letter("slip"), Paper("bank_slip"))
        name_agency(unit, deal, agency_id)
    with city.runtime.unit(city.actors["reviewer"], write=False) as unit:
        kept = estimate_awards(unit)
        forget(unit.home)
        _kept.clear()
        assert estimate_awards(unit) == kept
        by_payee = {each.key: each.amount_yuan for each in sums_by_payee(kept)}
    (purchase,) = [each.estimate for each in kept if each.estimate.clause.clause == "二（一）"]
    assert purchase.base == 150_000 and by_payee == {f"enterprises {purchase.payee}": Decimal(9000)}
    assert [each.estimate.payee for each in kept if each.estimate.clause.clause == "二（二）"] == [agency_id]


def test_facts_of_a_deal_are_kept_with_its_verdict_and_read_without_the_base(city: City) -> None:
    deal = paid_deal(city)
    with city.runtime.unit(city.actors["reviewer"], write=False) as unit:
        assert len(facts_of_deal(unit, deal).payments) == 1
        with counted(city.runtime) as said:
            facts_of_deal(unit, deal)
        assert said == []
        with pytest.raises(NotFound):
            facts_of_deal(unit, deal + 1)
    with city.unit("shoes") as unit:
        pay(unit, deal, unit.today, Decimal(50_000), "V-2")
        assert len(facts_of_deal(unit, deal).payments) == 2  # what the unit itself wrote is seen
    with city.runtime.unit(city.actors["reviewer"], write=False) as unit:
        assert len(facts_of_deal(unit, deal).payments) == 2


def test_without_a_registered_technical_contract_nothing_is_estimated(city: City) -> None:
    paid_deal(city, registered=False)
    assert estimated(city, "二（一）")[1:] == (0, {"award_contract_unregistered"})


def test_affiliated_parties_and_cancelled_contracts_pay_nothing(city: City) -> None:
    deal = paid_deal(city)
    with city.unit("operator") as unit:
        relate_parties(unit, COLLEGE, SHOES, "shareholder", "公示")
        cancel_deal(unit, deal, unit.today, "协议解除")
    assert estimated(city, "二（一）")[1:] == (0, {"award_parties_affiliated", "award_deal_cancelled"})


def test_the_agency_that_brought_a_deal_about_is_named_once(city: City) -> None:
    deal, broker = paid_deal(city, 9_000_000), agency(city)
    with city.unit("operator") as unit:
        name_agency(unit, deal, broker)
        with pytest.raises(Conflict):
            name_agency(unit, deal, broker)
        with pytest.raises(NotFound):
            name_agency(unit, deal, 999)
        assert agencies_of_deal(unit, deal) == ("文华知识产权代理有限公司",)
    assert estimated(city, "二（二）")[1] == Decimal(180_000)


def entered(city: City, kind: str, title: str, on: date, **more: Any) -> int:
    with city.unit("operator") as unit:
        return record_for_award(unit, NewAwardRecord(kind=kind, title=title, occurred_on=on, **more))


def test_sales_loans_and_events_reach_the_estimate_and_leave_it_when_withdrawn(city: City) -> None:
    broker = agency(city)
    sales = entered(city, "sales", "审计报告", date(2024, 12, 31), agency_id=broker, amount_yuan=Decimal(3_000_000))
    entered(
        city,
        "pledge_loans",
        "贷款合同",
        date(2024, 5, 1),
        agency_id=broker,
        amount_yuan=Decimal(60_000_000),
        firm=SHOES,
    )
    entered(city, "events", "对接会", date(2024, 6, 1), agency_id=broker, notified_on=date(2024, 5, 1))
    assert estimated(city, "一（二）")[1] == 100_000
    assert estimated(city, "三")[1] == 60_000
    assert estimated(city, "四（一）")[1] == 50_000
    with city.unit("operator") as unit:
        with pytest.raises(Refusal):
            withdraw_award_record(unit, sales, "")
        withdraw_award_record(unit, sales, "数字有误")
        assert not [each for each in estimate_awards(unit) if each.estimate.clause.key == "sales"]
        assert [each.withdrawn for each in award_records(unit)] == [False, False, True]


def test_entries_agents_navigation_and_platforms_reach_the_estimate(city: City) -> None:
    broker = agency(city)
    entered(city, "entries", "入驻协议", date(2024, 2, 1), agency_id=broker, agents=20, cases=15)
    entered(
        city, "agents", "林演代", date(2023, 9, 1), agency_id=broker, number="ZY-1", until_on=date(2026, 8, 31),
        started_on=date(2023, 9, 1),
    )  # fmt: skip
    project = entered(city, "navigation", "鞋材导航", date(2024, 3, 1), firm=SHOES)
    entered(city, "platforms", "运营平台", date(2024, 3, 1), agency_id=broker, reviewed_on=date(2024, 6, 1))
    assert estimated(city, "一（三）")[1] == 5_000
    assert estimated(city, "四（四）")[1] == 500_000
    assert estimated(city, "二（三）") == (SHOES, 0, {"award_not_reviewed"})
    with city.unit("operator") as unit:
        with pytest.raises(Refusal) as refused:
            date_award_record(unit, project, left_on=date(2024, 5, 1))
        assert refused.value.code == "day_missing"
        date_award_record(unit, project, reviewed_on=date(2024, 5, 1))
    assert estimated(city, "二（三）")[1] == 50_000
    with city.unit("reviewer") as unit:
        lines = estimate_awards(unit)
        (first,) = [each for each in lines if each.estimate.clause.key == "entry" and each.estimate.year == 2024]
        assert first.estimate.amount_yuan == 200_000
        by_clause = {each.key: each.amount_yuan for each in sums_by_clause(unit, lines)}
        assert len(by_clause) == 9 and by_clause["platform"] == 500_000
        together = sum(each.estimate.amount_yuan for each in lines)
        assert sum(by_clause.values()) == together == sum(each.amount_yuan for each in sums_by_year(lines))
        claim = claim_of(unit, "agencies", broker)
        assert claim.amount_yuan + 50_000 == together and claim.strict_yuan == 0
        with pytest.raises(NotFound):
            claim_of(unit, "agencies", 999)


def test_strictly_a_record_needs_its_paper_and_two_people_of_two_organisations(city: City) -> None:
    """And whatever changes it afterwards takes their words out of force."""
    record = entered(city, "navigation", "鞋材导航", date(2024, 3, 1), firm=SHOES, reviewed_on=date(2024, 5, 1))

    def strict() -> tuple[str, Decimal]:
        with city.unit("reviewer") as unit:
            (line,) = estimate_awards(unit)
        return line.estimate.rows[0].standing.level, line.estimate.strict_yuan

    assert strict() == ("typed", 0)
    with city.unit("operator") as unit:
        store_evidence(unit, "award_records", record, "other", "名单.pdf", letter("评审名单"), Paper("official_list"))
    assert strict() == ("documented", 0)
    with city.unit("operator") as unit:
        confirm(unit, "award_records", record)
    assert strict() == ("documented", 0), "who entered it does not confirm it"
    with city.unit("system") as unit:
        second = open_account(unit, "colleague", "operator", "运营中心", "operator", "another-word-42")
        account = unit.session.get(Account, second)
        assert account is not None
    with city.runtime.unit(Actor("operator", second, account.organisation_id)) as unit:
        confirm(unit, "award_records", record)
    assert strict() == ("documented", 0), "the bureau has not spoken"
    with city.unit("reviewer") as unit:
        confirm(unit, "award_records", record, second_factor=True)
    assert strict() == ("confirmed", 50_000)
    with city.unit("operator") as unit:
        date_award_record(unit, record, reviewed_on=date(2024, 5, 2))
    assert strict() == ("documented", 0)


def test_what_was_computed_stands_until_a_row_changes_that_it_reads(city: City) -> None:
    paid_deal(city)
    with city.unit("reviewer") as unit:
        first = estimate_awards(unit)
    with city.unit("reviewer") as unit:
        assert estimate_awards(unit) is first
    entered(city, "navigation", "鞋材导航", date(2024, 3, 1), firm=SHOES)
    with city.unit("reviewer") as unit:
        assert len(estimate_awards(unit)) == len(first) + 1


def test_a_loan_to_a_firm_elsewhere_is_told(city: City) -> None:
    loan = {"agency_id": agency(city), "amount_yuan": Decimal(60_000_000), "firm": UMBRELLAS}
    entered(city, "pledge_loans", "贷款", date(2024, 5, 1), **loan)
    assert "award_borrower_not_local" in estimated(city, "三")[2]


@pytest.mark.parametrize(
    ("kind", "title", "on", "more", "code"),
    [
        ("gift", "x", date(2024, 1, 1), {}, "field_choice"),
        ("sales", " ", date(2024, 1, 1), {"amount_yuan": Decimal(1)}, "note_missing"),
        ("sales", "x", date(2024, 1, 1), {}, "amount_missing"),
        ("sales", "x", date(2030, 1, 1), {"amount_yuan": Decimal(1)}, "day_to_come"),
        ("pledge_loans", "x", date(2024, 1, 1), {"amount_yuan": Decimal(1), "firm": "谁也不是"}, "enterprise_not_found"),
        ("navigation", "x", date(2024, 1, 1), {}, "enterprise_not_found"),
        ("navigation", "x", date(2024, 1, 2), {"firm": SHOES, "reviewed_on": date(2024, 1, 1)}, "award_reviewed_wrong"),
        ("agents", "x", date(2024, 1, 1), {}, "award_number_missing"),
        ("agents", "x", date(2024, 1, 1), {"number": "1"}, "award_until_missing"),
        ("agents", "x", date(2024, 1, 1), {"number": "1", "until_on": date(2027, 1, 1)}, "award_started_missing"),
        ("agents", "x", date(2024, 1, 2), {"number": "1", "until_on": date(2024, 1, 1), "started_on": date(2024, 1, 2)},
         "award_until_reversed"),
        ("entries", "x", date(2024, 1, 1), {}, "award_numbers_missing"),
        ("entries", "x", date(2024, 1, 2), {"agents": 20, "left_on": date(2024, 1, 1)}, "award_left_wrong"),
    ],
)  # fmt: skip
def test_an_incomplete_record_is_refused(
    city: City, kind: str, title: str, on: date, more: dict[str, Any], code: str
) -> None:
    broker = agency(city)
    with pytest.raises(Refusal) as refused:
        entered(city, kind, title, on, agency_id=broker, **more)
    assert refused.value.code == code


def test_others_neither_see_nor_enter(city: City) -> None:
    broker = agency(city)
    for who in ("shoes", "college"):
        with city.unit(who) as unit:
            for act in (estimate_awards, award_records):
                with pytest.raises(NotAllowed):
                    act(unit)
    with city.unit("reviewer") as unit, pytest.raises(NotAllowed):
        record_for_award(unit, NewAwardRecord(kind="events", title="x", occurred_on=date(2024, 1, 1), agency_id=broker))
    with city.unit("operator") as unit:
        assert agencies_named(unit, "文华") == ((broker, "文华知识产权代理有限公司"),)
