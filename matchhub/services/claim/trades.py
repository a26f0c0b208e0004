"""Trades (相关产业) of records: which records a trade has, and which trades some records belong to.

By the classes of a record's patents; of a demand what its field names, else its enterprise; of an enterprise what its
own industry names. Experts and agencies belong to none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    DealPatent,
    Demand,
    Enterprise,
    Licence,
    Offer,
    Patent,
    PatentClass,
    PushItem,
)
from matchhub.domain.industries import fitting_industries, named_industries, patent_classes
from matchhub.errors import NotFound
from matchhub.services.counting.reach import among
from matchhub.services.kernel.unit import Unit
from matchhub.services.trades.figures import patents_of_trade

_BY_PATENT: Mapping[str, tuple[Any, Any]] = {
    "patents": (Patent.id, Patent.id),
    "deals": (DealPatent.deal_id, DealPatent.patent_id),
    "offers": (Offer.id, Offer.patent_id),
    "licences": (Licence.id, Licence.patent_id),
    "pushes": (PushItem.push_id, PushItem.patent_id),
}


def records_of_trade(unit: Unit, kind: str, trade: str) -> set[int]:
    """Records of a kind that belong to a trade. Raises ``NotFound``."""
    if trade not in unit.pack.industries:
        raise NotFound()
    if kind in _SAID:
        named = _Named(unit)
        return {key for key, *said in unit.session.execute(_SAID[kind]) if trade in named.first(*said)}
    if kind not in _BY_PATENT:
        return set()
    record, patent = _BY_PATENT[kind]
    served = select(Patent.id).where(patents_of_trade(unit, trade))
    return set(unit.session.execute(select(record).where(patent.in_(served))).scalars())


def trades_by_record(unit: Unit, kind: str, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Keys of the trades that some records belong to, in the order of the pack; records of none are left out."""
    if kind in _SAID:
        named, table = _Named(unit), Enterprise if kind == "enterprises" else Demand
        rows = unit.session.execute(_SAID[kind].where(among(table.id, ids)))
        told = {key: named.first(*said) for key, *said in rows}
        return {key: trades for key, trades in told.items() if trades}
    return _by_classes(unit, kind, ids) if kind in _BY_PATENT else {}


def _by_classes(unit: Unit, kind: str, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    record, patent = _BY_PATENT[kind]
    chosen = select(record, PatentClass.scheme, PatentClass.symbol)
    if kind == "patents":
        chosen = select(PatentClass.patent_id, PatentClass.scheme, PatentClass.symbol)
        chosen = chosen.where(among(PatentClass.patent_id, ids))
    else:
        chosen = chosen.join(PatentClass, PatentClass.patent_id == patent).where(among(record, ids))
    symbols: dict[int, dict[str, list[str]]] = defaultdict(lambda: {"ipc": [], "locarno": []})
    for key, scheme, symbol in unit.session.execute(chosen):
        symbols[key][scheme].append(symbol)
    industries = tuple(unit.pack.industries.values())
    found = {
        key: fitting_industries(patent_classes(held["ipc"], held["locarno"]), industries)
        for key, held in symbols.items()
    }
    return {key: tuple(each.key for each in served) for key, served in found.items() if served}


_SAID: Mapping[str, Any] = {
    "enterprises": select(Enterprise.id, Enterprise.industry),
    "demands": select(Demand.id, Demand.technical_field, Enterprise.industry).join(
        Enterprise, Enterprise.id == Demand.enterprise_id
    ),
}


class _Named:
    """Which trades a field names; the same words come again and again."""

    def __init__(self, unit: Unit) -> None:
        self._industries = tuple(unit.pack.industries.values())
        self._known: dict[str, tuple[str, ...]] = {}

    def first(self, *written: str | None) -> tuple[str, ...]:
        """Keys of the trades that the first of these names which names any."""
        return next(filter(None, (self._of(each) for each in written if each)), ())

    def _of(self, written: str) -> tuple[str, ...]:
        if written not in self._known:
            meant = named_industries(written, self._industries).meant
            self._known[written] = tuple(dict.fromkeys(each.key for meanings in meant for each in meanings))
        return self._known[written]
