"""The labels: every group is asked for, Chinese ones have Chinese punctuation, and the catalogue is their only home."""

from __future__ import annotations

import re

import pytest

from matchhub.wording import labels
from tests.machine import ROOT
from tests.structure.codes import strings
from tests.structure.sources import modules, tracked_texts

HALF_WIDTH = re.compile(r"[,;:!?()]")


def has_half_width(text: str) -> bool:
    """Whether a Chinese label has punctuation that belongs between Latin letters."""
    return bool(HALF_WIDTH.search(text))


def test_every_group_is_asked_for() -> None:
    written = {text for module in modules() if module.name != "matchhub.wording" for text in strings(module)}
    pages = "\n".join(text for name, text in tracked_texts() if name.startswith("web/") and name.endswith(".html"))
    in_pages = set(re.findall(r"[\"']([a-z0-9_]+)[\"']", pages))
    assert labels().keys() - written - in_pages == set()


def test_chinese_labels_have_full_width_punctuation() -> None:
    told = {f"{group}.{key}": entry["zh"] for group, entries in labels().items() for key, entry in entries.items()}
    assert {place: text for place, text in told.items() if has_half_width(text)} == {}


@pytest.mark.parametrize(
    ("text", "half"), [("转移(登记)", True), ("转移（登记）", False), ("A,B", True), ("A、B", False)]
)
def test_half_width_punctuation_is_found(text: str, half: bool) -> None:
    assert has_half_width(text) is half


def test_sentences_and_labels_lie_in_the_catalogue_only() -> None:
    """A second folder of words would have a second loader and no checks; a rule pack quotes the law it comes from."""
    shown = re.compile(r"^\s*(?:\"?[\w.]+\"? = \{ )?zh = \"", re.MULTILINE)
    paths = [path for package in ("matchhub", "web") for path in (ROOT / package).rglob("*.toml")]
    outside = [
        path for path in paths if not {"wording", "policy"} & set(path.parts) and shown.search(path.read_text("utf-8"))
    ]
    assert outside == []
