"""What each account has read: a colleague's reading takes nothing from one's own badge (已读)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select

from matchhub.db.tables import Account, Notice, Reading, Thread
from matchhub.services.kernel.unit import Unit

Read = Literal["notices", "threads"]


def mark_read(unit: Unit, kind: Read, ids: Collection[int]) -> None:
    """The actor has read these now; an actor without an account reads nothing."""
    account = unit.actor.account_id
    if account is None or not ids:
        return
    chosen = select(Reading).where(
        Reading.account_id == account, Reading.subject_kind == kind, Reading.subject_id.in_(ids)
    )
    known = {row.subject_id: row for row in unit.session.execute(chosen).scalars()}
    for key in sorted(set(ids)):
        if key in known:
            known[key].read_at = unit.now
        else:
            unit.session.add(Reading(account_id=account, subject_kind=kind, subject_id=key, read_at=unit.now))
    unit.session.flush()


def unread_notice(unit: Unit) -> ColumnElement[bool]:
    """Condition of notices that the actor's account has not read; what was told before the account was opened, or to
    nobody's account, is not new to it."""
    return and_(Notice.made_at >= _account_since(unit), is_for(unit), ~_read(unit, "notices", Notice.id))


def is_for(unit: Unit) -> ColumnElement[bool]:
    """Condition of notices that are not for another account alone."""
    return or_(Notice.account_id.is_(None), Notice.account_id == (unit.actor.account_id or 0))


def unread_thread(unit: Unit) -> ColumnElement[bool]:
    """Condition of threads in which something happened since the actor's account read them last."""
    return and_(
        Thread.updated_at >= _account_since(unit),
        ~_read(unit, "threads", Thread.id, Reading.read_at >= Thread.updated_at),
    )


def _account_since(unit: Unit) -> ScalarSelect[datetime]:
    opened = select(func.max(Account.created_at)).where(Account.id == (unit.actor.account_id or 0))
    return opened.scalar_subquery()


def _read(unit: Unit, kind: Read, column: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Reading.account_id == (unit.actor.account_id or 0),
        Reading.subject_kind == kind,
        Reading.subject_id == column,
        *conditions,
    )
