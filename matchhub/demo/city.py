"""What the parts of the story share: names, sizes, agenda, actors, and what stands in the city so far."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from matchhub.demo.agenda import Agenda, acting
from matchhub.demo.names import Names
from matchhub.demo.originals import original_of
from matchhub.demo.parties import Firm
from matchhub.demo.patents import Invented
from matchhub.demo.sizes import Sizes
from matchhub.domain.records import Kind, PatentRecord, Record, Row
from matchhub.domain.sources import OWN_LIST, ImportSource, SourceKind
from matchhub.services.evidence.files import keep_content
from matchhub.services.imports.batch import import_rows
from matchhub.services.kernel.unit import Actor, Unit

LAST_DAY = date(2025, 12, 31)
# Who issued the invented files of the stock; all of them say that they are invented.
_SOURCES: dict[Kind, tuple[SourceKind, str]] = {
    "patents": ("register", "虚构专利登记簿（演示）"),
    "enterprises": ("list", "虚构科学技术局（演示）"),
    "experts": ("list", "虚构专家库管理单位（演示）"),
    "agencies": ("register", "虚构代理机构登记系统（演示）"),
}


def source_of(kind: Kind, day: date) -> ImportSource:
    """The source that an invented file of this kind names, issued on ``day``."""
    if kind not in _SOURCES:
        return OWN_LIST
    named, issuer = _SOURCES[kind]
    return ImportSource(named, issuer, day)


@dataclass
class City:
    """The state of the story. ``actors`` by login; ``patent_ids`` by application number."""

    names: Names
    sizes: Sizes
    progress: Callable[[str], None]
    agenda: Agenda
    actors: dict[str, Actor] = field(default_factory=dict)
    firms: list[Firm] = field(default_factory=list)
    odd: dict[str, Firm] = field(default_factory=dict)
    patents: list[Invented] = field(default_factory=list)  # those that count, in order of their entry
    special: dict[str, Invented] = field(default_factory=dict)
    odd_patents: list[PatentRecord] = field(default_factory=list)  # those that do not, the dead one first
    pool: list[Invented] = field(default_factory=list)  # inventions of one institution that are licensed in bundles
    patent_ids: dict[str, int] = field(default_factory=dict)
    sources: list[tuple[int, str]] = field(default_factory=list)  # batches that the bureau has not looked at, by name
    bound: set[str] = field(default_factory=set)  # numbers promised to an offer or a deal

    sole_buyers: set[str] = field(default_factory=set)  # firms that buy by one contract only
    recorded: Counter[str] = field(default_factory=Counter)  # records by kind

    @property
    def chance(self) -> Random:
        """The one source of chance."""
        return self.names.chance

    def take(self, unit: Unit, kind: Kind, records: Iterable[Record], name: str = "演示数据") -> list[int]:
        """Import records as the operator's clerk; ids of those created, in order."""
        rows = [Row(record.source, record) for record in records]
        return self.take_rows(unit, kind, rows, name)

    def take_rows(self, unit: Unit, kind: Kind, rows: Sequence[Row], name: str = "演示数据") -> list[int]:
        """Import rows, also those that are refused or held for a person; files of the stock name their source."""
        clerk = acting(unit, self.actors["clerk"])
        source = source_of(kind, clerk.today)
        files = [{"name": rows[0].source.file, "sheet": "", **self._kept(unit, rows, source)}] if rows else []
        result = import_rows(clerk, kind, rows, files=files, source_name=name, source=source, demo=True)
        if not source.is_own and result.batch_id is not None:
            self.sources.append((result.batch_id, name))
        self.recorded[kind] += len(result.created_ids)
        return result.created_ids

    def _kept(self, unit: Unit, rows: Sequence[Row], source: ImportSource) -> dict[str, str]:
        """The hash of the file of a named source, which is kept for the bureau."""
        if source.is_own:
            return {}
        content = original_of(rows)
        digest = hashlib.sha256(content).hexdigest()
        keep_content(unit.home, digest, content)
        return {"sha256": digest}

    def by(self, unit: Unit, login: str) -> Unit:
        """The unit in the hands of one of the staff."""
        return acting(unit, self.actors[login])

    def of_firm(self, unit: Unit, firm: Firm) -> Unit:
        """The unit in the hands of an enterprise, with its account where it has one."""
        login = firm.record.uscc or ""
        return acting(unit, self.actors.get(login) or Actor("enterprise", enterprise_id=firm.id, name=firm.name))

    def patent_id(self, patent: Invented) -> int:
        """The id under which the patent was recorded."""
        return self.patent_ids[patent.number]
