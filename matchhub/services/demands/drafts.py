"""Demands in preparation: kept by the enterprise, or entered by the operator from a fair and confirmed by it.

A draft is no demand: nothing counts it, matches it or shows it to anybody but its enterprise and the operator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import DemandDraft, Enterprise
from matchhub.domain.demands import DemandAssessment
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.accounts.unconfirmed import require_room_for_draft
from matchhub.services.demands.confidentiality import LEVELS, set_confidentiality
from matchhub.services.demands.draft_records import KEPT, draft_record
from matchhub.services.demands.own import is_own, own_rows
from matchhub.services.demands.posting import assess_draft, post_demand
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.freshness import require_unchanged, seen_token
from matchhub.services.kernel.revisions import to_json
from matchhub.services.kernel.unit import Unit
from matchhub.services.notices.notices import notify, organisation_of
from matchhub.services.parties.links import link_enterprises

ORIGINS = ("own", "fair", "phone")
_WORDS = ("title", "text", "object", "aim", "targets", "existing")
_AS_TYPED = "budget_typed"  # what is no amount yet; only the form reads it
MOST_DRAFTS = 20
MOST_CHARACTERS = 12_000
_LEAST_WORDS = 2
_MOST = 200
_MOST_BATCH = 100


@dataclass(frozen=True, slots=True)
class DraftView:
    """One draft with its fields as kept, and what the eight tests say of it (for its enterprise)."""

    id: int
    enterprise: str
    origin: str
    fields: dict[str, Any]
    note: str
    demand_id: int | None
    discarded: bool
    updated_at: datetime
    seen: str
    assessment: DemandAssessment | None


@dataclass(frozen=True, slots=True)
class CollectedDemand:
    """One demand collected at a fair or by telephone, as the operator wrote it down."""

    enterprise: str
    title: str
    text: str
    targets: str = ""


def save_draft(unit: Unit, values: Mapping[str, Any], draft_id: int | None = None, seen: str = "") -> int:
    """Keep a draft of the actor's enterprise; returns its number. A title is enough.

    Raises ``Refusal("draft_empty")``, ``NotFound("draft_not_found")``, ``Conflict`` ``draft_closed`` and
    ``changed_meanwhile``, and ``unconfirmed.TooMuch``.
    """
    unit.require("draft.write")
    firm_id = unit.actor.files_under
    if firm_id is None:
        raise NotFound("enterprise_not_found")
    kept = {name: to_json(values[name]) for name in KEPT if values.get(name) not in (None, "", False)}
    if not str(kept.get("title") or kept.get("text") or "").strip():
        raise Refusal("draft_empty")
    require_room_for_draft(unit, kept, draft_id)
    if draft_id is None:
        return _add(unit, firm_id, "own", kept, "")
    row = _open(unit, draft_id)
    require_unchanged(unit, "drafts", row.id, row.updated_at, seen)
    row.fields, row.updated_at = kept, unit.now
    append_event(unit, "draft.saved", "drafts", row.id)
    return row.id


@dataclass(frozen=True, slots=True)
class KeptTyping:
    """Where what is being typed was kept: the draft's number, and what a form carries of its last change."""

    draft_id: int
    seen: str


def keep_typing(
    unit: Unit, values: Mapping[str, Any], draft_id: int | None = None, seen: str = "", key: str = ""
) -> KeptTyping | None:
    """Keep what is being typed as a draft of the actor's enterprise; ``None`` while there is nothing to keep.

    Called every few seconds, so only the first time leaves an entry in the log. A draft that was thrown away, or
    changed from another device since, is not written over: what is typed here becomes a draft of its own. ``key`` is
    the form's own: what was on its way when the form was posted comes too late and leaves no draft. Raises
    ``NotFound`` (``enterprise_not_found``, ``draft_not_found``), ``Conflict`` (``draft_closed`` for one that was
    posted, ``drafts_full``), ``Refusal("draft_long")`` and ``unconfirmed.TooMuch``.
    """
    unit.require("draft.write")
    firm_id = unit.actor.files_under
    if firm_id is None:
        raise NotFound("enterprise_not_found")
    _in_line(unit, firm_id)
    if key and any(row.demand_id is not None for row in _typed_in(unit, key)):
        raise Conflict("draft_closed")
    names = (*KEPT, _AS_TYPED)
    kept = {name: to_json(values[name]) for name in names if values.get(name) not in (None, "", False)}
    if sum(len(str(kept.get(name, "")).strip()) for name in _WORDS) < _LEAST_WORDS:
        return None
    if sum(len(str(value)) for value in kept.values()) > MOST_CHARACTERS:
        raise Refusal("draft_long", most=MOST_CHARACTERS)
    row = _to_go_on_with(unit, draft_id, seen)
    require_room_for_draft(unit, kept, None if row is None else row.id)
    if row is None:
        _require_room(unit)
        row = unit.session.get_one(DemandDraft, _add(unit, firm_id, "own", kept, ""))
        row.typing_key = key or None
    elif row.fields != kept:
        row.fields, row.updated_at = kept, unit.now
    return KeptTyping(row.id, seen_token(row.updated_at))


def _to_go_on_with(unit: Unit, draft_id: int | None, seen: str) -> DemandDraft | None:
    """The draft that the form shows, as far as it is still what the form read."""
    row = None if draft_id is None else unit.session.get(DemandDraft, draft_id)
    if row is None:
        return None
    if not is_own(unit, row):
        raise NotFound("draft_not_found", id=draft_id)
    if row.demand_id is not None:
        raise Conflict("draft_closed")
    return row if row.discarded_at is None and seen_token(row.updated_at) == seen else None


def _require_room(unit: Unit) -> None:
    open_ones = (
        select(func.count())
        .select_from(DemandDraft)
        .where(own_rows(unit, DemandDraft), DemandDraft.demand_id.is_(None), DemandDraft.discarded_at.is_(None))
    )
    if unit.session.execute(open_ones).scalar_one() >= MOST_DRAFTS:
        raise Conflict("drafts_full", most=MOST_DRAFTS)


def settle_draft(unit: Unit, draft_id: int | None, demand_id: int, key: str = "") -> None:
    """The draft that a demand was written as is that demand now, and its words are erased.

    So is every draft that was typed in the form with this ``key``, whose number the form may not have learnt yet; where
    there is none, a closed one without words stands for it, so that nothing that comes later is kept.
    """
    firm_id = unit.actor.files_under
    if firm_id is None:
        return
    _in_line(unit, firm_id)
    row = None if draft_id is None else unit.session.get(DemandDraft, draft_id)
    typed = _typed_in(unit, key) if key else []
    for each in dict.fromkeys([*([row] if row is not None else []), *typed]):
        if is_own(unit, each) and each.demand_id is None and each.discarded_at is None:
            _posted(unit, each, demand_id)
    if key and not any(each.demand_id == demand_id for each in typed):
        firm = unit.session.get_one(Enterprise, firm_id)
        closed = _new_row(unit, firm, "own", {}, "")
        closed.typing_key, closed.demand_id = key, demand_id
        unit.session.add(closed)


def _in_line(unit: Unit, firm_id: int) -> None:
    """Keeping and posting of one firm follow each other, so that one of two at the same moment sees the other."""
    unit.session.execute(select(Enterprise.id).where(Enterprise.id == firm_id).with_for_update())


def _typed_in(unit: Unit, key: str) -> list[DemandDraft]:
    chosen = select(DemandDraft).where(own_rows(unit, DemandDraft), DemandDraft.typing_key == key)
    return list(unit.session.execute(chosen.order_by(DemandDraft.id)).scalars())


def _posted(unit: Unit, row: DemandDraft, demand_id: int) -> None:
    row.demand_id, row.updated_at, row.fields = demand_id, unit.now, {}
    append_event(unit, "draft.confirmed", "drafts", row.id, demand=demand_id)


def _add(unit: Unit, enterprise_id: int, origin: str, kept: dict[str, Any], note: str) -> int:
    row = _new_row(unit, unit.session.get_one(Enterprise, enterprise_id), origin, kept, note)
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "draft.saved", "drafts", row.id, origin=origin)
    return row.id


def _new_row(unit: Unit, firm: Enterprise, origin: str, kept: dict[str, Any], note: str) -> DemandDraft:
    return DemandDraft(
        enterprise_id=firm.id,
        origin=origin,
        fields=kept,
        note=note or None,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
        updated_at=unit.now,
        demo=firm.demo,
    )


def enter_batch(unit: Unit, origin: str, note: str, rows: Sequence[CollectedDemand]) -> tuple[int, ...]:
    """Enter demands collected at a fair or by telephone as drafts that their enterprises then confirm; all or none.

    Enterprises are found by credit code or exact name. Raises ``Refusal`` ``draft_batch_empty``,
    ``draft_batch_long``, ``draft_line_invalid`` with the number of the first line at fault.
    """
    unit.require("draft.enter_batch")
    if origin not in ORIGINS[1:]:
        raise Refusal("field_choice")
    if not rows:
        raise Refusal("draft_batch_empty")
    if len(rows) > _MOST_BATCH:
        raise Refusal("draft_batch_long", most=_MOST_BATCH)
    links = link_enterprises(unit, [(row.enterprise, row.enterprise) for row in rows])
    made = []
    for line, row in enumerate(rows, 1):
        firm = links.find(row.enterprise, None) or links.find(None, row.enterprise)
        if firm is None or not row.title.strip() or not row.text.strip():
            raise Refusal("draft_line_invalid", line=line, value=row.enterprise)
        kept = {"title": row.title.strip(), "text": row.text.strip(), "targets": row.targets.strip()}
        number = _add(unit, firm.id, origin, {name: text for name, text in kept.items() if text}, note.strip())
        place = [organisation_of(unit, firm.id)]
        notify(unit, place, "notice_draft_to_confirm", ("drafts", number), str(number), title=row.title.strip())
        made.append(number)
    return tuple(made)


def confirm_draft(unit: Unit, draft_id: int, authorised_by: str, level: str = "title", seen: str = "") -> int:
    """Post a draft as a demand of the actor's enterprise, authorised by ``authorised_by`` today; returns the demand.

    Raises ``Refusal`` ``authorised_by_missing``, ``field_choice``, ``demand_empty``; ``Conflict`` ``draft_closed``,
    ``demand_repeated``, ``changed_meanwhile``; ``NotFound("draft_not_found")``.
    """
    unit.require("draft.confirm")
    row = _open(unit, draft_id)
    require_unchanged(unit, "drafts", row.id, row.updated_at, seen)
    if not authorised_by.strip():
        raise Refusal("authorised_by_missing")
    if level not in LEVELS:
        raise Refusal("field_choice")
    posted = post_demand(unit, draft_record(unit, row.fields, authorised_by.strip()))
    if level != "title":
        set_confidentiality(unit, posted.demand_id, level)
    _posted(unit, row, posted.demand_id)
    return posted.demand_id


def discard_draft(unit: Unit, draft_id: int) -> None:
    """Put a draft aside; that it was stays on record, the words of one's own draft are erased."""
    unit.require("draft.discard")
    row = _open(unit, draft_id)
    row.discarded_at = row.updated_at = unit.now
    if row.origin == "own":
        row.fields = {}
    append_event(unit, "draft.discarded", "drafts", row.id)


def _open(unit: Unit, draft_id: int) -> DemandDraft:
    row = unit.session.get(DemandDraft, draft_id)
    own = row is not None and (is_own(unit, row) or (unit.may("draft.read_any") and row.origin != "own"))
    if row is None or not own:
        raise NotFound("draft_not_found", id=draft_id)
    if row.demand_id is not None or row.discarded_at is not None:
        raise Conflict("draft_closed")
    return row


def draft_of(unit: Unit, draft_id: int) -> DraftView:
    """One open draft of the actor."""
    unit.require("draft.read")
    return _view(unit, _open(unit, draft_id))


def own_drafts(unit: Unit) -> tuple[DraftView, ...]:
    """Open drafts of the actor's enterprise; for the operator those it entered that wait to be confirmed."""
    unit.require("draft.read")
    chosen = select(DemandDraft).where(DemandDraft.demand_id.is_(None), DemandDraft.discarded_at.is_(None))
    if unit.may("draft.read_any"):
        chosen = chosen.where(DemandDraft.origin != "own")
    else:
        chosen = chosen.where(own_rows(unit, DemandDraft))
    rows = unit.session.execute(chosen.order_by(DemandDraft.id.desc()).limit(_MOST)).scalars()
    return tuple(_view(unit, row) for row in rows)


def _view(unit: Unit, row: DemandDraft) -> DraftView:
    firm = unit.session.get_one(Enterprise, row.enterprise_id)
    own = is_own(unit, row)
    return DraftView(
        id=row.id,
        enterprise=firm.name,
        origin=row.origin,
        fields=dict(row.fields),
        note=row.note or "",
        demand_id=row.demand_id,
        discarded=row.discarded_at is not None,
        updated_at=row.updated_at,
        seen=seen_token(row.updated_at),
        assessment=assess_draft(unit, draft_record(unit, row.fields, "")) if own else None,
    )
