"""Kept verdicts equal a full recount after whatever was written, and hardly anything is judged for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from matchhub.domain.counting.progress import burn_up, progress
from matchhub.services.counting import judging, kept
from matchhub.services.counting.counts import Atoms, count_atoms, count_growth, count_progress, question
from matchhub.services.counting.gather import gather_facts
from matchhub.services.counting.kept import facts_of_deal, kept_verdicts
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from tests.machine import cases
from tests.policy.composed import many_thresholds
from tests.services.counting.dense_base import BEGAN, DenseBase
from tests.web.installation import Clock

STEPS = 40


@pytest.fixture
def whole_counts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever everything is counted into the store."""
    counted: list[int] = []

    def everything(*arguments: object) -> None:
        counted.append(1)
        judging.count_everything(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(kept, "count_everything", everything)
    return counted


def recounted(runtime: Runtime) -> Atoms:
    with runtime.unit(write=False) as unit:
        found = count_atoms(unit, question(unit))
    return {threshold: sorted(atoms, key=lambda each: int(each.record_id)) for threshold, atoms in found.items()}


def assert_kept_is_recounted(runtime: Runtime, said: object) -> None:
    full = recounted(runtime)
    with runtime.unit(write=False) as unit:
        asked = question(unit)
        with kept_verdicts(unit, asked.pack, asked.as_of) as store:
            mine = {threshold: store.atoms(threshold) for threshold in full}
        sums, growth = count_progress(unit, asked), count_growth(unit, asked)
        deals = {int(each.record_id): each for each in gather_facts(unit, Moment(), asked.pack).deals}
        kept_deals = {deal: facts_of_deal(unit, deal) for deal in deals}
    for deal, facts in deals.items():
        assert kept_deals[deal] == facts, (said, deal)
    for threshold, atoms in full.items():
        assert mine[threshold] == atoms, (said, threshold)
    whole = progress(full, asked.pack, asked.as_of)
    assert (sums.goals, sums.signals) == (whole.goals, whole.signals), said
    assert growth == burn_up(full, asked.pack), said


def walk(runtime: Runtime, seed: int, steps: int = STEPS) -> None:
    base = DenseBase(runtime, seed)
    assert_kept_is_recounted(runtime, "at first")
    for number in range(steps):
        done = [base.step() for _ in range(base.chance.choice((1, 1, 1, 3)))]
        assert_kept_is_recounted(runtime, (seed, number, done))


@pytest.fixture
def dense(tmp_path: Path) -> Iterator[Runtime]:
    runtime, _ = open_runtime(Settings(tmp_path, f"sqlite:///{tmp_path / 'matchhub.db'}", "a key for tests only"))
    runtime.clock = Clock(BEGAN + timedelta(days=300))
    yield runtime
    runtime.close()


@pytest.mark.parametrize("seed", range(cases(4, 100)))
def test_kept_verdicts_equal_a_recount_after_every_change(dense: Runtime, whole_counts: list[int], seed: int) -> None:
    walk(dense, seed)
    assert len(whole_counts) <= STEPS / 10, "what changed is judged, not everything"


@pytest.mark.parametrize("seed", range(900, 900 + cases(1, 50)))
def test_so_they_do_with_several_thresholds_over_one_kind(
    dense: Runtime, whole_counts: list[int], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    composed = many_thresholds()
    monkeypatch.setattr(Runtime, "pack", property(lambda _: composed))
    walk(dense, seed)
    assert len(whole_counts) <= STEPS / 10


@pytest.fixture
def dense_on_postgres(tmp_path: Path, postgres_url: str) -> Iterator[Runtime]:
    runtime, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    runtime.clock = Clock(BEGAN + timedelta(days=300))
    yield runtime
    runtime.close()


@pytest.mark.parametrize("seed", range(500, 500 + cases(1, 20)))
def test_so_they_do_on_postgres(dense_on_postgres: Runtime, whole_counts: list[int], seed: int) -> None:
    walk(dense_on_postgres, seed, 15)
    assert len(whole_counts) <= 3


@pytest.mark.parametrize("engine", ["dense", "dense_on_postgres"])
def test_writers_and_readers_at_once_leave_the_verdicts_right(
    request: pytest.FixtureRequest, engine: str, whole_counts: list[int]
) -> None:
    runtime: Runtime = request.getfixturevalue(engine)
    base = DenseBase(runtime, 77)
    faults: list[BaseException] = []

    def act(work: Callable[[], object], times: int) -> None:
        try:
            for _ in range(times):
                work()
        except BaseException as fault:
            faults.append(fault)

    def ask() -> None:
        with runtime.unit(write=False) as unit:
            count_progress(unit, question(unit))

    threads = [threading.Thread(target=act, args=(work, 8)) for work in (base.step, base.step, ask, ask, ask)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert_kept_is_recounted(runtime, engine)
    assert len(whole_counts) <= 3
