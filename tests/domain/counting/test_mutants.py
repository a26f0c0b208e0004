"""Every rule removed once must break a test: a run without the force of one code, for each code that has force.

The long run removes each of them; the ordinary one a few, so that the removing itself keeps working.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.machine import ROOT, is_long_run

TESTS = ["tests/domain/counting", "tests/domain", "--ignore=tests/domain/counting/test_mutants.py"]
ORDINARY = ["duplicate_record", "recorded_late", "parties_affiliated", "payment_token"]


def _run(**variables: str) -> subprocess.CompletedProcess[str]:
    """The tests of the rules in a process of their own, up to the first that fails."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.domain.counting.mutants",
        *TESTS,
    ]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "MATCHHUB_TEST_LONG"))
    }
    return subprocess.run(
        command, cwd=ROOT, env={**environment, **variables}, capture_output=True, text=True, check=False
    )


def _survives(code: str) -> bool:
    """Whether no test misses the rule of that code; a run that breaks down otherwise says nothing."""
    done = _run(MATCHHUB_MUTANT=code)
    assert done.returncode in (0, 1), done.stdout[-2000:] + done.stderr[-2000:]
    return done.returncode == 0


def test_every_rule_that_is_removed_breaks_a_test(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    whole = _run(MATCHHUB_MUTANTS_SEEN=str(seen))
    assert whole.returncode == 0, whole.stdout[-2000:]
    codes = seen.read_text(encoding="utf-8").split()
    assert set(ORDINARY) <= set(codes)
    tried = codes if is_long_run() else ORDINARY
    with ThreadPoolExecutor(2) as pool:
        survivors = [code for code, survived in zip(tried, pool.map(_survives, tried), strict=True) if survived]
    assert survivors == []


def test_a_code_that_no_rule_gives_is_missed_by_no_test() -> None:
    assert _survives("no_rule_gives_this_code")
