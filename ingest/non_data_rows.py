"""Rows of a table that hold no data: totals, notes below the table, the header repeated on every printed page."""

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
_MIN_SENTENCE = 12  # characters; shorter texts may be names


def non_data_reason(raw: RawRow, names: Sequence[tuple[int, str]]) -> tuple[str, str] | None:
    """Code of the remark and the first text of a row that holds no data; None for a data row.

    ``names`` are the (position, header) pairs of the table's columns, from left to right.
    """
    filled = [cell for cell in raw.cells if cell and not cell.isspace()]
    if not filled:
        return None
    first = filled[0].strip()
    # Totals and notes fill few cells; a firm whose name begins with 总计 fills most.
    if len(filled) <= max(3, len(names) // 2) and _TOTALS.match(first):
        return "row_left_out_total", first
    if len(filled) == 1 and len(names) > 2 and (_NOTE.match(first) or _is_sentence(first)):
        return "row_left_out_note", first
    if len(filled) > 1 and _is_header(raw.cells, names):
        return "row_left_out_header", first
    return None


def _is_header(cells: Sequence[str], names: Sequence[tuple[int, str]]) -> bool:
    width = len(cells)
    position, header = names[0]  # nearly every row differs in the first cell, which spares the loop
    return position < width and cells[position] == header and all(i < width and cells[i] == name for i, name in names)


def _is_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does: alone in a row of a wider table it is a note."""
    return len(text) > _MIN_SENTENCE and text.endswith(_SENTENCE_ENDS)
