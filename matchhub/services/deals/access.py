"""Who may enter what happened to a deal (交易), and whose files prove it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from matchhub.db.tables import Deal, DealEvent, DealParty, DealPayment, EvidenceFile
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.once import once
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.linked_names import own_keys


def deal_of(unit: Unit, deal_id: int) -> Deal:
    """The deal; ``NotFound`` when there is none."""
    deal = once(unit, ("deal", deal_id), lambda: unit.session.get(Deal, deal_id))
    if deal is None:
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return deal


def standing_rows(unit: Unit, table: type[DealEvent] | type[DealPayment], ids: Sequence[int]) -> dict[int, list[Any]]:
    """Events or payments that were not withdrawn, by deal, in the order in which they were entered."""
    return once(unit, (table.__tablename__, tuple(ids)), lambda: _standing_rows(unit, table, ids))


def _standing_rows(unit: Unit, table: Any, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    chosen = select(table).where(table.deal_id.in_(ids), table.withdrawn_at.is_(None))
    for row in unit.session.execute(chosen.order_by(table.id)).scalars():
        found.setdefault(row.deal_id, []).append(row)
    return found


def is_party(unit: Unit, deal_id: int) -> bool:
    """Whether the actor's enterprise or organisation is a party of the deal."""
    if not unit.may("deal.be_party"):
        return False
    mine = select(DealParty.id).where(DealParty.deal_id == deal_id, is_own_party(unit))
    return unit.session.execute(mine.limit(1)).first() is not None


def is_own_party(unit: Unit) -> ColumnElement[bool]:
    """Condition of parties that are the actor: its enterprise by code, or a name that was linked to its organisation.

    An enterprise that the base knows a party by its name alone proves nothing: another firm may have taken the name.
    """
    by_code = and_(DealParty.enterprise_id == (unit.actor.enterprise_id or 0), DealParty.uscc.is_not(None))
    return or_(by_code, DealParty.name_key.in_(own_keys(unit, unit.actor.organisation_id)))


def deal_to_enter(unit: Unit, deal_id: int) -> Deal:
    """The deal, for those who may enter what happened to it: the operator and its parties; else ``NotFound``.

    Its row is locked: of two who enter something, the second sees what the first entered.
    """
    unit.require("deal.enter")
    unit.session.get(Deal, deal_id, with_for_update=True)
    deal = deal_of(unit, deal_id)
    if not unit.may("deal.enter_any") and not is_party(unit, deal_id):
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return deal


def require_own_evidence(unit: Unit, deal_id: int, evidence_id: int | None) -> None:
    """Raise ``Refusal("evidence_of_other_record")`` for a file that was stored for another record."""
    if evidence_id is None:
        return
    row = unit.session.get(EvidenceFile, evidence_id)
    if row is None or (row.subject_kind, row.subject_id) != ("deals", deal_id):
        raise Refusal("evidence_of_other_record", id=evidence_id)
