"""Nothing about a city stands in code: another city's measure is another rule pack, not another program."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from matchhub.policy.files import files_of, written
from tests.machine import ROOT
from tests.structure.sources import Module, modules, tracked_texts

PACKS = sorted((ROOT / "matchhub" / "policy").glob("*.toml"))
# The demo is a story that plays in one city.
A_STORY = "matchhub.demo"
PAGES = ("web/", "matchhub/wording/")


def words_of(pack: Path) -> set[str]:
    """Every code and name a pack gives its place: regions also without 省, 市, 县, codes also by their prefecture."""
    local = written(pack.stem, files_of(pack.stem)).raw["local"]
    codes = {part for code in local["divisions"] for part in (code, code[:4])}
    regions = {part for region in local["regions"] for part in (region, region[:-1])}
    named = {local["name_zh"], local["name_en"], local["time_zone"], *local["names"], *local["towns"]}
    return codes | regions | named | set(local["neighbours"])


@cache
def spoken(pack: Path) -> re.Pattern[str]:
    """The words of a pack; a code only where it is no part of a longer number."""
    words = sorted(words_of(pack), key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\d){each}" if each.isdigit() else re.escape(each) for each in words))


def found_in(text: str, pack: Path) -> list[str]:
    """Words of a place in ``text``, each with its line."""
    word = spoken(pack)
    lines = enumerate(text.splitlines(), 1)
    return [f"{number}: {match.group()}" for number, line in lines for match in word.finditer(line)]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_no_code_names_a_place_of_a_pack(pack: Path) -> None:
    sources = [module for module in modules() if not module.name.startswith(A_STORY)]
    assert [f"{module.path}:{hit}" for module in sources for hit in found_in(module.text, pack)] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_no_page_and_no_sentence_names_the_city_of_a_pack(pack: Path) -> None:
    local = written(pack.stem, files_of(pack.stem)).raw["local"]
    words = (*local["divisions"], *local["names"], local["name_en"])
    found = [
        f"{name}: {word}"
        for name, text in tracked_texts()
        if name.startswith(PAGES) and not name.startswith("web/static/vendor/") and not name.endswith("demo.toml")
        for word in words
        if word in text
    ]
    assert found == []


def test_only_the_calendar_makes_a_time_zone() -> None:
    made = re.compile(r"\b(?:ZoneInfo|timezone)\(")
    sources = [module for module in modules() if module.name != "matchhub.domain.calendar"]
    assert [module.path for module in sources if made.search(module.text)] == []


@pytest.mark.parametrize("text", [
    'LOCAL = "350582"', 'division.startswith("3505")', 'if "晋江" in address:', '"""A firm of 福建省."""', 'TOWNS = ("陈埭",)',
    'timezone="Asia/Shanghai"', "# Jinjiang's clock",
])  # fmt: skip
def test_a_place_in_code_is_found(text: str) -> None:
    assert found_in(Module("matchhub.x", text).text, ROOT / "matchhub" / "policy" / "jinjiang-2023-6.toml")


@pytest.mark.parametrize("text", ['DEFAULT_POLICY = "jinjiang-2023-6"', "SALT = 913505820", "rules.divisions"])
def test_other_text_names_no_place(text: str) -> None:
    assert found_in(text, ROOT / "matchhub" / "policy" / "jinjiang-2023-6.toml") == []
