"""What a score means: measured precision per step of the score, from a labelled set and from coded answers.

The tables carry the number of labels and Wilson's interval, so that nobody reads more into a figure than is in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Calibration
from matchhub.errors import Refusal
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.feedback import WANTED, spoken
from matchhub.services.matching.store import current_matcher
from recommender import ANSWER_FLOOR, Document, Matcher, Query, Step, build_index, calibrate, judge_rule, wilson
from recommender.evaluation import Grades, least_relevant, rank_all

DEPTH = 20
LABELLED, ANSWERS = "labelled", "answers"


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """One measured table. ``source`` is ``labelled`` (``name``: the set) or ``answers`` (``firms`` gave them).

    ``rule``: how "no good match yet" did on the demands of the set (``recommender.AnswerRule`` as a mapping); empty for
    answers, where nobody is asked about what was not pushed.
    """

    source: str
    name: str
    model: str
    labels: int
    good: int
    firms: int
    steps: tuple[Step, ...]
    rule: Mapping[str, Any]
    measured_at: datetime

    def to_json(self) -> dict[str, Any]:
        """Plain values; a precision without labels is null."""
        return {
            "source": self.source,
            "set": self.name,
            "model": self.model,
            "labels": self.labels,
            "good": self.good,
            "firms": self.firms,
            "steps": [step_to_json(step) for step in self.steps],
            "no_good_match": dict(self.rule),
        }


@dataclass(frozen=True, slots=True)
class FloorMeaning:
    """What the published push floor means by one table: of ``labels`` pairs at or above it, ``good`` were good."""

    floor: float
    labels: int
    good: int
    precision: float | None
    at_least: float
    at_most: float


def step_to_json(step: Step) -> dict[str, float | int | None]:
    """One step of a table as plain values."""
    values = asdict(step)
    return {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in values.items()}


def measure_labelled(
    unit: Unit, documents: Sequence[Document], queries: Sequence[Query], grades: Grades, name: str
) -> ScoreTable:
    """The table over the judged pairs among the first 20 of each demand, under the model this base uses now.

    Raises ``Refusal("calibration_without_labels")`` when none of the pairs found is judged.
    """
    model = current_matcher(unit)
    measured = Matcher(build_index(documents, model.index.settings), model.thesaurus)
    least = least_relevant(grades)
    run = rank_all(measured, [query for query in queries if query.id in grades], DEPTH)
    pairs = [
        (score, grades[qid][document] >= least)
        for qid, ranked in run.items()
        for document, score in ranked
        if document in grades[qid]
    ]
    if not pairs:
        raise Refusal("calibration_without_labels", set=name)
    best = [(run[qid][0][1] if run[qid] else 0.0, max(grades[qid].values()) >= least) for qid in run]
    rule = asdict(judge_rule(best, ANSWER_FLOOR))
    return _table(LABELLED, name, model.model, pairs, 0, rule, unit.now)


def record_calibration(unit: Unit, table: ScoreTable) -> int:
    """Keep a measured table for the page; returns its number."""
    unit.require("calibration.record")
    row = Calibration(
        model=table.model,
        labelled_set=table.name,
        labels=table.labels,
        steps=[step_to_json(step) for step in table.steps],
        rule=dict(table.rule),
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    return row.id


def newest_labelled(unit: Unit) -> ScoreTable | None:
    """The newest table measured on a labelled set; ``None`` before the first."""
    unit.require("calibration.read")
    row = unit.session.execute(select(Calibration).order_by(Calibration.id.desc()).limit(1)).scalar()
    if row is None:
        return None
    steps = tuple(_step(each) for each in row.steps)
    good = sum(step.good for step in steps)
    return ScoreTable(LABELLED, row.labelled_set, row.model, row.labels, good, 0, steps, row.rule, row.recorded_at)


def table_of_answers(unit: Unit) -> ScoreTable:
    """The table over the coded answers to pushes scored by this kind of model; good: the firm wants to talk."""
    unit.require("calibration.read")
    model = current_matcher(unit).model
    kind = model.partition(":")[0]
    said = [each for each in spoken(unit) if each.model.partition(":")[0] == kind]
    pairs = [(each.score, each.code in WANTED) for each in said]
    firms = len({each.enterprise_id for each in said})
    return _table(ANSWERS, "", model, pairs, firms, {}, unit.now)


def meaning_of_floor(table: ScoreTable, floor: float) -> FloorMeaning:
    """What a floor means by a table; pairs of a step that the floor cuts through are left out."""
    above = [step for step in table.steps if step.low >= floor - 1e-9]
    labels, good = sum(step.labels for step in above), sum(step.good for step in above)
    at_least, at_most = wilson(good, labels)
    return FloorMeaning(floor, labels, good, good / labels if labels else None, at_least, at_most)


def _table(
    source: str,
    name: str,
    model: str,
    pairs: Sequence[tuple[float, bool]],
    firms: int,
    rule: Mapping[str, Any],
    at: datetime,
) -> ScoreTable:
    good = sum(fine for _, fine in pairs)
    return ScoreTable(source, name, model, len(pairs), good, firms, tuple(calibrate(pairs)), rule, at)


def _step(stored: Mapping[str, Any]) -> Step:
    shares = {key: math.nan if stored[key] is None else float(stored[key]) for key in ("precision", "precision_from")}
    return Step(
        low=float(stored["low"]),
        high=float(stored["high"]),
        labels=int(stored["labels"]),
        good=int(stored["good"]),
        precision=shares["precision"],
        at_least=float(stored["at_least"]),
        at_most=float(stored["at_most"]),
        precision_from=shares["precision_from"],
    )
