"""``matchhub forecast``: when the goals will be reached at the pace so far."""

from __future__ import annotations

from datetime import date

import click

from matchhub.cli.console import installation, json_option, language, show
from matchhub.cli.counting import as_of_option
from matchhub.domain.forecast import Forecast
from matchhub.services.counting.counts import count_progress, question
from matchhub.services.counting.forecasts import forecast_all
from matchhub.wording import label, sentence


@click.command()
@as_of_option
@click.option("--policy", help="key of another rule pack")
@json_option
def forecast(as_of: date | None, policy: str | None, as_json: bool) -> None:
    """When each threshold will be reached at the pace so far, with an 80 % interval."""
    with installation() as runtime, runtime.unit(write=False) as unit:
        asked = question(unit, as_of, None, policy)
        found = forecast_all(unit, asked, count_progress(unit, asked))
    lines = []
    for each in found.values():
        lines.append(f"{each.key:<22}{each.strict:>9} / {each.required}")
        for name, part in (("by_event", each.by_event), ("by_recording", each.by_recording)):
            lines.append(f"    {label('forecast_by', name, language())}: {told(part)}")
    said = {"policy": asked.pack.key, "as_of": asked.as_of.isoformat(),
            "thresholds": [each.to_json() for each in found.values()]}  # fmt: skip
    show(said, as_json, "\n".join(lines))


def told(found: Forecast) -> str:
    """The sentences of one forecast."""
    return "".join(sentence(code, language(), **data) for code, data in found.told())


COMMANDS = (forecast,)
