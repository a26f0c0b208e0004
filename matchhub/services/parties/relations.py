"""Relations between parties (关联关系) on file: who controls, owns or belongs to whom, by whose word.

A deal between affiliated parties is not counted strictly, so the operator has a reason to keep silent: the bureau may
enter a relation too, and nobody but the bureau takes back what another organisation entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import Account, PartyRelation
from matchhub.domain.affiliation import RELATIONS, party_key
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.bulk import insert_rows
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import provenance
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class NewRelation:
    """``left`` and ``right`` are keys of parties (``domain.affiliation.party_key``); ``line`` that of an import."""

    left: str
    right: str
    relation: str
    evidence: str
    line: int | None = None


def relate_parties(unit: Unit, left: str, right: str, relation: str, evidence: str) -> bool:
    """Put an affiliation on file; false when it is there already.

    ``left`` and ``right`` are credit codes or names as in the contract, ``evidence`` says where it was seen. Raises
    ``IdentifierInvalid``, and ``Refusal`` ``relation_party_missing``, ``relation_kind_unknown``,
    ``relation_evidence_missing``, ``relation_with_itself``.
    """
    unit.require("party.relate")
    if not left.strip() or not right.strip():
        raise Refusal("relation_party_missing")
    if relation not in RELATIONS:
        raise Refusal("relation_kind_unknown", relation=relation)
    if not evidence.strip():
        raise Refusal("relation_evidence_missing")
    new = NewRelation(party_key(left), party_key(right), relation, evidence.strip())
    if new.left == new.right:
        raise Refusal("relation_with_itself")
    if is_on_file(unit, new):
        return False
    file_relations(unit, [new])
    return True


def is_on_file(unit: Unit, new: NewRelation, other_names: Iterable[str] = ()) -> bool:
    """Whether the same relation of the same two parties is on file; ``other_names`` are further keys of the left."""
    same = select(PartyRelation.id).where(
        PartyRelation.left_key.in_([new.left, *other_names]),
        PartyRelation.right_key == new.right,
        PartyRelation.relation == new.relation,
        PartyRelation.withdrawn_at.is_(None),
    )
    return unit.session.execute(same.limit(1)).first() is not None


def file_relations(unit: Unit, new: Sequence[NewRelation], batch_id: int | None = None) -> None:
    """Write relations that are not on file yet."""
    if not new:
        return
    rows = [
        {
            "left_key": each.left,
            "right_key": each.right,
            "relation": each.relation,
            "evidence": each.evidence,
            **provenance(unit, batch_id, each.line),
        }
        for each in new
    ]
    insert_rows(unit, PartyRelation.__table__, rows)  # type: ignore[arg-type]
    append_event(unit, "parties.related", "enterprises", None, relations=sorted({each.relation for each in new}),
                 number=len(new))  # fmt: skip


def withdraw_relation(unit: Unit, relation_id: int, reason: str) -> None:
    """Take a relation off file; it stays to be seen with the reason.

    Raises ``NotFound``, ``Refusal("relation_reason_missing")``, and ``Conflict("relation_of_others")`` for what another
    organisation entered, unless the actor is the bureau.
    """
    unit.require("party.relate")
    row = unit.session.get(PartyRelation, relation_id)
    if row is None:
        raise NotFound("relation_not_found", id=relation_id)
    if not reason.strip():
        raise Refusal("relation_reason_missing")
    if row.withdrawn_at is not None:
        return
    if not withdrawable(unit, [row]):
        raise Conflict("relation_of_others")
    row.withdrawn_at, row.withdrawn_reason = unit.now, reason.strip()
    append_event(unit, "parties.unrelated", "enterprises", None, relation=row.id)


def withdrawable(unit: Unit, rows: Sequence[PartyRelation]) -> set[int]:
    """Numbers of the relations that the actor may take back: its own organisation's, and for the bureau all."""
    on_file = [row for row in rows if row.withdrawn_at is None] if unit.may("party.relate") else []
    if unit.may("party.unrelate_any"):
        return {row.id for row in on_file}
    numbers = {row.recorded_by for row in on_file if row.recorded_by is not None}
    own = select(Account.id).where(Account.id.in_(numbers), Account.organisation_id == unit.actor.organisation_id)
    mine = set(unit.session.execute(own).scalars())
    return {row.id for row in on_file if row.recorded_by is None or row.recorded_by in mine}
