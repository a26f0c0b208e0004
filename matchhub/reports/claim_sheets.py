"""A claim sheet (申领表) as a Word document: headings, paragraphs and bordered tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # a file says nothing of when it was made: its text does


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One clause: its title, what is said of it, and a table of the rows behind it (headings first)."""

    title: str
    said: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class ClaimSheet:
    """The whole sheet: ``facts`` are (label, value) pairs above the parts, ``closing`` lines for signature and seal."""

    title: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[SheetPart]
    closing: Sequence[str]


def write_claim_sheet(target: IO[bytes], sheet: ClaimSheet) -> None:
    """Write the sheet as a .docx file."""
    document = docx.Document()
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "FangSong", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(sheet.title)
    run.bold, run.font.size = True, Pt(18)
    _table(document, [], [list(pair) for pair in sheet.facts])
    for part in sheet.parts:
        document.add_paragraph().add_run(part.title).bold = True
        for said in part.said:
            document.add_paragraph(said)
        _table(document, part.headings, part.rows)
    for line in sheet.closing:
        document.add_paragraph(line)
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = _MADE
    document.save(target)


def _table(document: Any, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    width = len(headings) or len(rows[0])
    table = document.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    for row in ([headings] if headings else []) + list(rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
