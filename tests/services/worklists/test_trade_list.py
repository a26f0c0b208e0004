"""One list of deals, licences and offers: everybody its own, the operator all, in as many statements for many as one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.declaring import end_offer
from matchhub.services.worklists.trade import list_trade, with_verdicts
from tests.domain.factories import number
from tests.services.evidence.test_party_words import opened
from tests.services.licensing.test_licensing import accepted, declared
from tests.services.small_city import City
from tests.services.worklists.counted import statements


def listed(unit: Unit) -> list[tuple[str, str]]:
    return sorted((row.kind, row.stage) for row in list_trade(unit))


def test_everybody_finds_its_own_deals_licences_and_offers_in_one_list(city: City) -> None:
    opened(city)
    accepted(city, declared(city))
    both = [("deals", "negotiating"), ("licences", "licence_notified")]
    found = {}
    for who in ("operator", "college", "shoes", "umbrellas", "school"):
        with city.unit(who) as unit:
            found[who] = listed(unit)
    whole = [*both, ("offers", "offer_open")]
    assert found == {"operator": whole, "college": whole, "shoes": both, "umbrellas": [], "school": []}


@pytest.mark.parametrize(
    ("changes", "days", "stage"),
    [({}, 0, "offer_open"), ({"valid_from_on": date(2025, 6, 3)}, 0, "offer_coming"), ({}, 365, "offer_ended")],
)
def test_the_state_of_an_offer_is_its_own(city: City, changes: dict[str, Any], days: int, stage: str) -> None:
    offer = declared(city, **changes)
    city.clock.forward(days=days)
    with city.unit("college") as unit:
        assert listed(unit) == [("offers", stage)]
    if stage == "offer_open":
        with city.unit("college") as unit:
            end_offer(unit, offer, unit.today)
            assert listed(unit) == [("offers", "offer_ended")]


def test_only_who_reads_the_count_sees_what_counts(city: City) -> None:
    opened(city)
    shown = {}
    for who in ("operator", "shoes"):
        with city.unit(who) as unit:
            (row,) = with_verdicts(unit, list_trade(unit))
            shown[who] = row.verdict is not None
    assert shown == {"operator": True, "shoes": False}


def test_the_list_takes_as_many_statements_for_many_rows_as_for_one(city: City) -> None:
    def asked(who: str) -> int:
        with city.unit(who) as unit:
            return statements(unit, lambda: list_trade(unit))

    opened(city)
    accepted(city, declared(city))
    once = {who: asked(who) for who in ("operator", "shoes", "college")}
    for _ in range(3):
        opened(city)
    accepted(city, declared(city, number=number(1)))
    assert {who: asked(who) for who in once} == once
