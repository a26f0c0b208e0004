"""Which addresses of an organisation are kept, where each came from and what for (PIPL, art. 7, 17 and 45)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from matchhub.db.tables import Account, Demand, Enterprise, ImportBatch, Organisation, Registration, Revision
from matchhub.services.kernel.privacy import masked
from matchhub.services.kernel.unit import Unit
from matchhub.services.recipients.choices import own_organisation

# own: typed by an account of the organisation; registration; typed: by the operator; register: an import.
Source = Literal["own", "registration", "typed", "register", "unknown"]
_FIELDS = ("contact_name", "contact_phone", "contact_email")


@dataclass(frozen=True, slots=True)
class Held:
    """One address. ``use`` is what it is kept for, ``file`` the imported file it came with, ``of`` what it hangs on."""

    field: str
    shown: str
    use: str
    source: Source
    at: datetime | None
    file: str = ""
    of: str = ""


def held_addresses(unit: Unit) -> tuple[Held, ...]:
    """Every address kept of the actor's organisation beside those it gave for messages, each shown in part."""
    unit.require("message.read_own")
    organisation = own_organisation(unit)
    found = [*_of_accounts(unit, organisation)]
    if organisation.enterprise_id is not None:
        found += [*_of_firm(unit, organisation.enterprise_id), *_of_demands(unit, organisation.enterprise_id)]
    return tuple(found)


def push_address_source(unit: Unit, enterprise_id: int, demand_id: int | None, address: str) -> Held | None:
    """Where the mailbox came from that a push was sent to; ``None`` where it is on record no more."""
    kept = [*_of_demands(unit, enterprise_id, demand_id), *_of_firm(unit, enterprise_id)]
    shown = str(masked("email", address))
    return next((each for each in kept if each.field == "contact_email" and each.shown == shown), None)


def _of_accounts(unit: Unit, organisation: Organisation) -> Iterator[Held]:
    chosen = (
        select(Account, Registration)
        .outerjoin(Registration, Registration.account_id == Account.id)
        .where(Account.organisation_id == organisation.id, Account.disabled_at.is_(None))
        .order_by(Account.id)
    )
    for account, said in unit.session.execute(chosen):
        by_itself = said is not None and said.by_itself
        source: Source = "registration" if by_itself else "typed"
        if account.email:
            yield Held("email", _part(account.email), "account", source, account.created_at, of=account.display_name)
        if said is not None and said.contact_phone:
            phone = _part(said.contact_phone, "phone")
            yield Held("contact_phone", phone, "confirming", source, said.registered_at, of=account.display_name)


def _of_firm(unit: Unit, enterprise_id: int) -> Iterator[Held]:
    firm = unit.session.get_one(Enterprise, enterprise_id)
    spoken = select(Revision).where(Revision.kind == "enterprises", Revision.record_id == enterprise_id)
    said = list(unit.session.execute(spoken.order_by(Revision.id.desc())).scalars())
    for name in _FIELDS:
        value = getattr(firm, name)
        if not value:
            continue
        row = next((each for each in said if each.fields.get(name) == value), None)
        source, file = _source(unit, enterprise_id, row.recorded_by, row.batch_id) if row else ("unknown", "")
        use = "pushes" if name == "contact_email" else "calls"
        yield Held(name, _part(value, name), use, source, row.recorded_at if row else None, file)


def _of_demands(unit: Unit, enterprise_id: int, demand_id: int | None = None) -> Iterator[Held]:
    chosen = select(Demand).where(Demand.enterprise_id == enterprise_id)
    if demand_id is not None:
        chosen = chosen.where(Demand.id == demand_id)
    seen: set[tuple[str, Any]] = set()
    for row in unit.session.execute(chosen.order_by(Demand.id)).scalars():
        source, file = _source(unit, enterprise_id, row.recorded_by, row.batch_id)
        for name in _FIELDS:
            value = getattr(row, name)
            if value and (name, value) not in seen:
                seen.add((name, value))
                use = "pushes" if name == "contact_email" else "calls"
                yield Held(name, _part(value, name), use, source, row.recorded_at, file, row.title)


def _source(unit: Unit, enterprise_id: int, account_id: int | None, batch_id: int | None) -> tuple[Source, str]:
    if batch_id is not None:
        batch = unit.session.get(ImportBatch, batch_id)
        return "register", "、".join(str(each.get("name", "")) for each in batch.files) if batch is not None else ""
    if account_id is None:
        return "unknown", ""
    owner = (
        select(Organisation.enterprise_id)
        .join(Account, Account.organisation_id == Organisation.id)
        .where(Account.id == account_id)
    )
    return ("own" if unit.session.execute(owner).scalar() == enterprise_id else "typed"), ""


def _part(value: str, name: str = "email") -> str:
    if name == "contact_name":
        return value[:1] + "*" * (len(value) - 1)
    return str(masked(name, value))
