"""Deals of several patents and parties: recorded once, counted per contract and per patent, checked patent by patent;
and who may sign at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from matchhub.db.tables import Deal, DealParty, DealPatent, PartyRelation
from matchhub.errors import NotAllowed, Refusal
from matchhub.services.conversations.interest import express_interest
from matchhub.services.counting.counts import count_progress, explain_record, question
from matchhub.services.deals.checks import facts_of_deal, findings_of
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.deals.payments import pay
from matchhub.services.deals.signing import sign_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.confirmations import confirm
from tests.domain.factories import number
from tests.services.small_city import COLLEGE, PATENTS, SCHOOL, SHOES, UMBRELLAS, City, hand_in

GLUE, SOLE, DEAD, RIBS, PLEDGED, PENDING = (number(line) for line in range(1, 7))


def opened(city: City, numbers: Sequence[str] = (GLUE, RIBS)) -> int:
    new = NewDeal(
        deal_type="ordinary_licence",
        application_numbers=tuple(numbers),
        sellers=((COLLEGE, None), (SCHOOL, None)),
        buyers=((SHOES, None), (UMBRELLAS, None)),
    )
    with city.unit("shoes") as unit:
        return open_deal(unit, new)


def signed(city: City, deal: int) -> None:
    with city.unit("shoes") as unit:
        sign_deal(unit, deal, unit.today, f"HT-{deal}", Decimal(80_000))


def touched(city: City) -> None:
    """A buyer asked for contact about both patents, the day before."""
    demand = city.own_demand()
    for title in (PATENTS[0][0], PATENTS[3][0]):
        with city.unit("shoes") as unit:
            express_interest(unit, city.patent(title), demand)
    city.clock.forward(days=1)


def closed(city: City, deal: int) -> None:
    """Signed, filed, paid, confirmed on both sides."""
    signed(city, deal)
    with city.unit("umbrellas") as unit:
        take_step(unit, deal, "registered", unit.today, "EE01-1")
        pay(unit, deal, unit.today, Decimal(80_000), "V-1")
    with city.unit("operator") as unit:
        hand_in(unit, "deals", deal)
    city.clock.forward(hours=2)
    with city.unit("operator") as unit:
        confirm(unit, "deals", deal)
    with city.unit("reviewer") as unit:
        confirm(unit, "deals", deal, second_factor=True)


def counted(city: City) -> dict[str, tuple[int, int]]:
    """Literal and strict number of deals under each unit of the clause."""
    with city.unit() as unit:
        for goal in count_progress(unit, question(unit)).goals:
            for each in goal.thresholds:
                if each.threshold.key == "invention_deals":
                    assert each.other is not None
                    return {count.unit: (count.literal, count.strict) for count in (each.count, each.other)}
    raise AssertionError("the pack has no threshold of deals")


def codes(city: City, deal: int) -> list[str]:
    with city.unit("operator") as unit:
        return [found.code for found in findings_of(unit, facts_of_deal(unit, deal))]


def test_a_deal_of_two_patents_and_four_parties_is_one_contract_and_two_patents(city: City) -> None:
    touched(city)
    deal = opened(city)
    assert codes(city, deal) == []
    assert set(counted(city).values()) == {(0, 0)}
    closed(city, deal)
    assert counted(city) == {"contract": (1, 1), "patent": (2, 2)}
    with city.unit() as unit:
        assert unit.session.execute(select(Deal.id)).scalars().all() == [deal]
        parties = unit.session.execute(select(DealParty.role, DealParty.name)).all()
        assert sorted(tuple(each) for each in parties) == sorted(
            [("seller", COLLEGE), ("seller", SCHOOL), ("buyer", SHOES), ("buyer", UMBRELLAS)]
        )
        assert len(unit.session.execute(select(DealPatent.id)).scalars().all()) == 2
        assert explain_record(unit, "deals", deal, question(unit)).strict


def test_a_patent_that_no_buyer_touched_is_told_by_its_number_and_not_counted(city: City) -> None:
    demand = city.own_demand()
    with city.unit("shoes") as unit:
        express_interest(unit, city.patent(PATENTS[0][0]), demand)
    city.clock.forward(days=1)
    deal = opened(city)
    with city.unit("operator") as unit:
        (found,) = findings_of(unit, facts_of_deal(unit, deal))
    assert (found.code, found.data["number"]) == ("deal_without_platform_event", RIBS)
    closed(city, deal)
    assert counted(city)["patent"] == (2, 1)


@pytest.mark.parametrize(
    ("second", "code"),
    [(DEAD, "deal_patent_dead"), (PLEDGED, "deal_patent_bound"), (PENDING, "deal_patent_not_granted")],
)
def test_each_patent_of_a_deal_is_checked_and_one_bad_one_is_enough(city: City, second: str, code: str) -> None:
    touched(city)
    deal = opened(city, (GLUE, second))
    assert codes(city, deal).count(code) == 1
    if code == "deal_patent_not_granted":  # an application may be licensed; it is told, and does not count
        signed(city, deal)
        return
    with pytest.raises(Refusal) as refused:
        signed(city, deal)
    assert refused.value.code == code
    with city.unit() as unit:
        assert unit.session.get_one(Deal, deal).signed_on is None


def test_what_is_found_on_a_patent_names_it(city: City) -> None:
    deal = opened(city, (DEAD, PLEDGED))
    with city.unit("operator") as unit:
        found = findings_of(unit, facts_of_deal(unit, deal))
    named = {each.code: each.data["number"] for each in found if each.level == "blocks"}
    assert named == {"deal_patent_dead": DEAD, "deal_patent_bound": PLEDGED}


def transferred(city: City, seller: str, buyer: str) -> int:
    new = NewDeal(deal_type="transfer", application_numbers=(GLUE,), sellers=((seller, None),), buyers=((buyer, None),))
    with city.unit("operator") as unit:
        return open_deal(unit, new)


@pytest.mark.parametrize(("related", "code"), [(True, "deal_round_trip_affiliated"), (False, "deal_resale")])
def test_a_patent_sold_on_to_a_relation_of_its_first_seller_went_round(city: City, related: bool, code: str) -> None:
    first = transferred(city, COLLEGE, SHOES)
    signed(city, first)
    if related:
        with city.unit("operator") as unit:
            relation = PartyRelation(
                left_key=COLLEGE, right_key=UMBRELLAS, relation="shareholder", evidence="章程", recorded_at=unit.now
            )
            unit.session.add(relation)
    city.clock.forward(days=1)
    assert {"deal_round_trip_affiliated", "deal_resale"} & set(codes(city, transferred(city, SHOES, UMBRELLAS))) == {
        code
    }


def test_two_bad_patents_are_two_findings(city: City) -> None:
    touched(city)
    assert codes(city, opened(city, (DEAD, PLEDGED))).count("deal_without_platform_event") == 2
    assert {"deal_patent_dead", "deal_patent_bound"} <= set(codes(city, opened(city, (DEAD, PLEDGED))))


def test_both_buyers_and_both_sellers_read_a_deal_and_may_sign_it(city: City) -> None:
    for who in ("shoes", "umbrellas", "college", "school"):
        deal = opened(city)
        with city.unit(who) as unit:
            findings_of(unit, facts_of_deal(unit, deal))
            sign_deal(unit, deal, unit.today, f"HT-{who}")
        with city.unit() as unit:
            assert unit.session.get_one(Deal, deal).contract_number == f"HT-{who}"


def test_an_unconfirmed_account_signs_no_deal_and_a_confirmed_one_does(city: City) -> None:
    deal = opened(city)
    confirmed = city.actors["shoes"]
    city.actors["shoes"] = replace(confirmed, proven=False)
    with pytest.raises(NotAllowed) as refused:
        signed(city, deal)
    assert refused.value.code == "account_unconfirmed"
    city.actors["shoes"] = confirmed
    signed(city, deal)
    with city.unit() as unit:
        assert unit.session.get_one(Deal, deal).signed_on == unit.today
