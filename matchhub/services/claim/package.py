"""What a package says, as plain values: the goal with its counts, ledgers, gaps, samples, and the log as it stood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from matchhub.domain.counting.progress import GoalProgress
from matchhub.domain.rules import RulePack
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.claim.extract import Extract, kept_checkpoints, log_extract, pack_files
from matchhub.services.claim.gaps import Gap, gaps_of, stands_ready
from matchhub.services.claim.ledger import LedgerRow, ledger_rows
from matchhub.services.counting.counts import Question, count_growth, in_one_state, question
from matchhub.services.counting.rule_packs import pack_is_confirmed
from matchhub.services.counting.shares import count_checked
from matchhub.services.evidence.files import is_kept_whole, kept_content
from matchhub.services.kernel.checkpoints import Checkpoint
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.samples import SampledRow, SampleLine, sample_lines, sample_view

Step = Callable[[str], None]
"""Told the key of each step as it begins."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be built: ``goal`` "" for the first one of the pack, ``as_of`` None for today; ``unmasked`` with the
    names and contact data of persons."""

    goal: str = ""
    as_of: date | None = None
    unmasked: bool = False


SampleSheet = tuple[SampleLine, tuple[SampledRow, ...]]
"""A closed sample with its records."""


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """Everything a package is made of.

    ``demo``: of an invented city, so that nobody may claim by it. ``read_at``: when, which stands in no file of it.
    ``ledgers``, ``growth`` and ``samples`` by key of the threshold.

    What spot checks support stands in ``goal``; ``samples`` only for a reader who may see what was drawn.
    """

    wish: Wish
    read_at: datetime
    demo: bool
    pack: RulePack
    pack_confirmed: bool
    pack_files: tuple[tuple[str, bytes], ...]
    as_of: date
    goal: GoalProgress
    ledgers: dict[str, tuple[LedgerRow, ...]]
    growth: dict[str, list[dict[str, object]]]
    gaps: tuple[Gap, ...]
    samples: dict[str, tuple[SampleSheet, ...]]
    log: Extract
    checkpoints: tuple[Checkpoint, ...]


def package_facts(unit: Unit, wish: Wish, checkpoints: Path, step: Step) -> PackageFacts:
    """Read everything in one state of the base.

    Raises ``NotFound("goal_unknown")``, ``NotAllowed``, ``Refusal("claim_day_to_come")`` and
    ``Conflict("pack_edited_while_building")``.
    """
    unit.require("claim.build")
    if wish.unmasked:
        unit.require("claim.unmask")
    if wish.as_of is not None and wish.as_of > unit.today:
        raise Refusal("claim_day_to_come", day=wish.as_of)
    asked = question(unit, wish.as_of)
    with in_one_state(unit, asked):
        return _facts(unit, wish, asked, checkpoints, step)


def _facts(unit: Unit, wish: Wish, asked: Question, checkpoints: Path, step: Step) -> PackageFacts:
    goal = goal_of(unit, asked, wish.goal)
    step("ledgers")
    keys = [each.threshold.key for each in goal.thresholds]
    ledgers = {key: ledger_rows(unit, key, asked) for key in keys}
    growth = count_growth(unit, asked)
    step("samples")
    log = log_extract(unit)
    return PackageFacts(
        wish=wish,
        read_at=unit.now,
        demo=holds_rows(unit, demo=True),
        pack=asked.pack,
        pack_confirmed=pack_is_confirmed(unit, asked.pack),
        pack_files=pack_files(unit, asked.pack),
        as_of=asked.as_of,
        goal=goal,
        ledgers=ledgers,
        growth={key: growth[key] for key in keys},
        gaps=gaps_of(goal, ledgers, lambda sha256: kept_content(unit.home, sha256) is not None),
        samples={key: _samples(unit, key, asked) for key in keys} if unit.may("sample.read") else {},
        log=log,
        checkpoints=tuple(kept_checkpoints(checkpoints, log)),
    )


@dataclass(frozen=True, slots=True)
class GoalGaps:
    """What the records of a goal lack as of a day; ``ready`` when it can be claimed as it stands."""

    goal: GoalProgress
    as_of: date
    gaps: tuple[Gap, ...]
    ready: bool


def goal_gaps(unit: Unit, wish: Wish) -> GoalGaps:
    """The gaps before anything is built. Raises ``NotFound("goal_unknown")`` and ``NotAllowed``."""
    unit.require("claim.read")
    asked = question(unit, wish.as_of)
    with in_one_state(unit, asked):
        goal = goal_of(unit, asked, wish.goal)
        ledgers = {each.threshold.key: ledger_rows(unit, each.threshold.key, asked) for each in goal.thresholds}
    gaps = gaps_of(goal, ledgers, partial(is_kept_whole, unit.home))
    return GoalGaps(goal, asked.as_of, gaps, stands_ready(goal, gaps))


def goal_of(unit: Unit, asked: Question, key: str) -> GoalProgress:
    """The progress of one goal with what spot checks support, by default the first; ``NotFound("goal_unknown")``."""
    counted = count_checked(unit, asked)
    for each in counted.goals:
        if not key or each.goal.key == key:
            return each
    raise NotFound("goal_unknown", goal=key, known="、".join(each.goal.key for each in counted.goals))


def paper_content(unit: Unit, sha256: str) -> bytes:
    """The bytes of a paper of a ledger; ``Conflict("evidence_damaged")`` when they are not what was stored."""
    content = kept_content(unit.home, sha256)
    if content is None:
        raise Conflict("evidence_damaged")
    return content


def _samples(unit: Unit, threshold: str, asked: Question) -> tuple[SampleSheet, ...]:
    """The closed samples of a threshold up to the day asked about, the newest first."""
    lines = sample_lines(unit, threshold, asked)
    return tuple(sample_view(unit, each.id) for each in lines if each.closed_at and each.as_of_on <= asked.as_of)
