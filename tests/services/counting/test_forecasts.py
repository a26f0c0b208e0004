"""Forecasts of every threshold from a base that grew week by week."""

from __future__ import annotations

from datetime import timedelta

from matchhub.services.counting.counts import count_progress, question
from matchhub.services.counting.forecasts import forecast_all
from tests.services.desk_base import Base, patent


def test_each_threshold_is_forecast_from_what_came_week_by_week(base: Base) -> None:
    for week in range(12):
        base.take("patents", *[patent(10 * week + each) for each in range(1, 6)])
        base.clock.forward(timedelta(days=7))
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        asked = question(unit)
        found = forecast_all(unit, asked, count_progress(unit, asked))
    patents = found["patents"].by_recording
    # The first five lie before the first whole week.
    assert (found["patents"].strict, patents.weeks, round(12 * patents.pace)) == (60, 12, 55)
    assert patents.state == "not_at_this_pace"
    assert patents.missing == found["patents"].required - 60 and patents.asked is not None
    assert found["experts"].by_recording.state == "too_short"
    shown = found["patents"].to_json()
    assert set(shown) == {"key", "required", "strict", "by_event", "by_recording"}
