"""What all commands share: opening the installation, printing one JSON object, refusing in a sentence."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from matchhub.errors import Refusal
from matchhub.services.kernel.faults import disk_refusal_of
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.scratch import scratch_of_process
from matchhub.services.kernel.settings import read_settings
from matchhub.services.kernel.upgrading import backup_before_upgrade
from matchhub.wording import refusal_sentence, sentence

json_option = click.option("--json", "as_json", is_flag=True, help="print one JSON object on standard output")


def language() -> str:
    """Chinese, unless the terminal speaks English and a country with it (a bare ``C`` locale says nothing)."""
    spoken = os.environ.get("MATCHHUB_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if spoken.lower().startswith("en") else "zh"


def say(code: str, **data: object) -> None:
    """One sentence for people, on standard error, so that standard output stays clean."""
    click.echo(sentence(code, language(), **data), err=True)


def show(answer: dict[str, Any], as_json: bool, text: str) -> None:
    """The one thing a command shows: the JSON object, or its text for people."""
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else text)


@contextmanager
def installation(*, create: bool = True) -> Iterator[Runtime]:
    """The installation that the environment describes, its schema up to date; temporary files lie inside it."""
    runtime, _ = open_runtime(read_settings(os.environ), create=create, before_upgrade=backup_before_upgrade)
    try:
        with scratch_of_process(runtime.home):
            yield runtime
    finally:
        runtime.close()


def run_group(group: click.Group) -> None:
    """Run a command so that no refusal ever shows a traceback."""
    try:
        status = group.main(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except Refusal as refusal:
        _tell(refusal)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as fault:
        if (refused := disk_refusal_of(fault)) is None:
            raise
        _tell(refused)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as fault:
        fault.show()
        sys.exit(2)


def _tell(refusal: Refusal) -> None:
    """Say a refusal, for programs too where they asked for JSON, and end."""
    if "--json" in sys.argv:
        said = {"error": refusal.code, "message": refusal_sentence(refusal, language())}
        click.echo(json.dumps(said, ensure_ascii=False))
    click.echo(refusal_sentence(refusal, language()), err=True)
    sys.exit(1)
