"""P19: money rows need two people of two organisations, the bureau's with a one-time code: every pair that is none is
tried through the pages, in both orders, for deals, licences, payments made later and records of the other clauses."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pyotp
import pytest
from sqlalchemy import select

from matchhub.db.tables import Account, Confirmation
from tests.journey.deal_city import DealCity, done, telephone, town
from tests.journey.test_deal_journey import accepted, declared, opened, paid, paper, signed, stepped, touched
from tests.services.small_city import SHOES, built_city, city
from tests.web.test_awards_pages import PROJECT

__all__ = ["built_city", "city", "town"]

# login -> role, and whose organisation: "turncoat" has the bureau's role in the operator's organisation.
OTHERS = {
    "operator2": ("operator", "operator"),
    "turncoat": ("reviewer", "operator"),
    "reviewer2": ("reviewer", "reviewer"),
}
WITH_CODE = ("reviewer", "reviewer2", "turncoat")
# Two accounts of one organisation each, and one person alone.
PAIRS = [
    *permutations(("operator", "operator2")),
    *permutations(("operator2", "turncoat")),
    *permutations(("reviewer", "reviewer2")),
    ("operator2",),
    ("reviewer",),
]
Counts = Callable[[], bool]


def staff(town: DealCity) -> dict[str, pyotp.TOTP]:
    """More accounts of the operator and the bureau; a telephone for each that has the bureau's role."""
    with town.city.unit() as unit:
        known = {row.login: row for row in unit.session.execute(select(Account)).scalars()}
        for login, (role, like) in OTHERS.items():
            unit.session.add(
                Account(
                    login=login,
                    display_name=login,
                    role=role,
                    organisation_id=known[like].organisation_id,
                    password_hash="not a password",
                    created_at=unit.now,
                )
            )
        unit.session.flush()
        for row in unit.session.execute(select(Account).where(Account.login.in_(OTHERS))).scalars():
            known_actor = type(town.city.actors["operator"])
            town.city.actors[row.login] = known_actor(row.role, row.id, row.organisation_id, None, row.login)
    return {login: telephone(town, login) for login in WITH_CODE}


def say(town: DealCity, kind: str, record_id: int, who: str, phones: dict[str, pyotp.TOTP]) -> None:
    """A confirmation at the record's page, with a fresh code where the account has a telephone."""
    town.city.clock.forward(minutes=2)
    code = phones[who].at(town.city.clock.now) if who in phones else ""
    done(town.at(who).post(f"/bureau/records/{kind}/{record_id}/word", {"decision": "confirmed", "code": code}))


def take_back_all(town: DealCity, kind: str, record_id: int) -> None:
    """Every word on a record taken back by its giver."""
    with town.city.unit() as unit:
        chosen = select(Confirmation.id, Account.login).join(Account, Account.id == Confirmation.account_id)
        said = unit.session.execute(chosen.where(Confirmation.withdrawn_at.is_(None))).all()
    for word, login in said:
        done(town.at(login).post(f"/bureau/records/{kind}/{record_id}/word/{word}/withdraw", {"note": "重新确认"}))


def deal(town: DealCity) -> tuple[str, int, Counts]:
    touched(town)
    town.city.clock.forward(days=1)
    number = opened(town)
    done(signed(town, number))
    done(stepped(town, number, "registered", f"EE01-{number}"))
    done(paid(town, number))
    return "deals", number, lambda: town.verdict("deals", number).strict


def licence(town: DealCity) -> tuple[str, int, Counts]:
    number = accepted(town, declared(town), "shoes")
    return "licences", number, lambda: town.verdict("licences", number).strict


def award(town: DealCity) -> tuple[str, int, Counts]:
    operator = town.at("operator")
    done(operator.post("/trade/awards/records", PROJECT))
    papers = {"purpose": "other", "paper_kind": "official_list", "file": paper("评审名单")}
    done(operator.post("/operator/records/award_records/1/evidence", papers))
    sheet = f"/trade/awards/payees/enterprises/{town.city.firm(SHOES)}"
    return "award_records", 1, lambda: "严格口径尚缺" not in town.at("reviewer").get(sheet).text


@pytest.mark.parametrize("record", [deal, licence, award])
def test_no_pair_of_one_organisation_makes_a_money_row_count(
    town: DealCity, record: Callable[[DealCity], tuple[str, int, Counts]]
) -> None:
    phones = staff(town)
    kind, number, counts = record(town)
    for pair in PAIRS:
        for who in pair:
            say(town, kind, number, who, phones)
        assert not counts(), pair
        take_back_all(town, kind, number)
    for pair in permutations(("operator2", "reviewer")):
        for who in pair:
            say(town, kind, number, who, phones)
        assert counts(), "two people of two organisations, in either order"
        take_back_all(town, kind, number)


def test_a_payment_made_later_asks_for_both_words_again(town: DealCity) -> None:
    phones = staff(town)
    kind, number, counts = deal(town)
    for who in ("operator2", "reviewer"):
        say(town, kind, number, who, phones)
    assert counts()
    done(town.at("shoes").post(f"/trade/deals/{number}/refund", {"refunded_on": town.today, "amount_yuan": "1000"}))
    assert not counts()
    for who in ("operator", "operator2", "turncoat"):
        say(town, kind, number, who, phones)
    assert not counts(), "accounts of one organisation alone"
    say(town, kind, number, "reviewer", phones)
    assert counts()


def test_the_bureau_s_word_without_a_right_code_and_a_party_s_word_are_refused(town: DealCity) -> None:
    kind, number, _ = licence(town)
    address = f"/bureau/records/{kind}/{number}/word"
    led = town.at("reviewer").post(address, {"decision": "confirmed"})
    assert led.location.startswith("/account/second-factor"), "without a telephone the way to one"
    staff(town)
    for code in ("", "000000"):
        assert town.at("reviewer").post(address, {"decision": "confirmed", "code": code}).status_code == 422, code
    for party in ("shoes", "college"):
        assert town.at(party).post(address, {"decision": "confirmed"}).status_code == 403
    with town.city.unit() as unit:
        assert unit.session.execute(select(Confirmation.id)).first() is None
