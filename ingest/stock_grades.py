"""Rows of the inventory of patents in stock (存量专利盘点) to records: the holder's columns, and those of one firm."""

from __future__ import annotations

from ingest.cells import Cells
from ingest.patent_identity import read_patent_numbers
from matchhub.domain.records import Row, StockGradeRecord
from matchhub.domain.stock_grades import MOST_LETTERS, Side, plain_reason, read_grade, reason_fault


def read_stock_grade(cells: Cells) -> Row:
    """Record or refusal of one row; a firm's grade needs firm and reason; without any grade it says nothing."""
    numbers = read_patent_numbers(cells)
    holder_grade, firm_grade = _grade(cells, "holder"), _grade(cells, "firm")
    holder_graded_on = cells.day("holder_graded_on", "error")
    firm_name, firm_uscc = cells.text("firm_name"), cells.uscc("firm_uscc", "error")
    reason, firm_graded_on = plain_reason(cells.raw("firm_reason")), cells.day("firm_graded_on", "error")
    if firm_grade:
        cells.expect(firm_name or firm_uscc, "firm_name", "stock_firm_missing")
        if fault := reason_fault(reason):
            cells.add_problem("firm_reason", fault, reason[: MOST_LETTERS // 5])
    elif firm_name or firm_uscc or reason or firm_graded_on:
        cells.expect(None, "firm_grade", "stock_grade_missing")
    record = StockGradeRecord(
        source=cells.source,
        application_number=numbers.application,
        publication_number=numbers.publication,
        holder_grade=holder_grade,
        holder_graded_on=holder_graded_on,
        firm_name=firm_name,
        firm_uscc=firm_uscc,
        firm_grade=firm_grade,
        firm_reason=reason or None,
        firm_graded_on=firm_graded_on,
    )
    return cells.row(record)


def _grade(cells: Cells, side: Side) -> str | None:
    raw = cells.raw(f"{side}_grade")
    found = read_grade(side, raw) if raw else None
    if raw and found is None:
        cells.add_problem(f"{side}_grade", "stock_grade_unknown", raw)
    return found
