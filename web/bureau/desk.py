"""Both goals: literal and strict side by side, what is required and missing, and growth over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import render_template

from matchhub.domain.counting.kinds import KINDS
from matchhub.domain.counting.progress import GoalProgress
from matchhub.domain.goals import Window
from matchhub.services.accounts.bureau import recovered_lately
from matchhub.services.counting.counts import count_growth
from matchhub.services.counting.forecasts import forecast_all
from matchhub.services.counting.shares import count_checked
from matchhub.services.kernel.checkpoints import lost_names, newest_checkpoint, restore_signs
from matchhub.services.worklists.bureau_desk import bureau_desk
from web.bureau import blueprint
from web.bureau.asking import asked
from web.charts import Chart, Mark, Series, filled
from web.gate import act
from web.language import language, t
from web.units import reading, runtime


@blueprint.get("/")
@act("progress.read")
def desk() -> str:
    """Progress of both goals as of a day and as known at a moment."""
    with reading() as unit:
        asking = asked(unit)
        progress = count_checked(unit, asking.question)
        forecasts = forecast_all(unit, asking.question, progress)
        growth = count_growth(unit, asking.question)
        beside = bureau_desk(unit)
        last = newest_checkpoint(runtime().settings.checkpoints)
        age = (unit.today - date.fromisoformat(last.day)).days if last and last.day else None
        lost = lost_names(unit, runtime().settings.checkpoints)
        restored = restore_signs(unit)
        recovered_at = recovered_lately(unit)
    charts = {goal.goal.key: goal_chart(goal, growth, asking.question.pack.window) for goal in progress.goals}
    return render_template(
        "bureau/desk.html",
        progress=progress,
        asking=asking,
        forecasts=forecasts,
        charts=charts,
        desk=beside,
        checkpoint=last,
        checkpoint_age=age,
        record_kinds=KINDS,
        older_than=lost[-1] if lost else None,
        restored=restored,
        recovered_at=recovered_at,
    )


@blueprint.get("/summary")
@act("progress.read")
def summary() -> str:
    """Progress of both goals in short, for a part of another page."""
    with reading() as unit:
        asking = asked(unit)
        progress = count_checked(unit, asking.question)
    return render_template("bureau/summary.html", progress=progress, asking=asking)


def goal_chart(goal: GoalProgress, growth: dict[str, list[dict[str, object]]], window: Window) -> Chart:
    """Strict counts of all thresholds of a goal by month, each in percent of what it requires."""
    months = max(([str(row["month"]) for row in growth[each.threshold.key]] for each in goal.thresholds), key=len)
    lines = [
        Series(
            each.threshold.title(language()),
            filled([_percent(row, each.threshold.required) for row in growth[each.threshold.key]], len(months)),
        )
        for each in goal.thresholds
    ]
    goal_line = Mark(100, t("要求 100%", "required 100%"))
    return Chart(t("月份", "Month"), tuple(months), tuple(lines), "%", goal_line, window_end(months, window))


def _percent(row: dict[str, object], required: int) -> float:
    return round(100 * int(str(row["strict"])) / required, 1)


def window_end(months: Sequence[str], window: Window) -> Mark | None:
    """The month in which the window ends, on a chart by months."""
    month = window.to_on.isoformat()[:7]
    label = t(f"政策期至 {window.to_on}", f"window to {window.to_on}")
    return Mark(months.index(month), label) if month in months else None
