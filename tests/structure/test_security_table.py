"""The tables of ``docs/security.md``: complete, and every test they name exists."""

from __future__ import annotations

import re
from pathlib import Path

from tests.machine import ROOT

DOCUMENT = ROOT / "docs" / "security.md"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
NUMBER = re.compile(r"\d+\.\d+\.\d+")
# Requirements of levels 1 and 2 by chapter, as OWASP counts them in ASVS 5.0.0.
BY_CHAPTER = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13,
              16: 16, 17: 7}  # fmt: skip


def rows() -> list[tuple[str, str, str]]:
    return [row for row in ROW.findall(DOCUMENT.read_text("utf-8")) if row[0] not in ("number", "control", "---")]


def test_every_requirement_of_the_second_level_has_one_row() -> None:
    numbers = [first for first, _, _ in rows() if NUMBER.fullmatch(first)]
    assert len(numbers) == len(set(numbers)) == sum(BY_CHAPTER.values())
    found = {chapter: sum(number.startswith(f"{chapter}.") for number in numbers) for chapter in BY_CHAPTER}
    assert found == BY_CHAPTER
    assert sum(not NUMBER.fullmatch(first) for first, _, _ in rows()) >= 25  # 等保2.0


def test_every_row_names_a_test_that_exists_a_document_or_a_reason() -> None:
    known = set[str]()
    for file in (ROOT / "tests").rglob("test_*.py"):
        known.update(re.findall(r"def (test_\w+)\(", file.read_text("utf-8")))
    faults = []
    for first, _, how in rows():
        named = re.findall(r"`(test_\w+)`", how)
        faults += [f"{first}: no test {name}" for name in named if name not in known]
        reason = how.partition(":")[2].strip() if how.startswith(("not applicable:", "open:", "documented:")) else ""
        if not named and len(reason) < 12:
            faults.append(f"{first}: neither a test nor a reason")
        for target in re.findall(r"\]\(([^)#]+)", how):
            if not (Path(DOCUMENT).parent / target).exists():
                faults.append(f"{first}: no document {target}")
    assert faults == []
