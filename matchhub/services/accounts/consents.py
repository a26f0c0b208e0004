"""Consents (同意): which version of the user agreement and the privacy text an account agreed to, and when."""

from __future__ import annotations

from sqlalchemy import ScalarSelect, select

from matchhub.db.tables import Account, Consent
from matchhub.domain.consents import VERSION
from matchhub.errors import NotAllowed
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit


def give_consent(unit: Unit, account_id: int) -> None:
    """Note that an account agreed to the texts in force."""
    unit.session.add(Consent(account_id=account_id, version=VERSION, given_at=unit.now))
    unit.session.flush()
    append_event(unit, "account.consented", "accounts", account_id, version=VERSION)


def consent_again(unit: Unit) -> None:
    """The actor agrees to the texts as they stand now."""
    unit.require("account.keep_own")
    if unit.actor.account_id is None:
        raise NotAllowed(role=unit.actor.role)
    give_consent(unit, unit.actor.account_id)


def newest_consent() -> ScalarSelect[str]:
    """The version an ``Account`` agreed to last, as a column of a statement; empty where it never did."""
    chosen = select(Consent.version).where(Consent.account_id == Account.id).order_by(Consent.id.desc()).limit(1)
    return chosen.correlate(Account).scalar_subquery()
