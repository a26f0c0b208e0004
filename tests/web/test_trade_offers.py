"""The page of an open-licence offer: the operator enters a firm's acceptance; an unconfirmed account is told why not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchhub.db.tables import Account, Enterprise, Licence, Offer, Registration
from matchhub.wording import sentence
from tests.domain.factories import uscc
from tests.journey.deal_city import DealCity, place, town
from tests.journey.test_deal_journey import declared, opened, says, signed
from tests.services.small_city import SHOES, ZIPPERS, built_city, city
from tests.web.acts import OFFER
from tests.web.shown_forms import fault_at, typed_in

__all__ = ["built_city", "city", "town"]


@pytest.mark.parametrize("written", [ZIPPERS, uscc(3), uscc(3).lower(), f" {ZIPPERS} "])
def test_the_operator_enters_the_acceptance_of_a_firm_by_name_or_code(town: DealCity, written: str) -> None:
    offer = declared(town)
    assert 'id="accept-for"' in town.at("operator").get(f"/trade/offers/{offer}").text
    licence = place(town.at("operator").post(f"/trade/offers/{offer}/accept-for", {"firm": written}))
    with town.city.unit() as unit:
        row = unit.session.get_one(Licence, licence)
        assert unit.session.get_one(Enterprise, row.enterprise_id).name == ZIPPERS
        assert (row.offer_id, row.notified_on) == (offer, unit.today)


@pytest.mark.parametrize("written", ["", "没有这家公司", "晋江市", uscc(9)])
def test_a_firm_that_is_not_in_the_base_is_refused_with_what_to_do(town: DealCity, written: str) -> None:
    offer = declared(town)
    answer = town.at("operator").post(f"/trade/offers/{offer}/accept-for", {"firm": written})
    assert answer.status_code == 422 and says(answer, "licensee_unknown")
    with town.city.unit() as unit:
        assert unit.session.execute(select(Licence.id)).first() is None


def test_the_operator_enters_a_firm_once_and_nobody_else_enters_for_others(town: DealCity) -> None:
    offer = declared(town)
    place(town.at("operator").post(f"/trade/offers/{offer}/accept-for", {"firm": SHOES}))
    assert town.at("operator").post(f"/trade/offers/{offer}/accept-for", {"firm": SHOES}).status_code == 409
    assert town.at("shoes").post(f"/trade/offers/{offer}/accept").status_code == 409
    for who in ("shoes", "college", "reviewer"):
        page = town.at(who)
        assert 'id="accept-for"' not in page.get(f"/trade/offers/{offer}").text
        assert page.post(f"/trade/offers/{offer}/accept-for", {"firm": ZIPPERS}).status_code == 403


HINT = "运营机构核实您代表该单位后，才能查看和办理"


@pytest.mark.parametrize("confirmed", [False, True])
def test_an_unconfirmed_account_is_told_on_the_page_and_refused(town: DealCity, confirmed: bool) -> None:
    offer, deal = declared(town), opened(town)
    registered(town, confirmed)
    shoes = town.at("shoes")
    told = sentence("account_unconfirmed")
    page = shoes.get(f"/trade/offers/{offer}").text
    assert (told in page, f"/trade/offers/{offer}/accept" in page) == (not confirmed, confirmed)
    accepted, contract = shoes.post(f"/trade/offers/{offer}/accept"), signed(town, deal)
    if confirmed:
        assert (accepted.status_code, contract.status_code) == (302, 302)
        return
    assert {answer.location for answer in (accepted, contract)} == {"/account/waiting"}
    assert HINT in shoes.get("/account/waiting").text


def registered(town: DealCity, confirmed: bool) -> None:
    """Let the account of the shoe maker be one that registered itself."""
    with town.city.unit() as unit:
        account = select(Account.id).where(Account.login == "shoes").scalar_subquery()
        row = unit.session.execute(select(Registration).where(Registration.account_id == account)).scalar_one()
        row.by_itself, row.waits, row.decision = True, False, "confirmed" if confirmed else None


def test_who_is_not_the_holder_is_told_at_the_number_and_loses_nothing_typed(town: DealCity) -> None:
    answer = town.at("school").post("/trade/offers/new", OFFER)
    assert answer.status_code == 403
    assert fault_at(answer, "declaration-number") == sentence("offer_not_holder")
    assert typed_in(answer, "declaration-industry_reason") == OFFER["industry_reason"]
    with town.city.unit() as unit:
        assert unit.session.execute(select(Offer.id)).first() is None


def test_the_fee_stands_in_the_form_as_people_write_it(town: DealCity) -> None:
    licence = place(town.at("shoes").post(f"/trade/offers/{declared(town)}/accept"))
    page = town.at("shoes").get(f"/trade/licences/{licence}").text
    assert 'value="20000"' in page and "20000.00" not in page
