"""What the other clauses would pay: rates, caps, thresholds with their boundaries, exclusions with their reasons."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from matchhub.domain.award_rules import Each, Share, Stages, Tiers
from matchhub.domain.awards import Estimate, RecordFact, Remark, Standing, TradeFact, rows_of, weigh
from matchhub.wording import codes
from tests.domain.factories import pack

CLAUSES, WINDOW = {each.key: each for each in pack().awards}, pack().window
DAY, LAST = date(2024, 5, 20), date(2026, 6, 30)


def trade(yuan: int = 100_000, **changes: Any) -> TradeFact:
    fact = TradeFact(
        deal_id=1, paid_on=DAY, amount_yuan=Decimal(yuan), proven=True, buyer_id=7, buyer_local=True, agencies=(3,),
        contract_registered=True, inventions=1, implemented=True,
    )  # fmt: skip
    return replace(fact, **changes)


def record(title: str = "记录", **changes: Any) -> RecordFact:
    fact = RecordFact(record_id=1, payee=3, title=title, occurred_on=DAY)
    return replace(fact, **changes)


def paid_for(key: str, *facts: TradeFact | RecordFact, as_of: date = LAST) -> tuple[Estimate, ...]:
    trades = [each for each in facts if isinstance(each, TradeFact)]
    records = [each for each in facts if isinstance(each, RecordFact)]
    return weigh(CLAUSES[key], rows_of(CLAUSES[key], trades, records, WINDOW, as_of))


def purchase(*facts: TradeFact) -> tuple[Estimate, ...]:
    return paid_for("purchase", *facts)


def agency(*facts: TradeFact) -> Estimate:
    return paid_for("agency", *facts)[0]


def said(estimate: Estimate) -> set[str]:
    assert {remark.code for remark in estimate.remarks} <= codes()
    return {remark.code for remark in estimate.remarks}


def test_the_numbers_are_those_of_the_law(shared: Path) -> None:
    law = json.loads((shared / "facts" / "clauses.json").read_text(encoding="utf-8"))
    bought, agents, pledge = law["2.1"], law["2.2"], law["3"]
    rules = {key: each.rule for key, each in CLAUSES.items()}
    assert rules["purchase"] == Share(Decimal(bought["rate"]), bought["cap_fen"] // 100)
    implemented, paid = (each["n"] for each in agents["any_of"])
    assert rules["agency"] == Share(Decimal(agents["rate"]), agents["cap_fen"] // 100, None, paid // 100, implemented)
    assert rules["pledge"] == Share(Decimal(pledge["rate"]), pledge["cap_fen"] // 100, pledge["threshold_fen"] // 100)
    assert rules["sales"] == Tiers(tuple((a // 100, b // 100) for a, b in law["1.2"]["tiers_fen"]))
    assert rules["event"] == Each(law["4.1"]["amount_fen"] // 100)
    assert rules["agents"] == Each(law["1.3b"]["amount_fen"] // 100, once=True)
    assert rules["navigation"] == Each(law["2.3"]["amount_fen"] // 100, once=True)
    assert CLAUSES["navigation"].payee_kind + "" == law["2.3"]["payee"] + "s"
    assert rules["platform"] == Each(law["4.4"]["amount_fen"] // 100, once=True)
    entry = law["1.1"]
    assert rules["entry"] == Stages(entry["first_fen"] // 100, entry["after_one_year_fen"] // 100, 1)
    needs = CLAUSES["entry"].needs
    assert (needs.least_agents, needs.least_cases, needs.least_top, needs.top_of) == (20, 15, 2, 500)
    assert (CLAUSES["agents"].needs.contract_years, CLAUSES["agents"].needs.service_years) == (3, 1)


class TestPurchase:
    def test_six_per_cent_of_what_was_paid_in_the_year(self) -> None:
        (found,) = purchase(trade(100_000), trade(50_000, deal_id=2))
        assert (found.payee, found.year, found.base, found.amount_yuan) == (7, 2024, 150_000, 9_000)

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
        both = paid_for("agency", trade(16_000_000, agencies=(3, 4)))
        assert [each.base for each in both] == [8_000_000, 8_000_000]
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
        (found,) = paid_for("pledge", record(amount_yuan=Decimal(lent), borrower_local=True))
        assert (found.amount_yuan, said(found)) == (amount, {code} if code else set())

    def test_loans_to_firms_elsewhere_do_not_count(self) -> None:
        (found,) = paid_for("pledge", record(amount_yuan=Decimal(90_000_000), borrower_local=False))
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
        (found,) = paid_for("sales", record(occurred_on=date(2024, 12, 31), amount_yuan=Decimal(sold)))
        assert found.amount_yuan == amount
        assert ("award_at_tier" in said(found)) is (sold in (1_000_000, 3_000_000, 5_000_000))

    def test_sales_of_a_year_outside_the_measure_pay_nothing(self) -> None:
        (found,) = paid_for("sales", record(occurred_on=date(2022, 12, 31), amount_yuan=Decimal(9_000_000)))
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
        (found,) = paid_for("event", record("对接会", notified_on=notified))
        assert (found.amount_yuan, said(found)) == (amount, {code} if code else set())

    def test_each_event_of_a_year_pays(self) -> None:
        held = [record(f"第{n}场", record_id=n, notified_on=DAY - timedelta(days=9)) for n in range(3)]
        (found,) = paid_for("event", *held)
        assert found.amount_yuan == 150_000


class TestEntry:
    @pytest.mark.parametrize(
        ("agents", "cases", "top", "amount", "code"),
        [
            (19, 15, 0, 0, "award_entry_too_small"),
            (20, 14, 0, 0, "award_entry_too_small"),
            (20, 15, 0, 200_000, "award_entry_exactly"),
            (21, 16, 0, 200_000, None),
            (0, 0, 1, 0, "award_entry_too_small"),
            (0, 0, 2, 200_000, "award_entry_exactly"),
            (0, 0, 3, 200_000, None),
        ],
    )
    def test_twenty_agents_and_fifteen_cases_or_two_of_the_top(
        self, agents: int, cases: int, top: int, amount: int, code: str | None
    ) -> None:
        entered = record(agents=agents, cases=cases, top_firms=top)
        found = paid_for("entry", entered, as_of=DAY)[0]
        assert (found.amount_yuan, said(found) - {"award_not_yet"}) == (amount, {code} if code else set())

    @pytest.mark.parametrize(("as_of", "later"), [(19, 0), (20, 300_000), (21, 300_000)])
    def test_the_second_part_is_due_when_a_year_is_over(self, as_of: int, later: int) -> None:
        first, after = paid_for("entry", record(agents=30, cases=30), as_of=date(2025, 5, as_of))
        assert (first.year, first.amount_yuan) == (2024, 200_000)
        assert (after.year, after.amount_yuan) == (2025, later)
        assert ("award_not_yet" in said(after)) is (later == 0)

    @pytest.mark.parametrize(("left", "later"), [(19, 0), (20, 300_000), (21, 300_000)])
    def test_who_left_within_the_year_gets_no_second_part(self, left: int, later: int) -> None:
        entered = record(agents=30, cases=30, left_on=date(2025, 5, left))
        _, after = paid_for("entry", entered)
        assert after.amount_yuan == later and ("award_left_early" in said(after)) is (later == 0)

    def test_an_agency_is_paid_once_for_its_entry_however_often_it_is_recorded(self) -> None:
        first = record(agents=30, cases=30)
        again = record(record_id=2, top_firms=3, occurred_on=DAY + timedelta(days=9))
        entered, after = paid_for("entry", first, again)
        assert (entered.amount_yuan, after.amount_yuan) == (200_000, 300_000)
        assert "award_once_only" in said(entered) and "award_once_only" in said(after)


class TestAgents:
    HIRED = record("林演代", number="3520312345.0", until_on=date(2027, 5, 19), started_on=DAY)

    @pytest.mark.parametrize(
        ("until", "amount", "code"),
        [(18, 0, "award_contract_too_short"), (19, 5_000, "award_contract_exactly"), (20, 5_000, None)],
    )
    def test_the_contract_runs_three_years(self, until: int, amount: int, code: str | None) -> None:
        (found,) = paid_for("agents", replace(self.HIRED, until_on=date(2027, 5, until)))
        assert (found.amount_yuan, said(found)) == (amount, {code} if code else set())

    @pytest.mark.parametrize(("as_of", "amount"), [(19, 0), (20, 5_000), (21, 5_000)])
    def test_one_year_of_service_is_over(self, as_of: int, amount: int) -> None:
        (found,) = paid_for("agents", self.HIRED, as_of=date(2025, 5, as_of))
        assert (found.year, found.amount_yuan) == (2025, amount)
        assert ("award_not_yet" in said(found)) is (amount == 0)

    def test_who_left_before_pays_nothing(self) -> None:
        (found,) = paid_for("agents", replace(self.HIRED, left_on=date(2025, 5, 19)))
        assert found.amount_yuan == 0 and "award_left_early" in said(found)

    def test_an_agent_is_paid_once_whoever_employs_him_later(self) -> None:
        again = replace(self.HIRED, record_id=2, payee=4, started_on=date(2024, 6, 1))
        first, second = paid_for("agents", again, self.HIRED)
        assert (first.payee, first.amount_yuan) == (3, 5_000)
        assert (second.payee, second.amount_yuan) == (4, 0) and "award_once_only" in said(second)

    def test_without_a_first_day_of_service_nothing_is_paid(self) -> None:
        (found,) = paid_for("agents", replace(self.HIRED, started_on=None))
        assert found.amount_yuan == 0 and "award_service_unknown" in said(found)


class TestReviewed:
    def test_a_project_pays_its_enterprise_when_it_passed_the_review(self) -> None:
        passed = record("鞋材导航", payee=7, reviewed_on=date(2025, 1, 6), number="DH-1")
        waiting = record("机械导航", record_id=2, payee=7)
        before, after = paid_for("navigation", passed, waiting)
        assert (after.payee, after.year, after.amount_yuan) == (7, 2025, 50_000)
        assert before.amount_yuan == 0 and said(before) == {"award_not_reviewed"}

    @pytest.mark.parametrize(("day", "amount"), [(date(2025, 12, 31), 50_000), (date(2026, 1, 1), 0)])
    def test_the_day_of_the_review_decides(self, day: date, amount: int) -> None:
        (found,) = paid_for("navigation", record(reviewed_on=day))
        assert found.amount_yuan == amount

    def test_a_platform_is_for_the_review_to_decide_and_pays_an_agency_once(self) -> None:
        first = record("平台", reviewed_on=DAY)
        second = record("平台二期", record_id=2, reviewed_on=DAY + timedelta(days=400))
        one, other = paid_for("platform", first, second)
        assert (one.amount_yuan, other.amount_yuan) == (500_000, 0)
        assert "award_by_review" in said(one) and "award_once_only" in said(other)


class TestStrict:
    def test_what_is_typed_or_only_documented_is_not_in_the_strict_amount(self) -> None:
        lacks = Standing("documented", (Remark("confirmation_missing", {"role": "reviewer"}),))
        held = [
            record("一", notified_on=date(2024, 1, 1)),
            record("二", record_id=2, notified_on=date(2024, 1, 1), standing=lacks),
            record("三", record_id=3, notified_on=date(2024, 1, 1), standing=Standing("typed")),
        ]
        (found,) = paid_for("event", *held)
        assert (found.amount_yuan, found.strict_yuan) == (150_000, 50_000)

    def test_what_the_bureau_rejected_pays_nothing(self) -> None:
        held = record(notified_on=date(2024, 1, 1), standing=Standing("typed", rejected=True))
        (found,) = paid_for("event", held)
        assert found.amount_yuan == 0 and said(found) == {"award_rejected"}

    def test_strictly_the_threshold_too_is_reached_by_confirmed_payments_only(self) -> None:
        found = agency(trade(5_000_000), trade(5_000_000, deal_id=2, standing=Standing("documented")))
        assert (found.amount_yuan, found.strict_yuan) == (200_000, 0)

    def test_once_only_is_judged_apart_for_the_strict_amount(self) -> None:
        first = replace(TestAgents.HIRED, standing=Standing("typed"))
        later = replace(TestAgents.HIRED, record_id=2, payee=4, started_on=date(2024, 6, 1))
        one, other = paid_for("agents", first, later)
        assert (one.amount_yuan, one.strict_yuan) == (5_000, 0)
        assert (other.amount_yuan, other.strict_yuan) == (0, 5_000)
