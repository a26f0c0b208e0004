"""The eight tests for the posting form, measurable targets, likeness of masked texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchhub.domain.counting.facts import DemandFacts
from matchhub.domain.demands import (
    TEST_KEYS,
    assess_demand,
    longest_term,
    masked_text,
    masked_text_similarity,
    measurable_targets,
    reconfirmation_due_on,
    usual_term,
)
from matchhub.wording import sentence
from tests.domain.counting.verdicts import speak
from tests.domain.factories import AS_OF, demand, pack
from tests.policy.packs import changed_pack

RULES = pack().demands


def test_a_complete_demand_passes_all_eight() -> None:
    told = assess_demand(demand(1), RULES, AS_OF)
    assert (told.valid, told.passed, told.missing) == (True, 8, ())
    assert tuple(test.key for test in told.tests) == TEST_KEYS


def test_an_empty_form_names_everything_that_is_missing() -> None:
    told = assess_demand(DemandFacts(record_id="draft"), RULES, AS_OF)
    assert (told.valid, told.passed) == (False, 0)
    assert [test.code for test in told.missing] == [
        "demand_enterprise_unidentified",
        "demand_contact_unnamed",
        "demand_problem_missing",
        "demand_target_missing",
        "demand_field_missing",
        "demand_form_missing",
        "demand_valid_until_missing",
        "demand_not_authorised",
    ]


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("enterprise", {"enterprise_id": None}),
        ("contact", {"contact_name": ""}),
        ("problem", {"aim": " "}),
        ("target", {"targets": "越快越好"}),
        ("field", {"technical_field": ""}),
        ("terms", {"cooperation_form": None}),
        ("validity", {"valid_until_on": None}),
        ("original", {"authorised_by": None}),
    ],
)
def test_each_test_fails_alone(key: str, changes: dict[str, Any]) -> None:
    told = assess_demand(demand(1, **changes), RULES, AS_OF)
    assert [test.key for test in told.missing] == [key]
    for test in told.tests:
        speak(test.code, test.data)


@pytest.mark.parametrize(("length", "stated"), [(9, False), (10, True), (11, True)])
def test_a_problem_takes_some_words(length: int, stated: bool) -> None:
    told = assess_demand(demand(1, text="问" * length), RULES, AS_OF)
    assert told.valid is stated


@pytest.mark.parametrize(("yuan", "stated"), [("-0.01", False), ("0", False), ("0.01", True)])
def test_a_budget_of_nothing_is_none(yuan: str, stated: bool) -> None:
    told = assess_demand(demand(1, budget_negotiable=False, budget_yuan=Decimal(yuan)), RULES, AS_OF)
    assert [test.code for test in told.missing] == ([] if stated else ["demand_budget_missing"])


@pytest.mark.parametrize(
    ("likeness", "code"),
    [
        (0.849, "demand_repetition_review"),
        (0.85, "demand_repetition"),
        (0.851, "demand_repetition"),
        (0.749, "demand_original"),
        (0.75, "demand_repetition_review"),
        (0.751, "demand_repetition_review"),
    ],
)
def test_near_repetitions_are_held_or_reviewed(likeness: float, code: str) -> None:
    told = assess_demand(demand(1, duplicate_of=9, duplicate_similarity=likeness), RULES, AS_OF)
    assert told.tests[-1].code == code


def test_a_person_may_decide_that_a_near_repetition_is_different() -> None:
    fact = demand(1, duplicate_of=9, duplicate_similarity=0.99, duplicate_decision="different")
    assert assess_demand(fact, RULES, AS_OF).valid


@pytest.mark.parametrize(
    ("as_of", "valid"), [(date(2025, 12, 30), True), (date(2025, 12, 31), True), (date(2026, 1, 1), False)]
)
def test_a_demand_is_valid_through_its_last_day(as_of: date, valid: bool) -> None:
    assert assess_demand(demand(1), RULES, as_of).valid is valid


@pytest.mark.parametrize(
    ("day", "valid"), [(date(2026, 2, 27), True), (date(2026, 2, 28), True), (date(2026, 3, 1), False)]
)
def test_a_pack_may_let_a_demand_last_eighteen_months(day: date, valid: bool) -> None:
    rules = changed_pack(usual_months=18).demands
    posted = date(2024, 8, 31)
    until = usual_term(posted, rules)
    assert (usual_term(posted, RULES), until) == (date(2025, 8, 31), date(2026, 2, 28))
    (test,) = (
        each
        for each in assess_demand(demand(1, posted_on=posted, valid_until_on=until), rules, day).tests
        if each.key == "validity"
    )
    assert test.passed is valid
    assert "2026-02-28" in sentence(test.code, "zh", **test.data)


@pytest.mark.parametrize(("months", "until"), [(17, date(2026, 2, 1)), (18, date(2026, 3, 1)), (19, date(2026, 4, 1))])
def test_no_word_of_a_firm_holds_longer_than_the_pack_says(months: int, until: date) -> None:
    rules = changed_pack(max_validity_months=months).demands
    fact = demand(1, valid_until_on=date(2030, 1, 1))  # posted and authorised on 2024-09-01
    assert longest_term(date(2024, 9, 1), rules) == until
    assert assess_demand(fact, rules, until).valid
    (test,) = assess_demand(fact, rules, until + timedelta(days=1)).missing
    assert f"超过 {months} 个月" in sentence(test.code, "zh", **test.data)
    assert f"more than {months} months" in sentence(test.code, "en", **test.data)


def test_targets_may_stand_in_the_aim_or_in_the_text() -> None:
    bare = demand(1, targets=None)
    assert not assess_demand(bare, RULES, AS_OF).valid
    assert assess_demand(replace(bare, aim="耐磨性提高30%以上"), RULES, AS_OF).valid
    assert assess_demand(replace(bare, text="希望成本降低一半,现在太贵了"), RULES, AS_OF).valid


def test_a_firm_is_asked_again_six_months_after_its_last_word() -> None:
    fact = demand(1, posted_on=date(2024, 8, 31), authorised_on=date(2024, 8, 31))
    assert reconfirmation_due_on(fact, RULES, AS_OF) == date(2025, 2, 28)
    assert reconfirmation_due_on(replace(fact, reconfirmed_on=date(2025, 2, 1)), RULES, AS_OF) == date(2025, 8, 1)
    assert reconfirmation_due_on(DemandFacts(record_id=1), RULES, AS_OF) is None


@pytest.mark.parametrize(
    "text",
    [
        "鞋底耐磨性提高30%以上",
        "厚度≤0.5mm",
        "响应时间小于2秒",
        "成本降低一半",
        "重量不超过200克/双",
        "耐温120℃",
        "误差±0.02",
        "剥离强度不低于4.0N/mm",
        "减少用工三人以上",
        "次品率降到百分之二",
        "效率翻一番",
        "200目",
        "产能每天五千双以上",
        "保质期达到12个月",
        "拉力达 150 牛顿",
        "噪音控制在60dB以内",
        "每分钟转速 3000 转",
        "硬度 HRC 58~62 以上,≥58",
        "寿命 5 年以上",
        "甲醛含量低于 20 mg/kg",
        "白度＞90",
        "幅宽1.5～1.8米",
        "省电两成,即降低两成",
    ],
)
def test_a_number_that_says_how_much_is_a_target(text: str) -> None:
    assert measurable_targets(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "想提高产品质量",
        "2023年5月完成",
        "10月前交货",
        "联系电话13800138000",
        "电话0595-85661234",
        "符合GB/T 3903.2-2017",
        "十分需要",
        "一次成型工艺",
        "用第3代材料",
        "3D打印",
        "越薄越好",
    ],
)
def test_dates_numbers_of_standards_and_wishes_are_no_targets(text: str) -> None:
    assert measurable_targets(text) == ()


def test_masked_texts_forget_numbers_blanks_and_punctuation() -> None:
    assert masked_text("每小时停机 3 次，废品率 2.5%！") == masked_text("每小时停机12次,废品率１０%")


def test_small_edits_stay_alike_and_other_problems_do_not() -> None:
    first = "注塑机每小时停机3次,废品率太高,希望改进模具温度控制,降低返工"
    assert masked_text_similarity(first, first.replace("3", "8")) == pytest.approx(1)
    assert masked_text_similarity(first, first.replace("希望", "想要")) >= RULES.duplicate_hold
    assert masked_text_similarity(first, "雨伞骨架容易生锈,想找一种防锈涂层") < RULES.duplicate_review


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_symmetric_and_within_bounds(one: str, other: str) -> None:
    likeness = masked_text_similarity(one, other)
    assert 0 <= likeness <= 1
    assert likeness == pytest.approx(masked_text_similarity(other, one))


def test_empty_texts_are_not_alike() -> None:
    assert masked_text_similarity("", "") == 0


def test_a_reconfirmation_after_the_day_asked_about_does_not_help_yet() -> None:
    old = demand(
        1,
        posted_on=date(2022, 1, 1),
        authorised_on=date(2022, 1, 1),
        valid_until_on=date(2099, 1, 1),
        reconfirmed_on=AS_OF + timedelta(days=1),
    )
    assert not assess_demand(old, RULES, AS_OF).valid
