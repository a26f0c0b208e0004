"""An enterprise (企业) registers itself: one account, filed under the firm of the base by its USCC.

Name and code stand on every invoice and prove nothing: the operator confirms the account (``verification``). Until
then it sees what a visitor sees and what it entered itself, and changes nothing of the firm: not even the telephone,
which is the one the operator calls. Of a firm of which the base holds something private nothing is stored for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from matchhub.db.tables import Account, Demand, Enterprise, Organisation, Push, Registration
from matchhub.domain.identifiers import normalise_uscc
from matchhub.domain.organisations import ENTERPRISE
from matchhub.domain.parties import normalise_name
from matchhub.domain.permissions import registering_role
from matchhub.domain.records import EnterpriseRecord, Row, Source
from matchhub.errors import Conflict, Refusal
from matchhub.services.accounts.accounts import create_account
from matchhub.services.accounts.consents import give_consent
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.limits import Limit, client_key, count_attempt
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, operators
from matchhub.services.parties.recorders import EnterpriseRecorder

PER_ADDRESS = Limit("register_address", 20, timedelta(hours=1))


class RegistrationInvalid(Refusal):
    """Something an enterprise must state is missing, or does not fit what is on record."""

    code = "register_name_missing"


def register_enterprise(
    unit: Unit,
    *,
    uscc: str,
    name: str,
    contact_name: str,
    contact_phone: str,
    contact_email: str,
    login: str,
    password: str,
    address: str = "",
) -> int:
    """Register a firm and its first account; returns the account's id. ``address`` is the client's, for the limit. Who
    registers agreed to agreement and privacy text (``consents``).

    A firm already in the base is taken by its USCC, or by its name while it has no USCC. Raises
    ``IdentifierInvalid`` (USCC), ``RegistrationInvalid``, ``Conflict`` (``enterprise_has_account``, ``login_taken``),
    ``PasswordRefused`` and ``LimitReached``.
    """
    if address:
        count_attempt(unit, PER_ADDRESS, client_key(address))
    code = normalise_uscc(uscc)
    require_filled(name, contact_name, contact_phone.strip() or contact_email)
    known = _known(unit, code, name)
    demo = holds_rows(unit, demo=True)
    record = EnterpriseRecord(
        source=Source("registration", 1),
        name=name.strip(),
        uscc=code,
        contact_name=contact_name.strip(),
        contact_phone=contact_phone.strip() or None,
        contact_email=contact_email.strip() or None,
    )
    waits = known is not None and _holds_private(unit, known)
    bare = replace(record, contact_name=None, contact_phone=None, contact_email=None)
    enterprise_id = known.id if known is not None else record_firm(unit, bare, demo)
    organisation = _organisation(unit, enterprise_id, name, demo)
    account_id = create_account(
        unit,
        login=login,
        display_name=contact_name,
        role=registering_role(ENTERPRISE),
        organisation_id=organisation,
        password=password,
        email=contact_email,
        demo=demo,
    )
    _remember(unit, account_id, enterprise_id, record, waits)
    give_consent(unit, account_id)
    append_event(unit, "enterprise.registered", "enterprises", enterprise_id, account=account_id)
    tell_operators(unit, account_id, name.strip())
    return account_id


def tell_operators(unit: Unit, account_id: int, name: str) -> None:
    """Tell the operator that somebody has registered and waits to be confirmed."""
    said = unit.session.execute(select(Registration).where(Registration.account_id == account_id)).scalar_one()
    notify(unit, operators(unit), "notice_registration_waits", ("registrations", said.id), str(said.id), name=name)


def require_filled(name: str, contact_name: str, reachable: str) -> None:
    """Refuse a registration without a name, a contact person or a way to reach it: ``RegistrationInvalid``."""
    if not normalise_name(name):
        raise RegistrationInvalid()
    if not contact_name.strip() or not reachable.strip():
        raise RegistrationInvalid("register_contact_missing")


def _remember(unit: Unit, account_id: int, enterprise_id: int, record: EnterpriseRecord, waits: bool) -> None:
    unit.session.add(
        Registration(
            account_id=account_id,
            enterprise_id=enterprise_id,
            uscc=record.uscc,
            name=record.name,
            waits=waits,
            contact_name=record.contact_name,
            contact_phone=record.contact_phone,
            contact_email=record.contact_email,
            registered_at=unit.now,
        )
    )


def record_firm(unit: Unit, record: EnterpriseRecord, demo: bool) -> int:
    """Record what a registration says of the firm; returns the firm's id."""
    outcome = EnterpriseRecorder(unit, None, demo).record([Row(record.source, record)])[0]
    if outcome.record_id is None:
        raise RegistrationInvalid("register_name_differs")
    return outcome.record_id


def _known(unit: Unit, uscc: str, name: str) -> Enterprise | None:
    by_name = (Enterprise.name_key == normalise_name(name)) & Enterprise.uscc.is_(None)
    chosen = select(Enterprise).where((Enterprise.uscc == uscc) | by_name).order_by(Enterprise.uscc.is_(None))
    known = unit.session.execute(chosen.limit(1)).scalar()
    if known is None:
        return None
    if known.name_key != normalise_name(name):
        raise RegistrationInvalid("register_name_differs")
    # An account that waits or was rejected keeps nobody out: it may be a stranger's, who knew the firm's code.
    taken = (
        select(Account.id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Organisation.enterprise_id == known.id, speaks())
    )
    if unit.session.execute(taken.limit(1)).first():
        raise Conflict("enterprise_has_account")
    return known


def _holds_private(unit: Unit, firm: Enterprise) -> bool:
    if firm.contact_name or firm.contact_phone or firm.contact_email:
        return True
    return any(
        unit.session.execute(select(table.id).where(table.enterprise_id == firm.id).limit(1)).first()
        for table in (Demand, Push)
    )


def _organisation(unit: Unit, enterprise_id: int, name: str, demo: bool) -> int:
    known = unit.session.execute(select(Organisation).where(Organisation.enterprise_id == enterprise_id)).scalar()
    if known is None:
        known = Organisation(
            name=name.strip(),
            name_key=normalise_name(name),
            kind=ENTERPRISE,
            enterprise_id=enterprise_id,
            created_at=unit.now,
            demo=demo,
        )
        unit.session.add(known)
        unit.session.flush()
    return known.id
