"""How far an act reaches: ``x_any`` opens every record, ``x`` only one's own; a role without the act gets nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from matchhub.db.tables import Demand
from matchhub.domain.permissions import UnknownAct
from matchhub.errors import NotAllowed, NotFound
from matchhub.services.conversations import messages
from matchhub.services.conversations.interest import express_interest
from matchhub.services.conversations.threads import own_threads
from matchhub.services.deals.access import is_party
from matchhub.services.deals.checks import facts_of_deal
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.deals.payments import pay
from matchhub.services.deals.signing import sign_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.demands.confidentiality import sight_of
from matchhub.services.demands.drafts import (
    CollectedDemand,
    discard_draft,
    draft_of,
    enter_batch,
    own_drafts,
    save_draft,
)
from matchhub.services.kernel.privacy import without_contact_data
from matchhub.services.licensing.accepting import accept_offer
from matchhub.services.licensing.declaring import end_offer
from matchhub.services.licensing.pages import offer_view
from matchhub.services.pushes.inbox import is_off, switch_off
from matchhub.services.records.following import deal_view
from matchhub.services.search.kinds import search
from tests.domain.factories import number
from tests.services.followed import own_deals, own_licences
from tests.services.licensing.test_licensing import declared
from tests.services.small_city import COLLEGE, PATENTS, SHOES, City


def deal_of_shoes(city: City) -> int:
    new = NewDeal("ordinary_licence", (number(1),), ((COLLEGE, None),), ((SHOES, None),))
    with city.unit("shoes") as unit:
        return open_deal(unit, new)


def thread_of_shoes(city: City) -> int:
    patent, demand = city.patent(PATENTS[0][0]), city.own_demand()
    with city.unit("shoes") as unit:
        return express_interest(unit, patent, demand).thread_id


def appoint(city: City, who: str, role: str) -> None:
    """Give an account of the city another role in the same organisation."""
    city.actors[who] = replace(city.actors[who], role=role)


def test_one_of_several_acts_is_enough_and_none_is_refused(city: City) -> None:
    with city.unit("operator") as unit:
        unit.require("demand.post", "demand.post_any")
        with pytest.raises(NotAllowed) as refused:
            unit.require("demand.post", "demand.edit")
    assert refused.value.data == {"role": "operator"}


@pytest.mark.parametrize("who", ["operator", "system"])
def test_an_act_that_does_not_exist_is_an_error_whoever_asks(city: City, who: str) -> None:
    with city.unit(who) as unit:
        for acts in (("demand.burn",), ("demand.post_any", "demand.burn")):
            with pytest.raises(UnknownAct):
                unit.require(*acts)


def test_the_operator_finds_every_thread_and_a_party_its_own(city: City) -> None:
    thread = thread_of_shoes(city)
    found = {}
    for who in ("operator", "shoes", "college", "umbrellas", "school"):
        with city.unit(who) as unit:
            found[who] = [line.id for line in own_threads(unit)]
    assert found == {"operator": [thread], "shoes": [thread], "college": [thread], "umbrellas": [], "school": []}


def test_who_takes_part_in_no_thread_reads_none_of_the_own_organisation_either(city: City) -> None:
    thread = thread_of_shoes(city)
    appoint(city, "college", "auditor")
    with city.unit("college") as unit, pytest.raises(NotFound):
        messages.read_thread(unit, thread)


def test_a_deal_is_read_by_its_parties_and_by_those_who_read_every_deal(city: City) -> None:
    deal = deal_of_shoes(city)
    for who in ("shoes", "college", "operator", "reviewer"):
        with city.unit(who) as unit:
            assert (deal_view(unit, deal).id, facts_of_deal(unit, deal).record_id) == (deal, deal)
    for who in ("umbrellas", "school"):
        for read in (deal_view, facts_of_deal):
            with city.unit(who) as unit, pytest.raises(NotFound):
                read(unit, deal)


def test_the_operator_follows_every_deal_and_a_party_its_own(city: City) -> None:
    deal = deal_of_shoes(city)
    found = {}
    for who in ("operator", "shoes", "college", "umbrellas", "school"):
        with city.unit(who) as unit:
            found[who] = [line.id for line in own_deals(unit)]
    assert found == {"operator": [deal], "shoes": [deal], "college": [deal], "umbrellas": [], "school": []}


@pytest.mark.parametrize("who", ["umbrellas", "school"])
def test_a_stranger_enters_nothing_on_a_deal(city: City, who: str) -> None:
    deal = deal_of_shoes(city)
    with city.unit(who) as unit:
        with pytest.raises(NotFound):
            sign_deal(unit, deal, unit.today, "HT-1")
        with pytest.raises(NotFound):
            take_step(unit, deal, "negotiating", unit.today)
        with pytest.raises(NotFound):
            pay(unit, deal, unit.today, Decimal(1), "V-1")


def test_an_auditor_of_a_party_is_no_party(city: City) -> None:
    deal = deal_of_shoes(city)
    with city.unit("college") as unit:
        assert is_party(unit, deal)
    appoint(city, "college", "auditor")
    with city.unit("college") as unit:
        assert not is_party(unit, deal)
        with pytest.raises(NotAllowed):
            pay(unit, deal, unit.today, Decimal(1), "V-1")


@pytest.mark.parametrize(
    ("confidentiality", "seen"),
    [
        ("title", {"umbrellas": "title", "college": "full"}),
        ("interest", {"umbrellas": "title", "college": "title"}),
        ("invited", {"umbrellas": "nothing", "college": "nothing"}),
    ],
)
def test_how_much_of_a_demand_is_read_follows_from_act_and_confidentiality(
    city: City, confidentiality: str, seen: dict[str, str]
) -> None:
    demand = city.post()
    appoint(city, "school", "auditor")
    expected = {**seen, **dict.fromkeys(("shoes", "operator", "reviewer", "school", "system"), "full")}
    found = {}
    for who in expected:
        with city.unit(who) as unit:
            row = unit.session.get_one(Demand, demand)
            row.confidentiality = confidentiality
            found[who] = sight_of(unit, row)
    assert found == expected


def test_a_firm_reads_its_own_drafts_and_the_operator_those_it_entered(city: City) -> None:
    with city.unit("shoes") as unit:
        own = save_draft(unit, {"title": "鞋底开胶"})
    with city.unit("operator") as unit:
        (entered,) = enter_batch(unit, "fair", "", [CollectedDemand(SHOES, "鞋面起皱", "鞋面起皱")])
    found = {}
    for who in ("shoes", "umbrellas", "operator"):
        with city.unit(who) as unit:
            found[who] = {draft.id for draft in own_drafts(unit)}
    assert found == {"shoes": {own, entered}, "umbrellas": set(), "operator": {entered}}
    for act in (draft_of, discard_draft):
        with city.unit("umbrellas") as unit, pytest.raises(NotFound):
            act(unit, own)
    with city.unit("operator") as unit, pytest.raises(NotFound):
        discard_draft(unit, own)
    with city.unit("operator") as unit:
        discard_draft(unit, entered)


def test_the_operator_declares_and_ends_an_offer_for_its_holder_and_a_stranger_does_not(city: City) -> None:
    offer = declared(city, "operator")
    own = {}
    for who in ("operator", "college", "school", "shoes"):
        with city.unit(who) as unit:
            own[who] = offer_view(unit, offer).own
    assert own == {"operator": True, "college": True, "school": False, "shoes": False}
    with city.unit("school") as unit, pytest.raises(NotFound):
        end_offer(unit, offer, unit.today)
    with city.unit("operator") as unit:
        end_offer(unit, offer, unit.today)


def test_the_operator_follows_every_licence_and_a_party_its_own(city: City) -> None:
    offer = declared(city)
    with city.unit("shoes") as unit:
        licence = accept_offer(unit, offer)
    found = {}
    for who in ("operator", "shoes", "college", "umbrellas", "school"):
        with city.unit(who) as unit:
            found[who] = [line.id for line in own_licences(unit)]
    assert found == {"operator": [licence], "shoes": [licence], "college": [licence], "umbrellas": [], "school": []}


def test_the_operator_switches_pushes_off_for_a_firm_that_asks(city: City) -> None:
    with city.unit("operator") as unit:
        switch_off(unit, city.firm(SHOES))
        assert is_off(unit, city.firm(SHOES))


def test_a_shared_telephone_number_is_shown_in_full_to_those_who_judge_only(city: City) -> None:
    appoint(city, "school", "auditor")
    found = {}
    for who in ("shoes", "college", "operator", "reviewer", "school"):
        with city.unit(who) as unit:
            found[who] = without_contact_data(unit, {"kind": "phone", "shared": "13812345678"})["shared"]
    in_part, full = "138****78", "13812345678"
    assert found == {"shoes": in_part, "college": in_part, "operator": full, "reviewer": full, "school": full}


def test_a_demand_is_one_s_own_for_who_reads_own_demands_only(city: City) -> None:
    demand = city.post()
    with city.unit("shoes") as unit:
        assert [(row.id, row.mine) for row in search(unit, "demands").items] == [(demand, True)]
    appoint(city, "shoes", "institution")
    with city.unit("shoes") as unit:
        assert search(unit, "demands").total == 0
        unit.session.get_one(Demand, demand).state = "verified"
        assert [(row.id, row.mine) for row in search(unit, "demands").items] == [(demand, False)]
