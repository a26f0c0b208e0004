"""Coded answers move later rankings of who gave them, at once, and of nobody else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import select

from matchhub.db.tables import Demand, Match, Push, PushItem
from matchhub.errors import Conflict, NotAllowed, NotFound
from matchhub.services.matching.feedback import DONE, OTHER_DEMAND, WANTED, WORTH, done_with, lessons
from matchhub.services.matching.results import Answer, is_good, match_demand
from matchhub.services.matching.runs import match_is_due, run_match
from matchhub.services.pushes import inbox
from recommender import ANSWER_FLOOR
from tests.services.small_city import City

GLUE, SOLE, SPRAYER = "一种鞋底用水性聚氨酯胶粘剂", "一种防滑耐磨橡胶鞋底", "一种鞋面胶粘剂喷涂设备"
FRAME = "一种抗风伞骨"


def answered(city: City, code: str, title: str = GLUE, who: str = "shoes") -> None:
    """The newest push of this patent to this firm gets an answer."""
    with city.unit(who) as unit:
        chosen = (
            select(PushItem.id)
            .join(Push)
            .where(PushItem.patent_id == city.patent(title), Push.enterprise_id == unit.actor.enterprise_id)
        )
        inbox.answer(unit, unit.session.execute(chosen.order_by(PushItem.id.desc())).scalars().first() or 0, code)


def found(city: City, demand_id: int) -> Answer:
    with city.unit() as unit:
        return match_demand(unit, demand_id)


def ranking(answer: Answer) -> list[tuple[str, float]]:
    return [(hit.title, hit.score) for hit in answer.results]


def stored(city: City, demand_id: int) -> list[tuple[int, float]]:
    run = city.match().run_id
    with city.unit() as unit:
        rows = select(Match.patent_id, Match.score).where(Match.run_id == run, Match.demand_id == demand_id)
        return [(patent, score) for patent, score in unit.session.execute(rows.order_by(Match.rank))]


def test_every_answer_an_enterprise_can_give_is_worth_something_to_the_matcher() -> None:
    assert set(WORTH) == set(inbox.ANSWERS)
    assert {code for code in WORTH if not WORTH[code]} <= DONE and not WANTED & DONE
    assert all(-1 <= worth <= 1 for worth in WORTH.values())


def test_a_patent_that_fits_moves_what_resembles_it_up_and_the_reason_says_so(city: City) -> None:
    demand = city.post()
    city.push()
    before = dict(ranking(found(city, demand)))
    answered(city, "fits")
    after = found(city, demand)
    assert dict(ranking(after))[SPRAYER] > before[SPRAYER]
    taught = [reason for reason in after.results[0].reasons if reason.feature == "feedback"]
    assert taught and all(reason.weight > 0 for reason in taught)
    for hit in after.results:
        assert sum(reason.weight for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-5)


@pytest.mark.parametrize("code", sorted(DONE))
def test_a_patent_the_firm_is_done_with_leaves_its_answers_its_runs_and_its_pushes(city: City, code: str) -> None:
    demand = city.post()
    city.push()
    answered(city, code)
    assert GLUE not in dict(ranking(found(city, demand)))
    assert city.patent(GLUE) not in dict(stored(city, demand))
    other = city.post(title="鞋底与鞋面又开胶了", text="鞋底开胶，需要水性聚氨酯胶粘剂，剥离强度要高。")
    city.clock.forward(days=1)
    assert city.patent(GLUE) not in dict(stored(city, other))
    with suppress(Conflict):
        city.plan()
    with city.unit() as unit:
        pushed = select(PushItem.id).where(PushItem.patent_id == city.patent(GLUE))
        assert len(unit.session.execute(pushed).all()) == 1


def test_a_plan_made_from_a_run_before_the_answer_leaves_the_declined_patent_out(city: City) -> None:
    city.post()
    city.push()
    with city.unit() as unit:  # as if the first push had been taken back: the history no longer stops the pair
        unit.session.execute(select(Push)).scalars().first().state = "failed"  # type: ignore[union-attr]
    answered(city, "owned_or_known")
    city.clock.forward(days=1)
    assert city.plan().left_out.get("push_declined") == 1


def test_the_newest_answer_speaks(city: City) -> None:
    demand = city.post()
    city.push()
    answered(city, "not_my_field")
    answered(city, "fits")
    assert ranking(found(city, demand))[0][0] == GLUE
    with city.unit() as unit:
        assert done_with(unit) == frozenset()


def test_a_run_uses_the_answers_as_an_ad_hoc_answer_does_and_is_due_after_one(city: City) -> None:
    demand = city.post()
    city.push()
    with city.unit() as unit:
        assert not match_is_due(unit)
    city.clock.forward(minutes=1)
    answered(city, "fits")
    with city.unit() as unit:
        assert match_is_due(unit)
    assert [score for _, score in stored(city, demand)] == pytest.approx(
        [score for _, score in ranking(found(city, demand))], abs=1e-5
    )


@pytest.mark.parametrize("code", sorted(WORTH))
def test_one_angry_user_moves_nobody_elses_ranking(city: City, code: str) -> None:
    theirs = city.post("umbrellas")
    city.post()
    before = ranking(found(city, theirs)), stored(city, theirs)
    city.push()
    for title in (GLUE, SOLE):
        with suppress(NotFound):
            answered(city, code, title)
    answered(city, code)
    assert (ranking(found(city, theirs)), stored(city, theirs)) == before


def test_an_answer_to_one_demand_moves_the_firms_other_demand_less(city: City) -> None:
    first = city.post()
    second = city.post(title="鞋面喷胶设备", text="鞋面喷胶不均匀，需要喷涂设备。")
    city.push()
    answered(city, "fits")
    with city.unit() as unit:
        demands = [unit.session.get_one(Demand, key) for key in (first, second)]
        learnt = lessons(unit, demands)
    glue = str(city.patent(GLUE))
    assert learnt[first].worth == {glue: 1.0} and learnt[second].worth == {glue: OTHER_DEMAND}


def test_what_a_demand_hears_itself_is_not_watered_down_by_the_firms_other_demands(city: City) -> None:
    first = city.post()
    second = city.post(title="防滑橡胶鞋底", text="橡胶鞋底湿滑地面防滑耐磨性不够，需要防滑耐磨橡胶鞋底。")
    city.push()
    answered(city, "fits")
    answered(city, "contact", SOLE)
    with city.unit() as unit:
        learnt = lessons(unit, [unit.session.get_one(Demand, key) for key in (first, second)])
    assert learnt[first].worth == {str(city.patent(GLUE)): 1.0}
    assert learnt[second].worth == {str(city.patent(SOLE)): 1.0}


def test_a_demand_nobody_can_answer_is_told_so_and_gets_no_push(city: City) -> None:
    hopeless = city.post(title="海参养殖病害", text="海参养殖池塘水温升高后化皮病严重，需要防治。", object=None, aim=None,
                         targets=None, technical_field=None)  # fmt: skip
    answer = found(city, hopeless)
    assert not answer.good and answer.to_json()["good"] is False
    fine = found(city, city.post())
    assert fine.good and fine.to_json()["good"] is True
    city.match()
    city.plan()
    with city.unit() as unit:
        assert hopeless not in unit.session.execute(select(Push.demand_id)).scalars().all()


@pytest.mark.parametrize(
    ("best", "good"), [(ANSWER_FLOOR - 1e-6, False), (ANSWER_FLOOR, True), (1.0, True), (None, False)]
)
def test_the_rule_includes_its_floor(best: float | None, good: bool) -> None:
    assert is_good(best) is good


def test_only_the_operator_runs_the_matcher(city: City) -> None:
    with pytest.raises(NotAllowed), city.unit("shoes") as unit:
        run_match(unit)
