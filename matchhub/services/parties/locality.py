"""Where an enterprise belongs (本地企业), said by hand."""

from __future__ import annotations

from matchhub.db.tables import Enterprise
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit


def decide_local_by_hand(unit: Unit, enterprise_id: int, local: bool, reason: str) -> None:
    """Say by hand whether a firm is local (本地企业), with the reason; no later import changes it (DOMAIN.md 2).

    Raises ``NotFound("enterprise_not_found")`` and ``Refusal("note_missing")``.
    """
    unit.require("enterprise.decide_local")
    firm = unit.session.get(Enterprise, enterprise_id)
    if firm is None:
        raise NotFound("enterprise_not_found")
    if not reason.strip():
        raise Refusal("note_missing")
    firm.local, firm.local_decided_by, firm.updated_at = local, "hand", unit.now
    new = {"local": local, "local_decided_by": "hand", "local_reason": reason.strip()}
    write_revisions(unit, "enterprises", None, [Change(firm.id, None, new)])
    append_event(unit, "enterprise.local_decided", "enterprises", firm.id, local=local)
