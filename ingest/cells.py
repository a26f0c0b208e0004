"""The cells of one row by field, read strictly; every cell that cannot be read becomes a problem of its row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ingest.columns import Column
from ingest.dates import is_long_term, parse_date, parse_period
from ingest.money import is_negotiable, parse_money, parse_percent, unit_of_header
from ingest.tables import NumberCell
from matchhub.domain.identifiers import normalise_uscc
from matchhub.domain.records import Problem, Record, Row, Source
from matchhub.errors import IdentifierInvalid

Severity = Literal["error", "review", "warning"]

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_BLANKS = re.compile(r"[ \t\u00a0\u3000]+")
_NOTHING = frozenset(
    {"n/a", "na", "#n/a", "nan", "null", "none", "-", "--", "---", "—", "——", "/", "\\", "无", "暂无", "未知", "空"}
)
_LONGEST_NOTHING = max(map(len, _NOTHING))
_UNTIDY = re.compile(r"^[=\"'`]|[\t\u00ad\u00a0\u200b-\u200f\u2060\u3000\ufeff]|  ")
_QUOTES = ("=", '"', "'", "`")
_LIST = re.compile(r"\s*[;；|\n]\s*(?:[?？]+)?|、")
_PARTED = re.compile(r"[;；|\n、]")
_COMMA = re.compile(r"\s*[,，]\s*")
_CHINESE = re.compile(r"^[\u3400-\u9fff]")
_TEXT_FORMULA = re.compile(r'^=?"([^"]*)"$|^[\'`](?=\d)')  # ="0123" and '0123 keep a spreadsheet from reading a number
_HYPERLINK = re.compile(r'^=HYPERLINK\(.*?[,;]\s*"([^"]*)"\)$', re.IGNORECASE | re.DOTALL)


def tidy(text: str) -> str:
    """A cell without invisible characters, runs of blanks and the formula of a hyperlink; "" for N/A and its like."""
    # Nearly every cell is clean, and ``isprintable`` knows no blank but the common one: no search in long texts.
    if not (text.isprintable() and "  " not in text and text[:1] not in _QUOTES) and _UNTIDY.search(text):
        text = _BLANKS.sub(" ", _INVISIBLE.sub("", _HYPERLINK.sub(r"\1", text))).strip()
        text = _TEXT_FORMULA.sub(r"\1", text)
    plain = text.strip()
    return "" if len(plain) <= _LONGEST_NOTHING and plain.lower() in _NOTHING else plain


def split_list(text: str) -> tuple[str, ...]:
    """Names in one cell, by ``;`` ``|`` ``、`` or line break, and by commas when every part is Chinese."""
    parts = [part.strip(" ;；|,，") for part in (_LIST.split(text) if _PARTED.search(text) else (text,))]
    if len(parts) == 1 and ("," in text or "，" in text):
        pieces = [piece for piece in _COMMA.split(text) if piece]
        if all(_CHINESE.match(piece) for piece in pieces):
            parts = pieces
    return tuple(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Layout:
    """How the columns of one table map to fields: computed once, used for every row."""

    kind: str
    columns: Mapping[str, Sequence[Column]]
    places: Mapping[str, tuple[int, ...]]  # the columns' positions alone
    title: str = ""  # the rows above the header: what the document itself says
    heading: str = ""  # the title with the names of sheet and file
    as_of_on: date | None = None  # the day of which the table speaks

    @classmethod
    def of(
        cls, kind: str, columns: Mapping[str, Sequence[Column]], title: str, heading: str, as_of_on: date | None = None
    ) -> Layout:
        """Layout of columns by field, best column first."""
        places = {field: tuple(column.index for column in listed) for field, listed in columns.items()}
        return cls(kind, columns, places, title, heading, as_of_on)

    def header(self, field: str) -> str:
        columns = self.columns.get(field)
        return columns[0].header if columns else field


class Cells:
    """One row under reading. Getters return None or an empty tuple where the row is silent."""

    __slots__ = ("_cells", "_places", "_width", "layout", "problems", "source")

    def __init__(self, layout: Layout, cells: Sequence[str], source: Source) -> None:
        self.layout = layout
        self._cells = cells
        self._width = len(cells)
        self._places = layout.places
        self.source = source
        self.problems: list[Problem] = []

    def complain(self, field: str, code: str, value: str = "", severity: Severity = "error") -> None:
        """Record a problem with a field of this row."""
        file, line, sheet = self.source.file, self.source.line, self.source.sheet
        self.problems.append(Problem(file, line, self.layout.header(field), value[:500], code, severity, sheet))

    def row(self, record: Record) -> Row:
        """The row's result: no record where a problem refuses it."""
        refused = any(problem.severity == "error" for problem in self.problems)
        return Row(self.source, None if refused else record, tuple(self.problems))

    def raw(self, field: str) -> str:
        """The first filled cell of the field, tidied; a numeric cell keeps its class."""
        if field not in self._places:  # most tables have a third of the fields
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

    def text(self, field: str) -> str | None:
        return self.raw(field) or None

    def texts(self, field: str) -> tuple[str, ...]:
        text = self.raw(field)
        return split_list(text) if text else ()

    def day(self, field: str, severity: Severity = "warning") -> date | None:
        """The field's day; what cannot be read is a problem and None; 长期 is None without problem."""
        raw = self.raw(field)
        if not raw:
            return None
        try:
            return parse_date(raw, isinstance(raw, NumberCell))
        except IdentifierInvalid as fault:
            if not is_long_term(raw):
                self.complain(field, fault.code, raw, severity)
            return None

    def period(self, field: str) -> tuple[date | None, date | None]:
        """First and last day of a field such as 有效期."""
        raw = self.raw(field)
        if not raw:
            return None, None
        try:
            if isinstance(raw, NumberCell):
                return None, parse_date(raw, True)
            return parse_period(raw)
        except IdentifierInvalid as fault:
            self.complain(field, fault.code, raw, "warning")
            return None, None

    def money(self, field: str, severity: Severity = "warning") -> Decimal | None:
        """The field in yuan; 面议 is None without problem (ask ``negotiable``)."""
        raw = self.raw(field)
        if not raw or is_negotiable(raw):
            return None
        try:
            amount = parse_money(raw, unit_of_header(self.layout.header(field)))
        except IdentifierInvalid as fault:
            self.complain(field, fault.code, raw, severity)
            return None
        if amount.remark:
            self.complain(field, amount.remark, raw, "warning")
        return amount.yuan

    def negotiable(self, field: str) -> bool:
        return is_negotiable(self.raw(field))

    def percent(self, field: str) -> Decimal | None:
        raw = self.raw(field)
        if not raw:
            return None
        try:
            return parse_percent(raw)
        except IdentifierInvalid as fault:
            self.complain(field, fault.code, raw, "warning")
            return None

    def uscc(self, field: str, severity: Severity = "review") -> str | None:
        raw = self.raw(field)
        if not raw:
            return None
        try:
            return normalise_uscc(raw)
        except IdentifierInvalid as fault:
            self.complain(field, fault.code, raw, severity)
            return None

    def speaks_of(self, *days: date | None) -> None:
        """Note the day of which the row speaks: the latest of its table's day, its own column and ``days``."""
        told = [day for day in (self.layout.as_of_on, self.day("as_of_on"), *days) if day]
        if told:
            source = self.source
            self.source = Source(source.file, source.line, source.sheet, source.raw, max(told))

    def expect(self, value: object, field: str, code: str) -> None:
        """Refuse the row when a field without which it has no identity is empty and not yet complained about."""
        header = self.layout.header(field)
        if not value and not any(problem.column == header for problem in self.problems):
            self.complain(field, code)


def first_of(values: Iterable[str | None]) -> str | None:
    """The first value that says anything."""
    return next((value for value in values if value), None)
