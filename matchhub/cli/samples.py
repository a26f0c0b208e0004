"""``matchhub sample``: the bureau's samples, drawn again."""

from __future__ import annotations

import click

from matchhub.cli.console import installation, json_option, language, show
from matchhub.services.counting.redrawing import draw_again
from matchhub.wording import sentence


@click.group()
def sample() -> None:
    """Samples that the bureau drew from what counts."""


@sample.command("verify")
@click.argument("sample_id", metavar="ID", type=int)
@json_option
def verify(sample_id: int, as_json: bool) -> None:
    """Draw a sample again from its seed, and count anew what it was drawn from."""
    with installation(create=False) as runtime, runtime.unit(write=False) as unit:
        found = draw_again(unit, sample_id)
    said = {"id": found.sample_id, "size": found.size, "seed": found.seed}
    lines = [sentence(code, language()) for code in found.faults] or [sentence("sample_redrawn", language(), **said)]
    if not found.recounted:
        lines.append(sentence("sample_other_rules", language()))
    show(found.to_json(), as_json, "\n".join(lines))
    raise click.exceptions.Exit(1 if found.faults else 0)


COMMANDS = (sample,)
