"""Calendar months as the law counts them (the same day of the month, else its last day), and moments in UTC."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime

EARLIEST = datetime.min.replace(tzinfo=UTC)


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
