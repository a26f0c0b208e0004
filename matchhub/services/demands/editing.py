"""What an enterprise changes in a demand of its own: the wording until it is verified, the term when it still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Demand
from matchhub.domain.demands import longest_term, usual_term
from matchhub.domain.records import DemandRecord
from matchhub.errors import Conflict, Refusal
from matchhub.services.accounts.unconfirmed import require_room_for_words
from matchhub.services.accounts.verification import hold_authorisation, without_authorisation
from matchhub.services.demands.posting import move_demand, own_demand, require_own_words
from matchhub.services.demands.recorder import COLUMNS, text_key
from matchhub.services.demands.repetition import find_duplicates
from matchhub.services.demands.steps import note_own_word
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.freshness import require_unchanged
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit

EDITABLE_STATES = ("submitted", "returned")
_KEPT = {"posted_on"}  # the day of the first posting stays
_TWIN = ("duplicate_of_id", "duplicate_score", "duplicate_decision")
_WORDS = {"title", "text"}


def resubmit_demand(unit: Unit, demand_id: int, record: DemandRecord, seen: str = "") -> None:
    """Put a demand that is not verified yet before the operator as the form has it now.

    A returned one is submitted again; one that waits anyway stays where it is. Unlike with an import, an emptied field
    is emptied. New words are compared with all other demands again, and an earlier
    decision on a repetition no longer speaks. ``seen`` is what the form carried of the demand's last change. Raises
    ``NotFound``, ``Conflict`` (``demand_moved_on``, ``demand_repeated``, ``changed_meanwhile`` with what was done by
    others since) and ``Refusal`` (``demand_empty``, ``demand_is_example``).
    """
    unit.require("demand.edit")
    demand = own_demand(unit, demand_id)
    if demand.state not in EDITABLE_STATES:
        raise Conflict("demand_moved_on", state=demand.state)
    require_unchanged(unit, "demands", demand.id, demand.updated_at, seen)
    if not (record.title or "").strip() or not (record.text or "").strip():
        raise Refusal("demand_empty")
    require_own_words(record)
    key = text_key(demand.enterprise_id, replace(record, posted_on=demand.posted_on))
    twin = select(Demand.id).where(Demand.text_key == key, Demand.id != demand.id).limit(1)
    if (other := unit.session.execute(twin).scalar()) is not None:
        raise Conflict("demand_repeated", demand=other)
    require_room_for_words(unit, record)
    changed = _apply(demand, without_authorisation(unit, record))
    hold_authorisation(unit, demand.id, record)
    demand.text_key = key
    if changed.keys() & _WORDS:
        changed |= _forget_twin(demand)
    note_own_word(unit, demand)
    if changed:
        write_revisions(unit, "demands", None, [Change(demand.id, None, changed)])
    unit.session.flush()
    if changed.keys() & _WORDS:
        find_duplicates(unit, [demand.id])
    if demand.state == "returned":
        move_demand(unit, demand.id, "submitted")
        return
    demand.updated_at = unit.now
    append_event(unit, "demand.changed", "demands", demand.id, fields=sorted(changed))


def _apply(demand: Demand, record: DemandRecord) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name in COLUMNS:
        old, new = getattr(demand, name), getattr(record, name)
        new = list(new) if isinstance(new, tuple) else new
        if name not in _KEPT and old != new:
            setattr(demand, name, new)
            changed[name] = new
    return changed


def _forget_twin(demand: Demand) -> dict[str, Any]:
    known = [name for name in _TWIN if getattr(demand, name) is not None]
    for name in known:
        setattr(demand, name, None)
    return dict.fromkeys(known)


def reconfirm_demand(unit: Unit, demand_id: int, valid_until_on: date | None = None) -> date:
    """Say that a demand still holds; returns its last day, by default at least the usual term from today.

    Raises ``NotFound``, ``Conflict("demand_moved_on")`` and ``Refusal("demand_term_invalid")`` for a day that has
    passed or lies beyond the longest term.
    """
    unit.require("demand.reconfirm")
    demand = own_demand(unit, demand_id)
    longest, usual = longest_term(unit.today, unit.pack.demands), usual_term(unit.today, unit.pack.demands)
    until = valid_until_on or max(usual, demand.valid_until_on or usual)
    if not unit.today <= until <= longest:
        raise Refusal("demand_term_invalid", least=unit.today, most=longest)
    move_demand(unit, demand.id, "reconfirmed")
    if demand.valid_until_on != until:
        demand.valid_until_on = until
        write_revisions(unit, "demands", None, [Change(demand.id, None, {"valid_until_on": until})])
    note_own_word(unit, demand)
    return until
