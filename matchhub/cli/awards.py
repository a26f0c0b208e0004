"""``matchhub awards``: what the other clauses would pay."""

from __future__ import annotations

from datetime import date

import click

from matchhub.cli.console import installation, json_option, language, show
from matchhub.cli.counting import as_of_option
from matchhub.services.counting.awards.estimating import AwardLine, estimate_awards
from matchhub.wording import sentence


@click.command()
@as_of_option
@json_option
def awards(as_of: date | None, as_json: bool) -> None:
    """What the other clauses would pay per payee and year, as recorded and strictly; estimates only."""
    with installation() as runtime, runtime.unit(write=False) as unit:
        lines = estimate_awards(unit, as_of)
        answer = {
            "policy": unit.pack.key,
            "as_of": (as_of or unit.today).isoformat(),
            "estimates": [_told(each) for each in lines],
        }
    show(answer, as_json, "\n".join(_line(each) for each in lines))


def _told(line: AwardLine) -> dict[str, object]:
    one = line.estimate
    return {
        "clause": one.clause.clause,
        "key": one.clause.key,
        "payee_kind": one.clause.payee_kind,
        "payee_id": one.payee,
        "payee": line.payee,
        "year": one.year,
        "base": str(one.base),
        "amount_yuan": str(one.amount_yuan),
        "strict_yuan": str(one.strict_yuan),
        "remarks": [each.code for each in one.remarks],
        "rows": [
            {"kind": row.kind, "id": row.record_id, "on": row.on.isoformat(), "counts": row.counts,
             "strict": row.strict, "level": row.standing.level,
             "missing": [each.code for each in (row.against or row.standing.lacks)]}
            for row in one.rows
        ],
    }  # fmt: skip


def _line(line: AwardLine) -> str:
    one = line.estimate
    head = f"{one.clause.clause:<8}{one.year:>6}{one.amount_yuan:>14}{one.strict_yuan:>14}  {line.payee}"
    return "\n".join([head, *(f"{'':<14}{sentence(each.code, language(), **each.data)}" for each in one.remarks[:3])])


COMMANDS = (awards,)
