"""Chosen pairs become pushes in the queue: one message each, with score, floor and reasons as they were chosen."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Demand, Enterprise, Push, PushItem
from matchhub.services.kernel.bulk import insert_rows, new_ids
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.bounces import bounced_keys, reach
from matchhub.services.pushes.links import token_hash, token_of


@dataclass(frozen=True, slots=True)
class Queued:
    """One pair as it goes into the queue; ``hand_reason`` where the operator added it."""

    enterprise_id: int
    patent_id: int
    demand_id: int | None
    run_id: int
    model: str
    score: float
    floor: float
    reasons: list[dict[str, Any]]
    warnings: list[str]
    due_on: date
    hand_reason: str | None = None


def queue(unit: Unit, chosen: Sequence[Queued]) -> list[int]:
    """Write the pushes; all rows go in by two statements. Returns their numbers in order."""
    demo, addresses, rounds = holds_rows(unit, demo=True), _addresses(unit, chosen), _rounds(unit)
    ids = new_ids(unit, Push, len(chosen))
    pushes, items = [], []
    for push_id, each in zip(ids, chosen, strict=True):
        pair = (each.enterprise_id, each.patent_id)
        message_id = f"<push.{secrets.token_hex(12)}@matchhub>"
        pushes.append(
            {
                "id": push_id,
                "enterprise_id": each.enterprise_id,
                "demand_id": each.demand_id,
                "run_id": each.run_id,
                "model": each.model,
                # One key per pair and round: only a push that reached nobody makes room for another of the same pair.
                "unique_key": digest("push", *pair, rounds[pair]),
                "message_id": message_id,
                "token_hash": token_hash(token_of(unit.secret, message_id)),
                "recipient_email": addresses.get((each.enterprise_id, each.demand_id)),
                "due_on": each.due_on,
                "state": "planned",
                "hand_reason": each.hand_reason,
                "demo": demo,
                "recorded_at": unit.now,
                "recorded_by": unit.actor.account_id,
            }
        )
        items.append(
            {
                "push_id": push_id,
                "patent_id": each.patent_id,
                "position": 1,
                "score": each.score,
                "floor": each.floor,
                "reasons": each.reasons,
                "warnings": each.warnings,
            }
        )
    insert_rows(unit, Push.__table__, pushes)  # type: ignore[arg-type]
    insert_rows(unit, PushItem.__table__, items)  # type: ignore[arg-type]
    return ids


def _addresses(unit: Unit, chosen: Sequence[Queued]) -> dict[tuple[int, int | None], str | None]:
    """Where to write: the demand's own contact first, else the firm's; what bounced is passed over."""
    firms: dict[int, str | None] = {}
    for part in parts(sorted({each.enterprise_id for each in chosen})):
        rows = select(Enterprise.id, Enterprise.contact_email).where(Enterprise.id.in_(part))
        firms |= dict(unit.session.execute(rows).all())
    demands: dict[int, str | None] = {}
    for part in parts(sorted({each.demand_id for each in chosen if each.demand_id is not None})):
        rows = select(Demand.id, Demand.contact_email).where(Demand.id.in_(part))
        demands |= dict(unit.session.execute(rows).all())
    bounced = bounced_keys(unit)
    return {
        (firm, demand): reach((demands.get(demand or 0), firms.get(firm)), bounced).address
        for firm, demand in {(each.enterprise_id, each.demand_id) for each in chosen}
    }


def _rounds(unit: Unit) -> Counter[tuple[int, int]]:
    """How often a push of each (enterprise, patent) reached nobody so far."""
    lost = select(Push.enterprise_id, PushItem.patent_id).join(PushItem).where(Push.state.in_(("failed", "suppressed")))
    return Counter((enterprise_id, patent_id) for enterprise_id, patent_id in unit.session.execute(lost))
