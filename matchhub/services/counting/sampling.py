"""The bureau's samples: drawn by a seed that nobody chooses, looked at record by record, closed, and kept for ever."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import BatchSource, ImportBatch, Sample, SampledFinding, SampledRecord
from matchhub.domain.sampling import FINDINGS, Stratum, base_digest, draw_sample, sample_size, spans, strata_of
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.counting.changed import changed_after, entered_by
from matchhub.services.counting.counts import Question, drill_down, records_of
from matchhub.services.counting.samplers import require_sampler
from matchhub.services.counting.shares import shares
from matchhub.services.kernel.event_log import append_event, hold_log
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit

MOST_NOTE = 255  # characters of a finding's note
_OWN_LIST = "own_list"  # imported without a source's name


def draw(unit: Unit, threshold: str, asked: Question) -> int:
    """Draw a sample from what counts strictly as of the day asked; returns its number.

    It is stratified by source and by the person who entered (``domain.sampling``). The seed is the hash of the log's
    entry that the drawing makes, which states the digest of all that could be drawn: it follows from the head of the
    chain and from the moment, stands in the log for ever, and nobody can try another one, for a threshold has one open
    sample at most and an open one is closed only when every record of it was looked at. Raises ``NotFound`` for an
    unknown threshold, ``NotAllowed`` and ``Refusal("sampler_of_operator")`` for who does not act for the bureau alone,
    ``Conflict("sample_open")``, ``Refusal`` ``sample_empty``, ``sample_day_to_come``.
    """
    require_sampler(unit)
    if asked.as_of > unit.today:
        raise Refusal("sample_day_to_come", day=asked.as_of)
    hold_log(unit)
    if (known := unit.session.execute(select(Sample.id).where(Sample.open_key == threshold)).scalar()) is not None:
        raise Conflict("sample_open", id=known)
    counted = replace(asked, known_at=None)
    ids = records_of(drill_down(unit, threshold, counted, show="strict", most=None).atoms)
    if not ids:
        raise Refusal("sample_empty")
    strata = strata_now(unit, counted, threshold, ids)
    row = _drawn(unit, threshold, counted, strata, len(ids))
    drawn = draw_sample(strata, row.seed, counted.pack.sample)
    unit.session.add_all(
        SampledRecord(sample_id=row.id, record_id=record, position=at, stratum=stratum)
        for at, (record, stratum) in enumerate(drawn, 1)
    )
    unit.session.flush()
    return row.id


def _drawn(unit: Unit, threshold: str, counted: Question, strata: Sequence[Stratum], population: int) -> Sample:
    """The drawing on record, with its entry in the log."""
    digest = base_digest(strata)
    entry = append_event(
        unit,
        "sample.drawn",
        "samples",
        None,
        threshold=threshold,
        policy_digest=counted.pack.digest,
        as_of=counted.as_of.isoformat(),
        population=population,
        base=digest,
    )
    row = Sample(
        threshold=threshold,
        record_kind=counted.pack.threshold(threshold).counter,
        open_key=threshold,
        entry_id=entry.id,
        seed=entry.hash,
        policy=counted.pack.key,
        policy_digest=counted.pack.digest,
        as_of_on=counted.as_of,
        population=population,
        strata=[{"source": each.source, "person": each.person, "records": spans(each.records)} for each in strata],
        base_digest=digest,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def strata_now(unit: Unit, asked: Question, threshold: str, ids: Collection[int]) -> tuple[Stratum, ...]:
    """Records of a threshold by the source they came from and by the account that entered them."""
    table: Any = RECORD_TABLES[asked.pack.threshold(threshold).counter]
    batch = getattr(table, "batch_id", None)
    wanted = set(ids)
    columns = (table.id, table.recorded_by, *(() if batch is None else (batch,)))
    sources = _sources(unit)
    entries = (
        (row[0], sources.get(row[2], _OWN_LIST) if len(row) > 2 and row[2] is not None else "", str(row[1] or ""))
        for row in unit.session.execute(select(*columns))
        if row[0] in wanted
    )
    return strata_of(entries, sample_size(len(wanted), asked.pack.sample))


def _sources(unit: Unit) -> dict[int, str]:
    """What each import batch came from: the issuer who was named for it, else who sent the files."""
    chosen = select(ImportBatch.id, ImportBatch.source_name, BatchSource.issuer)
    rows = unit.session.execute(chosen.outerjoin(BatchSource, BatchSource.batch_id == ImportBatch.id))
    return {key: issuer or name or _OWN_LIST for key, name, issuer in rows}


def note_finding(unit: Unit, sample_id: int, record_id: int, finding: str, note: str) -> None:
    """Write down what was found of one drawn record: confirmed, wrong or not_found; the last two say what.

    What it replaces stays on record (``sampled_findings``). A record that was changed after it had been drawn is
    confirmed only with a note. Raises ``NotFound``, ``Conflict("sample_closed")``, ``Refusal`` ``finding_unknown``,
    ``finding_note_missing``, ``finding_note_missing_changed``, and ``sampled_own_entry`` for who entered the record or
    changed it.
    """
    require_sampler(unit)
    sample = open_sample(unit, sample_id)
    if finding not in FINDINGS:
        raise Refusal("finding_unknown", value=finding)
    chosen = select(SampledRecord).where(SampledRecord.sample_id == sample_id, SampledRecord.record_id == record_id)
    row = unit.session.execute(chosen).scalar()
    if row is None:
        raise NotFound("record_not_sampled", id=record_id)
    said = note.strip()[:MOST_NOTE] or None
    if said is None and finding != "confirmed":
        raise Refusal("finding_note_missing")
    if said is None and changed_since(unit, sample, [record_id]):
        raise Refusal("finding_note_missing_changed")
    if entered_by(unit, sample.record_kind, record_id, unit.actor.account_id):
        raise Refusal("sampled_own_entry")
    if (row.finding, row.note) == (finding, said):
        return
    before = row.finding
    row.finding, row.note = finding, said
    row.found_at, row.found_by = unit.now, unit.actor.account_id
    unit.session.add(
        SampledFinding(sample_id=sample_id, record_id=record_id, finding=finding, note=said,
                       recorded_at=unit.now, recorded_by=unit.actor.account_id)
    )  # fmt: skip
    said_of = {"record": record_id, "finding": finding} | ({"before": before} if before else {})
    append_event(unit, "sample.looked_at", "samples", sample_id, **said_of)


def changed_since(unit: Unit, sample: Sample, records: Collection[int]) -> dict[int, datetime]:
    """When drawn records were last changed after the drawing; those that were not left out."""
    return changed_after(unit, sample.record_kind, sample.recorded_at, records, papers=True)


def close(unit: Unit, sample_id: int, note: str) -> None:
    """Close a sample whose records were all looked at, with what is concluded.

    Raises ``NotFound``, ``Conflict("sample_closed")``, ``Refusal("sample_unfinished")`` with how many are left.
    """
    require_sampler(unit)
    sample = open_sample(unit, sample_id)
    chosen = select(func.count()).select_from(SampledRecord)
    left = unit.session.execute(
        chosen.where(SampledRecord.sample_id == sample_id, SampledRecord.finding.is_(None))
    ).scalar_one()
    if left:
        raise Refusal("sample_unfinished", left=left)
    sample.open_key, sample.closed_at, sample.closed_by = None, unit.now, unit.actor.account_id
    sample.closing_note = note.strip() or None
    share = shares(unit, [sample_id])[sample_id]
    append_event(unit, "sample.closed", "samples", sample_id, looked=share.looked, faulty=share.faulty)


def open_sample(unit: Unit, sample_id: int) -> Sample:
    """A sample that is still looked at, held for this unit; ``NotFound``, ``Conflict("sample_closed")``."""
    sample = unit.session.get(Sample, sample_id, with_for_update=True)
    if sample is None:
        raise NotFound("sample_not_found", id=sample_id)
    if sample.closed_at is not None:
        raise Conflict("sample_closed")
    return sample


def sheet_mark(sample_id: int, seed: str) -> str:
    """What each row of a worksheet says of its sample: number and beginning of the seed."""
    return f"{sample_id}-{seed[:12]}"
