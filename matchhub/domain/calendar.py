"""Calendar months as the law counts them (the same day of the month, else its last day), and moments in UTC."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

# Years that a person can mean: nothing recorded here is older, and sums with days stay within the calendar.
YEARS = range(1900, 2101)
EARLIEST = datetime.min.replace(tzinfo=UTC)
_FIXED_OFFSET = re.compile(r"UTC([+-])([01]\d):([0-5]\d)")


# The one zone of the country, in which its registers write days (GB/T 7408); a city's own clock stands in its pack.
CHINA = timezone(timedelta(hours=8))


def zone_at(offset: timedelta) -> tzinfo:
    """The zone that lies ``offset`` before UTC, as moments name it (``+08:00``)."""
    return timezone(offset)


def months_after(day: date, months: int) -> date:
    """``day`` moved by ``months`` (negative: back); 31 January + 1 month is the last day of February.

    Source: Patent Law Implementing Rules (专利法实施细则) rule 5: a period in months ends on the corresponding day of
    the last month, or on its last day where there is no such day.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """``day`` moved by whole years; 29 February falls on 28 February in common years."""
    return months_after(day, 12 * years)


def as_utc(at: datetime) -> datetime:
    """The moment as an aware UTC time; a naive one is taken to be UTC already, as everywhere in the records."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def zone_named(name: str) -> tzinfo:
    """The time zone of that name (``Continent/City``), or one of a fixed offset (``UTC+08:00``).

    Raises ``ValueError`` for a name that is neither, or whose table the system lacks.
    """
    if fixed := _FIXED_OFFSET.fullmatch(name):
        sign, hours, minutes = fixed.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if sign == "-" else offset, name)
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as fault:  # no such zone (ZoneInfoNotFoundError); the name of a folder of zones
        raise ValueError(f"no time zone: {name!r}") from fault


@lru_cache(maxsize=4096)  # the records of one batch share their moment
def day_in(zone: tzinfo, at: datetime) -> date:
    """The calendar day in ``zone`` at the moment ``at`` (aware, or naive and meant as UTC)."""
    return as_utc(at).astimezone(zone).date()


def day_begins(zone: tzinfo, day: date) -> datetime:
    """The moment in UTC at which ``day`` begins in ``zone``."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def moment_said(zone: tzinfo, text: str) -> datetime:
    """The moment in UTC that a person wrote: a day means its end in ``zone``, a time without a zone is meant there.

    Raises ``ValueError`` for what is no moment in ISO form or lies beyond ``YEARS``.
    """
    said = datetime.fromisoformat(text)
    if said.year not in YEARS:
        raise ValueError(f"beyond the calendar: {text!r}")
    if len(text) <= 10:  # a day alone
        said = said.replace(hour=23, minute=59, second=59, microsecond=999999)
    return (said if said.tzinfo else said.replace(tzinfo=zone)).astimezone(UTC)


# Days off that the law itself names (全国年节及纪念日放假办法): all that is known of a year before its notice.
_FIXED_DAYS_OFF = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class Holidays:
    """What a rule pack itself says of days: those ``off``, and days ``working`` (调休) that else were off.

    It goes before the yearly notice, day by day; of a day that it does not name the notice holds.
    """

    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def named_in(self, year: int) -> int:
        """How many days of that year it names."""
        return sum(day.year == year for day in (*self.off, *self.working))


def holidays_known(day: date) -> bool:
    """Whether the public holidays of that year are on record; of others weekends and the law's fixed days are off."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:  # what the library says of a year that it does not hold
        return False
    return True


def is_working_day(day: date, own: Holidays) -> bool:
    """Whether offices work on ``day``: no weekend and no public holiday, working weekends (调休) included.

    ``own`` is what the rule pack says of days; it goes first.

    Source: the yearly notice of the State Council's General Office (国务院办公厅关于节假日安排的通知). The notice for a
    year comes late in the year before: of a year that is not on record (``holidays_known``) weekends and the holidays
    of a fixed day are off; those by the moon are not known then.
    """
    if day in own.off or day in own.working:
        return day in own.working
    if holidays_known(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and (day.month, day.day) not in _FIXED_DAYS_OFF


def next_working_day(day: date, own: Holidays) -> date:
    """``day`` itself where it is a working day under the pack's ``own`` days, else the first one after it.

    Source: Patent Law Implementing Rules (专利法实施细则) rule 5: where the last day of a period is a statutory
    holiday, the period ends on the first working day after it.
    """
    while not is_working_day(day, own):
        day += timedelta(days=1)
    return day
