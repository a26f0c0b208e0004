"""Messages to firms and institutions: their kinds, what a recipient chose, and when a letter may go out.

The inbox takes everything at once and can be chosen by nobody: what is said here is about letters that leave the house.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final, Literal

from matchhub.domain.calendar import Holidays, as_utc, day_begins, day_in, next_working_day

Frequency = Literal["at_once", "daily", "weekly"]
FREQUENCIES: Final = ("at_once", "daily", "weekly")
EMAIL: Final = "email"
PUSHES: Final = "pushes"
FAVOURITES: Final = "favourites"
KINDS: Final = (
    "pushes", "threads", "deals", "licences", "demands", "registrations", "reminders", "searches", "favourites",
    "accounts",
)  # fmt: skip

# Notices by what they are about; those that come of time alone are reminders, whatever they are about.
_REMINDERS: Final = frozenset(
    {
        "notice_silent",
        "notice_reconfirm",
        "notice_filing_due",
        "notice_filing_overdue",
        "notice_work_due",
        "notice_work_assigned",
    }
)
_KIND_OF: Final = {
    "threads": "threads", "deals": "deals", "deal_payments": "deals", "evidence": "deals", "records": "deals",
    "licences": "licences", "offers": "licences", "patent_offers": "licences",
    "demands": "demands", "drafts": "demands", "invitations": "demands",
    "searches": "searches", "saved_searches": "searches", "patents": "favourites", "registrations": "registrations",
}  # fmt: skip

# What programs of an organisation are told of, by the kind of thing a notice is about.
_EVENTS: Final = {"threads": "message", "deals": "deal", "licences": "licence", "registrations": "registration"}
NOTICE_EVENTS: Final[Mapping[str, str]] = {
    subject: _EVENTS[kind] for subject, kind in _KIND_OF.items() if kind in _EVENTS
}


def kind_of_notice(code: str, subject_kind: str) -> str:
    """The kind of message that a notice of the application is; what is about nothing named is about the account."""
    return "reminders" if code in _REMINDERS else _KIND_OF.get(subject_kind, "accounts")


@dataclass(frozen=True, slots=True)
class QuietTimes:
    """When no letter goes out: from ``begins`` to ``ends`` by the city's clock (over midnight where ``ends`` is the
    earlier one; both empty or equal: never), and on days off where ``working_days_only``."""

    begins: time | None = None
    ends: time | None = None
    working_days_only: bool = False

    @property
    def has_hours(self) -> bool:
        """Whether some hours are quiet."""
        return self.begins is not None and self.ends is not None and self.begins != self.ends


# What is kept where a recipient said nothing: no letters at night and on days off.
USUAL_QUIET: Final = QuietTimes(time(20), time(8), working_days_only=True)
NO_QUIET: Final = QuietTimes()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a recipient chose. ``channels``: kind -> channels beside the inbox, with the moment each was switched on."""

    channels: Mapping[str, Mapping[str, datetime | None]] = field(default_factory=lambda: {PUSHES: {EMAIL: None}})
    frequency: Frequency = "daily"
    quiet: QuietTimes = USUAL_QUIET
    uses_profile: bool = True

    def wants(self, kind: str, channel: str) -> bool:
        """Whether messages of this kind shall go by this channel too."""
        return channel in self.channels.get(kind, {})

    def since(self, kind: str, channel: str) -> datetime | None:
        """The moment from which it is so; what came earlier is not sent afterwards."""
        return self.channels.get(kind, {}).get(channel)

    def switched(self, wanted: Mapping[str, frozenset[str]], now: datetime) -> Choices:
        """The same with other channels; what stays on keeps its moment, what is new is on from ``now``."""
        old = self.channels
        fresh = {
            kind: {name: old.get(kind, {}).get(name, now) for name in sorted(names)}
            for kind, names in wanted.items()
            if kind in KINDS and names
        }
        return replace(self, channels=fresh)

    def without(self, kind: str, channel: str) -> Choices:
        """The same with one channel of one kind off."""
        left = {
            each: {n: at for n, at in names.items() if (each, n) != (kind, channel)}
            for each, names in self.channels.items()
        }
        return replace(self, channels={each: names for each, names in left.items() if names})

    def to_json(self) -> dict[str, Any]:
        """As the base and the log keep it; no personal data."""
        quiet = self.quiet
        return {
            "channels": {
                kind: {name: at.isoformat() if at else None for name, at in names.items()}
                for kind, names in self.channels.items()
            },
            "frequency": self.frequency,
            "quiet": [
                quiet.begins.isoformat("minutes") if quiet.begins else None,
                quiet.ends.isoformat("minutes") if quiet.ends else None,
            ],
            "working_days_only": quiet.working_days_only,
            "uses_profile": self.uses_profile,
        }


DEFAULT_CHOICES: Final = Choices()


def choices_of(kept: Mapping[str, Any]) -> Choices:
    """Choices as ``to_json`` wrote them."""
    begins, ends = (time.fromisoformat(each) if each else None for each in kept["quiet"])
    channels = {
        kind: {name: datetime.fromisoformat(at) if at else None for name, at in names.items()}
        for kind, names in kept["channels"].items()
    }
    quiet = QuietTimes(begins, ends, kept["working_days_only"])
    return Choices(channels, kept["frequency"], quiet, kept["uses_profile"])


def next_open(quiet: QuietTimes, at: datetime, zone: tzinfo, holidays: Holidays) -> datetime:
    """The first moment (UTC) from ``at`` on that is neither quiet nor, where days off are kept, on a day off.

    ``holidays`` are the days that the pack in force names itself.
    """
    at = as_utc(at)
    for _ in range(3):  # the end of a quiet night may lie on a day off, whose morning is quiet again
        moved = _after_days_off(quiet, _after_quiet_hours(quiet, at, zone), zone, holidays)
        if moved == at:
            break
        at = moved
    return at


def _after_quiet_hours(quiet: QuietTimes, at: datetime, zone: tzinfo) -> datetime:
    if not quiet.has_hours:
        return at
    assert quiet.begins is not None and quiet.ends is not None
    local = at.astimezone(zone)
    now, over_night = local.time(), quiet.begins > quiet.ends
    if over_night and now >= quiet.begins:
        return _moment(local.date() + timedelta(days=1), quiet.ends, zone)
    if (over_night and now < quiet.ends) or (not over_night and quiet.begins <= now < quiet.ends):
        return _moment(local.date(), quiet.ends, zone)
    return at


def _after_days_off(quiet: QuietTimes, at: datetime, zone: tzinfo, holidays: Holidays) -> datetime:
    if not quiet.working_days_only:
        return at
    day = day_in(zone, at)
    working = next_working_day(day, holidays)
    return at if working == day else day_begins(zone, working)


def _moment(day: date, clock: time, zone: tzinfo) -> datetime:
    return as_utc(datetime.combine(day, clock, zone))


def may_go_at(
    choices: Choices, kind: str, now: datetime, last: datetime | None, zone: tzinfo, holidays: Holidays
) -> datetime:
    """The earliest moment (UTC) at which a letter of ``kind`` may go out, ``now`` where it may go at once.

    ``last`` is when the last letter of pushes went to this recipient: of them one a day at most goes out by default,
    one a week on the first working day of the week where that was chosen. Other kinds keep the quiet times alone.
    """
    now = as_utc(now)
    if kind != PUSHES or choices.frequency == "at_once":
        return next_open(choices.quiet, now, zone, holidays)
    today = day_in(zone, now)
    had_today = last is not None and day_in(zone, last) >= today
    if choices.frequency == "daily":
        begin = day_begins(zone, today + timedelta(days=1)) if had_today else now
        return next_open(choices.quiet, begin, zone, holidays)
    day = digest_day(today, holidays)
    if today > day or had_today:
        day = digest_day(today + timedelta(days=7 - today.weekday()), holidays)
    return next_open(choices.quiet, max(now, day_begins(zone, day)), zone, holidays)


def digest_day(day: date, holidays: Holidays) -> date:
    """The day of the weekly letter in the week of ``day``: its first working day, Monday in a week without any."""
    monday = day - timedelta(days=day.weekday())
    first = next_working_day(monday, holidays)
    return first if (first - monday).days < 7 else monday
