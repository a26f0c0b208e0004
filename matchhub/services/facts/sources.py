"""Sources of the stock as known at a moment: of batches, and of the values of experts and agencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select

from matchhub.db.tables import BatchSource, BatchUndo, SimilarPair, SourceDecision, SourcedValue
from matchhub.domain.sources import ImportSource, SourceKind, SourceWord
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.merges import kept_then
from matchhub.services.kernel.unit import Unit

Sources = dict[int, ImportSource]


def batch_sources(unit: Unit, moment: Moment) -> Sources:
    """The named sources by batch; a batch that is not there is an own list, one taken back proves nothing any more."""
    undone = select(BatchUndo.batch_id)
    if moment.known_at is not None:
        undone = undone.where(BatchUndo.undone_at <= moment.known_at)
    gone = set(unit.session.execute(undone).scalars())
    said = moment.limit(select(SourceDecision.batch_id, SourceDecision.decision), SourceDecision)
    words = {row.batch_id: row.decision for row in unit.session.execute(said.order_by(SourceDecision.id))}
    chosen = moment.limit(select(BatchSource), BatchSource)
    return {
        row.batch_id: ImportSource(
            cast(SourceKind, row.kind), row.issuer, row.issued_on, cast(SourceWord, words.get(row.batch_id, ""))
        )
        for row in unit.session.execute(chosen).scalars()
        if row.batch_id not in gone
    }


def value_sources(
    unit: Unit, kind: str, sources: Sources, moment: Moment
) -> dict[tuple[int, str, str], tuple[ImportSource, ...]]:
    """The sources that said a value, by record, field and value; of a merged record they speak for the one kept."""
    kept = kept_then(unit, kind, moment.known_at)
    found: dict[tuple[int, str, str], list[ImportSource]] = defaultdict(list)
    chosen = select(SourcedValue).where(SourcedValue.kind == kind).order_by(SourcedValue.id)
    for row in unit.session.execute(moment.limit(chosen, SourcedValue)).scalars():
        if row.batch_id in sources:
            found[kept.get(row.record_id, row.record_id), row.field, row.value].append(sources[row.batch_id])
    return {key: tuple(values) for key, values in found.items()}


@dataclass(frozen=True, slots=True)
class Pairs:
    """For each record of a kind the similar ones: those that a person must still decide on, and those told apart."""

    doubts: Mapping[int, tuple[int, ...]]
    told_apart: Mapping[int, tuple[int, ...]]


def similar_pairs(unit: Unit, kind: str, moment: Moment) -> Pairs:
    """The pairs of similar records and what a person had said of them by then."""
    found: dict[str, dict[int, tuple[int, ...]]] = {"": {}, "different": {}, "same": {}}
    chosen = select(SimilarPair).where(SimilarPair.kind == kind).order_by(SimilarPair.id)
    if moment.known_at is not None:
        chosen = chosen.where(SimilarPair.found_at <= moment.known_at)
    for pair in unit.session.execute(chosen).scalars():
        held = found[_decision(pair, moment)]
        for one, other in ((pair.left_id, pair.right_id), (pair.right_id, pair.left_id)):
            held[one] = (*held.get(one, ()), other)
    return Pairs(found[""], found["different"])


def _decision(pair: SimilarPair, moment: Moment) -> str:
    """What was decided by then; empty while nobody had, and while it was put off."""
    then = moment.known_at is None or (pair.decided_at is not None and pair.decided_at <= moment.known_at)
    return pair.decision if then and pair.decision in ("same", "different") else ""
