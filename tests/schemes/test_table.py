"""docs/schemes.md: thirty schemes, each with a code that is spoken and a test that is there."""

from __future__ import annotations

import ast
import re

import pytest

from matchhub.wording import codes
from tests.machine import ROOT

TABLE = (ROOT / "docs" / "schemes.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if re.match(r"\| \d", line)
]


def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_scheme_has_its_row() -> None:
    assert [int(row[0]) for row in ROWS] == list(range(1, 31))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_its_codes_are_spoken_and_its_test_is_there(row: list[str]) -> None:
    _, scheme, answer, told, tests = row
    assert scheme and answer.startswith(("stopped", "shown", "a correction"))
    named = re.findall(r"`([a-z_]+)`", told)
    assert named and set(named) <= codes()
    played = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", tests)
    assert played and all(name in functions(path) for path, name in played)
