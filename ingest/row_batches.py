"""Batches of rows as a reader process sends them, packed so that both ends spend little time on them.

A batch is one message (file, sheet, headers, rows, remarks) of plain values (``ingest.from_children``). What all rows
of a table share, such as the name of the file and its headers, stands in it once; each row is a plain list.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ingest.from_children import NotPlain, packed, record_taker, take, texts, values_of
from matchhub.domain.records import (
    AgencyRecord,
    DealRecord,
    DemandRecord,
    EnterpriseRecord,
    ExpertRecord,
    Kind,
    LicenceRecord,
    OfferRecord,
    PatentRecord,
    Problem,
    Row,
    Source,
)

_RECORDS: dict[Kind, type[Any]] = {
    "patents": PatentRecord,
    "enterprises": EnterpriseRecord,
    "experts": ExpertRecord,
    "agencies": AgencyRecord,
    "demands": DemandRecord,
    "offers": OfferRecord,
    "licences": LicenceRecord,
    "deals": DealRecord,
}
_take_day, _take_problems = take(date | None), take(tuple[Problem, ...])


def pack_rows(rows: list[Row], kind: Kind, remarks: list[Problem]) -> bytes:
    """Rows of one table, with remarks on the table, as a message; ``rows`` may be empty."""
    values = values_of(_RECORDS[kind], 1)  # without the record's source, which is that of the row
    first = rows[0].source if rows else Source("", 0)
    contents = [
        (
            row.source.line,
            row.source.as_of_on,
            [cell for _, cell in row.source.raw],
            None if row.record is None else values(row.record),
            row.problems,
        )
        for row in rows
    ]
    return packed((first.file, first.sheet, [header for header, _ in first.raw], contents, remarks))


def unpack_rows(batch: Any, kind: Kind) -> tuple[list[Row], list[Problem]]:
    """The rows of a batch and its remarks; raises ``NotPlain`` where a value is not what it must be."""
    if type(batch) is not list or len(batch) != 5:
        raise NotPlain("batch")
    file, sheet, names, contents, remarks = batch
    if type(file) is not str or type(sheet) is not str or type(contents) is not list:
        raise NotPlain("batch")
    shape, headers = _RECORDS[kind], tuple(texts(names))
    values_taken = record_taker(shape, 1)
    rows = []
    for content in contents:
        if type(content) is not list or len(content) != 5 or type(content[0]) is not int:
            raise NotPlain("row")
        line, day, cells, values, problems = content
        if type(cells) is not list or len(cells) != len(headers):
            raise NotPlain("cells")
        source = Source(file, line, sheet, tuple(zip(headers, texts(cells), strict=True)), _take_day(day))
        record = None if values is None else shape(source, *values_taken(values))
        rows.append(Row(source, record, _take_problems(problems)))
    return rows, list(_take_problems(remarks))
