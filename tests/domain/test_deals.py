"""Deals: stages, order of days, checks at signing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args

import pytest

from matchhub.domain.counting.facts import AffiliationFact, EncumbranceFact
from matchhub.domain.deals import Stage, check_dates, check_signing, check_step, next_stages, stage_of
from matchhub.errors import Conflict
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


@pytest.mark.parametrize(("changes", "code"), [
    ({"signed_on": None}, "deal_signing_day_missing"),
    ({"signed_on": date(2025, 7, 1)}, "deal_day_in_future"),
    ({"registrations": (replace(deal(1).registrations[0], registered_on=date(2024, 5, 19)),)},
     "deal_registered_before_signing"),
    ({"cancelled_on": date(2024, 5, 19)}, "deal_cancelled_before_signing"),
    ({"sellers": ()}, "parties_missing"),
    ({"sellers": ("buyer1",)}, "parties_identical"),
    ({"patents": ()}, "deal_without_patent"),
    ({"patents": (deal_patent(1, statuses=(status(date(2024, 1, 1), "dead"),)),)}, "deal_patent_dead"),
    ({"patents": (deal_patent(1, owned_by_seller=False),)}, "deal_seller_not_owner"),
])
def test_a_wrong_deal_is_stopped(changes: dict[str, Any], code: str) -> None:
    assert code in found(deal(1, **changes), "blocks")


@pytest.mark.parametrize(("changes", "code"), [
    ({"payments": (replace(deal(1).payments[0], paid_on=date(2024, 5, 19)),)}, "deal_paid_before_signing"),
    ({"affiliations": (TIE,)}, "parties_affiliated"),
    ({"contract_register_number": "12"}, "contract_register_number_odd"),
    ({"patents": (deal_patent(1, application_number=number(1, 2)),)}, "deal_not_invention"),
    ({"patents": (deal_patent(1, application_number="1"),)}, "deal_patent_number_invalid"),
    ({"patents": (deal_patent(1, granted_on=date(2024, 6, 1)),)}, "deal_patent_not_granted"),
    ({"patents": (deal_patent(1, statuses=()),)}, "deal_patent_status_unknown"),
    ({"platform_events": ()}, "deal_without_platform_event"),
])
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


@pytest.mark.parametrize(("kind", "deal_type", "level", "code"), [
    ("preservation", "transfer", "blocks", "deal_patent_bound"),
    ("pledge", "ordinary_licence", "blocks", "deal_patent_bound"),
    ("exclusive_licence", "ordinary_licence", "blocks", "deal_licence_excluded"),
    ("sole_licence", "exclusive_licence", "blocks", "deal_licence_excluded"),
    ("exclusive_licence", "transfer", "warns", "deal_patent_burdened"),
    ("open_licence", "exclusive_licence", "blocks", "deal_open_licence_running"),
    ("open_licence", "ordinary_licence", "warns", "deal_patent_burdened"),
    ("dispute", "transfer", "warns", "deal_patent_burdened"),
])
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


@pytest.mark.parametrize(("stage", "to"), [
    ("interested", "negotiating"), ("negotiating", "signed"), ("signed", "registered"), ("registered", "paid"),
    ("paid", "paid"), ("paid", "registered"), ("paid", "implemented"), ("implemented", "paid"), ("signed", "cancelled"),
])
def test_a_deal_goes_on_step_by_step(stage: Any, to: Any) -> None:
    check_step(stage, to)


@pytest.mark.parametrize(("stage", "to"), [
    ("interested", "paid"), ("negotiating", "registered"), ("signed", "negotiating"), ("cancelled", "signed"),
    ("implemented", "implemented"), ("negotiating", "implemented"),
])
def test_a_step_out_of_order_is_refused(stage: Any, to: Any) -> None:
    with pytest.raises(Conflict) as refused:
        check_step(stage, to)
    assert refused.value.code == "deal_step_not_allowed"


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
