"""What an account may store and ask before anybody confirmed that it speaks for its firm.

Registering costs nothing, so what it can fill and keep busy has an end. Files it cannot store at all: the table of
permissions gives it no act that takes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from matchhub.db.tables import Demand, DemandDraft
from matchhub.domain.records import DemandRecord
from matchhub.errors import Refusal
from matchhub.services.kernel.limits import Limit, LimitReached, count_attempt
from matchhub.services.kernel.unit import Unit

MOST_DEMANDS = 10
MOST_DRAFTS = 10
MOST_WORDS = 60_000  # characters of all its demands and drafts together
ASKS = Limit("unconfirmed_asks", 200, timedelta(days=1))

_TEXTS: tuple[ColumnElement[Any] | Any, ...] = (
    Demand.title, Demand.text, Demand.object, Demand.aim, Demand.targets, Demand.existing,
)  # fmt: skip


class TooMuch(Refusal):
    """An unconfirmed account has stored or asked all it may."""

    code = "unconfirmed_words"


def require_room_for_demand(unit: Unit, record: DemandRecord) -> None:
    """Refuse one more demand of an unconfirmed account: ``unconfirmed_demands``, ``unconfirmed_words``."""
    if unit.actor.proven:
        return
    if _count(unit, Demand) >= MOST_DEMANDS:
        raise TooMuch("unconfirmed_demands", most=MOST_DEMANDS)
    require_room_for_words(unit, record)


def require_room_for_draft(unit: Unit, kept: Mapping[str, Any], draft_id: int | None) -> None:
    """Refuse one more draft of an unconfirmed account: ``unconfirmed_drafts``, ``unconfirmed_words``."""
    if unit.actor.proven:
        return
    if draft_id is None and _count(unit, DemandDraft) >= MOST_DRAFTS:
        raise TooMuch("unconfirmed_drafts", most=MOST_DRAFTS)
    _require_words(unit, sum(len(str(value)) for value in kept.values()))


def require_room_for_words(unit: Unit, record: DemandRecord) -> None:
    """Refuse more words of an unconfirmed account than it may store: ``unconfirmed_words``."""
    if not unit.actor.proven:
        values = (getattr(record, each.name) for each in fields(record))
        _require_words(unit, sum(len(value) for value in values if isinstance(value, str)))


def _require_words(unit: Unit, more: int) -> None:
    mine = Demand.recorded_by == unit.actor.account_id
    posted = select(
        func.sum(sum((func.length(func.coalesce(each, "")) for each in _TEXTS[1:]), func.length(_TEXTS[0])))
    )
    drafts = select(func.sum(func.length(cast(DemandDraft.fields, String))))
    stored = unit.session.execute(posted.where(mine)).scalar() or 0
    stored += unit.session.execute(drafts.where(DemandDraft.recorded_by == unit.actor.account_id)).scalar() or 0
    if stored + more > MOST_WORDS:
        raise TooMuch(most=MOST_WORDS)


def _count(unit: Unit, table: type[Demand] | type[DemandDraft]) -> int:
    chosen = select(func.count()).select_from(table).where(table.recorded_by == unit.actor.account_id)
    return unit.session.execute(chosen).scalar_one()


def count_ask(unit: Unit) -> None:
    """Count one question to the matcher by an unconfirmed account; ``TooMuch("unconfirmed_asks")`` beyond the limit."""
    if unit.actor.proven:
        return
    try:
        count_attempt(unit, ASKS, unit.actor.account_id)
    except LimitReached as reached:
        raise TooMuch("unconfirmed_asks", most=ASKS.most, **reached.data) from reached
