"""Deals: stages, order of days, checks at signing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from matchhub.domain.counting.facts import AffiliationFact, EncumbranceFact
from matchhub.domain.deal_signing import check_kind, check_signing
from matchhub.domain.deals import (
    Payment,
    Stage,
    Step,
    blocking,
    check_dates,
    check_payment,
    check_refund,
    check_step,
    event_of,
    excess_of,
    next_stages,
    stage_of,
)
from tests.domain.counting.verdicts import speak
from tests.domain.factories import AS_OF, SIGNED, deal, deal_patent, number, pack, status

TIE = AffiliationFact(kind="address", first="seller1", second="buyer1", shared="晋江市某路1号")


def found(fact: Any, level: str | None = None, **more: Any) -> list[str]:
    findings = check_signing(fact, pack(), AS_OF, **more)
    for finding in findings:
        speak(finding.code, finding.data)
    return [finding.code for finding in findings if level in (None, finding.level)]


def test_a_complete_deal_raises_nothing() -> None:
    assert found(replace(deal(1), contract_register_number="2024350000000123")) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signed_on": None}, "deal_signing_day_missing"),
        ({"signed_on": date(2025, 7, 1)}, "deal_day_in_future"),
        (
            {"registrations": (replace(deal(1).registrations[0], registered_on=date(2024, 5, 19)),)},
            "deal_registered_before_signing",
        ),
        ({"cancelled_on": date(2024, 5, 19)}, "deal_cancelled_before_signing"),
        ({"sellers": ()}, "parties_missing"),
        ({"sellers": ("buyer1",)}, "parties_identical"),
        ({"sellers": ("seller1", "buyer1")}, "parties_identical"),
        ({"buyers": ("buyer1", "seller1")}, "parties_identical"),
        ({"sellers": ("seller1", "both"), "buyers": ("both", "buyer1")}, "parties_identical"),
        ({"patents": ()}, "deal_without_patent"),
        ({"patents": (deal_patent(1, statuses=(status(date(2024, 1, 1), "dead"),)),)}, "deal_patent_dead"),
        ({"patents": (deal_patent(1, owned_by_seller=False),)}, "deal_seller_not_owner"),
    ],
)
def test_a_wrong_deal_is_stopped(changes: dict[str, Any], code: str) -> None:
    assert code in found(deal(1, **changes), "blocks")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payments": (replace(deal(1).payments[0], paid_on=date(2024, 5, 19)),)}, "deal_paid_before_signing"),
        ({"affiliations": (TIE,)}, "parties_affiliated"),
        ({"contract_register_number": "12"}, "contract_register_number_odd"),
        ({"patents": (deal_patent(1, application_number=number(1, 2)),)}, "deal_not_invention"),
        ({"patents": (deal_patent(1, application_number="1"),)}, "deal_patent_number_invalid"),
        ({"patents": (deal_patent(1, granted_on=date(2024, 6, 1)),)}, "deal_patent_not_granted"),
        ({"patents": (deal_patent(1, statuses=()),)}, "deal_patent_status_unknown"),
        ({"platform_events": ()}, "deal_without_platform_event"),
    ],
)
def test_a_doubtful_deal_is_told(changes: dict[str, Any], code: str) -> None:
    assert found(deal(1, **changes), "warns") == [code]
    assert found(deal(1, **changes), "blocks") == []


def test_an_overruled_affiliation_is_silent() -> None:
    assert found(deal(1, affiliations=(TIE,), affiliation_overruled_by=9)) == []


def test_numbers_are_unique() -> None:
    assert found(deal(1), numbers_in_use={"HT-2024-0001": 1}) == []
    assert found(deal(1), "blocks", numbers_in_use={"HT-2024-0001": 2}) == ["deal_number_in_use"]
    numbered = deal(1, registrations=(replace(deal(1).registrations[0], number="D1"),))
    assert found(numbered, "blocks", numbers_in_use={"D1": 2}) == ["deal_number_in_use"]


@pytest.mark.parametrize(
    ("kind", "deal_type", "level", "code"),
    [
        ("preservation", "transfer", "blocks", "deal_patent_bound"),
        ("pledge", "ordinary_licence", "blocks", "deal_patent_bound"),
        ("exclusive_licence", "ordinary_licence", "blocks", "deal_licence_excluded"),
        ("sole_licence", "exclusive_licence", "blocks", "deal_licence_excluded"),
        ("exclusive_licence", "transfer", "warns", "deal_patent_burdened"),
        ("open_licence", "exclusive_licence", "blocks", "deal_open_licence_running"),
        ("open_licence", "ordinary_licence", "warns", "deal_patent_burdened"),
        ("dispute", "transfer", "warns", "deal_patent_burdened"),
    ],
)
def test_burdens_stop_or_warn(kind: Any, deal_type: Any, level: str, code: str) -> None:
    encumbrances = {1: (EncumbranceFact(kind=kind, from_on=date(2024, 1, 1)),)}
    assert found(deal(1, deal_type=deal_type), level, encumbrances=encumbrances) == [code]


def test_a_pledge_with_consent_only_warns() -> None:
    encumbrances = {1: (EncumbranceFact(kind="pledge", consented=True),)}
    assert found(deal(1), encumbrances=encumbrances) == ["deal_patent_burdened"]


def test_a_burden_that_ended_before_signing_is_silent() -> None:
    encumbrances = {1: (EncumbranceFact(kind="pledge", to_on=date(2024, 5, 19)),)}
    assert found(deal(1), encumbrances=encumbrances) == []


@pytest.mark.parametrize(("day", "late"), [(date(2025, 6, 29), False), (AS_OF, False), (date(2025, 7, 1), True)])
def test_no_day_lies_in_the_future(day: date, late: bool) -> None:
    fact = deal(1, registrations=(replace(deal(1).registrations[0], registered_on=day),))
    assert ("deal_day_in_future" in [finding.code for finding in check_dates(fact, AS_OF)]) is late


def steps(stage: Any, step: Step, fact: Any = None, **in_use: int) -> list[str]:
    """Codes of what stands against a step of a deal signed on 2024-05-20."""
    findings = check_step(fact or deal(1), stage, step, pack(), AS_OF, in_use)
    for finding in findings:
        speak(finding.code, finding.data)
    return [finding.code for finding in blocking(findings)]


@pytest.mark.parametrize(
    ("stage", "to"),
    [
        ("signed", "registered"),
        ("paid", "registered"),
        ("paid", "implemented"),
        ("signed", "cancelled"),
        ("paid", "contract_registered"),
        ("implemented", "registered"),
        ("negotiating", "cancelled"),
    ],
)
def test_a_deal_goes_on_step_by_step(stage: Any, to: Any) -> None:
    assert steps(stage, Step(to, AS_OF, "X1")) == []


@pytest.mark.parametrize(
    ("stage", "to"),
    [
        ("negotiating", "registered"),
        ("signed", "negotiating"),
        ("cancelled", "registered"),
        ("cancelled", "cancelled"),
        ("implemented", "implemented"),
        ("negotiating", "implemented"),
    ],
)
def test_a_step_out_of_order_is_stopped(stage: Any, to: Any) -> None:
    assert steps(stage, Step(to, AS_OF, "X1")) == ["deal_step_not_allowed"]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("registered", "deal_registered_before_signing"),
        ("contract_registered", "deal_registered_before_signing"),
        ("implemented", "deal_implemented_before_signing"),
        ("cancelled", "deal_cancelled_before_signing"),
    ],
)
@pytest.mark.parametrize(("day", "early"), [(date(2024, 5, 19), True), (SIGNED, False), (date(2024, 5, 21), False)])
def test_no_step_lies_before_the_signing(to: Any, code: str, day: date, early: bool) -> None:
    assert steps("signed", Step(to, day, "X1")) == ([code] if early else [])


@pytest.mark.parametrize(("day", "late"), [(date(2025, 6, 29), False), (AS_OF, False), (date(2025, 7, 1), True)])
def test_no_step_and_no_payment_lies_in_the_future(day: date, late: bool) -> None:
    assert ("day_to_come" in steps("signed", Step("registered", day, "X1"))) is late
    assert ("day_to_come" in payments(Payment(day, Decimal(1), True))) is late


@pytest.mark.parametrize(
    ("to", "needed"),
    [
        ("registered", "register_number_missing"),
        ("contract_registered", "register_number_missing"),
        ("cancelled", "note_missing"),
        ("implemented", None),
    ],
)
def test_a_registration_needs_its_number_and_a_cancellation_its_reason(to: Any, needed: str | None) -> None:
    assert steps("signed", Step(to, AS_OF)) == ([needed] if needed else [])


def test_the_number_of_a_registration_serves_one_deal() -> None:
    for to in ("registered", "contract_registered"):
        assert steps("signed", Step(to, AS_OF, "X1"), X1=1) == []
        assert steps("signed", Step(to, AS_OF, "X1"), X1=2) == ["deal_number_in_use"]
    assert steps("signed", Step("cancelled", AS_OF, "X1"), X1=2) == []


@pytest.mark.parametrize(
    ("deal_type", "event"),
    [
        ("transfer", "TR01"),
        ("contribution", "TR01"),
        ("ordinary_licence", "EE01"),
        ("exclusive_licence", "EE01"),
    ],
)
def test_the_pack_names_the_entry_of_the_register(deal_type: Any, event: str) -> None:
    assert event_of(Step("registered", AS_OF, "X1"), deal_type, pack()) == event
    assert event_of(Step("implemented", AS_OF), deal_type, pack()) == "implemented"
    told = check_step(deal(1, deal_type=deal_type), "signed", Step("registered", AS_OF, "X1", "TR01"), pack(), AS_OF)
    assert [each.code for each in told] == ([] if event == "TR01" else ["deal_register_event_wrong"])
    assert blocking(told) == ()


def payments(payment: Payment, stage: Any = "signed") -> list[str]:
    return [finding.code for finding in blocking(check_payment(deal(1), stage, payment, AS_OF))]


@pytest.mark.parametrize(("yuan", "taken"), [("-0.01", False), ("0", False), ("0.01", True)])
def test_a_payment_is_above_zero(yuan: str, taken: bool) -> None:
    assert payments(Payment(AS_OF, Decimal(yuan), True)) == ([] if taken else ["amount_not_positive"])


def test_a_payment_is_proven_and_comes_after_signing() -> None:
    assert payments(Payment(AS_OF, Decimal(1), False)) == ["payment_unproven"]
    assert payments(Payment(AS_OF, Decimal(1), True), "negotiating") == ["deal_step_not_allowed"]
    deposit = check_payment(deal(1), "signed", Payment(date(2024, 5, 19), Decimal(1), True), AS_OF)
    assert [(each.level, each.code) for each in deposit] == [("warns", "deal_paid_before_signing")]


@pytest.mark.parametrize(
    ("kind", "deal_type", "code"),
    [
        ("open_licence", "exclusive_licence", "deal_open_licence_running"),
        ("open_licence", "sole_licence", "deal_open_licence_running"),
        ("open_licence", "ordinary_licence", None),
        ("open_licence", "transfer", None),
        ("exclusive_licence", "ordinary_licence", "deal_licence_excluded"),
        ("sole_licence", "exclusive_licence", "deal_licence_excluded"),
        ("exclusive_licence", "transfer", None),
        ("pledge", "exclusive_licence", None),
    ],
)
def test_a_kind_of_deal_is_opened_only_where_there_is_room_for_it(kind: Any, deal_type: Any, code: str | None) -> None:
    held = {"N1": (EncumbranceFact(kind=kind, from_on=date(2024, 1, 1), to_on=AS_OF),)}
    assert [each.code for each in check_kind(deal_type, held, AS_OF)] == ([code] if code else [])
    assert check_kind(deal_type, held, date(2025, 7, 1)) == ()


def test_a_firm_on_both_sides_is_found_beside_other_parties() -> None:
    both = deal(1, sellers=("seller1", "seller2"), buyers=("buyer1", "seller2", "buyer2"))
    assert "parties_identical" in found(both, "blocks")
    assert found(deal(1, sellers=("seller1", "seller2"), buyers=("buyer1", "buyer2")), "blocks") == []


def test_every_stage_is_known_and_leads_to_known_ones() -> None:
    stages = get_args(Stage)
    assert all(next_stages(stage) <= set(stages) for stage in stages)
    assert next_stages("cancelled") == frozenset()


def test_how_far_a_deal_has_come() -> None:
    bare = deal(1, payments=(), registrations=())
    assert stage_of(bare, date(2024, 5, 19)) == "negotiating"
    assert stage_of(bare, SIGNED) == "signed"
    assert stage_of(deal(1, payments=()), AS_OF) == "registered"
    assert stage_of(deal(1, payments=(), contract_register_number="2024350000000123"), AS_OF) == "contract_registered"
    assert stage_of(deal(1), date(2024, 5, 31)) == "signed"
    assert stage_of(deal(1), AS_OF) == "paid"
    assert stage_of(deal(1, cancelled_on=AS_OF), AS_OF) == "cancelled"


@pytest.mark.parametrize(("further", "excess"), [(399, 0), (400, 0), (401, 1)])
def test_payments_stay_within_the_contract(further: int, excess: int) -> None:
    assert excess_of(Decimal(1000), Decimal(600), Decimal(further)) == excess
    assert excess_of(None, Decimal(600), Decimal(further)) == 0


@pytest.mark.parametrize(
    ("yuan", "on", "code"),
    [
        (50_001, AS_OF, "refund_exceeds_paid"),
        (1, date(2024, 5, 31), "refund_exceeds_paid"),
        (0, AS_OF, "amount_not_positive"),
        (1, date(2100, 1, 1), "day_to_come"),
        (50_000, AS_OF, None),
        (1, date(2024, 6, 1), None),
    ],
)
def test_not_more_goes_back_than_was_paid_by_that_day(yuan: int, on: date, code: str | None) -> None:
    paid = [Payment(date(2024, 6, 1), Decimal(60_000), True), Payment(date(2024, 7, 1), Decimal(-10_000), True)]
    findings = check_refund(paid, Payment(on, Decimal(yuan), True), AS_OF)
    for finding in findings:
        speak(finding.code, finding.data)
    assert [finding.code for finding in findings] == ([code] if code else [])
