"""The event log is tamper-evident: whatever is done to it behind our back is found and named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from matchhub.services.kernel.event_log import append_event, end_of_chain, entry_hash, verify_log
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM
from tests.web.installation import Clock

_UNLOCKED = ("DROP TRIGGER event_log_no_update", "DROP TRIGGER event_log_no_delete")


@pytest.fixture
def logged(tmp_path: Path) -> Runtime:
    """A base with six entries, a minute apart, the first of which tells the rule pack."""
    runtime, _ = open_runtime(Settings(tmp_path, f"sqlite:///{tmp_path / 'matchhub.db'}", "a key for tests only"))
    runtime.clock = clock = Clock()
    with runtime.unit(SYSTEM):
        pass
    for number in range(5):
        with runtime.unit(SYSTEM) as unit:
            append_event(unit, "demand.posted", "demands", number + 1, words=number)
        clock.forward(timedelta(minutes=1))
    return runtime


def tampered(runtime: Runtime, *statements: str) -> tuple[bool, int | None]:
    """Verdict of the check after somebody with the database file in hands did this."""
    with runtime.engine.begin() as connection:
        for statement in (*_UNLOCKED, *statements):
            connection.exec_driver_sql(statement)
    with runtime.unit(SYSTEM, write=False) as unit:
        check = verify_log(unit)
    return check.valid, check.first_bad


def test_an_untouched_log_is_whole(logged: Runtime) -> None:
    with logged.unit(SYSTEM, write=False) as unit:
        assert verify_log(unit).valid
        assert verify_log(unit).entries == 6


@pytest.mark.parametrize("statement", ["UPDATE event_log SET payload = '{}'", "DELETE FROM event_log WHERE id = 3"])
def test_the_database_itself_refuses_to_change_the_log(logged: Runtime, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), logged.engine.begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE event_log SET payload = '{}'", "DELETE FROM event_log", "TRUNCATE event_log CASCADE"]
)
def test_postgres_refuses_to_change_the_log_too(tmp_path: Path, postgres_url: str, statement: str) -> None:
    runtime, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    with runtime.unit(SYSTEM) as unit:
        append_event(unit, "demand.posted", "demands", 1)
    with pytest.raises(DatabaseError, match="append-only"), runtime.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    runtime.close()


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE event_log SET payload = '{\"words\":9}' WHERE id = 4", 4),
        ("UPDATE event_log SET actor = 'account:1' WHERE id = 2", 2),
        ("UPDATE event_log SET verb = 'demand.verified' WHERE id = 5", 5),
        ("UPDATE event_log SET subject_id = 77 WHERE id = 3", 3),
        ("UPDATE event_log SET recorded_at = '2020-01-01 00:00:00.000000' WHERE id = 6", 6),
        ("UPDATE event_log SET appended_at = '2020-01-01 00:00:00.000000' WHERE id = 6", 6),
        ("DELETE FROM event_log WHERE id = 3", 4),
        ("DELETE FROM event_log WHERE id = 1", 2),
    ],
)
def test_a_changed_log_is_found_and_its_first_bad_entry_named(logged: Runtime, statement: str, first_bad: int) -> None:
    assert tampered(logged, statement) == (False, first_bad)


def rehash(runtime: Runtime, start: int) -> None:
    """What a clever forger does: change an entry and compute every hash after it anew."""
    with runtime.engine.begin() as connection:
        for statement in _UNLOCKED:
            connection.exec_driver_sql(statement)
    with runtime.unit(SYSTEM) as unit:
        from matchhub.db.tables import LogEntry

        entries = unit.session.execute(sa.select(LogEntry).order_by(LogEntry.id)).scalars().all()
        for before, entry in pairwise(entries):
            if entry.id >= start:
                entry.payload = '{"words":99}' if entry.id == start else entry.payload
                entry.previous_hash = before.hash
                entry.hash = entry_hash(before.hash, entry)


def test_a_log_hashed_anew_passes_alone_but_not_against_a_checkpoint_kept_outside(logged: Runtime) -> None:
    with logged.unit(SYSTEM, write=False) as unit:
        kept = end_of_chain(unit)
    rehash(logged, 3)
    with logged.unit(SYSTEM, write=False) as unit:
        assert verify_log(unit).valid
        assert not verify_log(unit, [kept]).valid


def test_a_log_cut_short_is_found_by_the_checkpoint(logged: Runtime) -> None:
    with logged.unit(SYSTEM, write=False) as unit:
        kept = end_of_chain(unit)
    assert tampered(logged, "DELETE FROM event_log WHERE id > 4") == (True, None)
    with logged.unit(SYSTEM, write=False) as unit:
        check = verify_log(unit, [kept])
    assert (check.valid, check.first_bad) == (False, 6)


def test_entries_added_after_a_checkpoint_leave_it_valid(logged: Runtime) -> None:
    with logged.unit(SYSTEM, write=False) as unit:
        kept = end_of_chain(unit)
    with logged.unit(SYSTEM) as unit:
        append_event(unit, "demand.posted", "demands", 7)
    with logged.unit(SYSTEM, write=False) as unit:
        assert verify_log(unit, [kept]).valid


def append_after(runtime: Runtime, *spans: timedelta) -> tuple[bool, list[tuple[int, float]]]:
    """Verdict and signs after one entry each with the clock moved so."""
    for span in spans:
        runtime.clock.forward(span)  # type: ignore[attr-defined]
        with runtime.unit(SYSTEM) as unit:
            append_event(unit, "demand.posted", "demands", 9)
    with runtime.unit(SYSTEM, write=False) as unit:
        check = verify_log(unit)
    return check.valid, [(sign["entry"], sign["seconds"]) for sign in check.signs]


@pytest.mark.parametrize(
    ("back", "told"),
    [(timedelta(milliseconds=499), False), (timedelta(milliseconds=500), True), (timedelta(milliseconds=501), True)],
)
def test_a_clock_set_back_is_a_sign_and_no_tampering(logged: Runtime, back: timedelta, told: bool) -> None:
    valid, signs = append_after(logged, timedelta(), -back)
    assert valid
    assert signs == ([(8, back.total_seconds())] if told else [])


def test_an_entry_of_a_unit_that_began_earlier_is_no_sign(logged: Runtime) -> None:
    with logged.unit(SYSTEM, write=False) as reading:
        began = reading.now
    logged.clock.forward(timedelta(minutes=1))  # type: ignore[attr-defined]
    with logged.unit(SYSTEM) as unit:
        append_event(unit, "demand.posted", "demands", 8)
        append_event(replace(unit, now=began), "import.finished", "patents", 1)
    assert append_after(logged, timedelta()) == (True, [])
