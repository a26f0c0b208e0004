"""Sums against thresholds: boundaries as triples, both goals, the shape of the contract, growth by month, signals."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from matchhub.domain.counting.atoms import Atom, counts, judged, not_literal, not_strict
from matchhub.domain.counting.counters import COUNTERS, count_all, explain
from matchhub.domain.counting.facts import Facts
from matchhub.domain.counting.progress import burn_up, progress, reason_tally, threshold_progress
from matchhub.domain.counting.signals import growth_signals, loss_signals
from matchhub.domain.rules import RulePack
from matchhub.errors import NotFound
from tests.domain.counting.verdicts import judge
from tests.domain.factories import (
    AS_OF,
    MAKERS,
    deal,
    enterprise,
    kind_of,
    pack,
    patent,
    push,
    push_item,
    some_facts,
)

REQUIRED = {
    "patents": 10000,
    "enterprises": 2000,
    "experts": 500,
    "agencies": 80,
    "local_demands": 1000,
    "pushes": 300,
    "invention_deals": 200,
    "open_licence_offers": 300,
    "open_licences": 200,
}


def good(n: int, day: date | None = date(2024, 3, 1)) -> Atom:
    return judged(n, f"u{n}", (counts("event_in_window"),), day)


def full() -> dict[str, list[Atom]]:
    return {key: [good(n) for n in range(required)] for key, required in REQUIRED.items()}


@pytest.mark.parametrize("key", REQUIRED)
@pytest.mark.parametrize(("step", "met", "missing"), [(-1, False, 1), (0, True, 0), (1, True, 0)])
def test_a_threshold_is_met_at_its_number(key: str, step: int, met: bool, missing: int) -> None:
    told = threshold_progress([good(n) for n in range(REQUIRED[key] + step)], pack().threshold(key))
    assert (told.met, told.missing) == (met, missing)


@pytest.mark.parametrize(("step", "met"), [(-1, False), (0, False), (1, True)])
def test_more_than_excludes_the_number_itself(step: int, met: bool) -> None:
    threshold = replace(pack().threshold("agencies"), operator=">")
    assert threshold_progress([good(n) for n in range(80 + step)], threshold).met is met


def small_pack(required: int = 3) -> RulePack:
    goals = tuple(
        replace(goal, thresholds=tuple(replace(each, required=required) for each in goal.thresholds))
        for goal in pack().goals
    )
    return replace(pack(), goals=goals)


@pytest.mark.parametrize(("number", "earned"), [(2, False), (3, True), (4, True)])
def test_both_goals_are_earned_by_facts_at_the_number(number: int, earned: bool) -> None:
    told = progress(count_all(some_facts(number), small_pack(), AS_OF), small_pack(), AS_OF)
    assert [goal.earned for goal in told.goals] == [earned, earned]


@pytest.mark.parametrize("key", REQUIRED)
def test_one_missing_record_of_any_threshold_costs_its_goal_and_no_other(key: str) -> None:
    facts = some_facts(3)
    short = replace(facts, **{kind_of(key): getattr(facts, kind_of(key))[:2]})
    told = progress(count_all(short, small_pack(), AS_OF), small_pack(), AS_OF)
    lost = {goal.goal.key for goal in told.goals if not goal.earned}
    assert lost == {next(goal.key for goal in pack().goals if key in {each.key for each in goal.thresholds})}


def test_the_bonus_needs_the_strict_count() -> None:
    atoms = full()
    atoms["experts"][0] = judged(0, "u0", (not_strict("expert_consent_missing"),), None)
    told = progress(atoms, pack(), AS_OF)
    assert [goal.earned for goal in told.goals] == [False, True]
    short = told.threshold("experts")
    assert (short.count.literal, short.count.strict, short.missing) == (500, 499, 1)
    assert short.reasons == {"expert_consent_missing": 1}


def test_both_goals_at_their_numbers_are_earned() -> None:
    told = progress(full(), pack(), AS_OF)
    assert [(goal.goal.key, goal.goal.bonus_yuan, goal.earned) for goal in told.goals] == [
        ("base_database", 500_000, True),
        ("open_licensing", 100_000, True),
    ]


def test_a_forgotten_counter_is_an_error_and_not_a_zero() -> None:
    atoms = full()
    del atoms["pushes"]
    with pytest.raises(KeyError):
        progress(atoms, pack(), AS_OF)


def test_the_answer_has_the_shape_of_the_contract() -> None:
    known_at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    told = json.loads(json.dumps(progress(full(), pack(), AS_OF, known_at).to_json()))
    assert told["policy"] == "jinjiang-2023-6"
    assert (told["as_of"], told["known_at"]) == ("2025-06-30", "2026-01-02T03:04:00+00:00")
    assert told["window"] == {"from": "2023-01-01", "to": "2025-12-31", "ended": False}
    first = told["goals"][0]
    assert {"key", "clause", "bonus_yuan", "earned", "thresholds"} <= set(first)
    assert (first["clause"], first["bonus_yuan"]) == ("四（二）", 500000)
    for threshold in first["thresholds"]:
        assert {"key", "required", "literal", "strict", "missing", "reasons"} <= set(threshold)


@pytest.mark.parametrize(
    ("as_of", "ended"), [(date(2025, 12, 30), False), (date(2025, 12, 31), False), (date(2026, 1, 1), True)]
)
def test_the_ended_window_is_said(as_of: date, ended: bool) -> None:
    assert progress(full(), pack(), as_of).to_json()["window"] == {
        "from": "2023-01-01",
        "to": "2025-12-31",
        "ended": ended,
    }


def test_late_evidence_for_an_event_inside_the_window_still_counts() -> None:
    late = deal(1, registrations=(replace(deal(1).registrations[0], registered_on=date(2026, 2, 1)),))
    atoms = count_all(Facts(deals=(late,)), pack(), date(2026, 3, 1))
    assert progress(atoms, pack(), date(2026, 3, 1)).threshold("invention_deals").count.strict == 1


def test_each_threshold_has_its_counter_in_the_order_of_the_law() -> None:
    keys = [threshold.key for goal in pack().goals for threshold in goal.thresholds]
    assert keys == list(REQUIRED)
    assert [threshold.counter for threshold in pack().thresholds] == list(COUNTERS)
    assert [pack().threshold(key).required for key in keys] == list(REQUIRED.values())


def test_the_tally_counts_records_that_do_not_count_under_each_of_their_faults() -> None:
    atoms = [
        judged(1, "a", (not_strict("x"), not_strict("y")), None),
        judged(2, "b", (not_strict("x"),), None),
        judged(3, "c", (not_literal("z"),), None),
        good(4),
        judged(5, "d", (not_strict("x"),), None),
        judged(5, "d", (counts("ok"),), None),
    ]
    assert reason_tally(atoms) == {"x": 2, "y": 1, "z": 1}


def test_an_atom_is_never_strict_without_being_literal() -> None:
    atom = judged(1, "a", (not_literal("z"),), None)
    assert (atom.literal, atom.strict) == (False, False)


def test_an_explanation_names_what_speaks_against_first() -> None:
    told = explain(judge("patents", [patent(1, title=None)], AS_OF), 1).to_json()
    assert told["counts"] == {"literal": True, "strict": False}
    reasons: Any = told["reasons"]
    assert reasons[0] == {"code": "patent_title_missing", "effect": "not_strict", "data": {}}
    assert json.dumps(told)


def test_an_explanation_begins_with_the_best_patent_whatever_the_order() -> None:
    good_and_weak = push(1, items=(push_item(2, 1), push_item(1, 1, score=0.01)))
    atoms = judge("pushes", [good_and_weak], AS_OF)
    told = explain(atoms, 1)
    assert told == explain(atoms[::-1], 1)
    assert (told.strict, [reason.code for reason in told.reasons][:1]) == (True, ["push_below_floor"])
    passed = [reason for reason in told.reasons if reason.effect == "counts"]
    assert [reason.code for reason in passed] == [
        reason.code for atom in atoms if atom.strict for reason in atom.reasons
    ]


def test_data_of_reasons_are_plain_in_json() -> None:
    reason = counts("x", day=date(2025, 6, 1), number=3, share=0.5, yes=True, nothing=None, text="t")
    assert reason.to_json()["data"] == {
        "day": "2025-06-01",
        "number": 3,
        "share": 0.5,
        "yes": True,
        "nothing": None,
        "text": "t",
    }


def test_an_explanation_of_nothing_is_refused() -> None:
    with pytest.raises(NotFound):
        explain([good(1)], 2)


def test_growth_by_month_adds_up_to_the_counts() -> None:
    atoms = [
        good(1, date(2023, 1, 5)),
        good(2, date(2023, 3, 1)),
        good(3, None),
        judged(4, "u4", (not_strict("x"),), date(2025, 12, 31)),
        judged(1, "u1", (), date(2023, 9, 1)),
    ]
    rows = burn_up({"experts": atoms}, pack())["experts"]
    assert (len(rows), rows[0], rows[2], rows[-1]) == (
        36,
        {"month": "2023-01", "literal": 2, "strict": 2},
        {"month": "2023-03", "literal": 3, "strict": 3},
        {"month": "2025-12", "literal": 4, "strict": 3},
    )


def test_growth_goes_on_after_the_window_while_something_happens() -> None:
    rows = burn_up({"experts": [good(1, date(2026, 2, 1))]}, pack())["experts"]
    assert rows[-1] == {"month": "2026-02", "literal": 1, "strict": 1}


@pytest.mark.parametrize(("fresh", "told"), [(14, False), (15, True), (16, True)])
def test_sudden_growth_before_a_claim_is_told(fresh: int, told: bool) -> None:
    old = [good(n, date(2024, 1, 1)) for n in range(30 - fresh)]
    new = [good(100 + n, date(2025, 6, 1)) for n in range(fresh)]
    found = growth_signals("patents", old + new, pack().signals, AS_OF)
    assert [signal.code for signal in found] == (["grown_suddenly"] if told else [])


@pytest.mark.parametrize(("total", "told"), [(29, False), (30, True), (31, True)])
def test_small_bases_may_grow_as_they_like(total: int, told: bool) -> None:
    atoms = [good(n, date(2025, 6, 1)) for n in range(total)]
    assert bool(growth_signals("patents", atoms, pack().signals, AS_OF)) is told


def test_sudden_growth_stands_beside_the_progress() -> None:
    facts = Facts(enterprises=tuple(enterprise(n, entered_on=date(2025, 6, 20)) for n in range(1, 41)))
    told = progress(count_all(facts, pack(), AS_OF), pack(), AS_OF).to_json()
    assert told["signals"] == [
        {"threshold": "enterprises", "code": "grown_suddenly", "data": {"fresh": 40, "total": 40, "days": 30}}
    ]


def test_what_a_claim_counted_and_is_gone_is_told() -> None:
    claimed = judge("patents", [patent(1), patent(2), patent(3)], AS_OF)
    purged = [patent(1), patent(2, withdrawn_on=date(2025, 7, 15)), patent(3, withdrawn_on=date(2025, 7, 15))]
    present = judge("patents", purged, date(2025, 7, 31))
    (signal,) = loss_signals("patents", claimed, present)
    assert (signal.code, signal.data) == ("lost_since_claim", {"lost": 2, "claimed": 3})
    assert loss_signals("patents", claimed, claimed) == []


@pytest.mark.parametrize("key", REQUIRED)
def test_every_factory_of_the_tests_counts(key: str) -> None:
    atoms = judge(key, [MAKERS[key](n) for n in (1, 2, 3)])
    assert all(atom.strict for atom in atoms)
