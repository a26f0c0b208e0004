"""The statistics of a question: matrix with quadrants, funnel, responses of holders, results of agencies."""

from __future__ import annotations

from dataclasses import dataclass

from matchhub.domain.statistics import (
    MEASURES,
    Matrix,
    Place,
    Response,
    Step,
    funnel,
    matrix,
    quadrants,
    response,
    responses,
)
from matchhub.services.counting.shares import count_checked
from matchhub.services.kernel.unit import Unit
from matchhub.services.statistics.asking import Asked, threshold_of
from matchhub.services.statistics.lying import Lying, lying
from matchhub.services.statistics.parties import AgencyResult, agencies, holders


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything on the page of statistics; ``trades`` and ``cells`` hold quadrants, ``names`` those of holders.

    ``thresholds`` names by measure the threshold whose count the sum of the matrix is, where it is one.
    """

    matrix: Matrix
    trades: dict[str, str]
    cells: dict[Place, str]
    steps: tuple[Step, ...]
    holders: tuple[Response, ...]
    all_holders: Response
    names: dict[str, str]
    agencies: tuple[AgencyResult, ...]
    thresholds: dict[str, str]


def statistics(unit: Unit, asked: Asked) -> Figures:
    """What the base says to a question, for whoever may read statistics."""
    unit.require("statistics.read")
    lies = lying(unit, asked)
    drawn = matrix_of(unit, lies)
    pairs = {key: (drawn.number("demands", key), drawn.number("supply", key)) for key in drawn.trades}
    spots = [Place(trade, group) for trade in drawn.trades for group in drawn.classes]
    each = {spot: (drawn.number("demands", *spot), drawn.number("supply", *spot)) for spot in spots}
    met = holders(unit, asked)
    return Figures(
        matrix=drawn,
        trades=quadrants(pairs),
        cells=quadrants(each),
        steps=funnel(lies.ways[thing.record] for thing in lies.things["demands"]),
        holders=responses(met.askings),
        all_holders=response("", met.askings),
        names=met.names,
        agencies=agencies(unit, asked, {thing.record for thing in lies.things["deals"]}),
        thresholds={measure: threshold_of(asked, measure) for measure in MEASURES},
    )


def matrix_of(unit: Unit, lies: Lying) -> Matrix:
    """The matrix of what lies there, trades in the order of the pack."""
    places = {measure: [thing.place for thing in things] for measure, things in lies.things.items()}
    return matrix(places, tuple(unit.pack.industries))


@dataclass(frozen=True, slots=True)
class Beside:
    """The count of a threshold for the basis, and what a spot check supports of its strict count (``None``: none)."""

    number: int
    supported: int | None


def counts_of(unit: Unit, asked: Asked) -> dict[str, Beside]:
    """By measure the count of its threshold for the basis, to stand beside the sum; none for ``all``."""
    counted = count_checked(unit, asked.question)
    by = {each.threshold.key: each for goal in counted.goals for each in goal.thresholds}
    keys = {measure: threshold_of(asked, measure) for measure in MEASURES}
    strict = asked.basis == "strict"
    return {
        measure: Beside(by[key].count.strict, by[key].supported) if strict else Beside(by[key].count.literal, None)
        for measure, key in keys.items()
        if key in by and asked.basis != "all"
    }
