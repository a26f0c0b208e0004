"""Confirming accounts of firms and institutions (账号核实): does the person speak for the organisation?

The operator finds out outside the platform (the telephone on record, a stamp, a visit) and says how; for an institution
(机构), whose word moves patents, a document is kept. Only then does the account see what is the organisation's, and
authorisations it ticked reach its demands, because an authorisation (授权) makes a demand count.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select

from matchhub.db.tables import (
    Account,
    Demand,
    DemandEvent,
    Enterprise,
    EvidenceFile,
    HeldAuthorisation,
    Organisation,
    Registration,
    Revision,
)
from matchhub.domain.addresses import read_addresses
from matchhub.domain.organisations import INSTITUTION
from matchhub.domain.records import DemandRecord, EnterpriseRecord, Source
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.chiefs import name_chief
from matchhub.services.accounts.registration import record_firm
from matchhub.services.accounts.sessions import end_sessions
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.speaking import CONFIRMED, REJECTED
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify
from matchhub.services.parties.linked_names import NameUse, names_in_use

MOST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """One account with what it says of itself; ``waits``: nothing is stored for it yet. ``held``: authorisations that
    wait. ``known_phone`` is the telephone on record for the firm, the number to call; the registrant typed
    ``contact_phone``. ``names``: the organisation's exact name, where records bear it and nobody's it is yet."""

    id: int
    login: str
    organisation_id: int
    uscc: str
    name: str
    enterprise_id: int | None
    by_itself: bool
    needs_document: bool
    known_phone: str
    known_contact: str
    names: tuple[NameUse, ...]
    contact_name: str
    contact_phone: str
    contact_email: str
    registered_at: datetime
    waits: bool
    held: int
    decision: str | None
    note: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Registrant:
    """Whom a letter about a registration goes to: mailbox, person, organisation as stated, login."""

    to: str
    contact_name: str
    name: str
    login: str


def list_registrations(unit: Unit, decided: bool = False, most: int = 200) -> list[RegistrationView]:
    """Accounts that wait for the operator, the oldest first; or those decided, the newest first."""
    unit.require("registration.decide")
    chosen = (
        select(Registration, Account.login, Organisation, Enterprise)
        .join(Account, Account.id == Registration.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .outerjoin(Enterprise, Enterprise.id == Registration.enterprise_id)
    )
    if decided:
        newest = (Registration.decided_at.desc(), Registration.id.desc())
        chosen = chosen.where(Registration.decided_at.is_not(None)).order_by(*newest)
    else:
        chosen = chosen.where(Registration.decided_at.is_(None)).order_by(Registration.id)
    rows = unit.session.execute(chosen.limit(most)).all()
    ids = [row.account_id for row, *_ in rows]
    waiting = select(HeldAuthorisation.account_id).where(HeldAuthorisation.account_id.in_(ids))
    held = Counter(unit.session.execute(waiting).scalars())
    uses = {} if decided else names_in_use(unit, [place.name for _, _, place, _ in rows])
    return [
        _view(row, login, place, firm, held[row.account_id], uses.get(place.name_key))
        for row, login, place, firm in rows
    ]


def _view(
    row: Registration, login: str, place: Organisation, firm: Enterprise | None, held: int, use: NameUse | None
) -> RegistrationView:
    return RegistrationView(
        id=row.id,
        login=login,
        organisation_id=place.id,
        uscc=row.uscc or "",
        name=row.name,
        enterprise_id=row.enterprise_id,
        by_itself=row.by_itself,
        needs_document=place.kind == INSTITUTION,
        known_phone=(firm.contact_phone if firm else None) or "",
        known_contact=(firm.contact_name if firm else None) or "",
        names=(use,) if use is not None else (),
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


def exact_names(unit: Unit, registration_id: int) -> tuple[str, ...]:
    """The organisation's own name where records bear it and it is nobody's yet: the confirmation may link it."""
    return next(
        (tuple(use.name for use in row.names) for row in list_registrations(unit) if row.id == registration_id), ()
    )


def confirm_registration(unit: Unit, registration_id: int, note: str, evidence_id: int | None = None) -> str:
    """Say that the account speaks for its organisation, and how that was found out; returns the login.

    ``evidence_id`` is the document that was seen, stored as evidence of the organisation; an institution needs one.
    What a registrant stated of its firm takes effect now, and so do authorisations ticked meanwhile, with the day they
    were ticked. Raises ``NotFound``, ``Conflict("registration_decided")``, ``Refusal`` ``registration_note_missing``
    and ``registration_document_missing``.
    """
    row, account = _decide(unit, registration_id, CONFIRMED, note)
    place = unit.session.get_one(Organisation, account.organisation_id)
    if not _is_document(unit, place.id, evidence_id) and (evidence_id is not None or place.kind == INSTITUTION):
        raise Refusal("registration_document_missing")
    row.evidence_id = evidence_id
    if row.by_itself and row.enterprise_id is not None:
        firm = unit.session.get_one(Enterprise, row.enterprise_id)
        record_firm(unit, _stated(row), firm.demo)
    name_chief(unit, account)
    _apply_held(unit, account.id)
    append_event(unit, "registration.confirmed", "accounts", account.id, enterprise=row.enterprise_id)
    subject = ("accounts", account.id)
    notify(unit, [place.id], "notice_account_open", subject, str(row.id), login=account.login)
    return account.login


def reject_registration(unit: Unit, registration_id: int, note: str) -> str:
    """Say that the account does not belong to its firm, and why: it is disabled. Returns the login.

    What it ticked never takes effect; the firm may register again. Raises as ``confirm_registration`` does.
    """
    row, account = _decide(unit, registration_id, REJECTED, note)
    account.disabled_at = account.disabled_at or unit.now
    end_sessions(unit, account.id)
    unit.session.execute(delete(HeldAuthorisation).where(HeldAuthorisation.account_id == account.id))
    append_event(unit, "registration.rejected", "accounts", account.id, enterprise=row.enterprise_id)
    return account.login


def registrant_of(unit: Unit, registration_id: int) -> Registrant | None:
    """Who registered, to write to; ``None`` where it gave no mailbox that letters can go to."""
    unit.require("registration.decide")
    chosen = (
        select(Registration, Account.login)
        .join(Account, Account.id == Registration.account_id)
        .where(Registration.id == registration_id)
    )
    found = unit.session.execute(chosen).one_or_none()
    mailbox = next(iter(read_addresses(found[0].contact_email or "").usable), None) if found else None
    if found is None or mailbox is None:
        return None
    row, login = found
    return Registrant(mailbox.address, row.contact_name, row.name, login)


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


def _is_document(unit: Unit, organisation_id: int, evidence_id: int | None) -> bool:
    file = unit.session.get(EvidenceFile, evidence_id) if evidence_id is not None else None
    subject = ("organisations", organisation_id)
    return file is not None and file.withdrawn_at is None and (file.subject_kind, file.subject_id) == subject


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
            if not _was_changed(unit, held):
                unit.session.add(_own_word(unit, held))
        unit.session.delete(held)


def _was_changed(unit: Unit, held: HeldAuthorisation) -> bool:
    """Whether the demand says something else than when its firm ticked: then the firm is asked again."""
    later = select(Revision.id).where(
        Revision.kind == "demands", Revision.record_id == held.demand_id,
        Revision.recorded_at > held.recorded_at, Revision.recorded_at < unit.now,
    )  # fmt: skip
    return unit.session.execute(later.limit(1)).first() is not None


def _own_word(unit: Unit, held: HeldAuthorisation) -> DemandEvent:
    """The firm's word takes effect now that its account is known to speak for it."""
    return DemandEvent(
        demand_id=held.demand_id,
        state="authorised",
        occurred_on=held.authorised_on,
        recorded_at=unit.now,
        recorded_by=held.account_id,
    )
