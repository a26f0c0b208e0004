"""What a score means, and precision at five over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flask import Response, jsonify, render_template

from matchhub.services.matching.calibration import ScoreTable, meaning_of_floor, newest_labelled, table_of_answers
from matchhub.services.matching.precision import CurvePoint, precision_curve
from web.charts import Chart, Series
from web.gate import act
from web.language import t
from web.matching import blueprint
from web.units import reading


@blueprint.get("/calibration")
@act("calibration.read")
def calibration() -> str:
    """The table score -> precision from answers and from the labelled set, and what the push floor means by it."""
    with reading() as unit:
        answers, labelled = table_of_answers(unit), newest_labelled(unit)
        floor = unit.pack.pushes.floor_of(answers.model)
    tables = [table for table in (labelled, answers) if table is not None]
    measured = [(table, None if floor is None else meaning_of_floor(table, floor)) for table in tables]
    return render_template(
        "matching/calibration.html",
        model=answers.model,
        floor=floor,
        measured=measured,
        drawn=score_chart(tables),
    )


@blueprint.get("/precision")
@act("precision.read")
def precision() -> str:
    """Precision at five by month, from the enterprises' coded answers."""
    with reading() as unit:
        points = precision_curve(unit)
    return render_template("matching/precision.html", points=points, drawn=curve_chart(points))


@blueprint.get("/precision.json")
@act("precision.read")
def precision_json() -> Response:
    """The same curve as JSON."""
    with reading() as unit:
        points = precision_curve(unit)
    return jsonify(points=[point.to_json() for point in points])


def score_chart(tables: Sequence[ScoreTable]) -> Chart:
    """Measured precision per step of the score, one line per table; steps without labels stay empty."""
    steps = tables[0].steps if tables else ()
    names = {"labelled": t("标注集", "labelled set"), "answers": t("企业答复", "answers")}
    lines = tuple(
        Series(
            names[table.source],
            tuple(None if math.isnan(step.precision) else round(100 * step.precision, 1) for step in table.steps),
        )
        for table in tables
    )
    labels = tuple(f"{step.low * 100:.0f}–{step.high * 100:.0f}" for step in steps)
    return Chart(t("分数", "Score"), labels, lines, "%", most=100)


def curve_chart(points: Sequence[CurvePoint]) -> Chart:
    """Precision by month with the two ends of its interval."""
    lines = (
        (t("准确率", "precision"), [point.precision for point in points], False),
        (t("区间上限", "upper end"), [point.at_most if point.answered else None for point in points], True),
        (t("区间下限", "lower end"), [point.at_least if point.answered else None for point in points], True),
    )
    series = tuple(
        Series(name, tuple(None if value is None else round(100 * value, 1) for value in values), dotted)
        for name, values, dotted in lines
    )
    return Chart(t("月份", "Month"), tuple(point.month for point in points), series, "%", most=100)
