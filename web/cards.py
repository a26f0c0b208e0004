"""Rows of a table that are cards on a telephone: every cell knows the heading it stands under."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

_CELL = re.compile(r"<(tr|td|th)\b([^>]*)>")
_SPAN = re.compile(r'\bcolspan="(\d+)"')


def labelled(rows: Markup, headings: Sequence[str]) -> Markup:
    """``rows`` of a table with the heading of its column in each ``td`` (``data-label``), where it names none itself.

    Rows are our own templates' output, values escaped: no tag in them but the template's.
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

    return Markup(_CELL.sub(one, rows))
