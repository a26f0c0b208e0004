"""Whether a firm is local (本地企业): by codes and words of the place, all of which the rule pack names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from matchhub.domain.identifiers import uscc_division
from matchhub.domain.rules import LocalRules
from matchhub.errors import IdentifierInvalid

# How an address in some other city or county of the country says so, wherever the pack's own place lies.
_OTHER_PLACE = re.compile(r"[\u4e00-\u9fff]{2,}(?:省|市|县|区)|上海|北京|天津|重庆|香港|澳门|台湾")


@dataclass(frozen=True, slots=True)
class LocalDecision:
    """``local`` is None where a person must decide; ``decided_by`` then names the hint that was found."""

    local: bool | None
    decided_by: str | None  # division, address, town, name or nothing; by hand where a person did


def decide_local(uscc: str | None, address: str | None, rules: LocalRules, name: str | None = None) -> LocalDecision:
    """Whether a firm belongs to the pack's place: by its division codes, then by the address; else by hand.

    A town's name alone (towns of one name lie in several counties) or the firm's own name is a hint that leaves
    ``local`` None. A code of another county decides against, unless the address lies in the place itself; a code
    whose last two digits are 00 was issued by a city or province and decides nothing. A faulty code counts as none.
    """
    division = _division(uscc)
    place = unicodedata.normalize("NFKC", address or "").replace(" ", "")
    if division in rules.divisions:
        return LocalDecision(True, "division")
    if _names_place(place, rules):
        return LocalDecision(True, "address")
    if division and not division.endswith("00"):  # a county's authority, and not ours
        return LocalDecision(False, "division")
    in_neighbour = _holds_any(place, rules.neighbours)
    if _holds_any(place, rules.towns) and not in_neighbour:
        return LocalDecision(None, "town")
    if in_neighbour or _OTHER_PLACE.search(place):
        return LocalDecision(False, "address")
    return LocalDecision(None, "name" if name and _names_place(name, rules) else "nothing")


def _division(uscc: str | None) -> str:
    try:
        return uscc_division(uscc) if uscc else ""
    except IdentifierInvalid:
        return ""


def _holds_any(place: str, words: tuple[str, ...]) -> bool:
    return any(word in place for word in words)


def _names_place(text: str, rules: LocalRules) -> bool:
    return _place_named(rules.names, rules.elsewhere_after).search(text) is not None


@lru_cache(maxsize=8)
def _place_named(names: tuple[str, ...], elsewhere_after: tuple[str, ...]) -> re.Pattern[str]:
    """One of ``names``, unless a street or river of that name is meant."""
    after = f"(?!{'|'.join(map(re.escape, elsewhere_after))})" if elsewhere_after else ""
    return re.compile(f"(?:{'|'.join(map(re.escape, names))}){after}")
