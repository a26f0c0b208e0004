"""Is an import plausible as a whole? What is not is told before anything is written, and wants one explicit yes.

Each row of such a file may be sound by itself: a column filled down with one value, days that are all of today, a
file of another year that would replace thousands of values, a list of foreign patents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matchhub.domain.records import Kind, Row

MIN_ROWS = 20  # fewer rows prove nothing
SAMPLED_ROWS = 5_000  # of an import; values of more would fill the memory
_MOST_SHARE = 50  # per cent of the rows that may share one value of a field that tells records apart
_MOST_REPLACED = 20  # per cent of the known records whose value of one field an import may replace unasked
_MOST_FOREIGN = 20  # per cent of rows with a foreign patent or a foreign currency
_VALUES: Mapping[Kind, tuple[str, ...]] = {
    "patents": ("title", "abstract"),
    "enterprises": ("legal_representative", "contact_phone"),
    "experts": ("phone",),
    "agencies": ("phone",),
    "demands": ("text", "title"),
    "deals": ("contract_number",),
    "award_records": ("number",),
}
_DAYS: Mapping[Kind, tuple[str, ...]] = {
    "patents": ("filed_on",),
    "enterprises": ("registered_on",),
    "licences": ("notified_on", "reached_on"),
    "deals": ("signed_on",),
}
_FOREIGN = {"patent_foreign": "doubt_foreign_patents", "money_foreign": "doubt_foreign_currency"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not plausible: a code with its sentence, the field concerned, the value, and how many rows."""

    code: str
    field: str = ""
    value: str = ""
    rows: int = 0
    percent: int = 0

    def to_json(self) -> dict[str, Any]:
        """As command and page show it."""
        return {
            "code": self.code, "field": self.field, "value": self.value, "rows": self.rows, "percent": self.percent
        }  # fmt: skip


@dataclass(slots=True)
class Plausibility:
    """Watches the rows of one import."""

    kind: Kind
    today: date
    documents: frozenset[str] = frozenset()  # files laid out for readers: each of their rows is confirmed
    _rows: int = 0
    _sampled: int = 0
    _values: dict[str, Counter[Any]] = field(default_factory=dict)
    _foreign: Counter[str] = field(default_factory=Counter)
    _of_documents: int = 0

    def note(self, row: Row) -> None:
        """Take in one row."""
        self._rows += 1
        self._of_documents += row.source.file in self.documents
        for problem in row.problems:
            if problem.code in _FOREIGN:
                self._foreign[problem.code] += 1
        if row.record is None or self._sampled >= SAMPLED_ROWS:
            return
        self._sampled += 1
        for name in (*_VALUES.get(self.kind, ()), *_DAYS.get(self.kind, ())):
            if value := getattr(row.record, name):
                self._values.setdefault(name, Counter())[value] += 1

    def doubts(self, known: int, replaced: Mapping[str, int], examples: Mapping[str, str]) -> list[Doubt]:
        """Everything that is not plausible.

        ``known`` is the number of rows about records that the base had, ``replaced`` that of replaced values by field,
        ``examples`` one of them as text.
        """
        found = [*self._one_value(), *self._one_day()]
        if self._of_documents:
            found.append(Doubt("doubt_document", rows=self._of_documents))
        for code, rows in self._foreign.items():
            if rows >= MIN_ROWS and rows * 100 > self._rows * _MOST_FOREIGN:
                found.append(Doubt(_FOREIGN[code], "", "", rows, 100 * rows // self._rows))
        for name, records in replaced.items():
            if records >= MIN_ROWS and records * 100 > known * _MOST_REPLACED:
                share = 100 * records // max(known, 1)
                found.append(Doubt("doubt_replaces_many", name, examples.get(name, ""), records, share))
        return found

    def _one_value(self) -> list[Doubt]:
        found = []
        for name in _VALUES.get(self.kind, ()):
            value, rows = self._commonest(name)
            if rows >= MIN_ROWS and rows * 100 > self._sampled * _MOST_SHARE:
                found.append(Doubt("doubt_one_value", name, str(value)[:100], rows, 100 * rows // self._sampled))
        return found

    def _one_day(self) -> list[Doubt]:
        found = []
        for name in _DAYS.get(self.kind, ()):
            value, rows = self._commonest(name)
            if rows >= MIN_ROWS and rows == self._values[name].total():
                code = "doubt_days_of_today" if value == self.today else "doubt_one_day"
                found.append(Doubt(code, name, str(value), rows, 100 * rows // self._sampled))
        return found

    def _commonest(self, name: str) -> tuple[Any, int]:
        counted = self._values.get(name)
        return counted.most_common(1)[0] if counted else (None, 0)
