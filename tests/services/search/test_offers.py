"""The list of open licences shows what stands today and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from matchhub.db.tables import Offer, Patent, PatentStatus
from matchhub.services.kernel.unit import VISITOR, Unit
from matchhub.services.licensing.declaring import announce_offer
from matchhub.services.search.kinds import count_hits, search
from tests.services.licensing.test_licensing import declared
from tests.services.small_city import City


@pytest.fixture
def offer(city: City) -> int:
    """An offer declared here and announced by the national office."""
    offer_id = declared(city)
    with city.unit("college") as unit:
        announce_offer(unit, offer_id, "公告-1", unit.today)
    return offer_id


def shown(city: City) -> list[int]:
    with city.runtime.unit(VISITOR, write=False) as unit:
        page = search(unit, "offers")
        assert count_hits(unit, "")["offers"] == page.total
        return [row.id for row in page.items]


def test_an_offer_that_stands_is_shown(city: City, offer: int) -> None:
    assert shown(city) == [offer]


def test_a_declaration_that_no_announcement_followed_does_not_stand_yet(city: City) -> None:
    declared(city)
    assert shown(city) == []


def ended(unit: Unit, offer: Offer) -> None:
    offer.ended_on = unit.today


def over(unit: Unit, offer: Offer) -> None:
    offer.valid_to_on = unit.today - timedelta(days=1)


def to_come(unit: Unit, offer: Offer) -> None:
    offer.valid_from_on = unit.today + timedelta(days=1)


def withdrawn(unit: Unit, offer: Offer) -> None:
    offer.withdrawn_at = unit.now


def without_its_patent(unit: Unit, offer: Offer) -> None:
    unit.session.get_one(Patent, offer.patent_id).withdrawn_at = unit.now


def of_a_dead_patent(unit: Unit, offer: Offer) -> None:
    unit.session.add(
        PatentStatus(
            patent_id=offer.patent_id, validity="dead", as_of_on=unit.today, day_told=True,
            recorded_at=unit.now,
        )
    )  # fmt: skip


@pytest.mark.parametrize("gone", [ended, over, to_come, withdrawn, without_its_patent, of_a_dead_patent])
def test_what_does_not_stand_today_is_not_shown(city: City, offer: int, gone: Callable[[Unit, Offer], None]) -> None:
    with city.unit() as unit:
        gone(unit, unit.session.get_one(Offer, offer))
    assert shown(city) == []
