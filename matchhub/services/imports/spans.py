"""Which of a batch's files made which revisions and dated facts: these themselves know their batch and line only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import (
    BatchSpan,
    EnterpriseCategory,
    EnterpriseName,
    FirmGrade,
    HolderGrade,
    PartyExistence,
    PatentEncumbrance,
    PatentStatus,
    Revision,
)
from matchhub.domain.records import Kind, Source
from matchhub.services.kernel.unit import Unit

_DATED: dict[str, tuple[Any, ...]] = {
    "patents": (PatentStatus, PatentEncumbrance),
    "enterprises": (EnterpriseCategory, PartyExistence, EnterpriseName),
    "agencies": (PartyExistence,),
    "stock_grades": (HolderGrade, FirmGrade),
}


def note_span(unit: Unit, batch_id: int, source: Source) -> None:
    """Note that every revision of the batch since the span before came from this file and sheet."""
    last = unit.session.execute(select(func.max(Revision.id))).scalar() or 0
    chosen = select(BatchSpan).where(BatchSpan.batch_id == batch_id).order_by(BatchSpan.id.desc()).limit(1)
    span = unit.session.execute(chosen).scalar()
    if span is not None and (span.file, span.sheet) == (source.file[:255], source.sheet[:255]):
        span.last_revision = last
        return
    if span is None or span.last_revision < last:
        unit.session.add(
            BatchSpan(batch_id=batch_id, file=source.file[:255], sheet=source.sheet[:255], last_revision=last)
        )
    unit.session.flush()


class FactSpans:
    """Which tables of a batch the dated facts came from: a row may record one and change nothing else."""

    def __init__(self, unit: Unit, kind: Kind) -> None:
        self._unit, self._tables = unit, _DATED.get(kind, ())
        self._last: dict[tuple[str, str], dict[str, int]] = {}

    def note(self, source: Source) -> None:
        """Note that every dated fact of the batch since the call before came from this file and sheet."""
        if self._tables:
            self._last[source.file, source.sheet] = {
                table.__tablename__: self._unit.session.execute(select(func.max(table.id))).scalar() or 0
                for table in self._tables
            }

    def told_in(self, files: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The description of the batch's files with ``facts``: the last number of each dated table for each place.

        One table needs no telling.
        """
        told = [dict(each) for each in files]
        for (file, sheet), last in self._last.items() if len(self._last) > 1 else ():
            for each in told:
                if file == each.get("name") or file.startswith(f"{each.get('name')}/"):
                    each.setdefault("facts", []).append({"file": file, "sheet": sheet, "last": last})
                    break
        return told
