"""Confirming accounts that registered themselves (企业账号核实): does the person belong to the firm?

The operator finds out outside the platform (the firm's known telephone, its stamp, a visit) and says how. Only then do
authorisations that the account ticked reach its demands, because an authorisation (授权) makes a demand count.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select

from matchhub.db.tables import Account, Demand, Enterprise, HeldAuthorisation, Registration
from matchhub.domain.records import DemandRecord, EnterpriseRecord, Source
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.registration import record_firm
from matchhub.services.accounts.sessions import end_sessions
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit

MOST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """One self-registered account; ``waits``: it sees nothing of its firm yet. ``held``: authorisations that wait."""

    id: int
    login: str
    uscc: str
    name: str
    enterprise_id: int
    contact_name: str
    contact_phone: str
    contact_email: str
    registered_at: datetime
    waits: bool
    held: int
    decision: str | None
    note: str
    decided_at: datetime | None


def list_registrations(unit: Unit, decided: bool = False, most: int = 200) -> list[RegistrationView]:
    """Accounts that wait for the operator, the oldest first; or those decided, the newest first."""
    unit.require("registration.decide")
    chosen = select(Registration, Account.login).join(Account, Account.id == Registration.account_id)
    if decided:
        chosen = chosen.where(Registration.decided_at.is_not(None)).order_by(Registration.decided_at.desc())
    else:
        chosen = chosen.where(Registration.decided_at.is_(None)).order_by(Registration.id)
    rows = unit.session.execute(chosen.limit(most)).all()
    ids = [row.account_id for row, _ in rows]
    waiting = select(HeldAuthorisation.account_id).where(HeldAuthorisation.account_id.in_(ids))
    held = Counter(unit.session.execute(waiting).scalars())
    return [_view(row, login, held[row.account_id]) for row, login in rows]


def _view(row: Registration, login: str, held: int) -> RegistrationView:
    return RegistrationView(
        id=row.id,
        login=login,
        uscc=row.uscc,
        name=row.name,
        enterprise_id=row.enterprise_id,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone or "",
        contact_email=row.contact_email or "",
        registered_at=row.registered_at,
        waits=row.waits,
        held=held,
        decision=row.decision,
        note=row.note or "",
        decided_at=row.decided_at,
    )


def confirm_registration(unit: Unit, registration_id: int, note: str) -> str:
    """Say that the account belongs to its firm, and how that was found out; returns the login.

    Contact data of a firm that was in the base before take effect now, and so do authorisations ticked meanwhile, with
    the day they were ticked. Raises ``NotFound``, ``Conflict("registration_decided")``, ``Refusal("note_missing")``.
    """
    row, account = _decide(unit, registration_id, "confirmed", note)
    if row.waits:
        firm = unit.session.get_one(Enterprise, row.enterprise_id)
        record_firm(unit, _stated(row), firm.demo)
    _apply_held(unit, account.id)
    append_event(unit, "registration.confirmed", "accounts", account.id, enterprise=row.enterprise_id)
    return account.login


def reject_registration(unit: Unit, registration_id: int, note: str) -> str:
    """Say that the account does not belong to its firm, and why: it is disabled. Returns the login.

    What it ticked never takes effect; the firm may register again. Raises as ``confirm_registration`` does.
    """
    row, account = _decide(unit, registration_id, "rejected", note)
    account.disabled_at = account.disabled_at or unit.now
    end_sessions(unit, account.id)
    unit.session.execute(delete(HeldAuthorisation).where(HeldAuthorisation.account_id == account.id))
    append_event(unit, "registration.rejected", "accounts", account.id, enterprise=row.enterprise_id)
    return account.login


def _decide(unit: Unit, registration_id: int, decision: str, note: str) -> tuple[Registration, Account]:
    unit.require("registration.decide")
    chosen = select(Registration).where(Registration.id == registration_id).with_for_update()
    row = unit.session.execute(chosen).scalar()
    if row is None:
        raise NotFound("registration_not_found", id=registration_id)
    if row.decided_at is not None:
        raise Conflict("registration_decided", id=registration_id)
    if not note.strip():
        raise Refusal("registration_note_missing")
    row.decision, row.note = decision, note.strip()[:MOST_NOTE]
    row.decided_by, row.decided_at = unit.actor.account_id, unit.now
    return row, unit.session.get_one(Account, row.account_id)


def _stated(row: Registration) -> EnterpriseRecord:
    return EnterpriseRecord(
        source=Source("registration", 1),
        name=row.name,
        uscc=row.uscc,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        contact_email=row.contact_email,
    )


def without_authorisation(unit: Unit, record: DemandRecord) -> DemandRecord:
    """``record`` as it may be recorded for the actor: an account that is not confirmed yet authorises nothing."""
    return record if unit.actor.proven else replace(record, authorised_on=None, authorised_by=None)


def hold_authorisation(unit: Unit, demand_id: int, record: DemandRecord) -> None:
    """Keep the authorisation that an unconfirmed actor ticked for a demand, in place of an earlier one."""
    if unit.actor.proven or unit.actor.account_id is None:
        return
    unit.session.execute(delete(HeldAuthorisation).where(HeldAuthorisation.demand_id == demand_id))
    if record.authorised_on is None or not record.authorised_by:
        return
    unit.session.add(
        HeldAuthorisation(
            demand_id=demand_id,
            account_id=unit.actor.account_id,
            authorised_on=record.authorised_on,
            authorised_by=record.authorised_by,
            recorded_at=unit.now,
        )
    )


def _apply_held(unit: Unit, account_id: int) -> None:
    rows = unit.session.execute(select(HeldAuthorisation).where(HeldAuthorisation.account_id == account_id)).scalars()
    for held in rows.all():
        demand = unit.session.get_one(Demand, held.demand_id)
        if demand.authorised_on is None:
            demand.authorised_on, demand.authorised_by = held.authorised_on, held.authorised_by
            demand.updated_at = unit.now
            fields = {"authorised_on": held.authorised_on, "authorised_by": held.authorised_by}
            write_revisions(unit, "demands", None, [Change(demand.id, None, fields)])
        unit.session.delete(held)
