"""Whom a push can reach, and on which day it goes out: what choosing and delivery ask alike."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from matchhub.db.tables import Account, Organisation, Suppression
from matchhub.domain.calendar import next_working_day
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit
from matchhub.services.recipients.choices import enterprise_choices


def plan_day(unit: Unit, wanted: date | None = None, *, courteous: bool = False) -> date:
    """The day on which what is planned now goes out: the one wanted, today at the earliest.

    ``courteous``: a working day. So plans the worker; a person who plans on a day off means that day.
    """
    day = max(wanted or unit.today, unit.today)
    return next_working_day(day, unit.pack.holidays) if courteous else day


def switched_off(unit: Unit) -> set[int]:
    """Enterprises that want no pushes."""
    chosen = select(Suppression.enterprise_id).where(Suppression.withdrawn_at.is_(None))
    return set(unit.session.execute(chosen).scalars())


def with_account(unit: Unit) -> set[int]:
    """Enterprises with an inbox that somebody reads: an account that is let in and confirmed."""
    chosen = (
        select(Organisation.enterprise_id)
        .join(Account, Account.organisation_id == Organisation.id)
        .where(Account.disabled_at.is_(None), Organisation.enterprise_id.is_not(None), speaks())
    )
    return {key for key in unit.session.execute(chosen).scalars() if key is not None}


def unprofiled(unit: Unit) -> set[int]:
    """Enterprises that let their profile not be used: only what answers their own demands comes to them."""
    return {firm for firm, (_, choices) in enterprise_choices(unit).items() if not choices.uses_profile}
