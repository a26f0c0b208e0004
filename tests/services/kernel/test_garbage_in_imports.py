"""The search for cyclic garbage is rare while a file is recorded, and as before afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from matchhub.domain.records import Row
from matchhub.services.imports.batch import import_rows
from matchhub.services.kernel.garbage import garbage_collection_rare
from tests.services.desk_base import Base, patent


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_an_import_searches_rarely_and_leaves_the_search_as_it_was(base: Base) -> None:
    seen = []

    def rows() -> Iterator[Row]:
        seen.append(gc.get_threshold()[0])
        yield Row(patent(1).source, patent(1))

    with base.runtime.unit(base.people["clerk"]) as unit:
        import_rows(unit, "patents", rows())
    assert seen[0] > 50_000
    assert gc.get_threshold() == (700, 10, 10)


def test_a_failure_leaves_the_search_as_it_was() -> None:
    with pytest.raises(RuntimeError), garbage_collection_rare():
        raise RuntimeError
    assert gc.get_threshold() == (700, 10, 10)


def test_of_two_imports_the_last_one_to_end_puts_it_back() -> None:
    first, second = garbage_collection_rare(), garbage_collection_rare()
    with first:
        second.__enter__()
    assert gc.get_threshold()[0] > 50_000
    second.__exit__(None, None, None)
    assert gc.get_threshold() == (700, 10, 10)


def test_a_search_that_is_off_stays_off() -> None:
    gc.set_threshold(0, 10, 10)
    with garbage_collection_rare():
        assert gc.get_threshold()[0] == 0
    assert gc.get_threshold() == (0, 10, 10)
