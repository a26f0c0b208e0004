"""``matchhub init``, ``demo``, ``doctor``."""

from __future__ import annotations

import json
import os

import click

from matchhub.cli.acts import CommandAct, Told, act_in_steps, key_option
from matchhub.cli.console import json_option, language, show
from matchhub.operation.diagnosis import examine
from matchhub.services.kernel.runtime import Runtime, open_runtime, schema_version
from matchhub.services.kernel.settings import read_settings
from matchhub.services.kernel.upgrading import backup_before_upgrade
from matchhub.wording import sentence


@click.command()
@json_option
def init(as_json: bool) -> None:
    """Create or upgrade the database."""
    runtime, created = open_runtime(read_settings(os.environ), before_upgrade=backup_before_upgrade)
    version = schema_version(runtime)
    runtime.close()
    text = sentence("init_created" if created else "init_ready", language(), schema=version)
    show({"schema": version, "created": created}, as_json, text)


@click.command()
@click.option("--full", is_flag=True, help="a city above every threshold (takes some minutes)")
@key_option
@json_option
def demo(full: bool, key: str | None, as_json: bool) -> None:
    """Load the invented demo city; refused in a base that holds real records."""
    from matchhub.demo import load_demo  # its texts are large and no other command needs them

    def act(runtime: Runtime, _act: CommandAct) -> Told:
        counts = load_demo(runtime, full=full, progress=lambda text: click.echo(text, err=True))
        return Told(dict(counts), "\n".join(f"{kind:>14}  {number}" for kind, number in counts.items()))

    act_in_steps(key, act).show(as_json)


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say what is wrong with this installation."""
    report = examine(os.environ)
    marks = {True: "✓", False: "✗"}
    lines = [
        f"{marks[check['ok']]} {check['name']}: {sentence(check['code'], language(), **check['data'])}"
        for check in report["checks"]
    ]
    show(json.loads(json.dumps(report, default=str)), as_json, "\n".join(lines))
    raise click.exceptions.Exit(0 if report["ok"] else 1)


COMMANDS = (init, demo, doctor)
