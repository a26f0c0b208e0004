"""A person's corrections of a source's tables, applied when the same headers come again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import HeaderMemory
from matchhub.domain.corrections import TableCorrection
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import Kind
from matchhub.services.kernel.digests import digest
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit

_FIELDS = tuple(each.name for each in fields(TableCorrection))


@dataclass(frozen=True, slots=True)
class Corrections:
    """A person's corrections of one file: sheet, 1-based header row, and header as written -> field ("" to ignore).

    ``words`` says what words in its cells mean (``source_words``), such as a legal status that nobody knows;
    ``accepted`` are the codes of doubts about the import as a whole (``plausibility``) that were answered with a yes.
    ``tables`` holds corrections of single tables, which go before the rest; ``remember`` asks that an import which
    succeeds keeps it for the source.
    """

    sheet: str | None = None
    header_line: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[TableCorrection, ...] = ()
    remember: bool = False
    accepted: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether the reading of a table was corrected."""
        return bool(self.sheet or self.header_line or self.mapping or self.tables)

    def to_json(self) -> dict[str, Any]:
        """As a job keeps it."""
        kept: dict[str, Any] = {"sheet": self.sheet, "header_line": self.header_line, "mapping": dict(self.mapping)}
        if self.words:
            kept["words"] = dict(self.words)
        if self.accepted:
            kept["accepted"] = list(self.accepted)
        if self.tables:
            kept["tables"] = [asdict(each) | {"mapping": dict(each.mapping)} for each in self.tables]
        return kept | ({"remember": True} if self.remember else {})

    def correction_of(self, file: str, sheet: str) -> TableCorrection:
        """The correction of one table, or that of the file as a whole."""
        found = (each for each in self.tables if (each.file, each.sheet) == (file, sheet))
        return next(found, TableCorrection(file, sheet, True, self.header_line, self.mapping))

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Corrections:
        """The inverse of ``to_json``."""
        tables = tuple(TableCorrection(**{name: each[name] for name in _FIELDS if name in each})
                       for each in kept.get("tables") or ())  # fmt: skip
        mapping, remember = dict(kept.get("mapping") or {}), bool(kept.get("remember"))
        words = dict(kept.get("words") or {})
        accepted = tuple(kept.get("accepted") or ())
        return cls(kept.get("sheet"), kept.get("header_line"), mapping, words, tables, remember, accepted)


@dataclass(frozen=True, slots=True)
class Memory:
    """Corrections that were confirmed for a set of headers."""

    id: int
    headers_key: str
    corrections: Corrections

    def fits(self, headers: Iterable[str]) -> bool:
        """Whether a table has exactly the headers that these corrections are for."""
        return self.headers_key == headers_key(headers)

    def correction_of(self, file: str, sheet: str, hidden: bool) -> TableCorrection:
        """What it says of a table that has these headers; a hidden sheet is read where it was named."""
        kept = self.corrections
        return TableCorrection(file, sheet, not hidden or kept.sheet == sheet, kept.header_line, dict(kept.mapping))


def headers_key(headers: Iterable[str]) -> str:
    """One key for one set of headers, whatever their order."""
    return digest("headers", *sorted({" ".join(header.split()) for header in headers}))


def remember_headers(
    unit: Unit, source_name: str, kind: Kind, headers: Iterable[str], corrections: Corrections
) -> bool:
    """Keep corrections for a source and its headers; the newest each replaces the one before.

    False without a source's name, or where nothing was corrected and nothing is remembered.
    """
    unit.require("import.run")
    written = list(dict.fromkeys(headers))
    source_key, key = normalise_name(source_name), headers_key(written)
    if not source_key:
        return False
    chosen = select(HeaderMemory).where(
        HeaderMemory.source_key == source_key, HeaderMemory.kind == kind, HeaderMemory.headers_key == key
    )
    memory = unit.session.execute(chosen).scalar()
    if memory is None:
        if not corrections.any:
            return False
        memory = HeaderMemory(source_key=source_key, kind=kind, headers_key=key, headers=written)
        unit.session.add(memory)
    memory.source_name, memory.decided_at, memory.decided_by = source_name.strip(), unit.now, unit.actor.account_id
    memory.sheet, memory.header_line = corrections.sheet, corrections.header_line
    memory.mapping = dict(corrections.mapping)
    unit.session.flush()
    append_event(unit, "headers.remembered", kind, memory.id, columns=len(memory.mapping))
    return True


def remembered_headers(unit: Unit, source_name: str, kind: Kind | None) -> list[Memory]:
    """What is remembered of a source, the newest first."""
    source_key = normalise_name(source_name)
    if not source_key:
        return []
    chosen = select(HeaderMemory).where(HeaderMemory.source_key == source_key, HeaderMemory.kind == kind)
    rows = unit.session.execute(chosen.order_by(HeaderMemory.decided_at.desc(), HeaderMemory.id.desc())).scalars()
    return [Memory(row.id, row.headers_key, Corrections(row.sheet, row.header_line, row.mapping)) for row in rows]


def known_sources(unit: Unit) -> list[str]:
    """Names of the sources something is remembered of."""
    return sorted(set(unit.session.execute(select(HeaderMemory.source_name)).scalars()))
