"""Notices inside the application: each told once to one organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select

from matchhub.db.tables import Notice, Organisation
from matchhub.domain.organisations import OPERATOR
from matchhub.errors import NotFound
from matchhub.services.kernel.revisions import to_json
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.readings import is_for, mark_read, unread_notice

_MOST = 100


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice; ``fields`` fill the sentence of ``code``."""

    id: int
    code: str
    fields: dict[str, Any]
    subject_kind: str
    subject_id: int
    made_at: datetime
    read: bool


def notify(
    unit: Unit,
    organisations: Iterable[int | None],
    code: str,
    subject: tuple[str, int],
    key: str,
    *,
    account_id: int | None = None,
    **fields: Any,
) -> int:
    """Tell each organisation once per ``key``; returns how many were told now. ``fields`` hold no contact data.

    ``account_id``: only this account of it is told.
    """
    told = 0
    for organisation_id in dict.fromkeys(each for each in organisations if each is not None):
        unique = f"{organisation_id}:{code}:{key}"[:255]
        if unit.session.execute(select(Notice.id).where(Notice.unique_key == unique)).first():
            continue
        row = {
            "organisation_id": organisation_id,
            "account_id": account_id,
            "code": code,
            "fields": to_json(fields),
            "subject_kind": subject[0],
            "subject_id": subject[1],
            "unique_key": unique,
            "made_at": unit.now,
            "demo": _is_demo(unit, organisation_id),
        }
        unit.session.execute(insert(Notice), [row])
        told += 1
    return told


def _is_demo(unit: Unit, organisation_id: int) -> bool:
    row = unit.session.get(Organisation, organisation_id)
    return bool(row and row.demo)


def operators(unit: Unit) -> list[int]:
    """Organisations of the operator."""
    chosen = select(Organisation.id).where(Organisation.kind == OPERATOR).order_by(Organisation.id)
    return list(unit.session.execute(chosen).scalars())


def organisation_of(unit: Unit, enterprise_id: int | None) -> int | None:
    """The organisation that acts for an enterprise of the base, once it has registered."""
    if enterprise_id is None:
        return None
    return unit.session.execute(select(Organisation.id).where(Organisation.enterprise_id == enterprise_id)).scalar()


def own_notices(unit: Unit, unread: bool = False) -> tuple[NoticeView, ...]:
    """Notices of the actor's organisation, the newest first."""
    fresh = unread_notice(unit)
    mine = Notice.organisation_id == (unit.actor.organisation_id or 0), is_for(unit)
    chosen = select(Notice, fresh).where(*mine)
    if unread:
        chosen = chosen.where(fresh)
    rows = unit.session.execute(chosen.order_by(Notice.id.desc()).limit(_MOST))
    return tuple(
        NoticeView(n.id, n.code, dict(n.fields), n.subject_kind, n.subject_id, n.made_at, not is_fresh)
        for n, is_fresh in rows
    )


def read_notice(unit: Unit, notice_id: int) -> tuple[str, int]:
    """Mark a notice as read by the actor; returns kind and id of what it is about. ``NotFound`` for another's."""
    row = unit.session.get(Notice, notice_id)
    told = (None, unit.actor.account_id)
    if row is None or row.organisation_id != unit.actor.organisation_id or row.account_id not in told:
        raise NotFound(id=notice_id)
    row.read_at = row.read_at or unit.now
    mark_read(unit, "notices", [row.id])
    return row.subject_kind, row.subject_id


def read_all_notices(unit: Unit) -> int:
    """Mark every notice of the actor's organisation as read by the actor; returns how many were new to it."""
    return _read(unit, [])


def read_about(unit: Unit, subject: tuple[str, int]) -> int:
    """Mark what the actor was told about one record as read: it has opened the record itself; returns how many."""
    return _read(unit, [Notice.subject_kind == subject[0], Notice.subject_id == subject[1]])


def is_told(unit: Unit, subject: tuple[str, int]) -> bool:
    """Whether something the actor was told about one record is new to it."""
    mine = Notice.organisation_id == (unit.actor.organisation_id or 0)
    about = (Notice.subject_kind == subject[0], Notice.subject_id == subject[1])
    return unit.session.execute(select(Notice.id).where(mine, unread_notice(unit), *about).limit(1)).first() is not None


def _read(unit: Unit, conditions: list[ColumnElement[bool]]) -> int:
    mine = Notice.organisation_id == (unit.actor.organisation_id or 0)
    chosen = select(Notice).where(mine, unread_notice(unit), *conditions)
    rows = list(unit.session.execute(chosen).scalars())
    for row in rows:
        row.read_at = row.read_at or unit.now
    mark_read(unit, "notices", [row.id for row in rows])
    return len(rows)
