"""What a posted form holds, read with one sentence for each thing that is wrong."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from flask import request

from matchhub.errors import Refusal
from matchhub.services.evidence.files import MOST_BYTES

_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")
_APART = re.compile(r"[\s;;,,、|]+")


def text(name: str, most: int = 255) -> str:
    """A text without blanks around, cut at ``most`` characters."""
    return request.form.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()[:most]


def whole(name: str) -> int | None:
    """A number of a record; ``None`` when it is none."""
    value = request.form.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def day(name: str) -> date | None:
    """A day, 2025-06-30; empty is ``None``; anything else is refused."""
    value = text(name, 40)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Refusal("field_date") from None


def needed_day(name: str) -> date:
    """A day that must be given."""
    value = day(name)
    if value is None:
        raise Refusal("day_missing")
    return value


def amount(name: str) -> Decimal | None:
    """Money in yuan or a percentage; empty is ``None``; anything but plain digits is refused."""
    value = text(name, 40).replace(",", "").replace("\uff0c", "")
    return as_amount(value) if value else None


def as_amount(value: str) -> Decimal:
    """Plain digits with at most two decimals as a number."""
    if not value.isascii() or not _AMOUNT.fullmatch(value):
        raise Refusal("field_number")
    return Decimal(value)


def needed_amount(name: str) -> Decimal:
    """An amount that must be given."""
    value = amount(name)
    if value is None:
        raise Refusal("amount_missing")
    return value


def ticked(name: str) -> bool:
    """Whether a box was ticked."""
    return request.form.get(name, "") in ("1", "y", "on", "true")


def chosen(name: str, allowed: tuple[str, ...]) -> str:
    """One of a list; anything else is refused."""
    value = text(name, 64)
    if value not in allowed:
        raise Refusal("field_choice")
    return value


def several(name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Those of a list that were ticked, in the list's order."""
    given = set(request.form.getlist(name))
    return tuple(each for each in allowed if each in given)


def lines(name: str, most: int = 4000) -> list[str]:
    """The lines of a text that hold something."""
    return [line.strip() for line in text(name, most).splitlines() if line.strip()]


def parts(value: str) -> list[str]:
    """A line cut at blanks, commas and semicolons."""
    return [each for each in _APART.split(value) if each]


def file(name: str = "file") -> tuple[str, bytes] | None:
    """The file sent with the form, if any; no more of it is read than may be kept."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return None
    return sent.filename.replace("\\", "/").rsplit("/", 1)[-1], sent.stream.read(MOST_BYTES + 1)


def form_key() -> str:
    """The random key that came with the form, so that it acts once."""
    return text("form_key", 64)
