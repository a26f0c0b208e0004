"""The files (来源文件) that the stock of the demo city was imported from, and what its bureau said of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from matchhub.demo.agenda import moment
from matchhub.domain.records import Row
from matchhub.services.counting.sources import REJECTED, RIGHT, decide_source
from matchhub.services.kernel.unit import Unit

if TYPE_CHECKING:
    from matchhub.demo.city import City

LOOKED_ON = (date(2024, 7, 1), date(2025, 11, 20))  # before the last look at the register, which nobody has seen yet
_DISPROVED = "手工台账（演示）"


def original_of(rows: Sequence[Row]) -> bytes:
    """The rows as a file that says that it is invented."""
    out = io.StringIO()
    writer = csv.writer(out)
    records = [row.record for row in rows if row.record is not None]
    names = [each.name for each in fields(records[0]) if each.name != "source"] if records else []
    writer.writerow(["演示数据，并非真实文件"])
    writer.writerow(names)
    writer.writerows([_cell(getattr(record, name)) for name in names] for record in records)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(map(str, value))
    return "" if value is None else str(value)


def plan_looking(city: City) -> None:
    """The bureau looks at the sources twice."""
    for day in LOOKED_ON:
        city.agenda.at(moment(day, 10), _look, city)


def _look(unit: Unit, city: City) -> None:
    """All are right but the list that a clerk made, which nobody issued."""
    reviewer = city.by(unit, "reviewer")
    for batch_id, name in city.sources:
        if name == _DISPROVED:
            decide_source(reviewer, batch_id, REJECTED, "出具单位否认曾出具该名单（演示）")
        else:
            decide_source(reviewer, batch_id, RIGHT)
    city.sources.clear()
