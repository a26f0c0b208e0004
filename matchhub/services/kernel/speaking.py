"""Which accounts speak for their organisation: staff as appointed, of firms and holders only those confirmed (P27)."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased

from matchhub.db.tables import Account, Organisation, Registration
from matchhub.domain.organisations import HOLDER_KINDS

CONFIRMED, REJECTED = "confirmed", "rejected"
# Conditions without a value of their own are built once: every page asks both, and to adapt an alias anew each time
# took longer than most statements.


@cache
def speaks() -> ColumnElement[bool]:
    """Condition on ``Account`` joined with its ``Organisation``: the account speaks for it."""
    word = aliased(Registration)  # the statement around may ask of registrations itself
    said = exists().where(word.account_id == Account.id, word.decision == CONFIRMED)
    return or_(Organisation.kind.not_in(HOLDER_KINDS), said)


@cache
def is_confirmed() -> ColumnElement[bool]:
    """Condition on ``Organisation``: somebody speaks for it."""
    word, account = aliased(Registration), aliased(Account)
    said = exists().where(
        word.account_id == account.id, word.decision == CONFIRMED, account.organisation_id == Organisation.id
    )
    return or_(Organisation.kind.not_in(HOLDER_KINDS), said)
