"""Choices of recipients: what goes by which channel, and the first moment at which a letter may go."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from matchhub.domain.calendar import Holidays
from matchhub.domain.messages import (
    DEFAULT_CHOICES,
    KINDS,
    NO_QUIET,
    USUAL_QUIET,
    Choices,
    QuietTimes,
    choices_of,
    kind_of_notice,
    may_go_at,
    next_open,
)
from tests.structure.sources import modules

ZONE = timezone(timedelta(hours=8))
ANY_HOUR = replace(DEFAULT_CHOICES, quiet=NO_QUIET)


def here(text: str) -> datetime:
    """A moment as the clock of the city shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("quiet", "at", "opens"),
    [
        (NO_QUIET, "2025-06-02 23:00", "2025-06-02 23:00"),
        (USUAL_QUIET, "2025-06-04 12:00", "2025-06-04 12:00"),
        (USUAL_QUIET, "2025-06-04 20:00", "2025-06-05 08:00"),  # the first quiet minute
        (USUAL_QUIET, "2025-06-04 19:59", "2025-06-04 19:59"),
        (USUAL_QUIET, "2025-06-04 07:59", "2025-06-04 08:00"),
        (USUAL_QUIET, "2025-06-04 08:00", "2025-06-04 08:00"),
        (USUAL_QUIET, "2025-06-06 21:00", "2025-06-09 08:00"),  # Friday night: over the weekend
        (USUAL_QUIET, "2025-06-02 12:00", "2025-06-03 08:00"),  # a holiday on a Monday
        (USUAL_QUIET, "2025-09-30 20:30", "2025-10-09 08:00"),  # a week of holidays
        (USUAL_QUIET, "2025-09-28 12:00", "2025-09-28 12:00"),  # a Sunday on which offices work
        (QuietTimes(time(12), time(14)), "2025-06-07 12:30", "2025-06-07 14:00"),  # within a day, any day
        (QuietTimes(time(12), time(14)), "2025-06-07 14:00", "2025-06-07 14:00"),
        (QuietTimes(time(9), time(9)), "2025-06-07 09:00", "2025-06-07 09:00"),  # equal ends: never quiet
        (QuietTimes(time(9), None), "2025-06-07 09:30", "2025-06-07 09:30"),
    ],
)  # fmt: skip
def test_a_letter_waits_for_the_end_of_the_quiet_time(quiet: QuietTimes, at: str, opens: str) -> None:
    assert next_open(quiet, here(at), ZONE, Holidays()) == here(opens)


@pytest.mark.parametrize(
    ("frequency", "kind", "now", "last", "opens"),
    [
        ("daily", "pushes", "2025-06-04 10:00", None, "2025-06-04 10:00"),
        ("daily", "pushes", "2025-06-04 15:00", "2025-06-04 10:00", "2025-06-05 00:00"),
        ("daily", "pushes", "2025-06-05 00:00", "2025-06-04 23:59", "2025-06-05 00:00"),
        ("daily", "threads", "2025-06-04 15:00", "2025-06-04 10:00", "2025-06-04 15:00"),  # other kinds do not wait
        ("at_once", "pushes", "2025-06-04 15:00", "2025-06-04 10:00", "2025-06-04 15:00"),
        ("weekly", "pushes", "2025-06-09 10:00", None, "2025-06-09 10:00"),  # a Monday
        ("weekly", "pushes", "2025-06-10 10:00", None, "2025-06-16 00:00"),
        ("weekly", "pushes", "2025-06-09 15:00", "2025-06-09 10:00", "2025-06-16 00:00"),
        ("weekly", "pushes", "2025-06-02 10:00", None, "2025-06-03 00:00"),  # Monday is a holiday
        ("weekly", "pushes", "2025-09-30 10:00", None, "2025-10-09 00:00"),  # as are three days of the next week
    ],
)  # fmt: skip
def test_how_often_pushes_come_is_the_recipients_choice(
    frequency: str, kind: str, now: str, last: str | None, opens: str
) -> None:
    choices = replace(ANY_HOUR, frequency=frequency)  # type: ignore[arg-type]
    assert may_go_at(choices, kind, here(now), here(last) if last else None, ZONE, Holidays()) == here(opens)


def test_a_daily_letter_keeps_the_quiet_times_too() -> None:
    assert may_go_at(
        DEFAULT_CHOICES, "pushes", here("2025-06-06 15:00"), here("2025-06-06 09:00"), ZONE, Holidays()
    ) == here("2025-06-09 08:00")


def test_who_chose_nothing_gets_recommendations_by_mail_once_a_day_and_nothing_else() -> None:
    assert DEFAULT_CHOICES.frequency == "daily" and DEFAULT_CHOICES.uses_profile
    wanted = {kind for kind in KINDS for channel in ("email", "sms", "wecom") if DEFAULT_CHOICES.wants(kind, channel)}
    assert wanted == {"pushes"} and not DEFAULT_CHOICES.wants("pushes", "sms")


def test_choices_survive_being_kept() -> None:
    at = datetime(2025, 6, 2, 4, tzinfo=UTC)
    chosen = Choices({"threads": {"wecom": at}}, "weekly", QuietTimes(time(21, 30), time(7)), False)
    assert choices_of(chosen.to_json()) == chosen


def test_what_stays_on_keeps_its_moment_and_what_is_new_begins_now() -> None:
    first, later = datetime(2025, 6, 2, tzinfo=UTC), datetime(2025, 6, 9, tzinfo=UTC)
    chosen = DEFAULT_CHOICES.switched({"pushes": frozenset({"wecom"})}, first)
    chosen = chosen.switched({"pushes": frozenset({"wecom", "sms"}), "nonsense": frozenset({"sms"})}, later)
    assert (chosen.since("pushes", "wecom"), chosen.since("pushes", "sms")) == (first, later)
    assert set(chosen.channels) == {"pushes"}
    assert not chosen.without("pushes", "wecom").wants("pushes", "wecom")
    assert chosen.without("pushes", "wecom").wants("pushes", "sms")


def test_every_notice_of_the_product_is_of_a_kind_that_can_be_chosen() -> None:
    codes = {code for module in modules() for code in re.findall(r'"(notice_[a-z_]+)"', module.text)}
    kinds = {kind_of_notice(code, "threads") for code in codes}
    assert kinds == {"threads", "reminders"}
    assert kind_of_notice("notice_filing_overdue", "licences") == "reminders"
    assert kind_of_notice("anything", "no such thing") == "accounts"
    assert {kind_of_notice("", each) for each in ("deals", "licences", "demands", "saved_searches")} < set(KINDS)
