"""Samples drawn again from what the log says of them: whether seed, strata and records are those of the drawing."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from matchhub.db.tables import LogEntry, Sample, SampledRecord
from matchhub.domain.sampling import Stratum, base_digest, draw_sample, of_spans
from matchhub.errors import NotFound
from matchhub.services.counting.counts import atoms_of, question
from matchhub.services.kernel.event_log import entry_hash
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What drawing again showed; ``faults`` are codes of sentences. ``recounted``: the records that could be drawn were
    counted anew as they were known then, which is possible while the rule pack is what it was."""

    sample_id: int
    threshold: str
    seed: str
    size: int
    recounted: bool
    faults: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Shape of ``matchhub sample verify``."""
        return {
            "valid": not self.faults,
            "sample": self.sample_id,
            "threshold": self.threshold,
            "seed": self.seed,
            "size": self.size,
            "recounted": self.recounted,
            "faults": list(self.faults),
        }


def strata_kept(sample: Sample) -> tuple[Stratum, ...]:
    """The strata a sample was drawn from."""
    return tuple(Stratum(each["source"], each["person"], of_spans(each["records"])) for each in sample.strata)


def draw_again(unit: Unit, sample_id: int) -> Redrawn:
    """Draw a sample again from its seed and strata and compare; ``NotFound``.

    Faults: ``sample_seed_wrong`` (the seed is not the hash of its entry, or that is none of a drawing),
    ``sample_base_changed`` (the strata are not those that the entry states), ``sample_draw_differs`` (other records
    follow from them), ``sample_base_miscounted`` (other records counted then).
    """
    unit.require("sample.read")
    sample = unit.session.get(Sample, sample_id)
    if sample is None:
        raise NotFound("sample_not_found", id=sample_id)
    strata, faults = strata_kept(sample), []
    entry = unit.session.get(LogEntry, sample.entry_id)
    if entry is None or entry.verb != "sample.drawn" or entry_hash(entry.previous_hash, entry) != sample.seed:
        faults.append("sample_seed_wrong")
    stated = json.loads(entry.payload) if entry is not None else {}
    if base_digest(strata) != stated.get("base") or sample.threshold != stated.get("threshold"):
        faults.append("sample_base_changed")
    asked = question(unit, sample.as_of_on, sample.recorded_at, sample.policy)
    chosen = select(SampledRecord.record_id, SampledRecord.stratum).where(SampledRecord.sample_id == sample_id)
    kept = [tuple(row) for row in unit.session.execute(chosen.order_by(SampledRecord.position))]
    same_rules = asked.pack.digest == sample.policy_digest
    if same_rules and list(draw_sample(strata, sample.seed, asked.pack.sample)) != kept:
        faults.append("sample_draw_differs")
    if same_rules:
        counted = {int(atom.record_id) for atom in atoms_of(unit, sample.threshold, asked) if atom.strict}
        if counted != {record for each in strata for record in each.records}:
            faults.append("sample_base_miscounted")
    return Redrawn(sample_id, sample.threshold, sample.seed, len(kept), same_rules, tuple(faults))
