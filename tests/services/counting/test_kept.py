"""Kept verdicts: when they are used, when they are made anew, and that nobody's writing is missed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from matchhub.db.base import Base as Tables
from matchhub.db.tables import Enterprise, Patent, PlatformEvent, Push, PushDelivery, PushItem
from matchhub.services.counting import judging
from matchhub.services.counting.counts import count_atoms, count_progress, explain_record, question
from matchhub.services.counting.firms import Firms
from matchhub.services.counting.gather import GATHERERS
from matchhub.services.counting.kept import recount
from matchhub.services.counting.reach import BY_NAME, RECORDS, names_somebody
from matchhub.services.counting.scope import part_of, tables_in
from matchhub.services.counting.some import READS, facts_of
from matchhub.services.counting.store import NAME, forget
from matchhub.services.facts.clocks import WrittenBack
from matchhub.services.facts.known import Known
from matchhub.services.kernel.bound import BOUND
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit
from tests.services.counting.test_kept_properties import assert_kept_is_recounted, whole_counts
from tests.services.desk_base import Base, deal, firm, patent
from tests.services.imports.test_merging_properties import Sequence, firms
from tests.services.small_city import City, built_city, city

__all__ = ["built_city", "city", "firms", "whole_counts"]


def strict(base: Base, threshold: str = "patents") -> int:
    with base.runtime.unit(write=False) as unit:
        return count_progress(unit, question(unit)).threshold(threshold).count.strict


def test_everything_is_counted_once_and_then_what_changed(base: Base, whole_counts: list[int]) -> None:
    base.take("patents", patent(1), patent(2))
    assert strict(base) == 2
    base.take("patents", patent(3))
    assert (strict(base), strict(base), len(whole_counts)) == (3, 3, 1)


def test_the_page_of_a_record_counts_nothing_else(base: Base, whole_counts: list[int]) -> None:
    base.take("patents", *(patent(serial) for serial in range(1, 9)))
    base.take("enterprises", *(firm(serial) for serial in range(1, 9)))
    strict(base)
    with base.runtime.unit() as unit:
        unit.session.get_one(Patent, 3).title = None
    judged: list[tuple[str, set[int]]] = []

    def gathered(unit: Unit, threshold: str, ids: set[int], firms: Firms, back: WrittenBack) -> tuple[Any, ...]:
        judged.append((threshold, set(ids)))
        return facts_of(unit, threshold, ids, firms, back)

    with base.runtime.unit(write=False) as unit, pytest.MonkeyPatch.context() as patched:
        patched.setattr(judging, "facts_of", gathered)
        explain_record(unit, "patents", 3, question(unit))
    assert (judged, len(whole_counts)) == ([("patents", {3})], 1)


def test_a_delivery_is_news_for_the_deals_of_its_patent(base: Base) -> None:
    base.take("patents", patent(1))
    base.take("enterprises", firm(1), firm(2))
    base.later(7)
    base.take("deals", deal(1, signed_on=date(2024, 3, 10)))
    with base.runtime.unit() as unit:
        sent = Push(enterprise_id=1, model="m:1", unique_key="k", message_id="m", token_hash="t", due_on=unit.today,
                    state="planned", recorded_at=unit.now - timedelta(days=6))  # fmt: skip
        unit.session.add(sent)
        unit.session.flush()
        item = {"position": 0, "score": 1.0, "floor": 0.1, "reasons": [], "warnings": []}
        unit.session.add(PushItem(push_id=sent.id, patent_id=1, **item))
    assert_kept_is_recounted(base.runtime, "planned")
    with base.runtime.unit(write=False) as unit:
        before = explain_record(unit, "deals", 1, question(unit))
    with base.runtime.unit() as unit:
        at = unit.now - timedelta(days=5)
        unit.session.add(PushDelivery(push_id=1, channel="smtp", outcome="delivered", recorded_at=at))
    assert_kept_is_recounted(base.runtime, "delivered")
    with base.runtime.unit(write=False) as unit:
        assert explain_record(unit, "deals", 1, question(unit)) != before


def test_a_new_day_another_pack_and_a_dropped_file_count_everything(base: Base, whole_counts: list[int]) -> None:
    base.take("patents", patent(1))
    strict(base)
    base.later()
    strict(base)
    assert len(whole_counts) == 2
    with base.runtime.unit(write=False) as unit:
        other = replace(unit, pack=replace(unit.pack, digest="0" * 64))
        count_progress(other, question(other, policy=None))
    assert len(whole_counts) == 3
    forget(base.runtime.home)
    strict(base)
    assert len(whole_counts) == 4


def test_a_damaged_file_costs_a_recount_and_nothing_else(base: Base, whole_counts: list[int]) -> None:
    base.take("patents", patent(1))
    strict(base)
    for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
        (base.runtime.home / name).unlink(missing_ok=True)
    (base.runtime.home / NAME).write_bytes(b"no database" * 1000)
    assert [strict(base), strict(base), strict(base)] == [1, 1, 1]
    assert 2 <= len(whole_counts) <= 3


def test_a_file_of_another_layout_is_begun_anew(base: Base, whole_counts: list[int]) -> None:
    base.take("patents", patent(1))
    with sqlite3.connect(base.runtime.home / NAME) as old:
        old.executescript("CREATE TABLE verdicts (threshold TEXT); CREATE TABLE meta (name TEXT, value TEXT);")
    assert (strict(base), strict(base), len(whole_counts)) == (1, 1, 1)


def test_an_earlier_state_put_back_is_counted_anew(base: Base, whole_counts: list[int]) -> None:
    base.take("patents", patent(1))
    earlier = base.runtime.home / "earlier.db"
    with sqlite3.connect(base.runtime.home / "matchhub.db") as now, sqlite3.connect(earlier) as copy:
        now.backup(copy)
    base.take("patents", patent(2))
    assert strict(base) == 2
    with sqlite3.connect(earlier) as copy, sqlite3.connect(base.runtime.home / "matchhub.db") as now:
        copy.backup(now)
    assert strict(base) == 1
    base.later(0)
    base.take("patents", patent(3))  # entries with the keys of those that were lost
    assert strict(base) == 2
    assert len(whole_counts) >= 2


def test_a_unit_sees_what_it_wrote_and_keeps_it_for_itself(base: Base) -> None:
    base.take("enterprises", firm(1), firm(2))
    assert strict(base, "enterprises") == 2
    with pytest.raises(ZeroDivisionError), base.runtime.unit() as unit:
        unit.session.get_one(Enterprise, 1).uscc = None
        assert count_progress(unit, question(unit)).threshold("enterprises").count.strict == 1
        raise ZeroDivisionError
    assert strict(base, "enterprises") == 2


def test_a_reader_who_began_before_another_one_counted_gets_an_answer(base: Base, whole_counts: list[int]) -> None:
    base.take("patents", patent(1))
    strict(base)
    with base.runtime.unit(write=False) as early:
        early.session.execute(sa.select(sa.func.count(Enterprise.id)))
        base.take("patents", patent(2))
        assert strict(base) == 2
        assert count_progress(early, question(early)).threshold("patents").count.strict in (1, 2)
    assert (strict(base), len(whole_counts)) == (2, 1)


def test_what_the_platform_saw_by_itself_is_not_missed(base: Base) -> None:
    base.take("patents", patent(1))
    base.take("enterprises", firm(1))
    strict(base)
    with base.runtime.unit() as unit:
        at = {"occurred_at": unit.now, "recorded_at": unit.now}
        unit.session.add(PlatformEvent(enterprise_id=1, patent_id=1, event="view", **at))
    assert_kept_is_recounted(base.runtime, "viewed")


def test_a_recount_compares_and_says_what_differs(base: Base) -> None:
    base.take("patents", patent(1), patent(2))
    with base.runtime.unit(write=False) as unit:
        assert not recount(unit).compared
        assert (recount(unit).compared, recount(unit).differing) == (True, {})
    with sqlite3.connect(base.runtime.home / NAME) as file:
        file.execute("UPDATE verdicts SET strict = 0 WHERE record_id = 2")
    base.later()
    with base.runtime.unit(write=False) as unit:
        assert recount(unit).differing == {"patents": (2,)}
        assert recount(unit).differing == {}
    assert strict(base) == 2


def test_merging_taking_back_and_editing_keep_the_verdicts_right(firms: Base, whole_counts: list[int]) -> None:
    for seed in range(3):
        sequence = Sequence(firms, 900 + seed)
        acts = [sequence.merge, sequence.unmerge, sequence.take_in, sequence.undo, sequence.edit]
        assert_kept_is_recounted(firms.runtime, seed)
        for number in range(10):
            firms.later(0)
            sequence._attempt(sequence.chance.choice(acts))
            assert_kept_is_recounted(firms.runtime, (seed, number))


# --- what nobody foresaw leads to a full recount ---------------------------------------------------------------------


def test_every_bound_table_says_whose_rows_it_holds() -> None:
    tables = Tables.metadata.tables
    silent = {name for name in BOUND if not names_somebody(tables[name])} - BY_NAME
    samples = {"samples", "sampled_records", "sampled_findings"}
    understood = {"batch_sources", "batch_undos", "import_batches", *samples}
    assert silent <= understood, "a change of these tables counts everything: is that meant?"
    assert set(BOUND) >= RECORDS


def test_a_part_of_the_base_shows_the_chosen_records_only(base: Base) -> None:
    base.take("patents", patent(1), patent(2), patent(3))
    with base.runtime.unit(write=False) as unit:
        known = Known(part_of(unit, {"patents": {2}}, READS["patents"]), Moment())
        assert (set(known.patents), set(known.statuses)) == ({2}, {2})


class Reading:
    """A session that notes which tables are read."""

    def __init__(self, session: Any) -> None:
        self.session, self.tables = session, set[str]()

    def execute(self, statement: Any, *more: Any, **named: Any) -> Any:
        self.tables |= tables_in(statement)
        return self.session.execute(statement, *more, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)


@pytest.mark.parametrize("threshold", sorted(GATHERERS))
def test_a_gatherer_reads_the_tables_it_is_known_to_read(city: City, threshold: str) -> None:
    with city.runtime.unit(write=False) as unit:
        reading: Any = Reading(unit.session)
        GATHERERS[threshold](Known(replace(unit, session=reading), Moment(), {}))
    unforeseen = reading.tables - READS[threshold]
    assert not unforeseen, f"name {unforeseen} in READS, once reach leads from there and _DRAWN_ON to all that it needs"


def test_a_table_that_nobody_foresaw_counts_everything(
    base: Base, whole_counts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    base.take("patents", patent(1))
    strict(base)
    monkeypatch.setitem(READS, "patents", READS["patents"] - {"patent_classes"})
    base.take("patents", patent(2))
    assert (strict(base), len(whole_counts)) == (2, 2)


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    yield
    count_atoms.__globals__["_kept"].clear()
