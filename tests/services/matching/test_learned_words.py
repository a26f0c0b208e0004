"""Words people teach: the operator's thesaurus and the words chosen for a demand reach every later answer and run."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchhub.db.tables import Match, MatchRun, ThesaurusEntry
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.demands.posting import move_demand
from matchhub.services.matching.refinements import LONGEST, MOST
from matchhub.services.matching.refining import refine, refining, unrefine
from matchhub.services.matching.results import match_demand, match_text
from matchhub.services.matching.runs import match_is_due
from matchhub.services.matching.store import current_matcher
from matchhub.services.matching.thesaurus import (
    OwnEntry,
    add_entry,
    checked_entry,
    entry_views,
    find_meanings,
    thesaurus_with,
    withdraw_entry,
)
from matchhub.services.matching.thesaurus_effect import effect_of_adding, effect_of_withdrawing
from matchhub.services.records.own_demand import demand_page
from matchhub.services.worklists.enterprise_home import desk
from matchhub.services.worklists.institution_home import fitting_demands, patents_for_demand
from recommender.thesaurus import shipped
from tests.services.matching.test_learning import answered
from tests.services.small_city import City
from tests.services.verifying import verify

GLUE, ZIP, FRAME = "一种鞋底用水性聚氨酯胶粘剂", "一种防水拉链", "一种抗风伞骨"
SLANG = "嘎哒哒"  # nobody's word: only an entry can lead from it anywhere


def slang(city: City) -> int:
    return city.post(title=SLANG, text=f"{SLANG}，{SLANG}。", object=None, aim=None, targets=None,
                     technical_field=None)  # fmt: skip


def scores(city: City, demand_id: int) -> dict[str, float]:
    with city.unit() as unit:
        return {hit.title: hit.score for hit in match_demand(unit, demand_id).results}


def teach(city: City, plain: str = SLANG, words: str = "拉链、拉头", trust: float = 1.0) -> int:
    with city.unit("operator") as unit:
        return add_entry(unit, checked_entry(plain, words, trust))


# -- thesaurus --------------------------------------------------------------------------------------------------------


def test_an_entry_leads_from_a_plain_word_to_the_patent_in_answers_runs_and_typed_text(city: City) -> None:
    demand = slang(city)
    assert ZIP not in scores(city, demand)
    with city.unit() as unit:
        model = current_matcher(unit).model
    teach(city)
    assert scores(city, demand)[ZIP] > 0
    run = city.match()
    with city.unit() as unit:
        hit = match_text(unit, SLANG).results[0]
        rows = select(Match.patent_id).where(Match.run_id == run.run_id, Match.demand_id == demand)
        assert city.patent(ZIP) in unit.session.execute(rows).scalars().all()
        assert unit.session.get_one(MatchRun, run.run_id).model == run.model != model
        assert unit.pack.pushes.floor_of(run.model) == unit.pack.pushes.floor_of(model) is not None
    assert hit.title == ZIP and hit.reasons[0].feature == "thesaurus" and hit.reasons[0].demand_text == SLANG


def test_a_withdrawn_entry_leaves_everything_as_it_was(city: City) -> None:
    demand = slang(city)
    before = scores(city, demand)
    entry = teach(city)
    with city.unit("operator") as unit:
        withdraw_entry(unit, entry)
    assert scores(city, demand) == before
    with city.unit() as unit:
        assert current_matcher(unit).thesaurus is shipped()
        assert unit.session.get_one(ThesaurusEntry, entry).withdrawn_at == unit.now, "it stays on record"
    with pytest.raises(NotFound), city.unit("operator") as unit:
        withdraw_entry(unit, entry)


def test_the_index_under_the_same_entries_is_the_same_object(city: City) -> None:
    teach(city)
    with city.unit() as unit:
        assert current_matcher(unit) is current_matcher(unit)


def test_trust_zero_switches_shipped_pairs_off_and_leaves_their_neighbours() -> None:
    known = shipped()
    plain = "起疙瘩"
    targets = list(known.meanings[plain])
    made = thesaurus_with([OwnEntry(plain, (targets[0],), 0.0)])
    assert targets[0] not in made.meanings.get(plain, {})
    assert set(made.meanings.get(plain, {})) == set(targets[1:])
    assert {word: made.meanings[word] for word in made.meanings if word != plain} == {
        word: known.meanings[word] for word in known.meanings if word != plain
    }


@pytest.mark.parametrize(
    ("plain", "words", "code"),
    [
        ("", "拉链", "thesaurus_word_invalid"),
        ("拉头", "", "thesaurus_word_invalid"),
        ("拉头", "拉头", "thesaurus_word_invalid"),
        ("，。", "拉链", "thesaurus_word_invalid"),
        ("长" * 31, "拉链", "thesaurus_word_invalid"),
        ("拉头", "、".join(f"词{n}" for n in range(13)), "thesaurus_word_invalid"),
    ],
)
def test_what_is_no_entry_is_refused(plain: str, words: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        checked_entry(plain, words)
    assert refused.value.code == code


@pytest.mark.parametrize(("trust", "fine"), [(-0.01, False), (0.0, True), (1.0, True), (1.01, False)])
def test_trust_lies_between_0_and_1(trust: float, fine: bool) -> None:
    if fine:
        assert checked_entry("哗啦头", "ＰＵ｜拉链,拉头", trust) == OwnEntry("哗啦头", ("pu", "拉链", "拉头"), trust)
    else:
        with pytest.raises(Refusal):
            checked_entry("哗啦头", "拉链", trust)


def test_the_same_entry_twice_is_refused_and_only_the_operator_edits(city: City) -> None:
    teach(city)
    with pytest.raises(Conflict):
        teach(city)
    for who in ("shoes", "college", "reviewer"):
        with pytest.raises(NotAllowed), city.unit(who) as unit:
            add_entry(unit, checked_entry("甲", "乙"))
    with city.unit("reviewer") as unit:
        (view,) = entry_views(unit)
        assert view.entry.plain == SLANG and view.recorded_by == "operator"
        assert [(m.patent_word, m.own) for m in find_meanings(unit, SLANG)] == [("拉头", True), ("拉链", True)]


def test_the_effect_is_shown_before_saving_and_nothing_is_saved(city: City) -> None:
    demand = slang(city)
    with city.unit("operator") as unit:
        effect = effect_of_adding(unit, checked_entry(SLANG, "拉链、拉头"))
        assert unit.session.execute(select(ThesaurusEntry.id)).all() == []
    assert (effect.demand_id, effect.said, effect.saying) == (demand, True, 1)
    row = next(row for row in effect.rows if row.title == ZIP)
    assert row.rank_with == 1 and row.rank_without is None and row.change > 0
    assert effect.model_with != effect.model_without
    teach(city)
    assert scores(city, demand)[ZIP] == pytest.approx(row.score_with)


def test_the_effect_of_withdrawing_is_the_same_the_other_way_round(city: City) -> None:
    slang(city)
    with city.unit("operator") as unit:
        adding = effect_of_adding(unit, checked_entry(SLANG, "拉链、拉头"))
    entry = teach(city)
    with city.unit("operator") as unit:
        assert effect_of_withdrawing(unit, entry).rows == adding.rows


def test_an_effect_needs_something_that_says_the_word(city: City) -> None:
    entry = checked_entry(SLANG, "拉链")
    with city.unit("operator") as unit:
        with pytest.raises(Refusal) as refused:
            effect_of_adding(unit, entry)
        assert refused.value.code == "thesaurus_nothing_to_try"
        with pytest.raises(NotFound):
            effect_of_adding(unit, entry, 99)
        assert effect_of_adding(unit, entry, text=f"找{SLANG}").said
        assert not effect_of_adding(unit, entry, text="防水").said


# -- words of a demand ------------------------------------------------------------------------------------------------


def test_a_chosen_word_moves_answers_page_and_run_and_is_named_in_the_reasons(city: City) -> None:
    demand = slang(city)
    assert FRAME not in scores(city, demand)
    city.match()
    city.clock.forward(minutes=1)
    with city.unit("shoes") as unit:
        refine(unit, demand, "伞骨", "suggested")
        assert match_is_due(unit)
    assert max(scores(city, demand), key=scores(city, demand).get) == FRAME  # type: ignore[arg-type]
    with city.unit("shoes") as unit:
        best = demand_page(unit, demand).matches[0]
    assert ("refinement", "伞骨") in {(reason.feature, reason.demand_text) for reason in best.reasons}
    assert any(mark and "伞骨" in piece for piece, mark in best.title)
    run = city.match()
    with city.unit() as unit:
        rows = select(Match.patent_id).where(Match.run_id == run.run_id, Match.demand_id == demand, Match.rank == 1)
        assert unit.session.execute(rows).scalar_one() == city.patent(FRAME)


def test_a_word_taken_back_is_asked_no_more_and_the_operator_may_refine_too(city: City) -> None:
    demand = slang(city)
    before = scores(city, demand)
    with city.unit("operator") as unit:
        number = refine(unit, demand, " 伞骨 ")
    assert scores(city, demand) != before
    with city.unit("shoes") as unit:
        assert [(word.word, word.origin) for word in refining(unit, demand).chosen] == [("伞骨", "typed")]
        unrefine(unit, demand, number)
    assert scores(city, demand) == before
    with pytest.raises(NotFound), city.unit("shoes") as unit:
        unrefine(unit, demand, number)


def test_offered_words_come_from_the_base_and_are_not_offered_again_once_chosen(city: City) -> None:
    demand = city.post()
    with city.unit("shoes") as unit:
        first = refining(unit, demand)
        assert first.good and first.offered and first.best[0].patent.title == GLUE
        refine(unit, demand, first.offered[0].word, "suggested")
        assert first.offered[0].word not in {each.word for each in refining(unit, demand).offered}


def test_a_demand_without_a_good_match_says_so_where_it_is_refined(city: City) -> None:
    demand = slang(city)
    with city.unit("shoes") as unit:
        assert not refining(unit, demand).good


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("", "refinement_word_invalid"),
        ("、。", "refinement_word_invalid"),
        ("长" * (LONGEST + 1), "refinement_word_invalid"),
    ],
)
def test_what_is_no_word_is_refused(city: City, word: str, code: str) -> None:
    demand = city.post()
    with pytest.raises(Refusal) as refused, city.unit("shoes") as unit:
        refine(unit, demand, word)
    assert refused.value.code == code


def test_a_word_is_chosen_once_and_there_is_an_end_to_them(city: City) -> None:
    demand = city.post()
    with city.unit("shoes") as unit:
        for number in range(MOST):
            refine(unit, demand, f"词{number}")
        with pytest.raises(Conflict):
            refine(unit, demand, "词1")
        with pytest.raises(Refusal) as refused:
            refine(unit, demand, "又一个")
    assert refused.value.code == "refinement_words_many"


def test_nobody_refines_anothers_demand_or_one_that_is_over(city: City) -> None:
    demand = city.post()
    for who, refusal in (("umbrellas", NotFound), ("college", NotAllowed), ("reviewer", NotAllowed)):
        with pytest.raises(refusal), city.unit(who) as unit:
            refine(unit, demand, "伞骨")
    with city.unit("shoes") as unit:
        move_demand(unit, demand, "withdrawn")
        with pytest.raises(Conflict):
            refine(unit, demand, "伞骨")
        assert refining(unit, demand).open is False


def test_an_institution_sees_nothing_of_what_the_firm_answered(city: City) -> None:
    demand = city.post()
    with city.unit("operator") as unit:
        verify(unit, demand)
    city.push()
    with city.unit("college") as unit:
        before = patents_for_demand(unit, demand)
    answered(city, "fits")
    with city.unit("college") as unit:
        assert patents_for_demand(unit, demand) == before


def test_desk_and_institution_see_the_scores_of_the_demands_own_page(city: City) -> None:
    demand = city.post()
    with city.unit("shoes") as unit:
        refine(unit, demand, "喷涂")
    with city.unit("operator") as unit:
        verify(unit, demand)
    with city.unit("shoes") as unit:
        page = demand_page(unit, demand).matches
        assert desk(unit).demands[0].best_score == pytest.approx(page[0].score, abs=1e-6)
    with city.unit("college") as unit:
        _, pairs = patents_for_demand(unit, demand)
    own = {match.patent.title: match.score for match in page}
    assert [pair.match.score for pair in pairs] == pytest.approx([own[pair.match.patent.title] for pair in pairs])
    with city.unit("college") as unit:
        assert fitting_demands(unit).page.items[0].best == pytest.approx(pairs[0].match.score, abs=1e-6)
