"""Rows held for a person: shown with what they said, tried again, linked to an enterprise, or refused.

A row goes in through the same recorder as an import, so it ends exactly as if it had been sound from the start.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select

from matchhub.db.tables import Enterprise, ReviewItem
from matchhub.domain.records import DemandRecord, Kind, Row
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.names import account_names
from matchhub.services.demands.repetition import find_duplicates
from matchhub.services.imports.batch import RECORDERS
from matchhub.services.imports.held_records import restore_record
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.paging import Orders, Page, Sought, paged
from matchhub.services.kernel.privacy import masked
from matchhub.services.kernel.revisions import Outcome
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.sources import note_sourced

# What these lack may have been added since; every other code needs a look at the row itself.
WAITING_FOR_OTHERS = ("enterprise_unknown", "patent_unknown", "agency_unknown")
_LINKABLE = ("enterprise_unknown", "enterprise_former_name", "demand_enterprise_missing")
_PART = 500


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One held row. ``said`` holds the fields the row speaks of, as kept; ``value`` what the reason is about."""

    id: int
    kind: Kind
    code: str
    value: str
    said: tuple[tuple[str, Any], ...]
    batch_id: int | None
    file: str
    line: int
    created_at: datetime
    decision: str | None
    decided_at: datetime | None
    decided_by: str
    note: str
    candidate_id: int | None = None  # the enterprise that it may mean
    candidate: str = ""

    @property
    def waits_for_others(self) -> bool:
        """Whether trying again may help once something else was added."""
        return self.code in WAITING_FOR_OTHERS

    @property
    def can_be_linked(self) -> bool:
        """Whether choosing an enterprise would settle it."""
        return self.kind == "demands" and self.code in _LINKABLE


@dataclass(frozen=True, slots=True)
class RetrySummary:
    """Sums of one round of trying again: ``tried == accepted + held + refused``."""

    tried: int
    accepted: int
    held: int
    refused: int


def open_reviews(unit: Unit) -> dict[tuple[str, str], int]:
    """How many rows wait, by (kind, code)."""
    unit.require("review.read")
    chosen = select(ReviewItem.kind, ReviewItem.code, func.count()).where(ReviewItem.decision.is_(None))
    rows = unit.session.execute(chosen.group_by(ReviewItem.kind, ReviewItem.code))
    return {(kind, code): number for kind, code, number in rows}


ORDERS = Orders(
    ReviewItem.id,
    {
        "kind": ReviewItem.kind,
        "reason": ReviewItem.code,
        "at": ReviewItem.created_at,
        "decision": ReviewItem.decision,
    },
)


def list_reviews(
    unit: Unit,
    kind: str = "",
    code: str = "",
    decided: bool = False,
    page: int | Sought = 1,
    batch_id: int | None = None,
) -> Page[ReviewView]:
    """Held rows, the oldest first; with ``decided`` those a person has dealt with, the newest first."""
    unit.require("review.read")
    statement = select(ReviewItem)
    if decided:
        statement = statement.where(ReviewItem.decision.is_not(None)).order_by(
            ReviewItem.decided_at.desc(), ReviewItem.id.desc()
        )
    else:
        statement = statement.where(ReviewItem.decision.is_(None)).order_by(ReviewItem.id)
    if kind:
        statement = statement.where(ReviewItem.kind == kind)
    if code:
        statement = statement.where(ReviewItem.code == code)
    if batch_id is not None:
        statement = statement.where(ReviewItem.batch_id == batch_id)
    return paged(unit, statement, page, lambda rows: _views(unit, [row[0] for row in rows]), orders=ORDERS)


def review_view(unit: Unit, review_id: int) -> ReviewView:
    """One held row; ``NotFound`` when there is none."""
    unit.require("review.read")
    return _views(unit, [_item(unit, review_id)])[0]


def retry_review(unit: Unit, review_id: int) -> int:
    """Record one held row now and return the number of its record.

    A row held for what it lacks goes in once that was added; any other is accepted as it was understood. Raises
    ``Conflict("review_decided")``, or ``Refusal`` with the code of what still keeps it out.
    """
    unit.require("review.decide")
    item = _open_item(unit, review_id)
    return _record(unit, item, _restored_row(item))


def link_review(unit: Unit, review_id: int, enterprise_id: int) -> int:
    """Record a held demand for the enterprise a person chose; returns the number of the demand.

    Raises ``NotFound("enterprise_not_found")``, ``Refusal("review_not_linkable")`` for another kind of row.
    """
    unit.require("review.decide")
    item = _open_item(unit, review_id)
    firm = unit.session.get(Enterprise, enterprise_id)
    if firm is None or firm.withdrawn_at is not None:
        raise NotFound("enterprise_not_found")
    row = _restored_row(item)
    if not isinstance(row.record, DemandRecord):
        raise Refusal("review_not_linkable")
    named = replace(row.record, enterprise_uscc=firm.uscc, enterprise_name=firm.name)
    return _record(unit, item, Row(row.source, named), firm.id)


def decide_review(unit: Unit, review_id: int, decision: str, note: str) -> None:
    """Close a held row without recording it: ``refused``, with the reason. The row stays to be seen."""
    unit.require("review.decide")
    if decision != "refused":
        raise Refusal("decision_unknown", decision=decision)
    if not note.strip():
        raise Refusal("note_missing")
    item = _open_item(unit, review_id)
    _close(unit, item, "refused", note.strip())
    append_event(unit, "review.refused", item.kind, None, review=item.id)


def reopen_review(unit: Unit, review_id: int) -> None:
    """Take a refusal back: the row waits again. What was recorded stays recorded (``Conflict("review_decided")``)."""
    unit.require("review.decide")
    item = _item(unit, review_id)
    if item.decision != "refused":
        raise Conflict("review_decided", id=review_id)
    item.decision = item.decided_at = item.decided_by = item.decision_note = None
    append_event(unit, "review.reopened", item.kind, None, review=item.id)


def retry_all(unit: Unit, kind: str = "", code: str = "") -> RetrySummary:
    """Try every row again that waits for an enterprise or a patent; rows that need a look themselves are left alone."""
    unit.require("review.retry")
    codes = [each for each in WAITING_FOR_OTHERS if code in ("", each)]
    chosen = select(ReviewItem).where(ReviewItem.decision.is_(None), ReviewItem.code.in_(codes))
    if kind:
        chosen = chosen.where(ReviewItem.kind == kind)
    groups: dict[tuple[str, int | None], list[ReviewItem]] = defaultdict(list)
    for item in unit.session.execute(chosen.order_by(ReviewItem.id)).scalars():
        groups[item.kind, item.batch_id].append(item)
    verdicts: Counter[str] = Counter()
    for (of_kind, batch_id), items in groups.items():
        for start in range(0, len(items), _PART):
            verdicts += _retry_part(unit, cast(Kind, of_kind), batch_id, items[start : start + _PART])
    tried = sum(verdicts.values())
    held, refused = verdicts["review"], verdicts["refused"]
    append_event(unit, "review.retried", kind or "all", None, tried=tried, held=held, refused=refused)
    return RetrySummary(tried, tried - held - refused, held, refused)


def _retry_part(unit: Unit, kind: Kind, batch_id: int | None, items: Sequence[ReviewItem]) -> Counter[str]:
    demo = any(item.demo for item in items)
    outcomes = RECORDERS[kind](unit, batch_id, demo).record([_restored_row(item) for item in items])
    note_sourced(unit, kind, batch_id, outcomes)
    created = []
    for item, outcome in zip(items, outcomes, strict=True):
        if outcome.verdict not in ("review", "refused"):
            _close(unit, item, "accepted", None)
        if outcome.verdict == "created" and outcome.record_id is not None:
            created.append(outcome.record_id)
    if kind == "demands" and created:
        find_duplicates(unit, created)
    return Counter(outcome.verdict for outcome in outcomes)


def _record(unit: Unit, item: ReviewItem, row: Row, candidate: int | None = None) -> int:
    kind = cast(Kind, item.kind)
    recorder = RECORDERS[kind](unit, item.batch_id, item.demo)
    recorder.by_hand = True
    outcome: Outcome = recorder.record([row])[0]
    if outcome.verdict in ("review", "refused") or outcome.record_id is None:
        problem = outcome.problems[0]
        raise Refusal(problem.code, value=problem.value, column=problem.column)
    note_sourced(unit, kind, item.batch_id, [outcome])
    if kind == "demands" and outcome.verdict == "created":
        find_duplicates(unit, [outcome.record_id])
    item.candidate_id = candidate
    _close(unit, item, "accepted", None)
    append_event(unit, "review.accepted", kind, outcome.record_id, review=item.id, linked=candidate)
    return outcome.record_id


def _restored_row(item: ReviewItem) -> Row:
    record = restore_record(cast(Kind, item.kind), item.record)
    return Row(record.source, record)


def _close(unit: Unit, item: ReviewItem, decision: str, note: str | None) -> None:
    item.decision, item.decision_note = decision, note
    item.decided_at, item.decided_by = unit.now, unit.actor.account_id


def _item(unit: Unit, review_id: int) -> ReviewItem:
    item = unit.session.get(ReviewItem, review_id)
    if item is None:
        raise NotFound("review_not_found", id=review_id)
    return item


def _open_item(unit: Unit, review_id: int) -> ReviewItem:
    item = _item(unit, review_id)
    if item.decision is not None:
        raise Conflict("review_decided", id=review_id)
    return item


def _views(unit: Unit, items: Sequence[ReviewItem]) -> list[ReviewView]:
    names = account_names(unit, [item.decided_by for item in items])
    wanted = {item.candidate_id for item in items if item.candidate_id}
    chosen = select(Enterprise.id, Enterprise.name).where(Enterprise.id.in_(wanted))
    firms = dict(unit.session.execute(chosen).all()) if wanted else {}
    return [_view(item, names, firms) for item in items]


def _view(item: ReviewItem, names: dict[int, str], firms: dict[int, str]) -> ReviewView:
    source = item.record.get("source") or {}
    said = tuple(
        (name, masked(name, value))
        for name, value in item.record.items()
        if name != "source" and value not in (None, "", [], False)
    )
    return ReviewView(
        id=item.id,
        kind=cast(Kind, item.kind),
        code=item.code,
        value=_concerned(item),
        said=said,
        batch_id=item.batch_id,
        file=source.get("file", ""),
        line=source.get("line", 0),
        created_at=item.created_at,
        decision=item.decision,
        decided_at=item.decided_at,
        decided_by=names.get(item.decided_by or 0, ""),
        note=item.decision_note or "",
        candidate_id=item.candidate_id,
        candidate=firms.get(item.candidate_id or 0, ""),
    )


def _concerned(item: ReviewItem) -> str:
    """What the sentence of the reason names: the enterprise or the patents that the base lacks."""
    said = item.record
    if item.code in ("enterprise_unknown", "enterprise_former_name"):
        return said.get("enterprise_name") or said.get("name") or said.get("enterprise_uscc") or ""
    if item.code == "agency_unknown":
        return said.get("agency_name") or said.get("agency_uscc") or ""
    if item.code == "patent_unknown":
        return "、".join(said.get("application_numbers") or [said.get("application_number") or ""])
    numbers = (said.get("application_number"), said.get("publication_number"))
    return "、".join(number for number in numbers if number) or said.get("name") or said.get("title") or ""
