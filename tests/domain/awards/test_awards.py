"""What the other clauses would pay: rates, caps, thresholds with their boundaries, exclusions with their reasons."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from matchhub.domain.awards import (
    Estimate,
    EventFact,
    LoanFact,
    SalesFact,
    TradeFact,
    agency_awards,
    event_awards,
    pledge_awards,
    purchase_awards,
    sales_awards,
)
from matchhub.wording import codes
from tests.domain.factories import pack

RULES, WINDOW = pack().awards, pack().window
DAY = date(2024, 5, 20)


def trade(yuan: int = 100_000, **changes: Any) -> TradeFact:
    fact = TradeFact(
        deal_id=1, paid_on=DAY, amount_yuan=Decimal(yuan), proven=True, buyer_id=7, buyer_local=True, agencies=(3,),
        contract_registered=True, inventions=1, implemented=True,
    )  # fmt: skip
    return replace(fact, **changes)


def purchase(*facts: TradeFact) -> tuple[Estimate, ...]:
    return purchase_awards(facts, RULES.purchase, WINDOW)


def agency(*facts: TradeFact) -> Estimate:
    return agency_awards(facts, RULES.agency, WINDOW)[0]


def said(estimate: Estimate) -> set[str]:
    assert {remark.code for remark in estimate.remarks} <= codes()
    return {remark.code for remark in estimate.remarks}


def test_the_numbers_are_those_of_the_law(shared: Path) -> None:
    law = json.loads((shared / "facts" / "clauses.json").read_text(encoding="utf-8"))
    bought, agents, pledge = law["2.1"], law["2.2"], law["3"]
    assert (str(RULES.purchase.rate), RULES.purchase.cap_yuan * 100) == (bought["rate"], bought["cap_fen"])
    assert (str(RULES.agency.rate), RULES.agency.cap_yuan * 100) == (agents["rate"], agents["cap_fen"])
    assert [each["n"] for each in agents["any_of"]] == [
        RULES.agency.least_implemented, RULES.agency.least_paid_yuan * 100
    ]  # fmt: skip
    assert (str(RULES.pledge.rate), RULES.pledge.cap_yuan * 100) == (pledge["rate"], pledge["cap_fen"])
    assert (RULES.pledge.above_yuan * 100, pledge["op"]) == (pledge["threshold_fen"], ">")
    assert [[a * 100, b * 100] for a, b in RULES.sales.tiers] == law["1.2"]["tiers_fen"]
    assert RULES.event.amount_yuan * 100 == law["4.1"]["amount_fen"]


class TestPurchase:
    def test_six_per_cent_of_what_was_paid_in_the_year(self) -> None:
        (found,) = purchase(trade(100_000), trade(50_000, deal_id=2))
        assert (found.payee, found.year, found.base_yuan, found.amount_yuan) == (7, 2024, 150_000, 9_000)

    @pytest.mark.parametrize(
        ("paid", "amount", "code"),
        [(16_666_650, 999_999, None), (16_666_667, 1_000_000, "award_capped"), (20_000_000, 1_000_000, "award_capped")],
    )
    def test_the_cap_is_one_million_a_year(self, paid: int, amount: int, code: str | None) -> None:
        (found,) = purchase(trade(paid))
        assert (found.amount_yuan, said(found)) == (amount, {code} if code else set())

    def test_a_year_s_payments_are_not_those_of_another(self) -> None:
        found = purchase(trade(), trade(paid_on=date(2025, 1, 5)))
        assert [each.year for each in found] == [2024, 2025]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"proven": False}, "award_payment_unproven"),
            ({"cancelled": True}, "award_deal_cancelled"),
            ({"independent": False}, "award_parties_affiliated"),
            ({"circular": True}, "award_deal_circular"),
            ({"buyer_local": False}, "award_buyer_not_local"),
            ({"buyer_local": None}, "award_buyer_not_local"),
            ({"contract_registered": False}, "award_contract_unregistered"),
            ({"paid_on": date(2022, 12, 31)}, "award_outside_window"),
            ({"paid_on": date(2026, 1, 1)}, "award_outside_window"),
        ],
    )
    def test_what_is_excluded_pays_nothing_and_says_why(self, changes: dict[str, Any], code: str) -> None:
        (found,) = purchase(trade(**changes))
        assert found.amount_yuan == 0 and code in said(found)

    def test_a_payment_before_the_formal_start_counts_by_reference(self) -> None:
        (found,) = purchase(trade(paid_on=date(2023, 7, 30)))
        assert found.amount_yuan == 6_000 and said(found) == {"award_by_reference"}
        assert said(purchase(trade(paid_on=date(2023, 7, 31)))[0]) == set()

    def test_a_buyer_that_is_not_in_the_base_gets_no_estimate(self) -> None:
        assert purchase(trade(buyer_id=None)) == ()


class TestAgency:
    @pytest.mark.parametrize(
        ("paid", "amount", "code"),
        [
            (7_999_999, 0, "award_threshold_missed"),
            (8_000_000, 160_000, "award_at_threshold"),
            (8_000_001, Decimal("160000.02"), None),
            (10_000_000, 200_000, "award_at_cap"),
            (10_000_001, 200_000, "award_capped"),
        ],
    )
    def test_two_per_cent_once_eight_million_are_paid(self, paid: int, amount: Any, code: str | None) -> None:
        found = agency(trade(paid, inventions=0))
        assert (found.amount_yuan, said(found)) == (amount, {code} if code else set())

    @pytest.mark.parametrize(("inventions", "pays"), [(49, False), (50, True), (51, True)])
    def test_or_once_fifty_inventions_are_implemented(self, inventions: int, pays: bool) -> None:
        found = agency(trade(100_000, inventions=inventions))
        assert (found.amount_yuan > 0) is pays
        assert ("award_at_threshold" in said(found)) is (inventions == 50)

    def test_inventions_of_a_deal_paid_in_parts_are_counted_once(self) -> None:
        found = agency(trade(inventions=30), trade(inventions=30))
        assert "award_threshold_missed" in said(found)

    def test_a_deal_of_two_agencies_is_shared_and_said_so(self) -> None:
        both = agency_awards([trade(16_000_000, agencies=(3, 4))], RULES.agency, WINDOW)
        assert [each.base_yuan for each in both] == [8_000_000, 8_000_000]
        assert all("award_shared" in said(each) for each in both)

    def test_an_excluded_deal_neither_pays_nor_counts_towards_the_threshold(self) -> None:
        found = agency(trade(9_000_000, independent=False, inventions=60))
        assert found.amount_yuan == 0 and {"award_threshold_missed", "award_parties_affiliated"} <= said(found)


class TestPledge:
    @pytest.mark.parametrize(
        ("lent", "amount", "code"),
        [
            (49_999_999, 0, "award_loans_too_few"),
            (50_000_000, 0, "award_exactly_at_contradiction"),
            (50_001_000, 50_001, None),
            (200_000_000, 200_000, "award_at_cap"),
            (300_000_000, 200_000, "award_capped"),
        ],
    )
    def test_one_in_a_thousand_above_fifty_million_and_equality_is_flagged(
        self, lent: int, amount: int, code: str | None
    ) -> None:
        (found,) = pledge_awards([LoanFact(3, DAY, Decimal(lent), True)], RULES.pledge, WINDOW)
        assert (found.amount_yuan, said(found)) == (amount, {code} if code else set())

    def test_loans_to_firms_elsewhere_do_not_count(self) -> None:
        (found,) = pledge_awards([LoanFact(3, DAY, Decimal(90_000_000), False)], RULES.pledge, WINDOW)
        assert found.amount_yuan == 0 and "award_borrower_not_local" in said(found)


class TestSales:
    @pytest.mark.parametrize(
        ("sold", "amount"),
        [
            (999_999, 0), (1_000_000, 20_000), (2_999_999, 20_000), (3_000_000, 100_000), (4_999_999, 100_000),
            (5_000_000, 250_000), (50_000_000, 250_000),
        ],
    )  # fmt: skip
    def test_only_the_highest_tier_reached_is_paid(self, sold: int, amount: int) -> None:
        (found,) = sales_awards([SalesFact(3, date(2024, 12, 31), Decimal(sold))], RULES.sales, WINDOW)
        assert found.amount_yuan == amount
        assert ("award_at_tier" in said(found)) is (sold in (1_000_000, 3_000_000, 5_000_000))

    def test_sales_of_a_year_outside_the_measure_pay_nothing(self) -> None:
        (found,) = sales_awards([SalesFact(3, date(2022, 12, 31), Decimal(9_000_000))], RULES.sales, WINDOW)
        assert found.amount_yuan == 0 and "award_outside_window" in said(found)


class TestEvents:
    @pytest.mark.parametrize(
        ("notified", "amount", "code"),
        [
            (DAY - timedelta(days=1), 50_000, None),
            (DAY, 0, "award_event_notified_same_day"),
            (DAY + timedelta(days=1), 0, "award_event_unannounced"),
            (None, 0, "award_event_unannounced"),
        ],
    )
    def test_an_event_pays_when_it_was_announced_beforehand(
        self, notified: date | None, amount: int, code: str | None
    ) -> None:
        (found,) = event_awards([EventFact(3, "对接会", DAY, notified)], RULES.event, WINDOW)
        assert (found.amount_yuan, said(found)) == (amount, {code} if code else set())

    def test_each_event_of_a_year_pays(self) -> None:
        held = [EventFact(3, f"第{n}场", DAY, DAY - timedelta(days=9)) for n in range(3)]
        (found,) = event_awards(held, RULES.event, WINDOW)
        assert found.amount_yuan == 150_000
