"""The chain binds the facts: whatever is changed behind the platform's back is found and named (PROMISES.md P26)."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from matchhub.db.base import Base as Tables
from matchhub.db.tables import BoundRows, Demand, DemandEvent, Enterprise, EvidenceFile
from matchhub.domain.records import Row
from matchhub.services.demands.posting import post_demand
from matchhub.services.evidence.auditing import Audit, audit_base
from matchhub.services.evidence.files import keep_content, store_evidence
from matchhub.services.imports.batch import import_rows
from matchhub.services.kernel.backup import make_backup, restore_backup
from matchhub.services.kernel.bound import BOUND
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.event_log import end_of_chain
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM
from tests.machine import cases
from tests.papers import letter
from tests.services.desk_base import demand, patent
from tests.services.evidence.every_table import (
    ROWS,
    edit_a_file,
    edit_the_log,
    fill_every_table,
    free_of_rules,
    random_edit,
    write_some_entries,
)
from tests.web.installation import Clock, fill, settings


def audited(runtime: Runtime) -> Audit:
    with runtime.unit(write=False) as unit:
        return audit_base(unit)


def named(found: Audit) -> list[tuple[str, int, str]]:
    return [(fault.table, fault.row, fault.what) for fault in found.faults]


@pytest.fixture
def every(tmp_path: Path) -> Iterator[Runtime]:
    """Rows in every table, on SQLite."""
    runtime, _ = open_runtime(settings(tmp_path))
    yield from filled(runtime)


@pytest.fixture
def every_on_postgres(tmp_path: Path, postgres_url: str) -> Iterator[Runtime]:
    """Rows in every table, on PostgreSQL."""
    runtime, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    yield from filled(runtime)


def filled(runtime: Runtime) -> Iterator[Runtime]:
    runtime.clock = Clock()
    write_some_entries(runtime)  # of which rows speak
    with runtime.unit() as unit:
        free_of_rules(unit)
        fill_every_table(unit)
        for number in range(1, ROWS + 1):  # the files that the rows of evidence speak of
            row = unit.session.get(EvidenceFile, number)
            assert row is not None
            content = f"file {number}".encode()
            row.sha256 = sha256(content).hexdigest()
            keep_content(runtime.home, row.sha256, content)
    write_some_entries(runtime)
    yield runtime
    runtime.close()


def check_edits(runtime: Runtime, seeds: range) -> None:
    """Edits of rows, of the log with its digests, and of files: each is found and the first of what differs named."""
    found = audited(runtime)
    assert (found.valid, named(found), found.rows) == (True, [], ROWS * len(BOUND))
    for seed in seeds:
        chance = random.Random(seed)
        with runtime.unit(write=False) as unit:  # taken back at its end
            if seed % 10 == 9:
                rows, put_right = edit_a_file(runtime.home, chance)
                found = audit_base(unit)
                put_right()
                assert (seed, {each[:2] for each in named(found)}) == (seed, {("evidence_files", row) for row in rows})
            elif seed % 5 == 3:
                kept = end_of_chain(unit)
                assert (seed, audit_base(unit, [kept]).valid) == (seed, True)
                bad = edit_the_log(unit, chance)
                found = audit_base(unit, [kept])
                assert (seed, found.first_bad) == (seed, bad)
            else:
                done = random_edit(unit, chance)
                found = audit_base(unit)
                told = [each for each in named(found) if each[2] != "file"]
                assert (seed, told) == (seed, [done])
            assert (seed, found.valid) == (seed, False)


def test_every_edit_by_sql_is_found_and_named(every: Runtime) -> None:
    check_edits(every, range(cases(150, 1500)))


def test_so_it_is_on_postgres(every_on_postgres: Runtime) -> None:
    check_edits(every_on_postgres, range(1500, 1500 + cases(150, 1500)))


@pytest.mark.parametrize("mark", [True, False])
def test_demo_marks_taken_off_by_sql_are_found_on_all_tables(every: Runtime, mark: bool) -> None:
    marked = [table for name, table in Tables.metadata.tables.items() if name in BOUND and "demo" in table.c]
    with every.unit(write=False) as unit:
        changed = Counter[str]()
        for table in marked:
            done = unit.session.connection().execute(sa.update(table).where(table.c.demo != mark).values(demo=mark))
            changed[table.name] += done.rowcount
        found = audit_base(unit)
    assert Counter(fault.table for fault in found.faults) == changed
    assert found.code == "rows_differ"


def test_a_forged_evidence_file_is_found(runtime: Runtime) -> None:
    with runtime.unit() as unit:
        number = store_evidence(unit, "demands", 1, "authorisation", "盖章.pdf", letter("sealed"))
    assert audited(runtime).valid
    (file,) = [each for each in (runtime.home / "evidence").rglob("*") if each.is_file()]
    file.write_bytes(b"%PDF forged")
    assert named(audited(runtime)) == [("evidence_files", number, "file")]
    file.unlink()
    assert named(audited(runtime)) == [("evidence_files", number, "file")]


def test_an_act_leaves_the_base_sound_and_one_entry_with_its_root(runtime: Runtime) -> None:
    with runtime.unit() as unit:
        row = unit.session.get(Demand, 1)
        assert row is not None
        row.title = "另一个题目"
    found = audited(runtime)
    assert (found.valid, found.code) == (True, "log_valid")
    with runtime.unit(write=False) as unit:
        parts = unit.session.execute(sa.select(BoundRows).order_by(BoundRows.id.desc()).limit(2)).scalars().all()
        assert parts[0].table_name == "demands"
        assert parts[0].entry_id != parts[1].entry_id


@pytest.mark.parametrize("act", ["UPDATE bound_rows SET digests = row_ids", "DELETE FROM bound_rows"])
def test_the_database_refuses_to_change_the_digests(every: Runtime, act: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), every.engine.begin() as connection:
        connection.exec_driver_sql(act)


@pytest.mark.parametrize("act", ["UPDATE bound_rows SET digests = row_ids", "DELETE FROM bound_rows"])
def test_postgres_refuses_it_too(every_on_postgres: Runtime, act: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), every_on_postgres.engine.begin() as connection:
        connection.exec_driver_sql(act)


@pytest.mark.parametrize(
    "act",
    ["UPDATE bound_rows SET digests = zeroblob(length(digests)) WHERE table_name = 'deals'", "DELETE FROM bound_rows"],
)
def test_digests_changed_without_the_triggers_break_the_root_of_their_entry(every: Runtime, act: str) -> None:
    with every.unit(write=False) as unit:
        bad = unit.session.execute(sa.select(sa.func.min(BoundRows.entry_id))).scalar()
        for trigger in ("update", "delete"):
            unit.session.connection().exec_driver_sql(f"DROP TRIGGER bound_rows_no_{trigger}")
        unit.session.connection().exec_driver_sql(act)
        assert audit_base(unit).first_bad == bad


def test_a_statement_that_inserts_past_the_bulk_door_is_refused(runtime: Runtime) -> None:
    with pytest.raises(TypeError, match="demand_events"), runtime.unit() as unit:
        unit.session.execute(sa.insert(DemandEvent), [{"demand_id": 1}])


@pytest.mark.parametrize("after", ["changed", "deleted", "rolled back"])
def test_a_row_written_in_bulk_and_then_touched_in_the_same_unit_is_sound(runtime: Runtime, after: str) -> None:
    event = {"demand_id": 1, "state": "verified", "occurred_on": date(2025, 6, 2)}
    with runtime.unit() as unit:
        inside = unit.session.begin_nested()
        insert_rows(unit, DemandEvent.__table__, [event | {"recorded_at": unit.now}])  # type: ignore[arg-type]
        if after == "changed":
            unit.session.execute(sa.update(DemandEvent).where(DemandEvent.state == "verified").values(note="核实"))
        elif after == "deleted":
            unit.session.execute(sa.delete(DemandEvent).where(DemandEvent.demand_id == 1))
        inside.rollback() if after == "rolled back" else inside.commit()
    assert audited(runtime).valid


def test_a_backup_put_back_is_sound(runtime: Runtime, tmp_path: Path) -> None:
    with runtime.unit() as unit:
        store_evidence(unit, "demands", 1, "authorisation", "盖章.pdf", letter("sealed"))
    make_backup(runtime, tmp_path / "b.tar")
    restore_backup(settings(tmp_path / "other"), tmp_path / "b.tar")
    other, _ = open_runtime(settings(tmp_path / "other"), create=False)
    assert audited(other).valid
    other.close()


def work_at_once(runtime: Runtime, acts: list[Callable[[int], None]], seconds: float) -> None:
    """Every act again and again in a thread of its own."""
    failed: list[Exception] = []
    end = time.monotonic() + seconds

    def work(act: Callable[[int], None]) -> None:
        number = 0
        try:
            while time.monotonic() < end and not failed:
                number += 1
                act(number)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def check_concurrent_work(runtime: Runtime) -> None:
    """Four firms post while files are imported, clocks jump and the audit looks; no false alarm."""
    with runtime.unit() as unit:
        firm = unit.session.execute(sa.select(Enterprise.id)).scalars().first()
    audits: list[Audit] = []

    def poster(who: int) -> Callable[[int], None]:
        def post(number: int) -> None:
            said = demand(1000 * who + number, text=f"第{who}家第{number}条需求的原文。")
            with runtime.unit() as unit:
                post_demand(unit, said, firm)

        return post

    def take_in(number: int) -> None:
        rows = [patent(100 * number + each) for each in range(50)]
        with runtime.unit() as unit:
            import_rows(unit, "patents", [Row(each.source, each) for each in rows])

    def look(_number: int) -> None:
        audits.append(audited(runtime))

    def jump(number: int) -> None:
        """The machine's clock goes forth and back by seconds, minutes or hours."""
        assert isinstance(runtime.clock, Clock)
        runtime.clock.forward(timedelta(seconds=(-1) ** number * 7 ** (number % 5)))
        time.sleep(0.01)

    work_at_once(runtime, [*(poster(who) for who in range(4)), take_in, look, jump], cases(3, 3600))
    assert [found for found in [*audits, audited(runtime)] if not found.valid] == []


def test_concurrent_work_raises_no_false_alarm(runtime: Runtime) -> None:
    check_concurrent_work(runtime)


def test_so_it_is_on_postgres_at_once(tmp_path: Path, postgres_url: str) -> None:
    runtime, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    runtime.clock = Clock()
    with runtime.unit(SYSTEM) as unit:
        fill(unit)
    check_concurrent_work(runtime)
    runtime.close()


def test_a_clock_one_second_back_is_a_sign_only(runtime: Runtime) -> None:
    assert isinstance(runtime.clock, Clock)
    runtime.clock.forward(-timedelta(seconds=1))
    with runtime.unit() as unit:
        row = unit.session.get(Demand, 1)
        assert row is not None
        row.title = "另一个题目"
    found = audited(runtime)
    assert found.valid
    assert [(sign["code"], sign["seconds"]) for sign in found.signs] == [("clock_jump", 1.0)]
