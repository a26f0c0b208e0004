"""Where each value of a record came from: file, row, batch, when and by whom, from the revisions."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    BatchSpan,
    BatchUndo,
    EnterpriseCategory,
    EnterpriseName,
    ImportBatch,
    PartyExistence,
    PatentEncumbrance,
    PatentStatus,
    Revision,
)
from matchhub.domain.sources import OWN_LIST, ImportSource
from matchhub.errors import NotFound
from matchhub.services.accounts.names import account_names
from matchhub.services.kernel.named_sources import named_sources
from matchhub.services.kernel.privacy import masked
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit

_DERIVED = {"name_key", "person_key"}
_DATED: dict[str, tuple[tuple[str, Any, str, str], ...]] = {
    "patents": (("status", PatentStatus, "patent_id", "validity"),
                ("encumbrances", PatentEncumbrance, "patent_id", "encumbrance_type")),
    "enterprises": (("categories", EnterpriseCategory, "enterprise_id", "category"),
                    ("existence", PartyExistence, "enterprise_id", "state"),
                    ("former_names", EnterpriseName, "enterprise_id", "name")),
    "agencies": (("existence", PartyExistence, "agency_id", "state"),),
}  # fmt: skip


def is_said(fields: Mapping[str, Any], name: str) -> bool:
    """Whether a field of a revision is told: no keys, of why a firm is local only a person's reason."""
    return name not in _DERIVED and (name != "local_reason" or fields.get("local_decided_by") == "hand")


@dataclass(frozen=True, slots=True)
class Origin:
    """One value and its source. ``file`` "" and ``batch_id`` None: written by hand or by the system.

    ``one_of`` names the files of the batch where it cannot be told from which of them the value came.
    """

    field: str
    value: Any
    file: str
    sheet: str
    line: int | None
    batch_id: int | None
    at: datetime
    account: str
    withdrawn: bool = False
    undone: bool = False
    one_of: tuple[str, ...] = ()
    source: ImportSource | None = None  # of an import: what was said of its files


def field_origins(unit: Unit, kind: str, record_id: int) -> tuple[Origin, ...]:
    """Every field of a record with its present value and where that came from, then its dated facts.

    Raises ``NotFound("record_not_found")`` for an unknown kind or number.
    """
    unit.require("record.read")
    if kind not in RECORD_TABLES or unit.session.get(RECORD_TABLES[kind], record_id) is None:
        raise NotFound("record_not_found", kind=kind, id=record_id)
    chosen = select(Revision).where(Revision.kind == kind, Revision.record_id == record_id).order_by(Revision.id)
    last: dict[str, Revision] = {}
    for revision in unit.session.execute(chosen).scalars():
        last |= dict.fromkeys(revision.fields, revision)
    facts = list(_facts(unit, kind, record_id))
    sources = _Sources(unit, [*last.values(), *(row for _, _, row in facts)])
    told = [
        sources.origin(name, revision.fields[name], revision, revision.id)
        for name, revision in last.items()
        if is_said(revision.fields, name) and revision.fields[name] not in (None, "", [])
    ]
    return (*told, *(sources.origin(name, value, row, None) for name, value, row in facts))


def files_of(unit: Unit, revisions: Sequence[Revision]) -> dict[int, tuple[str, ...]]:
    """Revision -> the file it came from (and its sheet), or where that was not noted all files of its batch."""
    sources = _Sources(unit, list(revisions))
    told = {each.id: sources.origin("", None, each, each.id) for each in revisions}
    return {key: (_named(each),) if each.file else each.one_of for key, each in told.items()}


def _named(origin: Origin) -> str:
    return f"{origin.file} · {origin.sheet}" if origin.sheet else origin.file


def _facts(unit: Unit, kind: str, record_id: int) -> Iterable[tuple[str, Any, Any]]:
    for name, table, owner, column in _DATED.get(kind, ()):
        chosen = select(table).where(getattr(table, owner) == record_id).order_by(table.id)
        for row in unit.session.execute(chosen).scalars():
            yield name, getattr(row, column), row


class _Sources:
    """Files, accounts and undone batches of some rows, loaded once."""

    def __init__(self, unit: Unit, rows: list[Any]) -> None:
        batches = {row.batch_id for row in rows if row.batch_id is not None}
        self.names = account_names(unit, [row.recorded_by for row in rows])
        self.undone, self.named = undone_batches(unit, batches), named_sources(unit, batches)
        self.spans: dict[int, list[BatchSpan]] = defaultdict(list)
        chosen = (
            select(BatchSpan).where(BatchSpan.batch_id.in_(batches)).order_by(BatchSpan.last_revision, BatchSpan.id)
        )
        for span in unit.session.execute(chosen).scalars():
            self.spans[span.batch_id].append(span)
        named = select(ImportBatch.id, ImportBatch.files).where(ImportBatch.id.in_(batches))
        self.files = {key: files for key, files in unit.session.execute(named)}  # noqa: C416

    def origin(self, name: str, value: Any, row: Any, revision: int | None) -> Origin:
        """One value with its source."""
        file, sheet = self._place(row.batch_id, revision) if revision is not None else self._place_of_fact(row)
        files = tuple(str(each.get("name", "")) for each in self.files.get(row.batch_id or 0, []))
        return Origin(
            field=name,
            value=masked(name, value),
            file=file,
            sheet=sheet,
            line=row.source_line,
            batch_id=row.batch_id,
            at=row.recorded_at,
            account=self.names.get(row.recorded_by or 0, ""),
            withdrawn=getattr(row, "withdrawn_at", None) is not None,
            undone=row.batch_id in self.undone,
            one_of=() if file else files,
            source=None if row.batch_id is None else self.named.get(row.batch_id, OWN_LIST),
        )

    def _place(self, batch_id: int | None, revision: int) -> tuple[str, str]:
        """File and sheet of a revision."""
        spans = self.spans.get(batch_id or 0, [])
        at = bisect_left([span.last_revision for span in spans], revision)
        return (spans[at].file, spans[at].sheet) if at < len(spans) else self._only_place(batch_id)

    def _place_of_fact(self, row: Any) -> tuple[str, str]:
        """File and sheet of a dated fact. A batch of which one table was read notes nothing."""
        noted = [place for each in self.files.get(row.batch_id or 0, []) for place in each.get("facts", ())]
        if not noted:
            return self._only_place(row.batch_id)
        following = [place for place in noted if place["last"].get(row.__tablename__, 0) >= row.id]
        first = min(following, key=lambda place: place["last"][row.__tablename__], default=None)
        return (first["file"], first["sheet"]) if first else ("", "")

    def _only_place(self, batch_id: int | None) -> tuple[str, str]:
        """The file of a batch that has one, with its sheet where only one was read."""
        files = self.files.get(batch_id or 0, [])
        places = {(span.file, span.sheet) for span in self.spans.get(batch_id or 0, [])}
        if len(files) <= 1 and len(places) == 1:
            return places.pop()
        return (str(files[0].get("name", "")), "") if len(files) == 1 else ("", "")


def undone_batches(unit: Unit, ids: Iterable[int]) -> set[int]:
    """Which of some batches were taken back."""
    return set(unit.session.execute(select(BatchUndo.batch_id).where(BatchUndo.batch_id.in_(list(ids)))).scalars())
