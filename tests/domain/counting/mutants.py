"""One rule without force: a plugin that lets a reason, finding or signal of one code be made as if its rule were gone.

``MATCHHUB_MUTANT`` names the code. A refusal of that code counts, a flag becomes a tick, a fault, a finding, a check
that failed and a signal are not told. ``MATCHHUB_MUTANTS_SEEN`` names a file instead that takes every code that has force.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matchhub.domain.counting.atoms import Reason
from matchhub.domain.counting.signals import Signal
from matchhub.domain.deals import Finding
from matchhub.domain.evidence import Fault
from matchhub.domain.licensing import Check

FORCE = {"not_literal", "not_strict", "flagged"}
_seen: set[str] = set()


def _weakened(
    make: Callable[..., None], weaken: Callable[[Any], None], has_force: Callable[[Any], bool], mutant: str | None
) -> Callable[..., None]:
    def made(self: Any, *given: Any, **named: Any) -> None:
        make(self, *given, **named)
        if has_force(self):
            _seen.add(self.code)
            if self.code == mutant:
                weaken(self)

    return made


def _as_passed(reason: Any) -> None:
    object.__setattr__(reason, "effect", "counts")


def _renamed(told: Any) -> None:
    object.__setattr__(told, "code", f"{told.code}_of_a_mutant")


def _fine(check: Any) -> None:
    object.__setattr__(check, "level", "ok")


def _milder(finding: Any) -> None:
    if finding.level == "blocks":
        object.__setattr__(finding, "level", "warns")
    else:
        _renamed(finding)


def pytest_configure() -> None:
    mutant = os.environ.get("MATCHHUB_MUTANT")
    for kind, weaken, has_force in (
        (Reason, _as_passed, lambda reason: reason.effect in FORCE),
        (Check, _fine, lambda check: check.level != "ok"),
        (Fault, _renamed, lambda fault: True),
        (Finding, _milder, lambda finding: True),
        (Signal, _renamed, lambda signal: True),
    ):
        kind.__init__ = _weakened(kind.__init__, weaken, has_force, mutant)  # type: ignore[method-assign]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if kept := os.environ.get("MATCHHUB_MUTANTS_SEEN"):
        Path(kept).write_text("\n".join(sorted(_seen)), encoding="utf-8")
