"""The shipped engine keeps what it acknowledged: its settings, its times and its money."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from matchhub.db.engine import READ_ONLY, make_engine
from matchhub.db.types import UtcDateTime, Yuan
from matchhub.errors import SettingInvalid
from matchhub.services.kernel.jobs import begin_tick
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM


def opened(tmp_path: Path, url: str | None = None) -> Runtime:
    settings = Settings(tmp_path, url or f"sqlite:///{tmp_path / 'matchhub.db'}", "a key for tests only")
    return open_runtime(settings)[0]


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)]
)
def test_every_pooled_sqlite_connection_is_set_to_keep_what_it_acknowledged(
    tmp_path: Path, pragma: str, value: object
) -> None:
    runtime = opened(tmp_path)
    reading = {READ_ONLY: True}  # three writing ones at once would wait for each other, as they should
    connections = [runtime.engine.connect().execution_options(**reading) for _ in range(3)]
    assert [each.exec_driver_sql(f"PRAGMA {pragma}").scalar() for each in connections] == [value] * 3
    for each in connections:
        each.close()


def test_a_writing_unit_takes_the_write_lock_at_its_beginning(tmp_path: Path) -> None:
    """Two units that each read, think and write must not lose an update: the second waits for the first."""
    runtime = opened(tmp_path)
    seen: list[str] = []

    def work() -> None:
        with runtime.unit(SYSTEM) as unit:
            count = unit.session.execute(sa.text("SELECT count(*) FROM attempts")).scalar() or 0
            unit.session.execute(
                sa.text("INSERT INTO attempts (bucket, at) VALUES (:bucket, :at)"),
                {"bucket": f"n{count}", "at": "2025-01-01 00:00:00.000000"},
            )
            seen.append(f"n{count}")

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen, key=lambda name: int(name[1:])) == [f"n{number}" for number in range(12)]


def test_a_reading_unit_writes_nothing_even_when_it_tries(tmp_path: Path) -> None:
    runtime = opened(tmp_path)
    with runtime.unit(SYSTEM, write=False) as unit:
        begin_tick(unit, "match")
    with runtime.unit(SYSTEM, write=False) as unit:
        assert unit.session.execute(sa.text("SELECT count(*) FROM job_runs")).scalar() == 0


def test_a_unit_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    runtime = opened(tmp_path)
    with pytest.raises(ZeroDivisionError), runtime.unit(SYSTEM) as unit:
        begin_tick(unit, "match")
        raise ZeroDivisionError
    with runtime.unit(SYSTEM, write=False) as unit:
        assert unit.session.execute(sa.text("SELECT count(*) FROM job_runs")).scalar() == 0


@pytest.mark.parametrize("url", ["", "mysql://x/y", "nonsense", "file:///x"])
def test_another_database_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        make_engine(url)
    assert refused.value.code == "database_url_invalid"


def test_moments_come_back_aware_and_in_utc() -> None:
    kind = UtcDateTime()
    noon_in_china = datetime(2025, 1, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    stored = kind.process_bind_param(noon_in_china, None)
    assert stored == datetime(2025, 1, 1, 4)
    assert kind.process_result_value(stored, None) == datetime(2025, 1, 1, 4, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2025, 1, 1), None)


@pytest.mark.parametrize("amount", ["0.01", "0.10", "12345678901.99", "-3.50"])
def test_money_goes_in_and_out_to_the_fen(amount: str) -> None:
    kind = Yuan()
    assert kind.process_result_value(kind.process_bind_param(Decimal(amount), None), None) == Decimal(amount)


def test_money_is_never_a_float() -> None:
    with pytest.raises(TypeError):
        Yuan().process_bind_param(0.1, None)  # type: ignore[arg-type]


def test_a_broken_reference_is_refused_by_sqlite_itself(tmp_path: Path) -> None:
    runtime = opened(tmp_path)
    with pytest.raises((sa.exc.IntegrityError, StatementError)), runtime.unit(SYSTEM) as unit:
        unit.session.execute(
            sa.text("INSERT INTO patent_aliases (patent_id, value, recorded_at) VALUES (99, 'CN1A', :on)"),
            {"on": str(date(2025, 1, 1))},
        )
