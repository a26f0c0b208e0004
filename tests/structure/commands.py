"""The table of commands in ``docs/commands.md``: made from the command line itself, checked by a test.

``python -m tests.structure.commands`` writes it anew.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import click

from tests.machine import ROOT

TABLE = ROOT / "docs" / "commands.md"
HEAD = """# Commands

Made by `python -m tests.structure.commands` from the command line itself; a test compares. With `--json` a command prints
one JSON object on standard output and nothing else there; messages go to standard error. Exit status: 0 done, 1 refused
or problems found, 2 wrong usage. Without installing, write `python3 run.py matchhub …`.

A command that changes something takes `--key`: called again with the same key and the same arguments within a day it
answers the same and acts once; a call at the same moment waits for the first; with other arguments, or other content
in the files it reads, it is refused. A call that was refused, or that changed nothing (`--dry-run`), leaves its key
unused. These need none, because doing them again changes nothing that counts:

- `matchhub init` an installation that is there is left as it is, apart from the upgrade it still needs
- `matchhub move` a target that holds records is refused
- `matchhub match` a run over the same base gives the same results
- `matchhub dossier build` the same claim gives the same bytes
- `matchhub audit evidence` each look at the files says what it found
- `matchhub serve`, `matchhub worker`, `matchhub up` what falls due happens once, however many of them run
- `matchhub audit checkpoint`, `matchhub audit verify`, `matchhub awards`, `matchhub compare`, `matchhub doctor`,
  `matchhub dossier gaps`, `matchhub dossier verifier`, `matchhub dossier verify`, `matchhub evaluate`, `matchhub explain`, `matchhub forecast`,
  `matchhub pack check`, `matchhub pack compare`, `matchhub progress`, `matchhub sample verify` they only read
"""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Each command as people type it, in alphabetical order; groups are left out."""
    # By name, for the edge comes after everything else and this file must load before it is there.
    waiting: list[tuple[str, click.Command]] = [("matchhub", importlib.import_module("matchhub.cli").matchhub)]
    while waiting:
        path, command = waiting.pop()
        if isinstance(command, click.Group):
            context = click.Context(command, info_name=path)
            found = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
            shown = [(f"{path} {name}", each) for name, each in found if each is not None and not each.hidden]
            waiting += sorted(shown, key=lambda pair: pair[0], reverse=True)
        else:
            yield path, command


def _option(option: click.Option, context: click.Context) -> str:
    spelt, told = option.get_help_record(context) or ("", "")
    return f"- `{spelt}` {told}".rstrip()


def section(path: str, command: click.Command) -> str:
    """One command: how it is typed, what it does, its options."""
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    options = [_option(each, context) for each in command.params if isinstance(each, click.Option) and not each.hidden]
    listed = "\n".join(options)
    return f"\n## {path}\n\n`{usage}`\n\n{(command.help or '').strip()}\n" + (f"\n{listed}\n" if options else "")


def document() -> str:
    """The document as it should be."""
    return HEAD + "".join(section(path, command) for path, command in commands())


if __name__ == "__main__":
    TABLE.write_text(document(), encoding="utf-8")
