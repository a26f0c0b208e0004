"""Names of accounts, and contact data shown only in part (PIPL: shown in full after a reveal that is logged)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from matchhub.db.tables import Account, Demand, Enterprise, Expert, Organisation
from matchhub.errors import NotFound
from matchhub.services.log import append_event
from matchhub.services.unit import Unit

PRIVATE = frozenset({"contact_phone", "contact_email", "phone", "email"})
_REVEALED = {"demands": Demand, "enterprises": Enterprise, "experts": Expert}


def account_names(unit: Unit, ids: Iterable[int | None]) -> dict[int, str]:
    """``name (organisation)`` by account id."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    chosen = select(Account.id, Account.display_name, Organisation.name).join(
        Organisation, Organisation.id == Account.organisation_id
    )
    rows = unit.session.execute(chosen.where(Account.id.in_(wanted)))
    return {key: f"{name} ({organisation})" for key, name, organisation in rows}


def masked(name: str, value: object) -> object:
    """``value`` of the field ``name`` as it may stand on a page: telephone numbers and addresses of mail in part."""
    if name not in PRIVATE or not isinstance(value, str) or not value:
        return value
    if "@" in value:
        left, _, host = value.partition("@")
        return f"{left[:1]}***@{host}"
    return f"{value[:3]}****{value[-2:]}" if len(value) > 6 else "****"


def reveal_contact(unit: Unit, kind: str, record_id: int) -> dict[str, str]:
    """Telephone and mail of one record in full, for the operator who has to call; that it was looked at is logged."""
    unit.require("operator")
    table = _REVEALED.get(kind)
    record = unit.session.get(table, record_id) if table else None
    if record is None:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    append_event(unit, "contact.revealed", kind, record_id)
    held = {name: getattr(record, name, None) for name in sorted(PRIVATE)}
    return {name: value for name, value in held.items() if value}
