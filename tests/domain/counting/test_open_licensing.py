"""Open-licence offers and licences: literal and strict, one reason for every test, both units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from matchhub.domain.counting.facts import AffiliationFact, EvidenceFact, PartyWordFact
from matchhub.domain.counting.observed import IndustryWordFact
from matchhub.domain.counting.progress import threshold_progress
from tests.domain.counting.verdicts import against, expect, judge, literal, speaking_for, strict
from tests.domain.factories import AS_OF, at, licence, offer, pack, payment, status, uscc

OFFERS, LICENCES = "open_licence_offers", "open_licences"
PILOT = {"regime": "pilot", "announcement_number": None, "platform": "福建省知识产权公共服务平台"}
TIE = AffiliationFact(kind="phone", first="holder1", second="licensee1", shared="138****0000")


def test_complete_records_count() -> None:
    assert against(judge(OFFERS, [offer(1)])) == against(judge(LICENCES, [licence(1)])) == set()
    assert {"offer_announced", "offer_industry_given", "offer_patent_in_force"} <= speaking_for(
        judge(OFFERS, [offer(1)])
    )
    assert {"licence_filed", "licence_under_offer", "licence_notified"} <= speaking_for(judge(LICENCES, [licence(1)]))


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"application_number": None, "patent_id": None}, "offer_patent_missing", False),
        ({"application_number": None}, "offer_patent_number_missing", True),
        ({"application_number": "201710601862.4"}, "patent_number_invalid", True),
        ({"evidence": ()}, "offer_declaration_unproven", True),
        ({"evidence": (replace(offer(1).evidence[0], identified=False),)}, "offer_declaration_unproven", True),
        ({"evidence": (replace(offer(1).evidence[0], paper="notice"),)}, "offer_declaration_unproven", True),
        ({"holder_on_patent": False}, "offer_holder_not_on_patent", True),
        ({"holder_on_patent": None}, "offer_holder_unknown", True),
        ({"industry": None}, "offer_industry_missing", True),
        ({"industry_reason": " "}, "offer_industry_unexplained", True),
        ({"industry": "石墨烯"}, "industry_disagrees", True),
        ({"ipc": ("C01B 32/158",)}, "industry_disagrees", True),
        ({"industry": "鞋服、食品"}, "industry_disagrees", True),
        ({"industry": "航天"}, "industry_disagrees", True),
        ({"ipc": ()}, "industry_unproved", True),
        ({"regime": None}, "offer_regime_missing", True),
        ({"announcement_number": None}, "offer_announcement_missing", True),
        ({**PILOT, "published_on": date(2023, 9, 1), "platform": None}, "offer_platform_missing", True),
        ({"declaration_withdrawn_on": AS_OF}, "offer_declaration_withdrawn", True),
        ({"statuses": (status(date(2024, 2, 1), "dead"),)}, "offer_patent_dead", True),
        ({"expires_on": date(2024, 3, 1)}, "offer_patent_dead", True),
        ({"granted_on": date(2024, 3, 2)}, "offer_patent_not_granted", True),
    ],
)
def test_an_offer_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    expect(OFFERS, offer(1, **changes), code, still_literal)


@pytest.mark.parametrize(
    ("changes", "day", "in_time"),
    [
        ({}, date(2024, 1, 19), False),
        ({}, date(2024, 1, 20), True),
        ({}, date(2024, 1, 21), True),
        (PILOT, date(2023, 12, 30), True),
        (PILOT, date(2023, 12, 31), True),
        (PILOT, date(2024, 1, 1), False),
    ],
)
def test_each_regime_has_its_time(changes: dict[str, Any], day: date, in_time: bool) -> None:
    atoms = judge(OFFERS, [offer(1, published_on=day, granted_on=date(2019, 5, 1), statuses=(), **changes)])
    assert strict(atoms) == int(in_time)
    assert ("offer_regime_out_of_time" in against(atoms)) is not in_time


def test_what_the_holder_declares_through_its_own_account_needs_no_paper() -> None:
    assert against(judge(OFFERS, [offer(1, evidence=(), declared_by_holder=True)])) == set()


WORD = IndustryWordFact(account_id=8, organisation_id=80, role="reviewer", industry="石墨烯", reason="用于鞋底生产")


@pytest.mark.parametrize(
    ("changes", "words", "accepted"),
    [
        ({}, (WORD,), True),
        ({"ipc": ()}, (WORD,), True),
        ({"industry_by": frozenset({(5, 50)})}, (WORD,), True),
        ({"industry_by": frozenset({(8, 50)})}, (WORD,), False),  # typed by the same person
        ({"industry_by": frozenset({(5, 80)})}, (WORD,), False),  # … or by one of the same organisation
        ({}, (replace(WORD, role="operator"),), False),
        ({}, (replace(WORD, reason="另一理由"),), False),  # said before the reason was changed
        ({}, (WORD, replace(WORD, account_id=9, accepted=False)), False),
        ({}, (replace(WORD, accepted=False), WORD), True),
    ],
)
def test_an_industry_that_no_class_serves_needs_a_second_person(
    changes: dict[str, Any], words: tuple[IndustryWordFact, ...], accepted: bool
) -> None:
    atoms = judge(OFFERS, [offer(1, **{"industry": "石墨烯", "industry_words": words} | changes)])
    assert strict(atoms) == int(accepted)
    assert ("industry_accepted" in speaking_for(atoms)) is accepted


def test_a_pilot_offer_names_its_platform() -> None:
    atoms = judge(
        OFFERS, [offer(1, **{**PILOT, "published_on": date(2023, 9, 1), "statuses": ()}, recorded_on=date(2023, 9, 1))]
    )
    assert strict(atoms) == 1
    assert "offer_pilot_platform_named" in speaking_for(atoms)


def test_the_pilot_began_in_may_2022() -> None:
    regime = pack().licensing.regimes["pilot"]
    assert (regime.from_on, regime.to_on) == (date(2022, 5, 1), date(2023, 12, 31))


def test_an_unknown_status_does_not_stop_an_offer() -> None:
    atoms = judge(OFFERS, [offer(1, statuses=(), granted_on=None)])
    assert strict(atoms) == 1
    assert "offer_patent_not_known_dead" in speaking_for(atoms)


def test_a_declaration_counts_until_it_is_withdrawn() -> None:
    fact = offer(1, declaration_withdrawn_on=date(2025, 3, 2))
    assert [strict(judge(OFFERS, [fact], date(2025, 3, day))) for day in (1, 2, 3)] == [1, 0, 0]


def test_two_patents_offered_are_two_projects() -> None:
    facts = [offer(1), offer(2), offer(3, application_number=None), offer(4, application_number=None)]
    assert (literal(judge(OFFERS, facts)), strict(judge(OFFERS, facts))) == (4, 2)


def test_one_patent_offered_twice_is_one_project() -> None:
    again = offer(2, application_number="ZL " + (offer(1).application_number or ""), published_on=date(2024, 9, 1))
    atoms = judge(OFFERS, [again, offer(1)])
    assert literal(atoms) == strict(atoms) == 1
    assert "duplicate_record" in against(atoms, 2)


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"application_number": None, "patent_id": None}, "licence_patent_missing", False),
        ({"licensee_id": None, "licensee_uscc": None}, "licence_licensee_missing", False),
        ({"licensee_local": False}, "licence_licensee_not_local", False),
        ({"licensee_local": None}, "licence_locality_undecided", False),
        ({"notified_on": None}, "licence_notice_missing", True),
        ({"notified_on": date(2024, 4, 3)}, "licence_notice_after_reached", True),
        ({"payments": ()}, "payment_missing", True),
        ({"payments": (payment(1, evidence=None),)}, "payment_proof_missing", True),
        ({"payments": (payment(1, evidence=EvidenceFact(digest="x", intact=False)),)}, "payment_proof_lost", True),
        ({"filed_on": None}, "licence_filing_overdue", True),
        ({"filed_on": date(2024, 4, 1)}, "licence_filed_before_reached", True),
        ({"filing_number": None}, "filing_number_missing", True),
        ({"payments": (payment(1, paid_on=date(2024, 3, 31)),)}, "licence_paid_before_notice", True),
        (
            {"party_words": (PartyWordFact(role="seller", party="甲", organisation_id=3, answer="no"),)},
            "party_objects",
            True,
        ),
        ({"offer_id": None}, "licence_without_offer", True),
        ({"offer_from_on": date(2024, 4, 3)}, "licence_outside_offer", True),
        ({"offer_to_on": date(2024, 3, 31)}, "licence_outside_offer", True),
        ({"licensor_id": None}, "parties_missing", True),
        ({"licensor_id": "licensee1"}, "parties_identical", True),
        ({"affiliations": (TIE,)}, "parties_affiliated", True),
        ({"unknown_parties": ("甲",)}, "affiliation_unknown", True),
        ({"recorded_at": at(date(2024, 4, 1))}, "recorded_before_it_happened", True),
        ({"recorded_at": at(date(2024, 8, 1)), "evidence": licence(1).evidence[:2]}, "recorded_late", True),
        ({"terminated_on": AS_OF}, "licence_terminated", True),
        ({"licensor_on_patent": False}, "licence_licensor_not_on_patent", True),
        ({"licensor_on_patent": None}, "licence_licensor_unknown", True),
    ],
)
def test_a_licence_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    expect(LICENCES, licence(1, **changes), code, still_literal)


def test_offer_notice_licence_and_filing_may_fall_on_the_as_of_day() -> None:
    day = AS_OF
    fact = licence(
        1,
        offer_from_on=day,
        notified_on=day,
        reached_on=day,
        filed_on=day,
        recorded_at=at(day),
        payments=(payment(1, paid_on=day),),
    )
    assert against(judge(LICENCES, [fact], day)) == set()


@pytest.mark.parametrize(("days", "outside"), [(-1, True), (0, False), (1, False)])
def test_an_offer_holds_through_its_last_day(days: int, outside: bool) -> None:
    fact = licence(1)
    assert fact.notified_on is not None
    ends = replace(fact, offer_to_on=fact.notified_on + timedelta(days=days))
    assert ("licence_outside_offer" in against(judge(LICENCES, [ends]))) is outside


def test_a_patent_by_its_id_and_a_licensee_by_its_code_are_enough_for_the_plain_words() -> None:
    for changes in ({"application_number": None}, {"patent_id": None}, {"licensee_id": None}, {"licensee_uscc": None}):
        assert literal(judge(LICENCES, [replace(licence(1), **changes)])) == 1  # type: ignore[arg-type]


def test_a_licence_without_a_day_is_not_filed_either() -> None:
    assert {"event_undated", "licence_not_filed"} <= against(judge(LICENCES, [licence(1, reached_on=None)]))


@pytest.mark.parametrize(
    ("filed", "in_time"), [(date(2024, 7, 1), True), (date(2024, 7, 2), True), (date(2024, 7, 3), False)]
)
def test_a_licence_is_filed_within_three_months(filed: date, in_time: bool) -> None:
    atoms = judge(LICENCES, [licence(1, filed_on=filed)])
    assert strict(atoms) == int(in_time)
    assert ("licence_filed_late" in against(atoms)) is not in_time


def test_a_pack_may_count_late_filings() -> None:
    rules = replace(pack(), licensing=replace(pack().licensing, late_filing_counts=True))
    assert strict(judge(LICENCES, [licence(1, filed_on=date(2024, 9, 3))], rules=rules)) == 1


@pytest.mark.parametrize(
    ("as_of", "code"),
    [
        (date(2024, 7, 1), "licence_filing_open"),
        (date(2024, 7, 2), "licence_filing_open"),
        (date(2024, 7, 3), "licence_filing_overdue"),
    ],
)
def test_the_filing_timer_runs_for_three_months(as_of: date, code: str) -> None:
    assert code in against(judge(LICENCES, [licence(1, filed_on=None)], as_of))


def test_a_filing_after_the_as_of_day_is_not_there_yet() -> None:
    assert "licence_filing_open" in against(judge(LICENCES, [licence(1)], date(2024, 4, 30)))


@pytest.mark.parametrize(
    ("last", "under"), [(date(2024, 3, 31), False), (date(2024, 4, 1), True), (date(2024, 4, 2), True)]
)
def test_the_notice_lies_within_the_offer_and_the_payment_may_follow(last: date, under: bool) -> None:
    """The licence was notified on 2024-04-01 and reached, by its payment, on the day after."""
    atoms = judge(LICENCES, [licence(1, offer_to_on=last)])
    assert strict(atoms) == int(under)
    assert ("licence_outside_offer" in against(atoms)) is not under


@pytest.mark.parametrize(
    ("first", "under"), [(date(2024, 3, 31), True), (date(2024, 4, 1), True), (date(2024, 4, 2), False)]
)
def test_a_notice_before_the_offer_began_is_outside(first: date, under: bool) -> None:
    assert strict(judge(LICENCES, [licence(1, offer_from_on=first)])) == int(under)


def test_a_licence_that_is_merely_not_reached_yet_stands_under_its_offer() -> None:
    told = judge(LICENCES, [licence(1, reached_on=None, payments=(), filed_on=None)])
    assert "licence_without_offer" not in against(told)
    assert "licence_under_offer" in speaking_for(told)
    assert "licence_outside_offer" in against(
        judge(LICENCES, [licence(1, reached_on=None, offer_to_on=date(2024, 3, 31))])
    )


def test_under_a_free_offer_nothing_is_to_be_paid() -> None:
    told = judge(LICENCES, [licence(1, free=True, payments=(), evidence=licence(1).evidence[::2], reached_on=None)])
    assert against(told) == set()
    assert "licence_free" in speaking_for(told)


def test_pairs_and_distinct_patents_are_both_counted() -> None:
    facts = [licence(1), licence(2, application_number=licence(1).application_number), licence(3)]
    told = threshold_progress(judge(LICENCES, facts), pack().threshold(LICENCES))
    assert (told.count.unit, told.count.strict) == ("pair", 3)
    assert told.other is not None
    assert (told.other.unit, told.other.strict) == ("patent", 2)


def test_patents_are_the_headline_where_the_pack_says_so() -> None:
    goals = tuple(
        replace(
            goal,
            thresholds=tuple(
                replace(each, unit="patent", other_unit="pair") if each.key == LICENCES else each
                for each in goal.thresholds
            ),
        )
        for goal in pack().goals
    )
    facts = [licence(1), licence(2, application_number=licence(1).application_number)]
    told = threshold_progress(judge(LICENCES, facts, rules=replace(pack(), goals=goals)), goals[1].thresholds[1])
    assert (told.count.strict, told.other.strict if told.other else None) == (1, 2)


def test_the_same_licensee_and_patent_again_is_one_licence() -> None:
    again = licence(
        2,
        application_number=licence(1).application_number,
        licensee_uscc=uscc(1),
        reached_on=date(2024, 4, 2) + timedelta(days=3),
        filed_on=date(2024, 5, 1),
    )
    atoms = judge(LICENCES, [again, licence(1)])
    assert literal(atoms) == strict(atoms) == 1
    assert "duplicate_record" in against(atoms, 2)
