"""Whom to talk to in an organisation: contact data that its own accounts keep, each change kept with its day.

These are no facts of a register. A firm's go into its record too, with a revision, as its own word, which no import
overwrites (``kernel.precedence``); demands bear contact data of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select

from matchhub.db.tables import Account, Enterprise, Organisation, OrganisationContact, Registration
from matchhub.domain.addresses import usable_address
from matchhub.domain.erasure import MARK
from matchhub.errors import NotAllowed, Refusal
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit

KEEP = "contact.keep_own"
MOST_NAME, MOST_PHONE, MOST_EMAIL, MOST_ADDRESS = 60, 40, 120, 200
_OF_FIRM = ("contact_name", "contact_phone", "contact_email")


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contact data of an organisation; "" is unknown."""

    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    contact_address: str = ""


@dataclass(frozen=True, slots=True)
class ContactChange:
    """One change: when, by whose hand, which fields (``Contacts``); never the values."""

    at: datetime
    by: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnContacts:
    """What the page shows: the data in force, and how they came to be, the newest change first."""

    organisation: str
    firm: bool
    now: Contacts
    changes: tuple[ContactChange, ...]


def own_contacts(unit: Unit) -> OwnContacts:
    """Contact data of the actor's own organisation."""
    place = _own_place(unit)
    rows = _said(unit, place.id)
    names = account_names(unit, (row.recorded_by for row in rows))
    before, changes = Contacts(), []
    for row in rows:
        said = _of_row(row)
        changes.append(ContactChange(row.recorded_at, names.get(row.recorded_by or 0, ""), _differing(before, said)))
        before = said
    return OwnContacts(
        place.name, place.enterprise_id is not None, contacts_of(unit, place.id), tuple(reversed(changes))
    )


def contacts_of(unit: Unit, organisation_id: int) -> Contacts:
    """What an organisation said last; before it said anything, what the base holds of it."""
    rows = _said(unit, organisation_id)
    place = unit.session.get_one(Organisation, organisation_id)
    firm = unit.session.get(Enterprise, place.enterprise_id) if place.enterprise_id is not None else None
    said = _of_row(rows[-1]) if rows else Contacts()
    if firm is not None:  # its record may have been corrected since
        return Contacts(
            firm.contact_name or "", firm.contact_phone or "", firm.contact_email or "", said.contact_address
        )
    return said if rows else _registered(unit, organisation_id)


def stated_contacts(unit: Unit, organisation_id: int) -> Contacts | None:
    """What an organisation's own accounts said last; ``None`` where they said nothing, or it was erased."""
    rows = _said(unit, organisation_id)
    said = _of_row(rows[-1]) if rows else None
    return said if said is not None and said.contact_name != MARK else None


def change_contacts(unit: Unit, said: Contacts) -> tuple[str, ...]:
    """Replace the contact data of the actor's organisation; returns the fields that changed, none when none did.

    Raises ``Refusal``: ``contact_name_missing``, ``contact_unreachable`` (neither telephone nor mailbox) and
    ``contact_email_unusable``.
    """
    place = _own_place(unit)
    new = Contacts(**{each.name: getattr(said, each.name).strip() for each in fields(Contacts)})
    if not new.contact_name:
        raise Refusal("contact_name_missing")
    if not new.contact_phone and not new.contact_email:
        raise Refusal("contact_unreachable")
    if new.contact_email and usable_address(new.contact_email) is None:
        raise Refusal("contact_email_unusable")
    changed = _differing(contacts_of(unit, place.id), new)
    if not changed:
        return ()
    unit.session.add(
        OrganisationContact(
            organisation_id=place.id,
            contact_name=new.contact_name,
            contact_phone=new.contact_phone or None,
            contact_email=new.contact_email or None,
            contact_address=new.contact_address or None,
            recorded_at=unit.now,
            recorded_by=unit.actor.account_id,
        )
    )
    _tell_record(unit, place.enterprise_id, new)
    append_event(unit, "organisation.contacts_changed", "organisations", place.id, fields=list(changed))
    return changed


def _tell_record(unit: Unit, enterprise_id: int | None, new: Contacts) -> None:
    firm = unit.session.get(Enterprise, enterprise_id) if enterprise_id is not None else None
    if firm is None:
        return
    changed = {name: getattr(new, name) or None for name in _OF_FIRM}
    changed = {name: value for name, value in changed.items() if value != getattr(firm, name)}
    for name, value in changed.items():
        setattr(firm, name, value)
    if changed:
        firm.updated_at = unit.now
        write_revisions(unit, "enterprises", None, [Change(firm.id, None, changed)])


def _own_place(unit: Unit) -> Organisation:
    unit.require(KEEP)
    if unit.actor.organisation_id is None:
        raise NotAllowed(role=unit.actor.role)
    return unit.session.get_one(Organisation, unit.actor.organisation_id)


def _said(unit: Unit, organisation_id: int) -> list[OrganisationContact]:
    chosen = select(OrganisationContact).where(OrganisationContact.organisation_id == organisation_id)
    return list(unit.session.execute(chosen.order_by(OrganisationContact.id)).scalars())


def _of_row(row: OrganisationContact) -> Contacts:
    return Contacts(row.contact_name, row.contact_phone or "", row.contact_email or "", row.contact_address or "")


def _registered(unit: Unit, organisation_id: int) -> Contacts:
    """What the organisation's chief said at its registration."""
    row = _registration(unit, organisation_id)
    return Contacts(row.contact_name, row.contact_phone or "", row.contact_email or "") if row else Contacts()


def _registration(unit: Unit, organisation_id: int) -> Registration | None:
    chosen = (
        select(Registration)
        .join(Account, Account.id == Registration.account_id)
        .where(Account.organisation_id == organisation_id, Account.disabled_at.is_(None), speaks())
        .join(Organisation, Organisation.id == Account.organisation_id)
        .order_by(Account.chief.desc(), Account.id)
    )
    return unit.session.execute(chosen.limit(1)).scalar()


def _differing(before: Contacts, after: Contacts) -> tuple[str, ...]:
    names: Iterable[str] = (each.name for each in fields(Contacts))
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
