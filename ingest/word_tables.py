"""Tables of Word documents (docx), in which lists of qualified firms are published.

The paragraphs above a table are its title. Text that was struck out while changes were tracked is left out, inserted
text is read. Runs in the parser process, as every reader of a container does.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table as WordTable

from ingest.tables import RawRow, Table, title_rows
from matchhub.errors import FileRefused

_TEXT, _TAB, _PARAGRAPH, _TABLE = qn("w:t"), qn("w:tab"), qn("w:p"), qn("w:tbl")
_BREAKS = (qn("w:br"), qn("w:cr"))
_NOT_READ = (qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_MAX_COLUMNS = 200


def open_word(path: Path, name: str) -> list[Table]:
    """Tables of a document, in order, without those inside other tables.

    Raises ``FileRefused`` ``word_without_table``; a broken file raises what its library raises.
    """
    found = list(_tables(docx.Document(str(path))))
    if not found:
        raise FileRefused("word_without_table", file=name)
    return [
        Table(name, lambda rows=rows: iter(rows), "docx", f"表{at}" if len(found) > 1 else "")  # type: ignore[misc]
        for at, rows in enumerate(found, start=1)
    ]


def _tables(document: Any) -> Iterator[list[RawRow]]:
    above: list[str] = []
    for block in document.element.body.iter(_PARAGRAPH, _TABLE):
        if next(block.iterancestors(_TABLE), None) is not None:
            continue  # a part of a table that is read already
        if block.tag == _TABLE:
            title = title_rows(above)
            yield [*title, *_rows(WordTable(block, document), len(title))]
            above = []
        elif text := _text(block):
            above.append(text)


def _rows(table: WordTable, line: int) -> Iterator[RawRow]:
    """Rows that hold text. A cell merged downwards stands in each of its rows, one merged sideways only in its first
    column, as in workbooks."""
    texts: dict[Any, str] = {}
    for number, row in enumerate(table.rows, start=line + 1):
        cells = [""] * min(row.grid_cols_before, _MAX_COLUMNS)
        before = None
        for cell in islice(row.cells, _MAX_COLUMNS):
            place = cell._tc
            if place not in texts:
                texts[place] = _text(place)
            cells.append("" if place is before else texts[place])
            before = place
        if any(cells):
            yield RawRow(number, tuple(cells))


def _text(block: Any) -> str:
    """The text of a paragraph or cell as it stands after all tracked changes."""
    found: list[str] = []
    for each in block.iter(_TEXT, _TAB, _PARAGRAPH, *_BREAKS):
        if each.tag == _TEXT:
            if not any(parent.tag in _NOT_READ for parent in each.iterancestors()):
                found.append(each.text or "")
        elif each.tag == _TAB:
            found.append("\t" if each.getparent().tag == qn("w:r") else "")  # elsewhere it sets a tab stop
        else:
            found.append("\n")
    return "\n".join(line.strip() for line in "".join(found).split("\n") if line.strip())
