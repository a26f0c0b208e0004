"""What of a record matters to its trades: one line per patent, open-licence offer and demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Demand, Enterprise, Offer, Patent, PatentClass, PatentStatus
from matchhub.domain.industries import Industry, fitting_industries, named_industries, patent_classes
from matchhub.domain.validity import ended_on, shown_validity, status_weight
from matchhub.services.demands.public import PUBLIC_STATES
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit

_ALL = None
Ids = Collection[int] | None
"""Numbers of records; ``None``: all of them."""


@dataclass(frozen=True, slots=True)
class PatentLine:
    """``subclasses``: A43B, or a class of designs; ``said`` is the validity that the newest source tells."""

    trades: tuple[str, ...]
    subclasses: tuple[str, ...]
    filed: int | None
    said: str | None
    ends_on: date | None

    def in_force(self, day: date) -> bool:
        """Whether a page calls it in force on ``day``."""
        return shown_validity(self.said, self.ends_on is not None and day >= self.ends_on) == "in_force"


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer with its period; ``declared`` is the year of its declaration."""

    trades: tuple[str, ...]
    declared: int | None
    first_on: date | None
    last_on: date | None
    withdrawn_on: date | None

    def runs(self, day: date) -> bool:
        """Whether it can be accepted on ``day``: ``services.patents.page.running_offer`` on plain values."""
        begun = self.first_on is None or self.first_on <= day
        ended = self.withdrawn_on is not None and self.withdrawn_on <= day
        return begun and not ended and (self.last_on is None or self.last_on >= day)


@dataclass(frozen=True, slots=True)
class DemandLine:
    """A demand that everybody may know of."""

    trades: tuple[str, ...]
    posted: int


def patent_lines(unit: Unit, ids: Ids = _ALL) -> dict[int, PatentLine]:
    """Lines of the patents on record; those that are withdrawn have none."""
    industries = tuple(unit.pack.industries.values())
    symbols: dict[int, list[tuple[str, str]]] = defaultdict(list)
    asked = select(PatentClass.patent_id, PatentClass.scheme, PatentClass.symbol).order_by(
        PatentClass.position, PatentClass.id
    )
    for key, scheme, symbol in _rows(unit, asked, PatentClass.patent_id, ids):
        symbols[key].append((scheme, symbol))
    said = _newest_words(unit, ids)
    chosen = select(Patent.id, Patent.application_number, Patent.filed_on, Patent.expires_on)
    known = _Known(industries)
    return {
        key: PatentLine(
            *known.of(tuple(symbols.get(key, ()))),
            filed_on.year if filed_on else None,
            said.get(key),
            ended_on(number, filed_on, expires_on),
        )
        for key, number, filed_on, expires_on in _rows(
            unit, chosen.where(Patent.withdrawn_at.is_(None)), Patent.id, ids
        )
    }


class _Known:
    """Trades and subclasses by symbols: thousands of patents bear the same ones."""

    def __init__(self, industries: tuple[Industry, ...]) -> None:
        self._industries = industries
        self._found: dict[tuple[tuple[str, str], ...], tuple[tuple[str, ...], tuple[str, ...]]] = {}

    def of(self, symbols: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Keys of the trades that the symbols serve, and the subclasses named."""
        if symbols not in self._found:
            classes = patent_classes(
                [symbol for scheme, symbol in symbols if scheme == "ipc"],
                [symbol for scheme, symbol in symbols if scheme == "locarno"],
            )
            trades = tuple(each.key for each in fitting_industries(classes, self._industries))
            named = (symbol[:4] if scheme == "ipc" else symbol[:2] for scheme, symbol in symbols)
            self._found[symbols] = trades, tuple(dict.fromkeys(each.strip() for each in named))
        return self._found[symbols]


def _newest_words(unit: Unit, ids: Ids) -> dict[int, str]:
    """What the newest source says of each patent's validity: ``services.patents.page.newest_statuses`` in bulk."""
    weights: dict[int, tuple[Any, ...]] = {}
    said: dict[int, str] = {}
    chosen = select(
        PatentStatus.patent_id, PatentStatus.id, PatentStatus.validity, PatentStatus.as_of_on, PatentStatus.day_told,
        PatentStatus.recorded_at,
    ).where(PatentStatus.withdrawn_at.is_(None))  # fmt: skip
    for key, row, validity, as_of_on, day_told, recorded_at in _rows(unit, chosen, PatentStatus.patent_id, ids):
        weight = (*status_weight(validity, as_of_on, day_told, recorded_at), row)
        if key not in weights or weight > weights[key]:
            weights[key], said[key] = weight, validity
    return said


def offer_lines(unit: Unit, ids: Ids = _ALL) -> dict[int, OfferLine]:
    """Lines of the offers on record; a tag says the trades, the patent's classes where there is none."""
    chosen = select(Offer).where(Offer.withdrawn_at.is_(None))
    rows = [row for (row,) in _rows(unit, chosen, Offer.id, ids)]
    untagged = {row.patent_id for row in rows if not row.industry}
    by_class = patent_lines(unit, untagged) if untagged else {}
    standing = _standing_patents(unit, {row.patent_id for row in rows})
    found = {}
    for row in rows:
        if row.patent_id not in standing:
            continue
        classed = by_class.get(row.patent_id)
        trades = _named(unit, row.industry) if row.industry else classed.trades if classed else ()
        year = row.declared_on.year if row.declared_on else None
        found[row.id] = OfferLine(trades, year, row.valid_from_on or row.declared_on, row.valid_to_on, row.ended_on)
    return found


def _standing_patents(unit: Unit, ids: Collection[int]) -> set[int]:
    chosen = select(Patent.id).where(Patent.withdrawn_at.is_(None))
    return {key for (key,) in _rows(unit, chosen, Patent.id, ids)}


def demand_lines(unit: Unit, ids: Ids = _ALL) -> dict[int, DemandLine]:
    """Lines of the demands that everybody may know of: the trades that its field names, else those of its firm."""
    chosen = (
        select(Demand.id, Demand.technical_field, Demand.posted_on, Enterprise.industry)
        .join(Enterprise, Enterprise.id == Demand.enterprise_id)
        .where(Demand.state.in_(PUBLIC_STATES), Demand.confidentiality != "invited")
    )
    return {
        key: DemandLine(_named(unit, field) or _named(unit, industry), posted_on.year)
        for key, field, posted_on, industry in _rows(unit, chosen, Demand.id, ids)
    }


def _named(unit: Unit, written: str | None) -> tuple[str, ...]:
    """Keys of the trades that a tag or a field names."""
    meant = named_industries(written or "", unit.pack.industries.values()).meant
    return tuple(dict.fromkeys(each.key for meanings in meant for each in meanings))


def _rows(unit: Unit, chosen: Any, column: Any, ids: Ids) -> Iterator[Any]:
    """Rows of a statement: all, or those whose ``column`` is among ``ids``."""
    if ids is None:
        yield from unit.session.execute(chosen)
        return
    for part in parts(sorted(ids)):
        yield from unit.session.execute(chosen.where(column.in_(part)))
