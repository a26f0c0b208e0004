"""Reading a source's files with what is remembered of the corrections of its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.previews import headers_under
from ingest.reading import OpenedFile, ReadFile, open_file, read_opened, read_rows
from ingest.table_rows import Part
from ingest.tables import DOCUMENT_FORMATS, Table
from ingest.vocabulary import fields_of
from matchhub.domain.corrections import TableCorrection
from matchhub.domain.credit_codes import mask_personal_numbers
from matchhub.domain.records import Kind
from matchhub.services.imports.batch import ImportResult
from matchhub.services.imports.headers import Corrections, Memory, remembered_headers
from matchhub.services.imports.source_words import Words, check_words, remembered_words
from matchhub.services.kernel.runtime import Runtime


def headers_of(part: Part) -> list[str]:
    """Every header of a table, understood or not."""
    return [column.header for column in part.columns] + [column.header for column in part.unknown_columns]


def read_corrected(
    path: Path, kind: Kind | None, corrections: Corrections, name: str | None = None, words: Words = ()
) -> ReadFile:
    """``read_rows`` with a person's corrections; ``words`` are those remembered of the source."""
    return read_rows(
        path,
        kind,
        name=name,
        sheet=corrections.sheet,
        header_line=corrections.header_line,
        mapping=corrections.mapping or None,
        corrections=corrections.tables,
        explained=_explained(words, corrections),
    )


def _explained(remembered: Words, corrections: Corrections) -> Words:
    """Meanings of words: what was just said wins over what is remembered of the source."""
    return tuple((dict(remembered) | dict(corrections.words)).items())


def read_remembered(
    path: Path, kind: Kind, memories: Sequence[Memory], words: Words = (), name: str | None = None
) -> tuple[ReadFile, Corrections]:
    """Read a file with what its source's tables were corrected to before; else as it speaks for itself."""
    opened = open_file(path, name)
    corrections = recalled_corrections(opened, kind, memories)
    return read_opened(opened, kind, corrections=corrections, explained=words), Corrections(tables=corrections)


def recalled_corrections(opened: OpenedFile, kind: Kind, memories: Sequence[Memory]) -> tuple[TableCorrection, ...]:
    """For each table of a file whose headers were corrected before: the newest correction."""
    corrections = (_recalled(table, kind, memories) for table in opened.tables)
    return tuple(correction for correction in corrections if correction is not None)


def _recalled(table: Table, kind: Kind, memories: Sequence[Memory]) -> TableCorrection | None:
    """The header may stand in another row than it did then, below a longer title."""
    for memory in memories:
        if memory.corrections.sheet in (None, table.sheet):
            correction = memory.correction_of(table.file, table.sheet, table.hidden)
            for each in (correction, replace(correction, header_line=None)):
                if memory.fits(headers_under(table, kind, each)):
                    return each
    return None


def file_description(read: ReadFile, sha256: str, size: int) -> dict[str, Any]:
    """What a batch keeps of a file; ``documents`` names what of it was laid out for readers."""
    documents = documents_in(read)
    described = {
        "name": read.file,
        "bytes": size,
        "sha256": sha256,
        "sheet": read.sheet,
        "header_line": read.header_line,
        "as_of_on": read.as_of_on and read.as_of_on.isoformat(),
    }
    return described | ({"documents": documents} if documents else {})


def documents_in(read: ReadFile) -> list[str]:
    """Names of what was laid out for readers (Word, PDF) in a file: of these a person compares every row."""
    return sorted({part.file for part in read.parts if part.format in DOCUMENT_FORMATS})


def row_count(read: Sequence[ReadFile]) -> int | None:
    """Data rows of all files, where every one knows its own."""
    counts = [each.row_count for each in read]
    return None if any(count is None for count in counts) else sum(count or 0 for count in counts)


def memories_of(runtime: Runtime, source_name: str, kind: Kind) -> list[Memory]:
    """What is remembered of a source."""
    with runtime.unit(write=False) as unit:
        return remembered_headers(unit, source_name, kind)


def words_of(runtime: Runtime, source_name: str, kind: Kind) -> Words:
    """What is remembered of the words of a source; nothing without its name."""
    if not source_name:
        return ()
    with runtime.unit(write=False) as unit:
        return remembered_words(unit, source_name, kind)


def read_files(
    runtime: Runtime, files: Sequence[Path], kind: Kind, source_name: str, corrections: Corrections
) -> list[ReadFile]:
    """Open files for an import: with these corrections, else with those remembered of ``source_name``.

    Raises ``FileRefused`` for a file that cannot be read, ``Refusal("word_meaning_unknown")``; nothing is written.
    """
    check_words(kind, corrections.words)
    words = words_of(runtime, source_name, kind)
    if corrections.any:
        return [read_corrected(file, kind, corrections, words=words) for file in files]
    memories = memories_of(runtime, source_name, kind) if source_name else []
    explained = _explained(words, corrections)
    return [read_remembered(file, kind, memories, explained)[0] for file in files]


def known_fields(kind: Kind) -> tuple[str, ...]:
    """Fields that a column of a table of this kind may be assigned to."""
    return tuple(fields_of(kind))


def tell_of_files(result: ImportResult, read: Sequence[ReadFile]) -> None:
    """Add to the result what reading had to tell: call it when the rows have been read."""
    remarks = (remark for file in read for remark in file.remarks)
    result.remarks = [replace(remark, value=mask_personal_numbers(remark.value)) for remark in remarks]
    result.unknown_columns = _unknown_columns(read)


def _unknown_columns(read: Sequence[ReadFile]) -> list[dict[str, Any]]:
    """The columns that nobody understood, each with its place and examples of its cells."""
    return [
        {
            "file": part.file,
            "sheet": part.sheet,
            "column": column.header,
            "examples": [mask_personal_numbers(each) for each in column.examples],
        }
        for file in read
        for part in file.parts
        for column in part.unknown_columns
    ]
