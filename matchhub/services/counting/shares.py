"""What samples found: the share that is as counted with its exact interval, and how much of a count it supports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from scipy.special import betaincinv
from sqlalchemy import func, select

from matchhub.db.tables import Sample, SampledRecord
from matchhub.domain.counting.progress import Progress
from matchhub.domain.rules import SampleRules
from matchhub.domain.sampling import FaultyShare, SpotCheck, effective, is_proportional, of_spans, supported
from matchhub.services.counting.counts import Question, count_progress, strict_units
from matchhub.services.kernel.unit import Unit


def faulty_share(looked: int, faulty: int, confidence: float) -> FaultyShare:
    """The exact two-sided interval of Clopper and Pearson (1934) at the confidence of the pack.

    Without a look nothing is known (0 to 1).

    It takes the sample as drawn from a large whole, so for a small one it is too wide, never too narrow.
    """
    return FaultyShare(looked, faulty, *_bounds(looked, faulty, 1 - confidence), confidence)


def _bounds(looked: float, faulty: float, outside: float) -> tuple[float, float]:
    low = float(betaincinv(faulty, looked - faulty + 1, outside / 2)) if faulty > 0 else 0.0
    high = float(betaincinv(faulty + 1, looked - faulty, 1 - outside / 2)) if faulty < looked else 1.0
    return low, high


def share_of(
    sizes: Collection[int], looked: Collection[int], faulty: Collection[int], confidence: float
) -> FaultyShare:
    """The share of a sample by strata: how many each holds, how many of it were looked at and were faulty.

    Every record looked at: no interval is left. Strata drawn more densely than their size asks for (a sample gives each
    at least one): of the plain and the weighted interval the one that supports less, so that nobody improves the share
    by splitting what is sound into many small sources.
    """
    sizes, looked, faulty = list(sizes), list(looked), list(faulty)
    plain = faulty_share(sum(looked), sum(faulty), confidence)
    if not plain.looked or 0 in looked:
        return plain
    if looked == sizes:
        return replace(plain, low=plain.share, high=plain.share, method="complete")
    if is_proportional(sizes, looked):
        return plain
    low, high = _bounds(*effective(sizes, looked, faulty), 1 - confidence)
    return replace(plain, low=low, high=high, method="weighted") if high > plain.high else plain


def shares(unit: Unit, sample_ids: Collection[int], rules: SampleRules | None = None) -> dict[int, FaultyShare]:
    """What was found so far, by sample; the interval by ``rules``, by default those of the headline's pack."""
    if not sample_ids:
        return {}
    confidence = (rules or unit.pack.sample).confidence
    looked: dict[int, Counter[int]] = {key: Counter() for key in sample_ids}
    faulty: dict[int, Counter[int]] = {key: Counter() for key in sample_ids}
    chosen = select(SampledRecord.sample_id, SampledRecord.stratum, SampledRecord.finding, func.count()).where(
        SampledRecord.sample_id.in_(list(sample_ids)), SampledRecord.finding.is_not(None)
    )
    grouped = chosen.group_by(SampledRecord.sample_id, SampledRecord.stratum, SampledRecord.finding)
    for key, stratum, finding, number in unit.session.execute(grouped):
        looked[key][stratum] += number
        faulty[key][stratum] += number if finding != "confirmed" else 0
    strata = select(Sample.id, Sample.strata).where(Sample.id.in_(list(sample_ids)))
    found = {}
    for key, kept in unit.session.execute(strata):
        sizes = [len(of_spans(each["records"])) for each in kept]
        places = range(len(sizes))
        found[key] = share_of(sizes, [looked[key][at] for at in places], [faulty[key][at] for at in places], confidence)
    return found


def latest_shares(unit: Unit) -> dict[str, FaultyShare]:
    """What the newest closed sample of each threshold found."""
    newest = _newest(unit, None)
    found = shares(unit, [each.id for each in newest.values()])
    return {threshold: found[each.id] for threshold, each in newest.items()}


def _newest(unit: Unit, known_at: datetime | None) -> dict[str, Sample]:
    """The newest sample of each threshold that was closed by then."""
    chosen = select(Sample).where(Sample.closed_at.is_not(None)).order_by(Sample.id)
    if known_at is not None:
        chosen = chosen.where(Sample.closed_at <= known_at)
    return {each.threshold: each for each in unit.session.execute(chosen).scalars()}


def with_spot_checks(unit: Unit, asked: Question, counted: Progress) -> Progress:
    """The counts with what the newest closed sample of each threshold supports of them.

    A sample drawn by other rules than those asked supports nothing. Of the count only what was there to be drawn is
    supported: what came afterwards nobody could look at.
    """
    newest = {
        key: each for key, each in _newest(unit, asked.known_at).items() if each.policy_digest == asked.pack.digest
    }
    found = shares(unit, [each.id for each in newest.values()], asked.pack.sample)
    checks = {key: _check(unit, asked, each, found[each.id]) for key, each in newest.items()}
    return counted.with_checks(checks)


def _check(unit: Unit, asked: Question, sample: Sample, share: FaultyShare) -> SpotCheck:
    drawable = {record for each in sample.strata for record in of_spans(each["records"])}
    now = strict_units(unit, sample.threshold, asked)
    held = {each for record, each in now if record in drawable}
    assert sample.closed_at is not None
    return SpotCheck(
        sample_id=sample.id,
        drawn_at=sample.recorded_at,
        closed_at=sample.closed_at,
        share=share,
        held=len(held),
        added=len({each for _, each in now} - held),
        gone=len(drawable - {record for record, _ in now}),
        supported=supported(len(held), share),
    )


def count_checked(unit: Unit, asked: Question) -> Progress:
    """The counts (``counts.count_progress``) with what spot checks support of them."""
    return with_spot_checks(unit, asked, count_progress(unit, asked))
