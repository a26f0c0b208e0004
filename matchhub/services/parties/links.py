"""Finding the enterprises and patents that rows of other kinds speak of: by identifier, or by exact normalised name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from matchhub.db.tables import Enterprise, Patent, PatentAlias, Registration
from matchhub.domain.former_names import split_former_name
from matchhub.domain.parties import normalise_name
from matchhub.services.kernel.merges import kept_records
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.speaking import CONFIRMED
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.former_names import firms_once_named


@dataclass(slots=True)
class EnterpriseLinks:
    """Enterprises of the base by code and by normalised name (only names that one enterprise alone bears)."""

    by_uscc: dict[str, Enterprise] = field(default_factory=dict)
    by_name: dict[str, Enterprise | None] = field(default_factory=dict)
    by_former_name: dict[str, int] = field(default_factory=dict)

    def find(self, uscc: str | None, name: str | None) -> Enterprise | None:
        """The enterprise meant; a known code decides, an unknown code may still be found by its name."""
        if uscc and uscc in self.by_uscc:
            return self.by_uscc[uscc]
        found = self.by_name.get(normalise_name(split_former_name(name)[0])) if name else None
        if found is not None and uscc and found.uscc and found.uscc != uscc:
            return None  # same name, another code: another firm
        return found

    def candidate(self, name: str | None) -> int | None:
        """The enterprise that once bore the name, or the former name in brackets behind it; for a person to judge."""
        for each in filter(None, split_former_name(name) if name else ()):
            key = normalise_name(each)
            if (firm := self.by_name.get(key)) is not None:
                return firm.id
            if key in self.by_former_name:
                return self.by_former_name[key]
        return None


def link_enterprises(unit: Unit, pairs: Iterable[tuple[str | None, str | None]]) -> EnterpriseLinks:
    """Load the enterprises that ``(uscc, name)`` pairs speak of."""
    wanted = list(pairs)
    links = EnterpriseLinks()
    kept = kept_records(unit, "enterprises")
    links.by_uscc = dict(_enterprises(unit, Enterprise.uscc, {uscc for uscc, _ in wanted if uscc}, kept))
    names: dict[str, dict[int, Enterprise]] = {}
    self_named = _self_named(unit)
    written = {part for _, name in wanted if name for part in split_former_name(name) if part}
    links.by_former_name = firms_once_named(unit, written)
    for name, firm in _enterprises(unit, Enterprise.name_key, {normalise_name(each) for each in written}, kept):
        if firm.id in self_named:
            continue
        names.setdefault(name, {})[firm.id] = firm
    links.by_name = {name: next(iter(firms.values())) if len(firms) == 1 else None for name, firms in names.items()}
    return links


def _enterprises(unit: Unit, column: Any, values: set[str], kept: dict[int, int]) -> Iterator[tuple[str, Enterprise]]:
    """Enterprises that stand, by the value they bear; for a merged one the record that stands for it."""
    for part in parts(sorted(values)):
        for row in unit.session.execute(select(Enterprise).where(column.in_(part))).scalars().all():
            firm = unit.session.get(Enterprise, kept[row.id]) if row.id in kept else row
            if firm is not None and firm.withdrawn_at is None:
                yield getattr(row, column.key), firm


def _self_named(unit: Unit) -> set[int]:
    """Firms whose name nobody but a registration that waits, or was rejected, ever said: it finds nothing."""
    word = aliased(Registration)
    confirmed = exists().where(word.enterprise_id == Enterprise.id, word.decision == CONFIRMED)
    chosen = (
        select(Enterprise.id)
        .join(Registration, Registration.enterprise_id == Enterprise.id)
        .where(Registration.by_itself, Enterprise.batch_id.is_(None), Enterprise.recorded_by.is_(None), ~confirmed)
    )
    return set(unit.session.execute(chosen).scalars())


def link_patents(unit: Unit, numbers: Iterable[str]) -> dict[str, int]:
    """Ids of the patents that bear these application or publication numbers."""
    found: dict[str, int] = {}
    for part in parts(sorted(set(numbers))):
        owners = select(Patent.application_number, Patent.id).where(Patent.application_number.in_(part))
        found |= {number: key for number, key in unit.session.execute(owners) if number}
        aliases = select(PatentAlias.value, PatentAlias.patent_id).where(PatentAlias.value.in_(part))
        found |= dict(unit.session.execute(aliases).all())
    return found
