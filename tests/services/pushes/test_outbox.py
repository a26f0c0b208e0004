"""The outbox: bounces belong to addresses, claims to one sender, and what is only written is not delivered."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Enterprise, PushDelivery, Suppression
from matchhub.errors import NotAllowed, NotFound, Refusal
from matchhub.services.demands.posting import post_demand
from matchhub.services.pushes import delivery, inbox
from matchhub.services.pushes.bounces import lift_bounce, list_bounced
from tests.services.pushes.read_inbox import inbox_of
from tests.services.pushes.test_pushes import UMBRELLA, pushes
from tests.services.small_city import ZIPPERS, City, demand


def refuse_all(city: City) -> int:
    """Plan for a firm without account, and let its server refuse the address; returns the firm's id."""
    with city.unit("operator") as unit:
        post_demand(unit, demand(), city.firm(ZIPPERS))
    city.match()
    city.plan()
    for message in city.claim().outgoing:
        with city.unit("operator") as unit:
            told = delivery.record_attempt(unit, message.push_id, "smtp", "refused", "550 5.1.1 no such user")
            assert told == "failed"
    return city.firm(ZIPPERS)


def test_a_refused_address_is_no_more_written_to_and_switches_no_firm_off(city: City) -> None:
    firm = refuse_all(city)
    with city.unit("operator") as unit:
        assert not inbox.is_off(unit, firm)
        assert list(unit.session.execute(select(Suppression)).scalars()) == []
        (bounced,) = list_bounced(unit).items
    assert (bounced.address, bounced.enterprise) == ("wang@shoes.example", ZIPPERS)
    assert bounced.reply == "550 5.1.1 no such user"
    city.clock.forward(days=1)
    city.match()
    assert city.plan().left_out.get("push_address_bounced", 0) > 0
    assert city.claim().outgoing == ()


def test_a_corrected_address_is_tried_again(city: City) -> None:
    firm = refuse_all(city)
    with city.unit() as unit:
        unit.session.get_one(Enterprise, firm).contact_email = "李工 <li@zippers.example>；x@zippers.example"
    city.clock.forward(days=1)
    city.match()
    assert city.plan().planned > 0
    assert {message.address for message in city.claim().outgoing} == {"li@zippers.example"}


def test_only_the_operator_lifts_a_bounce_and_only_with_a_reason(city: City) -> None:
    refuse_all(city)
    with city.unit("operator") as unit:
        number = list_bounced(unit).items[0].id
        with pytest.raises(Refusal) as refused:
            lift_bounce(unit, number, "  ")
        assert refused.value.code == "lift_reason_missing"
        lift_bounce(unit, number, "已电话核实")
        assert list_bounced(unit).items == []
        with pytest.raises(NotFound):
            lift_bounce(unit, number, "再次")
    city.clock.forward(days=1)
    city.match()
    city.plan()
    assert {message.address for message in city.claim().outgoing} == {"wang@shoes.example"}
    with city.unit("shoes") as unit, pytest.raises(NotAllowed):
        lift_bounce(unit, number, "x")


def test_the_inbox_goes_on_though_the_address_bounced(city: City) -> None:
    city.post()
    city.match()
    city.plan()
    first = city.claim().outgoing
    with city.unit("operator") as unit:
        assert delivery.record_attempt(unit, first[0].push_id, "smtp", "refused", "550 5.1.1 gone") == "delivered"
    with city.unit("shoes") as unit:
        assert first[0].push_id in {each.push_id for each in inbox_of(unit)}
    city.post(title=UMBRELLA["title"], text=UMBRELLA["text"], contact_email=None)
    city.clock.forward(days=1)
    city.match()
    assert city.plan().planned > 0
    assert all(message.address == "office@shoes.example" for message in city.claim().outgoing)


def test_a_letter_only_written_to_a_folder_is_not_delivered(city: City) -> None:
    with city.unit("operator") as unit:
        post_demand(unit, demand(), city.firm(ZIPPERS))
    city.match()
    city.plan()
    for message in city.claim().outgoing:
        with city.unit("operator") as unit:
            assert delivery.record_attempt(unit, message.push_id, "file", "written", "x.eml") == "written"
    assert {(push.state, push.delivered_at) for push in pushes(city)} == {("written", None)}
    city.clock.forward(days=1)
    city.match()
    assert "push_repeated" in city.plan().left_out, "it stands in the folder"


def test_a_claim_that_ran_out_is_void_once_another_has_the_letter(city: City) -> None:
    city.post()
    city.match()
    city.plan()
    (slow, *_) = city.claim().outgoing
    city.clock.forward(minutes=6)
    (fast, *_) = city.claim().outgoing
    assert (fast.push_id, fast.fence) == (slow.push_id, slow.fence + 1)
    with city.unit("operator") as unit:
        assert not delivery.still_mine(unit, slow)
        assert delivery.still_mine(unit, fast)
        before = unit.session.execute(select(func.count()).select_from(PushDelivery)).scalar_one()
        delivery.record_attempt(unit, slow.push_id, "smtp", "deferred", "451", fence=slow.fence)
        assert delivery.still_mine(unit, fast), "what a void claim failed at changes nothing"
        assert unit.session.execute(select(func.count()).select_from(PushDelivery)).scalar_one() == before
        delivery.record_attempt(unit, slow.push_id, "smtp", "delivered", "250", fence=slow.fence)
        assert not delivery.still_mine(unit, fast), "what arrived arrived"


def test_a_claim_that_is_renewed_does_not_run_out(city: City) -> None:
    city.post()
    city.match()
    city.plan()
    held = city.claim().outgoing
    for _ in range(3):
        city.clock.forward(minutes=4)
        with city.unit("operator") as unit:
            assert delivery.renew_claims(unit, held) == len(held)
    assert city.claim().outgoing == ()


def test_switching_off_after_the_claim_stops_a_letter_at_the_last_moment(city: City) -> None:
    city.post()
    city.match()
    city.plan()
    held = city.claim().outgoing
    with city.unit("shoes") as unit:
        inbox.switch_off(unit)
    with city.unit("operator") as unit:
        assert not any(delivery.still_mine(unit, each) for each in held)
    assert {push.state for push in pushes(city)} == {"suppressed"}


def test_letters_given_back_are_planned_and_free_for_the_next(city: City) -> None:
    city.post()
    city.match()
    city.plan()
    held = city.claim().outgoing
    with city.unit("operator") as unit:
        delivery.release_claims(unit, held)
    assert {push.state for push in pushes(city)} == {"planned"}
    assert [each.push_id for each in city.claim().outgoing] == [each.push_id for each in held]
