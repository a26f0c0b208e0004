"""Every act on a deal or licence tells its other party and asks it; the question waits until it is answered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from matchhub.services.deals.cancelling import cancel_deal, withdraw_deal
from matchhub.services.deals.correcting import DealCorrection, correct_deal
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.deals.payments import pay, refund
from matchhub.services.deals.signing import sign_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.files import store_evidence
from matchhub.services.evidence.party_words import asked_of_actor, give_word
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.accepting import accept_offer, record_filing, record_payment, record_refund
from matchhub.services.licensing.declaring import announce_offer, end_offer
from matchhub.services.licensing.entries import prove_licence_payment
from matchhub.services.notices.notices import own_notices
from matchhub.wording import labels
from tests.domain.factories import number
from tests.papers import letter
from tests.services.licensing.test_licensing import declared
from tests.services.small_city import COLLEGE, SHOES, City

Act = Callable[[Unit, int], object]


def slip(unit: Unit, licence: int) -> int:
    return store_evidence(unit, "licences", licence, "payment_proof", "回单.eml", letter(f"slip of licence {licence}"))


NEW = NewDeal("ordinary_licence", (number(1),), ((COLLEGE, None),), ((SHOES, None),))
YUAN = Decimal(20_000)
# Who acts, what it is called, the act; each on what those before it left.
DEAL: tuple[tuple[str, str, Act], ...] = (
    ("college", "signed", lambda unit, deal: sign_deal(unit, deal, unit.today, "HT-1", YUAN)),
    ("shoes", "registered", lambda unit, deal: take_step(unit, deal, "registered", unit.today, "BA-1")),
    (
        "shoes",
        "contract_registered",
        lambda unit, deal: take_step(unit, deal, "contract_registered", unit.today, "TR-1"),
    ),
    ("shoes", "paid", lambda unit, deal: pay(unit, deal, unit.today, YUAN, "V-1")),
    ("shoes", "implemented", lambda unit, deal: take_step(unit, deal, "implemented", unit.today)),
    ("operator", "changed", lambda unit, deal: correct_deal(unit, deal, DealCorrection(amount_yuan=YUAN + 1), "笔误")),
    ("college", "refunded", lambda unit, deal: refund(unit, deal, unit.today, Decimal(1_000), "R-1")),
    ("college", "cancelled", lambda unit, deal: cancel_deal(unit, deal, unit.today, "协商解除")),
    ("operator", "withdrawn", lambda unit, deal: withdraw_deal(unit, deal, "录错")),
)
LICENCE: tuple[tuple[str, str, Act], ...] = (
    ("shoes", "paid", lambda unit, key: record_payment(unit, key, unit.today, YUAN, "V-2")),
    ("operator", "proven", lambda unit, key: prove_licence_payment(unit, key, slip(unit, key))),
    ("college", "filed", lambda unit, key: record_filing(unit, key, unit.today, "BA-2")),
    ("shoes", "refunded", lambda unit, key: record_refund(unit, key, unit.today, Decimal(1_000))),
)
OTHERS = {"college": ["shoes"], "shoes": ["college"], "operator": ["college", "shoes"]}


def told_and_asked(city: City, who: str, kind: str, record_id: int, act: str) -> None:
    """The party has a notice of the act and a question, which waits over a night and goes with the answer."""
    with city.unit(who) as unit:
        assert f"told_{kind}_{act}" in {each.code for each in own_notices(unit, unread=True)}, (who, act)
    for _ in range(2):
        with city.unit(who) as unit:
            assert [(each.kind, each.record_id, each.act) for each in asked_of_actor(unit)] == [(kind, record_id, act)]
        city.clock.forward(minutes=1)
    with city.unit(who) as unit:
        give_word(unit, (kind, record_id), "yes")
        assert asked_of_actor(unit) == ()


def gone_through(city: City, kind: str, record_id: int, acts: tuple[tuple[str, str, Act], ...]) -> None:
    for who, name, act in acts:
        with city.unit(who) as unit:
            act(unit, record_id)
        with city.unit(who) as unit:
            assert asked_of_actor(unit) == ()
        for other in OTHERS[who]:
            told_and_asked(city, other, kind, record_id, name)


@pytest.mark.parametrize("opener", ["shoes", "college", "operator"])
def test_whoever_opens_a_deal_the_other_is_told_and_asked(city: City, opener: str) -> None:
    with city.unit(opener) as unit:
        deal = open_deal(unit, NEW)
    for other in OTHERS[opener]:
        told_and_asked(city, other, "deals", deal, "opened")


def test_every_act_on_a_deal_is_told_and_asked(city: City) -> None:
    with city.unit("shoes") as unit:
        deal = open_deal(unit, NEW)
    told_and_asked(city, "college", "deals", deal, "opened")
    gone_through(city, "deals", deal, DEAL)


def test_every_act_on_a_licence_is_told_and_asked(city: City) -> None:
    offer = declared(city)
    with city.unit("shoes") as unit:
        licence = accept_offer(unit, offer)
    told_and_asked(city, "college", "licences", licence, "recorded")
    gone_through(city, "licences", licence, LICENCE)


@pytest.mark.parametrize(("who", "others"), [("college", ["shoes"]), ("operator", ["shoes", "college"])])
def test_what_becomes_of_a_declaration_is_told_to_its_licensees_and_its_holder(
    city: City, who: str, others: list[str]
) -> None:
    offer = declared(city)
    with city.unit("shoes") as unit:
        accept_offer(unit, offer)
    with city.unit(who) as unit:
        announce_offer(unit, offer, "公告-1", unit.today)
    city.clock.forward(days=1)
    with city.unit(who) as unit:
        end_offer(unit, offer, unit.today)
    for party in ("college", "shoes", "umbrellas"):
        with city.unit(party) as unit:
            told = {each.code for each in own_notices(unit) if each.subject_kind == "offers"}
        assert told == ({"told_offers_announced", "told_offers_ended"} if party in others else set()), party


def test_an_announcement_put_right_is_told_anew(city: City) -> None:
    offer = declared(city)
    with city.unit("shoes") as unit:
        accept_offer(unit, offer)
    for announced in ("公告-1", "公告-1", "公告-2"):
        with city.unit("college") as unit:
            announce_offer(unit, offer, announced, unit.today)
    with city.unit("shoes") as unit:
        told = [each.fields["number"] for each in own_notices(unit) if each.code == "told_offers_announced"]
    assert told == ["公告-2", "公告-1"]


def test_no_act_that_parties_are_told_of_is_left_out_here() -> None:
    tried = {"opened", "recorded"} | {name for _, name, _ in (*DEAL, *LICENCE)}
    assert tried == set(labels()["party_act"])
