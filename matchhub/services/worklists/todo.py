"""What waits for the operator, in numbers that each lead to their list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from matchhub.db.tables import Confirmation, Deal, Demand, Enterprise, Licence, ReviewItem
from matchhub.domain.organisations import CONFIRMING_OPERATOR
from matchhub.services.evidence.party_words import Subject, open_objections
from matchhub.services.evidence.repetitions import open_repetitions
from matchhub.services.kernel.unit import Unit
from matchhub.services.worklists.batches import BatchView, list_batches
from matchhub.services.worklists.pushes import push_board


@dataclass(frozen=True, slots=True)
class Todo:
    """Numbers of things that wait; zero means nothing to do there."""

    held_rows: int
    demands_submitted: int
    demands_suspected: int
    match_due: bool
    pushes_planned: int
    pushes_due: int
    deals_unconfirmed: int
    licences_unfiled: int
    local_undecided: int
    papers_alike: int
    objections: tuple[tuple[Subject, str], ...]  # deals and licences to which a party says no, with its name
    batches: tuple[BatchView, ...]


def todo(unit: Unit) -> Todo:
    """Everything the operator's first page names."""
    unit.require("todo.read")
    board = push_board(unit)
    suspected = and_(Demand.duplicate_of_id.is_not(None), Demand.duplicate_decision.is_(None))
    said = select(Confirmation.subject_id).where(
        Confirmation.subject_kind == "deals",
        Confirmation.role == CONFIRMING_OPERATOR,
        Confirmation.withdrawn_at.is_(None),
        Confirmation.lapsed_at.is_(None),
    )
    return Todo(
        held_rows=_number(unit, ReviewItem, ReviewItem.decision.is_(None)),
        demands_submitted=_number(unit, Demand, Demand.state == "submitted"),
        demands_suspected=_number(unit, Demand, suspected),
        match_due=board.match_due,
        pushes_planned=board.states["planned"] + board.states["sending"],
        pushes_due=board.due,
        deals_unconfirmed=_number(unit, Deal, Deal.withdrawn_at.is_(None), Deal.id.not_in(said)),
        licences_unfiled=_number(
            unit, Licence, Licence.withdrawn_at.is_(None), Licence.reached_on.is_not(None), Licence.filed_on.is_(None)
        ),
        local_undecided=_number(
            unit, Demand, Demand.enterprise_id.in_(select(Enterprise.id).where(Enterprise.local.is_(None)))
        ),
        papers_alike=open_repetitions(unit),
        objections=open_objections(unit),
        batches=tuple(list_batches(unit).items[:5]),
    )


def _number(unit: Unit, table: Any, *conditions: Any) -> int:
    return int(unit.session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())
