"""Sources of the stock as known at a moment: of batches, and of the values of experts and agencies."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

from sqlalchemy import select

from matchhub.db.tables import BatchSource, BatchUndo, SimilarPair, SourcedValue
from matchhub.domain.sources import ImportSource, SourceKind
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

Sources = dict[int, ImportSource]


def batch_sources(unit: Unit, moment: Moment) -> Sources:
    """The named sources by batch; a batch that is not there is an own list, one taken back proves nothing any more."""
    undone = select(BatchUndo.batch_id)
    if moment.known_at is not None:
        undone = undone.where(BatchUndo.undone_at <= moment.known_at)
    gone = set(unit.session.execute(undone).scalars())
    chosen = moment.limit(select(BatchSource), BatchSource)
    return {
        row.batch_id: ImportSource(cast(SourceKind, row.kind), row.issuer, row.issued_on)
        for row in unit.session.execute(chosen).scalars()
        if row.batch_id not in gone
    }


def value_sources(
    unit: Unit, kind: str, sources: Sources, moment: Moment
) -> dict[tuple[int, str, str], tuple[ImportSource, ...]]:
    """The sources that said a value, by record, field and value."""
    found: dict[tuple[int, str, str], list[ImportSource]] = defaultdict(list)
    chosen = select(SourcedValue).where(SourcedValue.kind == kind).order_by(SourcedValue.id)
    for row in unit.session.execute(moment.limit(chosen, SourcedValue)).scalars():
        if row.batch_id in sources:
            found[row.record_id, row.field, row.value].append(sources[row.batch_id])
    return {key: tuple(values) for key, values in found.items()}


def open_doubts(unit: Unit, kind: str, moment: Moment) -> dict[int, tuple[int, ...]]:
    """For each record the similar ones beside which it waits for a person's decision."""
    found: dict[int, list[int]] = defaultdict(list)
    chosen = select(SimilarPair).where(SimilarPair.kind == kind).order_by(SimilarPair.id)
    if moment.known_at is not None:
        chosen = chosen.where(SimilarPair.found_at <= moment.known_at)
    for pair in unit.session.execute(chosen).scalars():
        if not _decided(pair, moment):
            found[pair.left_id].append(pair.right_id)
            found[pair.right_id].append(pair.left_id)
    return {key: tuple(values) for key, values in found.items()}


def _decided(pair: Any, moment: Moment) -> bool:
    then = moment.known_at is None or (pair.decided_at is not None and pair.decided_at <= moment.known_at)
    return then and pair.decision in ("same", "different")
