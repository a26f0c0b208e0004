"""A dated fact on record that a source of another kind says again is news: that source is its proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, select, true

from matchhub.db.tables import BatchSource
from matchhub.domain.sources import ImportSource, SourceKind
from matchhub.services.kernel.unit import Unit


def named_sources(unit: Unit, batch_ids: Iterable[int]) -> dict[int, ImportSource]:
    """What was said of the files of some batches; one that is not there is an own list."""
    rows = unit.session.execute(select(BatchSource).where(BatchSource.batch_id.in_(list(batch_ids)))).scalars()
    return {row.batch_id: ImportSource(cast(SourceKind, row.kind), row.issuer, row.issued_on) for row in rows}


def is_known_to(unit: Unit, batch_id: int | None, column: Any) -> ColumnElement[bool]:
    """A condition on the batch of a recorded fact, ``column``: whether batch ``batch_id`` need not say it again.

    To an own list, and to a person, everything on record is known; to a named source what its kind has said.
    """
    chosen = select(BatchSource.kind).where(BatchSource.batch_id == batch_id)
    kind = unit.session.execute(chosen).scalar() if batch_id is not None else None
    if kind is None:
        return true()
    said: ColumnElement[bool] = column.in_(select(BatchSource.batch_id).where(BatchSource.kind == kind))
    return said
