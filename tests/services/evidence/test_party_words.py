"""The parties' own words: whoever did not act is told and asked, both words stand, and a no holds until it is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from matchhub.domain.records import DealRecord, Source
from matchhub.errors import NotAllowed, NotFound, Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.deals.cancelling import cancel_deal
from matchhub.services.deals.correcting import DealCorrection, correct_deal
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.deals.payments import pay, refund
from matchhub.services.deals.recording import record_deal
from matchhub.services.deals.signing import sign_deal
from matchhub.services.evidence.party_words import (
    asked_of_actor,
    give_word,
    open_objections,
    settle_objection,
    words_of_parties,
)
from matchhub.services.notices.notices import own_notices
from matchhub.services.records.following import deal_view
from tests.domain.factories import number, pack
from tests.services.small_city import COLLEGE, SHOES, TODAY, City

STRANGER = "海峡实业有限公司"


def act(city: City, by: str, verb: Any, *values: Any, **named: Any) -> Any:
    with city.unit(by) as unit:
        return verb(unit, *values, **named)


def opened(city: City, by: str = "shoes", buyer: str = SHOES) -> int:
    new = NewDeal("ordinary_licence", (number(1),), ((COLLEGE, None),), ((buyer, None),))
    deal: int = act(city, by, open_deal, new)
    return deal


def words(city: City, deal: int = 1) -> list[tuple[str, str, str | None]]:
    with city.unit() as unit:
        return [(each.role, each.act, each.answer) for each in words_of_parties(unit, ("deals", deal))]


def codes(city: City, deal: int = 1, other_party: str = "no_holds", **asked: Any) -> set[str]:
    deals = replace(pack().deals, other_party=other_party)  # type: ignore[arg-type]
    rules = replace(pack(), deals=deals, digest=other_party)
    with city.unit() as unit:
        found = explain_record(unit, "deals", deal, replace(question(unit), pack=rules, **asked))
    return {reason.code for reason in found.reasons}


def test_who_acts_says_yes_and_the_other_is_told_and_asked(city: City) -> None:
    deal = opened(city)
    assert words(city) == [("seller", "opened", None), ("buyer", "opened", "yes")]
    with city.unit("college") as unit:
        (asked,) = asked_of_actor(unit)
        assert (asked.kind, asked.record_id, asked.act) == ("deals", deal, "opened")
        assert "told_deals_opened" in {notice.code for notice in own_notices(unit)}
    with city.unit("shoes") as unit:
        assert asked_of_actor(unit) == ()
    act(city, "college", give_word, ("deals", deal), "yes", "已核对")
    with city.unit("college") as unit:
        assert asked_of_actor(unit) == ()
    assert "parties_agree" in codes(city)
    with city.unit("shoes") as unit:
        (first, _) = deal_view(unit, deal).party_words
        assert (first.answer, first.note) == ("yes", "已核对")


def test_every_act_is_told_and_asked_anew(city: City) -> None:
    deal = opened(city)
    act(city, "college", sign_deal, deal, TODAY, "HT-1", Decimal(80_000))
    act(city, "shoes", pay, deal, TODAY, Decimal(30_000), "V-1")
    act(city, "operator", correct_deal, deal, DealCorrection(amount_yuan=Decimal(90_000)), "录入有误")
    act(city, "operator", refund, deal, TODAY, Decimal(1_000))
    act(city, "operator", cancel_deal, deal, TODAY, "协商解除")
    told = words(city)
    assert [each for each in told if each[0] == "seller"] == [
        ("seller", "opened", None), ("seller", "signed", "yes"), ("seller", "paid", None),
        ("seller", "changed", None), ("seller", "refunded", None), ("seller", "cancelled", None),
    ]  # fmt: skip
    assert [each[1:] for each in told if each[0] == "buyer"] == [
        ("opened", "yes"), ("signed", None), ("paid", "yes"), ("changed", None), ("refunded", None),
        ("cancelled", None),
    ]  # fmt: skip
    with city.unit("shoes") as unit:
        (asked,) = asked_of_actor(unit)  # the newest alone waits
        assert asked.act == "cancelled"


def test_a_row_of_a_file_and_a_form_ask_both_sides(city: City) -> None:
    record = DealRecord(Source("form", 1), "HT-9", "ordinary_licence", (number(1),), COLLEGE, None, SHOES,
                        None, TODAY, Decimal(80_000))  # fmt: skip
    deal = act(city, "operator", record_deal, record)
    assert words(city, deal) == [("seller", "signed", None), ("buyer", "signed", None)]
    paid = replace(record, paid_on=TODAY, paid_yuan=Decimal(80_000), payment_proof="V-9")
    act(city, "operator", record_deal, paid)
    assert [each[1] for each in words(city, deal)][2:] == ["paid", "paid"]


def test_a_no_is_an_objection_until_the_party_says_yes_or_the_bureau_settles_it(city: City) -> None:
    deal = opened(city, "operator")
    with pytest.raises(Refusal, match="note_missing"):
        act(city, "shoes", give_word, ("deals", deal), "no")
    before = city.clock()
    city.clock.forward(hours=1)
    act(city, "shoes", give_word, ("deals", deal), "no", "从未签过此合同")
    assert "party_objects" in codes(city)
    assert "party_objects" not in codes(city, known_at=before)
    assert "party_objects" not in codes(city, other_party="not_asked")
    with city.unit("operator") as unit:
        assert open_objections(unit) == ((("deals", deal), SHOES),)
        assert "told_deals_objection" in {notice.code for notice in own_notices(unit)}
    act(city, "operator", correct_after_signing, deal)
    assert "party_objects" in codes(city)  # asked anew it stands until it is answered
    act(city, "shoes", give_word, ("deals", deal), "yes")
    assert "party_objects" not in codes(city)
    act(city, "shoes", give_word, ("deals", deal), "no", "金额不符")
    with city.unit() as unit:
        last = words_of_parties(unit, ("deals", deal))[-1].id
    for who in ("operator", "shoes"):
        with pytest.raises(NotAllowed):
            act(city, who, settle_objection, last, "已核实")
    city.clock.forward(hours=1)
    act(city, "reviewer", settle_objection, last, "双方到场核实")
    assert "party_objects" not in codes(city)
    assert "party_objects" in codes(city, known_at=city.clock() - timedelta(minutes=1))
    with city.unit() as unit:
        assert open_objections(unit) == ()


def correct_after_signing(unit: Any, deal: int) -> None:
    sign_deal(unit, deal, TODAY, "HT-1", Decimal(80_000))


def test_by_the_pack_silence_holds_too(city: City) -> None:
    deal = opened(city)
    assert "party_silent" not in codes(city)
    assert "party_silent" in codes(city, other_party="yes_needed")
    act(city, "college", give_word, ("deals", deal), "yes")
    assert codes(city, other_party="yes_needed") >= {"parties_agree"}


def test_a_party_without_an_account_is_shown_and_nobody_speaks_for_it(city: City) -> None:
    deal = opened(city, "operator", STRANGER)
    assert words(city) == [("seller", "opened", None)]
    with city.unit("operator") as unit:
        assert deal_view(unit, deal).without_account == (STRANGER,)
    for who in ("shoes", "umbrellas", "school"):
        with pytest.raises(NotFound):
            act(city, who, give_word, ("deals", deal), "yes")
    with pytest.raises(NotAllowed):
        act(city, "operator", give_word, ("deals", deal), "yes")


def test_refunds_reduce_what_was_paid(city: City) -> None:
    deal = opened(city)
    act(city, "operator", sign_deal, deal, TODAY, "HT-1", Decimal(80_000))
    act(city, "operator", pay, deal, TODAY, Decimal(80_000), "V-1")
    assert "payment_in_full" in codes(city)
    for yuan, on, code in ((80_001, TODAY, "refund_exceeds_paid"), (1, TODAY + timedelta(days=1), "day_to_come"),
                           (0, TODAY, "amount_not_positive")):  # fmt: skip
        with pytest.raises(Refusal, match=code):
            act(city, "shoes", refund, deal, on, Decimal(yuan))
    act(city, "shoes", refund, deal, TODAY, Decimal(30_000), "T-1")
    with city.unit("operator") as unit:
        balance = deal_view(unit, deal).balance
        (partial,) = (each for each in deal_view(unit, deal).reasons if each.code == "payment_partial")
    assert (balance.agreed_yuan, balance.kept_yuan, balance.refunded_yuan, balance.due_yuan) == (
        80_000, 50_000, 30_000, 30_000,
    )  # fmt: skip
    assert partial.data == {"paid": "50,000.00", "agreed": "80,000.00", "due": "30,000.00"}
    act(city, "operator", pay, deal, TODAY, Decimal(30_000), "V-2")  # room for what went back
    act(city, "operator", refund, deal, TODAY, Decimal(79_950))
    assert "payment_token" in codes(city)


def test_a_refund_in_a_file_comes_once(city: City) -> None:
    record = DealRecord(Source("form", 1), "HT-9", "ordinary_licence", (number(1),), COLLEGE, None, SHOES,
                        None, TODAY, Decimal(80_000))  # fmt: skip
    paid = replace(record, paid_on=TODAY, paid_yuan=Decimal(80_000), payment_proof="V-9")
    deal = act(city, "operator", record_deal, paid)
    back = replace(paid, refunded_on=date(2025, 6, 2), refunded_yuan=Decimal(10_000), refund_proof="T-9")
    act(city, "operator", record_deal, back)
    with pytest.raises(Refusal, match="recorded_already"):
        act(city, "operator", record_deal, back)
    with city.unit("operator") as unit:
        assert deal_view(unit, deal).balance.refunded_yuan == 10_000
