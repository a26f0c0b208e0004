"""The whole story of the demo city in one transaction, from the first account to the last look at the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

from matchhub.demo.accounts import close_clerk
from matchhub.demo.agenda import Agenda, moment
from matchhub.demo.award_story import Awards
from matchhub.demo.base import plan_base
from matchhub.demo.campaign import Campaign
from matchhub.demo.city import LAST_DAY, City
from matchhub.demo.deals import Bargains
from matchhub.demo.licensing import Licensing
from matchhub.demo.names import Names
from matchhub.demo.originals import plan_looking
from matchhub.demo.sizes import SMALL, full_sizes
from matchhub.demo.uncounted_deals import OddBargains
from matchhub.errors import Conflict
from matchhub.services.kernel.binding import bind_touched
from matchhub.services.kernel.clock_spells import log_ended_at
from matchhub.services.kernel.demo_mark import holds_rows, marked_demo
from matchhub.services.kernel.rule_packs import note_pack
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.store import drop_index

VIEWS_FROM_ON = date(2024, 10, 14)
LAST_ACT_ON = date(2025, 12, 29)


def tell(runtime: Runtime, chance: Random, *, full: bool, progress: Callable[[str], None]) -> dict[str, int]:
    """Fill the base and return the number of records by kind."""
    with runtime.unit(write=False) as unit:
        begun_at = max(moment(date(2023, 8, 1)), log_ended_at(unit) or moment(date(2023, 8, 1)))
    agenda = Agenda(LAST_DAY)
    # The story's clock is the machine's for as long as it is told: what is appended bears the moment it plays at. What
    # the log holds already lies before, so no clock was set back.
    past = replace(runtime, clock=lambda: max(begun_at, agenda.now))
    try:
        with past.unit(write=True) as unit:
            _refuse(unit)
            return _fill(unit, City(Names(chance), full_sizes(unit.pack) if full else SMALL, progress, agenda))
    except BaseException:
        drop_index(runtime.home)  # it may hold patents that were never committed
        raise


def _refuse(unit: Unit) -> None:
    marked_demo(unit, demo=True)
    if holds_rows(unit, demo=True):
        raise Conflict("demo_already_loaded")


def _fill(unit: Unit, city: City) -> dict[str, int]:
    note_pack(unit)  # in force from the first day on
    deals = Bargains(city)
    plan_base(city)
    plan_looking(city)
    Licensing(city).plan()
    OddBargains(city, deals).plan()
    Campaign(city, deals).plan()
    Awards(city, deals).plan(unit.pack)
    city.agenda.at(moment(VIEWS_FROM_ON), deals.fill)
    city.agenda.at(moment(LAST_ACT_ON), close_clerk, city)
    city.agenda.run(unit)
    bind_touched(replace(unit, now=max(unit.now, city.agenda.now)))  # on the day the story ends, not when it began
    return dict(city.recorded)
