"""Days that programs wrote with a time: instants of another zone, and days that were moved in writing.

China has one zone (UTC+8). A day written in UTC is the day before at 16:00; some spreadsheet libraries write days of
this zone 43 seconds short of midnight, because its local mean time before 1901 was not whole minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from matchhub.domain.calendar import CHINA, zone_at
from matchhub.errors import IdentifierInvalid

_TIME = re.compile(
    r"(?<=[\d日号),\]一二三四五六天a-z ])[Tt\s]*(?P<half>上午|下午|早上|晚上|凌晨|中午|[AP]M)?\s*"
    r"(?P<hour>\d{1,2})\s*(?:[::时点])\s*(?P<minute>\d{1,2})?分?(?:[::]?\s*(?P<second>\d{1,2})(?:[.,](?P<part>\d+))?秒?)?"
    r"\s*(?P<late_half>[AP]M)?\s*(?P<zone>Z|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d\d)?|UTC|GMT|CST|北京时间)?(?:\s*\(.*\))?$",
    re.IGNORECASE,
)
_ENGLISH_DAY_FIRST = re.compile(r"^([A-Za-z]{3})[a-z]* (\d{1,2}) (\d\d:\d\d:\d\d) (?:([A-Z]{3,4}) )?(\d{4})$")
_SHORT_OF_MIDNIGHT = (time(23, 59, 0), time(23, 59, 59))  # the end of a day is often written 23:59:59 and meant so
_UTC_MIDNIGHT = (time(16), time(15, 59, 17))  # as a clock in China shows it when the zone was lost


class Day(NamedTuple):
    """A day, and the code of a warning about how it was read ("" for none)."""

    on: date
    remark: str = ""


class DateUnreadable(IdentifierInvalid):
    """A cell that is no date: code ``date_unreadable``, or ``date_incomplete`` for a year or a month alone."""

    code = "date_unreadable"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as written, with the hours that its zone lies before UTC; ``zone`` None where none is written."""

    hour: int
    minute: int
    second: int
    microsecond: int
    zone: timedelta | None

    def on(self, day: date, text: str) -> datetime:
        """The moment of this time on a day, aware where its zone is known.

        Raises ``DateUnreadable`` for a time that does not exist; ``text`` is the cell as written.
        """
        try:
            zone = None if self.zone is None else zone_at(self.zone)
            at = time(self.hour % 24, self.minute, self.second, self.microsecond, zone)
        except ValueError as fault:
            raise DateUnreadable("date_unreadable", value=text) from fault
        if self.hour > 24 or (self.hour == 24 and self.minute):
            raise DateUnreadable("date_unreadable", value=text)
        return datetime.combine(day, at)  # 24:00 is the end of its day, which is all that is asked here


def clock_in(text: str) -> tuple[str, Clock] | None:
    """The text before the time of day at its end, and that time; None where it ends with none."""
    if moved := _ENGLISH_DAY_FIRST.match(text):  # Sat Jul 01 00:00:00 CST 2023, without its weekday
        text = f"{moved[1]} {moved[2]} {moved[5]} {moved[3]} {'' if moved[4] == 'CST' else moved[4] or ''}".strip()
    found = _TIME.search(text)
    if not found:
        return None
    hour, half = int(found["hour"]), (found["half"] or found["late_half"] or "").upper()
    if half in ("下午", "晚上", "PM") and hour < 12:
        hour += 12
    elif half in ("上午", "凌晨", "早上", "AM") and hour == 12:
        hour = 0
    part = (found["part"] or "0").ljust(6, "0")[:6]
    clock = Clock(hour, int(found["minute"] or 0), int(found["second"] or 0), int(part), _zone(found["zone"]))
    return text[: found.start()].rstrip(" ,"), clock


def _zone(written: str | None) -> timedelta | None:
    if not written or written.upper() == "CST" or written == "北京时间":
        return None  # the clock of China; CST is what its programs call it
    found = re.search(r"([+-])(\d{1,2}):?(\d\d)?", written)
    if not found:
        return timedelta()
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -offset if found[1] == "-" else offset


def nearest_second(moment: datetime) -> datetime:
    """The moment rounded to a second: day numbers of spreadsheets are fractions that lose a little."""
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def day_of_moment(moment: datetime) -> Day:
    """The day in China on which an instant lies; a naive one is of China already."""
    local = moment if moment.tzinfo is None else moment.astimezone(CHINA)
    at = local.time()
    if _SHORT_OF_MIDNIGHT[0] <= at < _SHORT_OF_MIDNIGHT[1] or at > _SHORT_OF_MIDNIGHT[1]:
        return Day(local.date() + timedelta(days=1), "date_short_of_midnight")
    shifted = moment.tzinfo is None and at in _UTC_MIDNIGHT
    return Day(local.date(), "date_may_be_shifted" if shifted else "")
