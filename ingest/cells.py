"""The cells of one row by field, read strictly: a cell that cannot be read becomes a problem of its row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from ingest.columns import Column
from ingest.dates import SHIFT_OF_1904, is_day_number, is_long_term, parse_date, parse_period, read_day
from ingest.money import FOREIGN, is_negotiable, parse_money, parse_percent, unit_of_header
from ingest.name_lists import split_list
from ingest.tables import NumberCell
from ingest.terms import read_term
from matchhub.domain.addresses import normal_field, read_addresses
from matchhub.domain.cell_text import tidy
from matchhub.domain.credit_codes import mask_personal_numbers
from matchhub.domain.identifiers import normalise_uscc
from matchhub.domain.records import Problem, Record, Row, Source
from matchhub.domain.traditional import simplified
from matchhub.errors import IdentifierInvalid

Severity = Literal["error", "review", "warning"]
T = TypeVar("T")
Explained = tuple[tuple[str, str], ...]  # (word, meaning): what a person said that words of a source mean

_SHOWN_CHARACTERS = 500  # of a cell in a problem
_PERSONAL_NUMBER = 18  # characters


def first_match(patterns: Sequence[tuple[str, T]], text: str) -> T | None:
    """The value of the first (pattern, value) whose pattern occurs in the text (NFKC, lower case); None for none."""
    low = simplified(unicodedata.normalize("NFKC", text)).lower()
    return next((value for pattern, value in patterns if re.search(pattern, low)), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field of one table stands: computed once, used for every row."""

    kind: str
    columns: Mapping[str, Sequence[Column]]
    places: Mapping[str, tuple[int, ...]]  # 0-based positions of the columns of each field
    title: str = ""  # the first cells above the header: what the document itself says
    heading: str = ""  # the title with the names of sheet and file
    as_of_on: date | None = None  # the as-of day of the table
    explained: Explained = ()
    date_1904: bool = False  # day numbers count from 1904
    money_unit: str | None = None  # the unit that the table states for all its amounts, see ``money.unit_of_title``

    @classmethod
    def of(
        cls,
        kind: str,
        columns: Mapping[str, Sequence[Column]],
        title: str,
        heading: str,
        as_of_on: date | None = None,
        explained: Explained = (),
        date_1904: bool = False,
        money_unit: str | None = None,
    ) -> Layout:
        """Layout from the columns of each field, best column first."""
        places = {field: tuple(column.index for column in listed) for field, listed in columns.items()}
        return cls(kind, columns, places, title, heading, as_of_on, explained, date_1904, money_unit)

    def header(self, field: str) -> str:
        """The header over the best column of a field, as written; the field's name where no column has it."""
        columns = self.columns.get(field)
        return columns[0].header if columns else field


class Cells:
    """One row under reading. A getter returns None, "" or an empty tuple where the row says nothing of the field."""

    __slots__ = ("_cells", "_places", "_width", "layout", "problems", "source", "stated_on")

    def __init__(self, layout: Layout, cells: Sequence[str], source: Source) -> None:
        self.layout = layout
        self._cells = cells
        self._width = len(cells)
        self._places = layout.places
        self.source = source
        self.stated_on: date | None = None  # the as-of day that the table or its own column tells
        self.problems: list[Problem] = []

    def add_problem(self, field: str, code: str, value: str = "", severity: Severity = "error") -> None:
        """Add a problem with a field of this row; ``code`` has its sentence in ``matchhub/wording``."""
        file, line, sheet = self.source.file, self.source.line, self.source.sheet
        header, shown = self.layout.header(field), value[:_SHOWN_CHARACTERS]
        self.problems.append(Problem(file, line, header, shown, code, severity, sheet))

    def row(self, record: Record) -> Row:
        """The result of the row: its problems, and the record unless one of them refuses it."""
        refused = any(problem.severity == "error" for problem in self.problems)
        return Row(self.source, None if refused else record, tuple(self.problems))

    def raw(self, field: str) -> str:
        """The first filled cell of the field, tidied; a numeric cell stays a ``NumberCell``."""
        if field not in self._places:  # the usual case: most tables have a third of the fields
            return ""
        for index in self._places[field]:
            if index < self._width and (cell := self._cells[index]) and (text := tidy(cell)):
                return cell if isinstance(cell, NumberCell) else text
        return ""

    def all_raw(self, field: str) -> list[str]:
        """Every filled cell of the field, tidied, best column first."""
        places = self._places.get(field)
        if not places:
            return []
        found = [tidy(self._cells[index]) for index in places if index < self._width]
        return [text for text in found if text]

    def all_with_headers(self, field: str) -> list[tuple[str, str]]:
        """Every filled cell of the field, tidied, with the header over it."""
        columns = self.layout.columns.get(field, ())
        found = [(each.header, tidy(self._cells[each.index])) for each in columns if each.index < self._width]
        return [(header, text) for header, text in found if text]

    def text(self, field: str) -> str | None:
        """The text of the field, with personal identity numbers masked."""
        text = self.raw(field)
        if len(text) >= _PERSONAL_NUMBER and self.layout.kind != "patents":  # public data, and the longest texts
            text = mask_personal_numbers(text)
        return text or None

    def emails(self, field: str) -> tuple[str | None, str | None]:
        """The addresses of the field, tidied, and a name that stands beside the first.

        An address no letter can go to is told; where none is usable the field stays as it was written.
        """
        read = read_addresses(self.raw(field))
        for each in read.unusable:
            self.add_problem(field, each.code, each.typed, "warning")
        return normal_field(self.text(field)), next((each.name for each in read.usable if each.name), None)

    def texts(self, field: str) -> tuple[str, ...]:
        """The names that the field lists."""
        text = self.raw(field)
        return split_list(text) if text else ()

    def day(self, field: str, severity: Severity = "warning") -> date | None:
        """The day in the field; an unreadable one is None and a problem of ``severity``, 长期 is None alone."""
        raw = self.raw(field)
        if not raw:
            return None
        try:
            day = read_day(raw, isinstance(raw, NumberCell))
        except IdentifierInvalid as fault:
            if not is_long_term(raw):
                self.add_problem(field, fault.code, raw, severity)
            return None
        if day.remark:
            self.add_problem(field, day.remark, raw, "warning")
        return day.on + SHIFT_OF_1904 if self.layout.date_1904 and is_day_number(raw) else day.on

    def period(self, field: str) -> tuple[date | None, date | None]:
        """First and last day of a field such as 有效期; an unreadable one is a warning."""
        raw = self.raw(field)
        if not raw:
            return None, None
        try:
            if isinstance(raw, NumberCell):
                return None, parse_date(raw, True)
            return parse_period(raw)
        except IdentifierInvalid as fault:
            self.add_problem(field, fault.code, raw, "warning")
            return None, None

    def term(self, field: str, begins: date | None) -> tuple[date | None, date | None]:
        """First and last day of a term such as 许可期限, which may run from ``begins`` (3年, 至专利权终止)."""
        raw = self.raw(field)
        if raw and not isinstance(raw, NumberCell) and (found := read_term(raw, begins)):
            return found
        return self.period(field)

    def money(self, field: str, severity: Severity = "warning") -> Decimal | None:
        """The amount in yuan; an unreadable one is a problem of ``severity``, 面议 is None without problem.

        The unit may stand in the header, in a column of currencies or units, or above the table. An assumed unit, a
        range and what the words leave open are warnings.
        """
        raw = self.raw(field)
        if not raw or is_negotiable(raw):
            return None
        try:
            amount = parse_money(raw, self._unit(field))
        except IdentifierInvalid as fault:
            self.add_problem(field, fault.code, raw, severity)
            return None
        if amount.remark:
            self.add_problem(field, amount.remark, raw, "warning")
        return amount.yuan

    def _unit(self, field: str) -> str | None:
        """The unit of bare numbers: that of the header, else of the row's own column, else of the whole table."""
        unit = unit_of_header(self.layout.header(field))
        currency = self.raw("currency")
        stated = unit_of_header(currency) if currency else None
        if stated == FOREIGN or unit is None:
            return stated if stated is not None else (unit or self.layout.money_unit)
        return unit

    def negotiable(self, field: str) -> bool:
        """Whether the field says that the amount is negotiable (面议)."""
        return is_negotiable(self.raw(field))

    def percent(self, field: str) -> Decimal | None:
        """The per cent in the field (5 for 5%); an unreadable value is a warning."""
        raw = self.raw(field)
        if not raw:
            return None
        try:
            return parse_percent(raw)
        except IdentifierInvalid as fault:
            self.add_problem(field, fault.code, raw, "warning")
            return None

    def uscc(self, field: str, severity: Severity = "review") -> str | None:
        """The unified social credit code (统一社会信用代码) in the field; a wrong one is a problem of ``severity``."""
        raw = self.raw(field)
        if not raw:
            return None
        try:
            return normalise_uscc(raw)
        except IdentifierInvalid as fault:
            self.add_problem(field, fault.code, mask_personal_numbers(raw), severity)
            return None

    def set_as_of_day(self, *days: date | None) -> None:
        """Set the row's as-of day: the latest of that of its table, that of its own column and ``days``."""
        stated = [day for day in (self.layout.as_of_on, self.day("as_of_on")) if day]
        self.stated_on = max(stated, default=None)
        known = [*stated, *(day for day in days if day)]
        if known:
            source = self.source
            self.source = Source(source.file, source.line, source.sheet, source.raw, max(known))

    def expect(self, value: object, field: str, code: str) -> None:
        """Refuse the row when ``value`` is empty, unless the field has a problem already (then it was unreadable)."""
        header = self.layout.header(field)
        if not value and not any(problem.column == header for problem in self.problems):
            self.add_problem(field, code)
