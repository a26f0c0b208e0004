"""What is typed into the form of a demand is kept on the server: for its firm alone, within bounds, until posted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Demand, DemandDraft, LogEntry
from matchhub.domain.demand_answers import examples
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.demands.drafts import (
    MOST_CHARACTERS,
    MOST_DRAFTS,
    discard_draft,
    draft_of,
    keep_typing,
    own_drafts,
    settle_draft,
)
from matchhub.services.demands.posting import post_demand
from tests.services.small_city import City, demand

TYPED = {"object": "户外跑鞋", "text": "脱胶"}


def kept(city: City, number: int) -> tuple[int | None, dict[str, Any]]:
    """The demand that a draft became, and its fields."""
    with city.runtime.unit(write=False) as unit:
        row = unit.session.get_one(DemandDraft, number)
        return row.demand_id, dict(row.fields)


def keep(city: City, number: int | None = None, seen: str = "", who: str = "shoes", **typed: str) -> tuple[int, str]:
    city.clock.forward(seconds=3)
    with city.unit(who) as unit:
        found = keep_typing(unit, {**TYPED, **typed}, number, seen)
    assert found is not None
    return found.draft_id, found.seen


def test_typing_goes_on_in_one_draft_that_is_no_demand_and_fills_no_log(city: City) -> None:
    number, seen = keep(city)
    again, seen = keep(city, number, seen, text="脱胶返工")
    last, _ = keep(city, again, seen, text="脱胶返工多", budget_typed="五万左右")
    assert number == again == last
    assert kept(city, number)[1] == {**TYPED, "text": "脱胶返工多", "budget_typed": "五万左右"}
    with city.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(Demand)).scalar_one() == 0
        said = select(func.count()).select_from(LogEntry).where(LogEntry.verb == "draft.saved")
        assert unit.session.execute(said).scalar_one() == 1


def test_next_to_nothing_is_not_kept(city: City) -> None:
    with city.unit("shoes") as unit:
        assert keep_typing(unit, {"text": "脱", "contact_name": "王小明", "budget_negotiable": True}) is None
        assert own_drafts(unit) == ()


def test_a_draft_changed_elsewhere_or_thrown_away_is_not_written_over(city: City) -> None:
    number, seen = keep(city)
    keep(city, number, seen, text="在手机上接着写")
    other, _ = keep(city, number, seen, text="在电脑上接着写")
    assert other != number and kept(city, number)[1]["text"] == "在手机上接着写"
    with city.unit("shoes") as unit:
        discard_draft(unit, number)
    assert kept(city, number)[1] == {}, "words that were thrown away are erased"
    third, _ = keep(city, number, seen, text="又写")
    assert third not in (number, other)


def test_nobody_else_sees_or_changes_it(city: City) -> None:
    number, seen = keep(city)
    for who in ("umbrellas", "operator"):
        with city.unit(who) as unit, pytest.raises(NotFound):
            draft_of(unit, number)
    with city.unit("umbrellas") as unit, pytest.raises(NotFound):
        keep_typing(unit, TYPED, number, seen)
    with city.unit("umbrellas") as unit:
        settle_draft(unit, number, 1)
    assert kept(city, number)[0] is None


def test_once_posted_its_words_are_erased_and_a_late_sending_brings_nothing_back(city: City) -> None:
    number, seen = keep(city)
    with city.unit("shoes") as unit:
        posted = post_demand(unit, demand()).demand_id
        settle_draft(unit, number, posted)
    assert kept(city, number) == (posted, {})
    with city.unit("shoes") as unit:
        with pytest.raises(Conflict) as refused:
            keep_typing(unit, TYPED, number, seen)
        assert refused.value.code == "draft_closed" and own_drafts(unit) == ()


def test_drafts_have_an_end_in_number_and_size(city: City) -> None:
    for serial in range(MOST_DRAFTS):
        last = keep(city, text=f"难题{serial}")
    with city.unit("shoes") as unit:
        with pytest.raises(Conflict) as many:
            keep_typing(unit, TYPED)
        with pytest.raises(Refusal) as long:
            keep_typing(unit, {"text": "长" * (MOST_CHARACTERS + 1)}, *last)
    assert (many.value.code, long.value.code) == ("drafts_full", "draft_long")
    assert keep(city, *last, text="长" * (MOST_CHARACTERS - len(TYPED["object"])))[0] == last[0], "the last one goes on"


def test_a_pattern_is_not_posted_and_one_s_own_words_are(city: City) -> None:
    each = examples()[0]
    with city.unit("shoes") as unit, pytest.raises(Refusal) as refused:
        post_demand(unit, demand(title="鞋", text=each.problem, aim=each.wish))
    assert refused.value.code == "demand_is_example"


def late(city: City, key: str, who: str = "shoes") -> None:
    """What was on its way when its form was posted arrives."""
    with city.unit(who) as unit:
        keep_typing(unit, TYPED, key=key)


def posted(city: City, key: str, number: int | None = None, **changes: str) -> int:
    with city.unit("shoes") as unit:
        made = post_demand(unit, demand(**changes)).demand_id
        settle_draft(unit, number, made, key)
    return made


def test_what_arrives_after_the_posting_of_its_form_leaves_no_draft(city: City) -> None:
    posted(city, "form-1")
    with pytest.raises(Conflict, match="draft_closed"):
        late(city, "form-1")
    with city.unit("shoes") as unit:
        assert own_drafts(unit) == ()
    late(city, "form-2")
    late(city, "form-1", "umbrellas")  # nobody closes another firm's forms
    for who in ("shoes", "umbrellas"):
        with city.unit(who) as unit:
            assert len(own_drafts(unit)) == 1


def test_a_draft_whose_number_the_form_had_not_learnt_is_settled_by_the_key_of_the_form(city: City) -> None:
    late(city, "form-1")
    with city.unit("shoes") as unit:
        (draft,) = own_drafts(unit)
    made = posted(city, "form-1")
    assert kept(city, draft.id) == (made, {})
    with city.unit("shoes") as unit:
        assert own_drafts(unit) == ()
        assert unit.session.execute(select(func.count()).select_from(DemandDraft)).scalar_one() == 1
