"""One table of a rule pack's file, read field by field so that nothing mistyped is ignored."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

T = TypeVar("T")
_MISSING = object()
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
# How a value of each type is written, as an example that is read in any language.
_WRITTEN = {
    str: '"…"', int: "12", float: "0.5", Decimal: "0.5", bool: "true / false", list: "[…]", dict: "{ … }",
    date: "2026-01-31",
}  # fmt: skip


class PackFault(Exception):
    """What is wrong at a place of a pack: ``code`` of its sentence, ``where`` (``goals[0].thresholds[2].unit``)."""

    def __init__(self, code: str, where: str, **data: object) -> None:
        self.code, self.where, self.data = code, where, data
        super().__init__(code, where, data)


class Faults:
    """The faults of a file: the first one of each part that was read, in the order of reading."""

    def __init__(self) -> None:
        self.found: list[PackFault] = []

    def part(self, read: Callable[[], T]) -> T | None:
        """What ``read`` gives; None where it found a fault, which is kept."""
        try:
            return read()
        except PackFault as fault:
            self.found.append(fault)
            return None


class Section:
    """One table of the file: ``take`` hands out a typed field once, ``done`` refuses what nobody asked for."""

    def __init__(self, where: str, raw: object) -> None:
        self.where = where
        if not isinstance(raw, dict):
            raise self.wrong("pack_type", wanted=_WRITTEN[dict], value=_said(raw))
        self._left: dict[str, Any] = dict(raw)

    def wrong(self, code: str, name: str = "", **data: object) -> PackFault:
        """The fault of that code at field ``name``."""
        return PackFault(code, f"{self.where}.{name}".strip("."), **data)

    def take(self, name: str, kind: type[T], default: object = _MISSING) -> T:
        """Field ``name``, exactly of ``kind`` (a whole number also serves as ``float`` or ``Decimal``)."""
        value = self._left.pop(name, default)
        if value is _MISSING:
            raise self.wrong("pack_missing", name)
        if kind in (float, Decimal) and type(value) in (int, float):
            value = kind(str(value))  # type: ignore[call-arg]
        if type(value) is not kind:
            raise self.wrong("pack_type", name, wanted=_WRITTEN[kind], value=_said(value))
        return value

    def among(self, name: str, allowed: tuple[str, ...], default: object = _MISSING) -> str:
        """Text field ``name``, one of ``allowed``."""
        value = self.take(name, str, default)
        if value not in allowed:
            raise self.wrong("pack_choice", name, value=value, allowed=", ".join(filter(None, allowed)))
        return value

    def between(self, name: str, least: float, most: float) -> float:
        """Number ``name`` within [least, most]."""
        value = self.take(name, float)
        if not least <= value <= most:
            raise self.wrong("pack_range", name, least=least, most=most, value=value)
        return value

    def positive(self, name: str) -> int:
        """Whole number ``name``, at least 1."""
        value = self.take(name, int)
        if value < 1:
            raise self.wrong("pack_too_small", name, least=1, value=value)
        return value

    def texts(self, name: str, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
        """List of texts ``name``, each one of ``allowed`` if given."""
        values = self.take(name, list)
        for value in values:
            if not isinstance(value, str):
                raise self.wrong("pack_type", name, wanted='["…"]', value=_said(value))
            if allowed and value not in allowed:
                raise self.wrong("pack_choice", name, value=value, allowed=", ".join(allowed))
        return tuple(values)

    def words(self, name: str) -> str:
        """Text field ``name`` that says something."""
        text = self.take(name, str)
        if not text.strip():
            raise self.wrong("pack_empty", name)
        return text

    def name(self, name: str) -> str:
        """Text field ``name`` that stands in addresses: letters, digits and _."""
        text = self.take(name, str)
        if not _NAME.fullmatch(text):
            raise self.wrong("pack_form", name, value=text, wanted="a-z 0-9 _")
        return text

    def table(self, name: str) -> Section:
        """The table ``name`` below this one."""
        return Section(f"{self.where}.{name}".strip("."), self.take(name, dict))

    def tables(self, name: str) -> list[Section]:
        """The array of tables ``name`` below this one, not empty."""
        found = self.take(name, list)
        if not found:
            raise self.wrong("pack_empty", name)
        return [Section(f"{self.where}.{name}[{i}]".strip("."), raw) for i, raw in enumerate(found)]

    def names(self) -> tuple[str, ...]:
        """Names of the fields not yet taken."""
        return tuple(self._left)

    def done(self) -> None:
        """Refuse fields that no rule reads: a mistyped name must not be ignored."""
        if self._left:
            raise self.wrong("pack_unknown_field", next(iter(self._left)))


def _said(value: object) -> str:
    return str(value)[:60]
