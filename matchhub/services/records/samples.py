"""Samples of the bureau as its pages show them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from matchhub.db.tables import Sample, SampledFinding, SampledRecord
from matchhub.domain.sampling import FaultyShare
from matchhub.errors import NotFound
from matchhub.services.accounts.names import account_names
from matchhub.services.counting.counts import Question
from matchhub.services.counting.redrawing import strata_kept
from matchhub.services.counting.sampling import changed_since, sheet_mark
from matchhub.services.counting.shares import shares
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import Label, label_records
from matchhub.services.records.rows import kind_of


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One drawing in a list: ``size`` of ``population`` records, by the seed that is the hash of entry ``entry_id``."""

    id: int
    threshold: str
    seed: str
    entry_id: int
    policy_digest: str
    as_of_on: date
    population: int
    size: int
    drawn_at: datetime
    drawn_by: str
    closed_at: datetime | None
    closing_note: str
    share: FaultyShare
    strata: int

    @property
    def mark(self) -> str:
        """What each row of its worksheet says of it."""
        return sheet_mark(self.id, self.seed)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finding that a later one replaced."""

    finding: str
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class SampledRow:
    """One drawn record with what was found of it; ``source`` and ``person`` name its stratum (``domain.sampling``),
    ``changed_at``: when it was last changed after the drawing, ``earlier``: findings that were replaced."""

    kind: str
    record_id: int
    position: int
    label: Label
    finding: str
    note: str
    found_at: datetime | None
    found_by: str
    source: str
    person: str
    changed_at: datetime | None
    earlier: tuple[Earlier, ...]


def sample_lines(unit: Unit, threshold: str, asked: Question) -> tuple[SampleLine, ...]:
    """All samples of a threshold, the newest first; ``NotFound`` for an unknown one."""
    unit.require("sample.read")
    kind_of(threshold, asked)
    chosen = select(Sample).where(Sample.threshold == threshold).order_by(Sample.id.desc())
    return _lines(unit, list(unit.session.execute(chosen).scalars()))


def sample_view(unit: Unit, sample_id: int) -> tuple[SampleLine, tuple[SampledRow, ...]]:
    """One sample with its records in the order of the drawing; ``NotFound``."""
    unit.require("sample.read")
    sample = unit.session.get(Sample, sample_id)
    if sample is None:
        raise NotFound("sample_not_found", id=sample_id)
    kind, strata = sample.record_kind, strata_kept(sample)
    chosen = select(SampledRecord).where(SampledRecord.sample_id == sample_id).order_by(SampledRecord.position)
    drawn = unit.session.execute(chosen).scalars().all()
    labels = label_records(unit, kind, [row.record_id for row in drawn])
    people = [int(each.person) for each in strata if each.person]
    names = account_names(unit, [*(row.found_by for row in drawn), *people])
    changed = changed_since(unit, sample, [row.record_id for row in drawn])
    earlier = _earlier(unit, sample_id)
    rows = tuple(
        SampledRow(
            kind=kind,
            record_id=row.record_id,
            position=row.position,
            label=labels.get(row.record_id, Label(f"#{row.record_id}")),
            finding=row.finding or "",
            note=row.note or "",
            found_at=row.found_at,
            found_by=names.get(row.found_by or 0, ""),
            source=strata[row.stratum].source,
            person=names.get(int(strata[row.stratum].person or 0), ""),
            changed_at=changed.get(row.record_id),
            earlier=earlier.get(row.record_id, ()),
        )
        for row in drawn
    )
    return _lines(unit, [sample])[0], rows


def _earlier(unit: Unit, sample_id: int) -> dict[int, tuple[Earlier, ...]]:
    """Findings that were replaced, by record, oldest first."""
    chosen = select(SampledFinding).where(SampledFinding.sample_id == sample_id).order_by(SampledFinding.id)
    said = list(unit.session.execute(chosen).scalars())
    names = account_names(unit, [each.recorded_by for each in said])
    found: defaultdict[int, list[Earlier]] = defaultdict(list)
    for each in said:
        by = names.get(each.recorded_by or 0, "")
        found[each.record_id].append(Earlier(each.finding, each.note or "", each.recorded_at, by))
    return {record: tuple(listed[:-1]) for record, listed in found.items()}


def _lines(unit: Unit, samples: list[Sample]) -> tuple[SampleLine, ...]:
    ids = [each.id for each in samples]
    found = shares(unit, ids)
    chosen = select(SampledRecord.sample_id, func.count()).where(SampledRecord.sample_id.in_(ids))
    sizes = dict(unit.session.execute(chosen.group_by(SampledRecord.sample_id)).all())
    names = account_names(unit, [each.recorded_by for each in samples])
    return tuple(
        SampleLine(
            id=each.id,
            threshold=each.threshold,
            seed=each.seed,
            entry_id=each.entry_id,
            policy_digest=each.policy_digest,
            as_of_on=each.as_of_on,
            population=each.population,
            size=sizes.get(each.id, 0),
            drawn_at=each.recorded_at,
            drawn_by=names.get(each.recorded_by or 0, ""),
            closed_at=each.closed_at,
            closing_note=each.closing_note or "",
            share=found[each.id],
            strata=len(each.strata),
        )
        for each in samples
    )
