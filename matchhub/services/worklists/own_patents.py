"""Own patents of an institution (机构) as a list: searched, filtered, ordered, chosen from.

All own patents are read in a fixed number of statements, and what a filter asks is judged on their rows: an institution
has hundreds of patents, not hundreds of thousands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Patent, PatentOffer
from matchhub.services.kernel.paging import Page, page_of, typed_words
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.own_scores import own_scores
from matchhub.services.patents.holders import own_patent_ids
from matchhub.services.patents.rows import PatentRow, rows_of

FITS = ("fits", "none")
OFFERS = ("listed", "review", "open_licence", "neither")
SORTS = ("fit", "newest", "oldest", "title", "number", "class")
MOST_CHOSEN = 1_000


@dataclass(frozen=True, slots=True)
class OwnFilters:
    """What the list is asked for; an empty text asks nothing, an unknown key finds nothing."""

    words: str = ""
    symbol: str = ""  # IPC subclass or Locarno class, as ``symbol_of`` gives it
    validity: str = ""
    fit: str = ""
    offer: str = ""
    sort: str = "fit"


@dataclass(frozen=True, slots=True)
class OwnPatent:
    """An own patent with the best score among today's demands, how many it fits, and whether it is on offer.

    ``listing`` is "listed", "review" or "".
    """

    patent: PatentRow
    best: float | None
    demands: int
    listing: str


@dataclass(frozen=True, slots=True)
class OwnListLine:
    """One own patent in the sheet that its holder fills in."""

    number: str
    title: str
    annuity_paid_to_on: date | None


@dataclass(frozen=True, slots=True)
class OwnPatents:
    """A page of own patents, the ids of all that were found in their order, and the filters, with counts."""

    page: Page[OwnPatent]
    found: tuple[int, ...]
    total: int
    symbols: tuple[tuple[str, int], ...]
    validities: tuple[tuple[str, int], ...]


def own_patents(unit: Unit, number: int = 1, filters: OwnFilters = OwnFilters()) -> OwnPatents:
    """Own patents as filtered; unless asked otherwise those that fit today's demands best first."""
    every = _every(unit, own_patent_ids(unit))
    found = _ordered([each for each in every if _meets(each, filters)], filters.sort)
    by_id = {each.patent.id: each for each in found}
    ids = tuple(by_id)
    symbols = Counter(symbol_of(each.patent.main_class) for each in every)
    return OwnPatents(
        page=page_of(ids, number, lambda keys: [by_id[key] for key in keys]),
        found=ids,
        total=len(every),
        symbols=tuple(sorted((key, times) for key, times in symbols.items() if key)),
        validities=tuple(sorted(Counter(each.patent.validity for each in every).items())),
    )


def chosen_patents(unit: Unit, ids: Collection[int]) -> tuple[OwnPatent, ...]:
    """Those of the patents that are the actor's own, by title; what is not one's own is not there."""
    own = own_patent_ids(unit)
    wanted = frozenset(own & set(ids))
    return tuple(_ordered([each for each in _every(unit, own) if each.patent.id in wanted], "title"))


def own_list_lines(unit: Unit) -> tuple[OwnListLine, ...]:
    """All own patents as the sheet to fill in has them, by number."""
    chosen = sorted(own_patent_ids(unit))
    lines: list[OwnListLine] = []
    for part in parts(chosen):
        told = select(
            Patent.application_number, Patent.publication_number, Patent.title, Patent.annuity_paid_to_on
        ).where(Patent.id.in_(part))
        for number, publication, title, paid_to in unit.session.execute(told):
            lines.append(OwnListLine(number or publication or "", title or "", paid_to))
    return tuple(sorted(lines, key=lambda each: each.number))


def symbol_of(main_class: str) -> str:
    """The part of a class symbol that a list is filtered by: ``C09J`` of ``C09J 175/04``, ``02-04`` as it stands."""
    return main_class.split(" ")[0].split("/")[0][: 4 if main_class[:1].isalpha() else None]


def _every(unit: Unit, own: frozenset[int]) -> list[OwnPatent]:
    fits: dict[int, list[float]] = {}
    for pairs in own_scores(unit, own).values():
        for patent_id, score in pairs:
            fits.setdefault(patent_id, []).append(score)
    listings = _listings(unit)
    return [
        OwnPatent(row, max(fits.get(row.id, ()), default=None), len(fits.get(row.id, ())), listings.get(row.id, ""))
        for row in rows_of(unit, own)
    ]


def _listings(unit: Unit) -> dict[int, str]:
    """By patent, whether the actor's organisation has it on offer, or waits for the operator's word on it."""
    chosen = select(PatentOffer.patent_id, PatentOffer.state).where(
        PatentOffer.organisation_id == (unit.actor.organisation_id or 0),
        PatentOffer.state.in_(("published", "review")),
        PatentOffer.patent_id.is_not(None),
    )
    rows = unit.session.execute(chosen)
    return {key: "listed" if state == "published" else state for key, state in rows if key is not None}


def _meets(each: OwnPatent, asked: OwnFilters) -> bool:
    row = each.patent
    text = " ".join((row.title, row.abstract, row.number, *row.holders)).casefold()
    offered = {"listed": each.listing == "listed", "review": each.listing == "review", "open_licence": row.offered,
               "neither": not each.listing and not row.offered}  # fmt: skip
    return (
        all(word.casefold() in text for word in typed_words(asked.words))
        and asked.symbol in ("", symbol_of(row.main_class))
        and asked.validity in ("", row.validity)
        and asked.fit in ("", "fits" if each.demands else "none")
        and (not asked.offer or offered.get(asked.offer, False))
    )


_KEYS: dict[str, Callable[[OwnPatent], Any]] = {
    "fit": lambda each: (-(each.best or 0.0), -each.patent.id),
    "newest": lambda each: (-(each.patent.day or date.min).toordinal(), each.patent.id),
    "oldest": lambda each: (each.patent.day or date.max, each.patent.id),
    "title": lambda each: (each.patent.title, each.patent.id),
    "number": lambda each: (each.patent.number, each.patent.id),
    "class": lambda each: (not each.patent.main_class, each.patent.main_class, each.patent.id),
}


def _ordered(found: Sequence[OwnPatent], sort: str) -> list[OwnPatent]:
    return sorted(found, key=_KEYS.get(sort, _KEYS["fit"]))
