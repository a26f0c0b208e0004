"""Every threshold of the shipped pack has its counter (``count_<kind>``), which cites the clause it counts for."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from tests.machine import ROOT
from tests.structure.sources import modules
from tests.structure.test_shape import functions

PACKS = sorted((ROOT / "matchhub" / "policy").glob("jinjiang-2023-6.toml"))


def thresholds(pack: Path) -> list[tuple[str, str]]:
    """Counter and clause of each threshold of a pack."""
    goals = tomllib.loads(pack.read_text(encoding="utf-8"))["goals"]
    return [(threshold["counter"], goal["clause"]) for goal in goals for threshold in goal["thresholds"]]


def counters() -> dict[str, str]:
    """Public functions of the counting package and their docstrings."""
    return {
        node.name: ast.get_docstring(node) or ""
        for module in modules()
        if module.name.startswith("matchhub.domain.counting")
        for node in functions(module)
    }


def test_there_is_a_rule_pack() -> None:
    assert PACKS


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_every_threshold_has_a_counter_that_begins_with_its_clause(pack: Path) -> None:
    uncited = [key for key, clause in thresholds(pack) if not counters().get(f"count_{key}", "").startswith(clause)]
    assert uncited == []
