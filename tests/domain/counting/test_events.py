"""Demands and pushes: the window, literal and strict, one reason for every test, and the caps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from matchhub.domain.counting.facts import DemandWordFact
from matchhub.domain.proof_rules import ProofNeed
from matchhub.domain.rules import RulePack
from tests.domain.counting.verdicts import against, expect, judge, literal, speaking_for, strict
from tests.domain.factories import MAKERS, at, confirmation, demand, pack, paper, push, push_item

LATE = date(2026, 6, 30)
SHEET = paper(1, "authorisation_sheet")
DAY_OF = {
    "local_demands": "posted_on",
    "invention_deals": "signed_on",
    "open_licence_offers": "published_on",
    "open_licences": "reached_on",
}


def on_day(key: str, day: date) -> Any:
    if key == "pushes":
        return push(1, delivered_at=at(day))
    return replace(MAKERS[key](1), **{DAY_OF[key]: day})


@pytest.mark.parametrize("key", [*DAY_OF, "pushes"])
class TestWindow:
    @pytest.mark.parametrize(
        ("day", "inside"),
        [
            (date(2022, 12, 31), False),
            (date(2023, 1, 1), True),
            (date(2023, 1, 2), True),
            (date(2025, 12, 30), True),
            (date(2025, 12, 31), True),
            (date(2026, 1, 1), False),
        ],
    )
    def test_only_events_inside_the_window_count(self, key: str, day: date, inside: bool) -> None:
        atoms = judge(key, [on_day(key, day)], LATE)
        assert literal(atoms) == int(inside)
        outside = {"event_before_window", "event_after_window"} & against(atoms)
        assert bool(outside) is not inside

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(2023, 7, 30), "event_by_reference"),
            (date(2023, 7, 31), "event_in_window"),
            (date(2023, 8, 1), "event_in_window"),
        ],
    )
    def test_events_before_the_measure_took_effect_count_by_reference(self, key: str, day: date, code: str) -> None:
        assert code in speaking_for(judge(key, [on_day(key, day)], LATE))

    @pytest.mark.parametrize(
        ("as_of", "counted"), [(date(2024, 9, 9), 0), (date(2024, 9, 10), 1), (date(2024, 9, 11), 1)]
    )
    def test_an_event_counts_from_its_day(self, key: str, as_of: date, counted: int) -> None:
        atoms = judge(key, [on_day(key, date(2024, 9, 10))], as_of)
        assert literal(atoms) == counted
        assert ("event_after_as_of" in against(atoms)) is (counted == 0)

    def test_a_pack_may_leave_the_window_open(self, key: str) -> None:
        goals = tuple(
            replace(goal, thresholds=tuple(replace(each, windowed=False) for each in goal.thresholds))
            for goal in pack().goals
        )
        rules: RulePack = replace(pack(), goals=goals)
        atoms = judge(key, [on_day(key, date(2026, 3, 1))], LATE, rules)
        assert literal(atoms) == 1
        assert "event_in_time" in speaking_for(atoms)

    def test_a_withdrawn_record_leaves_the_count(self, key: str) -> None:
        withdrawn = replace(MAKERS[key](1), withdrawn_on=date(2025, 6, 3))
        assert [strict(judge(key, [withdrawn], date(2025, 6, day))) for day in (2, 3, 4)] == [1, 0, 0]
        assert "record_withdrawn" in against(judge(key, [withdrawn], date(2025, 6, 3)))

    def test_a_rejected_record_is_not_strict(self, key: str) -> None:
        made = MAKERS[key](1)
        said = confirmation(9, 90, "reviewer", decision="rejected", at=datetime(2025, 1, 1))
        expect(key, replace(made, confirmations=(*made.confirmations, said)), "record_rejected", True)


@pytest.mark.parametrize("key", list(DAY_OF))
def test_an_undated_event_does_not_count(key: str) -> None:
    expect(key, replace(MAKERS[key](1), **{DAY_OF[key]: None}), "event_undated", False)


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"text": " ", "title": None}, "demand_wordless", False),
        ({"enterprise_local": False}, "demand_enterprise_not_local", False),
        ({"enterprise_local": None}, "demand_locality_undecided", False),
        ({"enterprise_uscc": None}, "demand_enterprise_unidentified", True),
        ({"enterprise_uscc": "914403001922038217"}, "demand_enterprise_uscc_invalid", True),
        ({"contact_name": None}, "demand_contact_unnamed", True),
        ({"contact_reachable": False}, "demand_contact_unreachable", True),
        ({"text": "太短"}, "demand_problem_missing", True),
        ({"object": None}, "demand_object_missing", True),
        ({"aim": None}, "demand_aim_missing", True),
        ({"targets": "越低越好"}, "demand_target_missing", True),
        ({"technical_field": None}, "demand_field_missing", True),
        ({"cooperation_form": None}, "demand_form_missing", True),
        ({"budget_negotiable": False}, "demand_budget_missing", True),
        ({"valid_until_on": None}, "demand_valid_until_missing", True),
        ({"valid_until_on": date(2025, 6, 29)}, "demand_expired", True),
        (
            {"posted_on": date(2023, 2, 1), "authorised_on": None, "valid_until_on": date(2099, 1, 1)},
            "demand_not_authorised",
            True,
        ),
        ({"authorised_by": ""}, "demand_not_authorised", True),
        ({"authorised_on": date(2025, 7, 1)}, "demand_not_authorised", True),
        ({"verification": None}, "demand_unverified", True),
        ({"verification": DemandWordFact(on=date(2024, 9, 3), stands=False)}, "demand_changed_since_verified", True),
        ({"own_word": None}, "demand_authorisation_unproven", True),
        (
            {"own_word": None, "evidence": (paper(1, "authorisation_sheet", intact=False),)},
            "demand_authorisation_unproven",
            True,
        ),
        ({"own_word": None, "evidence": (paper(1, "contract"),)}, "demand_authorisation_unproven", True),
        ({"own_word": DemandWordFact(on=date(2024, 9, 2), stands=False)}, "demand_changed_since_authorised", True),
        (
            {"own_word": None, "evidence": (SHEET,), "outdated": frozenset({SHEET.digest})},
            "demand_changed_since_authorised",
            True,
        ),
    ],
)
def test_a_demand_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    expect("local_demands", demand(1, **changes), code, still_literal)


@pytest.mark.parametrize(
    ("likeness", "decision", "code"),
    [
        (0.9, None, "demand_repetition"),
        (0.5, "same", "demand_repetition"),
        (0.8, None, "demand_repetition_review"),
        (0.7, None, ""),
        (0.9, "different", ""),
    ],
)
def test_of_two_demands_that_are_alike_one_counts(likeness: float, decision: Any, code: str) -> None:
    like = demand(1, duplicate_of=9, duplicate_similarity=likeness, duplicate_decision=decision)
    first = demand(9, posted_on=date(2024, 8, 31))
    atoms = judge("local_demands", [like, first])
    assert (strict(atoms), against(atoms), against(atoms, 9)) == (1 if code else 2, {code} if code else set(), set())


def test_one_that_was_withdrawn_holds_nobody_back_and_still_ties_those_like_it_together() -> None:
    clones = [demand(n, duplicate_of=1, duplicate_similarity=0.95) for n in (2, 3, 4)]
    gone = demand(1, withdrawn_on=date(2024, 10, 1))
    atoms = judge("local_demands", [gone, *clones])
    assert (strict(atoms), against(atoms, 2), against(atoms, 4)) == (1, set(), {"demand_repetition"})
    chain = [
        demand(1),
        demand(2, duplicate_of=1, duplicate_similarity=0.95, verification=None),
        demand(3, duplicate_of=2, duplicate_similarity=0.95),
    ]
    assert strict(judge("local_demands", chain)) == 1


def test_moving_its_sentences_makes_no_other_demand() -> None:
    sentences = ["雨天鞋底在瓷砖上打滑", "顾客已经摔倒3次", "试过两种橡胶都不行", "希望摩擦系数不低于0.5"]
    first = demand(1, text="。".join(sentences), targets="不降低耐磨性")
    again = demand(2, text="；".join([*reversed(sentences[1:]), "不降低耐磨性"]), targets=sentences[0])
    atoms = judge("local_demands", [first, again])
    assert (literal(atoms), strict(atoms), against(atoms, 2)) == (2, 1, {"demand_same_text"})


def test_a_signed_sheet_on_file_stands_for_the_account() -> None:
    atoms = judge("local_demands", [demand(1, own_word=None, evidence=(SHEET,))])
    assert "demand_authorised" in speaking_for(atoms) and against(atoms) == set()


def test_a_pack_may_ask_for_the_account_itself_or_for_nothing() -> None:
    def asking(level: Any) -> RulePack:
        rules = pack()
        needs = {
            **rules.proof.needs,
            "demands": {"verification": ProofNeed(level), "authorisation": ProofNeed(level, frozenset())},
        }
        return replace(rules, proof=replace(rules.proof, needs=needs))

    on_paper = demand(1, own_word=None, evidence=(SHEET,))
    assert against(judge("local_demands", [on_paper], rules=asking("confirmed"))) == {"demand_authorisation_unproven"}
    bare = demand(1, own_word=None, verification=None)
    assert against(judge("local_demands", [bare], rules=asking("typed"))) == set()


def test_a_complete_demand_counts() -> None:
    atoms = judge("local_demands", [demand(1)])
    assert against(atoms) == set()
    assert {"demand_verified", "demand_authorised"} <= speaking_for(atoms)
    assert {"demand_target_measurable", "demand_original"} <= speaking_for(atoms)


def test_a_demand_of_a_firm_that_is_not_local_gives_that_reason_once() -> None:
    codes = [reason.code for reason in judge("local_demands", [demand(1, enterprise_local=False)])[0].reasons]
    assert codes.count("demand_enterprise_not_local") == 1


def test_a_text_without_a_title_counts() -> None:
    assert strict(judge("local_demands", [demand(1, title=None)])) == 1


def test_a_budget_stands_for_negotiable() -> None:
    assert strict(judge("local_demands", [demand(1, budget_negotiable=False, budget_yuan=Decimal(1))])) == 1


@pytest.mark.parametrize(
    ("as_of", "fails"), [(date(2026, 1, 31), False), (date(2026, 2, 1), False), (date(2026, 2, 2), True)]
)
def test_a_far_valid_until_day_proves_nothing_years_after_the_firm_last_spoke(as_of: date, fails: bool) -> None:
    old = demand(1, posted_on=date(2023, 2, 1), authorised_on=date(2023, 2, 1), valid_until_on=date(2099, 1, 1))
    assert ("demand_stale" in against(judge("local_demands", [old], as_of))) is fails
    again = replace(old, reconfirmed_on=date(2025, 2, 1))
    assert "demand_stale" not in against(judge("local_demands", [again], as_of))


def test_demands_that_differ_in_their_numbers_only_count_once() -> None:
    first = demand(1, text="注塑机每小时停机3次,废品率太高", targets="停机不超过1次")
    clone = demand(2, text="注塑机每小时停机5次，废品率太高", targets="停机不超过2次", posted_on=date(2024, 9, 2))
    atoms = judge("local_demands", [clone, first])
    assert (literal(atoms), strict(atoms)) == (2, 1)
    assert "demand_same_text" in against(atoms, 2)


def test_a_person_may_decide_that_equal_texts_are_different_demands() -> None:
    twin = demand(1, record_id=2, duplicate_of=1, duplicate_similarity=1.0, duplicate_decision="different")
    assert strict(judge("local_demands", [demand(1), twin])) == 2


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"delivered_at": None}, "push_not_delivered", False),
        ({"enterprise_id": None}, "push_recipient_unnamed", False),
        ({"items": ()}, "push_without_patent", False),
        ({"suppressed": True}, "push_recipient_suppressed", True),
    ],
)
def test_a_push_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    expect("pushes", push(1, **changes), code, still_literal)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"score": None}, "push_score_missing"),
        ({"score": 0.0}, "push_below_floor"),
        ({"score": 0.43, "by_hand": True}, "push_by_hand_below_floor"),
        ({"model": "other-2:ab"}, "push_floor_unpublished"),
        ({"model": None}, "push_floor_unpublished"),
        ({"explained": False}, "push_unexplained"),
        ({"demand_id": None}, "push_without_occasion"),
        ({"demand_enterprise_id": 2}, "push_for_other_enterprise"),
        ({"demand_id": None, "profile_enterprise_id": 2}, "push_for_other_enterprise"),
    ],
)
def test_a_patent_of_a_push_fails_by_its_own_reason(changes: dict[str, Any], code: str) -> None:
    expect("pushes", push(1, items=(push_item(1, 1, **changes),)), code, True)


def test_a_complete_push_counts() -> None:
    atoms = judge("pushes", [push(1)])
    assert against(atoms) == set()
    assert "push_answers_demand" in speaking_for(atoms)


def test_a_push_that_was_added_by_hand_counts_above_the_floor_and_is_flagged() -> None:
    atoms = judge("pushes", [push(1, items=(push_item(1, 1, by_hand=True),))])
    assert strict(atoms) == 1
    assert {reason.code: reason.effect for reason in atoms[0].reasons}["push_added_by_hand"] == "flagged"


def test_a_push_to_a_profile_counts() -> None:
    item = push_item(1, 1, demand_id=None, profile_enterprise_id=1)
    atoms = judge("pushes", [push(1, items=(item,))])
    assert strict(atoms) == 1
    assert "push_fits_profile" in speaking_for(atoms)


@pytest.mark.parametrize("step", [-0.001, 0, 0.001])
def test_the_score_must_reach_the_published_floor(step: float) -> None:
    floor = pack().pushes.floor_of("tfidf-bm25f-3")
    assert floor is not None
    atoms = judge("pushes", [push(1, items=(push_item(1, 1, score=floor + step),))])
    assert strict(atoms) == int(step >= 0)


def test_a_floor_of_the_exact_model_version_goes_before_that_of_its_name() -> None:
    rules = replace(pack(), pushes=replace(pack().pushes, floors={"m": 0.2, "m:2": 0.6}))
    facts = [push(n, items=(push_item(n, n, model=model),)) for n, model in ((1, "m:1"), (2, "m:2"))]
    assert [strict(judge("pushes", [fact], rules=rules)) for fact in facts] == [1, 0]


def test_one_good_patent_makes_the_message_count_once() -> None:
    items = (push_item(1, 1, score=0.0), push_item(2, 1), push_item(3, 1))
    atoms = judge("pushes", [push(1, items=items)])
    assert strict(atoms) == 1
    assert len({atom.other_unit for atom in atoms if atom.strict}) == 2


def test_pairs_are_the_headline_where_the_pack_says_so() -> None:
    goals = tuple(
        replace(
            goal,
            thresholds=tuple(
                replace(each, unit="pair", other_unit="message") if each.key == "pushes" else each
                for each in goal.thresholds
            ),
        )
        for goal in pack().goals
    )
    items = (push_item(2, 1), push_item(3, 1))
    assert strict(judge("pushes", [push(1, items=items)], rules=replace(pack(), goals=goals))) == 2


@pytest.mark.parametrize("same_day", [3, 4])
def test_three_messages_a_day_count_and_a_fourth_does_not(same_day: int) -> None:
    facts = [
        push(n, enterprise_id=1, items=(push_item(n, 1),), delivered_at=at(date(2024, 10, 8), n))
        for n in range(1, same_day + 1)
    ]
    atoms = judge("pushes", facts)
    assert (literal(atoms), strict(atoms)) == (same_day, 3)
    assert ("push_cap_enterprise_day" in against(atoms, same_day)) is (same_day > 3)


def test_a_day_is_a_day_in_the_city() -> None:
    hours = (
        datetime(2024, 10, 8, 14),
        datetime(2024, 10, 8, 15),
        datetime(2024, 10, 8, 15, 59),
        datetime(2024, 10, 8, 16),
    )  # the last one is midnight in the city
    facts = [push(n, enterprise_id=1, items=(push_item(n, 1),), delivered_at=hour) for n, hour in enumerate(hours)]
    assert strict(judge("pushes", facts)) == 4


@pytest.mark.parametrize("times", [19, 20, 21])
def test_a_patent_is_pushed_twenty_times_at_most(times: int) -> None:
    start = date(2024, 1, 1)
    facts = [push(n, items=(push_item(7, n),), delivered_at=at(start + timedelta(days=n))) for n in range(1, times + 1)]
    atoms = judge("pushes", facts)
    assert strict(atoms) == min(times, 20)
    assert ("push_cap_patent" in against(atoms, times)) is (times > 20)


def test_only_the_first_push_of_a_patent_to_an_enterprise_counts() -> None:
    again = push(2, enterprise_id=1, items=(push_item(1, 1),), delivered_at=at(date(2024, 11, 8)))
    atoms = judge("pushes", [again, push(1)])
    assert (literal(atoms), strict(atoms)) == (2, 1)
    assert "push_repeated" in against(atoms, 2)


def test_a_push_that_does_not_count_still_uses_up_the_caps() -> None:
    weak = push(1, items=(push_item(1, 1, score=0.0),), withdrawn_on=date(2024, 10, 9))
    again = push(2, enterprise_id=1, items=(push_item(1, 1),), delivered_at=at(date(2024, 11, 8)))
    assert strict(judge("pushes", [weak, again])) == 0


def test_later_pushes_use_up_nothing_of_an_earlier_day() -> None:
    later = push(2, enterprise_id=1, items=(push_item(1, 1),), delivered_at=at(date(2025, 7, 8)))
    assert strict(judge("pushes", [later, push(1)])) == 1
