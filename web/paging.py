"""What the address of a list asks for: page number and filters, whatever somebody may have typed there."""

from __future__ import annotations

from flask import request

_LONGEST = 200


def asked_page(name: str = "page") -> int:
    """The page asked for; 1 when it is no number above 0."""
    value = request.args.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 7 and int(value) > 0 else 1


def asked_text(name: str) -> str:
    """A filter's text without blanks around and without control characters, cut at 200 characters."""
    value = request.args.get(name, "").replace("\x00", "")
    return value.strip()[:_LONGEST]


def asked_numbers(name: str, most: int = 1_000) -> list[int]:
    """Numbers of records that the address names, once each, as ``3-17-21`` or by repeating the name; what is none is
    left out, and what is beyond ``most``."""
    return numbers_in("-".join(request.args.getlist(name)), most)


def numbers_in(written: str, most: int = 1_000) -> list[int]:
    """Numbers of records joined by hyphens, once each; what is none is left out, and what is beyond ``most``."""
    parts = (part for part in written.split("-") if part.isascii() and part.isdigit() and len(part) < 16)
    return list(dict.fromkeys(map(int, parts)))[:most]
