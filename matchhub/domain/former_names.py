"""Former names (曾用名) of firms, as lists write them: in a column, or in brackets behind the present name."""

from __future__ import annotations

import re
import unicodedata

_IN_BRACKETS = re.compile(
    r"^(?P<name>.+?)\s*\((?:原名称?|原企业名称|原单位名称|原(?![料创材野子生色理点木油味浆纸装型])|曾用名|更名前|变更前|前身)\s*(?:为|是|叫|:)?\s*(?P<former>[^()]*(?:\([^()]*\)[^()]*)*)\)$"
)
_LABEL = re.compile(r"^(?:原名称?|曾用名称?|原)\s*[::]\s*")
_SEPARATORS = re.compile(r"\s*[;;,,、|/\n]+\s*|\s{2,}")


def split_former_name(name: str) -> tuple[str, str | None]:
    """The present name and the former one in brackets behind it: 甲公司（原乙公司） -> 甲公司, 乙公司."""
    found = _IN_BRACKETS.match(unicodedata.normalize("NFKC", name).strip())
    return (found["name"].strip(), found["former"].strip() or None) if found else (name, None)


def former_names_in(text: str) -> tuple[str, ...]:
    """Former names in a column, each once."""
    parts = _SEPARATORS.split(unicodedata.normalize("NFKC", text))
    names = (_LABEL.sub("", part).strip() for part in parts)
    return tuple(dict.fromkeys(name for name in names if len(name) > 1))
