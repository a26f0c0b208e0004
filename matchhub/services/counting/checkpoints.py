"""Making a checkpoint of the chain, with the counts of its moment, and putting a restore on record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from matchhub.services.counting.counts import count_progress, question
from matchhub.services.counting.store import forget
from matchhub.services.kernel.checkpoints import LOST_DIGITS, RESTORED, Checkpoint, read_checkpoints, write_checkpoint
from matchhub.services.kernel.event_log import append_event, end_of_chain, verify_log
from matchhub.services.kernel.unit import Unit


def checkpoint(unit: Unit, reason: str = "asked") -> Checkpoint:
    """The chain's end now, with the counts as of today under the pack in force, to be kept outside."""
    counted = count_progress(unit, question(unit))
    thresholds = [each for goal in counted.goals for each in goal.thresholds]
    return replace(
        end_of_chain(unit, reason),
        policy=counted.policy,
        policy_digest=counted.policy_digest,
        policy_confirmed=counted.policy_confirmed,
        counts={
            each.threshold.key: {"literal": each.count.literal, "strict": each.count.strict} for each in thresholds
        },
    )


def keep_checkpoint(unit: Unit, folder: Path, reason: str) -> Checkpoint:
    """Make a checkpoint and keep it in ``folder``; raises ``CheckpointUnwritable``."""
    made = checkpoint(unit, reason)
    write_checkpoint(folder, made)
    return made


def note_restore(unit: Unit, folder: Path) -> Checkpoint | None:
    """Write into the chain that an earlier state of the base was put back, and which checkpoints that lost.

    Returns the newest of those, ``None`` when nothing on record is younger than the base.
    """
    forget(unit.home)  # verdicts of the state that was there before
    lost = verify_log(unit, read_checkpoints(folder)).lost
    newest = max(lost, key=lambda each: (each.day, each.entries), default=None)
    append_event(
        unit,
        RESTORED,
        "checkpoints",
        sequence=newest.sequence if newest else None,
        day=newest.day if newest else None,
        lost=[each.last_hash[:LOST_DIGITS] for each in lost],
    )
    return newest
