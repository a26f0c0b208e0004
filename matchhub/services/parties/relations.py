"""Relations between parties (关联关系) put on file by a person: who controls, owns or belongs to whom."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import PartyRelation
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit


def relate_parties(unit: Unit, left: str, right: str, relation: str, evidence: str = "") -> None:
    """Put an affiliation on file: ``left`` and ``right`` are USCCs or names as in the contract."""
    unit.require("party.relate")
    same = select(PartyRelation.id).where(
        PartyRelation.left_key == left,
        PartyRelation.right_key == right,
        PartyRelation.relation == relation,
        PartyRelation.withdrawn_at.is_(None),
    )
    if unit.session.execute(same).first() is None:
        unit.session.add(
            PartyRelation(
                left_key=left,
                right_key=right,
                relation=relation,
                evidence=evidence,
                recorded_at=unit.now,
                recorded_by=unit.actor.account_id,
            )
        )
        append_event(unit, "parties.related", "enterprises", None, relation=relation)
