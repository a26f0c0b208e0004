"""Rows of a table that are no data: totals, notes below the table, the header printed once more on every page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.tables import RawRow

_TOTALS = re.compile(r"^(?:合\s*计|总\s*计|小\s*计|共\s*计|总数|total|subtotal)(?:[:：\s(（]|$)", re.IGNORECASE)
_NOTE = re.compile(
    r"^(?:注|备注|说明|附注|填表说明|填报说明|数据来源|来源|制表人?|填表人|审核人|填报单位|单位盖章|note)\s*\d*\s*[::：、.)]"
    r"|^共\s*\d+\s*[条项件家名]",
    re.IGNORECASE,
)
_SENTENCE_ENDS = ("。", "）", ")", "；", ";")


def why_no_data(raw: RawRow, names: Sequence[tuple[int, str]]) -> tuple[str, str] | None:
    """Code of the remark and the first text of a row that is no data; None for data.

    ``names`` are (position, header) of the table's columns.
    """
    filled = [cell for cell in raw.cells if cell and not cell.isspace()]
    if not filled:
        return None
    if len(filled) <= max(3, len(names) // 2):
        first = filled[0].strip()
        if _TOTALS.match(first):
            return "row_left_out_total", first[:200]
        if len(filled) == 1 and len(names) > 2 and (_NOTE.match(first) or _is_sentence(first)):
            return "row_left_out_note", first[:200]
    if len(filled) > 1 and _is_header(raw.cells, names):
        return "row_left_out_header", filled[0].strip()[:200]
    return None


def _is_header(cells: Sequence[str], names: Sequence[tuple[int, str]]) -> bool:
    width = len(cells)
    begins, first = names[0]  # most rows differ in the first cell already
    return begins < width and cells[begins] == first and all(i < width and cells[i] == header for i, header in names)


def _is_sentence(text: str) -> bool:
    """A sentence alone in a row of a wider table stands beside the data, not in them."""
    return len(text) > 12 and text.endswith(_SENTENCE_ENDS)
