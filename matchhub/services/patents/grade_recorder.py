"""Rows of the inventory of patents in stock (存量专利盘点), taken in as dated facts of patents that the base holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import FirmGrade, HolderGrade
from matchhub.domain.records import Problem, Row, StockGradeRecord
from matchhub.services.kernel.revisions import Outcome, parts, provenance, remark
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import EnterpriseLinks, link_enterprises, link_patents

_TABLES: tuple[Any, ...] = (HolderGrade, FirmGrade)


class StockGradeRecorder:
    """A row of an unknown patent or firm waits; a grade that stands already, word for word, is no news."""

    def __init__(
        self, unit: Unit, batch_id: int | None, demo: bool = False, repeated: frozenset[str] = frozenset()
    ) -> None:
        self.unit, self.batch_id, self.demo, self.repeated = unit, batch_id, demo, repeated

    def record(self, rows: Sequence[Row]) -> list[Outcome]:
        """Outcomes in the order of ``rows``; the record of a row is its patent."""
        said = [row.record for row in rows if isinstance(row.record, StockGradeRecord)]
        patents = link_patents(self.unit, {number for each in said if (number := each.number)})
        firms = link_enterprises(self.unit, [(each.firm_uscc, each.firm_name) for each in said])
        known = self._known(sorted(set(patents.values())))
        outcomes = [self._take(row, patents, firms, known) for row in rows]
        self.unit.session.flush()
        return outcomes

    def _known(self, patent_ids: Sequence[int]) -> dict[Any, list[Any]]:
        """By patent and firm (none: the holder) the grades that stand, the oldest first."""
        found: dict[Any, list[Any]] = {}
        for table in _TABLES:
            chosen = select(table).where(table.withdrawn_at.is_(None)).order_by(table.graded_on, table.id)
            for part in parts(patent_ids):
                for row in self.unit.session.execute(chosen.where(table.patent_id.in_(part))).scalars():
                    found.setdefault((row.patent_id, getattr(row, "enterprise_id", None)), []).append(row)
        return found

    def _take(
        self, row: Row, patents: dict[str, int], firms: EnterpriseLinks, known: dict[Any, list[Any]]
    ) -> Outcome:  # fmt: skip
        record = row.record
        assert isinstance(record, StockGradeRecord)
        patent = patents.get(record.number or "")
        if patent is None:
            return Outcome(row, "review", problems=[remark(row, "patent_unknown", "", record.number, "review")])
        firm = firms.find(record.firm_uscc, record.firm_name) if record.firm_grade else None
        if record.firm_grade and firm is None:
            named = record.firm_name or record.firm_uscc
            return Outcome(row, "review", None, [remark(row, "enterprise_unknown", "", named, "review")])
        if ahead := self._ahead(row, record):
            return Outcome(row, "refused", problems=[ahead])
        added = False
        if record.holder_grade:
            added = self._add(row, HolderGrade, known, record.holder_graded_on,
                              {"patent_id": patent, "grade": record.holder_grade})  # fmt: skip
        if record.firm_grade and firm is not None:
            word = {"patent_id": patent, "enterprise_id": firm.id, "grade": record.firm_grade,
                    "reason": record.firm_reason or ""}  # fmt: skip
            added = self._add(row, FirmGrade, known, record.firm_graded_on, word) or added
        return Outcome(row, "updated" if added else "unchanged", patent)

    def _ahead(self, row: Row, record: StockGradeRecord) -> Problem | None:
        for day in (record.holder_graded_on, record.firm_graded_on):
            if day is not None and day > self.unit.today:
                return remark(row, "stock_day_ahead", "", day, "error")
        return None

    def _add(self, row: Row, table: Any, known: dict[Any, list[Any]], day: date | None, said: dict[str, Any]) -> bool:
        """Add a grade unless the base has it of that day; without a day it is of today, and news only if different."""
        standing = known.setdefault((said["patent_id"], said.get("enterprise_id")), [])
        same = [each for each in standing if all(getattr(each, name) == value for name, value in said.items())]
        if any(each.graded_on == day for each in same) or (day is None and standing and standing[-1] in same):
            return False
        fact = table(**said, graded_on=day or self.unit.today, demo=self.demo,
                     **provenance(self.unit, self.batch_id, row.source.line))  # fmt: skip
        self.unit.session.add(fact)
        standing.append(fact)
        standing.sort(key=lambda each: each.graded_on)
        return True
