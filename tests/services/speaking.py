"""Accounts of test installations that speak for their organisations, as if the operator had confirmed them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from matchhub.db.tables import Account, LinkedName, Organisation, Registration
from matchhub.domain.organisations import HOLDER_KINDS
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.unit import Unit


def let_speak(unit: Unit, logins: Iterable[str] = ()) -> None:
    """Confirm accounts of firms and institutions (all, or those named) and link their organisations' own names.

    Written straight into the base, without the documents that the services ask for.
    """
    wanted = set(logins)
    chosen = select(Account, Organisation).join(Organisation, Organisation.id == Account.organisation_id)
    rows = unit.session.execute(chosen.where(Organisation.kind.in_(HOLDER_KINDS))).all()
    linked = set(unit.session.execute(select(LinkedName.name_key)).scalars())
    for account, place in rows:
        if wanted and account.login not in wanted:
            continue
        confirm(unit, account, place)
        if place.name_key not in linked:
            linked.add(place.name_key)
            link(unit, place.id, place.name)


def confirm(unit: Unit, account: Account, place: Organisation) -> None:
    """The operator's word, found or made."""
    row = unit.session.execute(select(Registration).where(Registration.account_id == account.id)).scalar()
    if row is None:
        row = Registration(
            account_id=account.id,
            enterprise_id=place.enterprise_id,
            name=place.name,
            by_itself=False,
            waits=True,
            contact_name=account.display_name,
            registered_at=unit.now,
        )
        unit.session.add(row)
    row.decision, row.note, row.decided_at = "confirmed", "测试", unit.now
    unit.session.flush()


def link(unit: Unit, organisation_id: int, name: str) -> None:
    """Link a written name to an organisation."""
    key = normalise_name(name)
    unit.session.add(
        LinkedName(organisation_id=organisation_id, name=name, name_key=key, note="测试", recorded_at=unit.now)
    )
    unit.session.flush()
