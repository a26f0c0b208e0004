"""When two patents are near-identical (近似) for the one who gets them: a firm is shown one of such patents, not three.

The same matter comes as invention and utility model, as product and as method, or as a row of patents of one holder in
one group of the classification.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta

from matchhub.domain.rules import AlikeRules

_OPENINGS = ("一种", "一类", "一套")


@dataclass(frozen=True, slots=True)
class Look:
    """What makes a patent look like another: its title, normalised names of its holders, its main groups (A43B 13)."""

    title: str
    holders: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()


def title_likeness(one: str, other: str) -> float:
    """Dice coefficient of the pairs of neighbouring characters of two titles, 0..1, without how titles begin (一种)."""
    left, right = _pairs(one), _pairs(other)
    if not left or not right:
        return 0.0
    return 2 * (left & right).total() / (left.total() + right.total())


def near_identical(one: Look, other: Look, rules: AlikeRules) -> bool:
    """Whether both look the same: alike titles, or one holder, one main group and half alike titles."""
    likeness = title_likeness(one.title, other.title)
    if likeness >= rules.titles:
        return True
    related = not one.holders.isdisjoint(other.holders) and not one.groups.isdisjoint(other.groups)
    return related and likeness >= rules.titles_of_one_holder


class Variety:
    """Runs along a plan and knows what each recipient was shown or is to be shown around a day."""

    def __init__(self, rules: AlikeRules) -> None:
        self._rules = rules
        self._shown: defaultdict[Hashable, list[tuple[date, Hashable, Look]]] = defaultdict(list)

    def add(self, recipient: Hashable, day: date, patent_id: Hashable, look: Look | None) -> None:
        """Note that a patent goes to a recipient on a day."""
        if look is not None:
            self._shown[recipient].append((day, patent_id, look))

    def alike(self, recipient: Hashable, day: date, look: Look | None) -> Hashable | None:
        """The patent shown to the recipient within ``rules.days`` of ``day`` that this one is near-identical with."""
        if look is None:
            return None
        within = timedelta(days=self._rules.days)
        for shown_on, patent_id, other in self._shown[recipient]:
            if abs(day - shown_on) < within and near_identical(look, other, self._rules):
                return patent_id
        return None


def _pairs(title: str) -> Counter[str]:
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", title).lower() if sign.isalnum())
    for opening in _OPENINGS:
        plain = plain.removeprefix(opening)
    return Counter(plain[at : at + 2] for at in range(len(plain) - 1))
