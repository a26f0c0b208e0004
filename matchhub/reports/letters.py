"""Official letters (公文) as Word documents: a title, paragraphs, tables, a place for seal and signature."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

_BODY, _HEAD, _TITLE = "仿宋", "黑体", "方正小标宋简体"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first level (一、…)."""

    words: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``right`` for the lines of who signs, ``flush`` without an indented first line."""

    words: str
    right: bool = False
    flush: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A bordered table: ``widths`` of its columns in millimetres, perhaps no headings; ``tall`` rows to write in."""

    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    headings: Sequence[str] = ()
    tall: bool = False


Block = Heading | Text | Table


def write_letter(title: str, blocks: Sequence[Block], made_on: date) -> bytes:
    """The letter as .docx; it bears the day ``made_on`` and nothing of the moment it was written."""
    document = docx.Document()
    _set_page(document)
    _paragraph(document, title, _TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER, after=18)
    for block in blocks:
        if isinstance(block, Heading):
            _paragraph(document, block.words, _HEAD, 16, indent=True, keep=True)
        elif isinstance(block, Text):
            align = WD_ALIGN_PARAGRAPH.RIGHT if block.right else WD_ALIGN_PARAGRAPH.JUSTIFY
            _paragraph(document, block.words, _BODY, 16, align=align, indent=not (block.right or block.flush))
        else:
            _table(document, block)
    core = document.core_properties
    core.author, core.title = "", title
    core.created = core.modified = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001 - a bare one
    target = io.BytesIO()
    document.save(target)
    return _without_clock(target.getvalue())


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)


def _paragraph(
    parent: Any, words: str, font: str, size: int, *, align: Any = None, indent: bool = False, keep: bool = False,
    after: int = 0, line: int = 28,
) -> None:  # fmt: skip
    paragraph = parent.add_paragraph()
    _fill(paragraph, words, font, size)
    shape = paragraph.paragraph_format
    shape.alignment, shape.space_before, shape.space_after = align, Pt(0), Pt(after)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(line, size + 10))
    shape.keep_with_next = keep
    if indent:
        shape.first_line_indent = Pt(size * 2)


def _fill(paragraph: Any, words: str, font: str, size: int) -> None:
    run = paragraph.add_run(words)
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _table(document: Any, wanted: Table) -> None:
    table = document.add_table(rows=0, cols=len(wanted.widths))
    table.style, table.autofit = "Table Grid", False
    for number, texts in enumerate([*([wanted.headings] if wanted.headings else []), *wanted.rows]):
        row = table.add_row()
        if wanted.tall:
            row.height = Mm(42)
        for cell, text, width in zip(row.cells, texts, wanted.widths, strict=True):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            _fill(paragraph, text, _HEAD if wanted.headings and not number else _BODY, 12)
            paragraph.paragraph_format.line_spacing = Pt(20)
            paragraph.paragraph_format.space_after = Pt(0)
    _paragraph(document, "", _BODY, 8, line=12)


def _without_clock(content: bytes) -> bytes:
    """The same document, its parts as of 1980: the library writes the moment of saving into the archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            part = zipfile.ZipInfo(each.filename, _FIRST_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(each.filename))
    return target.getvalue()
