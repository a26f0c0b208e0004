"""Which of a batch's files made which revisions: a revision itself knows its batch and line only."""

from __future__ import annotations

from sqlalchemy import func, select

from matchhub.db.tables import BatchSpan, Revision
from matchhub.domain.records import Source
from matchhub.services.unit import Unit


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
