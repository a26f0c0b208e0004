"""Keys of programs (接口密钥): an organisation's account makes, sees and withdraws them; a call is let in by one.

The base holds the SHA-256 of a key only; the key itself is shown once. It acts as the account that made it, so it may
never do more, and it dies with the account.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, select, update

from matchhub.db.tables import Account, ApiKey
from matchhub.errors import NotFound, Refusal
from matchhub.services.accounts.sessions import actor_of_account, token_hash
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Actor, Unit

DAYS = (30, 90, 365)
MOST_KEYS = 20  # of an organisation at once
MOST_CALLS = 600  # of one key in a minute
_START = "mh_"
_SHOWN = 9  # characters of a key that its owners see again


@dataclass(frozen=True, slots=True)
class KeyView:
    """One key as its organisation sees it; ``state`` is live, expired, withdrawn or dead (its account is shut out)."""

    id: int
    name: str
    start: str
    made_by: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls by a key, what the key may do, and how many calls of this minute are left until ``resets_at``."""

    key_id: int
    actor: Actor
    scopes: frozenset[str]
    left: int
    resets_at: datetime


def make_key(unit: Unit, name: str, scopes: Sequence[str], days: int) -> str:
    """A new key of the actor's organisation, which is known nowhere else. Raises ``Refusal`` ``api_key_scopes``,
    ``api_key_days`` or ``api_keys_many``."""
    unit.require("api_key.keep_own")
    if not scopes:
        raise Refusal("api_key_scopes")
    if days not in DAYS:
        raise Refusal("api_key_days")
    if sum(each.state == "live" for each in list_keys(unit)) >= MOST_KEYS:
        raise Refusal("api_keys_many", most=MOST_KEYS)
    key = _START + secrets.token_urlsafe(32)
    row = ApiKey(
        account_id=unit.actor.account_id,
        organisation_id=_organisation(unit),
        name=name,
        start=key[:_SHOWN],
        key_hash=token_hash(key),
        scopes=sorted(set(scopes)),
        made_at=unit.now,
        expires_at=unit.now + timedelta(days=days),
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "api_key.made", "api_keys", row.id, scopes=row.scopes, days=days)
    return key


def list_keys(unit: Unit) -> tuple[KeyView, ...]:
    """Keys of the actor's organisation, the newest first."""
    unit.require("api_key.keep_own")
    chosen = (
        select(ApiKey, Account.display_name, Account.disabled_at)
        .join(Account, Account.id == ApiKey.account_id)
        .where(ApiKey.organisation_id == _organisation(unit))
        .order_by(ApiKey.id.desc())
    )
    return tuple(
        KeyView(row.id, row.name, row.start, who, tuple(row.scopes), row.made_at, row.expires_at, row.used_at,
                _state(unit, row, off))
        for row, who, off in unit.session.execute(chosen)
    )  # fmt: skip


def _state(unit: Unit, row: ApiKey, off: datetime | None) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "dead" if off is not None else "expired" if row.expires_at <= unit.now else "live"


def withdraw_key(unit: Unit, key_id: int) -> str:
    """Withdraw a key of the actor's organisation, whoever made it; its name. ``NotFound`` for another's."""
    unit.require("api_key.keep_own")
    row = unit.session.get(ApiKey, key_id)
    if row is None or row.organisation_id != _organisation(unit):
        raise NotFound("api_key_not_found")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = unit.now, unit.actor.account_id
        append_event(unit, "api_key.withdrawn", "api_keys", row.id)
    return row.name


def let_in(unit: Unit, key: str) -> Caller | None:
    """Who holds a key, and one call more on its count; ``None`` for a key that is unknown, over, or of nobody.

    A call beyond the ``MOST_CALLS`` of a minute is counted too: ``left`` is then below 0.
    """
    minute = unit.now.replace(second=0, microsecond=0)
    counted = (
        update(ApiKey)
        .where(ApiKey.key_hash == token_hash(key), ApiKey.withdrawn_at.is_(None), ApiKey.expires_at > unit.now)
        .values(calls=case((ApiKey.span_at == minute, ApiKey.calls + 1), else_=1), span_at=minute, used_at=unit.now)
        .returning(ApiKey.id, ApiKey.account_id, ApiKey.scopes, ApiKey.calls)
    )
    found = unit.session.execute(counted, execution_options={"synchronize_session": False}).one_or_none()
    actor = actor_of_account(unit, found.account_id) if found is not None else None
    if found is None or actor is None:
        return None
    return Caller(found.id, actor, frozenset(found.scopes), MOST_CALLS - found.calls, minute + timedelta(minutes=1))


def _organisation(unit: Unit) -> int:
    account = unit.session.get_one(Account, unit.actor.account_id)
    return account.organisation_id
