"""Stages of maturity (成熟度), as ``maturity.toml`` names them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the key of its words, its place from 1, how many there are, its levels of technology readiness."""

    key: str
    place: int
    of: int
    first_level: int
    last_level: int


@lru_cache(maxsize=1)
def stages() -> tuple[Stage, ...]:
    """Every stage, the least mature first."""
    text = resources.files("matchhub.domain").joinpath("maturity.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)["stages"]
    return tuple(Stage(each["key"], at, len(read), *each["levels"]) for at, each in enumerate(read, 1))


def stage_of(key: str | None) -> Stage | None:
    """The stage with this key."""
    return next((each for each in stages() if each.key == key), None)
