"""Whom a plan reaches and for which day it is: choices about profiles, and days off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from matchhub import worker
from matchhub.domain.messages import NO_QUIET
from matchhub.services.pushes.drafting import make_draft
from matchhub.services.recipients.choices import choose
from tests.policy.packs import names_days
from tests.services.pushes.test_desk import new_trade_city, pairs
from tests.services.pushes.test_pushes import pushes
from tests.services.small_city import City

HOLIDAY, WORKING = date(2025, 6, 2), date(2025, 6, 3)  # Dragon Boat Festival, and the day after it


def test_the_worker_plans_for_the_next_working_day_and_a_person_for_today(city: City) -> None:
    city.post()
    city.match()
    assert city.clock.now.date() == HOLIDAY
    assert worker.plan_job(city.runtime)["planned"] > 0
    assert {each.due_on for each in pushes(city)} == {WORKING}
    assert city.claim().outgoing == ()


def test_the_worker_plans_by_the_days_that_the_pack_in_force_names(city: City) -> None:
    names_days(city.runtime.home, f"off = [{WORKING}]")
    city.post()
    city.match()
    assert worker.plan_job(city.runtime)["planned"] > 0
    assert {each.due_on for each in pushes(city)} == {date(2025, 6, 4)}


def test_a_person_who_plans_on_a_day_off_means_that_day(city: City) -> None:
    city.post()
    city.match()
    assert city.plan().planned > 0
    assert {each.due_on for each in pushes(city)} == {HOLIDAY}


def test_the_draft_of_the_worker_is_for_a_working_day_too(city: City) -> None:
    city.post()
    city.match()
    city.runtime.settings = replace(city.runtime.settings, automatic_pushes=False)
    worker.plan_job(city.runtime)
    with city.unit("operator") as unit:
        own = make_draft(unit)
    assert {each.due_on for each in pairs(city, own.draft_id, "chosen")} == {HOLIDAY}
    assert {each.due_on for each in pairs(city, own.draft_id - 1, "chosen")} == {WORKING}


def test_a_trade_of_who_lets_its_profile_not_be_used_is_left_out_with_its_reason(city: City) -> None:
    firm = new_trade_city(city)
    with city.unit("umbrellas") as unit:
        choose(unit, {"pushes": frozenset({"email"})}, "daily", NO_QUIET, False)
    city.match()
    with city.unit("operator") as unit:
        made = make_draft(unit)
    found = [each for each in pairs(city, made.draft_id) if each.demand_id is None and each.enterprise_id == firm]
    assert {each.code for each in found if each.score >= each.floor} == {"push_profile_not_used"}
    assert found and not any(each.state == "chosen" for each in found)
