"""An enterprise (企业) registers itself: one account, filed under the firm of the base by its USCC.

Name and code stand on every invoice and prove nothing: the operator confirms the account (``verification``). Until
then it sees what a visitor sees and what it entered itself, and changes nothing of the firm: not even the telephone,
which is the one the operator calls. Of a firm of which the base holds something private nothing is stored for it.
"""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Account, Demand, Enterprise, Organisation, Push
from matchhub.domain.organisations import ENTERPRISE
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import EnterpriseRecord, Row, Source
from matchhub.errors import Conflict
from matchhub.services.accounts.applicants import (
    Applicant,
    RegistrationInvalid,
    open_account,
    put_before_operator,
    received,
)
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.recorders import EnterpriseRecorder


def register_enterprise(unit: Unit, stated: Applicant, address: str = "") -> int:
    """Register a firm and its first account; returns the account's id. ``address`` is the client's, for the limit.

    A firm already in the base is taken by its USCC, or by its name while it has no USCC. Raises what ``received`` and
    ``open_account`` raise, and ``Conflict`` (``enterprise_has_account``).
    """
    given = received(unit, stated, address)
    known = _known(unit, given.uscc, given.name)
    demo = holds_rows(unit, demo=True)
    waits = known is not None and _holds_private(unit, known)
    # Without its contact data: these are the account's until the operator has confirmed it.
    bare = EnterpriseRecord(source=Source("registration", 1), name=given.name, uscc=given.uscc)
    enterprise_id = known.id if known is not None else record_firm(unit, bare, demo)
    account_id = open_account(unit, given, ENTERPRISE, _organisation(unit, enterprise_id, given.name, demo), demo)
    append_event(unit, "enterprise.registered", "enterprises", enterprise_id, account=account_id)
    put_before_operator(unit, given, account_id, enterprise_id=enterprise_id, waits=waits)
    return account_id


def record_firm(unit: Unit, record: EnterpriseRecord, demo: bool) -> int:
    """Record what a registration says of the firm; returns the firm's id."""
    outcome = EnterpriseRecorder(unit, None, demo).record([Row(record.source, record)])[0]
    if outcome.record_id is None:
        raise RegistrationInvalid("register_name_differs")
    return outcome.record_id


def _known(unit: Unit, uscc: str, name: str) -> Enterprise | None:
    by_name = (Enterprise.name_key == normalise_name(name)) & Enterprise.uscc.is_(None)
    chosen = (
        select(Enterprise).where((Enterprise.uscc == uscc) | by_name).order_by(Enterprise.uscc.is_(None), Enterprise.id)
    )
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
