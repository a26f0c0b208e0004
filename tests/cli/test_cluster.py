"""``MATCHHUB_DASK``: the command matches on a real scheduler and two worker processes, and without them when they fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import run
from tests.cli.test_serving import free_port
from tests.machine import ROOT
from tests.services.small_city import opened_copy

pytest.importorskip("distributed", reason="the extra scale is not installed")
pytestmark = pytest.mark.long

Process = subprocess.Popen[bytes]


@contextmanager
def _process(*words: str, path: Path = ROOT) -> Iterator[Process]:
    command = [sys.executable, "-m", "dask", *words]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(path)}, stdout=quiet, stderr=quiet)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _worker(address: str, path: Path = ROOT) -> Any:
    words = ("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    return _process(*words, "--local-directory", "/tmp", path=path)


@contextmanager
def _scheduler() -> Iterator[tuple[Process, str]]:
    port = free_port()
    words = ("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show")
    with _process(*words) as process:
        yield process, f"tcp://127.0.0.1:{port}"


def _until_workers(home: Path, address: str, wanted: int) -> None:
    for _ in range(30):
        told = json.loads(run(home, "doctor", "--json", MATCHHUB_DASK=address).stdout)
        check = next(each for each in told["checks"] if each["name"] == "cluster")
        if check["ok"] and check["data"]["workers"] == wanted:
            return
        time.sleep(1)
    raise AssertionError(f"{wanted} workers did not come")


def _matched(home: Path, **environment: str) -> tuple[dict[str, Any], str]:
    """What a run of all demands says, without its time and where it ran, with all its pairs; standard error."""
    done = run(home, "match", "--json", MATCHHUB_LANG="en", **environment)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    del told["seconds"]
    return told, done.stderr


def _one(home: Path, **environment: str) -> Any:
    done = run(home, "match", "--demand", "1", "--json", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _forget_index(home: Path) -> dict[str, bytes]:
    """The files of the index, which is thrown away."""
    held = {file.name: file.read_bytes() for file in (home / "index" / "patents").glob("*.npy")}
    shutil.rmtree(home / "index")
    return held


@pytest.fixture
def home(built_city: Path, tmp_path: Path) -> Iterator[Path]:
    """The home of a city with three open demands today."""
    with opened_copy(built_city, tmp_path / "home") as city:
        city.clock.now = datetime.now(UTC)
        day = city.clock.now.date()
        for title in ("运动鞋鞋底开胶", "拉链头装不准", "雨伞骨架生锈"):
            city.post(
                title=title, text=f"{title}，请帮忙。", authorised_on=day, valid_until_on=day + timedelta(days=90)
            )
        yield city.runtime.home


def test_the_command_matches_on_a_cluster_and_goes_on_when_a_worker_and_the_scheduler_are_lost(home: Path) -> None:
    plain, _ = _matched(home)
    one, index = _one(home), _forget_index(home)
    with _scheduler() as (scheduler, address), _worker(address) as worker, _worker(address):
        _until_workers(home, address, 2)
        told, _ = _matched(home, MATCHHUB_DASK=address)
        assert told == plain | {"cluster": "cluster_used"}
        assert _one(home, MATCHHUB_DASK=address) == one
        assert _forget_index(home) == index
        worker.kill()
        told, said = _matched(home, MATCHHUB_DASK=address)  # builds the index again, too
        assert told == plain | {"cluster": "cluster_used"} and not said
        scheduler.kill()
        told, said = _matched(home, MATCHHUB_DASK=address)
        assert told == plain | {"cluster": "cluster_unreachable"}
        assert address in said and "did the matching itself" in said and "Traceback" not in said
        assert _one(home, MATCHHUB_DASK=address) == one


def test_a_cluster_of_another_version_is_told_and_not_used(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for name in ("recommender", "matchhub"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "recommender" / "weighting.py").open("a", encoding="utf-8") as source:
        source.write("\nLEAST_IDF = 0.2\n")
    plain, _ = _matched(home)
    with _scheduler() as (_, address), _worker(address, other):
        for _ in range(30):
            told, said = _matched(home, MATCHHUB_DASK=address)
            if told["cluster"] == "cluster_other_version":
                break
        assert told == plain | {"cluster": "cluster_other_version"}
        assert "of another version" in said and "recommender" in said
