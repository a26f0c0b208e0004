"""The ``matchhub`` command: one file per group of commands, each opens the unit, calls one verb, shows one thing.

A file is imported only when one of its commands is called: matching and the pages take seconds to import, and nobody
who asks for the counts should wait for them.
"""

from __future__ import annotations

from importlib import import_module

import click

from matchhub.cli.console import run_group
from matchhub.services.kernel.home import keep_private

# Command -> the file it stands in.
FILES = {
    "init": "base", "demo": "base", "doctor": "base",
    "import": "imports",
    "match": "matching", "evaluate": "matching", "calibrate": "matching", "train": "matching",
    "push": "pushing",
    "progress": "counting", "explain": "counting", "pack": "packs", "compare": "comparing", "awards": "awards",
    "sample": "samples", "forecast": "forecasts",
    "dossier": "dossier",
    "audit": "trust", "backup": "trust", "restore": "trust", "move": "trust",
    "user": "users", "relate": "parties",
    "serve": "serving", "worker": "serving", "up": "serving",
}  # fmt: skip


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of a day's work."""
        return list(FILES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, ``None`` when there is none."""
        if cmd_name not in FILES:
            return None
        commands: tuple[click.Command, ...] = import_module(f"matchhub.cli.{FILES[cmd_name]}").COMMANDS
        return next((command for command in commands if command.name == cmd_name), None)


@click.group(name="matchhub", cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="matchhub")
def matchhub() -> None:
    """专利供需对接 · patent transaction matching and provable counting."""


def main() -> None:
    """Entry point: exit status 0 done, 1 refused or problems found, 2 wrong usage."""
    keep_private()
    run_group(matchhub)
