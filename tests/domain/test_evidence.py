"""Evidence, and confirmations by two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from matchhub.domain.counting.facts import EvidenceFact
from matchhub.domain.evidence import (
    confirmation_fault,
    latest_confirmations,
    payment_fault,
    proof_key,
    proof_keys,
    rejection,
)
from tests.domain.factories import AS_OF, BOTH, at, confirmation, pack, payment

RULES = pack().deals


def test_a_file_proves_a_payment_and_a_lost_one_is_not_replaced_by_a_number() -> None:
    assert proof_key(payment(1)) == "file:sha-1"
    assert proof_key(payment(1, evidence=None, voucher=" FP 1 ")) == "voucher:fp1"
    for spoiled in (EvidenceFact(digest="x", intact=False), EvidenceFact(digest="x", withdrawn=True)):
        assert proof_key(payment(1, evidence=spoiled, voucher="FP1")) is None


@pytest.mark.parametrize(("day", "counts"), [(-1, False), (0, True), (1, True)])
def test_a_payment_is_there_from_its_day(day: int, counts: bool) -> None:
    paid = payment(1, paid_on=AS_OF)
    as_of = AS_OF + timedelta(days=day)
    assert (payment_fault([paid], as_of) is None) is counts
    assert bool(proof_keys([paid], as_of)) is counts


def test_each_account_speaks_once_by_its_newest_word() -> None:
    first, second = confirmation(at=at(date(2024, 1, 1))), confirmation(at=at(date(2024, 1, 2)), decision="rejected")
    assert latest_confirmations([second, first]) == (second,)
    assert latest_confirmations([replace(second, withdrawn=True), first]) == (first,)


def test_the_newest_word_of_the_bureau_decides() -> None:
    yes = confirmation(9, 90, "reviewer", at=at(date(2024, 1, 2)))
    no = confirmation(8, 90, "reviewer", at=at(date(2024, 1, 3)), decision="rejected")
    assert rejection([yes, no]) == no
    assert rejection([replace(yes, at=at(date(2024, 1, 4))), no]) is None
    assert rejection([replace(no, role="operator")]) is None


def test_two_people_of_two_organisations_confirm() -> None:
    assert confirmation_fault(BOTH, 5, RULES) is None


def test_a_newer_confirmation_wins_over_an_older_one_of_the_same_role() -> None:
    proof_at = at(date(2024, 6, 20), 5)  # after everybody had confirmed once
    older, bureau = BOTH[0], replace(BOTH[1], at=at(date(2024, 6, 21)))
    colleague = replace(older, account_id=6, at=at(date(2024, 6, 22)))
    before = confirmation_fault((older, bureau), 5, RULES, [proof_at])
    assert before is not None and before.code == "evidence_after_confirmation"
    for said in ((older, colleague, bureau), (colleague, bureau, older)):
        assert confirmation_fault(said, 5, RULES, [proof_at]) is None


def test_a_newer_rejection_wins_over_an_older_confirmation_and_the_reverse() -> None:
    no = replace(BOTH[1], decision="rejected", at=BOTH[1].at + timedelta(minutes=1))
    for said in ((*BOTH, no), (no, *BOTH)):
        fault = confirmation_fault(said, 5, RULES)
        assert fault is not None and fault.code == "confirmation_missing"
    yes = replace(BOTH[1], at=no.at + timedelta(minutes=1))
    assert confirmation_fault((yes, no, *BOTH), 5, RULES) is None


def test_a_word_on_what_was_changed_since_is_out_of_force_until_it_is_said_again() -> None:
    changed_at = BOTH[1].at + timedelta(minutes=1)
    lapsed = tuple(replace(each, lapsed_at=changed_at) for each in BOTH)
    fault = confirmation_fault((lapsed[0], BOTH[1]), 5, RULES)
    assert fault is not None and (fault.code, fault.data["since"]) == ("confirmation_lapsed", changed_at)
    again = tuple(replace(each, at=changed_at + timedelta(minutes=1)) for each in BOTH)
    assert confirmation_fault((*lapsed, *again), 5, RULES) is None


def test_a_word_out_of_force_brings_no_earlier_word_back() -> None:
    no = replace(BOTH[1], decision="rejected", at=BOTH[1].at - timedelta(minutes=1))
    assert latest_confirmations((no, replace(BOTH[1], lapsed_at=BOTH[1].at))) == ()


def test_one_account_in_two_roles_is_one_person() -> None:
    fault = confirmation_fault((confirmation(7, 70), replace(BOTH[1], account_id=8, organisation_id=70)), 5, RULES)
    assert fault is not None and fault.code == "confirmation_not_independent"


def test_an_unnoted_second_factor_is_left_to_the_sign_in_rules() -> None:
    assert confirmation_fault((BOTH[0], replace(BOTH[1], second_factor=None)), 5, RULES) is None


@pytest.mark.parametrize(("minutes", "stands"), [(-1, True), (0, True), (1, False)])
def test_the_proof_lies_on_record_before_it_is_confirmed(minutes: int, stands: bool) -> None:
    proof_at = BOTH[0].at + timedelta(minutes=minutes)
    assert (confirmation_fault(BOTH, 5, RULES, [proof_at]) is None) is stands


def test_times_of_other_zones_are_compared_as_moments() -> None:
    east = timezone(timedelta(hours=8))
    proof_at = datetime(2024, 6, 20, 11, 59, tzinfo=east)  # one minute before the confirmations at 04:00 UTC
    assert BOTH[0].at == datetime(2024, 6, 20, 4, tzinfo=UTC)
    assert confirmation_fault(BOTH, 5, RULES, [proof_at]) is None
