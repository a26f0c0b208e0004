"""The first question of a process finds the index opened already; where there is none, nothing is built for it."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from typing import NoReturn

import pytest

from matchhub.errors import Refusal
from matchhub.services.matching import store, warming
from matchhub.services.matching.results import match_text
from tests.services.small_city import City


def test_without_an_index_nothing_is_opened_and_nothing_built(city: City) -> None:
    store.drop_index(city.runtime.home)
    shutil.rmtree(store.folder(city.runtime.home))
    assert warming.warm_up(city.runtime) is False
    assert not store.folder(city.runtime.home).exists()


def test_after_warming_up_a_question_opens_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    with city.unit() as unit:
        store.refresh_index(unit)
    store._opened.clear()
    warming.warm_up_beside(city.runtime).join(60)

    def opened(*_: object) -> NoReturn:
        raise AssertionError("opened again")

    monkeypatch.setattr(store, "open_index", opened)
    with city.unit() as unit:
        assert match_text(unit, "鞋底老是开胶,想找好一点的胶粘剂").results


def test_comparing_a_new_demand_loads_nothing_that_its_owner_would_wait_for() -> None:
    code = (
        "import sys; from recommender import near_duplicates;"
        "found = near_duplicates(['鞋底防滑耐磨', '鞋底防滑耐磨！'], .9, of=[1]);"
        "print(found, 'sklearn.feature_extraction.text' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.stdout.strip() == "[(1, 0, 1.0)] False", told.stderr


def test_what_a_process_loaded_is_not_looked_through_again(city: City) -> None:
    gc.unfreeze()
    try:
        warming.warm_up_beside(city.runtime).join(60)
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()


def test_a_base_that_cannot_be_read_is_noted_and_stops_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: object) -> NoReturn:
        raise Refusal("database_busy")

    monkeypatch.setattr(warming, "ready_matcher", refuse)
    warming.warm_up_beside(city.runtime).join(60)
    assert "database_busy" in caplog.text
