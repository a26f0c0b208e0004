"""An institution (机构: university, institute) registers itself; nothing is stored for it before the operator's word.

A name and a code prove nothing, and an institution's word moves patents: the confirmation needs a document
(``verification``), and only then are code and names its own (``organisations.confirming``).
"""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Account, Organisation, Registration
from matchhub.domain.identifiers import normalise_uscc
from matchhub.domain.organisations import INSTITUTION
from matchhub.domain.permissions import registering_role
from matchhub.errors import Conflict
from matchhub.services.accounts.accounts import create_account, organisation_of
from matchhub.services.accounts.consents import give_consent
from matchhub.services.accounts.registration import PER_ADDRESS, require_filled, tell_operators
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.limits import client_key, count_attempt
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit


def register_institution(
    unit: Unit,
    *,
    uscc: str,
    name: str,
    contact_name: str,
    contact_phone: str,
    contact_email: str,
    login: str,
    password: str,
    department: str = "",
    address: str = "",
) -> int:
    """Register an institution's first account, which waits for the operator; returns the account's id.

    ``address`` is the client's, for the limit. Who registers agreed to agreement and privacy text. Raises
    ``IdentifierInvalid`` (USCC), ``RegistrationInvalid``, ``Conflict`` (``institution_has_account``, ``login_taken``),
    ``PasswordRefused`` and ``LimitReached``.
    """
    if address:
        count_attempt(unit, PER_ADDRESS, client_key(address))
    code = normalise_uscc(uscc)
    require_filled(name, contact_name, contact_phone.strip() or contact_email)
    demo = holds_rows(unit, demo=True)
    place = organisation_of(unit, name, INSTITUTION, demo=demo)
    _require_nobody_speaks(unit, place, code)
    account_id = create_account(
        unit,
        login=login,
        display_name=contact_name,
        role=registering_role(INSTITUTION),
        organisation_id=place,
        password=password,
        email=contact_email,
        demo=demo,
        department=department,
    )
    unit.session.add(
        Registration(
            account_id=account_id,
            uscc=code,
            name=name.strip(),
            waits=True,
            contact_name=contact_name.strip(),
            contact_phone=contact_phone.strip() or None,
            contact_email=contact_email.strip() or None,
            registered_at=unit.now,
        )
    )
    unit.session.flush()
    give_consent(unit, account_id)
    append_event(unit, "institution.registered", "organisations", place, account=account_id)
    tell_operators(unit, account_id, name.strip())
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
