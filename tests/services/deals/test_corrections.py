"""A contract on record is corrected by one verb, with a reason, under the checks of signing; what stood before stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, Revision
from matchhub.errors import Conflict, NotAllowed, Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.deals.correcting import DealCorrection, correct_deal
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.deals.signing import sign_deal
from matchhub.services.deals.steps import take_step
from tests.domain.factories import number
from tests.services.small_city import COLLEGE, SHOES, TODAY, City

YESTERDAY = date(2025, 6, 1)


def signed(city: City, number_: str = "HT-1", patent: int = 1) -> int:
    new = NewDeal("ordinary_licence", (number(patent),), ((COLLEGE, None),), ((SHOES, None),))
    with city.unit("operator") as unit:
        deal = open_deal(unit, new)
        sign_deal(unit, deal, TODAY, number_, Decimal(80_000))
    return deal


def correct(city: City, deal: int, reason: str = "录入有误", by: str = "operator", **values: Any) -> Any:
    with city.unit(by) as unit:
        return correct_deal(unit, deal, DealCorrection(**values), reason)


def refused(city: City, deal: int, **how: Any) -> str:
    with pytest.raises(Refusal) as fault:
        correct(city, deal, **how)
    return fault.value.code


def test_before_after_and_reason_stand_in_the_revision(city: City) -> None:
    deal = signed(city)
    new: dict[str, Any] = {"contract_number": "HT-2", "amount_yuan": Decimal(90_000), "signed_on": YESTERDAY}
    new["deal_type"] = "transfer"
    assert correct(city, deal, **new) == new
    with city.unit() as unit:
        row = unit.session.get_one(Deal, deal)
        assert {name: getattr(row, name) for name in new} == new
        last = unit.session.execute(select(Revision).where(Revision.kind == "deals").order_by(Revision.id)).scalars()
        fields = list(last)[-1].fields
    before = {"contract_number": "HT-1", "signed_on": "2025-06-02", "deal_type": "ordinary_licence"}
    assert before.items() <= fields["corrected_from"].items()
    assert Decimal(fields["corrected_from"]["amount_yuan"]) == 80_000
    assert (fields["correction_reason"], fields["contract_number"]) == ("录入有误", "HT-2")


def test_only_what_differs_is_corrected(city: City) -> None:
    deal = signed(city)
    assert correct(city, deal, contract_number="HT-1", amount_yuan=Decimal(90_000)) == {"amount_yuan": 90_000}
    assert refused(city, deal, contract_number=" HT-1 ", amount_yuan=Decimal(90_000)) == "deal_correction_empty"
    assert refused(city, deal) == "deal_correction_empty"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"amount_yuan": Decimal(0)}, "amount_not_positive"),
        ({"signed_on": date(2025, 6, 3)}, "deal_day_in_future"),
        ({"contract_number": "HT-OTHER"}, "deal_number_in_use"),
        ({"amount_yuan": Decimal(1), "reason": " "}, "note_missing"),
    ],
)
def test_a_correction_meets_the_rules_of_signing(city: City, values: dict[str, Any], code: str) -> None:
    deal = signed(city)
    signed(city, "HT-OTHER", patent=2)
    assert refused(city, deal, **values) == code


def test_the_day_of_signing_is_not_moved_behind_the_registration(city: City) -> None:
    deal = signed(city)
    correct(city, deal, signed_on=YESTERDAY)
    with city.unit("operator") as unit:
        take_step(unit, deal, "registered", YESTERDAY, "EE-1")
    assert refused(city, deal, signed_on=TODAY) == "deal_registered_before_signing"


def test_a_deal_that_is_not_signed_has_nothing_to_correct(city: City) -> None:
    new = NewDeal("ordinary_licence", (number(1),), ((COLLEGE, None),), ((SHOES, None),))
    with city.unit("shoes") as unit:
        deal = open_deal(unit, new)
    assert refused(city, deal, amount_yuan=Decimal(1)) == "deal_unsigned"


def test_only_the_operator_corrects(city: City) -> None:
    deal = signed(city)
    for who in ("shoes", "college", "reviewer"):
        with pytest.raises(NotAllowed):
            correct(city, deal, by=who, amount_yuan=Decimal(1))


def test_a_corrected_day_stands_recorded_when_it_was_corrected(city: City) -> None:
    deal = signed(city)
    city.clock.forward(days=200)
    assert "recorded_in_time" in reasons(city, deal)
    correct(city, deal, signed_on=YESTERDAY)
    assert "recorded_late" in reasons(city, deal)
    with city.unit() as unit:
        rows = unit.session.execute(select(DealEvent).where(DealEvent.event == "signed").order_by(DealEvent.id))
        assert [(row.occurred_on, row.withdrawn_at is not None) for row in rows.scalars()] == [
            (TODAY, True),
            (YESTERDAY, False),
        ]


def reasons(city: City, deal: int) -> set[str]:
    with city.unit() as unit:
        return {reason.code for reason in explain_record(unit, "deals", deal, question(unit)).reasons}


def test_the_past_still_knows_the_contract_as_it_was(city: City) -> None:
    deal = signed(city)
    then = city.clock.now
    city.clock.forward(days=1)
    correct(city, deal, contract_number="HT-2", deal_type="transfer")
    with city.unit() as unit:
        old = explain_record(unit, "deals", deal, question(unit, known_at=then))
    assert {reason.data.get("wanted") for reason in old.reasons if reason.code == "deal_unregistered"} == {"EE01"}


def test_the_number_that_was_wrong_is_free_for_its_own_contract(city: City) -> None:
    deal = signed(city)
    correct(city, deal, contract_number="HT-2")
    assert signed(city, "HT-1", patent=2) != deal


def test_two_at_once_are_told_what_changed(city: City) -> None:
    deal = signed(city)
    with pytest.raises(Conflict, match="changed_meanwhile"), city.unit("operator") as unit:
        correct_deal(unit, deal, DealCorrection(amount_yuan=Decimal(1)), "x", seen="2025-01-01T00:00:00.000000+00:00")
