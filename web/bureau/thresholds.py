"""The rows behind every number."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.wrappers import Response

from matchhub.domain.counting.progress import ThresholdProgress
from matchhub.domain.goals import Window
from matchhub.errors import NotFound
from matchhub.services.claim.history import DayCount, history_of
from matchhub.services.claim.ledger import ledger_page
from matchhub.services.claim.missing import missing_most
from matchhub.services.counting.counts import count_growth
from matchhub.services.counting.forecasts import forecast
from matchhub.services.counting.shares import count_checked
from matchhub.services.records import rows
from web.bureau import blueprint
from web.bureau.asking import asked
from web.bureau.desk import window_end
from web.bureau.ledger import ledger_listing, wanted_of
from web.bureau.ledger_columns import lack_said
from web.bureau.lists import BASE_KINDS
from web.charts import Chart, Mark, Series
from web.display import first_threshold, pack
from web.gate import act
from web.language import t
from web.listing import ask, show
from web.paging import asked_text
from web.units import reading

MOST_DAYS = 90  # points of the curve of kept days


@blueprint.get("/base")
@act("record.read")
def base() -> str | Response:
    """The base: patents, enterprises, experts and agencies, each with why it counts or not; a list as every ledger."""
    counted = [kind for kind in BASE_KINDS if first_threshold(kind)]
    if not counted:
        raise NotFound("kind_uncounted", kind=BASE_KINDS[0], policy=pack().key)
    kind = asked_text("kind") if asked_text("kind") in counted else counted[0]
    key = first_threshold(kind)
    with reading() as unit:
        asking = asked(unit)
        progress = count_checked(unit, asking.question).threshold(key)
        listed = ask(ledger_listing(unit, key, kind, asking.question, progress.reasons, asking.kept))
        page = ledger_page(unit, key, asking.question, wanted_of(listed), listed.sought)
    told = {"key": key, "kind": kind, "kinds": counted, "progress": progress, "asking": asking}
    found: str | Response = show("bureau/base.html", listed, page, **told)
    return found


@blueprint.get("/thresholds/<goal>")
@act("progress.read")
def threshold(goal: str) -> str | Response:
    """One number: its growth, its reasons, and its ledger, narrowed and taken along as every list."""
    with reading() as unit:
        asking = asked(unit)
        kind = rows.kind_of(goal, asking.question)
        counted = count_checked(unit, asking.question).threshold(goal)
        listed = ask(ledger_listing(unit, goal, kind, asking.question, counted.reasons, asking.kept))
        page = ledger_page(unit, goal, asking.question, wanted_of(listed), listed.sought)
        growth = count_growth(unit, asking.question)[goal]
        expected = forecast(unit, asking.question, goal, counted)
        missing = missing_most(unit, goal, asking.question)
        kept = history_of(unit, goal)
    found: str | Response = show(
        "bureau/threshold.html",
        listed,
        page,
        key=goal,
        kind=kind,
        progress=counted,
        forecast=expected,
        missing=missing,
        lack_said=lack_said,
        asking=asking,
        drawn=growth_chart(counted, growth, asking.question.pack.window),
        recorded=history_chart(counted, kept) if kept else None,
        filled=[each.day for each in kept if each.filled],
        unbound=[each.day for each in kept if not each.bound],
    )
    return found


def growth_chart(progress: ThresholdProgress, growth: list[dict[str, object]], window: Window) -> Chart:
    """Literal and strict counts by month, and the line that must be reached."""
    months = tuple(str(row["month"]) for row in growth)
    lines = tuple(
        Series(name, tuple(int(str(row[field])) for row in growth))
        for field, name in (("strict", t("严格口径", "strict")), ("literal", t("文义口径", "literal")))
    )
    least = progress.threshold.least
    goal_line = Mark(least, t(f"要求 {least:,}", f"required {least:,}"))
    return Chart(t("月份", "Month"), months, lines, "", goal_line, window_end(months, window))


def history_chart(progress: ThresholdProgress, kept: Sequence[DayCount]) -> Chart:
    """Literal and strict counts at the end of each kept day, and the line that must be reached.

    Of a long history every so many days are shown, the newest always.
    """
    step = -(-len(kept) // MOST_DAYS)
    shown = kept[::-1][::step][::-1]
    lines = (
        Series(t("严格口径", "strict"), tuple(each.strict for each in shown)),
        Series(t("文义口径", "literal"), tuple(each.literal for each in shown)),
    )
    least = progress.threshold.least
    days = tuple(each.day.isoformat() for each in shown)
    return Chart(t("日期", "Day"), days, lines, "", Mark(least, t(f"要求 {least:,}", f"required {least:,}")))
