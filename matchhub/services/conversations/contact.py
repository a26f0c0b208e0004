"""Contact data: given to each other only after both sides agreed; every time they are shown is on record (PIPL)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import (
    Account,
    Demand,
    Enterprise,
    Organisation,
    Patent,
    PlatformEvent,
    Registration,
    Reveal,
    Thread,
)
from matchhub.domain.organisations import ENTERPRISE
from matchhub.errors import Conflict, NotAllowed
from matchhub.services.conversations.threads import OTHER, both_agreed, hear, holder_of, notify_side, open_to
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.speaking import speaks
from matchhub.services.kernel.unit import Unit
from matchhub.services.organisations.contacts import contacts_of, stated_contacts


@dataclass(frozen=True, slots=True)
class ContactView:
    """Who to talk to on the other side."""

    organisation: str
    name: str
    phone: str
    email: str
    address: str = ""


def agree(unit: Unit, thread_id: int) -> bool:
    """The actor's side agrees to exchange contact data; true when now both have agreed.

    From then on a ``contact`` of the enterprise with the patent is on record as a platform event. Raises
    ``NotAllowed`` for the operator and guests: only the parties can agree.
    """
    thread, side = open_to(unit, thread_id, writing=True)
    if side not in OTHER:
        raise NotAllowed(role=unit.actor.role)
    before = both_agreed(thread)
    if side == ENTERPRISE:
        thread.enterprise_agreed_at = thread.enterprise_agreed_at or unit.now
    else:
        thread.holder_agreed_at = thread.holder_agreed_at or unit.now
    hear(unit, thread, side)
    append_event(unit, "thread.agreed", "threads", thread.id, side=side)
    title = unit.session.get_one(Patent, thread.patent_id).title or ""
    done = both_agreed(thread)
    code = "notice_contact_open" if done else "notice_contact_offered"
    notify_side(unit, thread, OTHER[side], code, f"agreed:{side}", patent=title)
    if done and not before:
        _note_contact(unit, thread)
    return done


def _note_contact(unit: Unit, thread: Thread) -> None:
    unit.session.add(
        PlatformEvent(
            enterprise_id=thread.enterprise_id,
            patent_id=thread.patent_id,
            demand_id=thread.demand_id,
            event="contact",
            occurred_at=unit.now,
            recorded_at=unit.now,
            recorded_by=unit.actor.account_id,
        )
    )
    unit.session.flush()


def reveal(unit: Unit, thread_id: int) -> tuple[ContactView, ...]:
    """Contact data of the other side, and that they were shown is written down.

    Raises ``NotAllowed`` for guests, ``Conflict("contact_not_agreed")`` before both agreed. The operator, who
    mediates, sees both sides after both agreed.
    """
    thread, side = open_to(unit, thread_id)
    if side == "guest" or unit.actor.account_id is None:
        raise NotAllowed(role=unit.actor.role)
    if not both_agreed(thread):
        raise Conflict("contact_not_agreed")
    shown = [OTHER[side]] if side in OTHER else [ENTERPRISE, "holder"]
    for each in shown:
        row = Reveal(
            thread_id=thread.id,
            side=each,
            account_id=unit.actor.account_id,
            recorded_at=unit.now,
            recorded_by=unit.actor.account_id,
        )
        unit.session.add(row)
        append_event(unit, "contact.revealed", "threads", thread.id, side=each)
    unit.session.flush()
    found = [_firm(unit, thread)] if ENTERPRISE in shown else []
    return tuple(found + (_holder(unit, thread) if "holder" in shown else []))


def _firm(unit: Unit, thread: Thread) -> ContactView:
    firm = unit.session.get_one(Enterprise, thread.enterprise_id)
    demand = unit.session.get(Demand, thread.demand_id) if thread.demand_id is not None else None
    source = demand if demand is not None and demand.contact_name else firm
    place = unit.session.execute(select(Organisation.id).where(Organisation.enterprise_id == firm.id)).scalar()
    address = contacts_of(unit, place).contact_address if place is not None else ""
    return ContactView(
        firm.name, source.contact_name or "", source.contact_phone or "", source.contact_email or "", address
    )


def _holder(unit: Unit, thread: Thread) -> list[ContactView]:
    """The holder's contact data where it gave any, else its accounts."""
    number = holder_of(unit, thread) or 0
    place = unit.session.get(Organisation, number)
    if place is not None and (said := stated_contacts(unit, number)) is not None:
        return [
            ContactView(place.name, said.contact_name, said.contact_phone, said.contact_email, said.contact_address)
        ]
    chosen = (
        select(Account.display_name, Account.email, Organisation.name, Registration.contact_phone)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .outerjoin(Registration, Registration.account_id == Account.id)
        .where(Organisation.id == number, Account.disabled_at.is_(None), speaks())
        .order_by(Account.id)
    )
    return [
        ContactView(named, name, phone or "", email or "") for name, email, named, phone in unit.session.execute(chosen)
    ]
