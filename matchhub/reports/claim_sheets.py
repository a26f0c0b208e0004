"""A claim sheet (申领表): one payee's clauses, each with the rows behind it, as an official letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matchhub.reports.letters import WIDTH, Block, Heading, Signature, Table, Text, write_letter

_FACTS = (46, WIDTH - 46)
_LEAST, _MOST = 18, 70  # millimetres of a column


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One clause: its title, what is said of it, and a table of the rows behind it; ``numbers``: columns of figures."""

    title: str
    said: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class ClaimSheet:
    """The whole sheet: ``facts`` are (label, value) pairs above the parts, ``closing`` is said below them, and
    ``signature`` are the lines for seal and day."""

    title: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[SheetPart]
    closing: str
    signature: Sequence[str]


def claim_sheet(sheet: ClaimSheet, made_on: date) -> bytes:
    """The sheet as a .docx file; the same sheet is the same bytes."""
    blocks: list[Block] = [Table(_FACTS, sheet.facts)]
    for part in sheet.parts:
        blocks.append(Heading(part.title))
        blocks += [Text(said, keep=True) for said in part.said]
        blocks.append(Table(column_widths(part), part.rows, part.headings, part.numbers))
    return write_letter((sheet.title,), [*blocks, Text(sheet.closing, keep=True), Signature(sheet.signature)], made_on)


def column_widths(part: SheetPart) -> tuple[int, ...]:
    """Millimetres of each column, by what stands in it: what is short does not break, what is long shares the rest."""
    wished = [
        min(_MOST, max(_LEAST, 4 + max(_millimetres(text) for text in column)))
        for column in zip(part.headings, *part.rows, strict=True)
    ]
    short = [width if width <= WIDTH // len(wished) else 0 for width in wished]
    long = sum(width for width, fixed in zip(wished, short, strict=True) if not fixed)
    rest = WIDTH - sum(short)
    return tuple(fixed or width * rest // long for width, fixed in zip(wished, short, strict=True))


def _millimetres(text: str) -> int:
    """How long a text of 12 points runs: a Chinese character takes 4.3 millimetres, others about half."""
    return sum(43 if ord(sign) > 0x2E7F else 23 for sign in text) // 10 + 1
