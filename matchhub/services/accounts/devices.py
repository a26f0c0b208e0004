"""The own signed-in browsers (登录设备): where an account is signed in, and signing out there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from matchhub.db.tables import AccountSession
from matchhub.errors import NotFound
from matchhub.services.accounts.sessions import ABSOLUTE, IDLE, token_hash
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One browser: its word (``domain.devices``), a part of its address, first and last use; ``own``: this one."""

    id: int
    device: str
    network: str
    since: datetime
    seen_at: datetime
    own: bool


def list_devices(unit: Unit, token: str | None) -> tuple[DeviceView, ...]:
    """Browsers in which the actor is signed in now, the one used last first. ``token`` is this browser's."""
    unit.require("account.keep_own")
    own = token_hash(token) if token else ""
    chosen = select(AccountSession).where(*_live(unit))
    rows = unit.session.execute(chosen.order_by(AccountSession.seen_at.desc(), AccountSession.id.desc()))
    return tuple(
        DeviceView(
            each.id, each.device or "", each.network or "", each.created_at, each.seen_at, each.token_hash == own
        )
        for each in rows.scalars()
    )


def sign_out_there(unit: Unit, session_id: int) -> None:
    """End one of the actor's own sessions. Raises ``NotFound`` for another's and for one that has ended."""
    unit.require("account.keep_own")
    row = unit.session.execute(select(AccountSession).where(AccountSession.id == session_id, *_live(unit))).scalar()
    if row is None:
        raise NotFound()
    row.ended_at = unit.now
    append_event(unit, "account.signed_out_there", "accounts", unit.actor.account_id)


def _live(unit: Unit) -> tuple[ColumnElement[bool], ...]:
    return (
        AccountSession.account_id == (unit.actor.account_id or 0),
        AccountSession.ended_at.is_(None),
        AccountSession.seen_at > unit.now - IDLE,
        AccountSession.created_at > unit.now - ABSOLUTE,
    )
