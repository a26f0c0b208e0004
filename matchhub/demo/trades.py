"""The texts of the demo city: trades with their topics, speech and syllables of names, kept as data in ``texts/``.

A sentence may hold ``{word}`` (one of the topic's words, the same throughout one text) and ``{30-60}`` (a number).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from random import Random
from typing import Any

TRADES = ("shoes", "apparel", "food", "umbrellas", "zippers", "sanitary", "ceramics", "machinery")
_SLOT = re.compile(r"\{(?:(\d+)-(\d+)|(\w+))\}")


@dataclass(frozen=True, slots=True)
class Topic:
    """One technical subject of a trade: what patents say of it and how people in the workshop complain about it."""

    key: str
    name: str
    ipc: tuple[str, ...]
    aim: str
    titles: tuple[str, ...]
    means: tuple[str, ...]
    effects: tuple[str, ...]
    demand_titles: tuple[str, ...]
    symptoms: tuple[str, ...]
    tried: tuple[str, ...]
    wishes: tuple[str, ...]
    targets: tuple[str, ...]
    words: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Trade:
    """One industry of the city."""

    key: str
    name: str
    firm_words: tuple[str, ...]
    scope: str
    locarno: str
    designs: tuple[str, ...]
    topics: tuple[Topic, ...]


@lru_cache(maxsize=32)
def read_texts(name: str) -> dict[str, Any]:
    """One file of ``texts/`` as plain values."""
    file = resources.files("matchhub.demo").joinpath("texts", f"{name}.toml")
    return tomllib.loads(file.read_text("utf-8"))


@lru_cache(maxsize=1)
def trades() -> tuple[Trade, ...]:
    """All trades, the shoes first."""
    return tuple(_trade(read_texts(name)) for name in TRADES)


def _trade(data: dict[str, Any]) -> Trade:
    return Trade(
        key=data["key"],
        name=data["name"],
        firm_words=tuple(data["firm_words"]),
        scope=data["scope"],
        locarno=data["locarno"],
        designs=tuple(data["designs"]),
        topics=tuple(_topic(each) for each in data["topics"]),
    )


def _topic(data: dict[str, Any]) -> Topic:
    def listed(name: str) -> tuple[str, ...]:
        return tuple(data[name])

    return Topic(
        key=data["key"],
        name=data["name"],
        ipc=listed("ipc"),
        aim=data["aim"],
        titles=listed("titles"),
        means=listed("means"),
        effects=listed("effects"),
        demand_titles=listed("demand_titles"),
        symptoms=listed("symptoms"),
        tried=listed("tried"),
        wishes=listed("wishes"),
        targets=listed("targets"),
        words=data["words"],
    )


def choose_words(topic: Topic, chance: Random) -> dict[str, str]:
    """One word of each list of the topic."""
    return {name: chance.choice(values) for name, values in topic.words.items()}


def fill(sentence: str, words: dict[str, str], chance: Random) -> str:
    """``sentence`` with its slots filled."""

    def one(found: re.Match[str]) -> str:
        if found[3]:
            return words[found[3]]
        width = len(found[1]) if found[1].startswith("0") else 0
        return str(chance.randint(int(found[1]), int(found[2]))).zfill(width)

    return _SLOT.sub(one, sentence)
