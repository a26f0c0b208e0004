"""Deals on inventions: literal and strict, one reason for every test, both units, chains of one patent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from matchhub.domain.counting.facts import (
    AffiliationFact,
    EvidenceFact,
    FormerOwnerFact,
    PartyWordFact,
    RegistrationFact,
)
from matchhub.domain.counting.progress import threshold_progress
from tests.domain.counting.verdicts import against, expect, judge, literal, speaking_for, strict
from tests.domain.factories import (
    AS_OF,
    BOTH,
    SIGNED,
    at,
    confirmation,
    deal,
    deal_patent,
    number,
    pack,
    payment,
    status,
    touch,
)

KEY = "invention_deals"
TIE = AffiliationFact(kind="legal_representative", first="seller1", second="buyer1", shared="陈某")


NO = PartyWordFact(role="buyer", party="甲", organisation_id=3, answer="no")


def registered(day: date, event: str = "TR01", **more: Any) -> RegistrationFact:
    return RegistrationFact(**{"event": event, "registered_on": day, "number": "变更1", **more})


def test_a_complete_deal_counts() -> None:
    atoms = judge(KEY, [deal(1)])
    assert against(atoms) == set()
    assert {
        "deal_came_through_platform",
        "deal_registered",
        "payment_proven",
        "deal_confirmed",
        "parties_independent",
    } <= speaking_for(atoms)


@pytest.mark.parametrize(
    ("changes", "code", "still_literal"),
    [
        ({"patents": ()}, "deal_without_patent", False),
        ({"patents": (deal_patent(1, application_number=None),)}, "deal_patent_number_missing", False),
        ({"patents": (deal_patent(1, application_number="201710601862.4"),)}, "deal_patent_number_invalid", False),
        ({"patents": (deal_patent(1, application_number=number(1, 2)),)}, "deal_not_invention", False),
        ({"patents": (deal_patent(1, granted_on=date(2024, 5, 21)),)}, "deal_patent_not_granted", True),
        (
            {"patents": (deal_patent(1, granted_on=None, statuses=(status(date(2024, 4, 1), "pending"),)),)},
            "deal_patent_not_granted",
            True,
        ),
        ({"patents": (deal_patent(1, statuses=(status(date(2024, 4, 1), "dead"),)),)}, "deal_patent_dead", True),
        ({"patents": (deal_patent(1, filed_on=date(2004, 5, 20)),)}, "deal_patent_dead", True),
        ({"patents": (deal_patent(1, expires_on=SIGNED),)}, "deal_patent_dead", True),
        ({"patents": (deal_patent(1, statuses=()),)}, "deal_patent_status_unknown", True),
        ({"patents": (deal_patent(1, owned_by_seller=False),)}, "deal_seller_not_owner", True),
        ({"deal_type": None}, "deal_type_missing", True),
        ({"registrations": ()}, "deal_unregistered", True),
        ({"registrations": (registered(date(2025, 7, 1)),)}, "deal_unregistered", True),
        ({"registrations": (registered(date(2024, 6, 1), patent_id=2),)}, "deal_unregistered", True),
        ({"registrations": (registered(date(2024, 6, 1), "EE01"),)}, "deal_register_event_wrong", True),
        ({"registrations": (registered(date(2024, 5, 19)),)}, "deal_registered_before_signing", True),
        ({"payments": ()}, "payment_missing", True),
        ({"payments": (payment(1, paid_on=date(2025, 7, 1)),)}, "payment_missing", True),
        ({"payments": (payment(1, evidence=None),)}, "payment_proof_missing", True),
        ({"payments": (payment(1, evidence=None, voucher=" "),)}, "payment_proof_missing", True),
        ({"payments": (payment(1, evidence=EvidenceFact(digest="x", intact=False)),)}, "payment_proof_lost", True),
        (
            {"payments": (payment(1, evidence=EvidenceFact(digest="x", withdrawn=True), voucher="V1"),)},
            "payment_proof_lost",
            True,
        ),
        ({"sellers": ()}, "parties_missing", True),
        ({"buyers": ()}, "parties_missing", True),
        ({"sellers": ("buyer1",)}, "parties_identical", True),
        ({"sellers": ("seller1", "buyer1")}, "parties_identical", True),
        ({"sellers": ("seller1", "both"), "buyers": ("both", "buyer1")}, "parties_identical", True),
        ({"affiliations": (TIE,)}, "parties_affiliated", True),
        ({"affiliations": (TIE,), "unknown_parties": ("甲",)}, "parties_affiliated", True),
        ({"unknown_parties": ("甲",)}, "affiliation_unknown", True),
        ({"platform_events": ()}, "deal_without_platform_event", True),
        ({"platform_events": (touch(2, "buyer1"),)}, "deal_without_platform_event", True),
        ({"platform_events": (touch(1, "buyer2"),)}, "deal_without_platform_event", True),
        ({"platform_events": (touch(1, day=date(2024, 5, 21)),)}, "deal_platform_event_too_late", True),
        ({"confirmations": ()}, "confirmation_missing", True),
        ({"confirmations": BOTH[:1]}, "confirmation_missing", True),
        ({"confirmations": BOTH[1:]}, "confirmation_missing", True),
        ({"confirmations": (BOTH[0], replace(BOTH[1], withdrawn=True))}, "confirmation_missing", True),
        ({"confirmations": (BOTH[0], replace(BOTH[1], lapsed_at=BOTH[1].at))}, "confirmation_lapsed", True),
        ({"entered_by": 7}, "confirmation_by_entrant", True),
        ({"registrations": (registered(date(2024, 6, 1), number=""),)}, "register_number_missing", True),
        ({"payments": (payment(1, paid_on=date(2024, 5, 19)),)}, "deal_paid_before_signing", True),
        ({"party_words": (NO,)}, "party_objects", True),
        ({"party_words": (NO, replace(NO, answer=None))}, "party_objects", True),
        ({"confirmations": (confirmation(), confirmation(9, 70, "reviewer"))}, "confirmation_not_independent", True),
        (
            {"confirmations": (confirmation(), confirmation(9, 90, "reviewer", second_factor=False))},
            "confirmation_without_second_factor",
            True,
        ),
        ({"recorded_at": None}, "recording_undated", True),
        ({"recorded_at": at(date(2024, 5, 19))}, "recorded_before_it_happened", True),
        ({"cancelled_on": AS_OF}, "deal_cancelled", True),
    ],
)
def test_a_deal_fails_by_its_own_reason(changes: dict[str, Any], code: str, still_literal: bool) -> None:
    expect(KEY, deal(1, **changes), code, still_literal)


YES = (PartyWordFact(role="seller", party="乙", organisation_id=4, answer="yes"), replace(NO, answer="yes"))


@pytest.mark.parametrize("words", [(NO, replace(NO, answer="yes")), (replace(NO, settled=True),), YES, ()])
def test_an_objection_ends_with_a_yes_or_when_it_is_settled_and_silence_holds_nobody(words: Any) -> None:
    assert strict(judge(KEY, [deal(1, party_words=words)])) == 1


@pytest.mark.parametrize(
    ("mode", "words", "counted"),
    [
        ("not_asked", (NO,), 1),
        ("yes_needed", (), 0),
        ("yes_needed", YES[:1], 0),
        ("yes_needed", YES, 1),
        ("yes_needed", (*YES, replace(NO, answer=None)), 0),
    ],
)
def test_the_pack_says_what_follows_from_the_parties_words(mode: Any, words: Any, counted: int) -> None:
    rules = replace(pack(), deals=replace(pack().deals, other_party=mode))
    atoms = judge(KEY, [deal(1, party_words=words)], rules=rules)
    assert strict(atoms) == counted
    assert ("parties_agree" in speaking_for(atoms)) is (words == YES)
    assert ("party_silent" in against(atoms)) is (mode == "yes_needed" and not counted)


def test_a_number_of_other_parties_is_another_contract_and_told() -> None:
    alike = [deal(1), deal(2, contract_number="HT 2024 0001")]
    atoms = judge(KEY, alike)
    assert strict(atoms) == 2
    assert all(("contract_number_shared", "flagged") in {(r.code, r.effect) for r in atom.reasons} for atom in atoms)
    same = deal(2, contract_number="ht2024/0001", sellers=("seller1",), buyers=("buyer1",))
    assert [atom.literal for atom in judge(KEY, [deal(1), same])] == [True, False]


def test_refunds_reduce_what_was_paid() -> None:
    made, back = payment(1), payment(2, evidence=None, voucher=None, amount_yuan=Decimal(-20000))
    (atom,) = judge(KEY, [deal(1, payments=(made, back))])
    told = next(reason for reason in atom.reasons if reason.code == "payment_partial")
    assert atom.strict and (told.data["paid"], told.data["due"]) == ("30,000.00", "20,000.00")
    all_of_it = replace(back, amount_yuan=Decimal(-50000))
    assert "payment_token" in against(judge(KEY, [deal(1, payments=(made, all_of_it))]))


@pytest.mark.parametrize("type_digit", [1, 8])
def test_the_number_says_whether_it_is_an_invention(type_digit: int) -> None:
    patent = deal_patent(1, application_number=number(1, type_digit))
    assert strict(judge(KEY, [deal(1, patents=(patent,))])) == 1


@pytest.mark.parametrize(("days", "in_order"), [(-1, False), (0, True), (1, True)])
def test_a_deal_is_recorded_on_or_after_the_day_it_was_signed(days: int, in_order: bool) -> None:
    fact = deal(1, recorded_at=at(SIGNED + timedelta(days=days)))
    assert ("recorded_before_it_happened" in against(judge(KEY, [fact]))) is not in_order


@pytest.mark.parametrize(("day", "through"), [(date(2024, 5, 19), True), (SIGNED, False), (date(2024, 5, 21), False)])
def test_the_platform_must_have_seen_them_before_signing(day: date, through: bool) -> None:
    assert strict(judge(KEY, [deal(1, platform_events=(touch(1, day=day),))])) == int(through)


@pytest.mark.parametrize(("minute", "through"), [(29, True), (30, False), (31, False)])
def test_on_the_day_of_signing_the_event_must_precede_the_record(minute: int, through: bool) -> None:
    event = touch(1, at=datetime(2024, 5, 20, 6, minute, tzinfo=UTC))
    fact = deal(1, platform_events=(event,), recorded_at=datetime(2024, 5, 20, 6, 30, tzinfo=UTC))
    assert ("deal_came_through_platform" in speaking_for(judge(KEY, [fact]))) is through


def test_the_first_event_of_many_decides() -> None:
    events = (touch(1, day=date(2024, 6, 1), kind="contact"), touch(1, day=date(2024, 3, 1), kind="view"))
    assert strict(judge(KEY, [deal(1, platform_events=events)])) == 1


def test_an_event_that_the_pack_does_not_name_proves_nothing() -> None:
    rules = replace(pack(), deals=replace(pack().deals, attributing_events=frozenset({"contact"})))
    assert strict(judge(KEY, [deal(1)], rules=rules)) == 0


@pytest.mark.parametrize(("as_of", "counts"), [(date(2024, 6, 9), 0), (date(2024, 6, 10), 1), (date(2024, 6, 11), 1)])
def test_a_deal_counts_strictly_from_its_registration(as_of: date, counts: int) -> None:
    fact = deal(1, confirmations=tuple(replace(c, at=at(date(2024, 6, 5))) for c in BOTH))
    assert strict(judge(KEY, [fact], as_of)) == counts


@pytest.mark.parametrize(("as_of", "counts"), [(date(2025, 2, 1), 1), (date(2025, 2, 2), 0), (date(2025, 2, 3), 0)])
def test_a_deal_counts_until_it_is_cancelled(as_of: date, counts: int) -> None:
    assert strict(judge(KEY, [deal(1, cancelled_on=date(2025, 2, 2))], as_of)) == counts


@pytest.mark.parametrize(("day", "in_order"), [(date(2024, 5, 19), 0), (SIGNED, 1), (date(2024, 5, 21), 1)])
def test_a_deal_is_registered_on_or_after_the_day_it_was_signed(day: date, in_order: int) -> None:
    assert strict(judge(KEY, [deal(1, registrations=(registered(day),))])) == in_order


def test_a_proof_of_a_payment_of_the_day_must_have_been_there_to_be_confirmed() -> None:
    fresh = payment(1, paid_on=AS_OF, evidence=EvidenceFact(digest="new", recorded_at=at(AS_OF)))
    expect(KEY, deal(1, payments=(fresh,)), "evidence_after_confirmation", True)


def test_a_lost_proof_does_not_stand_in_for_one_that_came_after_the_confirmation() -> None:
    lost = payment(1, evidence=EvidenceFact(digest="old", recorded_at=at(date(2024, 6, 2)), withdrawn=True))
    fresh = payment(2, evidence=EvidenceFact(digest="new", recorded_at=at(date(2024, 12, 1))))
    expect(KEY, deal(1, payments=(lost, fresh)), "evidence_after_confirmation", True)


def test_the_first_link_of_an_affiliation_is_told() -> None:
    chain = (replace(TIE, kind="phone", shared="0595****"), TIE)
    for ties in (chain, chain[::-1]):
        told = [r for r in judge(KEY, [deal(1, affiliations=ties)])[0].reasons if r.code == "parties_affiliated"]
        assert told[0].data["shared"] == "陈某"


@pytest.mark.parametrize(
    ("deal_type", "event"),
    [
        ("transfer", "TR01"),
        ("contribution", "TR01"),
        ("exclusive_licence", "EE01"),
        ("sole_licence", "EE01"),
        ("ordinary_licence", "EE01"),
        ("open_licence", "EE01"),
    ],
)
def test_each_kind_of_deal_has_its_register_entry(deal_type: Any, event: str) -> None:
    good = deal(1, deal_type=deal_type, registrations=(registered(date(2024, 6, 10), event),))
    assert strict(judge(KEY, [good])) == 1


def test_a_voucher_number_proves_a_payment_without_a_file() -> None:
    assert strict(judge(KEY, [deal(1, payments=(payment(1, evidence=None, voucher="FP-77"),))])) == 1


def test_the_bureau_may_overrule_an_affiliation() -> None:
    atoms = judge(KEY, [deal(1, affiliations=(TIE,), affiliation_overruled_by=9)])
    assert strict(atoms) == 1
    assert "affiliation_overruled" in speaking_for(atoms)


def test_evidence_replaced_after_the_confirmation_needs_a_new_one() -> None:
    fresh = payment(1, evidence=EvidenceFact(digest="new", recorded_at=at(date(2024, 6, 21))))
    expect(KEY, deal(1, payments=(fresh,)), "evidence_after_confirmation", True)
    again = tuple(replace(said, at=at(date(2024, 6, 22))) for said in BOTH)
    assert strict(judge(KEY, [deal(1, payments=(fresh,), confirmations=again)])) == 1


def test_a_second_instalment_does_not_void_the_confirmation() -> None:
    second = payment(2, paid_on=date(2024, 12, 1), evidence=EvidenceFact(digest="b", recorded_at=at(date(2024, 12, 2))))
    assert strict(judge(KEY, [deal(1, payments=(payment(1), second))])) == 1


def test_the_entrant_may_confirm_where_the_pack_allows_it() -> None:
    rules = replace(pack(), deals=replace(pack().deals, entrant_may_confirm=True))
    assert strict(judge(KEY, [deal(1, entered_by=7)], rules=rules)) == 1


def test_contracts_and_patents_are_both_counted() -> None:
    patents = (deal_patent(1), deal_patent(2), deal_patent(3, application_number=number(3, 2)))
    events = tuple(touch(n, "buyer1") for n in (1, 2, 3))
    told = threshold_progress(judge(KEY, [deal(1, patents=patents, platform_events=events)]), pack().threshold(KEY))
    assert (told.count.unit, told.count.literal, told.count.strict) == ("contract", 1, 1)
    assert told.other is not None
    assert (told.other.unit, told.other.literal, told.other.strict) == ("patent", 2, 2)


def test_patents_are_the_headline_where_the_pack_says_so() -> None:
    goals = tuple(
        replace(
            goal,
            thresholds=tuple(
                replace(each, unit="patent", other_unit="contract") if each.key == KEY else each
                for each in goal.thresholds
            ),
        )
        for goal in pack().goals
    )
    fact = deal(1, patents=(deal_patent(1), deal_patent(2)), platform_events=(touch(1), touch(2, "buyer1")))
    assert strict(judge(KEY, [fact], rules=replace(pack(), goals=goals))) == 2


def test_one_contract_number_is_one_contract() -> None:
    parties: dict[str, Any] = {"sellers": ("seller1",), "buyers": ("buyer1",)}
    atoms = judge(
        KEY, [deal(1), deal(2, contract_number="ht-2024-0001", platform_events=(touch(2, "buyer1"),), **parties)]
    )
    assert literal(atoms) == strict(atoms) == 1
    assert "duplicate_record" in against(atoms, 2)


def test_deals_without_a_contract_number_stay_apart() -> None:
    assert strict(judge(KEY, [deal(1, contract_number=None), deal(2, contract_number=None)])) == 2


def later(n: int, **changes: Any) -> Any:
    """A deal over patent 1 signed a while after the first one."""
    base = deal(
        n,
        patents=(deal_patent(1),),
        signed_on=date(2024, 8, 1),
        recorded_at=at(date(2024, 8, 2)),
        payments=(payment(n, paid_on=date(2024, 8, 20)),),
        registrations=(registered(date(2024, 9, 1)),),
        platform_events=(touch(1, f"buyer{n}"),),
    )
    return replace(base, **changes)


def test_a_patent_sold_back_is_a_round_trip() -> None:
    back = later(2, sellers=("buyer1",), buyers=("seller1",), platform_events=(touch(1, "seller1"),))
    atoms = judge(KEY, [back, deal(1)])
    assert strict(atoms) == 1
    assert "deal_round_trip" in against(atoms, 2)


def test_a_patent_that_comes_back_over_a_third_party_is_a_round_trip() -> None:
    onward = later(2, sellers=("buyer1",), buyers=("third",), platform_events=())
    home = later(
        3, sellers=("third",), buyers=("seller1",), signed_on=date(2024, 8, 5), platform_events=(touch(1, "seller1"),)
    )
    assert "deal_round_trip" in against(judge(KEY, [home, onward, deal(1)]), 3)


def test_a_licence_back_to_the_seller_is_a_round_trip() -> None:
    back = later(
        2,
        deal_type="ordinary_licence",
        sellers=("buyer1",),
        buyers=("seller1",),
        registrations=(registered(date(2024, 9, 1), "EE01"),),
        platform_events=(touch(1, "seller1"),),
    )
    assert "deal_round_trip" in against(judge(KEY, [deal(1), back]), 2)


@pytest.mark.parametrize(("overruled", "code"), [(None, "deal_round_trip_affiliated"), ("bureau", None)])
def test_a_patent_sold_back_to_who_belongs_to_its_seller_is_a_round_trip(
    overruled: str | None, code: str | None
) -> None:
    tie = FormerOwnerFact(
        deal_id=1, link=AffiliationFact(kind="phone", first="seller1", second="cousin", shared="0595")
    )
    back = later(
        2,
        sellers=("buyer1",),
        buyers=("cousin",),
        platform_events=(touch(1, "cousin"),),
        former_owners=(tie,),
        affiliation_overruled_by=overruled,
    )
    found = against(judge(KEY, [back, deal(1)]), 2)
    assert found & {"deal_round_trip_affiliated"} == {code} - {None} and "deal_round_trip" not in found


def test_a_tie_to_a_deal_that_does_not_stand_binds_nobody() -> None:
    tie = FormerOwnerFact(
        deal_id=7, link=AffiliationFact(kind="phone", first="seller7", second="cousin", shared="0595")
    )
    back = later(
        2, sellers=("buyer1",), buyers=("cousin",), platform_events=(touch(1, "cousin"),), former_owners=(tie,)
    )
    assert "deal_round_trip_affiliated" not in against(judge(KEY, [back, deal(1)]), 2)


def test_a_resale_counts_once() -> None:
    atoms = judge(KEY, [later(2, sellers=("buyer1",)), deal(1)])
    assert (literal(atoms), strict(atoms)) == (2, 1)
    assert "deal_resale" in against(atoms, 2)


def test_the_sale_that_was_signed_first_counts_whatever_its_id() -> None:
    first = deal(9, patents=(deal_patent(1),), platform_events=(touch(1, "buyer9"),))
    atoms = judge(KEY, [later(2, sellers=("buyer9",)), first])
    assert against(atoms, 9) == set()
    assert "deal_resale" in against(atoms, 2)


def test_a_sale_after_one_that_does_not_count_is_no_resale() -> None:
    atoms = judge(KEY, [later(2, sellers=("other",)), deal(1, payments=())])
    assert strict(atoms) == 1
    assert "deal_resale" not in against(atoms, 2)


def licence_deal(n: int, buyer: str) -> Any:
    return later(
        n,
        deal_type="ordinary_licence",
        sellers=("seller1",),
        buyers=(buyer,),
        registrations=(registered(date(2024, 9, 1), "EE01"),),
        platform_events=(touch(1, buyer),),
    )


def test_a_second_licence_between_the_same_parties_is_a_repetition() -> None:
    atoms = judge(KEY, [licence_deal(2, "x"), licence_deal(3, "x"), licence_deal(4, "y")])
    assert strict(atoms) == 2
    assert "deal_repeated" in against(atoms, 3)
    assert against(atoms, 4) == set()
