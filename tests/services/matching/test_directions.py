"""Matching the other ways: the same scores from the patent's side, and who may see what."""

from __future__ import annotations

from datetime import date

import pytest

from matchhub.domain.records import AgencyRecord, EnterpriseRecord, ExpertRecord, Row, Source
from matchhub.errors import NotAllowed, NotFound
from matchhub.services.demands.posting import move_demand
from matchhub.services.matching.directions import (
    agencies_for_demand,
    demands_for_expert,
    demands_for_patent,
    enterprises_for_patent,
    experts_for_demand,
    similar_patents,
)
from matchhub.services.matching.profiles import profile_matcher
from matchhub.services.matching.refining import refine
from matchhub.services.matching.results import match_demand
from matchhub.services.matching.thesaurus import add_entry, checked_entry
from matchhub.services.parties.recorders import AgencyRecorder, EnterpriseRecorder, ExpertRecorder
from tests.domain.factories import uscc
from tests.services.matching.test_learning import GLUE, SPRAYER, answered
from tests.services.small_city import SHOES, City

FRAME, ZIP = "一种抗风伞骨", "一种防水拉链"


def people(city: City) -> None:
    experts = [
        ExpertRecord(Source("e", 1), name="林工", organisation="泉南理工大学", field="鞋底胶粘剂与聚氨酯材料", consent_on=date(2025, 1, 6)),
        ExpertRecord(Source("e", 2), name="陈工", organisation="闽海学院", field="胶粘剂剥离强度测试"),
        ExpertRecord(Source("e", 3), name="吴工", organisation="闽海学院", field="雨伞伞骨抗风结构", consent_on=date(2025, 1, 6)),
    ]  # fmt: skip
    agency = AgencyRecord(Source("a", 1), name="晋江胶粘剂技术服务中心", service_types=("胶粘剂检测", "专利代理"))
    firm = EnterpriseRecord(
        Source("f", 9), name="晋江市胶粘科技有限公司", uscc=uscc(9), business_scope="聚氨酯胶粘剂、鞋用胶水的研发和销售"
    )
    with city.unit() as unit:
        ExpertRecorder(unit, None).record([Row(each.source, each) for each in experts])
        AgencyRecorder(unit, None).record([Row(agency.source, agency)])
        EnterpriseRecorder(unit, None).record([Row(firm.source, firm)])


def test_a_patent_finds_its_demands_with_the_scores_these_demands_show_for_it(city: City) -> None:
    first = city.post()
    second = city.post("umbrellas", title="伞骨折断", text="雨伞在台风天伞骨折断，希望碳纤维伞骨更抗风。")
    with city.unit("operator") as unit:
        for title, wanted in ((GLUE, first), (FRAME, second)):
            best = demands_for_patent(unit, city.patent(title))[0]
            mine = next(hit for hit in match_demand(unit, wanted).results if hit.title == title)
            assert (best.id, best.score, best.reasons) == (wanted, pytest.approx(mine.score, abs=1e-6), mine.reasons)
    with city.unit("operator") as unit:
        assert demands_for_patent(unit, city.patent(GLUE))[0].line == SHOES


def test_answers_and_chosen_words_reach_the_patents_side_too(city: City) -> None:
    demand = city.post()
    city.push()
    answered(city, "fits")
    with city.unit("shoes") as unit:
        refine(unit, demand, "喷涂")
    with city.unit("operator") as unit:
        fit = demands_for_patent(unit, city.patent(SPRAYER))[0]
        mine = next(hit for hit in match_demand(unit, demand).results if hit.title == SPRAYER)
    assert fit.score == pytest.approx(mine.score, abs=1e-6)
    assert {"feedback", "refinement"} & {reason.feature for reason in fit.reasons}


def test_a_demand_that_shares_no_word_with_the_patent_is_found_through_the_thesaurus(city: City) -> None:
    plain = city.post(
        title="嘎哒哒", text="嘎哒哒，嘎哒哒。", object=None, aim=None, targets=None, technical_field=None
    )
    with city.unit("operator") as unit:
        assert plain not in {fit.id for fit in demands_for_patent(unit, city.patent(ZIP))}
        add_entry(unit, checked_entry("嘎哒哒", "拉链"))
        assert [fit.id for fit in demands_for_patent(unit, city.patent(ZIP))] == [plain]


def test_only_open_demands_are_found_and_new_ones_at_once(city: City) -> None:
    first = city.post()
    with city.unit("operator") as unit:
        assert [fit.id for fit in demands_for_patent(unit, city.patent(GLUE))] == [first]
    second = city.post(title="胶粘剂不牢", text="鞋底胶粘剂剥离强度不够。")
    with city.unit("shoes") as unit:
        move_demand(unit, first, "withdrawn")
    with city.unit("operator") as unit:
        assert [fit.id for fit in demands_for_patent(unit, city.patent(GLUE))] == [second]


def test_a_patent_finds_enterprises_by_scope_and_demands_but_not_its_holder_or_who_is_done_with_it(city: City) -> None:
    people(city)
    with city.unit("operator") as unit:
        best = enterprises_for_patent(unit, city.patent(GLUE))[0]
    assert best.name == "晋江市胶粘科技有限公司" and best.score > 0 and best.reasons
    city.post()
    with city.unit("operator") as unit:
        assert SHOES in {fit.name for fit in enterprises_for_patent(unit, city.patent(GLUE))}, "by its demand"
    city.push()
    answered(city, "not_my_field")
    with city.unit("operator") as unit:
        assert SHOES not in {fit.name for fit in enterprises_for_patent(unit, city.patent(GLUE))}


def test_a_demand_finds_experts_and_agencies_and_a_firm_sees_only_experts_who_consented(city: City) -> None:
    people(city)
    demand = city.post()
    with city.unit("operator") as unit:
        assert {fit.name for fit in experts_for_demand(unit, demand)} >= {"林工", "陈工"}
        assert agencies_for_demand(unit, demand)[0].name == "晋江胶粘剂技术服务中心"
    with city.unit("shoes") as unit:
        names = [fit.name for fit in experts_for_demand(unit, demand)]
        assert names[0] == "林工" and "陈工" not in names
    with city.unit("umbrellas") as unit, pytest.raises(NotFound):
        experts_for_demand(unit, demand)


def test_an_expert_finds_demands(city: City) -> None:
    people(city)
    first = city.post()
    second = city.post("umbrellas", title="伞骨折断", text="雨伞在台风天伞骨折断，希望伞骨更抗风。")
    with city.unit("operator") as unit:
        assert demands_for_expert(unit, 1)[0].id == first
        assert demands_for_expert(unit, 3)[0].id == second
        with pytest.raises(NotFound):
            demands_for_expert(unit, 99)


def test_like_patents_leave_the_patent_itself_out(city: City) -> None:
    with city.unit() as unit:
        found = similar_patents(unit, city.patent(GLUE))
        assert found[0][0].title == SPRAYER and GLUE not in {row.title for row, _ in found}
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
        with pytest.raises(NotFound):
            similar_patents(unit, 99)


@pytest.mark.parametrize("who", ["shoes", "college"])
def test_demands_and_enterprises_of_others_are_the_desks_alone(city: City, who: str) -> None:
    with city.unit(who) as unit:
        for ask in (demands_for_patent, enterprises_for_patent, demands_for_expert):
            with pytest.raises(NotAllowed):
                ask(unit, 1)


def test_a_profile_is_made_once_and_only_what_changed_is_added(city: City) -> None:
    for number in range(6):
        city.post(title=f"胶粘剂{number}", text=f"鞋底胶粘剂第{number}种，剥离强度不够。")
    with city.unit() as unit:
        made = profile_matcher(unit, "demands")
        assert profile_matcher(unit, "demands") is made and len(made.index.segments) == 1
    city.post()
    with city.unit() as unit:
        grown = profile_matcher(unit, "demands")
        assert len(grown.index) == 7 and len(grown.index.segments) == 2
