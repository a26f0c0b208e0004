"""Import batches: what each file became, and the problems that had to be told, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Literal, cast

from sqlalchemy import func, select

from matchhub.db.tables import ImportBatch, ImportProblem
from matchhub.domain.records import Problem, Row, Source
from matchhub.domain.sources import OWN_LIST, ImportSource
from matchhub.errors import NotFound
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.colleagues import by_colleagues
from matchhub.services.kernel.named_sources import named_sources
from matchhub.services.kernel.paging import Orders, Page, Sought, paged
from matchhub.services.kernel.unit import Unit

SUMS = ("read", "created", "updated", "unchanged", "refused", "review")


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of a batch: how it was read."""

    name: str
    sha256: str
    sheet: str
    header_line: int | None


@dataclass(frozen=True, slots=True)
class BatchView:
    """One import and its sums; ``codes`` says how often each problem was told: (code, severity, number).

    ``told_by_file`` says how many problems the rows of each file have.
    """

    id: int
    kind: str
    source_name: str
    source: ImportSource
    files: tuple[FileView, ...]
    started_at: datetime
    finished_at: datetime | None
    account: str
    sums: dict[str, int]
    codes: tuple[tuple[str, str, int], ...] = ()
    told_by_file: tuple[tuple[str, int], ...] = ()

    @property
    def problems(self) -> int:
        """How many remarks there are in all."""
        return sum(number for _, _, number in self.codes)


ORDERS = Orders(ImportBatch.id, {"id": ImportBatch.id, "kind": ImportBatch.kind, "at": ImportBatch.started_at})


def own_batches(unit: Unit, page: int | Sought = 1) -> Page[BatchView]:
    """What the actor's organisation imported itself, the newest first."""
    unit.require("own_list.read")
    statement = select(ImportBatch).where(by_colleagues(unit, ImportBatch.account_id)).order_by(ImportBatch.id.desc())
    return paged(unit, statement, page, lambda rows: _views(unit, [row[0] for row in rows]))


def readable_batch(unit: Unit, batch_id: int, act: str = "import.read") -> ImportBatch:
    """A batch for those who may do ``act`` with any, or with what their own organisation imported.

    ``NotFound("batch_not_found")`` for others, whether or not there is one.
    """
    batch = unit.session.get(ImportBatch, batch_id)
    if not unit.may(act):
        unit.require("own_list.read")
        own = select(ImportBatch.id).where(ImportBatch.id == batch_id, by_colleagues(unit, ImportBatch.account_id))
        batch = batch if unit.session.execute(own).first() else None
    if batch is None:
        raise NotFound("batch_not_found", id=batch_id)
    return batch


def list_batches(unit: Unit, kind: str = "", page: int | Sought = 1) -> Page[BatchView]:
    """Imports, the newest first."""
    unit.require("import.read")
    statement = select(ImportBatch).order_by(ImportBatch.id.desc())
    if kind:
        statement = statement.where(ImportBatch.kind == kind)
    return paged(unit, statement, page, lambda rows: _views(unit, [row[0] for row in rows]), orders=ORDERS)


PROBLEM_ORDERS = Orders(
    ImportProblem.id,
    {name: getattr(ImportProblem, name) for name in ("file", "line", "column", "severity", "code")},
)


def batch_view(unit: Unit, batch_id: int) -> BatchView:
    """One import with the tally of its problems; ``NotFound`` when there is none, or it is another's."""
    batch = readable_batch(unit, batch_id)
    tally = (
        select(ImportProblem.code, ImportProblem.severity, func.count())
        .where(ImportProblem.batch_id == batch_id)
        .group_by(ImportProblem.code, ImportProblem.severity)
        .order_by(func.count().desc(), ImportProblem.code)
    )
    codes = tuple((code, severity, number) for code, severity, number in unit.session.execute(tally))
    by_file = (
        select(ImportProblem.file, func.count())
        .where(ImportProblem.batch_id == batch_id)
        .group_by(ImportProblem.file)
        .order_by(func.min(ImportProblem.id))
    )
    told = tuple((file, number) for file, number in unit.session.execute(by_file))
    return replace(_views(unit, [batch])[0], codes=codes, told_by_file=told)


def batch_problems(unit: Unit, batch_id: int, code: str = "", page: int | Sought = 1, file: str = "") -> Page[Problem]:
    """Problems of one import in the order of its files; ``code`` keeps those of one reason, ``file`` of one file."""
    readable_batch(unit, batch_id)
    statement = select(ImportProblem).where(ImportProblem.batch_id == batch_id).order_by(ImportProblem.id)
    if code:
        statement = statement.where(ImportProblem.code == code)
    if file:
        statement = statement.where(ImportProblem.file == file)
    return paged(unit, statement, page, lambda rows: [_problem(row[0]) for row in rows], orders=PROBLEM_ORDERS)


def problem_rows(unit: Unit, batch_id: int) -> Iterator[Row]:
    """Rows of one import that have problems, as the problems workbook wants them."""
    readable_batch(unit, batch_id, "import.run")
    chosen = select(ImportProblem).where(ImportProblem.batch_id == batch_id).order_by(ImportProblem.id)
    rows = unit.session.execute(chosen).scalars()
    for (file, sheet, line), group in groupby(rows, key=lambda row: (row.file, row.sheet, row.line)):
        problems = list(group)
        raw = tuple((header, cell) for header, cell in problems[0].raw)
        yield Row(Source(file, line, sheet, raw), None, tuple(_problem(each) for each in problems))


def _problem(row: ImportProblem) -> Problem:
    severity = cast(Literal["error", "review", "warning"], row.severity)
    return Problem(row.file, row.line, row.column, row.value, row.code, severity, row.sheet)


def _views(unit: Unit, batches: Sequence[ImportBatch]) -> list[BatchView]:
    names = account_names(unit, [batch.account_id for batch in batches])
    sources = named_sources(unit, [batch.id for batch in batches])
    return [
        BatchView(
            id=batch.id,
            kind=batch.kind,
            source_name=batch.source_name,
            source=sources.get(batch.id, OWN_LIST),
            files=tuple(_file(each) for each in batch.files),
            started_at=batch.started_at,
            finished_at=batch.finished_at,
            account=names.get(batch.account_id or 0, ""),
            sums={name: getattr(batch, name) for name in SUMS},
        )
        for batch in batches
    ]


def _file(said: dict[str, Any]) -> FileView:
    return FileView(said.get("name", ""), said.get("sha256", ""), said.get("sheet", ""), said.get("header_line"))
