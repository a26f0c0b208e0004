"""``matchhub audit``, ``backup`` and ``restore``: what lets a stranger believe the records."""

from __future__ import annotations

import json
from pathlib import Path

import click

from matchhub.cli.console import installation, json_option, language, say, show
from matchhub.errors import FileRefused
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.evidence.checking import check_evidence, read_all_evidence
from matchhub.services.kernel.backup import make_backup, restore_backup
from matchhub.services.kernel.event_log import checkpoint
from matchhub.services.kernel.settings import read_settings
from matchhub.services.matching.store import drop_index
from matchhub.wording import sentence

_path = click.Path(dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """The tamper-evident log, and the files kept as evidence."""


@audit.command("verify")
@click.option(
    "--checkpoint",
    "known",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="a checkpoint that was kept outside",
)
@json_option
def audit_verify(known: Path | None, as_json: bool) -> None:
    """Compare the chain, every row it binds and every evidence file; with a checkpoint, re-hashing is found too."""
    with installation(create=False) as runtime, runtime.unit(write=False) as unit:
        found = audit_base(unit, _read(known) if known else None)
    told = [sentence(found.code, language(), **found.data)]
    told += [sentence(sign["code"], language(), **sign) for sign in found.signs]
    show(found.to_json(), as_json, "\n".join(told))
    raise click.exceptions.Exit(0 if found.valid else 1)


def _read(file: Path) -> dict[str, object]:
    try:
        said = json.loads(file.read_text("utf-8"))
        if not {"entries", "last_id", "last_hash"} <= set(said):
            raise ValueError(file.name)
    except (ValueError, TypeError) as fault:
        raise FileRefused("checkpoint_unreadable", file=file.name) from fault
    return dict(said)


@audit.command("checkpoint")
@click.argument("out", type=_path)
@json_option
def audit_checkpoint(out: Path, as_json: bool) -> None:
    """Write the end of the chain into a file, to be kept by somebody else."""
    with installation(create=False) as runtime, runtime.unit(write=False) as unit:
        made = checkpoint(unit)
    out.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    show(made, as_json, sentence("checkpoint_written", language(), file=out, entries=made["entries"]))


@audit.command("evidence")
@json_option
def audit_evidence(as_json: bool) -> None:
    """Look whether every evidence file is still what was stored; the worker does it every night."""
    with installation(create=False) as runtime:
        with runtime.unit(write=False) as unit:
            found = read_all_evidence(unit)
        with runtime.unit() as unit:
            check = check_evidence(unit, found)
    code = "evidence_damaged_files" if check.damaged else "evidence_sound"
    text = sentence(code, language(), files=check.files, damaged=", ".join(map(str, check.damaged)))
    show(check.to_json(), as_json, text)
    raise click.exceptions.Exit(1 if check.damaged else 0)


@click.command()
@click.argument("file", type=_path)
@json_option
def backup(file: Path, as_json: bool) -> None:
    """A consistent copy of database and evidence, also under load."""
    with installation(create=False) as runtime:
        made = make_backup(runtime, file)
    show(made, as_json, sentence("backup_made", language(), file=file, **made))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="replace the records that are there now")
@json_option
def restore(file: Path, force: bool, as_json: bool) -> None:
    """Put a backup back; refused over existing records without --force."""
    import os

    settings = read_settings(os.environ)
    done = restore_backup(settings, file, force=force)
    drop_index(settings.home)  # it holds the patents that were there before
    if not as_json:
        say("backup_restored", file=file)
    show(done, as_json, json.dumps(done))


COMMANDS = (audit, backup, restore)
