"""Whether a patent lived on a given day, from dated statuses, its grant and its term."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from matchhub.domain.calendar import EARLIEST, as_utc
from matchhub.domain.counting.facts import EncumbranceFact, EncumbranceWord, StatusFact
from matchhub.domain.identifiers import filing_year_of, patent_type_of
from matchhub.domain.patents import term_ends_on
from matchhub.domain.records import PatentType
from matchhub.errors import IdentifierInvalid

EARLIEST_FILING = date(1985, 4, 1)
"""Day on which the Patent Law came into force; nothing was filed before, and nothing of that day is over within ten
years of it."""
Life = Literal["in_force", "not_granted", "dead", "unknown"]
_WORST_LAST = {"in_force": 0, "pending": 1, "dead": 2}
_LAST_STAGE = {"pending": 0, "in_force": 1, "dead": 2}


def status_weight(
    validity: str, as_of_on: date | None, told: bool, recorded_at: datetime | None
) -> tuple[bool, date, bool, datetime, int]:
    """What decides between statuses: the greatest stands. One that says nothing ("unknown") gives way to any other.

    Of two of one day the later stage of a patent's life stands where their sources told the day, whatever the order in
    which they came; where they did not, the one recorded later, else the worse one. A told day goes before an assumed.
    """
    recorded = as_utc(recorded_at) if recorded_at and not told else EARLIEST
    rank = (_LAST_STAGE if told else _WORST_LAST).get(validity, -1)
    return (validity != "unknown", as_of_on or date.min, told, recorded, rank)


def _weight(status: StatusFact) -> tuple[bool, date, bool, datetime, int]:
    return status_weight(status.validity, status.as_of_on, status.day_told, status.recorded_at)


def _dated(statuses: Iterable[StatusFact]) -> list[StatusFact]:
    known = (s for s in statuses if s.as_of_on is not None and s.validity != "unknown")
    return sorted(known, key=_weight)


def status_on(statuses: Iterable[StatusFact], day: date) -> StatusFact | None:
    """The newest status that says something (not ``unknown``) and was looked at on or before ``day``; None if none.

    Of two statuses of one day ``status_weight`` decides.
    """
    held = [s for s in _dated(statuses) if s.as_of_on is not None and s.as_of_on <= day]
    return held[-1] if held else None


def ended_on(application_number: str | None, filed_on: date | None, expires_on: date | None) -> date | None:
    """First day without protection: as a source states it, else from the term (Patent Law art. 42); None unknown.

    Without a day of filing the year in the application number gives the longest term: that of a filing on its last
    day. A divisional or national phase application counts from an earlier filing, so its term is never longer.
    """
    if expires_on is not None or application_number is None:
        return expires_on
    try:
        latest_on = filed_on or date(filing_year_of(application_number), 12, 31)
        return term_ends_on(patent_type_of(application_number), latest_on)
    except IdentifierInvalid:
        return None


def is_expired(day: date, application_number: str | None, filed_on: date | None, expires_on: date | None) -> bool:
    """Whether the term of the right is over on ``day`` (已届满)."""
    end_on = ended_on(application_number, filed_on, expires_on)
    return end_on is not None and day >= end_on


def newest_filing_over(day: date, patent_type: PatentType) -> date:
    """The newest day of filing of a type whose term is over on ``day``; what was filed earlier is over as well."""
    early, late = EARLIEST_FILING, day
    while early < late:
        middle = early + (late - early + timedelta(days=1)) // 2
        early, late = (
            (middle, late) if term_ends_on(patent_type, middle) <= day else (early, middle - timedelta(days=1))
        )
    return early


ENDED = ("dead", "expired")
"""What ``shown_validity`` gives for a right that no longer exists."""


def shown_validity(validity: str | None, expired: bool) -> str:
    """What a page says of a patent: ``expired`` where its term is over, whatever was last read of it; else
    ``validity`` as the newest source says, ``unknown`` where none says anything."""
    return "expired" if expired else validity or "unknown"


def life_on(
    day: date, statuses: Iterable[StatusFact], granted_on: date | None = None, end_on: date | None = None
) -> Life:
    """Whether the right was in force on ``day``.

    A status looked at by then decides; one older than the grant is superseded by it. Where nobody had looked by then,
    the first later status decides if it says "in force" and the grant lay before ``day``.
    """
    if end_on is not None and day >= end_on:
        return "dead"
    if granted_on is not None and granted_on > day:
        return "not_granted"
    dated = _dated(statuses)
    held = [s for s in dated if s.as_of_on is not None and s.as_of_on <= day]
    if held:
        return _life_of(held[-1], granted_on)
    later = dated[0] if dated else None
    if later is not None and later.validity == "in_force" and granted_on is not None:
        return "in_force"
    return "unknown"


def _life_of(status: StatusFact, granted_on: date | None) -> Life:
    if status.validity == "pending":
        superseded = granted_on is not None and status.as_of_on is not None and status.as_of_on < granted_on
        return "in_force" if superseded else "not_granted"
    return "dead" if status.validity == "dead" else "in_force"


def periods_of(words: Iterable[EncumbranceWord]) -> tuple[EncumbranceFact, ...]:
    """The periods in which something lay on a patent, from what sources said of single days, in any order.

    Where no source tells the beginning, it lay since ever, or since it was last said to have ended. The day of which it
    is said to have ended is the first one without it. Of two words of one day the later recorded stands where the day
    was assumed, else the one that it lies.
    """
    by_kind: dict[str, list[EncumbranceWord]] = {}
    for word in sorted(words, key=_weight_of_word):
        by_kind.setdefault(word.kind, []).append(word)
    return tuple(period for kind in sorted(by_kind) for period in _periods(by_kind[kind]))


def _weight_of_word(word: EncumbranceWord) -> tuple[date, bool, datetime, bool, date]:
    recorded = as_utc(word.recorded_at) if word.recorded_at and not word.day_told else EARLIEST
    return (word.as_of_on, word.day_told, recorded, not word.ended, word.from_on or date.min)


def _periods(words: list[EncumbranceWord]) -> Iterable[EncumbranceFact]:
    """Periods of one kind; ``words`` lie in their order, of one day the last one speaks."""
    opened: EncumbranceFact | None = None
    ended_on: date | None = None
    for word in {word.as_of_on: word for word in words}.values():
        if word.ended:
            if opened is not None:
                yield replace(opened, to_on=word.as_of_on - timedelta(days=1))
            opened, ended_on = None, word.as_of_on
        elif opened is None:
            opened = EncumbranceFact(kind=word.kind, from_on=word.from_on or ended_on)
        elif word.from_on is not None and opened.from_on is None:
            opened = replace(opened, from_on=word.from_on)
        if opened is not None and word.to_on is not None:
            yield replace(opened, to_on=word.to_on)
            opened, ended_on = None, word.to_on + timedelta(days=1)
    if opened is not None:
        yield opened


def encumbrances_on(encumbrances: Iterable[EncumbranceFact], day: date) -> tuple[EncumbranceFact, ...]:
    """Encumbrances that lie on the patent on ``day`` (first and last day included), in a fixed order."""
    held = (e for e in encumbrances if (e.from_on is None or e.from_on <= day) and (e.to_on is None or day <= e.to_on))
    return tuple(sorted(held, key=lambda e: (e.kind, e.from_on or date.min, e.to_on or date.max)))
