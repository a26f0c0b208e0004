"""The chief account (主账号) of a firm or an institution: the first that was confirmed; it invites its colleagues."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Account, AccountMatter, Organisation
from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit

MOST_REASON = 500


def name_chief(unit: Unit, account: Account) -> None:
    """Make an account that is just being confirmed the chief where its organisation has none that may sign in."""
    place = unit.session.get_one(Organisation, account.organisation_id)
    chief = select(Account.id).where(Account.organisation_id == place.id, Account.chief, Account.disabled_at.is_(None))
    if place.kind in HOLDER_KINDS and unit.session.execute(chief.limit(1)).first() is None:
        account.chief = True


def appoint_chief(unit: Unit, organisation_id: int, account_id: int, reason: str) -> str:
    """Another chief by the operator's hand, where the chief left or cannot be reached; returns the account's login.

    The reason is kept with it, and the chain says that it was done. Raises ``NotFound`` for an account that does not
    speak for that firm or institution, ``Conflict`` ``account_disabled`` and ``chief_already``, and
    ``Refusal("chief_reason_missing")``.
    """
    unit.require("account.help_any")
    chosen = select(Account).join(Organisation, Organisation.id == Account.organisation_id)
    place = unit.session.get(Organisation, organisation_id)
    its = list(unit.session.execute(chosen.where(Account.organisation_id == organisation_id, speaks())).scalars())
    account = next((each for each in its if each.id == account_id), None)
    if account is None or place is None or place.kind not in HOLDER_KINDS:
        raise NotFound()
    if not reason.strip():
        raise Refusal("chief_reason_missing")
    if account.disabled_at is not None:
        raise Conflict("account_disabled")
    if account.chief:
        raise Conflict("chief_already")
    before = [each.id for each in its if each.chief]
    for each in its:
        each.chief = each is account
    unit.session.add(
        AccountMatter(
            account_id=account.id,
            kind="chief",
            reason=reason.strip()[:MOST_REASON],
            asked_at=unit.now,
            asked_by=unit.actor.account_id,
            decision="done",
            decided_at=unit.now,
            decided_by=unit.actor.account_id,
        )
    )
    append_event(unit, "account.chief_appointed", "accounts", account.id, before=before)
    return account.login
