"""Contact data of one record in full, for the operator who has to call; each look is logged."""

from __future__ import annotations

from matchhub.db.tables import Demand, Enterprise, Expert
from matchhub.errors import NotFound
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.privacy import PRIVATE
from matchhub.services.kernel.unit import Unit

_REVEALED = {"demands": Demand, "enterprises": Enterprise, "experts": Expert}


def reveal_contact(unit: Unit, kind: str, record_id: int) -> dict[str, str]:
    """Telephone and mail of one record in full, for the operator who has to call; that it was looked at is logged."""
    unit.require("contact.reveal")
    table = _REVEALED.get(kind)
    record = unit.session.get(table, record_id) if table else None
    if record is None:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    append_event(unit, "contact.revealed", kind, record_id)
    held = {name: getattr(record, name, None) for name in sorted(PRIVATE)}
    return {name: value for name, value in held.items() if value}
