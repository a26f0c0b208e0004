"""Every known way to inflate the numbers meets its rule; nothing here may raise the strict count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from matchhub.domain.affiliation import PartyTraits, affiliations_between
from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.facts import EvidenceFact, Facts
from tests.domain.counting.verdicts import against, strict
from tests.domain.factories import (
    AS_OF,
    SIGNED,
    at,
    confirmation,
    deal,
    deal_patent,
    demand,
    enterprise,
    licence,
    number,
    pack,
    patent,
    payment,
    push,
    push_item,
    status,
    touch,
    uscc,
)

Scheme = Callable[[], tuple[str, Facts, int, str]]  # threshold, facts, what may count, the reason of the last record


def other_spelling() -> tuple[str, Facts, int, str]:
    spelled = f"ZL {number(1).replace('.', ' . ')}"
    return "patents", Facts(patents=(patent(1), patent(99, application_number=spelled))), 1, "duplicate_record"


def utility_model_as_invention() -> tuple[str, Facts, int, str]:
    disguised = deal(99, patents=(deal_patent(99, application_number=number(99, 2)),))
    return "invention_deals", Facts(deals=(disguised,)), 0, "deal_not_invention"


def unpaid_patent() -> tuple[str, Facts, int, str]:
    lapsed = patent(99, statuses=(status(), status(date(2025, 3, 1), "dead", reason="fee_lapsed")))
    return "patents", Facts(patents=(lapsed,)), 0, "patent_dead"


def expired_patent() -> tuple[str, Facts, int, str]:
    old = patent(99, application_number=number(99, 2, 2014), filed_on=date(2014, 5, 1))
    return "patents", Facts(patents=(old,)), 0, "patent_term_ended"


def fake_enterprise() -> tuple[str, Facts, int, str]:
    code = uscc(99)
    false = code[:-1] + ("0" if code[-1] != "0" else "1")
    return "enterprises", Facts(enterprises=(enterprise(99, uscc=false),)), 0, "uscc_check_failed"


def cloned_enterprise() -> tuple[str, Facts, int, str]:
    clone = enterprise(99, name_key=enterprise(1).name_key)
    return "enterprises", Facts(enterprises=(enterprise(1), clone)), 1, "enterprise_cloned"


def cloned_demand_other_numbers() -> tuple[str, Facts, int, str]:
    first = demand(1, text="注塑机每小时停机3次,废品率太高", targets="停机不超过1次")
    clone = demand(
        99, text="注塑机每小时停机8次,废品率太高", targets="停机不超过2次", enterprise_id=2, enterprise_uscc=uscc(2)
    )
    return "local_demands", Facts(demands=(first, clone)), 1, "demand_same_text"


def cloned_demand_edited() -> tuple[str, Facts, int, str]:
    clone = demand(99, duplicate_of=1, duplicate_similarity=0.85)
    return "local_demands", Facts(demands=(demand(1), clone)), 1, "demand_repetition"


def demand_not_reviewed() -> tuple[str, Facts, int, str]:
    doubtful = demand(99, duplicate_of=1, duplicate_similarity=0.75)
    return "local_demands", Facts(demands=(demand(1), doubtful)), 1, "demand_repetition_review"


def expired_demand() -> tuple[str, Facts, int, str]:
    return "local_demands", Facts(demands=(demand(99, valid_until_on=date(2025, 6, 1)),)), 0, "demand_expired"


def sprayed_push() -> tuple[str, Facts, int, str]:
    spray = push(99, items=(push_item(99, 99, demand_enterprise_id=1),))
    return "pushes", Facts(pushes=(spray,)), 0, "push_for_other_enterprise"


def weak_push() -> tuple[str, Facts, int, str]:
    return "pushes", Facts(pushes=(push(99, items=(push_item(99, 99, score=0.01),)),)), 0, "push_below_floor"


def pushes_by_the_dozen() -> tuple[str, Facts, int, str]:
    burst = [
        push(95 + n, enterprise_id=1, items=(push_item(n, 1),), delivered_at=at(date(2024, 10, 8), n)) for n in range(5)
    ]
    return "pushes", Facts(pushes=tuple(burst)), 3, "push_cap_enterprise_day"


def one_patent_to_everybody() -> tuple[str, Facts, int, str]:
    facts = [
        push(n, items=(push_item(1, n),), delivered_at=at(date(2024, 10, 8), 0) + timedelta(seconds=n))
        for n in range(60, 100)
    ]
    return "pushes", Facts(pushes=tuple(facts)), 20, "push_cap_patent"


def deal_between_affiliates() -> tuple[str, Facts, int, str]:
    traits = [
        PartyTraits(party_id="seller99", legal_representative="王某"),
        PartyTraits(party_id="middle", legal_representative="王某", phones=("0595-85000000",)),
        PartyTraits(party_id="buyer99", phones=("059585000000",)),
    ]
    ties = affiliations_between(("seller99",), ("buyer99",), traits)
    return "invention_deals", Facts(deals=(deal(99, affiliations=ties),)), 0, "parties_affiliated"


def round_trip() -> tuple[str, Facts, int, str]:
    back = deal(
        99,
        patents=(deal_patent(1),),
        sellers=("buyer1",),
        buyers=("seller1",),
        signed_on=date(2024, 6, 1),
        platform_events=(touch(1, "seller1"),),
    )
    return "invention_deals", Facts(deals=(deal(1), back)), 1, "deal_round_trip"


def resale() -> tuple[str, Facts, int, str]:
    again = deal(
        99,
        patents=(deal_patent(1),),
        sellers=("buyer1",),
        signed_on=date(2024, 6, 1),
        platform_events=(touch(1, "buyer99"),),
    )
    return "invention_deals", Facts(deals=(deal(1), again)), 1, "deal_resale"


def backdated_deal() -> tuple[str, Facts, int, str]:
    late = deal(99, recorded_at=at(SIGNED + timedelta(days=91)), evidence=deal(99).evidence[:2])
    return "invention_deals", Facts(deals=(late,)), 0, "recorded_late"


def deal_of_tomorrow() -> tuple[str, Facts, int, str]:
    early = deal(99, recorded_at=at(SIGNED - timedelta(days=1)))
    return "invention_deals", Facts(deals=(early,)), 0, "recorded_before_it_happened"


def deal_without_the_platform() -> tuple[str, Facts, int, str]:
    return "invention_deals", Facts(deals=(deal(99, platform_events=()),)), 0, "deal_without_platform_event"


def platform_event_made_afterwards() -> tuple[str, Facts, int, str]:
    alibi = deal(99, platform_events=(touch(99, day=SIGNED + timedelta(days=1)),))
    return "invention_deals", Facts(deals=(alibi,)), 0, "deal_platform_event_too_late"


def one_bargain_for_two_goals() -> tuple[str, Facts, int, str]:
    facts = Facts(deals=(deal(99),), licences=(licence(99, deal_id=99),))
    return "invention_deals", facts, 0, "counted_for_other_goal"


def one_paper_for_two_records() -> tuple[str, Facts, int, str]:
    copy = deal(99, payments=deal(1).payments, recorded_at=at(date(2024, 7, 1)))
    return "invention_deals", Facts(deals=(deal(1), copy)), 1, "evidence_used_twice"


def one_paper_under_a_false_link() -> tuple[str, Facts, int, str]:
    linked = licence(1, deal_id=99, payments=(payment(99, paid_on=date(2024, 4, 2)),))
    shared = deal(99, payments=linked.payments)
    return "invention_deals", Facts(deals=(shared,), licences=(linked,)), 0, "evidence_used_twice"


def evidence_replaced_after_approval() -> tuple[str, Facts, int, str]:
    swapped = payment(99, evidence=EvidenceFact(digest="other", recorded_at=at(date(2024, 12, 1))))
    return "invention_deals", Facts(deals=(deal(99, payments=(swapped,)),)), 0, "evidence_after_confirmation"


def deleted_evidence() -> tuple[str, Facts, int, str]:
    gone = payment(99, evidence=EvidenceFact(digest="gone", intact=False))
    return "invention_deals", Facts(deals=(deal(99, payments=(gone,)),)), 0, "payment_proof_lost"


def cancelled_contract() -> tuple[str, Facts, int, str]:
    return "invention_deals", Facts(deals=(deal(99, cancelled_on=date(2025, 1, 1)),)), 0, "deal_cancelled"


def licence_elsewhere() -> tuple[str, Facts, int, str]:
    return "open_licences", Facts(licences=(licence(99, licensee_local=False),)), 0, "licence_licensee_not_local"


def purge_after_the_claim() -> tuple[str, Facts, int, str]:
    return "patents", Facts(patents=(patent(99, withdrawn_on=date(2025, 6, 1)),)), 0, "record_withdrawn"


def own_confirmation() -> tuple[str, Facts, int, str]:
    return "invention_deals", Facts(deals=(deal(99, entered_by=7),)), 0, "confirmation_by_entrant"


def two_accounts_of_one_house() -> tuple[str, Facts, int, str]:
    pair = (confirmation(), confirmation(8, 70, "reviewer"))
    return "invention_deals", Facts(deals=(deal(99, confirmations=pair),)), 0, "confirmation_not_independent"


SCHEMES: tuple[Scheme, ...] = (
    other_spelling,
    utility_model_as_invention,
    unpaid_patent,
    expired_patent,
    fake_enterprise,
    cloned_enterprise,
    cloned_demand_other_numbers,
    cloned_demand_edited,
    demand_not_reviewed,
    expired_demand,
    sprayed_push,
    weak_push,
    pushes_by_the_dozen,
    one_patent_to_everybody,
    deal_between_affiliates,
    round_trip,
    resale,
    backdated_deal,
    deal_of_tomorrow,
    deal_without_the_platform,
    platform_event_made_afterwards,
    one_bargain_for_two_goals,
    one_paper_for_two_records,
    one_paper_under_a_false_link,
    evidence_replaced_after_approval,
    deleted_evidence,
    cancelled_contract,
    licence_elsewhere,
    purge_after_the_claim,
    own_confirmation,
    two_accounts_of_one_house,
)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.__name__)
def test_a_scheme_gains_nothing_and_is_named(scheme: Scheme) -> None:
    key, facts, may_count, code = scheme()
    atoms = count_all(facts, pack(), AS_OF)[key]
    assert strict(atoms) == may_count
    assert code in against(atoms, 99)
