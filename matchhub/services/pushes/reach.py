"""Whom a push can reach, and on which day it goes out: the two questions that choosing asks of the channels."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from matchhub.db.tables import Account, Enterprise, Organisation, Suppression
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit


def plan_day(unit: Unit, wanted: date | None = None) -> date:
    """The day on which what is planned now goes out: the one wanted, today at the earliest."""
    return max(wanted or unit.today, unit.today)


def switched_off(unit: Unit) -> set[int]:
    """Enterprises that want no pushes."""
    chosen = select(Suppression.enterprise_id).where(Suppression.withdrawn_at.is_(None))
    return set(unit.session.execute(chosen).scalars())


def with_account(unit: Unit) -> set[int]:
    """Enterprises that read their inbox: somebody who speaks for them has an account."""
    chosen = (
        select(Organisation.enterprise_id)
        .join(Account, Account.organisation_id == Organisation.id)
        .where(Account.disabled_at.is_(None), Organisation.enterprise_id.is_not(None), speaks())
    )
    return {key for key in unit.session.execute(chosen).scalars() if key is not None}


def with_address(unit: Unit) -> set[int]:
    """Enterprises of which an address is known."""
    return set(unit.session.execute(select(Enterprise.id).where(Enterprise.contact_email.is_not(None))).scalars())
