"""What waits for the operator: each with its number and the age of the oldest, each leading to where it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from matchhub.db.tables import (
    AccountMatter,
    AwardRecord,
    Deal,
    Demand,
    Enterprise,
    Licence,
    PatentOffer,
    PushDraft,
    Registration,
    ReviewItem,
    Thread,
)
from matchhub.domain.organisations import CONFIRMING_OPERATOR
from matchhub.services.evidence.party_words import Subject, open_objections
from matchhub.services.evidence.repetitions import open_repetitions
from matchhub.services.kernel.unit import Unit
from matchhub.services.worklists.batches import BatchView, list_batches
from matchhub.services.worklists.pushes import push_board
from matchhub.services.worklists.rejected import rejected_records
from matchhub.services.worklists.unconfirmed import unconfirmed_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of thing that waits: how many, since which day the oldest (``None``: of no day), and ``about``, the
    number of the one record where there can be one only."""

    key: str
    number: int
    since: date | None = None
    days: int | None = None
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Todo:
    """What waits, the oldest first, and what the first page names beside it."""

    waiting: tuple[Waiting, ...]
    match_due: bool
    objections: tuple[tuple[Subject, str], ...]  # deals and licences to which a party says no, with its name
    batches: tuple[BatchView, ...]

    def number(self, key: str) -> int:
        """How many of one kind wait."""
        return next((each.number for each in self.waiting if each.key == key), 0)


def todo(unit: Unit) -> Todo:
    """Everything the operator's first page names; what nothing waits in is left out."""
    unit.require("todo.read")
    board = push_board(unit)
    objections = open_objections(unit)
    found = [*_counted(unit), *_draft(unit)]
    found += [
        Waiting("pushes_due", board.due),
        Waiting("papers_alike", open_repetitions(unit)),
        Waiting("objections", len(objections)),
        *_rejected(unit),
    ]
    waiting = sorted((each for each in found if each.number), key=lambda each: (each.since or date.max, each.key))
    return Todo(tuple(waiting), board.match_due, objections, tuple(list_batches(unit).items[:5]))


def _counted(unit: Unit) -> Iterator[Waiting]:
    """Rows that wait, one statement a kind."""
    unknown = select(Enterprise.id).where(Enterprise.local.is_(None))
    yield _kind(unit, "registrations", Registration.registered_at, Registration.decided_at.is_(None))
    asked = AccountMatter.kind == "erasure", AccountMatter.decision.is_(None)
    yield _kind(unit, "erasures_asked", AccountMatter.asked_at, *asked)
    yield _kind(unit, "demands_submitted", Demand.recorded_at, Demand.state == "submitted")
    suspected = Demand.duplicate_of_id.is_not(None), Demand.duplicate_decision.is_(None)
    yield _kind(unit, "demands_suspected", Demand.recorded_at, *suspected)
    yield _kind(unit, "local_undecided", Demand.recorded_at, Demand.enterprise_id.in_(unknown))
    yield _kind(unit, "patent_offers", PatentOffer.recorded_at, PatentOffer.state == "review")
    yield _kind(unit, "held_rows", ReviewItem.created_at, ReviewItem.decision.is_(None))
    alone = Thread.organisation_id.is_(None), Thread.closed_at.is_(None), Thread.awaiting == "holder"
    yield _kind(unit, "threads_alone", Thread.awaiting_since_at, *alone)
    yield _kind(unit, "deals_unconfirmed", Deal.recorded_at, *unconfirmed_of("deals", CONFIRMING_OPERATOR))
    yield _kind(unit, "licences_unconfirmed", Licence.recorded_at, *unconfirmed_of("licences", CONFIRMING_OPERATOR))
    unsaid = unconfirmed_of("award_records", CONFIRMING_OPERATOR)
    yield _kind(unit, "awards_unconfirmed", AwardRecord.recorded_at, *unsaid)
    unfiled = Licence.withdrawn_at.is_(None), Licence.reached_on.is_not(None), Licence.filed_on.is_(None)
    yield _kind(unit, "licences_unfiled", Licence.reached_on, *unfiled)


def _kind(unit: Unit, key: str, began: Any, *conditions: ColumnElement[bool]) -> Waiting:
    number, oldest = unit.session.execute(select(func.count(), func.min(began)).where(*conditions)).one()
    return _waiting(unit, key, number, oldest)


def _rejected(unit: Unit) -> Iterator[Waiting]:
    """Records that the bureau rejected and nobody has mended."""
    open_ones = [each for each in rejected_records(unit) if not each.mended]
    if open_ones:
        yield _waiting(unit, "rejected", len(open_ones), min(each.at for each in open_ones))


def _draft(unit: Unit) -> Iterator[Waiting]:
    """The plan of pushes that waits for its confirmation: one at a time is open."""
    chosen = select(PushDraft.id, PushDraft.made_at).where(PushDraft.state == "open").order_by(PushDraft.id.desc())
    row = unit.session.execute(chosen.limit(1)).first()
    if row is not None:
        yield _waiting(unit, "push_draft", 1, row.made_at, row.id)


def _waiting(unit: Unit, key: str, number: int, oldest: datetime | date | None, about: int | None = None) -> Waiting:
    since = unit.day_of(oldest) if isinstance(oldest, datetime) else oldest
    return Waiting(key, int(number), since, (unit.today - since).days if since else None, about)
