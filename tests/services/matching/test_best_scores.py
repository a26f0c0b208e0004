"""The first page of a firm asks the index once for a demand, and again when something that decides the score changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from matchhub.services.demands.editing import resubmit_demand
from matchhub.services.matching.store import drop_index
from matchhub.services.worklists.enterprise_home import desk
from recommender import Matcher, MatchTable, Query
from tests.services.small_city import City, demand


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Titles of the demands that the index was asked about."""
    found: list[str] = []
    real = Matcher.match

    def match(self: Matcher, queries: Sequence[Query], *args: Any, **more: Any) -> MatchTable:
        found.extend(query.title for query in queries)
        return real(self, queries, *args, **more)

    monkeypatch.setattr(Matcher, "match", match)
    return found


def seen(city: City) -> dict[str, float | None]:
    with city.runtime.unit(city.actors["shoes"], write=False) as unit:
        return {line.title: line.best_score for line in desk(unit).demands}


def test_a_second_view_asks_nothing_and_shows_the_same(city: City, asked: list[str]) -> None:
    city.post()
    first = seen(city)
    assert next(iter(first.values())) and len(asked) == 1
    assert seen(city) == first and len(asked) == 1


def test_only_what_changed_is_asked_again(city: City, asked: list[str]) -> None:
    city.post()
    changed = city.post(title="雨伞伞骨折断", text="雨伞在台风天伞骨折断，希望伞骨更抗风。", object="雨伞伞骨")
    seen(city)
    asked.clear()
    with city.unit("shoes") as unit:
        resubmit_demand(unit, changed, demand(title="雨伞收不拢", text="自动雨伞收伞时卡住，收不拢。", object="雨伞"))
    assert "雨伞收不拢" in seen(city) and asked == ["雨伞收不拢"]


def test_another_index_answers_anew(city: City, asked: list[str]) -> None:
    city.post()
    before = seen(city)
    asked.clear()
    drop_index(city.runtime.home)
    assert seen(city) == before and len(asked) == 1
