"""Official letters (公文) as Word documents: a title, paragraphs, tables, a place for seal and signature.

Laid out as GB/T 9704 asks for: A4, margins of 37, 35, 28 and 26 mm, body of 16 pt on lines of 28 pt, page numbers.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import docx
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from matchhub.reports.official import closed_up

WIDTH = 156
"""Millimetres between the margins."""
_BODY, _HEAD, _TITLE = "仿宋", "黑体", "方正小标宋简体"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_ON_ONE_PAGE = 12  # rows: a table of no more is not torn in two
_BEFORE_STYLE = ("w:autoSpaceDE", "w:autoSpaceDN")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first level (一、…)."""

    words: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``flush`` without an indented first line, ``keep`` on the page of what follows."""

    words: str
    flush: bool = False
    keep: bool = False
    line: int = 28  # points from line to line


@dataclass(frozen=True, slots=True)
class Signature:
    """The lines of who signs, seals and when; they stay on one page, with the paragraph before them if it is kept."""

    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Box:
    """A frame to write in: empty above, and these lines at its foot."""

    lines: Sequence[str]
    height: int = 60


@dataclass(frozen=True, slots=True)
class Table:
    """A bordered table: ``widths`` of its columns in millimetres, perhaps no headings; ``numbers`` are the columns
    whose cells stand at the right."""

    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    headings: Sequence[str] = ()
    numbers: Collection[int] = ()


Block = Heading | Text | Table | Signature | Box


def write_letter(title: Sequence[str], blocks: Sequence[Block], made_on: date, *, mark: str = "") -> bytes:
    """The letter as .docx: the lines of its title, its blocks, ``mark`` above every page.

    It bears the day ``made_on`` and nothing of the moment it was written.
    """
    document = docx.Document()
    _set_page(document, mark)
    size = min(22, 420 // max(map(len, title)))  # a line of a title is not broken
    for number, words in enumerate(title, 1):
        after = 18 if number == len(title) else 0
        _paragraph(document, words, _TITLE, size, align=WD_ALIGN_PARAGRAPH.CENTER, after=after, keep=True)
    for block in blocks:
        _WRITERS[type(block)](document, block)
    core = document.core_properties
    core.author, core.title = "", "".join(title)
    core.created = core.modified = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001 - a bare one
    target = io.BytesIO()
    document.save(target)
    return _without_clock(target.getvalue())


def _set_page(document: Any, mark: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(22), Mm(25)
    if mark:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _fill(head, mark, _HEAD, 11)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _fill(foot, "— ", "宋体", 14)
    _page_number(foot)
    _fill(foot, " —", "宋体", 14)
    spacing = document.styles["Normal"].element.get_or_add_pPr()
    for name in _BEFORE_STYLE:  # figures stand beside characters without a gap
        each = OxmlElement(name)
        each.set(qn("w:val"), "0")
        spacing.append(each)


def _page_number(paragraph: Any) -> None:
    """A field that Word fills with the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    _fill(paragraph, "1", "宋体", 14)
    field.append(paragraph.runs[-1]._element)
    paragraph._p.append(field)


def _paragraph(
    parent: Any, words: str, font: str, size: int, *, align: Any = None, indent: bool = False, keep: bool = False,
    before: int = 0, after: int = 0, line: int = 28,
) -> Any:  # fmt: skip
    paragraph = parent.add_paragraph()
    _fill(paragraph, words, font, size)
    shape = paragraph.paragraph_format
    shape.alignment, shape.space_before, shape.space_after = align, Pt(before), Pt(after)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(line, size + 10))
    shape.keep_with_next, shape.widow_control = keep, True
    if indent:
        shape.first_line_indent = Pt(size * 2)
    return paragraph


def _fill(paragraph: Any, words: str, font: str, size: int) -> None:
    run = paragraph.add_run(closed_up(words))
    run.font.name, run.font.size = "Times New Roman", Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _heading(document: Any, wanted: Heading) -> None:
    _paragraph(document, wanted.words, _HEAD, 16, indent=True, keep=True, before=6)


def _text(document: Any, wanted: Text) -> None:
    align = WD_ALIGN_PARAGRAPH.JUSTIFY
    _paragraph(
        document, wanted.words, _BODY, 16, align=align, indent=not wanted.flush, keep=wanted.keep, line=wanted.line
    )


def _sign(document: Any, wanted: Signature) -> None:
    for number, words in enumerate(wanted.lines):
        last = number == len(wanted.lines) - 1
        shape = _paragraph(document, words, _BODY, 16, keep=not last).paragraph_format
        shape.left_indent, shape.space_before = Mm(60), Pt(0 if number else 14)
        shape.keep_together = True


def _box(document: Any, wanted: Box) -> None:
    table = document.add_table(rows=1, cols=1)
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    row, cell = table.rows[0], table.rows[0].cells[0]
    _set_widths(table, (WIDTH,))
    _whole(row)
    row.height, cell.vertical_alignment = Mm(wanted.height), WD_ALIGN_VERTICAL.BOTTOM
    for number, words in enumerate(wanted.lines):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        _fill(paragraph, words, _BODY, 14)
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.space_after = Mm(WIDTH * 45 // 100), Pt(4)


def _table(document: Any, wanted: Table) -> None:
    table = document.add_table(rows=0, cols=len(wanted.widths))
    table.style, table.autofit, table.alignment = "Table Grid", False, WD_TABLE_ALIGNMENT.CENTER
    lines = [*([wanted.headings] if wanted.headings else []), *wanted.rows]
    for number, texts in enumerate(lines):
        row, heads = table.add_row(), bool(wanted.headings) and not number
        _whole(row, repeated=heads)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            label = heads or (not wanted.headings and column == 0)
            cell.vertical_alignment, paragraph = WD_ALIGN_VERTICAL.CENTER, cell.paragraphs[0]
            _fill(paragraph, text, _HEAD if label else _BODY, 12)
            shape = paragraph.paragraph_format
            shape.space_before = shape.space_after = Pt(2)
            shape.line_spacing = Pt(18)
            shape.keep_with_next = heads or (len(lines) <= _ON_ONE_PAGE and number < len(lines) - 1)
            if heads:
                shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif column in wanted.numbers:
                shape.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _set_widths(table, wanted.widths)
    _paragraph(document, "", _BODY, 8, line=12)


def _set_widths(table: Any, widths: Sequence[int]) -> None:
    """In the grid, which LibreOffice and WPS follow, and in the cells, which Word follows."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _whole(row: Any, *, repeated: bool = False) -> None:
    """Keep a row on one page; ``repeated`` at the top of every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeated:
        properties.append(OxmlElement("w:tblHeader"))


_WRITERS: Mapping[type, Callable[[Any, Any], None]] = {
    Heading: _heading,
    Text: _text,
    Signature: _sign,
    Box: _box,
    Table: _table,
}


def _without_clock(content: bytes) -> bytes:
    """The same document, its parts as of 1980: the library writes the moment of saving into the archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            part = zipfile.ZipInfo(each.filename, _FIRST_DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(each.filename))
    return target.getvalue()
