"""The reviewer's desk: what waits for the bureau's word, what is in doubt, and what changed since the last look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from matchhub.db.tables import DeskLook
from matchhub.domain.goals import Threshold
from matchhub.domain.organisations import CONFIRMING_BUREAU
from matchhub.errors import NotAllowed
from matchhub.services.counting.comparing import other_verdicts
from matchhub.services.counting.counts import Question
from matchhub.services.counting.sources import open_sources
from matchhub.services.evidence.auditing import LastAudit, last_audit
from matchhub.services.evidence.checking import EvidenceState, evidence_state
from matchhub.services.evidence.party_words import Subject, open_objections
from matchhub.services.evidence.repetitions import open_repetitions
from matchhub.services.kernel.paging import Page
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records
from matchhub.services.worklists.unconfirmed import Unconfirmed, list_unconfirmed, unconfirmed_for

USUAL_DAYS = 7
_PART = 500  # records named together: statements over ids stay within what a database takes
WAYS = ("left", "came", "changed")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a count rests on and that is open: how many, and since when (``None``: of no day)."""

    key: str
    number: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk shows beside the counts: what waits for the bureau (the first few of ``awaiting.total``), doubts,
    the checks of the evidence files and of the log (``None``: never), and the parties' objections.

    ``own``: it is the reader who has to confirm that; ``asked``: what waits for the reader's own word, if it may give
    one.
    """

    awaiting: Page[Unconfirmed]
    asked: Page[Unconfirmed] | None
    doubts: tuple[Doubt, ...]
    evidence: EvidenceState
    objections: tuple[tuple[Subject, str], ...]
    own: bool
    audit: LastAudit | None

    def number(self, key: str) -> int:
        """How many of one doubt are open."""
        return next(each.number for each in self.doubts if each.key == key)


def bureau_desk(unit: Unit, most: int = 8) -> Desk:
    """The desk of whoever may read progress; what waits is the list of ``worklists.unconfirmed``."""
    unit.require("progress.read")
    evidence, objections = evidence_state(unit), open_objections(unit)
    oldest = min((each.since_at for each in evidence.damaged), default=None)
    doubts = (
        Doubt("evidence_damaged", len(evidence.damaged), oldest),
        Doubt("papers_alike", open_repetitions(unit)),
        Doubt("objections", len(objections)),
        Doubt("sources_open", open_sources(unit)),
    )
    awaiting = unconfirmed_for(unit, CONFIRMING_BUREAU, size=most)
    own = unit.may("record.confirm") and not unit.may("record.confirm_without_code")  # the bureau's word
    asked = awaiting if own else (list_unconfirmed(unit) if unit.may("record.confirm") else None)
    return Desk(awaiting, asked, doubts, evidence, objections, own, last_audit(unit))


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is judged otherwise than at the last look: ``came`` to strict, ``left`` it, or ``changed``."""

    threshold: str
    kind: str
    record: int
    label: Label
    way: str
    before: str
    after: str
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since ``since_at``: by threshold how many came, left and are judged otherwise, and the records (not
    yet named: ``named_changes``). New records that do not count are no change of a count: left out."""

    since_at: datetime
    looked: bool
    sums: tuple[tuple[str, tuple[int, ...]], ...]
    records: tuple[Change, ...]


def last_look(unit: Unit) -> datetime | None:
    """When this account last went through the changes; ``None``: never."""
    chosen = select(DeskLook.looked_at).where(DeskLook.account_id == unit.actor.account_id)
    return unit.session.execute(chosen).scalar()


def keep_look(unit: Unit, seen_at: datetime) -> None:
    """This account went through what had changed up to ``seen_at``; an earlier look stays behind a later one."""
    unit.require("progress.read")
    if unit.actor.account_id is None:
        raise NotAllowed(role=unit.actor.role)
    seen = min(seen_at, unit.now)
    row = unit.session.execute(select(DeskLook).where(DeskLook.account_id == unit.actor.account_id)).scalar()
    if row is None:
        unit.session.add(DeskLook(account_id=unit.actor.account_id, looked_at=seen))
    elif seen > row.looked_at:
        row.looked_at = seen


def changes_since(unit: Unit, asked: Question) -> Changes:
    """Which records are judged otherwise now than at the last look of this account, and what is against them.

    Who never looked is told of the last ``USUAL_DAYS`` days.
    """
    unit.require("progress.read")
    looked = last_look(unit)
    usual = datetime.combine(unit.today - timedelta(days=USUAL_DAYS), time.min, unit.zone)
    since = looked or usual
    then = replace(asked, as_of=min(asked.as_of, unit.day_of(since)), known_at=since)
    found = {each.key: _changes(unit, each, then, asked) for each in asked.pack.thresholds}
    sums = tuple(
        (key, tuple(sum(1 for each in listed if each.way == way) for way in WAYS))
        for key, listed in found.items()
        if listed
    )
    return Changes(since, looked is not None, sums, tuple(each for listed in found.values() for each in listed))


def _changes(unit: Unit, threshold: Threshold, then: Question, now: Question) -> list[Change]:
    """Those that left first, then those that came, then the others."""
    found = []
    for one in other_verdicts(unit, threshold.key, then, now):
        before, after = one.first.verdict, one.second.verdict
        if {before, after} == {"absent", "out"}:
            continue
        way = "came" if after == "strict" else "left" if before == "strict" else "changed"
        record = int(one.record_id)
        label = Label(f"#{record}")
        found.append(Change(threshold.key, threshold.counter, record, label, way, before, after, one.second.against))
    return sorted(found, key=lambda each: (WAYS.index(each.way), each.record))


def named_changes(unit: Unit, listed: Sequence[Change]) -> list[Change]:
    """The same changes with the names of their records."""
    unit.require("progress.read")
    named: list[Change] = []
    for at in range(0, len(listed), _PART):
        part = listed[at : at + _PART]
        labels = {
            kind: label_records(unit, kind, [each.record for each in part if each.kind == kind])
            for kind in {each.kind for each in part}
        }
        named += [replace(each, label=labels[each.kind].get(each.record, each.label)) for each in part]
    return named
