"""``matchhub push plan`` and ``push send``."""

from __future__ import annotations

import click

from matchhub.cli.acts import CommandAct, Told, act_in_steps, act_in_unit, key_option
from matchhub.cli.console import json_option, language
from matchhub.operation.mailing import send_due
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.plan import plan
from matchhub.wording import headline, sentence


@click.group()
def push() -> None:
    """Precise pushes (精准推送)."""


@push.command("plan")
@key_option
@json_option
def push_plan(key: str | None, as_json: bool) -> None:
    """Choose pushes from the latest match run."""

    def act(unit: Unit) -> Told:
        summary = plan(unit)
        lines = [sentence("push_planned", language(), planned=summary.planned)]
        lines += [f"{number:>7}  {headline(code, language())}" for code, number in summary.left_out.items()]
        return Told(summary.to_json(), "\n".join(lines))

    act_in_unit(key, act).show(as_json)


@push.command("send")
@key_option
@json_option
def push_send(key: str | None, as_json: bool) -> None:
    """Deliver what is due: to the in-app inbox and by e-mail."""

    def act(runtime: Runtime, _act: CommandAct) -> Told:
        summary = send_due(runtime)
        answer = summary.to_json()
        lines = [sentence("push_sent", language(), **answer)]
        if summary.written:
            lines.append(sentence("push_sent_written", language(), written=summary.written))
        if summary.trouble:
            lines.append(sentence(summary.trouble, language(), reply=summary.reply))
        return Told(answer, "\n".join(lines), 1 if summary.failed or summary.trouble else 0)

    act_in_steps(key, act).show(as_json)


COMMANDS = (push,)
