"""Who keeps which account: the administrator all but the bureau's, and those the bureau itself.

The bureau's word decides what counts, so nobody on the operator's side may make, let in or take over an account of the
bureau (issue of the chain; Patent Law art. 79: the authority, not the platform, confirms). The installer makes the
first one on the machine while there is none; it keeps all others. The one act on the machine that is left is
``recover_keeper``, which stands in the chain and on the bureau's pages.
"""

from __future__ import annotations

from sqlalchemy import delete, select

from matchhub.db.tables import Account, Organisation, SecondFactor
from matchhub.domain.organisations import BUREAU
from matchhub.domain.permissions import permissions
from matchhub.errors import Conflict, NotAllowed, NotFound
from matchhub.services.accounts.passwords import hash_password
from matchhub.services.accounts.sessions import end_sessions
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import SYSTEM, Unit

KEEP = "bureau_account.keep"
RECOVERED = "account.recovered_on_machine"


def bureau_roles() -> tuple[str, ...]:
    """Roles whose accounts act for the bureau, in the order shown."""
    return tuple(role.name for role in permissions().roles.values() if role.organisation == BUREAU)


def bureau_has_accounts(unit: Unit) -> bool:
    """Whether the bureau has an account, disabled ones included."""
    return unit.session.execute(select(Account.id).where(Account.role.in_(bureau_roles())).limit(1)).first() is not None


def require_first_of_bureau(unit: Unit, role: str) -> None:
    """Let the installer on the machine make the bureau's first account, and nobody any other.

    Raises ``NotAllowed``: ``bureau_accounts_apart``, and ``bureau_first_keeps`` for a role that could keep none.
    """
    if unit.actor != SYSTEM or bureau_has_accounts(unit):
        raise NotAllowed("bureau_accounts_apart", role=unit.actor.role)
    if not permissions().may(role, KEEP):
        raise NotAllowed("bureau_first_keeps", role=role)


def require_keeper(unit: Unit) -> None:
    """Refuse who does not keep the bureau's accounts: ``NotAllowed``, with ``bureau_keeper_needed`` for a colleague."""
    unit.require(KEEP)
    if not unit.actor.keeps_accounts:
        raise NotAllowed("bureau_keeper_needed", role=unit.actor.role)


def kept_account(unit: Unit, account_id: int) -> Account:
    """The account, when the actor may change it; raises ``NotFound`` and ``NotAllowed``."""
    unit.require("account.change_any", KEEP)
    account = unit.session.get(Account, account_id)
    if account is None:
        raise NotFound()
    if is_of_bureau(unit, account):
        if unit.actor == SYSTEM or not unit.may(KEEP):
            raise NotAllowed("bureau_accounts_apart", role=unit.actor.role)
        require_keeper(unit)
    else:
        unit.require("account.change_any")
    return account


def is_of_bureau(unit: Unit, account: Account) -> bool:
    """Whether an account has a role of the bureau, or acts for it."""
    organisation = unit.session.get_one(Organisation, account.organisation_id)
    return organisation.kind == BUREAU or account.role in bureau_roles()


def recover_keeper(unit: Unit, login: str, password: str) -> int:
    """A new password for who keeps the bureau's accounts, by an act on the machine; returns the account's id.

    For the one case in which nobody of the bureau can help: refused with ``Conflict("bureau_can_help")`` while another
    account that keeps them may sign in. One-time codes are taken away, sessions end, and the chain says so for ever.
    Raises ``NotFound("keeper_not_found")`` for an account that keeps none.
    """
    if unit.actor != SYSTEM:
        raise NotAllowed(role=unit.actor.role)
    keepers = unit.session.execute(select(Account).where(Account.keeps_accounts)).scalars().all()
    account = next((each for each in keepers if each.login == login.strip().casefold()), None)
    if account is None:
        raise NotFound("keeper_not_found", login=login)
    if any(each.disabled_at is None for each in keepers if each is not account):
        raise Conflict("bureau_can_help")
    account.password_hash = hash_password(password, account.login)
    account.disabled_at = None
    end_sessions(unit, account.id)
    unit.session.execute(delete(SecondFactor).where(SecondFactor.account_id == account.id))
    append_event(unit, RECOVERED, "accounts", account.id)
    return account.id
