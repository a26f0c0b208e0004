"""One import at once, as the command does it; an import that the worker runs is in ``running``."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ingest.reader_process import rows_from_reader_process
from ingest.reading import ReadFile
from matchhub.domain.records import Kind
from matchhub.domain.sources import OWN_LIST, ImportSource, import_source
from matchhub.errors import Conflict
from matchhub.services.evidence.files import keep_content
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.imports.headers import Corrections, remember_headers
from matchhub.services.imports.plausibility import Doubt
from matchhub.services.imports.reading import file_description, headers_of, tell_of_files
from matchhub.services.imports.source_words import remember_words
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit

NO_CORRECTIONS = Corrections()
Progress = Callable[[int], None]
# Called with the unit and the batch before it is committed or, in a trial, rolled back: what is to be written out.
Report = Callable[[Unit, int], None]


@contextmanager
def told_if_overtaken() -> Iterator[None]:
    """Two imports at once may write the same record: the loser is told so, and loses nothing by importing again."""
    try:
        yield
    except Conflict as lost:
        if lost.code not in ("written_meanwhile", "database_busy"):
            raise
        raise Conflict("import_overtaken") from lost


class _Trial(Exception):
    """Leaves the unit of a trial so that nothing is kept."""


def import_files(
    runtime: Runtime,
    kind: Kind,
    read: Sequence[ReadFile],
    paths: Sequence[Path],
    *,
    source_name: str = "",
    source: ImportSource = OWN_LIST,
    corrections: Corrections = NO_CORRECTIONS,
    dry_run: bool = False,
    accepted: Collection[str] = (),
    progress: Progress = lambda done: None,
    report: Report | None = None,
) -> ImportResult:
    """Record the rows of files opened by ``read_files`` in one transaction; with ``dry_run`` nothing of it is kept.

    An import that is not plausible as a whole is kept only when the codes of its doubts are ``accepted``; else it is
    rolled back and the result tells them. The corrections are remembered for the source in the same transaction, so
    that a refused import teaches nothing. ``source`` is what was said of the files, checked here (``import_source``).
    Raises ``Conflict("import_overtaken")`` where another import was first.
    """
    described = [_described(file, path) for file, path in zip(read, paths, strict=True)]
    results: list[ImportResult] = []
    with suppress(_Trial), told_if_overtaken(), runtime.unit() as unit:
        rows = itertools.chain.from_iterable(rows_from_reader_process(file) for file in read)
        named = import_source(source.kind, source.issuer, source.issued_on, unit.today)
        result = import_rows(
            unit, kind, rows, files=described, source_name=source_name, source=named, progress=progress
        )
        tell_of_files(result, read)
        results.append(result)
        if report is not None and result.batch_id is not None:
            report(unit, result.batch_id)
        if source_name and corrections.any:
            for file in read:
                remember_headers(unit, source_name, kind, headers_of(file.parts[0]), corrections)
        remember_words(unit, source_name, kind, corrections.words)
        if dry_run or unaccepted(result, accepted):
            raise _Trial
        keep_originals(unit, named, paths)
    return results[0]


def keep_originals(unit: Unit, source: ImportSource, paths: Sequence[Path]) -> None:
    """Keep the files of a named source beside the evidence: the bureau looks at what the counts rest on."""
    for path in () if source.is_own else paths:
        content = path.read_bytes()
        keep_content(unit.home, hashlib.sha256(content).hexdigest(), content)


def unaccepted(result: ImportResult, accepted: Collection[str]) -> list[Doubt]:
    """The doubts about an import that nobody has answered with a yes."""
    return [doubt for doubt in result.doubts if doubt.code not in accepted]


def _described(file: ReadFile, path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return file_description(file, digest, path.stat().st_size)
