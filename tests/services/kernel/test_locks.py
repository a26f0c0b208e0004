"""Locks between processes: one holder at a time, freed by a death, taken in turn; with the system's locks and without."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from filelock import SoftFileLock

from matchhub.services.kernel import locks
from matchhub.services.kernel.locks import held, held_in_turn
from tests.machine import ROOT

HOLD = "with locks.held(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()"
GREEDY = """
while True:
    with locks.held_in_turn(Path(sys.argv[1])):
        with open(sys.argv[2], "a") as rounds:
            rounds.write("x")
        time.sleep(0.005)
"""


@pytest.fixture(params=[True, False], ids=["system locks", "lock files"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the system has locks; where it has none, filelock's own choice is a file with the holder's number."""
    if not request.param:
        monkeypatch.setattr(locks, "HAS_SYSTEM_LOCKS", False)
        monkeypatch.setattr(locks, "FileLock", SoftFileLock)
    return bool(request.param)


def other(body: str, system: bool, *arguments: Path) -> subprocess.Popen[str]:
    """Another process that runs ``body``."""
    begin = "import sys, time\nfrom pathlib import Path\nfrom matchhub.services.kernel import locks\n"
    if not system:
        begin += "import filelock\nlocks.HAS_SYSTEM_LOCKS = False\nlocks.FileLock = filelock.SoftFileLock\n"
    return subprocess.Popen(
        [sys.executable, "-c", begin + body, *map(str, arguments)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def holder(tmp_path: Path, system: bool) -> Iterator[subprocess.Popen[str]]:
    with other(HOLD, system, tmp_path / "lock") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def is_free(file: Path) -> bool:
    with held(file, wait=False) as mine:
        return mine


def test_what_another_process_holds_is_not_free(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    assert not is_free(tmp_path / "lock")


def test_a_lock_is_free_again_after_its_block(tmp_path: Path, system: bool) -> None:
    with held(tmp_path / "lock"):
        pass
    assert is_free(tmp_path / "lock")
    assert is_free(tmp_path / "lock")


def test_a_lock_is_free_again_after_a_fault_in_its_block(tmp_path: Path, system: bool) -> None:
    with pytest.raises(ZeroDivisionError), held(tmp_path / "lock"):
        _ = 1 / 0
    assert is_free(tmp_path / "lock")


def test_a_killed_holder_frees_its_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    with held(tmp_path / "lock") as mine:
        assert mine


def test_one_who_waits_gets_the_lock_when_it_is_freed(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    got = threading.Event()

    def wait() -> None:
        with held(tmp_path / "lock"):
            got.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not got.wait(0.2)
    assert holder.stdin is not None
    holder.stdin.close()
    assert got.wait(10)
    thread.join()


def test_whoever_frees_a_lock_in_turn_goes_behind_those_who_wait(tmp_path: Path) -> None:
    lock, rounds = tmp_path / "write.lock", tmp_path / "rounds"
    with other(GREEDY, True, lock, rounds) as greedy:
        try:
            while not rounds.exists():
                time.sleep(0.01)
            seen = []
            for _ in range(15):
                with held_in_turn(lock):
                    seen.append(rounds.stat().st_size)
                    time.sleep(0.005)
        finally:
            greedy.kill()
    # Between two turns of this process the other one has its own: neither keeps the lock to itself.
    assert 1 <= median(later - earlier for earlier, later in pairwise(seen)) <= 2
