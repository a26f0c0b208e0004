"""Matching over the base: answers with reasons that add up, stored runs, what an institution sees of demands."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Demand, LogEntry, Match, MatchRun, PlatformEvent
from matchhub.errors import NotAllowed, NotFound, Refusal
from matchhub.services.conversations.interest import express_interest, offer_patent
from matchhub.services.demands.posting import move_demand
from matchhub.services.matching.hints import further_words, likely_fields
from matchhub.services.matching.results import match_demand, match_text
from matchhub.services.matching.runs import match_is_due
from matchhub.services.matching.shown import draft_query, marked, matches_of_query
from matchhub.services.records.own_demand import demand_page, own_pair
from matchhub.services.worklists import institution_home
from matchhub.services.worklists.enterprise_home import desk
from matchhub.services.worklists.own_patents import own_patents
from tests.services.small_city import COLLEGE, SCHOOL, City, demand
from tests.services.verifying import verify

GLUE, SOLE, SPRAYER = "一种鞋底用水性聚氨酯胶粘剂", "一种防滑耐磨橡胶鞋底", "一种鞋面胶粘剂喷涂设备"
FRAME = "一种抗风伞骨"


def verified(city: City, **changes: Any) -> int:
    number = city.post(**changes)
    with city.unit("operator") as unit:
        verify(unit, number)
    return number


def test_a_demand_typed_in_plain_words_finds_the_right_patent_with_reasons_that_add_up(city: City) -> None:
    with city.unit() as unit:
        best = match_text(unit, "鞋底老是开胶,想找好一点的胶粘剂").results[0]
    assert best.title == GLUE
    assert sum(reason.weight for reason in best.reasons) == pytest.approx(best.score, abs=1e-6)
    assert 0 < best.score <= 1


def test_no_words_are_refused_and_an_unknown_demand_is_not_found(city: City) -> None:
    with city.unit() as unit:
        with pytest.raises(Refusal) as refused:
            match_text(unit, "  ")
        assert refused.value.code == "text_empty"
        with pytest.raises(NotFound):
            match_demand(unit, 99)


def test_the_page_marks_the_words_that_met_and_leaves_the_texts_whole(city: City) -> None:
    number = city.post()
    with city.unit("shoes") as unit:
        match = demand_page(unit, number).matches[0]
    assert match.patent.title == GLUE
    assert "".join(piece for piece, _ in match.title) == GLUE
    assert "".join(piece for piece, _ in match.abstract) == match.patent.abstract
    assert any("胶粘剂" in piece for piece, mark in match.title if mark)
    assert any("胶粘剂" in piece for piece, mark in match.demand if mark)


def test_marked_pieces_join_to_the_text_again() -> None:
    assert marked("abcdef", [(0, 1), (3, 5)]) == (("a", True), ("bc", False), ("de", True), ("f", False))
    assert marked("abc", []) == (("abc", False),)
    assert marked("", []) == ()


def test_a_draft_finds_what_the_posted_demand_finds(city: City) -> None:
    with city.unit("shoes") as unit:
        drafted = matches_of_query(unit, draft_query(demand()), 5)
    number = city.post()
    with city.unit("shoes") as unit:
        posted = demand_page(unit, number, top=5).matches
    assert [(m.patent.id, m.score) for m in drafted] == [(m.patent.id, m.score) for m in posted]


def test_likely_fields_and_further_words_come_from_the_patents_found(city: City) -> None:
    with city.unit("shoes") as unit:
        query = draft_query(demand(technical_field=None))
        fields = likely_fields(unit, matches_of_query(unit, query, 20))
        words = further_words(unit, query)
    assert fields[0].ipc_class in {"C09", "A43"}
    assert all(word not in query.text for word in words)


def test_a_run_stores_the_best_patents_of_every_open_demand_with_its_model(city: City) -> None:
    first, second = city.post(), city.post(title="伞骨折断", text="雨伞在台风天伞骨折断,希望更抗风。")
    gone = city.post("umbrellas")
    with city.unit("umbrellas") as unit:
        move_demand(unit, gone, "withdrawn")
    summary = city.match()
    assert (summary.demands, summary.patents) == (2, 6)
    with city.unit() as unit:
        rows = unit.session.execute(select(Match).order_by(Match.demand_id, Match.rank)).scalars().all()
        run = unit.session.get_one(MatchRun, summary.run_id)
    assert {row.demand_id for row in rows} == {first, second} and len(rows) == summary.pairs
    assert [row.rank for row in rows if row.demand_id == first][:2] == [1, 2]
    assert rows[0].patent_id == city.patent(GLUE)
    assert run.model == summary.model and run.finished_at is not None


def test_an_expired_demand_is_not_matched(city: City) -> None:
    city.post()
    city.clock.forward(days=366)
    assert city.match().demands == 0


def test_a_run_is_due_when_a_demand_came_and_not_right_after_one(city: City) -> None:
    city.post()
    with city.unit() as unit:
        assert match_is_due(unit)
    city.match()
    with city.unit() as unit:
        assert not match_is_due(unit)
    city.clock.forward(minutes=1)
    city.post(title="伞骨折断", text="雨伞在台风天伞骨折断,希望更抗风。")
    with city.unit() as unit:
        assert match_is_due(unit)


def test_an_enterprise_cannot_start_a_run(city: City) -> None:
    from matchhub.services.matching.runs import run_match

    with pytest.raises(NotAllowed), city.unit("shoes") as unit:
        run_match(unit)


def test_the_desk_tells_the_best_score_of_each_open_demand(city: City) -> None:
    number = city.post()
    with city.unit("shoes") as unit:
        assert desk(unit).demands[0].best_score == pytest.approx(demand_page(unit, number).matches[0].score, abs=1e-5)
        move_demand(unit, number, "withdrawn")
    with city.unit("shoes") as unit:
        assert desk(unit).demands[0].best_score is None
        assert demand_page(unit, number).matches == ()


# -- the institution's side -------------------------------------------------------------------------------------------


def test_own_patents_are_those_that_name_the_institution(city: City) -> None:
    with city.unit("college") as unit:
        assert {each.patent.title for each in own_patents(unit).page.items} == {GLUE, SOLE, SPRAYER}


def test_a_sold_patent_is_no_longer_the_applicants(city: City) -> None:
    from matchhub.db.tables import PatentHolder

    with city.unit() as unit:
        buyer = PatentHolder(patent_id=city.patent(SOLE), role="owner", position=0, name=SCHOOL, name_key=SCHOOL)
        unit.session.add(buyer)
    with city.unit("college") as unit:
        assert SOLE not in {each.patent.title for each in own_patents(unit).page.items}
    with city.unit("school") as unit:
        assert SOLE in {each.patent.title for each in own_patents(unit).page.items}


def test_only_verified_demands_that_own_living_patents_fit_are_shown(city: City) -> None:
    city.post(title="尚未核实", text="鞋底开胶,胶粘剂不牢,还没有人核实。")
    number = verified(city)
    with city.unit("college") as unit:
        page = institution_home.fitting_demands(unit).page
        assert [each.demand.id for each in page.items] == [number]
        shown = {row.title for row, _ in page.items[0].patents}
    assert GLUE in shown and SPRAYER not in shown, "a dead patent is not offered"
    with city.unit("school") as unit:
        assert GLUE not in {
            row.title for each in institution_home.fitting_demands(unit).page.items for row, _ in each.patents
        }


def test_what_an_institution_sees_of_a_demand_names_neither_firm_nor_contact(city: City) -> None:
    number = verified(city)
    with city.unit("college") as unit:
        text = repr(institution_home.patents_for_demand(unit, number)) + repr(institution_home.desk(unit))
    for secret in ("恒步", "王小明", "000-12345678", "wang@shoes.example"):
        assert secret not in text


def test_a_patents_page_shows_the_demands_it_fits_with_the_same_score_as_the_demands_page(city: City) -> None:
    number = verified(city)
    with city.unit("college") as unit:
        pair = institution_home.demands_for_patent(unit, city.patent(GLUE))[0]
    with city.unit("shoes") as unit:
        same = own_pair(unit, number, city.patent(GLUE)).match
    assert pair.demand.id == number
    assert pair.match.score == same.score == pytest.approx(sum(r.weight for r in same.reasons), abs=1e-6)


def test_scores_follow_new_changed_and_withdrawn_demands(city: City) -> None:
    def fitting() -> list[int]:
        with city.unit("college") as unit:
            return [each.demand.id for each in institution_home.fitting_demands(unit).page.items]

    assert fitting() == []
    number = verified(city)
    assert fitting() == [number]
    city.clock.forward(minutes=1)
    with city.unit() as unit:
        row = unit.session.get_one(Demand, number)
        row.title, row.text, row.object, row.aim, row.targets = "伞骨", "伞骨折断", "伞骨", "抗风", "抗风"
        row.technical_field, row.updated_at = "雨伞", unit.now
    assert fitting() == []
    with city.unit("shoes") as unit:
        move_demand(unit, number, "withdrawn")
    assert fitting() == []


def test_patents_of_others_and_demands_not_verified_are_not_there(city: City) -> None:
    open_one = city.post()
    with city.unit("college") as unit:
        for act in (
            lambda: institution_home.demands_for_patent(unit, city.patent(FRAME)),
            lambda: institution_home.patents_for_demand(unit, open_one),
            lambda: offer_patent(unit, city.patent(GLUE), open_one),
        ):
            with pytest.raises(NotFound):
                act()
    number = verified(city, title="另一条", text="另一条鞋底开胶的需求,胶粘剂不牢。")
    with pytest.raises(NotFound), city.unit("college") as unit:
        offer_patent(unit, city.patent(FRAME), number)


def test_an_offer_of_an_institution_reaches_the_demands_page_once(city: City) -> None:
    number = verified(city)
    with city.unit("college") as unit:
        assert offer_patent(unit, city.patent(GLUE), number).fresh
        assert not offer_patent(unit, city.patent(GLUE), number).fresh
        assert institution_home.demands_for_patent(unit, city.patent(GLUE))[0].offered
    with city.unit("shoes") as unit:
        (offer,) = demand_page(unit, number).offers
        assert desk(unit).demands[0].offers == 1
    assert (offer.institution, offer.title, offer.wanted) == (COLLEGE, GLUE, False)


def test_a_wish_for_contact_is_a_platform_event_once_and_reaches_the_holder(city: City) -> None:
    number = verified(city)
    with city.unit("shoes") as unit:
        assert express_interest(unit, city.patent(GLUE), number).fresh
        assert not express_interest(unit, city.patent(GLUE), number).fresh
        assert city.patent(GLUE) in demand_page(unit, number).wanted
    with city.unit() as unit:
        (event,) = unit.session.execute(select(PlatformEvent)).scalars()
        verbs = set(unit.session.execute(select(LogEntry.verb)).scalars())
    assert (event.event, event.enterprise_id, event.demand_id) == (
        "contact",
        city.actors["shoes"].enterprise_id,
        number,
    )
    assert "interest.contact" in verbs
    with city.unit("college") as unit:
        (request,) = institution_home.desk(unit).requests
    assert (request.title, request.demand_id) == (GLUE, number)
    with city.unit("school") as unit:
        assert institution_home.desk(unit).requests == ()


def test_contact_for_a_foreign_demand_or_an_unknown_patent_is_refused(city: City) -> None:
    number = city.post()
    with city.unit("umbrellas") as unit:
        for patent_id, demand_id in ((city.patent(GLUE), number), (999, None)):
            with pytest.raises(NotFound):
                express_interest(unit, patent_id, demand_id)
    with pytest.raises(NotAllowed), city.unit("operator") as unit:
        express_interest(unit, city.patent(GLUE), None)
