"""P22: making or upgrading a base, killed at any moment, leaves the old schema or the new one, never one between."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

from matchhub.db import schema
from matchhub.db.comparing import first_difference
from matchhub.db.engine import make_engine
from matchhub.services.kernel.backup import fault_of
from tests.faults.service import COMMAND, Installation, wait_for
from tests.machine import cases


def test_a_killed_init_leaves_nothing_or_all(tmp_path: Path) -> None:
    chance = random.Random(22)
    for number in range(cases(3, 50)):
        home = tmp_path / str(number)
        base = home / "matchhub.db"
        service = Installation(home, f"sqlite:///{base}")
        process = subprocess.Popen([*COMMAND, "init"], env=service.environment, stderr=subprocess.DEVNULL)
        journal = home / "matchhub.db-wal"
        wait_for(lambda journal=journal, process=process: journal.exists() or process.poll() is not None, "it writes")  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.4))  # the moment of the kill is what is tried
        process.kill()
        process.wait()
        engine = make_engine(service.url)
        found = schema.current(engine)
        assert found in (None, schema.head())
        assert fault_of(base) == ""
        if found is None:
            with engine.connect() as connection:
                tables = connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars().all()
            assert tables == [], "no table of a base that was not made"
            assert schema.upgrade(engine), "the next one makes it"
        assert first_difference(engine) == ""
        engine.dispose()
