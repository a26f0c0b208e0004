"""A firm's own patents: never proposed to it, and a small summand for what is near to them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchhub.db.tables import Demand, Match, PushItem
from matchhub.domain.records import Row
from matchhub.services.matching import asking
from matchhub.services.matching.directions import demands_for_patent
from matchhub.services.matching.own_patents import held_patents
from matchhub.services.matching.results import Answer, explain_pairs, match_demand
from matchhub.services.matching.store import refresh_index
from matchhub.services.patents.recorder import PatentRecorder
from recommender.affinity import FIELD, MOST, WORDS
from tests.services import small_city
from tests.services.small_city import COLLEGE, SHOES, City

OWN = ("一种鞋底开胶修复用胶粘剂", "本发明公开了一种胶粘剂,用于运动鞋鞋底开胶修复,剥离强度高。")
GLUE, SPRAYER = "一种鞋底用水性聚氨酯胶粘剂", "一种鞋面胶粘剂喷涂设备"


def record(city: City, holder: str, line: int = 10, title: str = OWN[0], ipc: str = "C09J 175/08") -> int:
    with city.unit() as unit:
        row = small_city._patent(line, title, OWN[1], holder, ipc, "in_force", ())
        PatentRecorder(unit, None).record([Row(row.source, row)])
    with city.unit() as unit:
        refresh_index(unit)
    return city.patent(title)


def answer(city: City, demand_id: int) -> Answer:
    with city.unit() as unit:
        return match_demand(unit, demand_id, 20)


def scores(found: Answer) -> dict[str, float]:
    return {hit.title: hit.score for hit in found.results}


def stored(city: City, demand_id: int) -> list[tuple[int, float]]:
    run = city.match().run_id
    with city.unit() as unit:
        rows = select(Match.patent_id, Match.score).where(Match.run_id == run, Match.demand_id == demand_id)
        return [(patent, score) for patent, score in unit.session.execute(rows.order_by(Match.rank))]


def test_an_own_patent_is_the_best_match_of_others_and_never_proposed_to_its_holder(city: City) -> None:
    mine, theirs = city.post(), city.post("umbrellas")
    own = record(city, SHOES)
    assert OWN[0] not in scores(answer(city, mine))
    assert OWN[0] in scores(answer(city, theirs))
    assert own not in dict(stored(city, mine)) and own in dict(stored(city, theirs))
    city.push()
    with city.unit() as unit:
        pushed = select(PushItem.patent_id).where(PushItem.patent_id == own)
        assert len(unit.session.execute(pushed).all()) <= 1, "to the umbrella maker at most"
    with city.unit("operator") as unit:
        assert [fit.id for fit in demands_for_patent(unit, own)] == [theirs]


def test_what_is_near_to_an_own_patent_is_lifted_and_the_summands_say_so_and_add_up(city: City) -> None:
    demand = city.post()
    before = scores(answer(city, demand))
    record(city, SHOES)
    after = answer(city, demand)
    for hit in after.results:
        assert sum(reason.weight for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-9)
        assert hit.score - before[hit.title] <= MOST + 0.02, "document frequencies move a little with a new patent"
    reasons = {r.feature: r for hit in after.results if hit.title == GLUE for r in hit.reasons}
    assert (reasons[FIELD].demand_text, reasons[FIELD].patent_text) == (OWN[0], "C09J 175")
    assert reasons[WORDS].weight > 0 and 0 < reasons[FIELD].weight + reasons[WORDS].weight <= MOST


def test_runs_answers_and_reasons_of_a_pair_agree(city: City) -> None:
    demand = city.post()
    record(city, SHOES)
    found = answer(city, demand)
    assert stored(city, demand) == [(hit.patent_id, pytest.approx(hit.score, abs=1e-5)) for hit in found.results]
    with city.unit() as unit:
        asked = {demand: [hit.patent_id for hit in found.results]}
        sums = {patent: sum(each.weight for each in reasons) for _, patent, reasons in explain_pairs(unit, asked)}
    assert sums == {hit.patent_id: pytest.approx(hit.score, abs=1e-9) for hit in found.results}


def test_others_and_institutions_are_shown_scores_without_a_firms_own_patents(city: City) -> None:
    demand = city.post()
    record(city, SHOES)
    theirs = city.post("umbrellas")
    for who, asked in (("college", demand), ("umbrellas", theirs)):
        with city.unit(who) as unit:
            features = {r.feature for hit in match_demand(unit, asked).results for r in hit.reasons}
        assert not features & {FIELD, WORDS}


def test_many_own_patents_crowd_nothing_out(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    demand = city.post()
    before = list(scores(answer(city, demand)))
    for line in range(20, 30):
        record(city, SHOES, line, f"{OWN[0]}{line}")
    monkeypatch.setattr(asking, "_MOST_SPARE", 1)
    monkeypatch.setattr(asking, "NEAR", 1)
    with city.unit() as unit:
        few = match_demand(unit, demand, 2)
        asked = asking.ask(unit, [unit.session.get_one(Demand, demand)])
        run = list(asked.match(refresh_index(unit), 2))
    assert [hit.title for hit in few.results] == before[:2]
    assert [int(patent) for _, patent, _ in run] == [hit.patent_id for hit in few.results]


def test_holding_means_owner_or_applicant_by_the_firms_own_name(city: City) -> None:
    own = record(city, SHOES)
    record(city, COLLEGE, 11, "一种学院的胶粘剂")
    with city.unit() as unit:
        assert held_patents(unit, {city.firm(SHOES), 999}) == {city.firm(SHOES): {own}}
