"""``matchhub import``."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import click

from ingest.reading import ReadFile, read_rows
from matchhub.cli.console import installation, json_option, language, say, show
from matchhub.domain.records import KINDS, Kind, Row
from matchhub.reports.problems import write_problems
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.runtime import Runtime
from matchhub.wording import sentence


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="say what would happen, write nothing")
@click.option(
    "--problems", type=click.Path(dir_okay=False, path_type=Path), help="write the problem rows to this .xlsx"
)
@click.option("--source", "source_name", default="", help="who sent the files")
@json_option
def import_files(
    kind: str, files: tuple[Path, ...], dry_run: bool, problems: Path | None, source_name: str, as_json: bool
) -> None:
    """Read any supported file and record what is good in it."""
    read = [read_rows(file, cast(Kind, kind)) for file in files]  # every file is refused before any is written
    with installation() as runtime:
        result = _record(runtime, cast(Kind, kind), read, files, source_name, dry_run)
    if problems is not None:
        write_problems(problems, result.problem_rows, language())
    answer = result.to_json() | ({"batch": None} if dry_run else {})
    show(answer, as_json, _told(answer, dry_run))
    raise click.exceptions.Exit(1 if result.sums["refused"] or result.sums["review"] else 0)


class _DryRun(Exception):
    """Leaves the unit so that nothing is kept."""


def _record(
    runtime: Runtime, kind: Kind, read: list[ReadFile], files: tuple[Path, ...], source_name: str, dry_run: bool
) -> ImportResult:
    about = [_about(file, path) for file, path in zip(read, files, strict=True)]
    result: ImportResult | None = None
    try:
        with runtime.unit() as unit:
            result = import_rows(unit, kind, _rows(read), files=about, source_name=source_name, progress=_progress)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    assert result is not None
    return result


def _rows(read: list[ReadFile]) -> Iterator[Row]:
    return itertools.chain.from_iterable(file.rows for file in read)


def _about(file: ReadFile, path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "name": path.name,
        "bytes": path.stat().st_size,
        "sha256": digest,
        "sheet": file.sheet,
        "header_line": file.header_line,
    }


def _progress(done: int) -> None:
    say("import_progress", rows=done)


def _told(answer: dict[str, Any], dry_run: bool) -> str:
    lines = [sentence("import_preview" if dry_run else "import_done", language(), **answer)]
    for problem in answer["problems"][:20]:
        where = f"{problem['file']}:{problem['line']} {problem['column']}".rstrip()
        lines.append(f"  {where}  {sentence(problem['code'], language(), **problem)}")
    return "\n".join(lines)


COMMANDS = (import_files,)
