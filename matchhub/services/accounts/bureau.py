"""The bureau's own accounts: who they are, who made them, and a new one (``keeping`` says who may)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from matchhub.db.tables import Account, LogEntry, Organisation, SecondFactor
from matchhub.domain.organisations import BUREAU
from matchhub.domain.permissions import permissions
from matchhub.errors import NotAllowed, Refusal
from matchhub.services.accounts.accounts import create_account, organisation_of
from matchhub.services.accounts.keeping import RECOVERED, bureau_roles, require_keeper
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.unit import Unit

_TOLD_FOR = timedelta(days=90)  # a recovery on the machine stands on the bureau's first page


@dataclass(frozen=True, slots=True)
class BureauAccount:
    """One account of the bureau. ``made_by`` empty: the installer; ``recovered_at``: last taken over on the machine."""

    id: int
    login: str
    display_name: str
    role: str
    organisation: str
    keeps_accounts: bool
    has_codes: bool
    made_by: str
    created_at: datetime
    disabled_at: datetime | None
    recovered_at: datetime | None


def list_bureau_accounts(unit: Unit) -> list[BureauAccount]:
    """All accounts of the bureau, for the bureau, in the order in which they were made."""
    unit.require("bureau_account.read")
    chosen = (
        select(Account, Organisation.name, SecondFactor.switched_on_at)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
        .where((Organisation.kind == BUREAU) | Account.role.in_(bureau_roles()))
        .order_by(Account.id)
    )
    rows = unit.session.execute(chosen).all()
    makers = account_names(unit, (each.made_by for each, _, _ in rows))
    recovered = recoveries(unit)
    return [
        BureauAccount(
            each.id,
            each.login,
            each.display_name,
            each.role,
            organisation,
            each.keeps_accounts,
            codes_since is not None,
            makers.get(each.made_by or 0, ""),
            each.created_at,
            each.disabled_at,
            recovered.get(each.id),
        )
        for each, organisation, codes_since in rows
    ]


def addresses_of_keepers(unit: Unit) -> list[str]:
    """E-mail addresses of the accounts that keep the bureau's accounts and may sign in."""
    chosen = select(Account.email).where(Account.keeps_accounts, Account.disabled_at.is_(None)).order_by(Account.id)
    return [each for each in unit.session.execute(chosen).scalars() if each]


def recoveries(unit: Unit) -> dict[int, datetime]:
    """When accounts were last taken over by an act on the machine, by account id, as the chain has it."""
    chosen = select(LogEntry.subject_id, LogEntry.appended_at).where(LogEntry.verb == RECOVERED).order_by(LogEntry.id)
    return {number: at for number, at in unit.session.execute(chosen) if number is not None}


def recovered_lately(unit: Unit) -> datetime | None:
    """When an account of the bureau was last taken over on the machine, if that was within ninety days."""
    last = max(recoveries(unit).values(), default=None)
    return last if last is not None and unit.now - last <= _TOLD_FOR else None


def add_colleague(
    unit: Unit,
    *,
    login: str,
    display_name: str,
    role: str,
    password: str,
    organisation_name: str = "",
    email: str | None = None,
    keeps_accounts: bool = False,
    temporary: bool = False,
    demo: bool = False,
) -> int:
    """Add an account of the bureau by the hand of who keeps them; returns its id.

    ``temporary``: the password is not its own word and must be changed at the first sign-in.
    Another office's name may be given for those who only read (the audit office's auditors). Raises ``NotAllowed``,
    ``Refusal`` (``bureau_role_unknown``, ``keeper_role_unfit``, ``bureau_office_unfit``) and what adding an account
    raises.
    """
    require_keeper(unit)
    if role not in bureau_roles():
        raise Refusal("bureau_role_unknown", role=role)
    if keeps_accounts and not permissions().may(role, "bureau_account.keep"):
        raise Refusal("keeper_role_unfit")
    return create_account(
        unit,
        login=login,
        display_name=display_name,
        role=role,
        organisation_id=_office(unit, role, organisation_name, demo),
        password=password,
        email=email,
        demo=demo,
        keeps_accounts=keeps_accounts,
        temporary=temporary,
    )


def _office(unit: Unit, role: str, name: str, demo: bool) -> int:
    own = unit.actor.organisation_id
    if own is None:
        raise NotAllowed(role=unit.actor.role)
    if not name.strip():
        return own
    office = organisation_of(unit, name, BUREAU, demo=demo)
    if office != own and permissions().may(role, "record.confirm"):
        raise Refusal("bureau_office_unfit")
    return office
