"""Which scored pairs become pushes, and why the others do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from matchhub.domain.counting.facts import EncumbranceFact, PushFacts, PushItemFact
from matchhub.domain.counting.pushes import count_pushes
from matchhub.domain.pushes import Candidate, PastPush, PushPlan, plan_pushes
from tests.domain.counting.verdicts import speak
from tests.domain.factories import pack

NOW = datetime(2024, 10, 8, 4, tzinfo=UTC)


def candidate(patent: int = 1, enterprise: int = 1, score: float = 0.5, **changes: Any) -> Candidate:
    made = Candidate(patent_id=patent, enterprise_id=enterprise, score=score, model="tfidf-bm25f-3:ab", demand_id=1)
    return replace(made, **changes)


def past(patent: int, enterprise: int, at: datetime) -> PastPush:
    return PastPush(patent_id=patent, enterprise_id=enterprise, at=at)


def plan(candidates: list[Candidate], history: list[PastPush] | None = None) -> PushPlan:
    made = plan_pushes(candidates, history or [], pack(), NOW)
    for left in made.left_out:
        speak(left.code, left.data)
    return made


def patents(made: PushPlan) -> list[Any]:
    return [each.candidate.patent_id for each in made.planned]


def test_a_good_pair_is_planned() -> None:
    assert patents(plan([candidate()])) == [1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"model": "other"}, "push_floor_unpublished"),
        ({"good": False}, "push_no_good_match"),
        ({"declined": True}, "push_declined"),
        ({"suppressed": True}, "push_recipient_suppressed"),
        ({"bounced": True}, "push_address_bounced"),
        ({"gone": True}, "push_recipient_gone"),
        ({"reachable": False}, "push_unreachable"),
        ({"unprofiled": True, "demand_id": None, "score": 0.9}, "push_profile_not_used"),
        ({"taken_out": "企业已自行解决"}, "push_taken_out"),
        ({"closed": True}, "push_demand_closed"),
        ({"demand_id": None, "score": 0.54}, "push_below_floor"),  # a trade asks for more than a demand
        ({"life": "dead"}, "push_patent_dead"),
        ({"encumbrances": (EncumbranceFact(kind="pledge"),)}, "push_patent_encumbered"),
        ({"encumbrances": (EncumbranceFact(kind="preservation"),)}, "push_patent_encumbered"),
        ({"encumbrances": (EncumbranceFact(kind="exclusive_licence"),)}, "push_patent_encumbered"),
        ({"encumbrances": (EncumbranceFact(kind="sole_licence"),)}, "push_patent_encumbered"),
    ],
)
def test_a_pair_is_left_out_by_its_own_reason(changes: dict[str, Any], code: str) -> None:
    made = plan([candidate(**changes)])
    assert (made.planned, [left.code for left in made.left_out]) == ((), [code])


def test_who_lets_its_profile_not_be_used_still_gets_what_answers_its_demands() -> None:
    assert patents(plan([candidate(unprofiled=True)])) == [1]


@pytest.mark.parametrize("step", [-0.001, 0, 0.001])
def test_the_floor_includes_itself(step: float) -> None:
    floor = pack().pushes.floor_of("tfidf-bm25f-3") or 0
    made = plan([candidate(score=floor + step)])
    assert len(made.planned) == int(step >= 0)
    assert [left.code for left in made.left_out] == ([] if step >= 0 else ["push_below_floor"])


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"encumbrances": (EncumbranceFact(kind="open_licence"),)}, "push_warns_encumbrance"),
        ({"encumbrances": (EncumbranceFact(kind="dispute"),)}, "push_warns_encumbrance"),
        ({"life": "not_granted"}, "push_warns_not_granted"),
        ({"life": "unknown"}, "push_warns_status_unknown"),
    ],
)
def test_lesser_burdens_go_along_as_warnings(changes: dict[str, Any], warning: str) -> None:
    (planned,) = plan([candidate(**changes)]).planned
    assert [fault.code for fault in planned.warnings] == [warning]
    speak(warning, planned.warnings[0].data)


@pytest.mark.parametrize(
    ("last_day", "blocked"), [(date(2024, 10, 7), False), (date(2024, 10, 8), True), (date(2024, 10, 9), True)]
)
def test_an_encumbrance_blocks_through_its_last_day(last_day: date, blocked: bool) -> None:
    encumbrance = EncumbranceFact(kind="pledge", from_on=date(2023, 1, 1), to_on=last_day)
    assert len(plan([candidate(encumbrances=(encumbrance,))]).planned) == int(not blocked)


@pytest.mark.parametrize("offered", [2, 3, 4])
def test_an_enterprise_gets_three_a_day_the_best_ones(offered: int) -> None:
    made = plan([candidate(n, score=0.5 + n / 100) for n in range(1, offered + 1)])
    assert patents(made) == list(range(offered, max(0, offered - 3), -1))
    assert [left.code for left in made.left_out] == ["push_cap_enterprise_day"] * (offered - 3)


def test_pushes_of_the_day_before_in_the_city_do_not_use_up_today() -> None:
    midnight = datetime(2024, 10, 7, 16, tzinfo=UTC)  # 8 October 00:00 in the city
    yesterday = [past(n, 1, midnight - timedelta(seconds=1)) for n in (11, 12, 13)]
    today = [past(n, 1, midnight) for n in (21, 22, 23)]
    assert len(plan([candidate()], yesterday).planned) == 1
    assert len(plan([candidate()], today).planned) == 0


@pytest.mark.parametrize(("before", "planned"), [(18, 2), (19, 1), (20, 0)])
def test_a_patent_goes_out_twenty_times(before: int, planned: int) -> None:
    history = [past(1, 100 + n, NOW - timedelta(days=30)) for n in range(before)]
    made = plan([candidate(1, 1), candidate(1, 2)], history)
    assert len(made.planned) == planned
    assert [left.code for left in made.left_out] == ["push_cap_patent"] * (2 - planned)


def test_a_patent_goes_to_an_enterprise_once() -> None:
    made = plan([candidate(1), candidate(1, demand_id=2)], [past(2, 1, NOW - timedelta(days=400))])
    assert patents(made) == [1]
    assert [left.code for left in made.left_out] == ["push_repeated"]
    assert [left.code for left in plan([candidate(2)], [past(2, 1, NOW)]).left_out] == ["push_repeated"]


def test_every_demand_gets_its_best_answer_before_any_gets_a_second_one() -> None:
    rich = [candidate(n, score=0.9 - n / 100, demand_id=1) for n in range(1, 5)]
    poor = [candidate(9, score=0.5, demand_id=2)]
    assert patents(plan(rich + poor)) == [1, 9, 2]


def test_the_order_of_the_candidates_does_not_matter() -> None:
    offered = [candidate(n, n % 3, 0.35 + n % 5 / 10, demand_id=n % 4) for n in range(20)]
    assert plan(offered) == plan(offered[::-1])


def test_what_was_planned_by_the_rules_also_counts() -> None:
    offered = [candidate(n % 5, n % 4, 0.3 + n % 7 / 10, demand_id=n % 3) for n in range(60)]
    made = plan(offered)
    facts = [
        PushFacts(
            record_id=n,
            enterprise_id=p.candidate.enterprise_id,
            delivered_at=NOW,
            accepted=True,
            items=(
                PushItemFact(
                    patent_id=p.candidate.patent_id,
                    score=p.candidate.score,
                    model=p.candidate.model,
                    explained=True,
                    demand_id=1,
                    demand_enterprise_id=p.candidate.enterprise_id,
                ),
            ),
        )
        for n, p in enumerate(made.planned)
    ]
    assert facts and all(
        atom.strict for atom in count_pushes(facts, pack(), pack().threshold("pushes"), date(2024, 12, 31))
    )
