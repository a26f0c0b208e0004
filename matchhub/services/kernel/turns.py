"""Writers of one account act one after another, so that what one of its requests checks no other changes meanwhile."""

from __future__ import annotations

from sqlalchemy import text

from matchhub.services.kernel.unit import Unit

_ACCOUNTS = 7301  # first half of the advisory lock's key on PostgreSQL; the account is the other


def wait_for_turn(unit: Unit) -> None:
    """Until the unit ends no other one of the same account passes here; on SQLite all writers stand in line anyway.

    To be called first in a unit: whoever waits here holds nothing that the one before could wait for.
    """
    if unit.actor.account_id is not None and unit.session.get_bind().dialect.name == "postgresql":
        keys = {"kind": _ACCOUNTS, "account": unit.actor.account_id % 2**31}
        unit.session.execute(text("SELECT pg_advisory_xact_lock(:kind, :account)"), keys)
