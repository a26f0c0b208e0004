"""``matchhub import``."""

from __future__ import annotations

import hashlib
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click

from ingest.reader_process import rows_from_reader_process
from ingest.reading import ReadFile
from ingest.vocabulary import fields_of
from matchhub.cli.console import installation, json_option, language, say, show
from matchhub.cli.import_jobs import about, headers_of, memories_of, read_corrected, read_remembered, row_count
from matchhub.domain.records import KINDS, Kind, Problem
from matchhub.errors import Refusal
from matchhub.reports.problems import write_problems
from matchhub.services.desk.batches import problem_rows
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.intake.headers import Corrections, remember_headers
from matchhub.services.runtime import Runtime
from matchhub.wording import sentence

SHOWN_REMARKS = 100
TOLD = 20


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="say what would happen, write nothing")
@click.option(
    "--problems", type=click.Path(dir_okay=False, path_type=Path), help="write the problem rows to this .xlsx"
)
@click.option("--source", "source_name", default="", help="who sent the files; what was said of its headers is applied")
@click.option("--sheet", default=None, help="read this sheet only")
@click.option("--header-line", type=click.IntRange(1), default=None, help="take this row as the header")
@click.option(
    "--map", "maps", multiple=True, metavar="HEADER=FIELD", help="what a header means; empty FIELD: ignore it"
)
@json_option
def import_files(
    kind: str,
    files: tuple[Path, ...],
    dry_run: bool,
    problems: Path | None,
    source_name: str,
    sheet: str | None,
    header_line: int | None,
    maps: tuple[str, ...],
    as_json: bool,
) -> None:
    """Read any supported file and record what is good in it."""
    said = Corrections(sheet, header_line, _mapping(cast(Kind, kind), maps))
    with installation() as runtime:
        read = _read(runtime, files, cast(Kind, kind), source_name, said)  # refused before anything is written
        keep = _keeper(source_name, cast(Kind, kind), said, read)
        result = _record(runtime, cast(Kind, kind), read, files, source_name, dry_run, problems, keep)
    remarks = [remark for file in read for remark in file.remarks]
    answer = result.to_json() | ({"batch": None} if dry_run else {})
    answer |= {"remarks": [_remark(remark) for remark in remarks[:SHOWN_REMARKS]]}
    show(answer, as_json, _told(answer, len(remarks), dry_run))
    raise click.exceptions.Exit(1 if result.sums["refused"] or result.sums["review"] else 0)


def _mapping(kind: Kind, maps: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for written in maps:
        header, _, field = written.rpartition("=")
        if not header or (field and field not in fields_of(kind)):
            raise Refusal("header_field_unknown", header=header, field=field)
        mapping[header] = field
    return mapping


def _read(runtime: Runtime, files: tuple[Path, ...], kind: Kind, source_name: str, said: Corrections) -> list[ReadFile]:
    if said.any:
        return [read_corrected(file, kind, said) for file in files]
    memories = memories_of(runtime, source_name, kind) if source_name else []
    return [read_remembered(file, kind, memories)[0] for file in files]


Keeper = Callable[[Any], None]


def _keeper(source_name: str, kind: Kind, said: Corrections, read: Sequence[ReadFile]) -> Keeper:
    """Remembers in the unit that imports, so that a refused import teaches nothing."""

    def keep(unit: Any) -> None:
        if source_name and said.any:
            for file in read:
                remember_headers(unit, source_name, kind, headers_of(file.parts[0]), said)

    return keep


class _DryRun(Exception):
    """Leaves the unit so that nothing is kept."""


def _record(
    runtime: Runtime,
    kind: Kind,
    read: list[ReadFile],
    files: tuple[Path, ...],
    source_name: str,
    dry_run: bool,
    problems: Path | None,
    keep: Keeper,
) -> ImportResult:
    described = [_about(file, path) for file, path in zip(read, files, strict=True)]
    result: ImportResult | None = None
    try:
        with runtime.unit() as unit, _bar(row_count(read)) as progress:
            rows = itertools.chain.from_iterable(rows_from_reader_process(file) for file in read)
            result = import_rows(unit, kind, rows, files=described, source_name=source_name, progress=progress)
            if problems is not None and result.batch_id is not None:
                write_problems(problems, problem_rows(unit, result.batch_id), language())
            keep(unit)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    assert result is not None
    return result


@contextmanager
def _bar(total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on the terminal, or a line now and then where standard error is a file."""
    stream = sys.stderr
    if not stream.isatty():
        yield lambda done: say("import_progress", rows=done)
        return
    shown: Any = click.progressbar(length=total or 0, file=stream, show_pos=True)
    with shown as bar:
        yield lambda done: bar.update(done - bar.pos)


def _about(file: ReadFile, path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return about(file, digest, path.stat().st_size)


def _remark(remark: Problem) -> dict[str, Any]:
    return {
        "file": remark.file, "sheet": remark.sheet, "line": remark.line, "value": remark.value, "code": remark.code,
    }  # fmt: skip


def _told(answer: dict[str, Any], remarks: int, dry_run: bool) -> str:
    lines = [sentence("import_preview" if dry_run else "import_done", language(), **answer)]
    if answer["similar"]:
        lines.append(sentence("import_similar", language(), pairs=answer["similar"]))
    lines += [_line(problem) for problem in answer["problems"][:TOLD]]
    if remarks:
        lines.append(sentence("import_remark", language(), number=remarks))
        lines += [_line(remark) for remark in answer["remarks"][:TOLD]]
    return "\n".join(lines)


def _line(told: dict[str, Any]) -> str:
    where = f"{told['file']}:{told['line']} {told.get('column', '')}".rstrip()
    return f"  {where}  {sentence(told['code'], language(), **told)}"


COMMANDS = (import_files,)
