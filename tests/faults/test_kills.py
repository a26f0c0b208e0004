"""P1 and P8: web and worker killed at random instants lose nothing that was acknowledged, and one worker acts."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from matchhub.db.tables import JobRun, Lease
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.kernel.backup import fault_of
from matchhub.services.kernel.jobs import LEASE, ask_job
from tests.faults.service import Installation, Writers, installed, wait_for
from tests.machine import cases, is_long_run

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found in /proc")
# A worker of the ordinary run: the real process with a lease of seconds, so that nobody waits half a minute for it.
TURNS = ("web", "worker", "web", "all", "web")
SHORT = timedelta(seconds=4)
_HURRIED = (
    "from datetime import timedelta; from matchhub import worker; from matchhub.services.kernel import jobs;"
    f"jobs.LEASE = timedelta(seconds={SHORT.total_seconds()}); worker.HEARTBEAT_SECONDS = 1;"
    "from matchhub.cli import main; main()"
)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """Processes that this one started and that live."""
    try:
        return [int(each) for each in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    except OSError:
        return []


class Victims:
    """Several web processes and a worker; each call of ``kill`` takes one of them, or all, and starts it again."""

    def __init__(self, service: Installation, processes: int) -> None:
        self.service, self.more = service, ("--processes", str(processes), "--threads", "4")
        self.worker, self.web = service.start("worker"), service.serve(*self.more)

    def kill(self, chance: random.Random, whom: str) -> None:
        if whom in ("worker", "all"):
            self.worker.kill()
            self.worker.wait()
        if whom == "all":
            orphans = children(self.web)
            self.web.kill()
            self.web.wait()
            for each in orphans:
                _kill(each)
        elif whom == "web" and (serving := children(self.web)):
            _kill(chance.choice(serving))
        if whom in ("worker", "all"):
            self.worker = self.service.start("worker")
        if whom == "all":
            self.web = self.service.serve(*self.more)

    def end(self) -> None:
        """No process of them is left."""
        orphans = children(self.web)
        self.service.end()
        for each in orphans:
            _kill(each)


def _kill(number: int) -> None:
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        return
    wait_for(lambda: _is_gone(number), "a killed process is gone")


def _is_gone(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@needs_proc
def test_kills_of_web_and_worker_lose_no_acknowledged_write(tmp_path: Path) -> None:
    chance = random.Random(16)
    with installed(tmp_path) as service:
        victims = Victims(service, cases(2, 4))
        try:
            with Writers(service, cases(4, 8)) as writers:
                for number in range(cases(4, 1000)):
                    goal = len(writers.acknowledged) + chance.randint(1, 12)
                    wait_for(lambda goal=goal: len(writers.acknowledged) >= goal, "the writers go on")  # type: ignore[misc]
                    victims.kill(chance, TURNS[number % len(TURNS)])
            assert set(writers.acknowledged) == set(writers.sent)
            assert Counter(writers.written()) == Counter(writers.sent), "each key ends exactly once"
            assert writers.events() == len(writers.sent), "no row without its entry in the log"
            assert set(writers.statuses) <= {0, 302}
        finally:
            victims.end()
        runtime = service.runtime()
        with runtime.unit(write=False) as unit:
            assert audit_base(unit).valid
        runtime.close()
        assert fault_of(tmp_path / "matchhub.db") == ""


def started_worker(service: Installation) -> subprocess.Popen[bytes]:
    """A worker that has opened the base: it is known as running."""
    if is_long_run():
        process = service.start("worker")
    else:
        process = subprocess.Popen(
            [sys.executable, "-c", _HURRIED, "worker"], env=service.environment, cwd=service.home
        )
        service.processes.append(process)
    lock = service.home / "running" / f"worker-{process.pid}.lock"
    wait_for(lock.exists, "the worker has opened the base")
    return process


def test_one_worker_acts_and_a_killed_one_is_followed(tmp_path: Path) -> None:
    most = (LEASE if is_long_run() else SHORT) + timedelta(seconds=5)
    with installed(tmp_path) as service:
        runtime = service.runtime()

        def holder() -> str:
            with runtime.unit(write=False) as unit:
                return unit.session.scalar(sa.select(Lease.holder)) or ""

        def renewals(number: int) -> set[str]:
            """Who led while the lease was renewed so many times."""
            seen: dict[object, str] = {}

            def look() -> bool:
                with runtime.unit(write=False) as unit:
                    lease = unit.session.execute(sa.select(Lease.seen_at, Lease.holder)).one()
                seen[lease[0]] = lease[1]
                return len(seen) > number

            wait_for(look, "the lease is renewed")
            return set(seen.values())

        def runs(job: str) -> list[str]:
            with runtime.unit(write=False) as unit:
                return list(
                    unit.session.scalars(sa.select(JobRun.tick).where(JobRun.job == job, JobRun.tick.like("asked%")))
                )

        leader = started_worker(service)
        wait_for(lambda: holder() != "", "somebody leads")
        for number in range(cases(1, 20)):
            led = holder()
            follower = started_worker(service)
            with runtime.unit() as unit:
                ask_job(unit, "forget")
            asked = len(runs("forget"))
            wait_for(lambda asked=asked: len(runs("forget")) > asked, "what was asked for is done")  # type: ignore[misc]
            assert renewals(4) == {led}, "who leads goes on leading while it lives"
            leader.kill()
            leader.wait()
            wait_for(lambda led=led: holder() != led, "the other takes over", most.total_seconds())  # type: ignore[misc]
            leader = follower
            assert len(runs("forget")) == number + 1, "asked for once, done once"
        runtime.close()
