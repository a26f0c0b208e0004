"""P1 and P8: web and worker killed at random instants lose nothing that was acknowledged, and one worker acts."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from matchhub.db.tables import JobRun
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.kernel.backup import fault_of
from tests.faults.service import Writers, installed, wait_for
from tests.machine import cases


def test_kills_of_web_and_worker_lose_no_acknowledged_write(tmp_path: Path) -> None:
    chance = random.Random(16)
    with installed(tmp_path) as service:
        worker, web = service.start("worker"), service.serve()
        with Writers(service, 4) as writers:
            for _ in range(cases(3, 200)):
                before = len(writers.acknowledged)
                goal = before + chance.randint(1, 12)
                wait_for(lambda goal=goal: len(writers.acknowledged) >= goal, "the writers go on")  # type: ignore[misc]
                for process in (web, worker):
                    process.kill()
                    process.wait()
                worker, web = service.start("worker"), service.serve()
        assert set(writers.acknowledged) == set(writers.sent)
        assert Counter(writers.written()) == Counter(writers.sent), "each key ends exactly once"
        assert writers.events() == len(writers.sent), "no row without its entry in the log"
        assert set(writers.statuses) <= {0, 302}
        web.kill()
        worker.kill()
        runtime = service.runtime()
        with runtime.unit(write=False) as unit:
            assert audit_base(unit).valid
            runs = unit.session.execute(sa.select(JobRun.job, JobRun.tick)).all()
            assert len(runs) == len(set(runs)), "each tick once"
        runtime.close()
        assert fault_of(tmp_path / "matchhub.db") == ""
