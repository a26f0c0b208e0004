"""A sample's worksheet that was filled in as xlsx, read back: all of it is written down, or nothing and why not."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from ingest.reading import open_file
from ingest.tables import Table
from matchhub.db.tables import Sample, SampledRecord
from matchhub.errors import FileRefused, Refusal
from matchhub.services.counting.samplers import require_sampler
from matchhub.services.counting.sampling import MOST_NOTE, changed_since, note_finding, open_sample, sheet_mark
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records

COLUMNS = ("position", "sample", "record", "title", "number", "source", "person", "finding", "note")
"""Columns of the worksheet in their order; their headings are the labels ``sheet_column``, which the page knows."""
_NEEDED = ("position", "sample", "record", "title", "number", "finding", "note")
_FORMULA = re.compile(rb"""<c\b[^>]*?\br=["']([A-Z]{1,3}\d+)["'][^>]*>\s*<f[\s/>]""")
_LETTERS = re.compile("[A-Z]")
_MOST_PART = 20_000_000  # bytes of one sheet; a worksheet of thousands of rows has less


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The words of a worksheet in every language: heading -> column, and word -> finding."""

    headings: Mapping[str, str]
    findings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong at one place: the sheet's row, the column by its label, and code and data of the sentence."""

    line: int
    column: str
    code: str
    value: str = ""


class WorksheetFaulty(Refusal):
    """Nothing of a worksheet was written, for every one of ``faults``."""

    code = "sheet_faulty"

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        super().__init__(number=len(faults))
        self.faults = tuple(sorted(faults, key=lambda each: (each.line, COLUMNS.index(each.column))))


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """``written`` findings were new or changed, ``empty`` rows say nothing yet."""

    written: int
    empty: int


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    position: str
    sample: str
    record: str
    title: str
    number: str
    finding: str
    note: str


def take_worksheet(unit: Unit, sample_id: int, name: str, content: bytes, spoken: SheetWords) -> SheetTaken:
    """Write down the findings of a filled worksheet, all of them or none.

    Rows without finding and note are left for later. Raises ``NotFound``, ``Conflict("sample_closed")``,
    ``FileRefused`` for what is no workbook, ``Refusal("sheet_columns_missing")``, and ``WorksheetFaulty``, after which
    the unit must not be committed.
    """
    require_sampler(unit)
    sample = open_sample(unit, sample_id)
    rows, faults = _read(name, content, spoken.headings)
    chosen = select(SampledRecord).where(SampledRecord.sample_id == sample_id)
    drawn = {row.record_id: row for row in unit.session.execute(chosen).scalars()}
    faults += _identity_faults(rows, drawn, sheet_mark(sample.id, sample.seed))
    faults += _name_faults(unit, sample, rows, drawn)
    words = spoken.findings
    faults += [fault for row in rows for fault in _finding_faults(row, words)]
    if faults:
        raise WorksheetFaulty(faults)
    filled = [row for row in rows if row.finding]
    kept = {key: (each.finding, each.note or "") for key, each in drawn.items()}
    new = [row for row in filled if kept[int(row.record)] != (words[row.finding], row.note)]
    for row in new:
        try:
            note_finding(unit, sample_id, int(row.record), words[row.finding], row.note)
        except Refusal as refusal:
            column = "note" if refusal.code.startswith("finding_note") else "record"
            faults.append(SheetFault(row.line, column, refusal.code))
    if faults:
        raise WorksheetFaulty(faults)  # the unit ends with it, and with it what was written so far
    return SheetTaken(len(new), len(rows) - len(filled))


def _read(name: str, content: bytes, headings: Mapping[str, str]) -> tuple[list[_Row], list[SheetFault]]:
    """Rows of the sheet that has the worksheet's columns, and a fault for each formula in the file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        path.write_bytes(content)
        opened = open_file(path, name)
        for table in opened.tables:
            if table.format == "xlsx" and (found := _rows(table, headings)) is not None:
                return found, _formulas(content)
    if any(table.format != "xlsx" for table in opened.tables):
        raise FileRefused("sheet_not_xlsx", file=name)
    raise Refusal("sheet_columns_missing")


def _rows(table: Table, headings: Mapping[str, str]) -> list[_Row] | None:
    """The rows below the headings of a worksheet; None where a table has not all that are needed."""
    lines = iter(table.rows())
    heading = next(lines, None)
    found = {headings.get(cell.strip(), ""): at for at, cell in enumerate(heading.cells)} if heading else {}
    if not set(_NEEDED) <= set(found):
        return None
    places = {column: found[column] for column in _NEEDED}
    return [
        _Row(line.line, *(line.cells[at].strip() if at < len(line.cells) else "" for at in places.values()))
        for line in lines
        if any(cell.strip() for cell in line.cells)
    ]


def _formulas(content: bytes) -> list[SheetFault]:
    """A cell that is reckoned says something else tomorrow: findings are written, not computed."""
    found = []
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/") and part.file_size <= _MOST_PART:
                for cell in _FORMULA.findall(archive.read(part)):
                    text, line = cell.decode(), int(_LETTERS.sub("", cell.decode()))
                    found.append(SheetFault(line, _column(text), "sheet_formula", text))
    return found


def _column(cell: str) -> str:
    letters = cell.rstrip("0123456789")
    at = ord(letters) - ord("A") if len(letters) == 1 else len(COLUMNS)
    return COLUMNS[at] if at < len(COLUMNS) else "note"


def _identity_faults(rows: Sequence[_Row], drawn: dict[int, SampledRecord], mark: str) -> list[SheetFault]:
    """Rows of another sample, of records that were not drawn, moved to another number, or there twice."""
    faults: list[SheetFault] = []
    seen: set[int] = set()
    for row in rows:
        known = drawn.get(int(row.record)) if row.record.isdecimal() and len(row.record) < 19 else None
        if row.sample != mark:
            faults.append(SheetFault(row.line, "sample", "sheet_other_sample", row.sample))
        elif known is None:
            faults.append(SheetFault(row.line, "record", "sheet_record_unknown", row.record))
        elif row.position != str(known.position):
            faults.append(SheetFault(row.line, "record", "sheet_record_changed", row.record))
        elif known.record_id in seen:
            faults.append(SheetFault(row.line, "record", "sheet_record_twice", row.record))
        if known is not None:
            seen.add(known.record_id)
    return faults


def _name_faults(unit: Unit, sample: Sample, rows: Sequence[_Row], drawn: Collection[int]) -> Iterator[SheetFault]:
    """Rows that name another thing than their record: whoever was on site then looked at that one.

    A record that was changed after the drawing may bear another name by now; it is confirmed with a note only.
    """
    known = {int(row.record): row for row in rows if row.record.isdecimal() and len(row.record) < 19}
    asked = known.keys() & set(drawn)
    labels, changed = label_records(unit, sample.record_kind, asked), changed_since(unit, sample, asked)
    for record in sorted(asked - changed.keys()):
        row, label = known[record], labels.get(record, Label(f"#{record}"))
        for column, said, meant in (("title", row.title, label.title), ("number", row.number, label.number)):
            if "".join(said.split()) != "".join(meant.split()):
                yield SheetFault(row.line, column, "sheet_name_changed", said[:60])


def _finding_faults(row: _Row, words: Mapping[str, str]) -> Iterator[SheetFault]:
    if not row.finding:
        if row.note:
            yield SheetFault(row.line, "finding", "sheet_finding_missing")
    elif row.finding not in words:
        yield SheetFault(row.line, "finding", "sheet_finding_unknown", row.finding)
    elif not row.note and words[row.finding] != "confirmed":
        yield SheetFault(row.line, "note", "finding_note_missing")
    if len(row.note) > MOST_NOTE:
        yield SheetFault(row.line, "note", "sheet_note_long")
