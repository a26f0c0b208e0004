"""Both goals: literal and strict side by side, what is required and missing, and growth over time."""

from __future__ import annotations

from typing import Any

from flask import render_template

from matchhub.domain.counting.kinds import KINDS
from matchhub.domain.counting.progress import GoalProgress, Progress
from matchhub.domain.goals import Threshold
from matchhub.services.accounts.bureau import recovered_lately
from matchhub.services.counting.counts import count_growth, count_progress
from matchhub.services.counting.sampling import latest_shares
from matchhub.services.evidence.checking import evidence_state
from matchhub.services.evidence.party_words import open_objections
from matchhub.services.evidence.repetitions import open_repetitions
from matchhub.services.kernel.checkpoints import lost_names, restore_signs
from web.bureau import blueprint
from web.bureau.asking import asked
from web.gate import act
from web.language import language, t
from web.units import reading, runtime


@blueprint.get("/")
@act("progress.read")
def desk() -> str:
    """Progress of both goals as of a day and as known at a moment."""
    with reading() as unit:
        asking = asked(unit)
        progress = count_progress(unit, asking.question)
        growth = count_growth(unit, asking.question)
        evidence = evidence_state(unit)
        alike = open_repetitions(unit)
        objections = open_objections(unit)
        lost = lost_names(unit, runtime().settings.checkpoints)
        restored = restore_signs(unit)
        recovered_at = recovered_lately(unit)
        shares = latest_shares(unit)
    charts = {goal.goal.key: goal_chart(goal, growth) for goal in progress.goals}
    return render_template(
        "bureau/desk.html",
        progress=progress,
        asking=asking,
        charts=charts,
        evidence=evidence,
        alike=alike,
        objections=objections,
        record_kinds=KINDS,
        older_than=lost[-1] if lost else None,
        restored=restored,
        recovered_at=recovered_at,
        shares=shares,
    )


@blueprint.get("/summary")
@act("progress.read")
def summary() -> str:
    """Progress of both goals in short, for a part of another page."""
    with reading() as unit:
        asking = asked(unit)
        progress: Progress = count_progress(unit, asking.question)
    return render_template("bureau/summary.html", progress=progress, asking=asking)


def goal_chart(goal: GoalProgress, growth: dict[str, list[dict[str, object]]]) -> dict[str, Any]:
    """Strict counts of all thresholds of a goal by month, each in percent of what it requires."""
    titles = [each.threshold.title(language()) for each in goal.thresholds]
    months = [row["month"] for row in growth[goal.thresholds[0].threshold.key]]
    series = [_share_line(each.threshold, growth) for each in goal.thresholds]
    series[0]["markLine"] = required_line(100, t("要求", "required"))
    return {
        "xAxis": {"type": "category", "data": months, "boundaryGap": False},
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "{value}%"}},
        "legend": {"data": titles},
        "series": series,
    }


def _share_line(threshold: Threshold, growth: dict[str, list[dict[str, object]]]) -> dict[str, Any]:
    values = [round(100 * int(str(row["strict"])) / threshold.required, 1) for row in growth[threshold.key]]
    return {"type": "line", "name": threshold.title(language()), "data": values, "showSymbol": False}


def required_line(value: int, label: str) -> dict[str, Any]:
    """A dashed line at what is required."""
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"type": "dashed", "color": "#b42318"},
        "label": {"formatter": label, "position": "insideStartTop"},
        "data": [{"yAxis": value}],
    }
