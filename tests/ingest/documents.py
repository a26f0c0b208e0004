"""Writes the Word and PDF files with tables that the tests of reading feed in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx

_LEFT, _TOP, _ROW, _SIZE = 40, 780, 24, 10  # points
Rows = Sequence[Sequence[str]]


def write_docx(path: Path, title: Sequence[str], *tables: Rows) -> Path:
    """A document with paragraphs, then tables."""
    document = docx.Document()
    for line in title:
        document.add_paragraph(line)
    for rows in tables:
        made = document.add_table(len(rows), len(rows[0]))
        for at, row in enumerate(rows):
            for cell, text in zip(made.rows[at].cells, row, strict=True):
                cell.text = text
        document.add_paragraph("")
    document.save(str(path))
    return path


def write_pdf(path: Path, title: Sequence[str], pages: Sequence[Rows], widths: Sequence[int], foot: str = "") -> Path:
    """Pages with a ruled table each, the title above the first one; Chinese text in a font that readers know.

    A None in a row leaves out the line above its cell, which so belongs to the cell above; a line break in a cell
    breaks its text.
    """
    contents = [_page(title if number == 0 else [], rows, widths, foot) for number, rows in enumerate(pages)]
    return _write_pages(path, contents)


def write_pdf_text(path: Path, lines: Sequence[str]) -> Path:
    """One page of text without any table; without lines a page such as a scanner makes it, empty of text."""
    return _write_pages(path, ["\n".join(_text(_LEFT, _TOP - 20 * at, line) for at, line in enumerate(lines))])


def _page(title: Sequence[str], rows: Rows, widths: Sequence[int], foot: str) -> str:
    drawn = [_text(_LEFT, _TOP - 18 * at, line) for at, line in enumerate(title)]
    top = _TOP - 18 * len(title) - 10
    edges = [_LEFT + sum(widths[:at]) for at in range(len(widths) + 1)]
    for at, row in enumerate(rows):
        upper = top - _ROW * at
        for column, cell in enumerate(row):
            if cell is not None:
                drawn.append(f"{edges[column]} {upper} m {edges[column + 1]} {upper} l S")
                for line, text in enumerate(cell.split("\n")):
                    drawn.append(_text(edges[column] + 3, upper - 10 - 11 * line, text))
    bottom = top - _ROW * len(rows)
    drawn.append(f"{edges[0]} {bottom} m {edges[-1]} {bottom} l S")
    drawn += [f"{edge} {top} m {edge} {bottom} l S" for edge in edges]
    if foot:
        drawn.append(_text(280, 30, foot))
    return "\n".join(drawn)


def _text(x: float, y: float, text: str) -> str:
    return f"BT /F1 {_SIZE} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"


def _write_pages(path: Path, contents: Sequence[str]) -> Path:
    count = len(contents)
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    ]
    for at, content in enumerate(contents):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {6 + 2 * at} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{each}\nendobj\n".encode("ascii")
    begin = len(out)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode("ascii")
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{begin}\n%%EOF\n".encode("ascii")
    path.write_bytes(out)
    return path
