"""``matchhub push plan`` and ``push send``."""

from __future__ import annotations

import click

from matchhub.cli.console import installation, json_option, language, show
from matchhub.operation.mailing import send_due
from matchhub.services.pushes.plan import plan
from matchhub.wording import headline, sentence


@click.group()
def push() -> None:
    """Precise pushes (精准推送)."""


@push.command("plan")
@json_option
def push_plan(as_json: bool) -> None:
    """Choose pushes from the latest match run."""
    with installation() as runtime, runtime.unit() as unit:
        summary = plan(unit)
    lines = [sentence("push_planned", language(), planned=summary.planned)]
    lines += [f"{number:>7}  {headline(code, language())}" for code, number in summary.left_out.items()]
    show(summary.to_json(), as_json, "\n".join(lines))


@push.command("send")
@json_option
def push_send(as_json: bool) -> None:
    """Deliver what is due: to the in-app inbox and by e-mail."""
    with installation() as runtime:
        summary = send_due(runtime)
    answer = summary.to_json()
    show(answer, as_json, sentence("push_sent", language(), **answer))
    raise click.exceptions.Exit(1 if summary.failed else 0)


COMMANDS = (push,)
