"""Levels of proof: what is typed counts literally only; papers, amounts and late records of every kind of event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from matchhub.domain.counting.facts import DealFacts, EvidenceFact, LicenceFacts
from matchhub.domain.proof_rules import ProofNeed
from matchhub.domain.rules import RulePack
from tests.domain.counting.verdicts import against, judge, literal, speaking_for, strict
from tests.domain.factories import (
    BOTH,
    SIGNED,
    at,
    confirmation,
    deal,
    demand,
    licence,
    offer,
    pack,
    paper,
    payment,
    push,
)

DEALS, LICENCES = "invention_deals", "open_licences"
CONTRACT, NOTICE = paper(1, "contract"), paper(1, "notice")
Record = DealFacts | LicenceFacts


def told_by(record: Record) -> str:
    return DEALS if isinstance(record, DealFacts) else LICENCES


def flags(record: Record) -> set[str]:
    atoms = judge(told_by(record), [record])
    return {reason.code for atom in atoms for reason in atom.reasons if reason.effect == "flagged"}


def without(record: Record, kind: str) -> Record:
    return replace(record, evidence=tuple(each for each in record.evidence if each.paper != kind))


@pytest.mark.parametrize(
    ("record", "kind", "proven", "unproven"),
    [
        (deal(1), "contract", "contract_documented", "contract_undocumented"),
        (deal(1), "bank_slip", "payment_documented", "payment_undocumented"),
        (deal(1), "conformity_notice", "registration_documented", "registration_undocumented"),
        (licence(1), "notice", "notice_documented", "notice_undocumented"),
        (licence(1), "bank_slip", "payment_documented", "payment_undocumented"),
        (licence(1), "filing_certificate", "filing_documented", "filing_undocumented"),
    ],
)
def test_each_fact_needs_its_own_kind_of_paper(record: Record, kind: str, proven: str, unproven: str) -> None:
    key = told_by(record)
    assert proven in speaking_for(judge(key, [record]))
    bare = without(record, kind)
    spoiled = [
        replace(each, **change)
        for each in record.evidence
        if each.paper == kind
        for change in ({"intact": False}, {"withdrawn": True}, {"paper": "other"})
    ]
    for papers in (bare.evidence, *((*bare.evidence, each) for each in spoiled)):
        atoms = judge(key, [replace(record, evidence=papers)])
        assert against(atoms) == {unproven}
        assert (literal(atoms), strict(atoms)) == (1, 0)


@pytest.mark.parametrize("invoice", [True, False])
def test_an_invoice_serves_like_a_bank_slip_and_a_contract_does_not(invoice: bool) -> None:
    other = paper(1, "invoice" if invoice else "contract", digest="other")
    record = without(deal(1), "bank_slip")
    assert strict(judge(DEALS, [replace(record, evidence=(*record.evidence, other))])) == int(invoice)


def test_numbers_typed_without_any_file_prove_nothing() -> None:
    """Two sheets of old licences and deals with invented voucher and filing numbers (schemes 2 and 3)."""
    typed = payment(1, evidence=None, voucher="x")
    assert against(judge(DEALS, [deal(1, payments=(typed,), evidence=(), confirmations=())])) == {
        "contract_undocumented",
        "payment_undocumented",
        "registration_undocumented",
        "confirmation_missing",
    }
    assert against(judge(LICENCES, [licence(1, payments=(typed,), evidence=(), confirmations=())])) == {
        "payment_undocumented",
        "notice_undocumented",
        "filing_undocumented",
        "confirmation_missing",
    }


def test_what_the_licensee_did_through_its_own_account_needs_no_paper() -> None:
    own = without(replace(licence(1), notified_by_licensee=True), "notice")
    assert "notice_documented" in speaking_for(judge(LICENCES, [own]))


@pytest.mark.parametrize("said", [BOTH[:1], BOTH[1:], (BOTH[0], replace(BOTH[1], role="operator"))])
def test_a_licence_is_confirmed_by_operator_and_bureau_like_a_deal(said: tuple[Any, ...]) -> None:
    assert against(judge(LICENCES, [licence(1, confirmations=said)])) == {"confirmation_missing"}


def test_whoever_entered_a_licence_does_not_confirm_it() -> None:
    assert against(judge(LICENCES, [licence(1, entered_by=7)])) == {"confirmation_by_entrant"}


def lenient(level: Any) -> RulePack:
    rules = pack().proof
    needs = {key: {fact: ProofNeed(level) for fact in facts} for key, facts in rules.needs.items()}
    return replace(pack(), proof=replace(rules, needs=needs))


def test_the_pack_says_what_must_be_proven() -> None:
    typed = deal(1, evidence=(), confirmations=())
    assert against(judge(DEALS, [typed], rules=lenient("typed"))) == set()
    assert "contract_undocumented" in against(judge(DEALS, [deal(1)], rules=lenient("confirmed")))


@pytest.mark.parametrize(
    ("agreed", "paid", "code", "effect"),
    [
        ("50000", "50000", "payment_in_full", "counts"),
        ("50000", "60000", "payment_in_full", "counts"),
        ("50000", "49999.99", "payment_partial", "flagged"),
        ("50000", "5000", "payment_partial", "flagged"),
        ("50000", "4999.99", "payment_token", "not_strict"),
        ("50000", "0", "payment_token", "not_strict"),
        ("1", "0.01", "payment_token", "not_strict"),
        ("1", "1", "payment_token", "not_strict"),
        ("100", "100", "payment_in_full", "counts"),
        (None, "99.99", "payment_token", "not_strict"),
        ("50000", None, "payment_token", "not_strict"),
    ],
)
@pytest.mark.parametrize("kind", ["deal", "licence"])
def test_a_token_amount_proves_no_payment_and_less_than_agreed_is_told(
    agreed: str | None, paid: str | None, code: str, effect: str, kind: str
) -> None:
    money = Decimal(agreed) if agreed else None
    made = payment(1, amount_yuan=Decimal(paid) if paid else None)
    record = (
        deal(1, payments=(made,), amount_yuan=money) if kind == "deal" else licence(1, payments=(made,), fee_yuan=money)
    )
    atoms = judge(told_by(record), [record])
    assert {
        (each.code, each.effect)
        for each in atoms[0].reasons
        if each.code in ("payment_in_full", "payment_partial", "payment_token")
    } == {(code, effect)}
    assert strict(atoms) == int(effect != "not_strict")


def test_payments_are_added_up_and_stand_beside_what_is_due() -> None:
    parts = [payment(n, amount_yuan=Decimal(20000)) for n in (1, 2)]
    [atom] = judge(DEALS, [deal(1, payments=tuple(parts))])
    [partial] = [each for each in atom.reasons if each.code == "payment_partial"]
    assert partial.data == {"paid": "40,000.00", "agreed": "50,000.00", "due": "10,000.00"}


def test_a_free_licence_is_reached_by_its_notice() -> None:
    free = licence(1, free=True, payments=(), evidence=without(licence(1), "bank_slip").evidence, reached_on=None)
    [atom] = judge(LICENCES, [free])
    assert atom.strict and atom.occurred_on == free.notified_on
    later = replace(free, reached_on=(free.notified_on or SIGNED) + timedelta(days=5))
    assert judge(LICENCES, [later])[0].occurred_on == free.notified_on


def test_the_bureau_may_say_that_an_unknown_party_is_independent() -> None:
    said = deal(1, unknown_parties=("甲",), affiliation_overruled_by=9)
    assert "affiliation_overruled" in speaking_for(judge(DEALS, [said]))


def test_a_letter_in_a_folder_is_written_and_not_delivered() -> None:
    """Scheme 26: pushes "sent" to a folder; and scheme 29, an inbox that nobody can open."""
    atoms = judge("pushes", [push(1, accepted=False)])
    assert against(atoms) == {"push_only_written"}
    assert (literal(atoms), strict(atoms)) == (1, 0)
    assert "push_accepted" in speaking_for(judge("pushes", [push(1)]))
    assert strict(judge("pushes", [push(1, accepted=False)], rules=lenient("typed"))) == 1


@pytest.mark.parametrize(
    ("key", "make", "day"),
    [("local_demands", demand, demand(1).posted_on), ("open_licence_offers", offer, offer(1).published_on)],
)
class TestLateDemandsAndOffers:
    """Scheme 8: demands of one template, two years back."""

    @pytest.mark.parametrize(
        ("days", "code"),
        [(-1, "recorded_before_it_happened"), (0, ""), (90, ""), (91, "recorded_late"), (700, "recorded_late")],
    )
    def test_late_is_late_for_every_kind_of_event(self, key: str, make: Any, day: date, days: int, code: str) -> None:
        record = make(1, recorded_on=day + timedelta(days=days), evidence=())
        told = against(judge(key, [record])) - {"offer_declaration_unproven"}
        assert told == ({code} if code else set())

    def test_papers_and_the_bureau_help_together_only(self, key: str, make: Any, day: date) -> None:
        official = replace(OFFICIAL, paper="announcement", identified=True)
        late = make(1, recorded_on=day + timedelta(days=91), evidence=(official,))
        assert against(judge(key, [late])) == {"recorded_late_unconfirmed"}
        said = replace(late, confirmations=BOTH[1:])
        [atom] = judge(key, [said])
        assert atom.strict and "recorded_late_accepted" in {
            each.code for each in atom.reasons if each.effect == "flagged"
        }

    def test_without_the_day_of_recording_nothing_is_proven(self, key: str, make: Any, day: date) -> None:
        assert against(judge(key, [make(1, recorded_on=None)])) == {"recording_undated"}


OFFICIAL = EvidenceFact(digest="official", paper="register_extract")


@pytest.mark.parametrize(("record", "happened"), [(deal(1), SIGNED), (licence(1), licence(1).reached_on)])
class TestLate:
    @staticmethod
    def late(record: Record, happened: Any, days: int, **changes: Any) -> Record:
        moved = at(happened + timedelta(days=days))
        said = (confirmation(at=moved), confirmation(9, 90, "reviewer", second_factor=True, at=moved))
        return replace(record, recorded_at=moved, confirmations=said, **changes)

    @pytest.mark.parametrize(("days", "flagged"), [(89, False), (90, False), (91, True)])
    def test_with_file_and_the_bureaus_word_it_counts_and_stays_flagged(
        self, record: Record, happened: Any, days: int, flagged: bool
    ) -> None:
        late = self.late(record, happened, days)
        assert strict(judge(told_by(record), [late])) == 1
        assert ("recorded_late_accepted" in flags(late)) is flagged
        assert ("recorded_in_time" in speaking_for(judge(told_by(record), [late]))) is not flagged

    def test_a_number_alone_does_not_help(self, record: Record, happened: Any) -> None:
        official = {"conformity_notice", "filing_certificate"}
        papers = tuple(each for each in record.evidence if each.paper not in official)
        late = self.late(record, happened, 91, evidence=papers)
        assert "recorded_late" in against(judge(told_by(record), [late]))
        assert "recorded_late" not in against(judge(told_by(record), [replace(late, evidence=(*papers, OFFICIAL))]))

    def test_the_bureau_must_have_said_so(self, record: Record, happened: Any) -> None:
        late = self.late(record, happened, 91)
        unsaid = replace(late, confirmations=late.confirmations[:1])
        assert "recorded_late_unconfirmed" in against(judge(told_by(record), [unsaid]))
        rejected = replace(late.confirmations[1], decision="rejected")
        said_no = replace(late, confirmations=(late.confirmations[0], rejected))
        assert "recorded_late_unconfirmed" in against(judge(told_by(record), [said_no]))
