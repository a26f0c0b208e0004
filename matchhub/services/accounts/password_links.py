"""A forgotten password (找回密码): a one-time link by mail, or a temporary one by the operator's hand.

The answer to whoever asks is the same for every name, and so is the work; only a letter to the address on record leads
on. Accounts of the bureau get no letter: who runs the mail server would own them (``accounts.keeping``).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from matchhub.db.tables import Account, Organisation, PasswordLink
from matchhub.domain.addresses import read_addresses
from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.errors import NotAllowed, NotFound
from matchhub.services.accounts.accounts import normalise_login
from matchhub.services.accounts.keeping import is_of_bureau
from matchhub.services.accounts.passwords import hash_password
from matchhub.services.accounts.sessions import end_sessions, token_hash
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.limits import Limit, client_key, count_attempt
from matchhub.services.kernel.unit import Unit

HOLDS = timedelta(minutes=30)
PER_LOGIN = Limit("password_link_login", 3, timedelta(hours=1))
PER_ADDRESS = Limit("password_link_address", 10, timedelta(hours=1))
USES = Limit("password_link_use", 20, timedelta(hours=1))
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
_LENGTH = 14


@dataclass(frozen=True, slots=True)
class LinkLetter:
    """The letter that is due: to whom, with which token."""

    to: str
    name: str
    token: str


def make_link(unit: Unit, login: str, address: str) -> LinkLetter | None:
    """A link for the account of that login; ``None`` where there is nobody to write to, which nobody is told.

    ``address`` is the client's, for the limit. Earlier links of the account end. Raises ``LimitReached``.
    """
    key = normalise_login(login)
    count_attempt(unit, PER_ADDRESS, client_key(address))
    count_attempt(unit, PER_LOGIN, key)
    token = secrets.token_urlsafe(32)
    digest = token_hash(token)
    account = unit.session.execute(select(Account).where(Account.login == key)).scalar()
    mailbox = next(iter(read_addresses(account.email).usable), None) if account and account.email else None
    if account is None or mailbox is None or account.disabled_at is not None or is_of_bureau(unit, account):
        return None
    _end_links(unit, account.id)
    unit.session.add(
        PasswordLink(account_id=account.id, token_hash=digest, made_at=unit.now, until_at=unit.now + HOLDS)
    )
    unit.session.flush()
    append_event(unit, "account.password_link_made", "accounts", account.id)
    return LinkLetter(mailbox.address, account.display_name, token)


def link_holds(unit: Unit, token: str) -> bool:
    """Whether a link may still be used; looking at it does not use it up."""
    return _link(unit, token) is not None


def use_link(unit: Unit, token: str, new: str, address: str) -> int:
    """Set a new password by a link, once; every session of the account ends. Returns the account's id.

    Raises ``NotFound("password_link_over")``, ``PasswordRefused`` and ``LimitReached``.
    """
    count_attempt(unit, USES, client_key(address))
    link = _link(unit, token)
    if link is None:
        raise NotFound("password_link_over")
    account = unit.session.get_one(Account, link.account_id)
    account.password_hash, account.must_change = hash_password(new, account.login), False
    link.used_at = unit.now
    _end_links(unit, account.id)
    end_sessions(unit, account.id)
    append_event(unit, "account.password_reset_by_link", "accounts", account.id)
    return account.id


def give_temporary(unit: Unit, account_id: int) -> tuple[str, str]:
    """A random password for an account of a firm or an institution, to be changed at its next sign-in.

    Returns login and password, which is shown once. Raises ``NotFound``, ``NotAllowed("temporary_for_holders")`` for
    accounts of the operator, the system and the bureau.
    """
    unit.require("account.help_any")
    account = unit.session.get(Account, account_id)
    if account is None:
        raise NotFound()
    if is_of_bureau(unit, account) or _kind(unit, account) not in HOLDER_KINDS:
        raise NotAllowed("temporary_for_holders", role=unit.actor.role)
    password = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    account.password_hash, account.must_change = hash_password(password, account.login), True
    _end_links(unit, account.id)
    end_sessions(unit, account.id)
    append_event(unit, "account.temporary_password", "accounts", account.id)
    return account.login, password


def _kind(unit: Unit, account: Account) -> str:
    return unit.session.get_one(Organisation, account.organisation_id).kind


def _link(unit: Unit, token: str) -> PasswordLink | None:
    chosen = (
        select(PasswordLink)
        .join(Account, Account.id == PasswordLink.account_id)
        .where(
            PasswordLink.token_hash == token_hash(token),
            PasswordLink.used_at.is_(None),
            PasswordLink.until_at > unit.now,
            Account.disabled_at.is_(None),
        )
    )
    return unit.session.execute(chosen.with_for_update(of=PasswordLink)).scalar()


def _end_links(unit: Unit, account_id: int) -> None:
    live = (PasswordLink.account_id == account_id) & PasswordLink.used_at.is_(None)
    unit.session.execute(update(PasswordLink).where(live).values(until_at=unit.now))
