"""``matchhub audit``, ``backup``, ``restore`` and ``move``: what lets a stranger believe the records."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from matchhub.cli.acts import CommandAct, Told, act_by_key, act_in_steps, key_option
from matchhub.cli.console import installation, json_option, language, say, show
from matchhub.operation.checkpoints import record_restore
from matchhub.operation.checkpoints import restore as restore_base
from matchhub.operation.moving import move_base
from matchhub.services.counting.checkpoints import checkpoint
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.evidence.checking import check_evidence, read_all_evidence
from matchhub.services.kernel.backup import has_base, make_backup
from matchhub.services.kernel.checkpoints import read_checkpoint, read_checkpoints
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.settings import read_settings
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
    """Compare the chain, every row it binds, the rule pack and every evidence file, with all checkpoints at hand."""
    with installation(create=False) as runtime, runtime.unit(write=False) as unit:
        kept = read_checkpoints(runtime.settings.checkpoints)
        found = audit_base(unit, [*kept, read_checkpoint(known)] if known else kept)
    told = [sentence(found.code, language(), **found.data)]
    told += [sentence(sign["code"], language(), **sign) for sign in found.signs]
    show(found.to_json(), as_json, "\n".join(told))
    raise click.exceptions.Exit(0 if found.valid else 1)


@audit.command("checkpoint")
@click.argument("out", type=_path)
@json_option
def audit_checkpoint(out: Path, as_json: bool) -> None:
    """Write the end of the chain into a file, to be kept by somebody else."""
    with installation(create=False) as runtime, runtime.unit(write=False) as unit:
        made = checkpoint(unit)
    out.write_text(json.dumps(made.to_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    show(made.to_json(), as_json, sentence("checkpoint_written", language(), file=out, entries=made.entries))


@audit.command("restored")
@key_option
@json_option
def audit_restored(key: str | None, as_json: bool) -> None:
    """Put on record that an earlier state of the base was put back by other tools than `restore` (pg_restore)."""

    def act(runtime: Runtime, _act: CommandAct) -> Told:
        older = record_restore(runtime)
        return Told({"older_than": older}, _restored(older))

    act_in_steps(key, act).show(as_json)


def _restored(older: dict[str, Any] | None) -> str:
    return sentence("restore_older" if older else "restore_recorded", language(), **(older or {}))


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
@key_option
@json_option
def backup(file: Path, key: str | None, as_json: bool) -> None:
    """A consistent copy of database and evidence, also under load."""

    def act(runtime: Runtime, _act: CommandAct) -> Told:
        made = make_backup(runtime, file)
        return Told(made, sentence("backup_made", language(), file=file, **made))

    act_in_steps(key, act, create=False).show(as_json)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="replace the records that are there now")
@key_option
@json_option
def restore(file: Path, force: bool, key: str | None, as_json: bool) -> None:
    """Put a backup back; refused over existing records without --force."""
    settings = read_settings(os.environ)

    def act(act: CommandAct) -> Told:
        if has_base(settings) and key is not None:
            with installation() as runtime:
                before = act.before(runtime)
            if before is not None:
                return before
        done = restore_base(settings, file, force=force)
        if not as_json:
            say("backup_restored", file=file)
        say("restore_older" if done["older_than"] else "restore_recorded", **(done["older_than"] or {}))
        told = Told(done, json.dumps(done))
        if key is None:
            return told
        with installation() as runtime, runtime.unit() as unit:  # in the base that was put back
            return act.keep(unit, told)

    act_by_key(key, act, [file]).show(as_json)


@click.command()
@click.argument("target_url")
@json_option
def move(target_url: str, as_json: bool) -> None:
    """Carry the whole base to an empty database of another engine (SQLite, PostgreSQL), and compare the two."""
    with installation() as runtime:
        moved = move_base(runtime, target_url)
        told = {**moved, "entries": moved["chain"]["entries"], "key": runtime.home / "secret_key"}
    show(moved, as_json, sentence("move_done", language(), **told))


COMMANDS = (audit, backup, restore, move)
