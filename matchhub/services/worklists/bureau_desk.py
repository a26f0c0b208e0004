"""The reviewer's desk: what waits for the bureau's word, what is in doubt, and what changed since the last look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import AwardRecord, Confirmation, Deal, DeskLook, Licence
from matchhub.domain.goals import Threshold
from matchhub.domain.organisations import CONFIRMING_BUREAU, CONFIRMING_OPERATOR
from matchhub.errors import NotAllowed
from matchhub.services.counting.comparing import other_verdicts
from matchhub.services.counting.counts import Question
from matchhub.services.counting.sources import open_sources
from matchhub.services.evidence.checking import evidence_state
from matchhub.services.evidence.party_words import open_objections
from matchhub.services.evidence.repetitions import open_repetitions
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records
from matchhub.services.worklists.rejected import rejected_records

USUAL_DAYS = 7
MOST_NAMED = 100
_WAYS = ("left", "came", "changed")
_MONEY: tuple[tuple[str, Any], ...] = (("deals", Deal), ("licences", Licence), ("award_records", AwardRecord))


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One record that waits for the bureau's word; ``borne_out``: the operator has confirmed it; ``mended``: it was
    rejected and changed since."""

    kind: str
    id: int
    label: Label
    recorded_at: datetime
    borne_out: bool
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a count rests on and that is open: how many, and since when (``None``: of no day)."""

    key: str
    number: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk shows beside the counts: waiting records (the first ``most`` of ``waiting``) and doubts."""

    records: tuple[Awaiting, ...]
    waiting: int
    doubts: tuple[Doubt, ...]
    checked_at: datetime | None


def bureau_desk(unit: Unit, most: int = 8) -> Desk:
    """The desk of whoever may read progress; mended ones first, then those that the operator bore out, the oldest."""
    unit.require("progress.read")
    found = sorted(_awaiting(unit), key=lambda each: (not each.mended, not each.borne_out, each.recorded_at, each.id))
    shown = found[:most]
    labels = {
        kind: label_records(unit, kind, [each.id for each in shown if each.kind == kind])
        for kind in {each.kind for each in shown}
    }
    evidence = evidence_state(unit)
    doubts = (
        Doubt(
            "evidence_damaged", len(evidence.damaged), min((each.since_at for each in evidence.damaged), default=None)
        ),
        Doubt("papers_alike", open_repetitions(unit)),
        Doubt("objections", len(open_objections(unit))),
        Doubt("sources_open", open_sources(unit)),
    )
    named = tuple(replace(each, label=labels[each.kind].get(each.id, each.label)) for each in shown)
    return Desk(named, len(found), doubts, evidence.checked_at)


def _awaiting(unit: Unit) -> Iterator[Awaiting]:
    mended = {(each.kind, each.record) for each in rejected_records(unit) if each.mended}
    for kind, table in _MONEY:
        said, borne = _spoken(kind, CONFIRMING_BUREAU), _spoken(kind, CONFIRMING_OPERATOR)
        confirmed = set(unit.session.execute(borne).scalars())
        chosen = select(table.id, table.recorded_at).where(table.withdrawn_at.is_(None), table.id.not_in(said))
        for key, at in unit.session.execute(chosen.order_by(table.recorded_at, table.id)):
            yield Awaiting(kind, key, Label(f"#{key}"), at, key in confirmed)
        again = [key for other, key in mended if other == kind]
        for key, at in unit.session.execute(select(table.id, table.recorded_at).where(table.id.in_(again))):
            yield Awaiting(kind, key, Label(f"#{key}"), at, key in confirmed, mended=True)


def _spoken(kind: str, role: str) -> Any:
    return select(Confirmation.subject_id).where(
        Confirmation.subject_kind == kind,
        Confirmation.role == role,
        Confirmation.withdrawn_at.is_(None),
        Confirmation.lapsed_at.is_(None),
    )


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
    """What changed since ``since_at``: by threshold how many came, left and are judged otherwise, and the records, of
    each threshold ``MOST_NAMED`` at most. New records that do not count are no change of a count: left out."""

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
        (key, tuple(sum(1 for each in listed if each.way == way) for way in _WAYS))
        for key, listed in found.items()
        if listed
    )
    named = [_labelled(unit, listed[:MOST_NAMED]) for listed in found.values() if listed]
    return Changes(since, looked is not None, sums, tuple(each for listed in named for each in listed))


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
    return sorted(found, key=lambda each: (_WAYS.index(each.way), each.record))


def _labelled(unit: Unit, listed: Sequence[Change]) -> list[Change]:
    labels = label_records(unit, listed[0].kind, [each.record for each in listed])
    return [replace(each, label=labels.get(each.record, each.label)) for each in listed]
