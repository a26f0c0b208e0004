"""What an erasure (PIPL, art. 47) puts in the place of personal data, and how values are found inside texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

MARK = "（已删除）"
_LEAST = 5  # a shorter value of Latin letters or digits is taken only where it stands alone: "li" is part of words


@dataclass(frozen=True)
class Erased:
    """The values to be erased, ``login`` that is one only where it stands alone, and ``kept``: names of organisations,
    which are no personal data even where a person's account bears them."""

    values: tuple[str, ...]
    login: str
    kept: tuple[str, ...] = ()

    @cached_property
    def _alone(self) -> frozenset[str]:
        kept = {each.casefold() for each in self.kept}
        return frozenset(each.strip().casefold() for each in (*self.values, self.login)) - kept

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Values that are looked for inside texts, the longest first."""
        found = (each.strip() for each in self.values if each.strip().casefold() in self._alone)
        fit = {each for each in found if len(each) >= _LEAST or (len(each) > 1 and not each.isascii())}
        return tuple(
            sorted((each for each in fit if not any(each in name for name in self.kept)), key=len, reverse=True)
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return re.compile("|".join(map(re.escape, self.texts)), re.IGNORECASE) if self.texts else None

    def is_in(self, value: Any) -> bool:
        """Whether a value of a column holds something erased."""
        return bool(self.without(value) != value)

    def without(self, value: Any) -> Any:
        """The value with the mark in place of whatever is erased; lists and objects go by their parts."""
        if isinstance(value, str):
            if value.strip().casefold() in self._alone:
                return MARK
            return self._pattern.sub(MARK, value) if self._pattern else value
        if isinstance(value, Mapping):
            return {name: self.without(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.without(each) for each in value]
        return value
