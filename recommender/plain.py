"""One spelling of a text at both ends, index and question: width, script, case, units, nothing that cannot be seen.

``normalise`` says what is done to one text; ``normalise_all`` does it to a batch. Nearly all texts need one character
put in the place of another and nothing else, which is one look into a table for all characters of a batch; only the few
that hold more (a traditional character, an amount with a unit) are read one by one, because OpenCC and regular
expressions cost more than all the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import opencc

_LAST = 0x10000  # code points from here on are rare and are read one by one
_IDEOGRAPHS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_BETWEEN = "\x00"  # occurs in hardly any text; normalise_all notices if it does
_BEYOND = "\uffff"  # stands for a character beyond the table; itself no character
_SEEN_CONTROLS = "\t\n\r"
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")

_UNITS = {
    "平方毫米": "mm2", "平方厘米": "cm2", "平方公分": "cm2", "平方米": "m2", "平米": "m2", "立方厘米": "cm3",
    "立方米": "m3", "毫米": "mm", "厘米": "cm", "公分": "cm", "分米": "dm", "千米": "km", "公里": "km",
    "微米": "μm", "um": "μm", "纳米": "nm", "毫克": "mg", "微克": "μg", "千克": "kg", "公斤": "kg", "毫升": "ml",
    "摄氏度": "°c", "千瓦": "kw", "千赫兹": "khz", "赫兹": "hz", "兆帕": "mpa", "千帕": "kpa",
    "米": "m", "克": "g", "升": "l",
}  # fmt: skip
_NO_UNIT = {"米": "粉线饭糠酒醋", "克": "拉隆力服", "升": "降高温级起华"}
"""What follows a short word where it is no unit: 3 米粉, 5 克拉, 2 升降台."""
_SYMBOLS = sorted({*_UNITS.values(), "g", "l", "m"} - {"um"}, key=len, reverse=True)
_AMOUNT = re.compile(
    r"(?<=\d) ?(?:(?P<word>"
    + "|".join(f"{word}(?![{_NO_UNIT[word]}])" if word in _NO_UNIT else word for word in _UNITS if word != "um")
    + r")|(?P<symbol>"
    + "|".join(["um", *map(re.escape, _SYMBOLS)])
    + r")(?![a-z0-9]))"
)


class _Tables(NamedTuple):
    """By code point up to ``_LAST``: the character that takes its place, whether a text that holds it is read by itself
    (``odd``, the same as characters: ``strange``), and whether it begins a unit or the blank before one (``follows``).

    ``composing`` characters join with their neighbours, so that the whole text has to be normalised. A text without any
    of the ``changing`` ones stays as it is.
    """

    plain: npt.NDArray[np.uint32]
    odd: npt.NDArray[np.bool_]
    follows: npt.NDArray[np.bool_]
    strange: frozenset[str]
    composing: frozenset[str]
    traditional: frozenset[str]
    changing: frozenset[str]


def normalise(text: str) -> str:
    """NFKC (Unicode annex 15), lower case, without invisible characters, traditional characters simplified (OpenCC
    ``t2s``), a unit behind a number by its symbol: ``０．５ 毫米`` and ``0.5mm`` are one, ``℃`` and ``°C`` too."""
    if text and max(text) < _BEYOND and _tables().changing.isdisjoint(text):
        return text  # most words, at a tenth of the cost
    return normalise_all([text])[0]


def normalise_all(texts: Sequence[str]) -> list[str]:
    """``normalise`` of each text."""
    if not texts:
        return []
    tables, joined = _tables(), _BETWEEN.join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if len(codes) and int(codes.max()) >= _LAST:
        codes = np.minimum(codes, _LAST)
    said = tables.plain[codes]
    plain = said.tobytes().decode("utf-32-le", "surrogatepass").split(_BETWEEN)
    if len(plain) != len(texts):
        return normalise_all([text.replace(_BETWEEN, "") for text in texts])
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1)
    for row in np.unique(np.searchsorted(ends, _marked(codes, said, tables), side="right")).tolist():
        plain[row] = _read_alone(texts[row], plain[row])
    return plain


def _marked(codes: npt.NDArray[np.uint32], said: npt.NDArray[np.uint32], tables: _Tables) -> npt.NDArray[np.int64]:
    """Places of what the table alone does not settle: odd characters, and digits that a unit may follow."""
    odd = tables.odd[codes]
    digits = np.flatnonzero(said[:-1] - np.uint32(0x30) <= 9)  # unsigned: what lies below wraps around
    odd[digits] |= tables.follows[said[digits + 1]]
    return np.flatnonzero(odd)


def plain_offsets(text: str) -> tuple[str, list[int]]:
    """The normalised text and, for each of its characters, the place in ``text`` it came from (plus the end)."""
    pieces = ["" if _is_invisible(char) else unicodedata.normalize("NFKC", char).lower() for char in text]
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    whole, aligned, done = "".join(pieces), [], 0
    whole = whole if _tables().traditional.isdisjoint(whole) else _simplified(whole)
    written = []
    for found in _AMOUNT.finditer(whole):
        symbol = _symbol(found)
        written += [whole[done : found.start()], symbol]
        aligned += [*places[done : found.start()], *[places[found.start()]] * len(symbol)]
        done = found.end()
    return "".join([*written, whole[done:]]), [*aligned, *places[done:], len(text)]


def _read_alone(text: str, plain: str) -> str:
    """One text, from what the table made of it."""
    tables = _tables()
    strange = tables.strange.intersection(plain)
    if not tables.composing.isdisjoint(strange):
        plain = unicodedata.normalize("NFKC", text).lower()
        strange = tables.strange.intersection(plain)
    for char in strange - tables.traditional:  # a few characters at a small part of what the whole text costs
        plain = plain.replace(char, "" if _is_invisible(char) else unicodedata.normalize("NFKC", char).lower())
    return _AMOUNT.sub(_symbol, _simplified(plain) if strange & tables.traditional else plain)


def _symbol(found: re.Match[str]) -> str:
    said = found["word"] or found["symbol"]
    return _UNITS.get(said, said)


def _is_invisible(char: str) -> bool:
    """Zero width marks, byte order marks, soft hyphens, control characters, selectors of variants."""
    category = unicodedata.category(char)
    if category == "Cf" or char in _FILLERS or 0xFE00 <= ord(char) <= 0xFE0F:
        return True
    return category == "Cc" and char not in _SEEN_CONTROLS


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")  # reads its dictionaries once: 7 ms


def _simplified(text: str) -> str:
    """By words where OpenCC knows them (乾隆 stays, 乾燥 becomes 干燥); as long as before."""
    found = str(_converter().convert(text))
    return found if len(found) == len(text) else text


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    plain, odd = np.arange(_LAST + 1, dtype=np.uint32), np.zeros(_LAST + 1, dtype=bool)
    plain[_LAST] = ord(_BEYOND)
    composing = {_BEYOND, "Σ", "ς"}  # the lower case of sigma depends on what follows
    for code in (*range(0x3400), *range(0xA000, 0xAC00), *range(0xD7A4, 0xD800), *range(0xF900, _LAST)):
        char = chr(code)  # all others stay as they are
        said = unicodedata.normalize("NFKC", char).lower()
        if unicodedata.combining(char) or 0x1160 <= code < 0x1200:
            composing.add(char)
        elif len(said) == 1 and not _is_invisible(char):
            plain[code] = ord(said)
        else:
            odd[code] = char != _BETWEEN
    traditional = _traditional()
    odd[[ord(char) for char in composing | traditional]] = True
    odd[_LAST] = True
    follows = np.zeros(_LAST + 1, dtype=bool)
    follows[[ord(word[0]) for word in _UNITS] + [ord(" ")]] = True
    strange = frozenset(map(chr, np.flatnonzero(odd[:_LAST]).tolist()))
    moved = map(chr, np.flatnonzero(plain[:_LAST] != np.arange(_LAST)).tolist())
    changing = strange | frozenset(moved) | frozenset("0123456789\x00")
    return _Tables(plain, odd, follows, strange, frozenset(composing), traditional, changing)


def _traditional() -> frozenset[str]:
    """Characters that OpenCC writes otherwise when they stand alone."""
    ideographs = [chr(code) for first, end in _IDEOGRAPHS for code in range(first, end)]
    simple = str(_converter().convert("\n".join(ideographs))).split("\n")
    return frozenset(char for char, said in zip(ideographs, simple, strict=True) if char != said)
