"""Patents side by side: what each row says, for which demand, and what an address may ask."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from matchhub.db.tables import Offer, Patent
from matchhub.services.kernel.unit import VISITOR
from matchhub.services.patents.offers import NewPatentOffer, list_patent
from matchhub.services.records.comparison import Comparison, compare_patents
from tests.domain.factories import number
from tests.services.small_city import PATENTS, City

TITLES = [each[0] for each in PATENTS]
GLUE, SOLE, SPRAYER, FRAME = TITLES[:4]


def compared(city: City, *titles: str, who: str = "shoes", demand: int | None = None) -> Comparison:
    ids = [city.patent(title) for title in titles]
    with city.unit(who) as unit:
        return compare_patents(unit, ids, demand)


def test_the_patents_stand_in_the_order_asked_and_the_fifth_is_left_over(city: City) -> None:
    found = compared(city, *reversed(TITLES[:5]))
    assert [each.patent.title for each in found.patents] == list(reversed(TITLES[:5]))[:4] and found.left_over
    assert not compared(city, GLUE, SOLE, GLUE).left_over


def test_what_the_base_does_not_hold_is_counted_and_left_out(city: City) -> None:
    with city.unit("shoes") as unit:
        found = compare_patents(unit, [9_999, city.patent(GLUE)])
    assert ([each.patent.title for each in found.patents], found.unknown) == ([GLUE], 1)


@pytest.mark.parametrize(
    ("ends_on", "left"),
    [(date(2025, 6, 2), None), (date(2025, 7, 1), 0), (date(2025, 7, 2), 1), (date(2026, 7, 2), 13)],
)
def test_the_term_left_is_counted_in_whole_months(city: City, ends_on: date, left: int | None) -> None:
    with city.unit() as unit:
        unit.session.execute(update(Patent).where(Patent.title == GLUE).values(expires_on=ends_on))
    (one,) = compared(city, GLUE).patents
    assert (one.ends_on, one.months_left) == (ends_on, left)


def test_a_patent_that_has_ended_has_no_term_left(city: City) -> None:
    (one,) = compared(city, SPRAYER).patents
    assert one.patent.validity == "dead" and one.months_left is None


def test_offer_and_open_licence_stand_with_their_terms(city: City) -> None:
    with city.unit("college") as unit:
        list_patent(unit, NewPatentOffer(number(2), "", ("licence",), "pilot", price_yuan=Decimal(50_000)))
    with city.unit() as unit:
        unit.session.add(
            Offer(
                patent_id=city.patent(GLUE), holder_name="泉南理工大学", regime="pilot",
                fee_method="fixed", fee_yuan=Decimal(8_000), declared_on=date(2025, 1, 1), identity_key="x",
                recorded_at=unit.now, updated_at=unit.now,
            )
        )  # fmt: skip
    glue, sole = compared(city, GLUE, SOLE).patents
    assert (glue.offer, [each.fee_yuan for each in glue.licences]) == (None, [Decimal(8_000)])
    assert sole.offer is not None and (sole.offer.price_yuan, sole.offer.maturity) == (Decimal(50_000), "pilot")
    assert sole.licences == ()


def test_the_own_demand_that_one_of_them_fits_best_is_compared_for_unless_another_is_asked(city: City) -> None:
    glued = city.post()
    torn = city.post(
        title="雨伞伞骨易断",
        text="伞骨在大风中折断,需要抗风的碳纤维伞骨。",
        object="伞骨",
        aim="抗风",
        targets="10 级风不断",
    )
    found = compared(city, GLUE, FRAME)
    assert found.demand is not None and {each.id for each in found.demands} == {glued, torn}
    both = {key: compared(city, GLUE, FRAME, demand=key) for key in (glued, torn)}
    best = {key: max(each.match.score for each in one.patents if each.match) for key, one in both.items()}
    assert found.demand.id == max(best, key=lambda key: best[key])
    asked = both[torn].demand
    assert asked is not None and asked.id == torn
    glue, frame = both[torn].patents
    assert frame.match is not None and glue.match is not None and frame.match.score > glue.match.score
    assert frame.match.reasons


def test_others_and_visitors_see_no_fit_and_nobody_elses_demand(city: City) -> None:
    mine = city.post()
    for who in ("umbrellas", "college", "operator"):
        found = compared(city, GLUE, who=who, demand=mine)
        assert (found.demand, found.demands, found.patents[0].match) == (None, (), None)
    with city.runtime.unit(VISITOR, write=False) as unit:
        found = compare_patents(unit, [city.patent(GLUE)], mine)
    assert found.demand is None and found.patents[0].match is None
