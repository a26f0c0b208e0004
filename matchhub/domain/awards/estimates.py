"""One estimate: who, which year, from what base and which rows, and why not more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from matchhub.domain.award_rules import AwardClause
from matchhub.domain.counting.facts import ConfirmationFact, EvidenceFact, RecordId
from matchhub.domain.evidence import confirmation_fault, rejection, stands
from matchhub.domain.goals import Window
from matchhub.domain.rules import DealRules

Level = Literal["typed", "documented", "confirmed"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader must know of an estimate: an exclusion, a cap, a boundary case. ``code`` has its sentence."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record rests on: its level, what it lacks to the next, and whether the bureau rejected it."""

    level: Level = "confirmed"
    lacks: tuple[Remark, ...] = ()
    rejected: bool = False


SOUND = Standing()


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardRow:
    """One record as a clause reads it: the day that decides its year, what it brings, whether it counts, and why not.

    ``amount_yuan``: its part of a base in money. ``identity``: what is paid once only. ``stage``: ``first`` or
    ``after`` of a clause that pays in stages.
    """

    kind: str
    record_id: int
    payee: int
    on: date
    title: str = ""
    amount_yuan: Decimal = Decimal(0)
    against: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    standing: Standing = SOUND
    implemented: int = 0
    identity: str = ""
    stage: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is part of the base, on the word of whoever entered it."""
        return not self.against

    @property
    def strict(self) -> bool:
        """Whether it is part of the base with papers and two people of two organisations."""
        return self.counts and self.standing.level == "confirmed"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one clause would pay one payee for one year: as recorded, and strictly from what is proven and confirmed.

    ``base`` is yuan or a number of records (``clause.in_yuan``); ``rows`` are all that were looked at.
    """

    clause: AwardClause
    payee: int
    year: int
    base: Decimal
    amount_yuan: Decimal
    strict_yuan: Decimal
    remarks: tuple[Remark, ...]
    rows: tuple[AwardRow, ...]


def window_remark(day: date, window: Window) -> Remark | None:
    """Why an event of that day lies outside the measure, or counts by reference only (参照执行); None when inside."""
    if not window.holds(day):
        return Remark("award_outside_window", {"on": day})
    if day < window.formal_from_on:
        return Remark("award_by_reference", {"on": day})
    return None


def day_against(day: date, window: Window, as_of: date) -> tuple[list[Remark], list[Remark]]:
    """What a day says against a record, and what it only remarks."""
    if day > as_of:
        return [Remark("award_not_yet", {"on": day})], []
    said = window_remark(day, window)
    if said is None:
        return [], []
    return ([said], []) if said.code == "award_outside_window" else ([], [said])


def standing_of(
    evidence: Collection[EvidenceFact],
    confirmations: tuple[ConfirmationFact, ...],
    entered_by: RecordId | None,
    papers: Collection[str],
    rules: DealRules,
) -> Standing:
    """The level of a record: typed is a claim, a standing paper of one of ``papers`` a document, and the words of two
    people of two organisations given after it a confirmation."""
    fitting = [each for each in evidence if stands(each) and (not papers or each.paper in papers)]
    proofs: list[datetime | None] = [each.recorded_at for each in fitting]
    fault = confirmation_fault(confirmations, entered_by, rules, proofs)
    lacks = [] if fitting else [Remark("award_paper_missing", {"papers": tuple(sorted(papers))})]
    lacks += [Remark(fault.code, fault.data)] if fault else []
    level: Level = "typed" if not fitting else "documented" if fault else "confirmed"
    return Standing(level, tuple(lacks), rejection(confirmations) is not None)
