"""The queue of similar records: both side by side, the differences marked, and a person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from matchhub.db.tables import EnterpriseCategory, Merge, SimilarPair
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.names import account_names
from matchhub.services.imports.mergeable import FIELDS, TABLES, table_of
from matchhub.services.imports.merging import merge_records, unmerge_records
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.identities import hold_identities
from matchhub.services.kernel.paging import Orders, Page, Sought, paged
from matchhub.services.kernel.privacy import masked
from matchhub.services.kernel.unit import Unit

DECISIONS = ("same", "different", "later")


@dataclass(frozen=True, slots=True)
class Beside:
    """One field of both records; ``marked`` where they differ (before contact data were masked)."""

    name: str
    left: Any
    right: Any
    marked: bool


@dataclass(frozen=True, slots=True)
class PairView:
    """Two similar records, side by side."""

    id: int
    kind: str
    left_id: int
    right_id: int
    left_name: str
    right_name: str
    ratio: float
    reasons: tuple[str, ...]
    found_at: datetime
    batch_id: int | None
    decision: str | None
    decided_at: datetime | None
    decided_by: str
    note: str
    fields: tuple[Beside, ...] = ()
    merge_id: int | None = None


def open_pairs(unit: Unit) -> dict[str, int]:
    """How many pairs wait, by kind."""
    unit.require("pair.read")
    counted = {}
    for kind in TABLES:
        waiting = _waiting(kind).with_only_columns(func.count(), maintain_column_froms=True)
        counted[kind] = unit.session.execute(waiting.order_by(None)).scalar_one()
    return {kind: number for kind, number in counted.items() if number}


def _waiting(kind: str) -> Any:
    """Pairs without a last word whose records both stand; those put off come last."""
    left, right = aliased(table_of(kind)), aliased(table_of(kind))
    return (
        select(SimilarPair)
        .join(left, left.id == SimilarPair.left_id)
        .join(right, right.id == SimilarPair.right_id)
        .where(
            SimilarPair.kind == kind,
            or_(SimilarPair.decision.is_(None), SimilarPair.decision == "later"),
            left.withdrawn_at.is_(None),
            right.withdrawn_at.is_(None),
        )
        .order_by(SimilarPair.decision.is_not(None), SimilarPair.ratio.desc(), SimilarPair.id)
    )


ORDERS = Orders(
    SimilarPair.id,
    {"ratio": SimilarPair.ratio, "found": SimilarPair.found_at, "decision": SimilarPair.decision},
)


def list_pairs(
    unit: Unit, kind: str, decided: bool = False, page: int | Sought = 1, batch_id: int | None = None
) -> Page[PairView]:
    """Pairs of one kind that wait, the likest first; or those decided, the newest first."""
    unit.require("pair.read")
    table_of(kind)
    statement = _waiting(kind)
    if decided:
        statement = select(SimilarPair).where(SimilarPair.kind == kind, SimilarPair.decision.in_(("same", "different")))
        statement = statement.order_by(SimilarPair.decided_at.desc(), SimilarPair.id.desc())
    if batch_id is not None:
        statement = statement.where(SimilarPair.batch_id == batch_id)
    return paged(unit, statement, page, lambda rows: [_view(unit, row[0]) for row in rows], orders=ORDERS)


def pair_view(unit: Unit, pair_id: int) -> PairView:
    """One pair with every field of both; ``NotFound("similar_pair_not_found")``."""
    unit.require("pair.read")
    return _view(unit, _pair(unit, pair_id), full=True)


def decide_pair(unit: Unit, pair_id: int, decision: str, note: str = "", keep: int | None = None) -> None:
    """Say whether two records are one. ``same`` merges into ``keep`` (default: the earlier one).

    Raises ``NotFound``, ``Refusal("decision_unknown")``, ``Conflict("pair_decided")``, and what merging refuses.
    """
    unit.require("pair.decide")
    hold_identities(unit, alone=True)
    pair = _pair(unit, pair_id)
    if decision not in DECISIONS:
        raise Refusal("decision_unknown", decision=decision)
    if pair.decision in ("same", "different"):
        raise Conflict("pair_decided", id=pair_id)
    if decision == "same":
        kept = keep if keep in (pair.left_id, pair.right_id) else pair.left_id
        other = pair.right_id if kept == pair.left_id else pair.left_id
        merge_records(unit, pair.kind, kept, other, pair_id=pair.id)
    _decide(unit, pair, decision, note)
    append_event(unit, "pair.decided", pair.kind, pair.left_id, pair=pair.id, decision=decision)


def reopen_pair(unit: Unit, pair_id: int) -> None:
    """Take a decision back: the pair waits again, and a merge is undone. Raises ``Conflict("pair_open")``."""
    unit.require("pair.decide")
    hold_identities(unit, alone=True)
    pair = _pair(unit, pair_id)
    if pair.decision is None:
        raise Conflict("pair_open", id=pair_id)
    if (merge := _merge_of(unit, pair)) is not None:
        unmerge_records(unit, merge)
    pair.decision = pair.decided_at = pair.decided_by = pair.note = None
    append_event(unit, "pair.reopened", pair.kind, pair.left_id, pair=pair.id)


def next_pair(unit: Unit, kind: str) -> int | None:
    """The pair to be looked at next."""
    found = unit.session.execute(_waiting(kind).limit(1)).scalar()
    return found.id if found is not None else None


def _decide(unit: Unit, pair: SimilarPair, decision: str, note: str) -> None:
    pair.decision, pair.note = decision, note.strip()[:1000] or None
    pair.decided_at, pair.decided_by = unit.now, unit.actor.account_id


def _pair(unit: Unit, pair_id: int) -> SimilarPair:
    pair = unit.session.get(SimilarPair, pair_id)
    if pair is None:
        raise NotFound("similar_pair_not_found", id=pair_id)
    return pair


def _merge_of(unit: Unit, pair: SimilarPair) -> int | None:
    chosen = select(Merge.id).where(Merge.pair_id == pair.id, Merge.undone_at.is_(None))
    return unit.session.execute(chosen).scalar()


def _view(unit: Unit, pair: SimilarPair, full: bool = False) -> PairView:
    table = TABLES[pair.kind]
    left, right = unit.session.get(table, pair.left_id), unit.session.get(table, pair.right_id)
    assert left is not None and right is not None
    return PairView(
        id=pair.id,
        kind=pair.kind,
        left_id=pair.left_id,
        right_id=pair.right_id,
        left_name=left.name,
        right_name=right.name,
        ratio=pair.ratio,
        reasons=tuple(pair.reasons),
        found_at=pair.found_at,
        batch_id=pair.batch_id,
        decision=pair.decision,
        decided_at=pair.decided_at,
        decided_by=account_names(unit, [pair.decided_by]).get(pair.decided_by or 0, ""),
        note=pair.note or "",
        fields=_beside(unit, pair, left, right) if full else (),
        merge_id=_merge_of(unit, pair),
    )


def _beside(unit: Unit, pair: SimilarPair, left: Any, right: Any) -> tuple[Beside, ...]:
    """Both records field by field; contact data are compared before they are masked."""
    shown = []
    for name in FIELDS[pair.kind]:
        one, other = getattr(left, name), getattr(right, name)
        if one not in (None, "", []) or other not in (None, "", []):
            shown.append(Beside(name, masked(name, one), masked(name, other), one != other))
    if pair.kind == "enterprises":
        one, other = _categories(unit, left.id), _categories(unit, right.id)
        shown.append(Beside("categories", one, other, one != other))
    return tuple(shown)


def _categories(unit: Unit, enterprise_id: int) -> Sequence[str]:
    chosen = select(EnterpriseCategory.category).where(
        EnterpriseCategory.enterprise_id == enterprise_id, EnterpriseCategory.withdrawn_at.is_(None)
    )
    return tuple(sorted(set(unit.session.execute(chosen).scalars())))
