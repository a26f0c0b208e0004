"""Accounts: adding, signing in, changing the password, disabling."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import select

from matchhub.db.tables import Account, Enterprise, Organisation, Registration
from matchhub.domain.devices import address_part, device_word
from matchhub.domain.organisations import BUREAU, HOLDER_KINDS, OrganisationKind
from matchhub.domain.parties import normalise_name
from matchhub.domain.permissions import role_names
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.keeping import bureau_roles, kept_account, require_first_of_bureau
from matchhub.services.accounts.passwords import PasswordRefused, hash_password, password_fits
from matchhub.services.accounts.second_factor import due_at_sign_in
from matchhub.services.accounts.sessions import (
    CODE_DUE,
    account_of_session,
    actor_of,
    end_sessions,
    is_proven_by_code,
    open_session,
    sign_out,
)
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.limits import Limit, client_key, count_attempt, forget_attempts, take_back_attempt
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.speaking import REJECTED, speaks
from matchhub.services.kernel.unit import SYSTEM, Unit

__all__ = [
    "AccountView",
    "SignInRefused",
    "account_of_session",
    "actor_of",
    "add_account",
    "change_password",
    "disable_account",
    "enable_account",
    "list_accounts",
    "sign_in",
    "sign_in_again",
    "sign_out",
]

# Per account and address a guesser has few tries, and the owner at another address is not locked out (P18).
PER_ACCOUNT = Limit("sign_in_account", 5, timedelta(minutes=5))
PER_ADDRESS = Limit("sign_in_address", 20, timedelta(minutes=5))


class SignInRefused(Refusal):
    """Name or password is wrong, or the account is disabled: the answer does not say which, but for a registration
    that was not confirmed (``registration_not_passed``), to whoever knows its password."""

    code = "sign_in_refused"


class AccountInvalid(Refusal):
    """The data of a new account are not usable."""

    code = "login_invalid"


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account as the administrator sees it."""

    id: int
    login: str
    display_name: str
    role: str
    organisation: str
    created_at: datetime
    disabled_at: datetime | None


def normalise_login(login: str) -> str:
    """One spelling of a login: NFKC, no blanks around, lower case."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def add_account(
    unit: Unit,
    *,
    login: str,
    display_name: str,
    role: str,
    organisation_name: str,
    organisation_kind: str,
    password: str,
    enterprise_id: int | None = None,
    email: str | None = None,
    demo: bool = False,
    temporary: bool = False,
) -> int:
    """Add an account, and its organisation when the name is new; returns the account's id.

    Of the bureau the installer makes the first account, which keeps the others (``accounts.bureau``); nobody else does.
    An account of a firm or an institution waits for the operator's word as one that registered itself does
    (``verification``, ``organisations.confirming``); those of the staff are appointed by being added. A ``temporary``
    password is changed by its owner at the first sign-in.

    Raises ``AccountInvalid`` (``login_invalid``, ``role_unknown``, ``organisation_kind_unknown``), ``Conflict``
    (``login_taken``), ``NotAllowed`` (``bureau_accounts_apart``, ``bureau_first_keeps``) and ``PasswordRefused``.
    """
    unit.require("account.add")
    of_bureau = organisation_kind == BUREAU or role in bureau_roles()
    if of_bureau:
        require_first_of_bureau(unit, role)
    account_id = create_account(
        unit,
        login=login,
        display_name=display_name,
        role=role,
        organisation_id=organisation_of(unit, organisation_name, organisation_kind, enterprise_id, demo),
        password=password,
        email=email,
        demo=demo,
        keeps_accounts=of_bureau,
        temporary=temporary,
    )
    if organisation_kind in HOLDER_KINDS:
        _let_wait(unit, account_id)
    return account_id


def _let_wait(unit: Unit, account_id: int) -> None:
    account = unit.session.get_one(Account, account_id)
    place = unit.session.get_one(Organisation, account.organisation_id)
    firm = unit.session.get(Enterprise, place.enterprise_id) if place.enterprise_id is not None else None
    unit.session.add(
        Registration(
            account_id=account_id,
            enterprise_id=place.enterprise_id,
            uscc=firm.uscc if firm else place.uscc,
            name=place.name,
            by_itself=False,
            waits=True,
            contact_name=account.display_name,
            contact_email=account.email,
            registered_at=unit.now,
        )
    )
    unit.session.flush()


def is_confirmed_account(unit: Unit, account_id: int) -> bool:
    """Whether an account speaks for its organisation, as far as the base knows."""
    chosen = select(Account.id).join(Organisation, Organisation.id == Account.organisation_id)
    return unit.session.execute(chosen.where(Account.id == account_id, speaks())).first() is not None


def create_account(
    unit: Unit,
    *,
    login: str,
    display_name: str,
    role: str,
    organisation_id: int,
    password: str,
    email: str | None = None,
    demo: bool = False,
    keeps_accounts: bool = False,
    temporary: bool = False,
    department: str = "",
    made_by: int | None = None,
) -> int:
    """Add an account of an organisation that exists; whoever calls this has judged who may."""
    key = normalise_login(login)
    if not 3 <= len(key) <= 64 or any(sign.isspace() or not sign.isprintable() for sign in key):
        raise AccountInvalid(value=login)
    if role not in role_names():
        raise AccountInvalid("role_unknown", value=role, roles="、".join(role_names()))
    if unit.session.execute(select(Account.id).where(Account.login == key)).first():
        raise Conflict("login_taken", value=key)
    account = Account(
        login=key,
        display_name=display_name.strip() or key,
        role=role,
        organisation_id=organisation_id,
        password_hash=hash_password(password, key),
        email=(email or "").strip() or None,
        keeps_accounts=keeps_accounts,
        made_by=made_by or unit.actor.account_id,
        department=department.strip() or None,
        must_change=temporary,
        created_at=unit.now,
        demo=demo,
    )
    unit.session.add(account)
    unit.session.flush()
    append_event(unit, "account.added", "accounts", account.id, role=role, organisation=organisation_id)
    return account.id


def organisation_of(unit: Unit, name: str, kind: str, enterprise_id: int | None = None, demo: bool = False) -> int:
    """The organisation of that name (of that enterprise) and kind, made when it is new; its id."""
    if kind not in get_args(OrganisationKind):
        raise AccountInvalid("organisation_kind_unknown", value=kind)
    key = normalise_name(name)
    same = Organisation.enterprise_id == enterprise_id if enterprise_id else Organisation.name_key == key
    known = unit.session.execute(select(Organisation).where(same, Organisation.kind == kind)).scalars().first()
    if known is not None:
        return known.id
    fresh = Organisation(
        name=name.strip(), name_key=key, kind=kind, enterprise_id=enterprise_id, created_at=unit.now, demo=demo
    )
    unit.session.add(fresh)
    unit.session.flush()
    return fresh.id


def sign_in(
    runtime: Runtime,
    login: str,
    password: str,
    address: str,
    old_token: str | None = None,
    agent: str = "",
    *,
    again: bool = False,
) -> str:
    """Check name and password and return the token of a new session; ``old_token``'s session ends with it.

    ``agent`` is what the browser says of itself, for the list of one's devices. Where the account has one-time codes,
    or its role asks for them, the session is good for that step alone first (``Actor.due``); ``again``: not where the
    browser gave a code before it was left alone.

    Works in three units of work, because one cannot both refuse (and roll back) and keep the attempt on record: the
    attempt is counted and committed first, the slow check of the password holds no lock, and a success takes the
    attempt back. Raises ``LimitReached`` and ``SignInRefused``.
    """
    key, client = normalise_login(login), client_key(address)
    with runtime.unit(SYSTEM, write=True) as unit:
        count_attempt(unit, PER_ACCOUNT, key, client)
        by_address = count_attempt(unit, PER_ADDRESS, client)
    with runtime.unit(SYSTEM, write=False) as unit:
        wanted = (
            select(Account.id, Account.role, Account.password_hash, Account.disabled_at, Registration.decision)
            .outerjoin(Registration, Registration.account_id == Account.id)
            .where(Account.login == key)
        )
        found = unit.session.execute(wanted).one_or_none()
    fits = password_fits(found.password_hash if found else None, password)
    if found is None or not fits:
        raise SignInRefused()
    if found.disabled_at is not None:
        # Who knows the password is told what became of the registration: there may be no mailbox to write to.
        raise SignInRefused("registration_not_passed" if found.decision == REJECTED else None)
    with runtime.unit(SYSTEM, write=True) as unit:
        forget_attempts(unit, PER_ACCOUNT, key, client)
        take_back_attempt(unit, by_address)
        due = due_at_sign_in(unit, found.id, found.role, required=runtime.settings.codes_required)
        if due == CODE_DUE and again and is_proven_by_code(unit, old_token or "", found.id):
            due = ""
        if old_token:
            sign_out(unit, old_token)
        append_event(unit, "account.signed_in", "accounts", found.id)
        return open_session(unit, found.id, device_word(agent), address_part(address), due)


def sign_in_again(
    runtime: Runtime, account_id: int, password: str, address: str, old_token: str | None = None, agent: str = ""
) -> str:
    """``sign_in`` of an account whose session has ended, by its password alone; 0 and unknown numbers are refused."""
    with runtime.unit(SYSTEM, write=False) as unit:
        login = unit.session.execute(select(Account.login).where(Account.id == account_id)).scalar()
    return sign_in(runtime, login or "", password, address, old_token, agent, again=True)


def change_password(unit: Unit, old: str, new: str, device: str = "", network: str = "") -> str:
    """Change the actor's own password; every session of the account ends, the token of a new one is returned.

    Raises ``SignInRefused("password_wrong")`` and ``PasswordRefused``.
    """
    account = unit.session.get(Account, unit.actor.account_id)
    if account is None:
        raise NotFound()
    if not password_fits(account.password_hash, old):
        raise SignInRefused("password_wrong")
    if account.must_change and new == old:
        raise PasswordRefused("password_the_same")
    account.password_hash, account.must_change = hash_password(new, account.login), False
    end_sessions(unit, account.id)
    append_event(unit, "account.password_changed", "accounts", account.id)
    return open_session(unit, account.id, device, network, unit.actor.due)


def set_password(unit: Unit, account_id: int, new: str) -> str:
    """Give an account a new password by the hand of who keeps it; its sessions end. Returns its login.

    It is the owner's own word no longer, so the owner changes it at the next sign-in, but for the own account.
    """
    account = kept_account(unit, account_id)
    account.password_hash = hash_password(new, account.login)
    account.must_change = account.id != unit.actor.account_id
    end_sessions(unit, account.id)
    append_event(unit, "account.password_set", "accounts", account.id)
    return account.login


def disable_account(unit: Unit, account_id: int) -> str:
    """Shut an account out from now on; its sessions end. Nobody disables the own account. Returns its login."""
    account = kept_account(unit, account_id)
    if account.id == unit.actor.account_id:
        raise Conflict("account_own")
    account.disabled_at = account.disabled_at or unit.now
    end_sessions(unit, account.id)
    append_event(unit, "account.disabled", "accounts", account.id)
    return account.login


def enable_account(unit: Unit, account_id: int) -> str:
    """Let a disabled account in again. Returns its login."""
    account = kept_account(unit, account_id)
    account.disabled_at = None
    append_event(unit, "account.enabled", "accounts", account.id)
    return account.login


def list_accounts(unit: Unit) -> list[AccountView]:
    """All accounts, for the administrator, by organisation and login."""
    unit.require("account.read_any")
    rows = unit.session.execute(
        select(Account, Organisation.name)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .order_by(Organisation.name, Account.login)
    )
    return [
        AccountView(each.id, each.login, each.display_name, each.role, name, each.created_at, each.disabled_at)
        for each, name in rows
    ]
