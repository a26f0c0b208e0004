"""Named sources of the stock (来源文件) before the bureau: what counts rest on them, the file itself, and its word.

The operator names a source when it imports a file; that proves what the pack accepts until the bureau has looked at the
file and said that it is right, or rejected it. A rejected one proves nothing any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import (
    BatchSource,
    BatchUndo,
    EnterpriseCategory,
    ImportBatch,
    Organisation,
    PatentStatus,
    SourceDecision,
    SourcedValue,
)
from matchhub.domain.organisations import BUREAU
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts.names import account_names
from matchhub.services.accounts.second_factor import spend_code
from matchhub.services.counting.counts import Atoms, Question, bare_atoms
from matchhub.services.evidence.files import kept_content, place_of
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.paging import Orders, Page, Sought, holds_words, paged, typed_words
from matchhub.services.kernel.unit import Unit

RIGHT, REJECTED = "right", "rejected"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a source; ``kept``: the original can be looked at."""

    name: str
    sha256: str
    kept: bool


@dataclass(frozen=True, slots=True)
class SourceWordView:
    """One word of the bureau on a source."""

    decision: str
    note: str
    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SourceView:
    """A named source: its files, who issued them when, how many records it names and how many of them count strictly.

    ``words`` are those of the bureau, the newest first.
    """

    batch_id: int
    kind: str  # of the records
    source_kind: str
    issuer: str
    issued_on: date
    files: tuple[SourceFile, ...]
    imported_at: datetime
    account: str
    records: int
    strict: int
    undone: bool
    words: tuple[SourceWordView, ...]

    @property
    def word(self) -> str:
        """The word in force, empty while there is none."""
        return self.words[0].decision if self.words else ""


_ORDERS = Orders(
    BatchSource.batch_id,
    {
        "issuer": BatchSource.issuer,
        "kind": ImportBatch.kind,
        "source_kind": BatchSource.kind,
        "issued": BatchSource.issued_on,
        "imported": ImportBatch.started_at,
    },
)


def list_sources(
    unit: Unit, asked: Question, show: str = "open", sought: int | Sought = 1, query: str = "", kind: str = ""
) -> Page[SourceView]:
    """Named sources of the stock: those the bureau has not decided on (``open``), or ``all``; the newest first.

    ``query``: words of the issuer; ``kind``: of the records.
    """
    unit.require("source.read")
    statement = select(BatchSource, ImportBatch).join(ImportBatch, ImportBatch.id == BatchSource.batch_id)
    statement = statement.where(ImportBatch.kind.in_(_BACKED)).order_by(BatchSource.batch_id.desc())
    if show != "all":
        decided = select(SourceDecision.batch_id)
        undone = select(BatchUndo.batch_id)
        statement = statement.where(BatchSource.batch_id.not_in(decided), BatchSource.batch_id.not_in(undone))
    if words := typed_words(query):
        statement = statement.where(holds_words(unit, words, BatchSource.issuer))
    if kind:
        statement = statement.where(ImportBatch.kind == kind)
    atoms = bare_atoms(unit, asked)
    return paged(unit, statement, sought, lambda rows: _views(unit, rows, atoms, asked), orders=_ORDERS)


def source_view(unit: Unit, batch_id: int, asked: Question) -> SourceView:
    """One named source; ``NotFound("source_not_found")``."""
    unit.require("source.read")
    source, batch = _found(unit, batch_id)
    return _views(unit, [(source, batch)], bare_atoms(unit, asked), asked)[0]


def open_sources(unit: Unit) -> int:
    """How many named sources of the stock wait for the bureau."""
    chosen = select(func.count()).select_from(BatchSource).join(ImportBatch, ImportBatch.id == BatchSource.batch_id)
    chosen = chosen.where(
        ImportBatch.kind.in_(_BACKED),
        BatchSource.batch_id.not_in(select(SourceDecision.batch_id)),
        BatchSource.batch_id.not_in(select(BatchUndo.batch_id)),
    )
    return unit.session.execute(chosen).scalar_one()


def give_source_decision(unit: Unit, batch_id: int, decision: str, note: str, code: str) -> None:
    """``decide_source`` for a person at a page, proven by the current one-time code of that person.

    Call within ``second_factor.proving``. Raises ``SecondFactorRefused`` besides what ``decide_source`` raises.
    """
    unit.require("source.decide")
    spend_code(unit, code)
    decide_source(unit, batch_id, decision, note)


def decide_source(unit: Unit, batch_id: int, decision: str, note: str = "") -> None:
    """Record the bureau's word on the source of a batch: ``right`` or ``rejected``; a later word takes its place.

    Whoever calls this has checked a code. Raises ``NotAllowed`` for who does not act for the bureau,
    ``NotFound("source_not_found")``, ``Refusal`` ``decision_unknown`` and ``note_missing`` for a rejection without its
    reason, and ``Conflict("batch_undone")``.
    """
    unit.require("source.decide")
    actor = unit.actor
    if actor.account_id is None or actor.organisation_id is None:
        raise NotAllowed(role=actor.role)  # the system has no word of its own
    if unit.session.get_one(Organisation, actor.organisation_id).kind != BUREAU:
        raise NotAllowed(role=actor.role)
    _, batch = _found(unit, batch_id)
    if decision not in (RIGHT, REJECTED):
        raise Refusal("decision_unknown", decision=decision)
    if decision == REJECTED and not note.strip():
        raise Refusal("note_missing")
    if _is_undone(unit, batch_id):
        raise Conflict("batch_undone", id=batch_id)
    row = SourceDecision(
        batch_id=batch_id,
        decision=decision,
        note=note.strip() or None,
        recorded_at=unit.now,
        recorded_by=actor.account_id,
    )
    unit.session.add(row)
    append_event(unit, f"source.{decision}", batch.kind, batch_id, account=actor.account_id)


def read_source_file(unit: Unit, batch_id: int, number: int) -> tuple[str, bytes]:
    """Name and bytes of a source's file by its place in the batch (from 0), as it was imported.

    Raises ``NotFound`` ``source_not_found``, and ``source_file_gone`` where it was not kept or is not what it was.
    """
    unit.require("source.read")
    _, batch = _found(unit, batch_id)
    if not 0 <= number < len(batch.files):
        raise NotFound("source_file_gone")
    said = batch.files[number]
    content = kept_content(unit.home, str(said.get("sha256", "")))
    if content is None:
        raise NotFound("source_file_gone")
    return str(said.get("name", "")), content


def _found(unit: Unit, batch_id: int) -> tuple[BatchSource, ImportBatch]:
    chosen = select(BatchSource, ImportBatch).join(ImportBatch, ImportBatch.id == BatchSource.batch_id)
    row = unit.session.execute(chosen.where(BatchSource.batch_id == batch_id)).first()
    if row is None:
        raise NotFound("source_not_found", id=batch_id)
    return row[0], row[1]


def _is_undone(unit: Unit, batch_id: int) -> bool:
    return unit.session.execute(select(BatchUndo.id).where(BatchUndo.batch_id == batch_id)).first() is not None


def _views(unit: Unit, rows: Sequence[Any], atoms: Atoms, asked: Question) -> list[SourceView]:
    """Sources with what the base says of them, read at once; ``rows``: source and batch."""
    batches = {batch.id: batch for _, batch in rows}
    backed, words = _records_of(unit, batches), _words(unit, batches)
    undone = set(unit.session.execute(select(BatchUndo.batch_id).where(BatchUndo.batch_id.in_(batches))).scalars())
    names = account_names(unit, [batch.account_id for batch in batches.values()])
    strict = {
        kind: {atom.record_id for each in asked.pack.thresholds_of(kind) for atom in atoms[each.key] if atom.strict}
        for kind in {batch.kind for batch in batches.values()}
    }
    return [
        SourceView(
            batch_id=batch.id,
            kind=batch.kind,
            source_kind=source.kind,
            issuer=source.issuer,
            issued_on=source.issued_on,
            files=tuple(_file(unit, said) for said in batch.files),
            imported_at=batch.started_at,
            account=names.get(batch.account_id or 0, ""),
            records=len(backed[batch.id]),
            strict=len(backed[batch.id] & strict[batch.kind]),
            undone=batch.id in undone,
            words=tuple(words[batch.id]),
        )
        for source, batch in rows
    ]


def _words(unit: Unit, batches: Collection[int]) -> dict[int, list[SourceWordView]]:
    """The bureau's words by batch, the newest first."""
    chosen = select(SourceDecision).where(SourceDecision.batch_id.in_(batches)).order_by(SourceDecision.id.desc())
    rows = unit.session.execute(chosen).scalars().all()
    names = account_names(unit, [row.recorded_by for row in rows])
    found: dict[int, list[SourceWordView]] = defaultdict(list)
    for row in rows:
        said = SourceWordView(row.decision, row.note or "", names.get(row.recorded_by or 0, ""), row.recorded_at)
        found[row.batch_id].append(said)
    return found


def _file(unit: Unit, said: dict[str, Any]) -> SourceFile:
    digest = str(said.get("sha256", ""))
    return SourceFile(str(said.get("name", "")), digest, bool(digest) and place_of(unit.home, digest).is_file())


def _records_of(unit: Unit, batches: Mapping[int, ImportBatch]) -> dict[int, set[int]]:
    """The records of which batches say something that a source proves, by batch."""
    found: dict[int, set[int]] = defaultdict(set)
    for of_records, (column, batch_column, kind) in _BACKED.items():
        ids = [key for key, batch in batches.items() if batch.kind == of_records]
        if not ids:
            continue
        chosen = select(batch_column, column).where(batch_column.in_(ids)).distinct()
        if kind is not None:
            chosen = chosen.where(kind == of_records)
        for batch_id, record_id in unit.session.execute(chosen):
            found[batch_id].add(record_id)
    return found


# Kind of record -> where what a source proves of it stands: record, batch, and kind where several share a table.
_BACKED: dict[str, tuple[Any, Any, Any]] = {
    "patents": (PatentStatus.patent_id, PatentStatus.batch_id, None),
    "enterprises": (EnterpriseCategory.enterprise_id, EnterpriseCategory.batch_id, None),
    "experts": (SourcedValue.record_id, SourcedValue.batch_id, SourcedValue.kind),
    "agencies": (SourcedValue.record_id, SourcedValue.batch_id, SourcedValue.kind),
}
