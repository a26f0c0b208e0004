"""The rows behind a cell of the statistics: exactly the things that it adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matchhub.db.tables import Agency
from matchhub.domain.statistics import MEASURES, NOWHERE, STEPS, Place
from matchhub.errors import NotFound
from matchhub.services.kernel.paging import Page, Sought, sorted_page
from matchhub.services.kernel.unit import Unit
from matchhub.services.records.labels import find_ids, label_records
from matchhub.services.statistics.asking import Asked
from matchhub.services.statistics.figures import matrix_of
from matchhub.services.statistics.lying import Thing, at_step, lying
from matchhub.services.statistics.parties import agency_deals, agency_threads, firms_of_threads, holders

ASKED, ANSWERED, OPEN, BROUGHT, INVITED = "asked", "answered", "open", "brought", "invited"
OPENED = (*MEASURES, *STEPS[1:], ASKED, ANSWERED, OPEN, BROUGHT, INVITED)
"""What a cell may open: a measure of the matrix, a step of the funnel, conversations of a holder, an agency's deals and
conversations. ``STEPS`` begin with the demands themselves."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cell: what it adds up (``OPENED``), and of which trade, class, holder or agency; empty: all.

    ``query`` narrows it to records in whose names or numbers every word stands.
    """

    of: str
    trade: str = ""
    group: str = ""
    holder: str = ""
    agency: int = 0
    query: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of a cell, as a list shows it; ``note`` says whom it concerns."""

    kind: str
    record: int
    key: int
    place: Place
    day: date | None
    days: int | None
    code: str
    title: str = ""
    number: str = ""
    note: str = ""


_ORDERS = {
    "id": lambda row: row.record,
    "day": lambda row: row.day,
    "days": lambda row: row.days,
    "trade": lambda row: row.place.trade,
    "class": lambda row: row.place.group,
}


def list_rows(unit: Unit, asked: Asked, wanted: Wanted, sought: Sought) -> Page[Row]:
    """The rows of a cell, the newest first or in the order sought; ``NotFound`` for what no cell adds up."""
    unit.require("statistics.read")
    if wanted.of not in OPENED:
        raise NotFound("cell_not_found", cell=wanted.of)
    things = list(_things(unit, asked, wanted))
    if wanted.query:
        things = _named(unit, wanted, things)
    rows = [Row(each.kind, each.record, each.key, each.place, each.day, each.days, each.code) for each in things]
    rows.sort(key=lambda row: (row.day or date.min, row.record), reverse=True)
    page = sorted_page(rows, sought, _ORDERS.get(sought.sort), lambda row: (row.record, row.key))
    return replace(page, items=_labelled(unit, page.items))


def whom_of(unit: Unit, asked: Asked, wanted: Wanted) -> str:
    """The name of the holder or agency that a cell is about; empty where it is about none that is known."""
    unit.require("statistics.read")
    if wanted.holder:
        return holders(unit, asked).names.get(wanted.holder, "")
    agency = unit.session.get(Agency, wanted.agency) if wanted.agency else None
    return agency.name if agency else ""


def _named(unit: Unit, wanted: Wanted, things: Sequence[Thing]) -> list[Thing]:
    """Those whose names or numbers hold every word typed; a conversation is called as its patent is."""
    kind = "patents" if _of_threads(wanted) else next((each.kind for each in things), "demands")
    kept = find_ids(unit, kind, wanted.query)
    subjects = {key: found[0] for key, found in firms_of_threads(unit).items()} if _of_threads(wanted) else {}
    return [each for each in things if kept is None or subjects.get(each.record, each.record) in kept]


def _of_threads(wanted: Wanted) -> bool:
    return wanted.of in (ASKED, ANSWERED, OPEN, INVITED)


def _things(unit: Unit, asked: Asked, wanted: Wanted) -> Iterator[Thing]:
    if wanted.of in (ASKED, ANSWERED, OPEN):
        yield from _askings(unit, asked, wanted)
    elif wanted.of == INVITED:
        for agency, threads in agency_threads(unit, asked).items():
            if wanted.agency in (0, agency):
                yield from (Thing("threads", thread, agency, NOWHERE, day) for thread, day in threads)
    else:
        yield from _lying(unit, asked, wanted)


def _askings(unit: Unit, asked: Asked, wanted: Wanted) -> Iterator[Thing]:
    for each in holders(unit, asked).askings:
        answered = each.answered_on is not None
        if wanted.holder in ("", each.holder) and (wanted.of == ASKED or answered == (wanted.of == ANSWERED)):
            days = (each.answered_on - each.asked_on).days if each.answered_on else None
            yield Thing("threads", each.thread, 0, NOWHERE, each.asked_on, days)


def _lying(unit: Unit, asked: Asked, wanted: Wanted) -> Iterator[Thing]:
    lies = lying(unit, asked)
    if wanted.of == BROUGHT:
        things = lies.things["deals"]
        by = agency_deals(unit, asked, {each.record for each in things})
        for agency, deals in by.items():
            if wanted.agency in (0, agency):
                firsts = {each.record: each for each in reversed(things)}
                yield from (replace(firsts[deal], key=agency) for deal in deals)
        return
    drawn = matrix_of(unit, lies)
    things = lies.things[wanted.of] if wanted.of in MEASURES else at_step(lies, wanted.of)
    yield from (each for each in things if drawn.holds(each.place, wanted.trade, wanted.group))


def _labelled(unit: Unit, rows: Sequence[Row]) -> list[Row]:
    threads = firms_of_threads(unit) if any(row.kind == "threads" for row in rows) else {}
    kinds = {row.kind for row in rows} - {"threads"}
    labels = {kind: label_records(unit, kind, [row.record for row in rows if row.kind == kind]) for kind in kinds}
    if threads:
        labels["patents"] = label_records(unit, "patents", [threads[row.record][0] for row in rows])
    found = []
    for row in rows:
        about = threads.get(row.record) if row.kind == "threads" else None
        label = labels["patents"].get(about[0]) if about else labels[row.kind].get(row.record)
        note = about[2] if about else label.note if label else ""
        found.append(replace(row, title=label.title if label else "", number=label.number if label else "", note=note))
    return found
