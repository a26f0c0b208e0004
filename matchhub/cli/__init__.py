"""The ``matchhub`` command: one file per group of commands, each opens the unit, calls one verb, shows one thing."""

from __future__ import annotations

import click

from matchhub.cli import base, counting, imports, matching, pushing, serving, trust, users
from matchhub.cli.console import run_group


@click.group(name="matchhub", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="matchhub")
def matchhub() -> None:
    """晋江专利供需对接 · patent transaction matching and provable counting."""


for _module in (base, counting, imports, matching, pushing, serving, trust, users):
    for _command in _module.COMMANDS:
        matchhub.add_command(_command)


def main() -> None:
    """Entry point: exit status 0 done, 1 refused or problems found, 2 wrong usage."""
    run_group(matchhub)
