"""The three short questions of a first demand (什么产品, 什么问题, 希望达到什么): what is composed of the answers, the
patterns shown beside them, and whether a demand is only such a pattern.

The patterns are data (``demand_examples.toml``), by industry of the pack; nothing here names one.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from matchhub.domain.likeness import masked_text, masked_text_similarity
from matchhub.domain.targets import measurable_targets

LONGEST_TITLE = 40
_CLAUSE = re.compile(r"[，。；！？,;!?\n]|\.(?!\d)")
_PART = re.compile(r"[，。；！？\n]")
_END = "。！？；，.!?;, \n"
_PATTERN = 0.9
"""From this likeness on a demand is a pattern with small edits: other numbers count as none (``masked_text``)."""


@dataclass(frozen=True, slots=True)
class Example:
    """One pattern in one language: an industry's key and the three answers."""

    industry: str
    language: str
    object: str
    problem: str
    wish: str


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """All patterns, in the order of the file."""
    file = resources.files("matchhub.domain").joinpath("demand_examples.toml")
    read = tomllib.loads(file.read_text("utf-8"))
    return tuple(
        Example(key, language, said["object"], said["problem"], said["wish"])
        for key, languages in read.items()
        for language, said in languages.items()
    )


def example_repeated(text: str, aim: str) -> Example | None:
    """The pattern that a demand repeats, whole or with other numbers; ``None`` for one of its firm's own words."""
    said = (masked_text(text), masked_text(f"{text}{aim}"))
    for each in examples():
        whole = f"{each.problem}{each.wish}"
        if said[0] and said[0] in (masked_text(each.problem), masked_text(whole)):
            return each
        if any(
            masked_text_similarity(one, other) >= _PATTERN
            for one, other in zip(said, (each.problem, whole), strict=True)
        ):
            return each
    return None


def proposed_title(product: str | None, problem: str | None) -> str:
    """A title of the first clause of product and problem, at most ``LONGEST_TITLE`` characters; "" of nothing."""
    parts = [_first_clause(product or ""), _first_clause(problem or "")]
    if len(parts) == 2 and parts[0] and parts[0] in parts[1]:
        parts = parts[1:]
    return "：".join(part for part in parts if part)[:LONGEST_TITLE].strip(_END)


def proposed_targets(*answers: str | None) -> str:
    """The parts of the answers that state how much, each once; "" where none does."""
    said = (part.strip() for answer in answers for part in _PART.split(answer or ""))
    return "；".join(dict.fromkeys(part for part in said if measurable_targets(part)))


def composed_text(product: str | None, problem: str | None, wish: str | None, least: int) -> str:
    """The problem as written; one of fewer than ``least`` characters together with the two other answers, as one text.

    Nothing is added that was not written: the answers are joined, each once.
    """
    said = (problem or "").strip()
    if not said or len(said) >= least:
        return said
    before, after = ((part or "").strip().strip(_END) for part in (product, wish))
    before = f"{before}：" if before and before not in said else ""
    after = f"。希望{after}。" if after and after not in said else ""
    return f"{before}{said.strip(_END)}{after}" if before or after else said


def _first_clause(text: str) -> str:
    return next((part.strip() for part in _CLAUSE.split(text) if part.strip()), "")
