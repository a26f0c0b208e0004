"""``matchhub progress`` and ``explain``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from matchhub.cli.console import installation, json_option, language, show
from matchhub.domain.calendar import moment_said
from matchhub.domain.counting.kinds import KINDS
from matchhub.domain.counting.progress import Progress, ThresholdProgress
from matchhub.domain.typed import day_of
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.counting.kept import Recount, recount
from matchhub.services.counting.rule_packs import pack_is_confirmed
from matchhub.services.counting.shares import count_checked
from matchhub.services.kernel.unit import Unit
from matchhub.wording import headline, sentence


class Day(click.ParamType):
    """A day as 2025-12-31."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        day = day_of(value)
        if day is None:
            self.fail(sentence("day_unreadable", language(), value=value), param, ctx)
        return day


as_of_option = click.option("--as-of", type=Day(), help="events up to this day (default: today)")


@click.command()
@as_of_option
@click.option("--known-at", metavar="MOMENT", help="what had been recorded by then (default: everything)")
@click.option("--policy", help="key of another rule pack")
@click.option("--recount", "again", is_flag=True, help="forget the kept verdicts, count everything, and compare")
@json_option
def progress(as_of: date | None, known_at: str | None, policy: str | None, again: bool, as_json: bool) -> None:
    """The counts of both goals, literal and strict."""
    with installation() as runtime, runtime.unit(write=False) as unit:
        if again:
            _tell(recount(unit))
        counted = count_checked(unit, question(unit, as_of, moment_of(unit, known_at), policy))
    show(counted.to_json(), as_json, _table(counted))


def _tell(found: Recount) -> None:
    """Say on standard error how the kept verdicts compared with the recount."""
    for threshold, records in found.differing.items():
        some = ", ".join(map(str, records[:20]))
        said = {"threshold": threshold, "number": len(records), "records": some}
        click.echo(sentence("recount_differs", language(), **said), err=True)
    if not found.differing:
        click.echo(sentence("recount_equal" if found.compared else "recount_first", language()), err=True)


def moment_of(unit: Unit, text: str | None) -> datetime | None:
    """A day (its end in the city) or a moment in ISO form; without a zone it is the city's time."""
    try:
        return None if text is None else moment_said(unit.zone, text)
    except ValueError as fault:
        wrong = sentence("moment_unreadable", language(), value=text)
        raise click.BadParameter(wrong, param_hint="--known-at") from fault


def _table(counted: Progress) -> str:
    lines = []
    ended = counted.window.ended(counted.as_of)
    said = {"from_on": counted.window.from_on, "to_on": counted.window.to_on, "as_of": counted.as_of}
    lines.append(sentence("window_ended" if ended else "window_open", language(), **said))
    if not counted.policy_confirmed:
        lines.append(sentence("pack_unconfirmed", language(), policy=counted.policy, digest=counted.policy_digest))
    for goal in counted.goals:
        state = "goal_earned" if goal.earned else "goal_open"
        named = goal.goal.citation
        lines += ["", sentence(state, language(), clause=named.clause, bonus=goal.goal.bonus_yuan), ""]
        lines.append(f"{'':<22}{'required':>9}{'literal':>9}{'strict':>9}{'missing':>9}")
        for each in goal.thresholds:
            key, count = each.threshold.key, each.count
            lines.append(f"{key:<22}{each.threshold.required:>9}{count.literal:>9}{count.strict:>9}{each.missing:>9}")
            lines.append(f"{'':<4}{_support(each)}")
            lines += [f"{'':<24}{number:>7}  {headline(code, language())}" for code, number in each.reasons.items()]
    return "\n".join(lines)


def _support(each: ThresholdProgress) -> str:
    """What the newest sample found and supports; without one that it is missing."""
    if each.check is None:
        return sentence("not_spot_checked", language())
    share, told = each.check.share, {"supported": each.check.supported, "least": each.threshold.least}
    code = "supported_below" if each.supported_missing else "supported_reached"
    bounds = {
        "low": f"{100 * share.right_low:.1f}",
        "high": f"{100 * share.right_high:.1f}",
        "confidence": share.percent,
    }
    found = {"looked": share.looked, "right": share.right, "share": f"{100 * share.right_share:.1f}", **bounds}
    said = sentence("spot_check_found", language(), **found)
    return said + sentence(code, language(), **told, missing=each.supported_missing)


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("record_id", metavar="ID", type=int)
@as_of_option
@json_option
def explain(kind: str, record_id: int, as_of: date | None, as_json: bool) -> None:
    """Why one record counts or not."""
    with installation() as runtime, runtime.unit(write=False) as unit:
        asked = question(unit, as_of)
        found = explain_record(unit, kind, record_id, asked)
        confirmed = pack_is_confirmed(unit, asked.pack)
    marks = {"counts": "✓", "flagged": "⚑", "not_strict": "△", "not_literal": "✗"}
    lines = [
        sentence(
            "explained_strict" if found.strict else "explained_literal" if found.literal else "explained_out",
            language(),
        )
    ]
    lines += [f"{marks[r.effect]} {sentence(r.code, language(), **r.data)}" for r in found.reasons]
    if not confirmed:
        lines.append(sentence("pack_unconfirmed", language(), policy=asked.pack.key, digest=asked.pack.digest))
    show(found.to_json() | {"policy_confirmed": confirmed}, as_json, "\n".join(lines))


COMMANDS = (progress, explain)
