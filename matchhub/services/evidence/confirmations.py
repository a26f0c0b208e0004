"""Confirming and rejecting records: money rows need two people of two organisations (PROMISES.md P19).

Whether the words on file suffice is the counting rule's business (``domain.evidence``); here each word is recorded.
"""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Confirmation, EvidenceFile
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts.second_factor import SecondFactorRefused, is_on, spend_code
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.frozen import content_of, digest_of
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit

# Kinds that count money: two people of two organisations must stand for them, the bureau's with a one-time code.
MONEY = ("deals", "licences", "award_records")


def give_confirmation(
    unit: Unit, kind: str, record_id: int, decision: str, note: str | None = None, code: str = "", seen: str = ""
) -> int:
    """``confirm`` for a person at a page, with that person's current one-time code; returns its number.

    Confirming a money row asks everybody for a code whose second factor is switched on, and the reviewer must have it
    switched on: without, the row would not count (``domain.evidence.confirmation_fault``). A code that is given is
    always checked. Call within ``second_factor.proving`` when there is a code. Raises ``SecondFactorRefused`` besides
    what ``confirm`` raises; then nothing is recorded and the code is not spent.
    """
    return confirm(unit, kind, record_id, decision, note, second_factor=_proven(unit, kind, decision, code), seen=seen)


def _proven(unit: Unit, kind: str, decision: str, code: str) -> bool:
    unit.require("record.confirm")
    if code.strip():
        spend_code(unit, code)
        return True
    if decision == "confirmed" and kind in MONEY:
        if is_on(unit):
            raise SecondFactorRefused("second_factor_missing")
        if not unit.may("record.confirm_without_code"):
            raise SecondFactorRefused("second_factor_off")
    return False


def confirm(
    unit: Unit,
    kind: str,
    record_id: int,
    decision: str = "confirmed",
    note: str | None = None,
    second_factor: bool = False,
    seen: str = "",
) -> int:
    """Record one person's word on one record as it stands now, evidence included; returns its number.

    The word is bound to that content: any later change takes it out of force (``kernel.lapsing``). ``seen`` is the
    digest of the content that the person had before the eyes; ``Conflict("confirmed_unseen")`` when it is another now.
    ``second_factor``: the caller has checked a code of that person (``give_confirmation`` does). ``decision`` is
    confirmed or rejected (a rejection needs a note). A person's newest confirmation or rejection is the one in force.
    """
    unit.require("record.confirm")
    actor = unit.actor
    if actor.account_id is None or actor.organisation_id is None:
        raise NotAllowed(role=actor.role)  # the system has no word of its own
    if kind not in RECORD_TABLES or unit.session.get(RECORD_TABLES[kind], record_id) is None:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    if decision not in ("confirmed", "rejected"):
        raise Refusal("decision_unknown", decision=decision)
    if decision == "rejected" and not (note or "").strip():
        raise Refusal("note_missing")
    unit.session.flush()
    content = content_of(unit, kind, record_id)
    if seen and seen != digest_of(content):
        raise Conflict("confirmed_unseen")
    row = Confirmation(
        subject_kind=kind,
        subject_id=record_id,
        decision=decision,
        account_id=actor.account_id,
        organisation_id=actor.organisation_id,
        role=actor.role,
        note=note,
        second_factor=second_factor,
        evidence_digests=_seen(unit, kind, record_id),
        content_digest=digest_of(content),
        content=content,
        recorded_at=unit.now,
        recorded_by=actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, f"record.{decision}", kind, record_id, confirmation=row.id, content=row.content_digest)
    return row.id


def confirmed_roles(unit: Unit, kind: str, record_id: int) -> frozenset[str]:
    """The roles of those whose newest word in force on a record confirms it."""
    chosen = select(Confirmation.account_id, Confirmation.role, Confirmation.decision).where(
        Confirmation.subject_kind == kind,
        Confirmation.subject_id == record_id,
        Confirmation.withdrawn_at.is_(None),
        Confirmation.lapsed_at.is_(None),
    )
    newest = {row.account_id: row for row in unit.session.execute(chosen.order_by(Confirmation.id))}
    return frozenset(row.role for row in newest.values() if row.decision == "confirmed")


def withdraw_confirmation(unit: Unit, confirmation_id: int, reason: str) -> None:
    """Take one's own word back, saying why; it stays to be seen. Raises ``Refusal("note_missing")``."""
    unit.require("record.confirm")
    if not reason.strip():
        raise Refusal("note_missing")
    row = unit.session.get(Confirmation, confirmation_id)
    if row is None or row.account_id != unit.actor.account_id:
        raise NotFound()
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_reason = unit.now, reason.strip()
        append_event(unit, "record.confirmation_withdrawn", row.subject_kind, row.subject_id, confirmation=row.id)


def _seen(unit: Unit, kind: str, record_id: int) -> list[str]:
    chosen = select(EvidenceFile.sha256).where(
        EvidenceFile.subject_kind == kind, EvidenceFile.subject_id == record_id, EvidenceFile.withdrawn_at.is_(None)
    )
    return sorted(unit.session.execute(chosen).scalars())
