"""The second factor (动态口令, TOTP): switched on by the account itself, asked for when a money row is confirmed.

RFC 6238 with SHA-1, six digits and steps of 30 seconds, which every authenticator app knows. The base holds a random
salt only: the secret derives from it and the installation's key (``MATCHHUB_SECRET_KEY``), so that a copy of the base
alone makes no codes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, or_, select, update

from matchhub.db.tables import Account, SecondFactor
from matchhub.domain.permissions import permissions
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.keeping import kept_account
from matchhub.services.accounts.passwords import password_fits
from matchhub.services.accounts.sessions import CODE_DUE, SETUP_DUE, ask_codes_elsewhere, settle_due
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.limits import Limit, count_attempt, take_back_attempt
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Actor, Unit

ISSUER = "matchhub"
STEP = timedelta(seconds=30)
NEIGHBOURS = (0, -1, 1)  # clocks of telephones go wrong; RFC 6238, 5.2 allows one step
# Three codes in a million are right at any time, and five wrong ones end the guessing for five minutes.
PER_ACCOUNT = Limit("second_factor", 5, timedelta(minutes=5))


class SecondFactorRefused(Refusal):
    """The code is wrong, used already, missing, or there is none because the second factor is switched off."""

    code = "second_factor_wrong"


@dataclass(frozen=True, slots=True)
class FactorView:
    """How it stands with an account: ``state`` is off, started (secret shown, no code given yet) or on."""

    state: str
    since: datetime | None = None


@contextmanager
def proving(runtime: Runtime, actor: Actor) -> Iterator[Unit]:
    """A writing unit for an act that a code or the password proves, with the limit on wrong ones around it.

    The attempt is on record before the act begins, because an act that is refused is rolled back whole; an act that
    ends well takes it back. Raises ``LimitReached``.
    """
    with runtime.unit(actor, write=True) as unit:
        number = count_attempt(unit, PER_ACCOUNT, actor.account_id)
    with runtime.unit(actor, write=True) as unit:
        yield unit
        take_back_attempt(unit, number)


def factor_view(unit: Unit) -> FactorView:
    """The actor's own second factor."""
    factor = _of(unit, unit.actor.account_id)
    if factor is None:
        return FactorView("off")
    if factor.switched_on_at is None:
        return FactorView("started", factor.started_at)
    return FactorView("on", factor.switched_on_at)


def is_on(unit: Unit) -> bool:
    """Whether the actor's codes are in use."""
    return factor_view(unit).state == "on"


def accounts_with_factor(unit: Unit) -> frozenset[int]:
    """Ids of the accounts whose codes are in use, for the administrator."""
    unit.require("account.read_any")
    chosen = select(SecondFactor.account_id).where(SecondFactor.switched_on_at.is_not(None))
    return frozenset(unit.session.execute(chosen).scalars())


def start(unit: Unit, password: str) -> None:
    """Make a new secret, to be seen until its first code is given; the password keeps others at an open desk out.

    Call within ``proving``. Raises ``SecondFactorRefused("second_factor_password")`` and
    ``Conflict("second_factor_on")``.
    """
    account = unit.session.get(Account, unit.actor.account_id)
    if account is None:
        raise NotFound()
    if not password_fits(account.password_hash, password):
        raise SecondFactorRefused("second_factor_password")
    if is_on(unit):
        raise Conflict("second_factor_on")
    unit.session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    unit.session.add(SecondFactor(account_id=account.id, salt=secrets.token_hex(16), started_at=unit.now))
    unit.session.flush()
    append_event(unit, "account.second_factor_started", "accounts", account.id)


def fresh_secret(unit: Unit) -> str:
    """The actor's secret in base32 while it waits for its first code; ``NotFound`` before and ever after."""
    factor = _of(unit, unit.actor.account_id)
    if factor is None or factor.switched_on_at is not None:
        raise NotFound()
    return _secret(unit, factor)


def enrolment_address(unit: Unit) -> str:
    """The ``otpauth://`` address that an authenticator app reads from the picture, under ``fresh_secret``'s terms."""
    secret = fresh_secret(unit)
    login = unit.session.get_one(Account, unit.actor.account_id).login
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def due_at_sign_in(unit: Unit, account_id: int, role: str, *, required: bool) -> str:
    """What comes first after the password: ``code``, ``setup`` or nothing.

    Whoever switched codes on is asked for one. With ``required`` the roles that the table of permissions names
    (``account.sign_in_by_code``) must switch them on first, but for a demo city, whose accounts anybody may use.
    """
    factor = _of(unit, account_id)
    if factor is not None and factor.switched_on_at is not None:
        return CODE_DUE
    asked = required and permissions().may(role, "account.sign_in_by_code") and not holds_rows(unit, demo=True)
    return SETUP_DUE if asked else ""


def prove_session(unit: Unit, code: str, token: str) -> None:
    """Take the code that a session waits for. Call within ``proving``; raises ``SecondFactorRefused``."""
    spend_code(unit, code)
    settle_due(unit, token)
    append_event(unit, "account.code_given", "accounts", unit.actor.account_id)


def switch_on(unit: Unit, code: str, token: str = "") -> None:
    """Put the started secret to use, proven by its first code; the session of ``token`` need not give another.

    Call within ``proving``. Raises ``SecondFactorRefused`` and ``Conflict("second_factor_on")``.
    """
    factor = _of(unit, unit.actor.account_id)
    if factor is None:
        raise SecondFactorRefused("second_factor_off")
    if factor.switched_on_at is not None:
        raise Conflict("second_factor_on")
    _spend(unit, factor, code)
    factor.switched_on_at = unit.now
    settle_due(unit, token)
    ask_codes_elsewhere(unit, factor.account_id)
    append_event(unit, "account.second_factor_on", "accounts", factor.account_id)


def switch_off(unit: Unit, code: str) -> None:
    """Give the second factor up, proven by a code. Call within ``proving``; raises ``SecondFactorRefused``."""
    spend_code(unit, code)
    unit.session.execute(delete(SecondFactor).where(SecondFactor.account_id == unit.actor.account_id))
    append_event(unit, "account.second_factor_off", "accounts", unit.actor.account_id)


def reset(unit: Unit, account_id: int) -> str:
    """Take an account's second factor away by the hand of who keeps it (a lost telephone). Returns the login.

    Raises ``NotFound`` for no such account and ``Conflict("second_factor_own")`` for the own one: it is switched off
    with a code.
    """
    account = kept_account(unit, account_id)
    if account_id == unit.actor.account_id:
        raise Conflict("second_factor_own")
    unit.session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    append_event(unit, "account.second_factor_reset", "accounts", account_id)
    return account.login


def spend_code(unit: Unit, code: str) -> None:
    """Take the actor's current code; it is worth nothing afterwards.

    Call within ``proving``. Raises ``SecondFactorRefused``: ``second_factor_off``, ``second_factor_missing``,
    ``second_factor_wrong``, ``second_factor_used``.
    """
    factor = _of(unit, unit.actor.account_id)
    if factor is None or factor.switched_on_at is None:
        raise SecondFactorRefused("second_factor_off")
    _spend(unit, factor, code)


def require_code(unit: Unit, code: str) -> None:
    """``spend_code`` for an act that nobody may do without one; raises ``second_factor_missing`` for an empty one."""
    if not code.strip() and is_on(unit):
        raise SecondFactorRefused("second_factor_missing")
    spend_code(unit, code)


def _spend(unit: Unit, factor: SecondFactor, code: str) -> None:
    step = _step_of(unit, factor, code)
    unused = or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step)
    # One statement decides: of two requests with the same code only one finds it unused.
    claim = update(SecondFactor).where(SecondFactor.id == factor.id, unused).values(last_step=step)
    if unit.session.execute(claim.returning(SecondFactor.id)).first() is None:
        raise SecondFactorRefused("second_factor_used", seconds=int(STEP.total_seconds()))


def _step_of(unit: Unit, factor: SecondFactor, code: str) -> int:
    digits = "".join(unicodedata.normalize("NFKC", code).split())
    if not digits:
        raise SecondFactorRefused("second_factor_missing")
    codes = pyotp.TOTP(_secret(unit, factor))
    now = int(unit.now.timestamp() // STEP.total_seconds())
    for step in (now + each for each in NEIGHBOURS):
        if hmac.compare_digest(codes.generate_otp(step).encode(), digits.encode()):
            return step
    raise SecondFactorRefused()


def _of(unit: Unit, account_id: int | None) -> SecondFactor | None:
    return unit.session.execute(select(SecondFactor).where(SecondFactor.account_id == account_id)).scalar()


def _secret(unit: Unit, factor: SecondFactor) -> str:
    said = f"second-factor:{factor.account_id}:{factor.salt}"
    # 160 bits, the length that RFC 4226 (4, R6) recommends.
    return base64.b32encode(hmac.digest(unit.secret.encode(), said.encode(), hashlib.sha256)[:20]).decode()
