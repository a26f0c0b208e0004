"""When each threshold will be reached: by the day things happened, and by the day they came on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import literal, select, union_all

from matchhub.domain.counting.progress import Progress, ThresholdProgress
from matchhub.domain.forecast import Forecast, expect, weekly
from matchhub.services.counting.counts import Question, count_key, count_progress, strict_days
from matchhub.services.kernel.once import once
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.unit import Unit

_MOST_KEPT = 256
# Forecasts by state of the count: what is recorded since, another day or another question makes another one.
_kept: dict[tuple[Any, ...], ThresholdForecast] = {}


@dataclass(frozen=True, slots=True)
class ThresholdForecast:
    """One threshold: by days of events (undated units are counted and give no pace), and by days of recording."""

    key: str
    required: int
    strict: int
    by_event: Forecast
    by_recording: Forecast

    def to_json(self) -> dict[str, object]:
        """Shape of one threshold of ``matchhub forecast``."""
        return {
            "key": self.key,
            "required": self.required,
            "strict": self.strict,
            "by_event": self.by_event.to_json(),
            "by_recording": self.by_recording.to_json(),
        }


def forecast_all(unit: Unit, asked: Question, counted: Progress | None = None) -> dict[str, ThresholdForecast]:
    """A forecast for every threshold of the pack; ``counted`` spares counting again."""
    parts = counted or count_progress(unit, asked)
    kinds = {each.counter for each in asked.pack.thresholds}
    return {each.key: _once(unit, asked, each.key, parts.threshold(each.key), kinds) for each in asked.pack.thresholds}


def forecast(unit: Unit, asked: Question, key: str, part: ThresholdProgress) -> ThresholdForecast:
    """The forecast of one threshold from its strict units as of the day asked; ``part`` is its count."""
    return _once(unit, asked, key, part, {part.threshold.counter})


def _once(unit: Unit, asked: Question, key: str, part: ThresholdProgress, kinds: Collection[str]) -> ThresholdForecast:
    unit.require("progress.read")
    about = "state of the count", asked.pack.digest, asked.as_of, asked.known_at
    state = once(unit, about, lambda: count_key(unit, asked))
    known = (state, key, part.missing, part.threshold.least, part.count.strict)
    if known not in _kept:
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[known] = _forecast(unit, asked, key, part, tuple(sorted(kinds)))
    return _kept[known]


def _forecast(
    unit: Unit, asked: Question, key: str, part: ThresholdProgress, kinds: tuple[str, ...]
) -> ThresholdForecast:
    happened: dict[str, date] = {}
    recorded: dict[str, date] = {}
    entered = once(unit, ("days of recording", kinds), lambda: _entered(unit, kinds))[part.threshold.counter]
    for record, counts_as, day in strict_days(unit, key, asked):
        if day is not None:
            happened[counts_as] = min(day, happened.get(counts_as, day))
        if record in entered:
            recorded[counts_as] = min(entered[record], recorded.get(counts_as, entered[record]))
    until = asked.pack.window.to_on
    if (last := part.threshold.filters.to_on) is not None:
        until = min(until, last)

    def expected(first: Mapping[str, date]) -> Forecast:
        return expect(weekly(list(first.values()), asked.as_of), part.missing, asked.as_of, until)

    return ThresholdForecast(key, part.threshold.least, part.count.strict, expected(happened), expected(recorded))


def _entered(unit: Unit, kinds: Sequence[str]) -> dict[str, dict[int, date]]:
    """The day on which each record came on record, by kind; one statement for all kinds."""
    tables: list[Any] = [RECORD_TABLES[kind] for kind in kinds]
    parts = (select(literal(at), table.id, table.recorded_at) for at, table in enumerate(tables))
    found: dict[str, dict[int, date]] = {kind: {} for kind in kinds}
    days: dict[datetime, date] = {}  # an import of many thousand rows has one moment
    for at, record, recorded_at in unit.session.execute(union_all(*parts)):
        if recorded_at not in days:
            days[recorded_at] = unit.day_of(recorded_at)
        found[kinds[at]][record] = days[recorded_at]
    return found
