"""The same rule at every door of a deal: a party's page, the operator's page and a file ask one service or its rules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Deal, DealEvent, DealPayment, EvidenceFile, PatentEncumbrance
from matchhub.errors import Conflict, Refusal
from matchhub.services.deals.cancelling import cancel_deal, withdraw_deal
from matchhub.services.deals.opening import NewDeal, open_deal
from matchhub.services.deals.payments import pay
from matchhub.services.deals.signing import sign_deal
from matchhub.services.deals.stages import stage_of_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.files import store_evidence
from tests.domain.factories import number
from tests.papers import letter
from tests.services.small_city import COLLEGE, SCHOOL, SHOES, TODAY, UMBRELLAS, City

DAY = timedelta(days=1)


def opened(city: City, deal_type: Any = "ordinary_licence", patent: int = 1, who: str = "shoes", **sides: Any) -> int:
    parties: dict[str, Any] = {"sellers": ((COLLEGE, None),), "buyers": ((SHOES, None),), **sides}
    with city.unit(who) as unit:
        return open_deal(unit, NewDeal(deal_type=deal_type, application_numbers=(number(patent),), **parties))


def signed(city: City, **how: Any) -> int:
    deal = opened(city, **how)
    with city.unit("operator") as unit:
        sign_deal(unit, deal, TODAY, f"HT-{deal}", Decimal(80_000))
    return deal


def refused(city: City, verb: Any, *values: Any, by: str = "operator", **named: Any) -> str:
    with pytest.raises(Refusal) as fault, city.unit(by) as unit:
        verb(unit, *values, **named)
    return fault.value.code


BY = pytest.mark.parametrize("by", ["shoes", "college", "operator"])


@BY
def test_whoever_enters_a_registration_needs_its_number_day_and_place_in_the_order(city: City, by: str) -> None:
    deal = opened(city)
    assert refused(city, take_step, deal, "registered", TODAY, "EE-1", by=by) == "deal_step_not_allowed"
    with city.unit("operator") as unit:
        sign_deal(unit, deal, TODAY, "HT-1")
    assert refused(city, take_step, deal, "registered", TODAY, " ", by=by) == "register_number_missing"
    assert refused(city, take_step, deal, "registered", TODAY - DAY, "1", by=by) == "deal_registered_before_signing"
    assert refused(city, take_step, deal, "registered", TODAY + DAY, "1", by=by) == "day_to_come"
    assert refused(city, take_step, deal, "implemented", date(2020, 1, 1), by=by) == "deal_implemented_before_signing"
    with city.unit(by) as unit:
        take_step(unit, deal, "registered", TODAY, "EE-1")
        row = unit.session.execute(select(DealEvent).where(DealEvent.event == "EE01")).scalar_one()
        assert (row.number, row.occurred_on) == ("EE-1", TODAY)


@BY
def test_whoever_enters_a_payment_needs_its_proof(city: City, by: str) -> None:
    deal = signed(city)
    assert refused(city, pay, deal, TODAY, Decimal(1), by=by) == "payment_unproven"
    assert refused(city, pay, deal, TODAY, Decimal(0), "V1", by=by) == "amount_not_positive"
    assert refused(city, pay, deal, TODAY + DAY, Decimal(1), "V1", by=by) == "day_to_come"
    with city.unit(by) as unit:
        assert pay(unit, deal, TODAY, Decimal(1), "V1") > 0


@BY
def test_whoever_cancels_says_why_and_does_it_once(city: City, by: str) -> None:
    deal = signed(city)
    assert refused(city, cancel_deal, deal, TODAY, " ", by=by) == "note_missing"
    assert refused(city, cancel_deal, deal, TODAY - DAY, "协议解除", by=by) == "deal_cancelled_before_signing"
    with city.unit(by) as unit:
        cancel_deal(unit, deal, TODAY, "协议解除")
        assert stage_of_deal(unit, deal) == "cancelled"
    assert refused(city, cancel_deal, deal, TODAY, "再次", by=by) == "deal_step_not_allowed"
    assert refused(city, pay, deal, TODAY, Decimal(1), "V1", by=by) == "deal_step_not_allowed"


def test_a_negotiation_can_be_given_up(city: City) -> None:
    deal = opened(city)
    with city.unit("shoes") as unit:
        cancel_deal(unit, deal, TODAY, "谈不拢")
        assert stage_of_deal(unit, deal) == "cancelled"


@pytest.mark.parametrize("act", ["sign", "step", "pay", "cancel"])
def test_evidence_of_another_deal_proves_nothing_here(city: City, act: str) -> None:
    first, second = signed(city), (opened(city) if act == "sign" else signed(city))
    with city.unit("operator") as unit:
        paper = store_evidence(unit, "deals", first, "contract", "合同.pdf", letter("first"))
    acts: dict[str, tuple[Any, ...]] = {
        "sign": (sign_deal, second, TODAY, "HT-9", None, paper),
        "step": (take_step, second, "registered", TODAY, "EE-1", paper),
        "pay": (pay, second, TODAY, Decimal(1), "V1", paper),
        "cancel": (cancel_deal, second, TODAY, "协议解除", paper),
    }
    assert refused(city, *acts[act]) == "evidence_of_other_record"
    with city.unit("operator") as unit:
        own = store_evidence(unit, "deals", second, "contract", "合同.pdf", letter("second"))
        verb, *values = acts[act]
        verb(unit, *values[:-1], own)
        assert unit.session.execute(select(func.count()).select_from(EvidenceFile)).scalar_one() == 2


def test_a_firm_on_both_sides_is_refused_beside_other_parties(city: City) -> None:
    sides: dict[str, Any] = {"sellers": ((COLLEGE, None), (SHOES, None)), "buyers": ((UMBRELLAS, None), (SHOES, None))}
    with pytest.raises(Refusal) as fault:
        opened(city, **sides)
    assert fault.value.code == "parties_identical"
    with city.unit() as unit:
        assert unit.session.execute(select(Deal.id)).first() is None
    assert opened(city, sellers=((COLLEGE, None), (SCHOOL, None)), buyers=((UMBRELLAS, None), (SHOES, None))) == 1


@pytest.mark.parametrize(("deal_type", "code"), [
    ("exclusive_licence", "deal_open_licence_running"), ("sole_licence", "deal_open_licence_running"),
    ("ordinary_licence", None), ("transfer", None),
])  # fmt: skip
def test_beside_an_open_licence_only_ordinary_licences_are_opened(city: City, deal_type: str, code: str | None) -> None:
    encumber(city, "open_licence")
    if code is None:
        assert opened(city, deal_type) == 1
        return
    with pytest.raises(Refusal) as fault:
        opened(city, deal_type)
    assert (fault.value.code, fault.value.data["number"]) == (code, number(1))


def test_beside_an_exclusive_licence_no_other_licence_is_opened(city: City) -> None:
    signed(city, deal_type="exclusive_licence")
    with pytest.raises(Refusal, match="deal_licence_excluded"):
        opened(city)
    assert opened(city, "transfer") == 2


def encumber(city: City, kind: str) -> None:
    with city.unit() as unit:
        row = PatentEncumbrance(
            patent_id=1, encumbrance_type=kind, from_on=TODAY, as_of_on=TODAY, register_event="", recorded_at=unit.now
        )
        unit.session.add(row)


def test_a_contract_number_is_free_again_once_its_wrong_record_was_withdrawn(city: City) -> None:
    wrong, right = signed(city), opened(city)
    assert refused(city, sign_deal, right, TODAY, f"HT-{wrong}") == "deal_number_in_use"
    with city.unit("operator") as unit:
        withdraw_deal(unit, wrong, "登记错误")
        sign_deal(unit, right, TODAY, f"HT-{wrong}")
    with city.unit() as unit:
        assert unit.session.get_one(Deal, right).contract_number == f"HT-{wrong}"
        assert unit.session.get_one(Deal, wrong).withdrawn_reason == "登记错误"


def test_a_refused_act_leaves_nothing(city: City) -> None:
    deal = signed(city)
    refused(city, take_step, deal, "registered", TODAY, "")
    refused(city, pay, deal, TODAY, Decimal(1))
    with city.unit() as unit:
        assert unit.session.execute(select(DealPayment.id)).first() is None
        events = unit.session.execute(select(DealEvent.event).where(DealEvent.deal_id == deal)).scalars().all()
        assert events == ["negotiating", "signed"]


def test_numbers_in_use_are_a_conflict(city: City) -> None:
    first, second = signed(city), signed(city)
    with city.unit("operator") as unit:
        take_step(unit, first, "registered", TODAY, "EE-1")
    with pytest.raises(Conflict, match="deal_number_in_use"), city.unit("operator") as unit:
        take_step(unit, second, "registered", TODAY, "EE-1")
