"""What waits for a word stands before those who give it: the operator first, then the bureau, and then no longer."""

from __future__ import annotations

from datetime import date

from tests.journey.deal_city import DealCity, confirm, done, telephone, town
from tests.journey.test_deal_journey import opened, signed
from tests.services.small_city import built_city, city

__all__ = ["built_city", "city", "town"]

ADDRESS = "/bureau/unconfirmed"


def waits(town: DealCity, who: str, deal: int) -> bool:
    return f"/bureau/records/deals/{deal}" in town.at(who).get(ADDRESS).text


def test_a_signed_deal_waits_for_the_operator_then_for_the_bureau_then_for_nobody(town: DealCity) -> None:
    deal = opened(town)
    assert not waits(town, "operator", deal), "what is not signed is nothing to confirm"
    done(signed(town, deal))
    assert waits(town, "operator", deal) and not waits(town, "reviewer", deal)
    assert ADDRESS in town.at("operator").get("/operator/").text
    done(confirm(town, "deals", deal, "operator"))
    assert not waits(town, "operator", deal) and waits(town, "reviewer", deal)
    assert ADDRESS in town.at("reviewer").get("/bureau/").text
    done(confirm(town, "deals", deal, "reviewer", telephone(town, "reviewer")))
    assert not waits(town, "reviewer", deal)


def test_a_deal_that_was_changed_after_it_was_confirmed_waits_again(town: DealCity) -> None:
    deal = opened(town)
    done(signed(town, deal, on=date(2025, 6, 2)))
    done(confirm(town, "deals", deal, "operator"))
    paid = {"paid_on": town.today, "amount_yuan": "80000", "voucher": "V-1"}
    done(town.at("shoes").post(f"/trade/deals/{deal}/pay", paid))
    assert waits(town, "operator", deal)
