"""Texts that are longer than what keeps them: a name of ten thousand characters is two rows glued, not a name.

PostgreSQL refuses such a value and with it the whole import; SQLite would keep it. Here the row is refused, by its own
code, on both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import String

from matchhub.db.base import Name
from matchhub.db.tables import Agency, AwardRecord, Deal, Demand, Enterprise, Expert, FirmGrade, Licence, Offer, Patent
from matchhub.domain.records import (
    AgencyRecord,
    AwardRowRecord,
    DealRecord,
    DemandRecord,
    EnterpriseRecord,
    ExpertRecord,
    LicenceRecord,
    OfferRecord,
    PatentRecord,
    Record,
    Row,
    StockGradeRecord,
)
from matchhub.services.kernel.revisions import remark
from matchhub.services.matching.asking import read_to

_TABLES: dict[type[Record], Any] = {
    PatentRecord: Patent,
    EnterpriseRecord: Enterprise,
    ExpertRecord: Expert,
    AgencyRecord: Agency,
    DemandRecord: Demand,
    OfferRecord: Offer,
    LicenceRecord: Licence,
    DealRecord: Deal,
    AwardRowRecord: AwardRecord,
    StockGradeRecord: FirmGrade,
}
_SHOWN = 200
_LONGEST_FOLDED = 18  # characters that the compatibility form (NFKC) makes of one, at the most
_NAME = int(Name.length or 0)


def refuse_too_long(row: Row) -> Row:
    """The row itself, or without its record and with a problem where a text is too long for its column."""
    if row.record is None:
        return row
    told = next(_too_long(row.record), None)
    if told is None:
        return row
    column = next((header for header, cell in row.source.raw if told in cell), "")
    problem = remark(row, "cell_too_long", column, told[:_SHOWN], "error")
    return replace(row, record=None, problems=(*row.problems, problem))


def tell_read_in_part(row: Row) -> Row:
    """The row itself, or with a warning where it is a demand longer than what is matched of it; all of it is kept."""
    if not isinstance(row.record, DemandRecord) or not (most := read_to(row.record)):
        return row
    longest = max((cell for _, cell in row.source.raw), key=len, default="")
    column = next((header for header, cell in row.source.raw if cell == longest), "")
    problem = remark(row, "demand_read_in_part", column, str(most), "warning")
    return replace(row, problems=(*row.problems, problem))


def _too_long(record: Record) -> Iterator[str]:
    for name, limit in _limits(type(record)):  # type: ignore[arg-type]
        value = getattr(record, name)
        if value and _size(value, limit) > limit:
            yield value
    if isinstance(record, EnterpriseRecord):
        for claim in record.categories:
            if claim.certificate_number and len(claim.certificate_number) > _NAME:
                yield claim.certificate_number
        yield from (party for party in record.related if _size(party, _NAME) > _NAME)


def _size(value: str, limit: int) -> int:
    """The length of the text or of its key, whichever is longer."""
    size = len(value)
    return max(size, len(unicodedata.normalize("NFKC", value))) if size * _LONGEST_FOLDED > limit else size


@lru_cache
def _limits(record_type: type[Record]) -> tuple[tuple[str, int], ...]:
    """Fields of a record that go into a column of bounded length, with that length; a part of a key gets its share."""
    columns = _TABLES[record_type].__table__.columns
    limits = {}
    for each in fields(record_type):
        kept = columns[each.name].type if each.name in columns else None
        if isinstance(kept, String) and kept.length:
            limits[each.name] = kept.length
        elif each.name.endswith(("_name", "_number", "_event", "_uscc")):  # kept in a table beside
            limits[each.name] = _NAME
    if "person_key" in columns:
        limits |= {"name": _NAME // 3, "organisation": _NAME - _NAME // 3 - 1}
    return tuple(limits.items())
