"""The city's industries (本市相关产业) and the classes of patents that serve them: whether an offer's tag agrees.

The table of classes and industries is data of the rule pack (``[industries]``); nothing here names an industry.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

LOCARNO_CLASSES = 32  # 洛迦诺分类 01 to 32
_IPC = re.compile(r"([A-H]\d\d)(?:([A-Z])(\d{1,4})?)?")
_LOCARNO = re.compile(r"(\d\d)(?:-(\d\d))?")
_SYMBOL = re.compile(r"^([A-H]\d\d)\s*([A-Z])\s*0*(\d{1,4})?")
_BETWEEN = re.compile(r"[,、;/|+&\n]+|和|与|及|以及")
_INSIDE_BRACKETS = re.compile(r"\([^()]*\)")
_TAIL = re.compile(r"(?:产业|行业|制造业|制造|产业链|产业集群|领域|业|类|industry|sector)$")


@dataclass(frozen=True, slots=True)
class Industry:
    """One industry of the city with its other words and the classes that serve it.

    ``ipc``: symbols of a class (``A43``), a subclass (``D06N``) or a main group (``B29D35``); ``locarno``: classes
    (``02``) or subclasses (``02-04``); ``gbt4754``: codes of GB/T 4754-2017.
    """

    key: str
    zh: str
    en: str
    names: tuple[str, ...]
    gbt4754: tuple[str, ...]
    ipc: frozenset[str]
    locarno: frozenset[str]

    def is_served_by(self, classes: frozenset[str]) -> bool:
        """Whether one of a patent's classes (as ``patent_classes`` gives them) serves it."""
        return not classes.isdisjoint(self.ipc | self.locarno)


@dataclass(frozen=True, slots=True)
class NamedIndustries:
    """What a tag names: the industries each of its words may mean, and the words that mean none."""

    meant: tuple[tuple[Industry, ...], ...]
    unknown: tuple[str, ...]


@lru_cache(maxsize=1)
def _subclasses() -> Mapping[str, str]:
    file = resources.files("matchhub.domain").joinpath("ipc_subclasses.toml")
    return tomllib.loads(file.read_text("utf-8"))


def is_ipc_symbol(written: str) -> bool:
    """Whether a class, subclass or main group of the IPC is written so (``A43``, ``A43B``, ``A43B13``)."""
    found = _IPC.fullmatch(written)
    if found is None or found[1] not in _subclasses():
        return False
    return found[2] is None or found[2] in _subclasses()[found[1]]


def is_locarno_symbol(written: str) -> bool:
    """Whether a class or subclass of the Locarno classification is written so (``02``, ``02-04``)."""
    found = _LOCARNO.fullmatch(written)
    return found is not None and 1 <= int(found[1]) <= LOCARNO_CLASSES


def patent_classes(ipc: Iterable[str], locarno: Iterable[str] = ()) -> frozenset[str]:
    """Every level of a patent's symbols that a table may name: ``B29D 35/12`` gives B29, B29D and B29D35."""
    found: set[str] = set()
    for written in ipc:
        if symbol := _SYMBOL.match(unicodedata.normalize("NFKC", written).strip().upper()):
            found |= {symbol[1], symbol[1] + symbol[2]}
            if symbol[3]:
                found.add(symbol[1] + symbol[2] + symbol[3])
    for written in locarno:
        if parts := _LOCARNO.match(unicodedata.normalize("NFKC", written).strip()):
            found |= {parts[1], parts[0]}
    return frozenset(found)


def fitting_industries(classes: frozenset[str], industries: Iterable[Industry]) -> tuple[Industry, ...]:
    """The industries that a patent of these classes serves, in the order of the pack."""
    return tuple(each for each in industries if each.is_served_by(classes))


def named_industries(tag: str, industries: Iterable[Industry]) -> NamedIndustries:
    """What a tag (相关产业 as typed) names; of one word that means several industries each stands for the word."""
    by_name = _by_name(industries)
    meant: list[tuple[Industry, ...]] = []
    unknown: list[str] = []
    for word in _words(tag):
        found = _meanings(word, by_name)
        meant += found
        if not found:
            unknown.append(word)
    return NamedIndustries(tuple(meant), tuple(unknown))


def _by_name(industries: Iterable[Industry]) -> dict[str, tuple[Industry, ...]]:
    found: dict[str, tuple[Industry, ...]] = {}
    for each in industries:
        for name in dict.fromkeys(_stem(word) for word in (each.key, each.zh, each.en, *each.names)):
            found[name] = (*found.get(name, ()), each)
    return found


def _words(tag: str) -> list[str]:
    plain = _INSIDE_BRACKETS.sub("", unicodedata.normalize("NFKC", tag)).casefold()
    return [word.strip() for word in _BETWEEN.split(plain) if word.strip()]


def _stem(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold().strip()
    while len(shorter := _TAIL.sub("", plain).strip()) > 1 and shorter != plain:
        plain = shorter
    return plain


def _meanings(word: str, by_name: dict[str, tuple[Industry, ...]]) -> list[tuple[Industry, ...]]:
    """The word itself, else every longest name that stands inside it (``本市鞋服产业集群``)."""
    if (whole := by_name.get(_stem(word))) is not None:
        return [whole]
    inside = [name for name in by_name if len(name) > 1 and name in word]
    longest = [name for name in inside if not any(name != other and name in other for other in inside)]
    return [by_name[name] for name in sorted(longest, key=word.index)]


def disagreeing(tag: str, classes: frozenset[str], industries: Iterable[Industry]) -> tuple[str, ...]:
    """Words and industries of a tag that no class of the patent serves; empty when all of it agrees."""
    named = named_industries(tag, industries)
    unserved = [each[0].zh for each in named.meant if not any(one.is_served_by(classes) for one in each)]
    return tuple(dict.fromkeys([*unserved, *named.unknown]))
