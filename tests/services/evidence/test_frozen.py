"""What was confirmed is frozen: any later change, through whatever door, takes the word out of force until it is said
again, and a count of the past keeps what held on its day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Confirmation, LogEntry
from matchhub.errors import Conflict, Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.deals.correcting import DealCorrection, correct_deal
from matchhub.services.deals.payments import pay
from matchhub.services.deals.recording import record_deal
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.auditing import audit_base
from matchhub.services.evidence.checking import check_evidence
from matchhub.services.evidence.confirmations import confirm, withdraw_confirmation
from matchhub.services.evidence.files import place_of, store_evidence, withdraw_evidence
from matchhub.services.imports.merging import merge_records
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.kernel.frozen import content_of, digest_of
from matchhub.services.records.page import record_view
from tests.papers import letter
from tests.services.desk_base import Base, code, deal, firm, number, patent

BUYER = firm(1).name


def act(base: Base, by: str, verb: Any, *values: Any, **named: Any) -> Any:
    with base.runtime.unit(base.people[by]) as unit:
        return verb(unit, *values, **named)


@pytest.fixture
def confirmed(base: Base) -> Base:
    """One deal that operator and bureau have confirmed, with contract, payment and registration on record."""
    base.take("patents", patent(1), patent(2), patent(3))
    base.take("enterprises", firm(1), firm(2), firm(3, uscc=None, categories=()))
    base.later(8)
    assert act(base, "clerk", record_deal, deal(1)) == 1
    act(base, "clerk", store_evidence, "deals", 1, "contract", "contract.eml", letter("contract"))
    act(base, "clerk", take_step, 1, "registered", date(2024, 3, 11), "变更1")
    act(base, "clerk", pay, 1, date(2024, 3, 12), Decimal(40_000), "凭证1")
    base.later()
    say(base)
    base.later()
    return base


def say(base: Base) -> None:
    act(base, "operator", confirm, "deals", 1)
    act(base, "reviewer", confirm, "deals", 1, second_factor=True)


def codes(base: Base, known_at: datetime | None = None) -> set[str]:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        asked = replace(question(unit, date(2025, 12, 31)), known_at=known_at)
        return {reason.code for reason in explain_record(unit, "deals", 1, asked).reasons}


def lapses(base: Base) -> list[tuple[datetime | None, set[str]]]:
    """When each word went out of force, and the fields that changed."""
    with base.runtime.unit(write=False) as unit:
        rows = unit.session.execute(select(Confirmation).order_by(Confirmation.id)).scalars()
        return [(row.lapsed_at, {each["field"] for each in row.lapse or ()}) for row in rows]


def by_form(base: Base) -> None:
    act(base, "clerk", correct_deal, 1, DealCorrection(amount_yuan=Decimal(9_999_999)), "录入有误")


def by_day(base: Base) -> None:
    act(base, "clerk", correct_deal, 1, DealCorrection(signed_on=date(2024, 3, 5)), "录入有误")


def by_import(base: Base) -> None:
    base.take("deals", deal(1, amount_yuan=Decimal(9_999_999)))


def by_patent(base: Base) -> None:
    base.take("deals", deal(1, application_numbers=(number(2),)))


def by_merged_firm(base: Base) -> None:
    act(base, "clerk", merge_records, "enterprises", 2, 1)


def by_payment(base: Base) -> None:
    act(base, "clerk", pay, 1, date(2024, 3, 13), Decimal(10_000), "凭证2")


def by_evidence(base: Base) -> None:
    act(base, "clerk", store_evidence, "deals", 1, "other", "more.eml", letter("more"))


def by_withdrawal(base: Base) -> None:
    act(base, "clerk", withdraw_evidence, 1, "错了")


def by_damage(base: Base) -> None:
    with base.runtime.unit() as unit:
        (sha256,) = {paper[5] for paper in content_of(unit, "deals", 1)["evidence"]}
        place_of(unit.home, sha256).write_bytes(b"another")
    with base.runtime.unit() as unit:
        check_evidence(unit)


DOORS: dict[Callable[[Base], None], str] = {
    by_form: "amount_yuan", by_day: "signed_on", by_import: "amount_yuan", by_patent: "patents",
    by_merged_firm: "parties", by_payment: "payments", by_evidence: "evidence", by_withdrawal: "evidence",
    by_damage: "evidence",
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_whatever_changes_a_confirmed_deal_takes_the_words_out_of_force(
    confirmed: Base, door: Callable[[Base], None]
) -> None:
    before = confirmed.clock()
    assert "deal_confirmed" in codes(confirmed)
    confirmed.later()
    door(confirmed)
    assert "confirmation_lapsed" in codes(confirmed)
    assert "deal_confirmed" in codes(confirmed, known_at=before)  # on that day it was confirmed, and stays so
    for lapsed_at, fields in lapses(confirmed):
        assert lapsed_at == confirmed.clock()
        assert DOORS[door] in fields
    confirmed.later()
    say(confirmed)
    assert "deal_confirmed" in codes(confirmed)


def test_before_and_after_stand_on_the_page_and_in_the_chain(confirmed: Base) -> None:
    by_form(confirmed)
    with confirmed.runtime.unit(confirmed.people["reviewer"], write=False) as unit:
        (first, _) = record_view(unit, "deals", 1).words
        (change,) = first.changes
        assert (change.field, change.before, change.after) == ("amount_yuan", Decimal(80_000), Decimal(9_999_999))
        verbs = unit.session.execute(select(LogEntry.verb)).scalars().all()
    assert verbs.count("record.confirmation_lapsed") == 2
    with confirmed.runtime.unit() as unit:
        assert audit_base(unit).valid
    with confirmed.runtime.unit() as unit:  # by hand, past all doors
        unit.session.connection().exec_driver_sql("UPDATE confirmations SET lapsed_at = NULL")
    with confirmed.runtime.unit() as unit:
        assert {fault.table for fault in audit_base(unit).faults} == {"confirmations"}


def test_what_was_changed_and_changed_back_must_be_said_again(confirmed: Base) -> None:
    by_form(confirmed)
    act(confirmed, "clerk", correct_deal, 1, DealCorrection(amount_yuan=Decimal(80_000)), "改回")
    assert "confirmation_lapsed" in codes(confirmed)


def test_what_says_nothing_new_leaves_the_words_in_force(confirmed: Base) -> None:
    confirmed.take("deals", deal(1, contract_number="ＨＴ２０２４０１"))
    act(confirmed, "clerk", take_step, 1, "implemented", date(2024, 3, 12))
    assert "deal_confirmed" in codes(confirmed)


def test_a_batch_taken_back_brings_no_word_back(confirmed: Base) -> None:
    result = confirmed.take("deals", deal(1, amount_yuan=Decimal(90_000)))
    act(confirmed, "clerk", undo_batch, result.batch_id, "错文件")
    assert "confirmation_lapsed" in codes(confirmed)


def test_a_change_takes_no_rejection_from_a_record(confirmed: Base) -> None:
    act(confirmed, "reviewer", confirm, "deals", 1, "rejected", "金额不符")
    by_form(confirmed)
    assert "record_rejected" in codes(confirmed)


def test_nobody_confirms_what_changed_behind_the_page(confirmed: Base) -> None:
    with confirmed.runtime.unit(write=False) as unit:
        seen = digest_of(content_of(unit, "deals", 1))
    by_form(confirmed)
    with pytest.raises(Conflict, match="confirmed_unseen"):
        act(confirmed, "reviewer", confirm, "deals", 1, second_factor=True, seen=seen)


def test_a_word_is_taken_back_with_a_reason(confirmed: Base) -> None:
    with pytest.raises(Refusal, match="note_missing"):
        act(confirmed, "reviewer", withdraw_confirmation, 2, " ")
    act(confirmed, "reviewer", withdraw_confirmation, 2, "材料不全")
    assert "confirmation_missing" in codes(confirmed)
    assert "deal_confirmed" in codes(confirmed, known_at=confirmed.clock() - timedelta(minutes=1))


def test_personal_data_stand_in_no_content(confirmed: Base) -> None:
    confirmed.take("enterprises", firm(2, contact_phone="13900000001", contact_name="王五"))
    with confirmed.runtime.unit(write=False) as unit:
        content = content_of(unit, "enterprises", 2)
    assert content["contact_phone"] is True
    assert code(2) in str(content)
    assert "1390000" not in str(content)
