"""Deals by hand: recorded once, grown by events and payments, confirmed by two, cancelled or withdrawn, never deleted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Confirmation, Deal, DealEvent, DealPayment, EvidenceFile, Licence
from matchhub.domain.records import LicenceRecord, OfferRecord, Source
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.deals.cancelling import cancel_deal, withdraw_deal
from matchhub.services.deals.overruling import overrule_affiliation
from matchhub.services.deals.payments import pay
from matchhub.services.deals.recording import record_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.checking import check_evidence
from matchhub.services.evidence.confirmations import confirm, withdraw_confirmation
from matchhub.services.evidence.files import place_of, read_evidence, store_evidence, withdraw_evidence
from matchhub.services.licensing.entries import overrule_licence_affiliation, prove_licence_payment
from matchhub.services.licensing.recording import record_licence, record_offer
from matchhub.services.parties.relations import relate_parties
from tests.papers import letter
from tests.services.desk_base import Base, code, deal, firm, number, patent

FORM = Source("form", 1)


@pytest.fixture
def traded(base: Base) -> Base:
    """A base with one deal, recorded on 2024-03-12 by the clerk."""
    base.take("patents", patent(1), patent(2))
    base.take("enterprises", firm(1))
    base.later(8)
    with base.runtime.unit(base.people["clerk"]) as unit:
        assert record_deal(unit, deal(1)) == 1
    return base


def act(base: Base, by: str, verb: Any, *values: Any, **named: Any) -> Any:
    with base.runtime.unit(base.people[by]) as unit:
        return verb(unit, *values, **named)


def codes(base: Base, kind: str = "deals", record_id: int = 1) -> set[str]:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        found = explain_record(unit, kind, record_id, question(unit, date(2025, 12, 31)))
    return {reason.code for reason in found.reasons}


def test_the_same_deal_is_not_recorded_twice(traded: Base) -> None:
    with pytest.raises(Conflict, match="recorded_already"):
        act(traded, "clerk", record_deal, deal(1))


def test_the_same_contract_with_another_patent_is_the_same_deal(traded: Base) -> None:
    more = deal(1, application_numbers=(number(2),))
    assert act(traded, "clerk", record_deal, more) == 1


def test_a_deal_about_a_patent_that_is_not_in_the_base_is_refused_and_leaves_nothing(base: Base) -> None:
    with pytest.raises(Refusal, match="patent_unknown"):
        act(base, "clerk", record_deal, deal(1))
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(Deal)).scalar_one() == 0


@pytest.mark.parametrize("role", ["reviewer"])
def test_the_bureau_records_no_deal(traded: Base, role: str) -> None:
    with pytest.raises(NotAllowed):
        act(traded, role, record_deal, deal(2))
    with pytest.raises(NotAllowed):
        act(traded, role, take_step, 1, "registered", date(2024, 3, 11), "变更1")


def test_registration_payment_and_two_words_are_each_what_the_count_asks_for(traded: Base) -> None:
    assert {"deal_unregistered", "payment_missing", "confirmation_missing"} <= codes(traded)
    act(traded, "clerk", take_step, 1, "registered", date(2024, 3, 11), "变更1")
    assert "deal_registered" in codes(traded)
    with pytest.raises(Refusal, match="payment_unproven"):
        act(traded, "clerk", pay, 1, date(2024, 3, 11), Decimal("80000.50"))
    act(traded, "clerk", pay, 1, date(2024, 3, 12), Decimal(1), "凭证2")
    assert "payment_proven" in codes(traded)
    traded.later()
    act(traded, "operator", confirm, "deals", 1)
    act(traded, "reviewer", confirm, "deals", 1, second_factor=True)
    assert "deal_confirmed" in codes(traded)


@pytest.mark.parametrize(
    ("by", "against"),
    [
        (("clerk", "reviewer"), "confirmation_by_entrant"),
        (("operator",), "confirmation_missing"),
        (("reviewer",), "confirmation_missing"),
        (("operator", "colleague"), "confirmation_not_independent"),
    ],
)
def test_one_side_alone_confirms_nothing(traded: Base, by: tuple[str, ...], against: str) -> None:
    for each in by:
        act(traded, each, confirm, "deals", 1, second_factor=True)
    assert against in codes(traded)


def test_a_word_before_the_payment_is_out_of_force(traded: Base) -> None:
    act(traded, "operator", confirm, "deals", 1)
    act(traded, "reviewer", confirm, "deals", 1, second_factor=True)
    traded.later()
    act(traded, "clerk", pay, 1, date(2024, 3, 12), Decimal(80000), "凭证")
    assert "confirmation_lapsed" in codes(traded)


def test_a_rejection_needs_a_note_and_takes_the_deal_out(traded: Base) -> None:
    with pytest.raises(Refusal, match="note_missing"):
        act(traded, "reviewer", confirm, "deals", 1, "rejected")
    act(traded, "reviewer", confirm, "deals", 1, "rejected", "合同看不清")
    assert "record_rejected" in codes(traded)


def test_a_word_is_taken_back_by_its_own_giver_only(traded: Base) -> None:
    word = act(traded, "operator", confirm, "deals", 1)
    with pytest.raises(NotFound):
        act(traded, "clerk", withdraw_confirmation, word, "不是我的")
    act(traded, "operator", withdraw_confirmation, word, "看错了")
    with traded.runtime.unit(write=False) as unit:
        assert unit.session.get_one(Confirmation, word).withdrawn_reason == "看错了"


def test_nobody_confirms_what_is_not_there(traded: Base) -> None:
    with pytest.raises(NotFound):
        act(traded, "operator", confirm, "deals", 99)
    with pytest.raises(NotFound):
        act(traded, "operator", confirm, "dreams", 1)


@pytest.mark.parametrize(
    ("event", "on", "refusal"),
    [
        ("registered", date(2024, 3, 13), "day_to_come"),
        ("dreamt", date(2024, 3, 11), "deal_event_unknown"),
        ("signed", date(2024, 3, 11), "deal_event_unknown"),
        ("cancelled", date(2024, 3, 11), "deal_event_unknown"),
    ],
)
def test_a_stage_of_tomorrow_or_of_no_kind_is_refused(traded: Base, event: str, on: date, refusal: str) -> None:
    with pytest.raises(Refusal, match=refusal):
        act(traded, "clerk", take_step, 1, event, on, "变更1")


def test_a_stage_of_today_is_taken(traded: Base) -> None:
    assert act(traded, "clerk", take_step, 1, "registered", date(2024, 3, 12), "变更1") is None


@pytest.mark.parametrize(("amount", "taken"), [("-0.01", False), ("0", False), ("0.01", True)])
def test_a_payment_is_above_zero(traded: Base, amount: str, taken: bool) -> None:
    if taken:
        act(traded, "clerk", pay, 1, date(2024, 3, 12), Decimal(amount), "凭证")
        with traded.runtime.unit(write=False) as unit:
            assert unit.session.execute(select(DealPayment.amount_yuan)).scalar_one() == Decimal(amount)
    else:
        with pytest.raises(Refusal, match="amount_not_positive"):
            act(traded, "clerk", pay, 1, date(2024, 3, 12), Decimal(amount), "凭证")


def test_evidence_of_another_record_proves_nothing_here(traded: Base) -> None:
    file = act(traded, "clerk", store_evidence, "patents", 1, "other", "a.pdf", letter("a"))
    with pytest.raises(Refusal, match="evidence_of_other_record"):
        act(traded, "clerk", pay, 1, date(2024, 3, 12), Decimal(1), "", file)


def test_one_paper_proves_one_record(traded: Base) -> None:
    act(traded, "clerk", store_evidence, "deals", 1, "contract", "a.pdf", letter("same"))
    with pytest.raises(Conflict, match="evidence_used_elsewhere"):
        act(traded, "clerk", store_evidence, "patents", 1, "other", "b.pdf", letter("same"))


def test_withdrawn_evidence_leaves_the_count_and_stays_to_be_seen(traded: Base) -> None:
    file = act(traded, "clerk", store_evidence, "deals", 1, "payment_proof", "回单.pdf", letter("paid"))
    act(traded, "clerk", pay, 1, date(2024, 3, 12), Decimal(80000), "凭证", file)
    assert "payment_proven" in codes(traded)
    act(traded, "operator", withdraw_evidence, file, "放错了")
    assert "payment_proof_lost" in codes(traded)
    with traded.runtime.unit(write=False) as unit:
        assert unit.session.get_one(EvidenceFile, file).withdrawn_reason == "放错了"


def test_evidence_that_was_changed_is_found_and_no_longer_shown(traded: Base) -> None:
    file = act(traded, "clerk", store_evidence, "deals", 1, "contract", "合同.pdf", letter("signed"))
    with traded.runtime.unit(write=False) as unit:
        place = place_of(traded.runtime.home, unit.session.get_one(EvidenceFile, file).sha256)
    place.write_bytes(b"signee")
    with pytest.raises(Conflict, match="evidence_damaged"):
        act(traded, "reviewer", read_evidence, file)
    assert act(traded, "operator", check_evidence).damaged == (file,)


def test_a_cancelled_contract_leaves_the_count_from_that_day(traded: Base) -> None:
    act(traded, "clerk", cancel_deal, 1, date(2024, 3, 12), "双方协商")
    assert "deal_cancelled" in codes(traded)


def test_a_withdrawn_deal_says_why_and_counts_no_more(traded: Base) -> None:
    with pytest.raises(Refusal, match="note_missing"):
        act(traded, "operator", withdraw_deal, 1, " ")
    act(traded, "operator", withdraw_deal, 1, "登记错误")
    assert "record_withdrawn" in codes(traded)
    with traded.runtime.unit(write=False) as unit:
        assert unit.session.get_one(Deal, 1).withdrawn_reason == "登记错误"


def test_only_the_bureau_overrules_an_affiliation_and_says_why(traded: Base) -> None:
    with pytest.raises(NotAllowed):
        act(traded, "operator", overrule_affiliation, 1, "无关")
    with pytest.raises(Refusal, match="note_missing"):
        act(traded, "reviewer", overrule_affiliation, 1, "")


def test_every_act_on_a_deal_is_kept_with_its_author(traded: Base) -> None:
    act(traded, "operator", take_step, 1, "registered", date(2024, 3, 11), "变更1")
    with traded.runtime.unit(write=False) as unit:
        event = unit.session.execute(select(DealEvent).where(DealEvent.event == "TR01")).scalar_one()
        assert event.recorded_by == traded.people["operator"].account_id
        assert unit.session.get_one(Deal, 1).recorded_by == traded.people["clerk"].account_id


def licence(**more: Any) -> LicenceRecord:
    values: dict[str, Any] = {
        "application_number": number(1),
        "licensee_name": firm(1).name,
        "licensee_uscc": code(1),
        "licensor_name": "晋水理工学院",
        "notified_on": date(2024, 3, 11),
        "reached_on": date(2024, 3, 11),
        "paid_on": date(2024, 3, 11),
        "paid_yuan": Decimal(20000),
    }
    return LicenceRecord(FORM, **{**values, **more})


def test_an_offer_and_a_licence_are_recorded_by_hand_and_grow_by_being_recorded_again(traded: Base) -> None:
    offer = OfferRecord(FORM, number(1), holder_name="晋水理工学院", regime="cnipa", declared_on=date(2024, 2, 1))
    act(traded, "clerk", record_offer, offer)
    first = act(traded, "clerk", record_licence, licence())
    again = act(traded, "clerk", record_licence, licence(filing_number="备1", filed_on=date(2024, 3, 12)))
    assert first == again
    with traded.runtime.unit(write=False) as unit:
        known = unit.session.get_one(Licence, first)
        assert (known.offer_id, known.enterprise_id, known.filing_number) == (1, 1, "备1")


def test_the_payment_of_a_licence_is_proven_by_a_file_of_its_own(traded: Base) -> None:
    act(traded, "clerk", record_licence, licence())
    assert "payment_proof_missing" in codes(traded, "licences")
    other = act(traded, "clerk", store_evidence, "deals", 1, "payment_proof", "a.pdf", letter("a"))
    with pytest.raises(Refusal, match="evidence_of_other_record"):
        act(traded, "clerk", prove_licence_payment, 1, other)
    own = act(traded, "clerk", store_evidence, "licences", 1, "payment_proof", "b.pdf", letter("b"))
    act(traded, "clerk", prove_licence_payment, 1, own)
    assert "payment_proven" in codes(traded, "licences")


def test_the_affiliation_of_a_licence_is_overruled_by_the_bureau(traded: Base) -> None:
    act(traded, "operator", relate_parties, "晋水理工学院", code(1), "shareholder", "公示")
    act(traded, "clerk", record_licence, licence())
    assert "parties_affiliated" in codes(traded, "licences")
    with pytest.raises(NotAllowed):
        act(traded, "operator", overrule_licence_affiliation, 1, "无关")
    act(traded, "reviewer", overrule_licence_affiliation, 1, "已核对股权")
    assert "affiliation_overruled" in codes(traded, "licences")
