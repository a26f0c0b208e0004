"""Every sentence that a page flashes is given the data that it names, so that nobody reads a question mark."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from matchhub.wording import sentence
from tests.machine import ROOT


def flashed() -> Iterator[tuple[str, str, set[str]]]:
    """Place, code and names of the data of each call of ``flash_notice`` in the web edge."""
    for file in sorted((ROOT / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "flash_notice" and node.args:
                if any(each.arg is None for each in node.keywords):
                    continue  # data that are put together elsewhere
                names = {str(each.arg) for each in node.keywords}
                yield from ((f"{file.name}:{node.lineno}", code, names) for code in codes_in(node.args[0]))


def codes_in(node: ast.expr) -> Iterator[str]:
    """Codes that an argument may be."""
    if isinstance(node, ast.IfExp):
        yield from codes_in(node.body)
        yield from codes_in(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def told(code: str, given: set[str]) -> str:
    """The sentence of a code with something for each of the names that are given: what is missing shows as ``?``."""
    data: dict[str, Any] = dict.fromkeys(given, 1)
    return sentence(code, **data)


def test_a_flashed_sentence_has_its_data() -> None:
    found = list(flashed())
    assert len(found) > 50
    lacking = [f"{place} {code}" for place, code, given in found if "?" in told(code, given)]
    assert lacking == []
