"""What this run of the tests may use: flags of ``run.py test``, the long run, the real data beside the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Fixtures by what they need, and the flag that leaves it out.
NEEDS = {
    "browser": ({"browser", "page"}, "MATCHHUB_TEST_WITHOUT_BROWSER", "--without-browser"),
    "postgres": ({"postgres_cluster", "postgres_url"}, "MATCHHUB_TEST_WITHOUT_POSTGRES", "--without-postgres"),
    "shared": ({"shared"}, None, None),
}


def is_long_run() -> bool:
    """True under ``run.py test --long``."""
    return os.environ.get("MATCHHUB_TEST_LONG") == "1"


def cases(ordinary: int, long: int) -> int:
    """How many cases to try: the first number in the ordinary run, the second in the long one."""
    return long if is_long_run() else ordinary


def shared_folder() -> Path:
    """Where the real data lie: ``MATCHHUB_SHARED``, or ``shared`` beside the project."""
    return Path(os.environ.get("MATCHHUB_SHARED") or ROOT.parent / "shared").resolve()


def mark_by_need(items: list[pytest.Item]) -> None:
    """Give each test the markers its fixtures imply, and skip what a flag left out, with the flag as the reason."""
    for item in items:
        for marker, (fixtures, variable, flag) in NEEDS.items():
            if fixtures & set(getattr(item, "fixturenames", ())):
                item.add_marker(marker)
            if item.get_closest_marker(marker) and variable and os.environ.get(variable) == "1":
                item.add_marker(pytest.mark.skip(reason=f"left out by {flag}"))
        if item.get_closest_marker("long") and not is_long_run():
            item.add_marker(pytest.mark.skip(reason="only in the long run (--long)"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data, read in place; the test is skipped where it is absent."""
    folder = shared_folder()
    if not (folder / "data").is_dir():
        pytest.skip("the real data are absent: no data/ under MATCHHUB_SHARED or ../shared")
    return folder
