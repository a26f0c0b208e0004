"""``matchhub dossier``: the package that is handed in, its gaps, and the verifier that needs none of this."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from matchhub.cli.console import installation, json_option, language, say, show
from matchhub.cli.counting import as_of_option
from matchhub.dossier import verify as verifying
from matchhub.dossier.building import build
from matchhub.dossier.ledgers import gap_words
from matchhub.dossier.packing import verifier as verifier_source
from matchhub.errors import FileRefused
from matchhub.services.claim.gaps import Gap
from matchhub.services.claim.package import Wish, goal_gaps
from matchhub.wording import label, sentence

_out = click.Path(dir_okay=False, path_type=Path)
_goal_option = click.option("--goal", default="", help="key of the goal (default: the first of the rule pack)")


@click.group()
def dossier() -> None:
    """The claim package (申报材料包)."""


@dossier.command("build")
@click.argument("out", type=_out)
@as_of_option
@_goal_option
@click.option("--unmasked", is_flag=True, help="with names and contact data of persons; put on record")
@json_option
def dossier_build(out: Path, as_of: date | None, goal: str, unmasked: bool, as_json: bool) -> None:
    """Build the package of a goal as of a day, and put its digest into the log."""
    with installation() as runtime:
        step = (lambda _key: None) if as_json else (lambda key: say("package_step", step=label("package_step", key)))
        made = build(runtime, Wish(goal, as_of, unmasked), out, step=step)
    answer = {"files": made.files, "sha256": made.sha256, "root": made.root, "bytes": made.size, "claim": made.claim}
    show(answer, as_json, sentence("package_built", language(), file=out, **answer))


@dossier.command("verify")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--root", help="digest of the manifest as the log holds it")
@json_option
def dossier_verify(file: Path, root: str | None, as_json: bool) -> None:
    """Check a package without the database; exit status 1 when it is not whole."""
    try:
        found = verifying.verify(str(file), root)
    except OSError as fault:
        raise FileRefused("package_unreadable", file=file.name) from fault
    place = 0 if language() == "zh" else 1
    told = [verifying.WORDS[fault["code"]][place].format(**fault) for fault in found["faults"]]
    code = "package_whole" if found["valid"] else "package_not_whole"
    told.append(sentence(code, language(), root=found["root"], faults=len(found["faults"])))
    show(found, as_json, "\n".join(told))
    raise click.exceptions.Exit(0 if found["valid"] else 1)


@dossier.command("verifier")
@click.argument("out", type=_out, required=False)
def dossier_verifier(out: Path | None) -> None:
    """Print the verifier, one file for plain Python 3.9 or newer, or write it to OUT."""
    if out is None:
        click.echo(verifier_source().decode(), nl=False)
    else:
        out.write_bytes(verifier_source())


@dossier.command("gaps")
@as_of_option
@_goal_option
@json_option
def dossier_gaps(as_of: date | None, goal: str, as_json: bool) -> None:
    """What each record of the claim still lacks; exit status 1 while the goal cannot be claimed as it stands."""
    with installation() as runtime, runtime.unit(write=False) as unit:
        found = goal_gaps(unit, Wish(goal, as_of))
    gaps = [_told(gap) for gap in found.gaps]
    answer = {"goal": found.goal.goal.key, "ready": found.ready, "earned": found.goal.earned, "gaps": gaps}
    code = "package_ready" if found.ready else "package_not_ready"
    lines = [_line(gap) for gap in found.gaps if gap.weight == "needed"]
    count = {kind: sum(gap.weight == kind for gap in found.gaps) for kind in ("needed", "advised", "uncounted")}
    show(answer, as_json, "\n".join([*lines, sentence(code, language(), **count)]))
    raise click.exceptions.Exit(0 if found.ready else 1)


def _told(gap: Gap) -> dict[str, object]:
    return {
        "threshold": gap.threshold,
        "kind": gap.kind,
        "id": gap.record_id,
        "weight": gap.weight,
        "papers": [sorted(group) for group in gap.papers],
        "damaged": list(gap.damaged),
        "reasons": [each.code for each in gap.reasons],
        "words": gap_words(gap, language()),
    }


def _line(gap: Gap) -> str:
    return f"{gap.kind} {gap.record_id}  {gap.label.title}  " + "；".join(gap_words(gap, language()))


COMMANDS = (dossier,)
