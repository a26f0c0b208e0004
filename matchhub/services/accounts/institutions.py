"""An institution (机构: university, institute) registers itself; nothing is stored for it before the operator's word.

A name and a code prove nothing, and an institution's word moves patents: the confirmation needs a document
(``verification``), and only then are code and names its own (``organisations.confirming``).
"""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Account, Organisation
from matchhub.domain.organisations import INSTITUTION
from matchhub.errors import Conflict
from matchhub.services.accounts.accounts import organisation_of
from matchhub.services.accounts.applicants import Applicant, open_account, put_before_operator, received
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit


def register_institution(unit: Unit, stated: Applicant, address: str = "") -> int:
    """Register an institution's first account, which waits for the operator; returns the account's id.

    Raises what ``received`` and ``open_account`` raise, and ``Conflict`` (``institution_has_account``).
    """
    given = received(unit, stated, address)
    demo = holds_rows(unit, demo=True)
    place = organisation_of(unit, given.name, INSTITUTION, demo=demo)
    _require_nobody_speaks(unit, place, given.uscc)
    account_id = open_account(unit, given, INSTITUTION, place, demo)
    append_event(unit, "institution.registered", "organisations", place, account=account_id)
    put_before_operator(unit, given, account_id)
    return account_id


def _require_nobody_speaks(unit: Unit, organisation_id: int, code: str) -> None:
    """Colleagues of an institution that has an account are invited by it; they do not register."""
    taken = (
        select(Account.id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where((Organisation.id == organisation_id) | (Organisation.uscc == code), speaks())
    )
    if unit.session.execute(taken.limit(1)).first():
        raise Conflict("institution_has_account")
