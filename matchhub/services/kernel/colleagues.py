"""What one's own organisation did: the accounts of one organisation see each other's work, and no other's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from matchhub.db.tables import Account
from matchhub.services.kernel.unit import Unit


def by_colleagues(unit: Unit, account_column: Any) -> ColumnElement[bool]:
    """A condition on a column of account ids: an account of the actor's own organisation; true of none without one."""
    own = select(Account.id).where(Account.organisation_id == (unit.actor.organisation_id or 0))
    condition: ColumnElement[bool] = account_column.in_(own)
    return condition
