"""Rows of a table that are cards on a telephone: every cell knows the heading it stands under."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

_CELL = re.compile(r"<(tr|td|th)\b([^>]*)>")
_SPAN = re.compile(r'\bcolspan="(\d+)"')


def labelled(rows: str, headings: Sequence[str]) -> str:
    """``rows`` of a table with the heading of its column in each ``td`` (``data-label``), where it names none itself.

    Rows are our own templates' output, values escaped, and stay what they are to the template: no tag is in them but
    its own.
    """
    place = 0

    def one(found: re.Match[str]) -> str:
        nonlocal place
        tag, attributes = found.groups()
        if tag == "tr":
            place = 0
            return found[0]
        heading = headings[place] if place < len(headings) else ""
        span = _SPAN.search(attributes)
        wide = int(span[1]) if span else 1
        place += wide
        if tag == "th" or "data-label" in attributes or wide > 1 or not heading:
            return found[0]
        return f'<td data-label="{escape(heading)}"{attributes}>'

    return type(rows)(_CELL.sub(one, rows))
