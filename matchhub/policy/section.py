"""One table of a rule pack's file, read field by field so that nothing mistyped is ignored."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, TypeVar

from matchhub.errors import SettingInvalid

T = TypeVar("T")
_MISSING = object()
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Section:
    """One table of the file: ``take`` hands out a typed field once, ``done`` refuses what nobody asked for."""

    def __init__(self, policy: str, where: str, raw: object) -> None:
        self.policy, self.where = policy, where
        if not isinstance(raw, dict):
            raise self.wrong("not a table")
        self._left: dict[str, Any] = dict(raw)

    def wrong(self, fault: str, name: str = "") -> SettingInvalid:
        """The refusal that names the place of the fault."""
        where = f"{self.where}.{name}".strip(".")
        return SettingInvalid("policy_invalid", policy=self.policy, where=where, fault=fault)

    def take(self, name: str, kind: type[T], default: object = _MISSING) -> T:
        """Field ``name``, exactly of ``kind`` (a whole number also serves as ``float`` or ``Decimal``)."""
        value = self._left.pop(name, default)
        if value is _MISSING:
            raise self.wrong("missing", name)
        if kind in (float, Decimal) and type(value) in (int, float):
            value = kind(str(value))  # type: ignore[call-arg]
        if type(value) is not kind:
            raise self.wrong(f"not {kind.__name__}: {value!r}", name)
        return value

    def among(self, name: str, allowed: tuple[str, ...], default: object = _MISSING) -> str:
        """Text field ``name``, one of ``allowed``."""
        value = self.take(name, str, default)
        if value not in allowed:
            raise self.wrong(f"not one of {', '.join(allowed)}: {value!r}", name)
        return value

    def between(self, name: str, least: float, most: float) -> float:
        """Number ``name`` within [least, most]."""
        value = self.take(name, float)
        if not least <= value <= most:
            raise self.wrong(f"not within {least} and {most}: {value}", name)
        return value

    def positive(self, name: str) -> int:
        """Whole number ``name``, at least 1."""
        value = self.take(name, int)
        if value < 1:
            raise self.wrong(f"not above zero: {value}", name)
        return value

    def texts(self, name: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
        """List of texts ``name``, each one of ``allowed`` if given."""
        values = self.take(name, list)
        for value in values:
            if not isinstance(value, str) or (allowed and value not in allowed):
                raise self.wrong(f"not allowed: {value!r}", name)
        return tuple(values)

    def words(self, name: str) -> str:
        """Text field ``name`` that says something."""
        text = self.take(name, str)
        if not text.strip():
            raise self.wrong("empty", name)
        return text

    def name(self, name: str) -> str:
        """Text field ``name`` that stands in addresses: letters, digits and _."""
        text = self.take(name, str)
        if not _NAME.fullmatch(text):
            raise self.wrong(f"not small letters, digits and _: {text!r}", name)
        return text

    def table(self, name: str) -> Section:
        """The table ``name`` below this one."""
        return Section(self.policy, f"{self.where}.{name}".strip("."), self.take(name, dict))

    def tables(self, name: str) -> list[Section]:
        """The array of tables ``name`` below this one, not empty."""
        found = self.take(name, list)
        if not found:
            raise self.wrong("empty", name)
        return [Section(self.policy, f"{self.where}.{name}[{i}]".strip("."), raw) for i, raw in enumerate(found)]

    def names(self) -> tuple[str, ...]:
        """Names of the fields not yet taken."""
        return tuple(self._left)

    def done(self) -> None:
        """Refuse fields that no rule reads: a mistyped name must not be ignored."""
        if self._left:
            raise self.wrong("unknown field", next(iter(self._left)))
