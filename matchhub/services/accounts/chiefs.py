"""The chief account (主账号) of a firm or an institution: the first that was confirmed; it invites its colleagues."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Account, Organisation
from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.services.kernel.unit import Unit


def name_chief(unit: Unit, account: Account) -> None:
    """Make an account that is just being confirmed the chief where its organisation has none that may sign in."""
    place = unit.session.get_one(Organisation, account.organisation_id)
    chief = select(Account.id).where(Account.organisation_id == place.id, Account.chief, Account.disabled_at.is_(None))
    if place.kind in HOLDER_KINDS and unit.session.execute(chief.limit(1)).first() is None:
        account.chief = True
