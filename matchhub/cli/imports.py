"""``matchhub import``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, cast

import click

from matchhub.cli.acts import CommandAct, Told, act_in_steps, key_option
from matchhub.cli.console import json_option, language, say
from matchhub.domain.credit_codes import mask_personal_numbers
from matchhub.domain.records import KINDS, Kind, Row
from matchhub.domain.sources import OWN, SOURCE_KINDS, STOCK, ImportSource, SourceKind
from matchhub.errors import Refusal
from matchhub.reports.problems import write_problems
from matchhub.services.imports.batch import ImportResult
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.importing import import_files as record_files
from matchhub.services.imports.importing import unaccepted
from matchhub.services.imports.reading import documents_in, known_fields, read_files, row_count
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit
from matchhub.services.worklists.batches import problem_rows
from matchhub.wording import sentence

TOLD = 20


def _named_source(command: Callable[..., None]) -> Callable[..., None]:
    """The three options that say what the files are, handed on as one ``source``."""

    @click.option(
        "--source-kind",
        type=click.Choice(SOURCE_KINDS),
        default=OWN,
        help="what the files are: a register's export, an official bulletin or list, a vendor's database, or (without "
        "this) an own list, which counts literally but proves nothing strictly",
    )
    @click.option("--issuer", default="", help="who issued the files; needed with every kind but own")
    @click.option("--issued-on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="day of issue, likewise needed")
    @wraps(command)
    def named(source_kind: SourceKind, issuer: str, issued_on: datetime | None, **more: Any) -> None:
        command(source=ImportSource(source_kind, issuer, issued_on.date() if issued_on else None), **more)

    return named


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="say what would happen, write nothing")
@click.option(
    "--problems", type=click.Path(dir_okay=False, path_type=Path), help="write the problem rows to this .xlsx"
)
@click.option(
    "--source", "source_name", default="", help="who sent the files; earlier corrections of its headers are applied"
)
@_named_source
@click.option("--sheet", default=None, help="read this sheet only")
@click.option("--header-line", type=click.IntRange(1), default=None, help="take this row as the header")
@click.option(
    "--map", "maps", multiple=True, metavar="HEADER=FIELD", help="what a header means; empty FIELD: ignore it"
)
@click.option(
    "--map-status",
    "words",
    multiple=True,
    metavar="WORD=MEANING",
    help="what a status word means: in_force, pending, dead or unknown; of firms and agencies active, struck_off, "
    "closed, moved_out or unknown; remembered for the source",
)
@click.option(
    "--accept", "accepted", multiple=True, metavar="CODE", help="write although this doubt about the whole was told"
)
@key_option
@json_option
def import_files(
    kind: str,
    files: tuple[Path, ...],
    dry_run: bool,
    problems: Path | None,
    source_name: str,
    source: ImportSource,
    sheet: str | None,
    header_line: int | None,
    maps: tuple[str, ...],
    words: tuple[str, ...],
    accepted: tuple[str, ...],
    key: str | None,
    as_json: bool,
) -> None:
    """Read any supported file and record what is good in it."""
    chosen = cast(Kind, kind)
    corrections = Corrections(sheet, header_line, _mapping(chosen, maps), _words(words))

    def act(runtime: Runtime, act: CommandAct) -> Told:
        def write_out(unit: Unit, batch_id: int) -> None:
            act.take(unit)
            if problems is not None:
                write_problems(problems, problem_rows(unit, batch_id), language())

        read = read_files(runtime, files, chosen, source_name, corrections)  # refused before anything is written
        for file in read if "doubt_document" not in accepted else ():
            if documents_in(file):
                file.rows = _shown(file.rows)
        with _bar(row_count(read)) as progress:
            result = record_files(
                runtime,
                chosen,
                read,
                files,
                source_name=source_name,
                source=source,
                corrections=corrections,
                dry_run=dry_run,
                accepted=accepted,
                progress=progress,
                report=write_out,
            )
        doubted = bool(unaccepted(result, accepted))
        proven = not source.is_own or chosen not in STOCK
        told = _answer(result, written=not (dry_run or doubted), proven=proven)
        return replace(told, status=1) if doubted else told

    act_in_steps(key, act, files).show(as_json)


def _answer(result: ImportResult, written: bool, proven: bool) -> Told:
    """What is told of an import; ``proven``: nothing of it waits for a source that proves it."""
    answer = result.to_json() | ({} if written else {"batch": None})
    faulty = bool(result.sums["refused"] or result.sums["review"])
    text = _told(answer, not written)
    if result.demo:
        text = f"{text}\n{sentence('import_into_demo', language())}"
    if not proven:
        text = f"{text}\n{sentence('import_own_list', language())}"
    return Told(answer, text, int(faulty), acted=written)


def _shown(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows of a document, each told as it is read: a person compares them before saying yes."""
    for row in rows:
        cells = " · ".join(mask_personal_numbers(cell) for _, cell in row.source.raw if cell)
        say("document_row", file=row.source.file, line=row.source.line, cells=cells)
        yield row


def _mapping(kind: Kind, maps: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for written in maps:
        header, _, field = written.rpartition("=")
        if not header or (field and field not in known_fields(kind)):
            raise Refusal("header_field_unknown", header=header, field=field)
        mapping[header] = field
    return mapping


def _words(words: tuple[str, ...]) -> dict[str, str]:
    pairs = (written.rpartition("=") for written in words)
    return {word.strip(): meaning.strip() for word, _, meaning in pairs}


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


def _told(answer: dict[str, Any], dry_run: bool) -> str:
    lines = [sentence("import_preview" if dry_run else "import_done", language(), **answer)]
    if answer["similar"]:
        lines.append(sentence("import_similar", language(), pairs=answer["similar"]))
    for doubt in answer["doubts"]:
        lines.append(sentence(doubt["code"], language(), **doubt))
        lines.append(sentence("import_accept", language(), code=doubt["code"]))
    for name, rows in answer["replaced"].items():
        told = {"field": name, "rows": rows, "value": answer["replaced_examples"].get(name, "")}
        lines.append(sentence("replaced_values", language(), **told))
    for column in answer["unknown_columns"]:
        shown = column | {"examples": "、".join(column["examples"])}
        lines.append(sentence("column_not_understood", language(), **shown))
    lines += [_line(problem) for problem in answer["problems"][:TOLD]]
    if answer["remark_count"]:
        lines.append(sentence("import_remark", language(), number=answer["remark_count"]))
        lines += [_line(remark) for remark in answer["remarks"][:TOLD]]
    return "\n".join(lines)


def _line(told: dict[str, Any]) -> str:
    where = f"{told['file']}:{told['line']} {told.get('column', '')}".rstrip()
    return f"  {where}  {sentence(told['code'], language(), **told)}"


COMMANDS = (import_files,)
