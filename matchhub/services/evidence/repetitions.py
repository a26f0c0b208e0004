"""One paper for two records (同一份材料): proposed by its picture or its number, decided by a person.

The same bytes are refused at the door. The same scan with a byte more, a picture saved again, and equal numbers on two
papers of one kind only look like one paper, so they are kept and wait. Until a person has decided, one of the two
records counts (``domain.counting.repeated_papers``). "Different" lets both count again; that is the bureau's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from matchhub.db.tables import EvidenceFile, EvidenceRepetition
from matchhub.domain.official_numbers import same_number
from matchhub.domain.papers import OF_PARTIES, bits_apart, is_same_picture
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit

DECISIONS = ("same", "different")
First, Second = aliased(EvidenceFile), aliased(EvidenceFile)


def propose_repetitions(unit: Unit, row: EvidenceFile) -> None:
    """Propose ``row`` as a repetition of every standing file of another record that seems to be the same paper."""
    for other_id, sign, apart in list(_alike(unit, row)):
        propose_pair(unit, other_id, row, sign, apart)


def propose_pair(unit: Unit, first_id: int, second: EvidenceFile, sign: str, apart: int | None = None) -> None:
    """Propose two files as one paper, unless they stand as a pair already."""
    known = select(EvidenceRepetition.id).where(
        EvidenceRepetition.first_id == first_id, EvidenceRepetition.second_id == second.id
    )
    if unit.session.execute(known).first():
        return
    row = EvidenceRepetition(
        first_id=first_id,
        second_id=second.id,
        sign=sign,
        bits_apart=apart,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "evidence.repetition_proposed", second.subject_kind, second.subject_id,
                 evidence=second.id, other=first_id, sign=sign)  # fmt: skip


def _alike(unit: Unit, row: EvidenceFile) -> Iterator[tuple[int, str, int | None]]:
    """Number of the other file, what they share, and how many bits their pictures differ in."""
    if row.picture_hash is None and row.number is None:
        return
    chosen = select(EvidenceFile.id, EvidenceFile.picture_hash, EvidenceFile.paper_kind, EvidenceFile.number).where(
        EvidenceFile.id != row.id,
        EvidenceFile.withdrawn_at.is_(None),
        or_(EvidenceFile.subject_kind != row.subject_kind, EvidenceFile.subject_id != row.subject_id),
    )
    for other_id, picture, kind, number in unit.session.execute(chosen.order_by(EvidenceFile.id)):
        if kind in OF_PARTIES and row.paper_kind in OF_PARTIES:
            continue
        if is_same_picture(picture, row.picture_hash):
            yield other_id, "picture", bits_apart(picture or "0", row.picture_hash or "0")
        elif kind == row.paper_kind and same_number(number, row.number):
            yield other_id, "number", None


def open_repetitions(unit: Unit) -> int:
    """How many pairs of files in use wait for a person."""
    unit.require("evidence.read")
    chosen = (
        select(func.count())
        .select_from(EvidenceRepetition)
        .join(First, First.id == EvidenceRepetition.first_id)
        .join(Second, Second.id == EvidenceRepetition.second_id)
        .where(EvidenceRepetition.decision.is_(None), First.withdrawn_at.is_(None), Second.withdrawn_at.is_(None))
    )
    return int(unit.session.execute(chosen).scalar_one())


def files_in_doubt(unit: Unit, numbers: Sequence[int]) -> set[int]:
    """Of these files those that seem to be the paper of another record, while nobody has decided."""
    if not numbers:
        return set()
    chosen = (
        select(First.id, Second.id)
        .join(EvidenceRepetition, First.id == EvidenceRepetition.first_id)
        .join(Second, Second.id == EvidenceRepetition.second_id)
        .where(EvidenceRepetition.decision.is_(None), First.withdrawn_at.is_(None), Second.withdrawn_at.is_(None))
        .where(or_(First.id.in_(numbers), Second.id.in_(numbers)))
    )
    return {number for pair in unit.session.execute(chosen) for number in pair} & set(numbers)


def decide_repetition(unit: Unit, repetition_id: int, decision: str, note: str = "") -> None:
    """Say whether two files are one paper; a decision may be taken anew, with its reason.

    Raises ``NotFound``, ``Refusal`` ``decision_unknown`` and ``note_missing`` (for "different", which lets both records
    count), ``Conflict`` ``recorded_already`` where that was said already, and ``NotAllowed``: the operator, who earns
    by what counts, may say "same" only.
    """
    unit.require("evidence.compare")
    row = unit.session.get(EvidenceRepetition, repetition_id)
    if row is None:
        raise NotFound("evidence_not_found", id=repetition_id)
    if decision not in DECISIONS:
        raise Refusal("decision_unknown", decision=decision)
    if decision == "different" or row.decision == "different":
        unit.require("evidence.tell_apart")
    if decision == "different" and not note.strip():
        raise Refusal("note_missing")
    if decision == row.decision:
        raise Conflict("recorded_already", id=row.id)
    row.decision, row.note = decision, note.strip() or None
    row.decided_at, row.decided_by = unit.now, unit.actor.account_id
    append_event(unit, f"evidence.found_{decision}", "evidence", None,
                 repetition=row.id, first=row.first_id, second=row.second_id)  # fmt: skip
