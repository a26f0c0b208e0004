"""The words of headers and the fields they mean, kind by kind, from ``vocabulary.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from rapidfuzz import fuzz, process

from matchhub.domain.records import KINDS, Kind
from matchhub.domain.traditional import simplified

_MAX_HEADER_LENGTH = 80  # characters; a longer cell is a note or data
_MIN_PROPOSAL_RATIO = 55.0
_MAX_PROPOSALS = 3
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_DECORATION = re.compile(r"\(标\)|[*★☆※]|\(?必填(项)?\)?|\(?选填\)?|[:;。]$")
_BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")
_DAY = re.compile(r"(?:截至|截止|更新至)?(?:19|20)\d\d[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?|月)")
_UNIT_TAIL = re.compile(
    r"(?:[/:_\-]|单位|币种|人民币|rmb|cny|¥|￥|\()*(?:亿|千万|百万|万|千)?(?:美元|美金|欧元|港币|港元|日元|英镑|usd|元|圆|(?<=[/(:_\-])[wk]?)"
    r"(?:人民币)?\)?$|(?<=[额款格费算金本])(?:亿|千万|百万|万|千)$"
)
_FINAL_BRACKET = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The header words of one kind.

    ``words`` maps a word to (field, rank), rank 0 for the best word of a field. ``required`` holds groups of fields, of
    each of which a table needs one. ``tell_tale`` fields and ``subject`` words tell this kind from the others;
    ``proof`` fields do so even where required ones are missing.
    """

    words: Mapping[str, tuple[str, int]]
    ignored: frozenset[str]
    required: tuple[frozenset[str], ...]
    tell_tale: frozenset[str]
    proof: frozenset[str]
    subject: frozenset[str]

    def meaning_of(self, header: str) -> tuple[str, int] | None:
        """Field and rank of a header as written, ("", 0) when it is to be ignored, None when it is unknown.

        A bracket at the end (a unit, a hint), a day or a unit is left out when the header is unknown with it.
        """
        word = plain_header(header) if len(header) <= _MAX_HEADER_LENGTH else ""
        while word:
            if word in self.words:
                return self.words[word]
            if word in self.ignored:
                return "", 0
            shorter = _FINAL_BRACKET.sub("", word)
            shorter = _DAY.sub("", word) if shorter == word else shorter
            shorter = _UNIT_TAIL.sub("", word) if shorter == word else shorter
            if shorter == word:
                return None
            word = shorter
        return None

    def proposals_for(self, header: str) -> tuple[tuple[str, str, float], ...]:
        """Fields that an unknown header resembles, best first: (field, known word, similarity 0..100)."""
        word = plain_header(header)
        near = process.extract(word, list(self.words), scorer=fuzz.ratio, limit=8, score_cutoff=_MIN_PROPOSAL_RATIO)
        best: dict[str, tuple[str, str, float]] = {}
        for known, ratio, _ in near:
            field = self.words[known][0]
            best.setdefault(field, (field, known, round(ratio, 1)))
        return tuple(best.values())[:_MAX_PROPOSALS]


@lru_cache(maxsize=16384)
def plain_header(text: str) -> str:
    """A header in the form in which headers are compared.

    NFKC, lower case, simplified characters, without blanks, invisible characters and marks such as 必填, and with one
    form of brackets.
    """
    squeezed = simplified(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).translate(_BRACKETS).lower()
    return _DECORATION.sub("", squeezed)


@lru_cache(maxsize=1)
def vocabularies() -> dict[Kind, Vocabulary]:
    """The vocabulary of every kind."""
    data = tomllib.loads(resources.files("ingest").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    return {kind: _vocabulary(kind, data) for kind in KINDS}


def _vocabulary(kind: Kind, data: dict[str, dict[str, list[str]]]) -> Vocabulary:
    words: dict[str, tuple[str, int]] = {}
    for field, listed in data[kind].items():
        if field == "ignored":
            continue
        for rank, word in enumerate(listed):
            words.setdefault(plain_header(word), (field, rank))
    ignored = frozenset(map(plain_header, data["any"]["ignored"] + data[kind].get("ignored", [])))
    return Vocabulary(
        words,
        ignored - words.keys(),
        tuple(frozenset(group) for group in data["required"][kind]),
        frozenset(data["tell_tale"][kind]),
        frozenset(data["proof"][kind]),
        frozenset(map(plain_header, data["subject"][kind])),
    )


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Fields that a person may choose as the meaning of a column, in the order of ``vocabulary.toml``."""
    return tuple(dict.fromkeys(field for field, _ in vocabularies()[kind].words.values()))


@lru_cache(maxsize=1)
def all_header_words() -> frozenset[str]:
    """The plain header words of all kinds."""
    return frozenset(word for vocabulary in vocabularies().values() for word in vocabulary.words)


@lru_cache(maxsize=4096)
def is_header_word(text: str) -> bool:
    """Whether a text means something as a header of any kind, with its unit or without."""
    return any(vocabulary.meaning_of(text) is not None for vocabulary in vocabularies().values())


def holds_any(cells: Iterable[str], known: Set[str]) -> bool:
    """Whether one of the cells is a plain header in ``known``, with its final bracket or without."""
    words = (plain_header(cell) for cell in cells if cell and len(cell) <= _MAX_HEADER_LENGTH)
    return any(word in known or _FINAL_BRACKET.sub("", word) in known for word in words)
