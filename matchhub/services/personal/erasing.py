"""Personal data of an account erased: replaced by a mark in every place that holds them, incl. the revisions.

What counts stays: contact data of demands are replaced by a mark and not emptied, because the rules ask whether there
is a contact; digests hold of personal data only whether there are any (``kernel.bound``), and words given on a record
are carried over (``kernel.lapsing``). So the chain stays valid and no count changes (PROMISES.md P23).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, String, Text, delete, inspect, select

from matchhub.db.tables import (
    Account,
    Demand,
    Enterprise,
    Invitation,
    Organisation,
    RecipientAddress,
    Registration,
    Revision,
)
from matchhub.domain.erasure import MARK, Erased
from matchhub.services.kernel.bound import PERSONAL
from matchhub.services.kernel.lapsing import confirmations_carried
from matchhub.services.kernel.runtime import ERASED
from matchhub.services.kernel.unit import Unit
from matchhub.services.personal.letters import remove_letters
from matchhub.services.personal.places import Place, Subject, left_by_imports, places

_OF_CONTACT = ("contact_name", "contact_phone", "contact_email", "contact_address")
_PLAIN = (String, Text)


def rows_concerned(unit: Unit, of: Subject) -> Counter[str]:
    """How many rows of each table hold something that an erasure would take, by the table's name."""
    erased = values_of(unit, of)
    found: Counter[str] = Counter()
    for place in places(of):
        for row in unit.session.execute(select(place.table).where(place.where)).scalars():
            found[place.name] += bool(place.gone or place.person or _news(row, erased))
    return +found


def erase_data(unit: Unit, of: Subject) -> Counter[str]:
    """Erase what ``rows_concerned`` counts; returns how many rows of each table changed."""
    erased = values_of(unit, of)
    found: Counter[str] = Counter()
    with confirmations_carried(unit, _confirmable(unit, of)):
        for place in places(of):
            found[place.name] += _erase_in(unit, place, erased)
        for row in left_by_imports(unit, of):
            found[row.__tablename__] += _write(row, _news(row, erased))
        _erase_person(unit, of)
    found["letters"] = remove_letters(unit.home, erased)
    unit.session.info[ERASED] = True
    return +found


def values_of(unit: Unit, of: Subject) -> Erased:
    """The values that are erased: those of the account, those beside its person's name, and, where no other account is
    left, all contact data of the organisation."""
    account = unit.session.get_one(Account, of.account_id)
    names: set[Any] = {account.display_name}
    values: set[Any] = {account.display_name, account.email}
    own = select(Registration).where(Registration.account_id == of.account_id)
    for row in unit.session.execute(own).scalars():
        names.add(row.contact_name)
        values |= {row.contact_name, row.contact_phone, row.contact_email}
    invited = select(Invitation).where(Invitation.account_id == of.account_id)
    for invitation in unit.session.execute(invited).scalars():
        names.add(invitation.name)
        values |= {invitation.name, invitation.email}
    place = unit.session.get_one(Organisation, of.organisation_id)
    for said in _contacts(unit, of):
        if of.last or said.get("contact_name") in names:
            values |= {said.get(each) for each in (*_OF_CONTACT, "spoken_to", "recipient_email")}
    return Erased(
        tuple(sorted(each for each in values if isinstance(each, str) and each.strip() and each != MARK)),
        account.login,
        (place.name,),
    )


def _contacts(unit: Unit, of: Subject) -> Iterator[dict[str, Any]]:
    """Contact data of the organisation wherever they stand, each with what stands beside them."""
    for place in places(of):
        columns = {each.key for each in inspect(place.table).columns} & {*_OF_CONTACT, "spoken_to", "recipient_email"}
        if place.person or not (columns or place.table is Revision or place.name == "demand_drafts"):
            continue
        for row in unit.session.execute(select(place.table).where(place.where)).scalars():
            yield (
                dict(row.fields)
                if "fields" in inspect(place.table).columns
                else {name: getattr(row, name) for name in columns}
            )


def _confirmable(unit: Unit, of: Subject) -> dict[str, set[int]]:
    if of.enterprise_id is None:
        return {}
    demands = select(Demand.id).where(Demand.enterprise_id == of.enterprise_id)
    return {"enterprises": {of.enterprise_id}, "demands": set(unit.session.execute(demands).scalars())}


def _erase_in(unit: Unit, place: Place, erased: Erased) -> int:
    if place.gone:
        gone = unit.session.execute(delete(place.table).where(place.where).returning(place.table.id))
        return len(gone.all())
    rows = unit.session.execute(select(place.table).where(place.where)).scalars().all()
    return sum(_write(row, _news(row, erased)) for row in rows)


def _write(row: Any, news: dict[str, Any]) -> int:
    for name, value in news.items():
        setattr(row, name, value)
    return bool(news)


def _news(row: Any, erased: Erased) -> dict[str, Any]:
    """The columns of a row that hold something erased, with what they hold afterwards."""
    if isinstance(row, Organisation):
        return {}
    if isinstance(row, Enterprise):  # an empty field: a mark would make firms alike that have it
        return {name: None for name in _OF_CONTACT[:3] if erased.is_in(getattr(row, name))}
    if isinstance(row, Revision) and row.kind == "enterprises":
        gone = {name: None for name, value in row.fields.items() if name in PERSONAL and erased.is_in(value)}
        return {"fields": {**row.fields, **gone}} if gone else {}
    found = {}
    for column in inspect(type(row)).columns:
        if not isinstance(column.type, (*_PLAIN, JSON)) or column.foreign_keys:
            continue
        before = getattr(row, column.key)
        after = erased.without(before)
        if after != before:
            found[column.key] = after
    return found


def _erase_person(unit: Unit, of: Subject) -> None:
    """The account itself: nobody signs in by it any more, and it has no name."""
    account = unit.session.get_one(Account, of.account_id)
    account.login, account.display_name = f"erased-{account.id}", MARK
    account.email = account.department = None
    account.password_hash, account.must_change, account.chief = "!", False, False
    account.disabled_at = account.disabled_at or unit.now
    for row in unit.session.execute(select(Registration).where(Registration.account_id == of.account_id)).scalars():
        row.contact_name, row.contact_phone, row.contact_email = MARK, None, None
    for invited in unit.session.execute(select(Invitation).where(Invitation.account_id == of.account_id)).scalars():
        invited.name, invited.email, invited.department = MARK, None, None
    if of.last:
        own = select(RecipientAddress).where(RecipientAddress.organisation_id == of.organisation_id)
        for address in unit.session.execute(own).scalars():
            address.sealed, address.shown = "", MARK
            address.withdrawn_at = address.withdrawn_at or unit.now
    unit.session.flush()
