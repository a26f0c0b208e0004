"""The text of a cell: what a reader takes from it, and what a writer may put so that it comes back."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_BLANKS = re.compile(r"[ \t\u00a0\u3000]+")
_EMPTY_WORDS = frozenset(
    {"n/a", "na", "#n/a", "nan", "null", "none", "-", "--", "---", "—", "——", "/", "\\", "无", "暂无", "未知", "空"}
)
_MAX_EMPTY_LENGTH = max(map(len, _EMPTY_WORDS))
_UNTIDY = re.compile(r"^[=\"'`]|[\t\u00ad\u00a0\u200b-\u200f\u2060\u3000\ufeff]|  ")
_QUOTES = ("=", '"', "'", "`")
_TEXT_FORMULA = re.compile(r'^=?"([^"]*)"$|^[\'`](?=\d)')  # ="0123" and '0123 keep a spreadsheet from reading a number
_HYPERLINK = re.compile(r'^=HYPERLINK\(.*?[,;]\s*"([^"]*)"\)$', re.IGNORECASE | re.DOTALL)


def tidy(text: str) -> str:
    """The text of a cell without invisible characters, repeated blanks and formulas around it; "" for N/A and the like.

    Of a hyperlink's formula the shown text stays, of ="0123" and '0123 the number.
    """
    # Nearly every cell is clean. ``isprintable`` is false for every blank but the common one, so the three cheap tests
    # spare long texts the search by pattern.
    if not (text.isprintable() and "  " not in text and text[:1] not in _QUOTES) and _UNTIDY.search(text):
        text = _BLANKS.sub(" ", _INVISIBLE.sub("", _HYPERLINK.sub(r"\1", text))).strip()
        text = _TEXT_FORMULA.sub(r"\1", text)
    plain = text.strip()
    return "" if len(plain) <= _MAX_EMPTY_LENGTH and plain.lower() in _EMPTY_WORDS else plain
