"""The load of the promise (PROMISES.md P21): nothing fails, and no process grows beyond its memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import run
from bench.load import at


def test_a_share_of_the_times_is_the_time_that_so_many_do_not_exceed() -> None:
    times = [float(each) for each in range(1, 101)]
    assert (at(times, 0.5), at(times, 0.99), at(times, 1), at([], 0.5)) == (51, 100, 100, 0)


@pytest.mark.long
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_many_people_at_once_meet_no_error(database: str, tmp_path: Path) -> None:
    """One run of the benchmark over the whole demo city; how fast it is depends on the machine and is only printed."""
    command = [sys.executable, "-m", "bench.load", "--database", database, "--clients", "64", "--seconds", "60"]
    command += ["--base", str(tmp_path)]
    done = subprocess.run(command, cwd=run.ROOT, capture_output=True, text=True, timeout=3600)
    assert done.returncode == 0, done.stdout + done.stderr
