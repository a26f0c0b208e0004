"""What happens in the demo city, in order of time: the event log refuses to go backwards, and so does a story."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Concatenate, ParamSpec

from matchhub.domain.calendar import zone_named
from matchhub.services.kernel.unit import Actor, Unit

P = ParamSpec("P")
ZONE = zone_named("Asia/Shanghai")  # of the story, by whatever pack it is counted


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """An aware UTC moment from a day and an hour where the story plays."""
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


class Agenda:
    """Acts with their moments, none after the day ``until``; an act may add later ones. ``now``: of the present act."""

    def __init__(self, until: date) -> None:
        self._until = moment(until, 23)
        self._waiting: list[tuple[datetime, int, Callable[[Unit], None]]] = []
        self._order = count()
        self.now = datetime.min.replace(tzinfo=UTC)

    def at(self, when: datetime, act: Callable[Concatenate[Unit, P], None], *args: P.args, **named: P.kwargs) -> None:
        """Do ``act(unit, ...)`` at ``when``, or right after the present act where that is already past.

        Raises ``ValueError`` for a moment after the last day: the story would leave the window it shall stay in.
        """
        if when > self._until:
            raise ValueError(f"{when} lies after the last day of the story")
        entry = (max(when, self.now), next(self._order), _bound(act, *args, **named))
        heapq.heappush(self._waiting, entry)

    def run(self, unit: Unit) -> None:
        """Do everything in order of time within the one transaction of ``unit``."""
        while self._waiting:
            self.now, _, act = heapq.heappop(self._waiting)
            act(replace(unit, now=self.now))


def later(unit: Unit, days: int, hour: int = 10) -> datetime:
    """The moment some days after now, at that hour where the story plays."""
    return moment(unit.today + timedelta(days=days), hour)


def _bound(act: Callable[Concatenate[Unit, P], None], *args: P.args, **named: P.kwargs) -> Callable[[Unit], None]:
    def bound(unit: Unit) -> None:
        act(unit, *args, **named)

    return bound


def acting(unit: Unit, actor: Actor) -> Unit:
    """The same unit in the hands of another actor."""
    return replace(unit, actor=actor)
