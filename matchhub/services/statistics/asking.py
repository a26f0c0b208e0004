"""What a statistic is asked: the question of a count, what is added up, and which days."""

from __future__ import annotations

from dataclasses import dataclass, field

from matchhub.domain.statistics import BASES, MEASURES, Span, Told, told
from matchhub.services.counting.counts import Question, bare_atoms
from matchhub.services.kernel.unit import Unit

KINDS = {"demands": "demands", "supply": "patents", "pushes": "pushes", "answers": "pushes", "deals": "deals"}
"""The kind of record whose verdicts each measure adds up; an answer counts as its push does."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question with what is added up (``domain.statistics.BASES``) and the days looked at."""

    question: Question
    basis: str = BASES[0]
    span: Span = field(default_factory=Span)


Counted = dict[str, list[Told]]


def counted(unit: Unit, asked: Asked) -> Counted:
    """By measure what is added up; none for a measure whose kind the pack counts nowhere.

    Of several thresholds over one kind the first speaks, as everywhere. ``answers`` are the pushes that may have any.
    """
    atoms = bare_atoms(unit, asked.question)
    firsts = {kind: asked.question.pack.thresholds_of(kind) for kind in set(KINDS.values())}
    found: Counted = {}
    for measure in MEASURES:
        thresholds = firsts[KINDS[measure]]
        span = Span() if measure == "answers" else asked.span  # an answer has a day of its own
        found[measure] = told(atoms[thresholds[0].key], asked.basis, span) if thresholds else []
    return found


def threshold_of(asked: Asked, measure: str) -> str:
    """Key of the threshold whose count a measure's sum is; "" for answers and what the pack counts nowhere."""
    thresholds = asked.question.pack.thresholds_of(KINDS[measure])
    return thresholds[0].key if thresholds and measure != "answers" else ""
