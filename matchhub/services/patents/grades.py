"""The inventory of patents in stock (存量专利盘点): holders' grades and firms' grades with reasons, kept apart.

Each grade is a dated fact; the newest that was not withdrawn stands. Grades prove nothing and count nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Enterprise, FirmGrade, HolderGrade, Patent
from matchhub.domain.stock_grades import grades, plain_reason, reason_fault
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.holders import holder_names_of, holds, own_patent, own_patent_ids

READ_ANY = "stock_grade.read_any"


@dataclass(frozen=True, slots=True)
class Grade:
    """A holder's grade that stands."""

    grade: str
    graded_on: date


@dataclass(frozen=True, slots=True)
class FirmWord:
    """A firm's grade that stands, with its reason."""

    firm: str
    uscc: str | None
    grade: str
    reason: str
    graded_on: date
    enterprise_id: int


@dataclass(frozen=True, slots=True)
class PatentGrades:
    """What this reader may see of a patent's grades; ``own``: the patent is the reader's own."""

    patent_id: int
    own: bool
    holder: Grade | None
    firms: tuple[FirmWord, ...]


@dataclass(frozen=True, slots=True)
class InventoryLine:
    """One row of the inventory's file: a patent with its holder's grade and the grade of one firm."""

    number: str
    title: str
    holders: tuple[str, ...]
    holder: Grade | None
    firm: FirmWord | None


def grades_of(unit: Unit, patent_id: int) -> PatentGrades:
    """What the reader may see: the holder of its own patent everything, a firm its own word, ``READ_ANY`` all.

    Raises ``NotFound`` for a patent that is not in the base.
    """
    unit.require("stock_grade.read")
    _standing_patent(unit, patent_id)
    own = unit.may("holder_grade.give") and holds(unit, patent_id, unit.actor.organisation_id)
    everything = own or unit.may(READ_ANY)
    firms = firm_grades(unit, [patent_id]).get(patent_id, ())
    return PatentGrades(
        patent_id=patent_id,
        own=own,
        holder=holder_grades(unit, [patent_id]).get(patent_id) if everything else None,
        firms=tuple(each for each in firms if everything or each.enterprise_id == unit.actor.enterprise_id),
    )


def grade_as_holder(unit: Unit, patent_id: int, grade: str) -> None:
    """Grade an own patent today; an empty grade takes back what was said.

    Raises ``NotFound("patent_not_in_base")`` for a patent of another, ``Refusal("stock_grade_unknown")``.
    """
    unit.require("holder_grade.give")
    patent = own_patent(unit, patent_id)
    if not grade:
        if gone := _taken_back(unit, HolderGrade, HolderGrade.patent_id == patent_id):
            append_event(unit, "holder_grade.withdrawn", "patents", patent_id, rows=gone)
        return
    if grade not in grades("holder"):
        raise Refusal("stock_grade_unknown", value=grade)
    row = HolderGrade(patent_id=patent_id, grade=grade, graded_on=unit.today, demo=patent.demo,
                      recorded_at=unit.now, recorded_by=unit.actor.account_id)  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "holder_grade.given", "patents", patent_id, row=row.id, grade=grade)


def grade_as_firm(unit: Unit, patent_id: int, grade: str, reason: str) -> None:
    """Grade a patent of the base today as the actor's firm; an empty grade takes back what the firm said.

    Raises ``NotFound`` for a patent that is not in the base, ``Refusal`` ``stock_grade_unknown``,
    ``stock_reason_missing``, ``stock_reason_long``, ``stock_reason_formula``.
    """
    unit.require("firm_grade.give")
    patent, firm = _standing_patent(unit, patent_id), unit.actor.enterprise_id
    if firm is None:
        raise NotFound()
    if not grade:
        mine = (FirmGrade.patent_id == patent_id) & (FirmGrade.enterprise_id == firm)
        if gone := _taken_back(unit, FirmGrade, mine):
            append_event(unit, "firm_grade.withdrawn", "patents", patent_id, rows=gone)
        return
    if grade not in grades("firm"):
        raise Refusal("stock_grade_unknown", value=grade)
    said = plain_reason(reason)
    if fault := reason_fault(said):
        raise Refusal(fault)
    row = FirmGrade(patent_id=patent_id, enterprise_id=firm, grade=grade, reason=said, graded_on=unit.today,
                    demo=patent.demo, recorded_at=unit.now, recorded_by=unit.actor.account_id)  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "firm_grade.given", "patents", patent_id, row=row.id, grade=grade)


def holder_grades(unit: Unit, patent_ids: Sequence[int]) -> dict[int, Grade]:
    """By patent the holder's grade that stands."""
    found: dict[int, Grade] = {}
    chosen = select(HolderGrade).where(HolderGrade.withdrawn_at.is_(None))
    for part in parts(patent_ids):
        rows = chosen.where(HolderGrade.patent_id.in_(part)).order_by(HolderGrade.graded_on, HolderGrade.id)
        found |= {row.patent_id: Grade(row.grade, row.graded_on) for row in unit.session.execute(rows).scalars()}
    return found


def firm_grades(unit: Unit, patent_ids: Sequence[int]) -> dict[int, tuple[FirmWord, ...]]:
    """By patent the grades of firms that stand, the firm known longest first."""
    found: dict[int, dict[int, FirmWord]] = {}
    chosen = select(FirmGrade, Enterprise.name, Enterprise.uscc).join(Enterprise)
    for part in parts(patent_ids):
        rows = chosen.where(FirmGrade.patent_id.in_(part), FirmGrade.withdrawn_at.is_(None))
        for row, name, uscc in unit.session.execute(rows.order_by(FirmGrade.graded_on, FirmGrade.id)):
            word = FirmWord(name or "", uscc, row.grade, row.reason, row.graded_on, row.enterprise_id)
            found.setdefault(row.patent_id, {})[row.enterprise_id] = word
    return {key: tuple(firms[each] for each in sorted(firms)) for key, firms in found.items()}


def inventory(unit: Unit) -> tuple[InventoryLine, ...]:
    """The rows of the inventory's file by number and firm: of an institution all its own patents, graded or not, of
    whoever may read any all patents that bear a grade."""
    unit.require("stock_grade.export")
    ids = sorted(_graded(unit) if unit.may(READ_ANY) else own_patent_ids(unit))
    holders, firms, names = holder_grades(unit, ids), firm_grades(unit, ids), holder_names_of(unit, ids)
    lines: list[InventoryLine] = []
    for part in parts(ids):
        shown = (Patent.id, Patent.application_number, Patent.publication_number, Patent.title)
        rows = select(*shown).where(Patent.id.in_(part), Patent.withdrawn_at.is_(None))
        for key, number, publication, title in unit.session.execute(rows.order_by(Patent.id)):
            for firm in firms.get(key) or (None,):
                line = (number or publication or "", title or "", names[key], holders.get(key), firm)
                lines.append(InventoryLine(*line))
    return tuple(sorted(lines, key=_order))


def _order(line: InventoryLine) -> tuple[str, str, str]:
    return line.number, (line.firm.uscc or "") if line.firm else "", line.firm.firm if line.firm else ""


def _graded(unit: Unit) -> Iterable[int]:
    tables: tuple[Any, ...] = (HolderGrade, FirmGrade)
    chosen = (select(table.patent_id).where(table.withdrawn_at.is_(None)) for table in tables)
    return {key for each in chosen for key in unit.session.execute(each).scalars()}


def _taken_back(unit: Unit, table: Any, mine: Any) -> list[int]:
    """The rows that are withdrawn now."""
    rows = list(unit.session.execute(select(table).where(mine, table.withdrawn_at.is_(None))).scalars())
    for row in rows:
        row.withdrawn_at, row.withdrawn_reason = unit.now, "taken_back"
    return [row.id for row in rows]


def _standing_patent(unit: Unit, patent_id: int) -> Patent:
    patent = unit.session.get(Patent, patent_id)
    if patent is None or patent.withdrawn_at is not None:
        raise NotFound(id=patent_id)
    return patent
