"""One paper for two records: the same scan with a byte more or saved again is proposed, and one record counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageFilter
from sqlalchemy import select

from matchhub.db.tables import EvidenceFile, EvidenceRepetition
from matchhub.domain.papers import MOST_BITS_APART, Paper, bits_apart
from matchhub.domain.records import Row
from matchhub.errors import Conflict, NotAllowed, Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.deals.payments import pay
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.evidence.files import store_evidence, withdraw_evidence
from matchhub.services.evidence.pictures import look_at
from matchhub.services.evidence.repetitions import decide_repetition, open_repetitions
from matchhub.services.facts.repetitions import repeated_papers
from matchhub.services.imports.batch import import_rows
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.records.trail import evidence_views
from matchhub.services.worklists.evidence import list_repetitions
from tests.papers import letter, saved, scan, slip
from tests.services.desk_base import Base, deal, firm, number, patent

ONE = slip("one")
AGAIN: dict[str, Callable[[Image.Image], bytes]] = {
    "a byte more": lambda picture: saved(picture) + b"\0",
    "another form": lambda picture: saved(picture, "JPEG", quality=60),
    "from a telephone": lambda picture: saved(picture, "HEIF", quality=60),
    "in a pdf": lambda picture: saved(picture, "PDF"),
    "smaller": lambda picture: saved(picture.resize((640, 453))),
    "grey": lambda picture: saved(picture.convert("L")),
    "darker": lambda picture: saved(ImageEnhance.Brightness(picture).enhance(0.85)),
    "blurred": lambda picture: saved(picture.filter(ImageFilter.GaussianBlur(1))),
}


@pytest.fixture
def two(base: Base) -> Base:
    """Two deals of two contracts."""
    base.take("patents", patent(1), patent(2))
    base.take("enterprises", firm(1))
    base.later(8)
    base.take("deals", deal(1), deal(2, application_numbers=(number(2),)))
    return base


def keep(base: Base, of: int, content: bytes, paper: Paper | None = None) -> int:
    with base.runtime.unit(base.people["clerk"]) as unit:
        return store_evidence(unit, "deals", of, "payment_proof", "回单.png", content, paper)


def waiting(base: Base) -> list[tuple[int, int, str]]:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return [(each.first.id, each.second.id, each.sign) for each in list_repetitions(unit).items]


def decide(base: Base, by: str, decision: str, note: str = "") -> None:
    with base.runtime.unit(base.people[by]) as unit:
        decide_repetition(unit, 1, decision, note)


def codes(base: Base, record_id: int) -> set[str]:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        found = explain_record(unit, "deals", record_id, question(unit, date(2025, 12, 31)))
    return {reason.code for reason in found.reasons}


@pytest.mark.parametrize("how", AGAIN)
def test_the_same_picture_saved_again_is_the_same_picture(how: str) -> None:
    first, again = look_at(saved(ONE)).picture_hash, look_at(AGAIN[how](ONE)).picture_hash
    assert bits_apart(first or "0", again or "0") <= MOST_BITS_APART


def test_slips_of_one_form_with_other_values_are_other_pictures() -> None:
    hashes = [look_at(scan(f"slip {number}")).picture_hash or "0" for number in range(12)]
    apart = [bits_apart(one, other) for at, one in enumerate(hashes) for other in hashes[:at]]
    assert min(apart) > MOST_BITS_APART


def test_the_same_scan_plus_a_byte_is_kept_proposed_and_told_on_both_records(two: Base) -> None:
    first = keep(two, 1, saved(ONE))
    second = keep(two, 2, saved(ONE) + b"\0")
    keep(two, 2, scan("another"))
    assert waiting(two) == [(first, second, "picture")]
    with two.runtime.unit(two.people["reviewer"], write=False) as unit:
        assert open_repetitions(unit) == 1
        assert [view.in_doubt for view in evidence_views(unit, "deals", 2)] == [True, False]
        assert [view.in_doubt for view in evidence_views(unit, "deals", 1)] == [True]
        assert audit_base(unit).valid


def test_the_same_bytes_are_refused_and_two_scans_for_one_record_are_no_repetition(two: Base) -> None:
    keep(two, 1, saved(ONE))
    with pytest.raises(Conflict, match="evidence_used_elsewhere"):
        keep(two, 2, saved(ONE))
    keep(two, 1, saved(ONE, "JPEG"))
    assert waiting(two) == []


def test_the_licence_of_a_firm_lies_with_each_of_its_contracts_and_is_never_another_paper(two: Base) -> None:
    licence = Paper("code_certificate", "登记机关", "91350582MA2YB4H50K")
    keep(two, 1, saved(ONE), licence)
    keep(two, 2, saved(ONE), licence)
    assert waiting(two) == []
    keep(two, 1, letter("licence"), licence)
    with pytest.raises(Conflict, match="evidence_used_elsewhere"):
        keep(two, 2, letter("licence"), Paper("invoice"))


@pytest.mark.parametrize(
    ("paper", "other", "alike"),
    [
        (Paper("invoice", "税务局", "No. 2024-001"), Paper("invoice", "税务局", "２０２４００１"), True),
        (Paper("invoice", "甲大学", "2024-001"), Paper("invoice", "乙大学", "2024001"), True),
        (Paper("invoice", "税务局", "2024-001"), Paper("contract", "税务局", "2024-001"), False),
        (Paper("invoice", "税务局", "2024-001"), Paper("invoice", "税务局", "2024-002"), False),
        (Paper("invoice"), Paper("invoice"), False),
    ],
    ids=["one issuer", "two issuers", "two kinds", "two numbers", "no number"],
)
def test_equal_numbers_of_one_kind_wait_for_a_person(two: Base, paper: Paper, other: Paper, alike: bool) -> None:
    keep(two, 1, letter("one"), paper)
    keep(two, 2, letter("two"), other)
    assert [sign for _, _, sign in waiting(two)] == (["number"] if alike else [])


def paid_with_the_same_scan(base: Base) -> None:
    for of, content in ((1, saved(ONE)), (2, saved(ONE, "JPEG"))):
        proof = keep(base, of, content)
        with base.runtime.unit(base.people["clerk"]) as unit:
            pay(unit, of, date(2024, 3, 12), Decimal(1), evidence_id=proof)


def repeats(base: Base, moment: Moment | None = None) -> set[tuple[str, int]]:
    with base.runtime.unit(write=False) as unit:
        return set(repeated_papers(unit, moment or Moment()))


def test_both_records_are_flagged_until_somebody_decides_and_the_past_stays(two: Base) -> None:
    before = two.runtime.clock()
    two.later()
    paid_with_the_same_scan(two)
    two.later()
    between = two.runtime.clock()
    two.later()
    both = {("deals", 1), ("deals", 2)}
    assert repeats(two) == both and repeats(two, Moment(before)) == set()
    decide(two, "reviewer", "different", "金额和日期不同")
    assert repeats(two) == set() and repeats(two, Moment(between)) == both
    assert waiting(two) == []


def test_found_to_be_the_same_paper_it_stays_out_until_the_file_is_withdrawn(two: Base) -> None:
    paid_with_the_same_scan(two)
    decide(two, "operator", "same")
    assert len(repeats(two)) == 2
    with two.runtime.unit(two.people["operator"]) as unit:
        withdraw_evidence(unit, 2, "同一份回单")
    assert repeats(two) == set()


def test_the_operator_who_earns_by_the_count_may_not_say_that_they_are_two(two: Base) -> None:
    paid_with_the_same_scan(two)
    with pytest.raises(NotAllowed):
        decide(two, "operator", "different", "不同")
    with pytest.raises(NotAllowed):
        decide(two, "auditor", "same")
    with pytest.raises(Refusal, match="note_missing"):
        decide(two, "reviewer", "different", " ")
    with pytest.raises(Refusal, match="decision_unknown"):
        decide(two, "reviewer", "perhaps")
    decide(two, "reviewer", "different", "两笔付款")
    with pytest.raises(NotAllowed):
        decide(two, "operator", "same")  # what the bureau decided the bureau alone takes back
    with pytest.raises(Conflict, match="recorded_already"):
        decide(two, "reviewer", "different", "两笔付款")


def test_vouchers_of_two_banks_with_one_number_wait_for_a_person_and_of_one_bank_are_refused(two: Base) -> None:
    def paid(of: int, content: bytes, issuer: str, voucher: str) -> int:
        with two.runtime.unit(two.people["clerk"]) as unit:
            proof = store_evidence(unit, "deals", of, "payment_proof", "回单", content, Paper("bank_slip", issuer))
            return pay(unit, of, date(2024, 3, 12), Decimal(1), voucher, proof)

    paid(1, letter("one"), "中国演示银行晋江支行", "回单 2024-001")
    with pytest.raises(Conflict, match="voucher_in_use"):
        paid(2, letter("two"), "中国演示银行晋江支行", "２０２４００１")
    with pytest.raises(Conflict, match="voucher_in_use"):
        paid(2, letter("two"), "", "2024001")
    assert waiting(two) == []
    paid(2, letter("two"), "演示农商银行", "2024001")
    assert [sign for _, _, sign in waiting(two)] == ["number"]


def test_what_was_said_of_a_paper_is_kept_and_bound(two: Base) -> None:
    said = Paper("filing_certificate", " 国家知识产权局 ", "X2024-1", date(2024, 3, 1))
    keep(two, 1, letter("filed"), said)
    keep(two, 2, letter("bare"))
    with two.runtime.unit(two.people["reviewer"], write=False) as unit:
        (view,) = evidence_views(unit, "deals", 1)
        assert (view.paper_kind, view.issuer, view.number, view.issued_on) == (
            "filing_certificate", "国家知识产权局", "X2024-1", date(2024, 3, 1),
        )  # fmt: skip
        assert evidence_views(unit, "deals", 2)[0].paper_kind == "other"
        assert audit_base(unit).valid
    for column, value in (("paper_kind", "contract"), ("issuer", "x"), ("number", "x"), ("picture_hash", "00")):
        with two.runtime.engine.begin() as connection:
            kept = connection.exec_driver_sql(f"SELECT {column} FROM evidence_files WHERE id = 1").scalar_one()
            connection.exec_driver_sql(f"UPDATE evidence_files SET {column} = '{value}' WHERE id = 1")
        with two.runtime.unit(two.people["reviewer"], write=False) as unit:
            assert [(fault.table, fault.row) for fault in audit_base(unit).faults] == [("evidence_files", 1)]
        with two.runtime.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE evidence_files SET {column} = ? WHERE id = 1", (kept,))


def test_a_decision_changed_by_sql_is_found(two: Base) -> None:
    paid_with_the_same_scan(two)
    with two.runtime.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE evidence_repetitions SET decision = 'different'")
    with two.runtime.unit(two.people["reviewer"], write=False) as unit:
        assert [fault.table for fault in audit_base(unit).faults] == ["evidence_repetitions"]


@pytest.mark.parametrize(
    ("paper", "code"),
    [(Paper("poem"), "evidence_kind_unknown"), (Paper("invoice", issued_on=date(2030, 1, 1)), "paper_day_to_come")],
)
def test_a_paper_of_no_kind_or_of_a_day_to_come_is_refused(two: Base, paper: Paper, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        keep(two, 1, letter("x"), paper)
    assert refused.value.code == code
    with two.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(EvidenceFile)).first() is None
        assert unit.session.execute(select(EvidenceRepetition)).first() is None


def test_on_postgres_two_who_hand_in_one_paper_at_once_do_not_miss_each_other(
    tmp_path: Path, postgres_url: str
) -> None:
    runtime, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    with runtime.unit() as unit:
        import_rows(unit, "patents", [Row(each.source, each) for each in (patent(1), patent(2))])
    both, scans = threading.Barrier(2), (saved(ONE), saved(ONE, "JPEG"))
    for content in scans:
        look_at(content)

    def hand_in(of: int) -> None:
        with runtime.unit() as unit:
            unit.session.execute(select(EvidenceFile)).all()
            both.wait()
            store_evidence(unit, "patents", of, "other", "a", scans[of - 1])

    people = [threading.Thread(target=hand_in, args=(of,)) for of in (1, 2)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    with runtime.unit(write=False) as unit:
        assert unit.session.execute(select(EvidenceRepetition.sign)).scalars().all() == ["picture"]
    runtime.close()
