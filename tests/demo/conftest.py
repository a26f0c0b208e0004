"""The small demo city, loaded once for all tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from matchhub.demo import load_demo
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings


@dataclass(frozen=True)
class Loaded:
    """A loaded installation and what the loader answered."""

    runtime: Runtime
    counts: dict[str, int]


def empty(home: Path) -> Runtime:
    """An installation with an empty base."""
    runtime, _ = open_runtime(Settings(home, f"sqlite:///{home / 'matchhub.db'}", "a key for tests only"))
    return runtime


def loaded(home: Path, full: bool = False) -> Loaded:
    """An installation with the demo city."""
    runtime = empty(home)
    return Loaded(runtime, load_demo(runtime, full=full, progress=lambda text: None))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    city = loaded(tmp_path_factory.mktemp("small-city"))
    yield city
    city.runtime.close()
