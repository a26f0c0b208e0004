"""``matchhub pack``: rule packs checked, and two of them compared on the base."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from matchhub.cli.console import installation, json_option, language, show
from matchhub.cli.counting import as_of_option
from matchhub.services.counting.comparing import SideBySide, compare_packs
from matchhub.services.counting.counts import question
from matchhub.services.counting.rule_packs import faults_in
from matchhub.wording import sentence


@click.group()
def pack() -> None:
    """Rule packs: check a file, compare two."""


@pack.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@json_option
def check(file: Path, as_json: bool) -> None:
    """Say what is wrong with a rule pack (a file or a folder), with file and line."""
    found = faults_in(file)
    said = [
        {"code": each.code, **each.data, "sentence": sentence(each.code, language(), **each.data)} for each in found
    ]
    lines = [str(each["sentence"]) for each in said] or [sentence("pack_valid", language(), file=file.name)]
    faults = [{name: each if isinstance(each, int) else str(each) for name, each in one.items()} for one in said]
    show({"valid": not found, "faults": faults}, as_json, "\n".join(lines))
    raise click.exceptions.Exit(1 if found else 0)


@pack.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@as_of_option
@json_option
def compare(first: str, second: str, as_of: date | None, as_json: bool) -> None:
    """Count the base under two rule packs: thresholds side by side, and the records judged otherwise."""
    with installation() as runtime, runtime.unit(write=False) as unit:
        one, other = (question(unit, as_of, None, key) for key in (first, second))
        found = compare_packs(unit, one, other)
    day = one.as_of.isoformat()
    told = {"a": first, "b": second, "as_of": day, "thresholds": [each.to_json() for each in found]}
    show(told, as_json, _table(first, second, found))


def _table(first: str, second: str, found: tuple[SideBySide, ...]) -> str:
    lines = [f"{'':<24}{first:>28}{second:>28}"]
    for each in found:
        cells = (f"{part.count.strict} / {part.threshold.least}" if part else "—" for part in (each.first, each.second))
        lines.append(f"{each.key:<24}" + "".join(f"{cell:>28}" for cell in cells) + f"{each.total:>8} ≠")
    return "\n".join(lines)


COMMANDS = (pack,)
