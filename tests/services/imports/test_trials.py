"""A trial keeps nobody waiting and leaves nothing behind."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Enterprise
from matchhub.domain.records import Row
from matchhub.services.imports import trials
from matchhub.services.imports.batch import import_rows
from matchhub.services.imports.trials import apart
from matchhub.services.kernel.faults import StorageFull
from matchhub.services.kernel.runtime import Runtime
from tests.services.desk_base import Base, firm


def firms(runtime: Runtime) -> int:
    with runtime.unit(write=False) as unit:
        return unit.session.execute(select(func.count()).select_from(Enterprise)).scalar_one()


def test_others_write_while_a_trial_writes_and_neither_sees_the_other(base: Base, tmp_path: Path) -> None:
    base.take("enterprises", firm(1))
    written = threading.Event()

    def write() -> None:
        base.take("enterprises", firm(2))
        written.set()

    with apart(base.runtime, tmp_path / "trial") as trial:
        with trial.unit(base.people["operator"]) as unit:
            said = [firm(3), firm(4)]
            assert import_rows(unit, "enterprises", [Row(each.source, each) for each in said]).sums["created"] == 2
            threading.Thread(target=write, daemon=True).start()
            assert written.wait(60), "a trial held the line of writers"
        assert firms(trial) == 3
    assert firms(base.runtime) == 2
    assert not (tmp_path / "trial").exists()


def test_what_a_killed_trial_left_is_removed(base: Base, tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "matchhub.db").write_bytes(b"half a copy")
    with apart(base.runtime, tmp_path / "trial") as trial:
        assert firms(trial) == 0
    assert not (tmp_path / "trial").exists()


def test_a_copy_that_does_not_fit_is_refused_and_leaves_nothing(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def backup(self, _target: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        def close(self) -> None: ...

    monkeypatch.setattr(
        trials, "sqlite3", type("S", (), {"connect": lambda _: Full(), "OperationalError": sqlite3.OperationalError})
    )
    with pytest.raises(StorageFull), apart(base.runtime, tmp_path / "trial"):
        pass
    assert not (tmp_path / "trial").exists()
