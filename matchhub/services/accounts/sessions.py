"""Signed-in browsers: the cookie holds a random token, the database only its SHA-256 (PROMISES.md P16).

Sessions live in the database and not in a signed cookie, because a signed cookie can be played again after signing
out.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, select, update

from matchhub.db.tables import Account, AccountSession, Organisation, Registration
from matchhub.domain.consents import is_consent_due
from matchhub.services.accounts.consents import newest_consent
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Actor, Unit

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
CODE_DUE, SETUP_DUE = "code", "setup"
SEEN_EVERY = timedelta(minutes=5)  # a page view writes at most this often


def token_hash(token: str) -> str:
    """How a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(unit: Unit, account_id: int, device: str = "", network: str = "", due: str = "") -> str:
    """Start a session of an account and return its token, which is known nowhere else.

    ``device`` and ``network`` tell its owner which browser it is (``domain.devices``); ``due`` what it is good for
    before anything else: ``code`` (a one-time code is asked for) or ``setup`` (codes are to be switched on).
    """
    token = secrets.token_urlsafe(32)
    unit.session.add(
        AccountSession(
            token_hash=token_hash(token),
            account_id=account_id,
            device=device or None,
            network=network or None,
            due=due or None,
            created_at=unit.now,
            seen_at=unit.now,
        )
    )
    unit.session.flush()
    return token


def actor_of(unit: Unit, token: str | None) -> Actor | None:
    """Who holds the token; ``None`` when it is unknown, ended, idle for 12 hours, 7 days old, or disabled."""
    return holder_of(unit, token)[0]


def holder_of(unit: Unit, token: str | None) -> tuple[Actor | None, bool]:
    """The same, and whether the last use on record is old enough to be written again."""
    if not token:
        return None, False
    asked = {"token": token_hash(token), "idle": unit.now - IDLE, "oldest": unit.now - ABSOLUTE}
    found = unit.session.execute(_living_session(), asked).one_or_none()
    if found is None:
        return None, False
    return replace(_as_actor(*found[2:]), due=found.due or ""), found.seen_at <= unit.now - SEEN_EVERY


@cache  # asked by every request of somebody signed in: to build it takes longer than to ask it
def _living_session() -> Select[datetime, str | None, Account, int | None, bool, bool, str]:
    return (
        select(
            AccountSession.seen_at,
            AccountSession.due,
            Account,
            Organisation.enterprise_id,
            speaks(),
            Registration.waits,
            newest_consent(),
        )
        .join_from(AccountSession, Account, Account.id == AccountSession.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .outerjoin(Registration, Registration.account_id == Account.id)
        .where(
            AccountSession.token_hash == bindparam("token"),
            AccountSession.ended_at.is_(None),
            AccountSession.seen_at > bindparam("idle"),
            AccountSession.created_at > bindparam("oldest"),
            Account.disabled_at.is_(None),
        )
    )


def actor_of_account(unit: Unit, account_id: int) -> Actor | None:
    """Who an account acts as, for what is done in its name while nobody is signed in; ``None`` when it is disabled."""
    found = unit.session.execute(
        select(Account, Organisation.enterprise_id, speaks(), Registration.waits, newest_consent())
        .join(Organisation, Organisation.id == Account.organisation_id)
        .outerjoin(Registration, Registration.account_id == Account.id)
        .where(Account.id == account_id, Account.disabled_at.is_(None))
    ).one_or_none()
    return None if found is None else _as_actor(*found)


def account_of_session(unit: Unit, token: str | None) -> int | None:
    """The account that a token was given to, whether or not its session still lives; ``None`` for no token of ours."""
    known = select(AccountSession.account_id).where(AccountSession.token_hash == token_hash(token or ""))
    return unit.session.execute(known).scalar()


def _as_actor(
    account: Account, enterprise_id: int | None, proven: bool, waits: bool | None, consent: str | None
) -> Actor:
    actor = Actor(
        account.role,
        account.id,
        name=account.display_name,
        must_change=account.must_change,
        consent_due=is_consent_due(consent),
    )
    if not proven:
        return replace(actor, proven=False, claims=enterprise_id if waits is False else None)
    return replace(
        actor,
        organisation_id=account.organisation_id,
        enterprise_id=enterprise_id,
        keeps_accounts=account.keeps_accounts,
    )


def is_proven_by_code(unit: Unit, token: str, account_id: int) -> bool:
    """Whether a browser that was only left alone gave a code for this account within the ``ABSOLUTE`` time.

    Then the password lets it go on (NIST SP 800-63B, 4.2.3: after idleness one factor is enough, after the whole time
    both are asked for). A session that was ended lets nobody go on.
    """
    chosen = select(AccountSession.id).where(
        AccountSession.token_hash == token_hash(token),
        AccountSession.account_id == account_id,
        AccountSession.ended_at.is_(None),
        AccountSession.due.is_(None),
        AccountSession.created_at > unit.now - ABSOLUTE,
    )
    return unit.session.execute(chosen).first() is not None


def settle_due(unit: Unit, token: str) -> None:
    """Record that what was due first in the session of the token was done."""
    unit.session.execute(update(AccountSession).where(AccountSession.token_hash == token_hash(token)).values(due=None))


def ask_codes_elsewhere(unit: Unit, account_id: int) -> None:
    """Ask for a code in every other browser that was to set codes up: they are set up now."""
    unit.session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.due == SETUP_DUE)
        .values(due=CODE_DUE)
    )


def mark_seen(unit: Unit, token: str) -> None:
    """Record that the session is in use."""
    unit.session.execute(
        update(AccountSession)
        .where(AccountSession.token_hash == token_hash(token), AccountSession.ended_at.is_(None))
        .values(seen_at=unit.now)
    )


def sign_out(unit: Unit, token: str) -> None:
    """End the session of the token, for good."""
    unit.session.execute(
        update(AccountSession)
        .where(AccountSession.token_hash == token_hash(token), AccountSession.ended_at.is_(None))
        .values(ended_at=unit.now)
    )


def end_sessions(unit: Unit, account_id: int) -> None:
    """End every session of an account (password changed, account disabled)."""
    unit.session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
        .values(ended_at=unit.now)
    )
