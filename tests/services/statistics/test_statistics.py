"""Every number of the statistics opens exactly its rows, and the sums are the counts of the thresholds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from matchhub.db.tables import Deal, DealParty, DealPatent, Thread
from matchhub.domain.statistics import BASES, MEASURES, Span
from matchhub.errors import NotAllowed, NotFound
from matchhub.services.conversations.interest import express_interest
from matchhub.services.conversations.messages import write_message
from matchhub.services.counting.counts import question
from matchhub.services.kernel.paging import Sought
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import Unit
from matchhub.services.statistics.asking import Asked
from matchhub.services.statistics.figures import counts_of, statistics
from matchhub.services.statistics.rows import Wanted, list_rows
from tests.machine import cases
from tests.services.counting.dense_base import BEGAN, DenseBase
from tests.services.small_city import SHOES, TODAY, City
from tests.web.installation import Clock

WHOLE = Sought(whole=True)


def opened(unit: Unit, asked: Asked, **cell: object) -> int:
    return list_rows(unit, asked, Wanted(**cell), WHOLE).total  # type: ignore[arg-type]


def assert_cells_open_what_they_add_up(unit: Unit, asked: Asked) -> None:
    found = statistics(unit, asked)
    if asked.span == Span():
        for measure, count in counts_of(unit, asked).items():
            assert found.matrix.number(measure) == count.number, measure
    for measure in MEASURES:
        rows = list_rows(unit, asked, Wanted(measure), WHOLE).items
        lying = Counter((row.place.trade, found.matrix.column(row.place.group)) for row in rows)
        cells = [(trade, group) for trade in found.matrix.trades for group in found.matrix.classes]
        assert lying == +Counter({cell: found.matrix.number(measure, *cell) for cell in cells})
        for trade, group in list(lying)[:2]:
            assert opened(unit, asked, of=measure, trade=trade, group=group) == lying[trade, group]
    assert found.steps[0].reached == found.matrix.number("demands")
    for step in found.steps[1:]:
        assert opened(unit, asked, of=step.key) == step.reached
    for each in (*found.holders[:2], found.all_holders):
        numbers = [opened(unit, asked, of=of, holder=each.holder) for of in ("asked", "answered", "open")]
        assert numbers == [each.asked, each.answered, each.open]
    assert sum(each.asked for each in found.holders) == found.all_holders.asked
    for agency in found.agencies[:2]:
        numbers = [opened(unit, asked, of=of, agency=agency.id) for of in ("brought", "invited")]
        assert numbers == [agency.deals, agency.invited]


@pytest.fixture
def dense(tmp_path: Path) -> Iterator[Runtime]:
    runtime, _ = open_runtime(Settings(tmp_path, f"sqlite:///{tmp_path / 'matchhub.db'}", "a key for tests only"))
    runtime.clock = Clock(BEGAN + timedelta(days=300))
    yield runtime
    runtime.close()


@pytest.mark.parametrize("seed", range(cases(1, 60)))
def test_sums_are_the_counts_whatever_stands_in_the_base(dense: Runtime, seed: int) -> None:
    base = DenseBase(dense, seed)
    for _ in range(cases(1, 5)):
        for _ in range(8):
            base.step()
        with dense.unit(write=False) as unit:
            usual, earlier = question(unit), question(unit, date(2024, 5, 1))
            for basis in BASES:
                assert_cells_open_what_they_add_up(unit, Asked(usual, basis))
            assert_cells_open_what_they_add_up(unit, Asked(earlier, "literal"))
            assert_cells_open_what_they_add_up(unit, Asked(usual, "all", Span(date(2024, 2, 1), date(2024, 6, 1))))


def asked_holder(city: City) -> int:
    """A demand that is pushed for, and its firm asks the college for one of its patents; the conversation."""
    demand = city.post()
    city.push()
    with city.unit("shoes") as unit:
        express_interest(unit, city.patent("一种鞋底用水性聚氨酯胶粘剂"), demand)
        return unit.session.execute(select(Thread.id)).scalar_one()


def test_the_way_of_a_demand_and_the_answer_of_its_holder(city: City) -> None:
    thread = asked_holder(city)
    city.clock.forward(days=3)
    with city.unit("reviewer") as unit:
        asked = Asked(question(unit), "all")
        found = statistics(unit, asked)
        assert [each.reached for each in found.steps] == [1, 1, 1, 0, 1, 0]
        assert (found.all_holders.asked, found.all_holders.answered) == (1, 0)
    with city.unit("college") as unit:
        write_message(unit, thread, "可以，请先看一下参数。")
    city.clock.forward(days=1)
    with city.unit("reviewer") as unit:
        before = Asked(question(unit, known_at=city.clock.now - timedelta(days=2)), "all")
        assert statistics(unit, before).all_holders.answered == 0, "not known then"
        found = statistics(unit, Asked(question(unit), "all"))
        assert (found.all_holders.answered, found.all_holders.days) == (1, 3.0)
        assert_cells_open_what_they_add_up(unit, asked)


def test_a_deal_belongs_to_the_demand_for_which_its_buyer_met_the_patent_before_signing(city: City) -> None:
    asked_holder(city)
    patent, firm = city.patent("一种鞋底用水性聚氨酯胶粘剂"), city.firm(SHOES)
    for place, (signed_on, reached) in enumerate(((TODAY - timedelta(days=1), 0), (TODAY + timedelta(days=7), 1))):
        with city.unit() as unit:
            now = unit.now
            deal = Deal(
                identity_key=f"k{place}", deal_type="transfer", signed_on=signed_on, recorded_at=now, updated_at=now
            )
            unit.session.add(deal)
            unit.session.flush()
            unit.session.add(DealPatent(deal_id=deal.id, patent_id=patent))
            unit.session.add(DealParty(deal_id=deal.id, role="buyer", name=SHOES, name_key=SHOES, enterprise_id=firm))
        city.clock.forward(days=10)
        with city.unit("reviewer") as unit:
            steps = statistics(unit, Asked(question(unit), "all")).steps
        assert steps[-1].reached == reached
    assert steps[-1].days == 7.0


def test_statistics_are_for_who_may_read_them(city: City) -> None:
    with city.unit("shoes") as unit, pytest.raises(NotAllowed):
        statistics(unit, Asked(question(unit)))
    with city.unit("reviewer") as unit, pytest.raises(NotFound):
        list_rows(unit, Asked(question(unit)), Wanted("nothing"), WHOLE)


@contextmanager
def counted_statements(runtime: Runtime) -> Iterator[list[str]]:
    told: list[str] = []

    def note(*arguments: Any) -> None:
        told.append(arguments[2])

    event.listen(runtime.engine, "before_cursor_execute", note)
    yield told
    event.remove(runtime.engine, "before_cursor_execute", note)


def test_statements_do_not_grow_with_the_rows(dense: Runtime) -> None:
    base, numbers = DenseBase(dense, 5), []
    for _ in range(2):
        with dense.unit(write=False) as unit:
            asked = Asked(question(unit), "all")
            statistics(unit, asked)  # verdicts and lines are brought up to date
            with counted_statements(dense) as told:
                statistics(unit, asked)
            numbers.append(len(told))
        for _ in range(60):
            base.step()
    assert numbers[0] == numbers[1] <= 30
