"""The bureau's samples: drawn by a seed that nobody chooses, looked at record by record, closed, and kept for ever."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from scipy.special import betaincinv
from sqlalchemy import func, select

from matchhub.db.tables import Organisation, Sample, SampledRecord
from matchhub.domain.evidence import draw_sample
from matchhub.domain.organisations import BUREAU
from matchhub.domain.sampling import FINDINGS, FaultyShare
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.counting.counts import Question, drill_down, records_of
from matchhub.services.kernel.event_log import append_event, hold_log
from matchhub.services.kernel.unit import Unit

_OUTSIDE = 0.05  # 95 % interval


def faulty_share(looked: int, faulty: int) -> FaultyShare:
    """The exact interval of Clopper and Pearson (1934) at 95 %; without a look nothing is known (0 to 1).

    It takes the sample as drawn from a large whole, so for a small one it is too wide, never too narrow.
    """
    low = float(betaincinv(faulty, looked - faulty + 1, _OUTSIDE / 2)) if faulty else 0.0
    high = float(betaincinv(faulty + 1, looked - faulty, 1 - _OUTSIDE / 2)) if faulty < looked else 1.0
    return FaultyShare(looked, faulty, low, high)


def draw(unit: Unit, threshold: str, asked: Question) -> int:
    """Draw a sample from what counts strictly as of the day asked; returns its number.

    The seed is the hash of the log's entry that the drawing makes: it follows from the head of the chain and from the
    moment, stands in the log for ever, and nobody can try another one, for a threshold has one open sample at most and
    an open one is closed only when every record of it was looked at. Raises ``NotFound`` for an unknown threshold,
    ``NotAllowed`` for who does not act for the bureau, ``Conflict("sample_open")``, ``Refusal("sample_empty")``.
    """
    _require_bureau(unit)
    hold_log(unit)
    if (known := _open_sample(unit, threshold)) is not None:
        raise Conflict("sample_open", id=known)
    counted = replace(asked, known_at=None)
    ids = records_of(drill_down(unit, threshold, counted, show="strict", most=None).atoms)
    if not ids:
        raise Refusal("sample_empty")
    entry = append_event(
        unit,
        "sample.drawn",
        "samples",
        None,
        threshold=threshold,
        policy_digest=counted.pack.digest,
        as_of=counted.as_of.isoformat(),
        population=len(ids),
    )
    row = Sample(
        threshold=threshold,
        open_key=threshold,
        entry_id=entry.id,
        seed=entry.hash,
        policy=counted.pack.key,
        policy_digest=counted.pack.digest,
        as_of_on=counted.as_of,
        population=len(ids),
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    drawn = draw_sample(ids, entry.hash, counted.pack.sample)
    unit.session.add_all(
        SampledRecord(sample_id=row.id, record_id=int(key), position=at) for at, key in enumerate(drawn, 1)
    )
    unit.session.flush()
    return row.id


def note_finding(unit: Unit, sample_id: int, record_id: int, finding: str, note: str) -> None:
    """Write down what was found of one drawn record: confirmed, wrong or not_found; the last two say what.

    Raises ``NotFound``, ``Conflict("sample_closed")``, ``Refusal`` ``finding_unknown``, ``note_missing``.
    """
    _require_bureau(unit)
    sample = _sample(unit, sample_id)
    if sample.closed_at is not None:
        raise Conflict("sample_closed")
    if finding not in FINDINGS:
        raise Refusal("finding_unknown", value=finding)
    if finding != "confirmed" and not note.strip():
        raise Refusal("note_missing")
    chosen = select(SampledRecord).where(SampledRecord.sample_id == sample_id, SampledRecord.record_id == record_id)
    row = unit.session.execute(chosen).scalar()
    if row is None:
        raise NotFound("record_not_sampled", id=record_id)
    row.finding, row.note = finding, note.strip()[:255] or None
    row.found_at, row.found_by = unit.now, unit.actor.account_id
    append_event(unit, "sample.looked_at", "samples", sample_id, record=record_id, finding=finding)


def close(unit: Unit, sample_id: int, note: str) -> None:
    """Close a sample whose records were all looked at, with what is concluded.

    Raises ``NotFound``, ``Conflict("sample_closed")``, ``Refusal("sample_unfinished")`` with how many are left.
    """
    _require_bureau(unit)
    sample = _sample(unit, sample_id)
    if sample.closed_at is not None:
        raise Conflict("sample_closed")
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


def shares(unit: Unit, sample_ids: Collection[int]) -> dict[int, FaultyShare]:
    """What was found so far, by sample."""
    found = dict.fromkeys(sample_ids, (0, 0))
    chosen = select(SampledRecord.sample_id, SampledRecord.finding, func.count()).where(
        SampledRecord.sample_id.in_(list(sample_ids)), SampledRecord.finding.is_not(None)
    )
    for key, finding, number in unit.session.execute(chosen.group_by(SampledRecord.sample_id, SampledRecord.finding)):
        looked, faulty = found[key]
        found[key] = (looked + number, faulty + (number if finding != "confirmed" else 0))
    return {key: faulty_share(*each) for key, each in found.items()}


def latest_shares(unit: Unit) -> dict[str, FaultyShare]:
    """What the newest closed sample of each threshold found, to stand beside its count."""
    closed = select(func.max(Sample.id)).where(Sample.closed_at.is_not(None)).group_by(Sample.threshold)
    rows = unit.session.execute(select(Sample.id, Sample.threshold).where(Sample.id.in_(closed))).all()
    found = shares(unit, [row.id for row in rows])
    return {row.threshold: found[row.id] for row in rows}


def _open_sample(unit: Unit, threshold: str) -> int | None:
    return unit.session.execute(select(Sample.id).where(Sample.open_key == threshold)).scalar()


def _sample(unit: Unit, sample_id: int) -> Sample:
    sample = unit.session.get(Sample, sample_id, with_for_update=True)
    if sample is None:
        raise NotFound("sample_not_found", id=sample_id)
    return sample


def _require_bureau(unit: Unit) -> None:
    """Whoever is sampled does not sample."""
    unit.require("sample.keep")
    actor = unit.actor
    place = unit.session.get(Organisation, actor.organisation_id) if actor.organisation_id is not None else None
    if actor.account_id is None or place is None or place.kind != BUREAU:
        raise NotAllowed(role=actor.role)
