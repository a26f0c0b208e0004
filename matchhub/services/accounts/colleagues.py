"""Colleagues (同事账号): the chief account (主账号) of a firm or an institution invites others of its organisation.

There may be no mail server, so an invitation is a link that is shown once, to be handed over; the base holds only its
hash. All accounts of one organisation are one organisation for every rule and count (PROMISES.md P19).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from matchhub.db.tables import Account, AccountSession, Invitation, Organisation, Registration
from matchhub.domain.organisations import ENTERPRISE
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts.accounts import create_account
from matchhub.services.accounts.consents import give_consent
from matchhub.services.accounts.sessions import end_sessions, token_hash
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.limits import Limit, client_key, count_attempt
from matchhub.services.kernel.speaking import CONFIRMED, speaks
from matchhub.services.kernel.unit import Unit

HOLDS = timedelta(days=7)
PER_ADDRESS = Limit("invitation_address", 30, timedelta(hours=1))
INVITE = "colleague.invite"


@dataclass(frozen=True, slots=True)
class Colleague:
    """One account of the organisation. ``last_seen_at``: last use of any of its browsers."""

    id: int
    login: str
    display_name: str
    department: str
    chief: bool
    own: bool
    created_at: datetime
    last_seen_at: datetime | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation whose link may still be used."""

    id: int
    name: str
    department: str
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Colleagues:
    """All accounts of the actor's organisation, and how many it may have. ``keeps``: the actor is its chief."""

    organisation: str
    rows: tuple[Colleague, ...]
    invitations: tuple[OpenInvitation, ...]
    most: int
    taken: int
    keeps: bool


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the page of an invitation says to who opened its link."""

    organisation: str
    name: str
    department: str
    inviter: str


def most_accounts(unit: Unit, place: Organisation) -> int:
    """How many accounts the organisation may have at a time (settings)."""
    return unit.accounts.per_enterprise if place.kind == ENTERPRISE else unit.accounts.per_institution


def list_colleagues(unit: Unit) -> Colleagues:
    """The accounts of the actor's own organisation, the chief first."""
    unit.require("colleague.read_own")
    place = _own_place(unit)
    used = select(func.max(AccountSession.seen_at)).where(AccountSession.account_id == Account.id).scalar_subquery()
    chosen = (
        select(Account, used)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Account.organisation_id == place.id, speaks())
        .order_by(Account.chief.desc(), Account.id)
    )
    rows = tuple(
        Colleague(
            each.id,
            each.login,
            each.display_name,
            each.department or "",
            each.chief,
            each.id == unit.actor.account_id,
            each.created_at,
            seen,
            each.disabled_at,
        )
        for each, seen in unit.session.execute(chosen)
    )
    waiting = tuple(
        OpenInvitation(each.id, each.name, each.department or "", each.until_at) for each in _open(unit, place.id)
    )
    keeps = any(row.own and row.chief for row in rows)
    return Colleagues(place.name, rows, waiting, most_accounts(unit, place), _taken(unit, place.id), keeps)


def invite_colleague(unit: Unit, name: str, department: str = "", email: str = "") -> str:
    """Invite a colleague; returns the token of the link, which is known nowhere else and holds for seven days.

    Raises ``NotAllowed("chief_needed")``, ``Refusal`` ``invitation_name_missing``, ``invitation_department_missing``
    (an institution's) and ``Conflict("accounts_used_up")``.
    """
    place = _chiefs_place(unit)
    assert unit.actor.account_id is not None
    if not name.strip():
        raise Refusal("invitation_name_missing")
    if place.kind != ENTERPRISE and not department.strip():
        raise Refusal("invitation_department_missing")
    _require_room(unit, place)
    token = secrets.token_urlsafe(32)
    row = Invitation(
        organisation_id=place.id,
        name=name.strip(),
        department=department.strip() or None,
        email=email.strip() or None,
        token_hash=token_hash(token),
        invited_by=unit.actor.account_id,
        invited_at=unit.now,
        until_at=unit.now + HOLDS,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "account.invited", "organisations", place.id, invitation=row.id)
    return token


def withdraw_invitation(unit: Unit, invitation_id: int) -> None:
    """Take an invitation back: its link opens nothing any more. Raises ``NotFound``."""
    place = _chiefs_place(unit)
    row = unit.session.get(Invitation, invitation_id)
    if row is None or row.organisation_id != place.id or row.account_id is not None or row.withdrawn_at is not None:
        raise NotFound()
    row.withdrawn_at = unit.now
    append_event(unit, "account.invitation_withdrawn", "organisations", place.id, invitation=row.id)


def welcome(unit: Unit, token: str) -> Welcome:
    """What an invitation is about; ``NotFound("invitation_over")`` when its link was used, taken back or is too old."""
    row = _invitation(unit, token)
    place = unit.session.get_one(Organisation, row.organisation_id)
    inviter = unit.session.get_one(Account, row.invited_by)
    return Welcome(place.name, row.name, row.department or "", inviter.display_name)


def accept_invitation(
    unit: Unit, token: str, *, login: str, display_name: str, password: str, address: str = ""
) -> int:
    """Open the colleague's account, which speaks for its organisation from now on; returns its id.

    Raises ``NotFound("invitation_over")``, ``Conflict`` ``accounts_used_up``, ``login_taken``, ``AccountInvalid``,
    ``PasswordRefused`` and ``LimitReached``.
    """
    if address:
        count_attempt(unit, PER_ADDRESS, client_key(address))
    row = _invitation(unit, token)
    place = unit.session.get_one(Organisation, row.organisation_id)
    inviter = unit.session.get_one(Account, row.invited_by)
    _require_room(unit, place, but=row.id)
    number = create_account(
        unit,
        login=login,
        display_name=display_name or row.name,
        role=inviter.role,
        organisation_id=place.id,
        password=password,
        email=row.email,
        department=row.department or "",
        made_by=inviter.id,
        demo=inviter.demo,
    )
    row.account_id = number
    _let_speak(unit, number, place, row)
    give_consent(unit, number)
    append_event(unit, "account.joined", "accounts", number, organisation=place.id, invitation=row.id)
    return number


def _let_speak(unit: Unit, account_id: int, place: Organisation, row: Invitation) -> None:
    """The chief's word, which the operator confirmed, stands for the colleague's."""
    unit.session.add(
        Registration(
            account_id=account_id,
            enterprise_id=place.enterprise_id,
            uscc=place.uscc,
            name=place.name,
            by_itself=False,
            waits=False,
            contact_name=row.name,
            contact_email=row.email,
            registered_at=unit.now,
            decision=CONFIRMED,
            note="本单位主账号邀请",
            decided_by=row.invited_by,
            decided_at=unit.now,
        )
    )
    unit.session.flush()


def shut_out_colleague(unit: Unit, account_id: int) -> str:
    """Disable a colleague's account; returns its login. Raises ``NotFound`` and ``Conflict("account_own")``."""
    account = _colleague(unit, account_id)
    account.disabled_at = account.disabled_at or unit.now
    end_sessions(unit, account.id)
    append_event(unit, "account.disabled", "accounts", account.id)
    return account.login


def let_colleague_in(unit: Unit, account_id: int) -> str:
    """Let a disabled colleague in again, while there is room; returns its login."""
    account = _colleague(unit, account_id)
    _require_room(unit, unit.session.get_one(Organisation, account.organisation_id))
    account.disabled_at = None
    append_event(unit, "account.enabled", "accounts", account.id)
    return account.login


def hand_over(unit: Unit, account_id: int) -> str:
    """Make a colleague the chief account in the actor's place; returns its login."""
    account = _colleague(unit, account_id)
    if account.disabled_at is not None:
        raise Conflict("account_disabled")
    own = unit.session.get_one(Account, unit.actor.account_id)
    own.chief, account.chief = False, True
    append_event(unit, "account.chief_named", "accounts", account.id, before=own.id)
    return account.login


def _own_place(unit: Unit) -> Organisation:
    if unit.actor.organisation_id is None:
        raise NotAllowed(role=unit.actor.role)
    return unit.session.get_one(Organisation, unit.actor.organisation_id)


def _chiefs_place(unit: Unit) -> Organisation:
    unit.require(INVITE)
    account = unit.session.get(Account, unit.actor.account_id)
    if account is None or not account.chief:
        raise NotAllowed("chief_needed", role=unit.actor.role)
    return _own_place(unit)


def _colleague(unit: Unit, account_id: int) -> Account:
    place = _chiefs_place(unit)
    account = unit.session.get(Account, account_id)
    if account is None or account.organisation_id != place.id:
        raise NotFound()
    if account.id == unit.actor.account_id:
        raise Conflict("account_own")
    return account


def _open(unit: Unit, organisation_id: int) -> list[Invitation]:
    chosen = select(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.account_id.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.until_at > unit.now,
    )
    return list(unit.session.execute(chosen.order_by(Invitation.id)).scalars())


def _taken(unit: Unit, organisation_id: int) -> int:
    """Accounts that may sign in and speak for the organisation, and links on their way to one."""
    chosen = (
        select(func.count(Account.id))
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Account.organisation_id == organisation_id, Account.disabled_at.is_(None), speaks())
    )
    return int(unit.session.execute(chosen).scalar_one()) + len(_open(unit, organisation_id))


def _require_room(unit: Unit, place: Organisation, but: int | None = None) -> None:
    most = most_accounts(unit, place)
    if _taken(unit, place.id) - (1 if but is not None else 0) >= most:
        raise Conflict("accounts_used_up", most=most)


def _invitation(unit: Unit, token: str) -> Invitation:
    row = unit.session.execute(select(Invitation).where(Invitation.token_hash == token_hash(token))).scalar()
    if row is None or row.account_id is not None or row.withdrawn_at is not None or row.until_at <= unit.now:
        raise NotFound("invitation_over")
    inviter = unit.session.get_one(Account, row.invited_by)
    if inviter.disabled_at is not None:
        raise NotFound("invitation_over")
    return row
