"""Payments stay within the contract, on pages, in rows and in corrections, unless the bureau allowed a higher total."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyotp
import pytest

from matchhub.db.tables import LogEntry, PaymentAllowance, SecondFactor
from matchhub.domain.records import DealRecord, LicenceRecord, Row, Source
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts import second_factor
from matchhub.services.deals.correcting import DealCorrection, correct_deal
from matchhub.services.deals.payments import pay
from matchhub.services.deals.recorder import DealRecorder
from matchhub.services.deals.recording import record_deal
from matchhub.services.evidence.allowances import allow_payments, payable_view
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.accepting import record_filing, record_payment
from matchhub.services.licensing.recorders import LicenceRecorder
from matchhub.services.notices.notices import own_notices
from tests.domain.factories import number
from tests.services.licensing.test_licensing import accepted, declared
from tests.services.small_city import COLLEGE, SHOES, TODAY, UMBRELLAS, City

CONTRACT = DealRecord(
    Source("form", 1),
    contract_number="HT-1",
    deal_type="ordinary_licence",
    application_numbers=(number(1),),
    seller_name=COLLEGE,
    buyer_name=SHOES,
    signed_on=TODAY,
    amount_yuan=Decimal(100_000),
)
PAID = replace(CONTRACT, source=Source("ledger", 1), paid_on=TODAY, paid_yuan=Decimal(900_000), payment_proof="凭证 1")


@pytest.fixture
def deal(city: City) -> int:
    with city.unit("operator") as unit:
        return record_deal(unit, CONTRACT)


@pytest.fixture
def phone(city: City) -> pyotp.TOTP:
    with city.unit("reviewer") as unit:
        row = SecondFactor(account_id=unit.actor.account_id, salt="ab" * 16, started_at=unit.now)
        unit.session.add(row)
        unit.session.flush()
        found = pyotp.TOTP(second_factor.fresh_secret(unit))
        row.switched_on_at = unit.now
    return found


def allow(city: City, kind: str, record_id: int, yuan: int, phone: pyotp.TOTP | None, reason: str = "补充协议") -> None:
    city.clock.forward(seconds=60)
    with city.unit("reviewer") as unit:
        code = phone.at(city.clock.now) if phone else ""
        allow_payments(unit, kind, record_id, Decimal(yuan), reason, code)


def paid(city: City, deal: int, yuan: int, voucher: str) -> None:
    with city.unit("operator") as unit:
        pay(unit, deal, unit.today, Decimal(yuan), voucher)


def row_says(unit: Unit, record: DealRecord) -> tuple[str, list[str]]:
    (outcome,) = DealRecorder(unit, None).record([Row(record.source, record)])
    return outcome.verdict, [problem.code for problem in outcome.problems]


def test_after_the_bureau_s_word_payments_may_reach_the_total_it_named(
    city: City, deal: int, phone: pyotp.TOTP
) -> None:
    with pytest.raises(Conflict, match="payment_exceeds_contract"):
        paid(city, deal, 100_001, "1")
    allow(city, "deals", deal, 130_000, phone)
    paid(city, deal, 100_001, "1")
    with pytest.raises(Conflict, match="payment_exceeds_contract"):
        paid(city, deal, 30_000, "2")
    paid(city, deal, 29_999, "2")
    with city.unit("operator") as unit:
        assert "notice_payment_allowed" in [each.code for each in own_notices(unit)]
        shown = payable_view(unit, "deals", deal)
        assert shown is not None and (shown.allowed_yuan, shown.reason) == (130_000, "补充协议")
        row = unit.session.get_one(PaymentAllowance, 1)
        assert row.recorded_by == city.actors["reviewer"].account_id
        entry = unit.session.query(LogEntry).filter_by(verb="payment.allowed").one()
        assert (entry.subject_kind, entry.subject_id) == ("deals", deal)


@pytest.mark.parametrize(
    ("yuan", "reason", "with_code", "code"),
    [(100_000, "补充协议", True, "allowance_not_above"), (130_000, " ", True, "note_missing"),
     (130_000, "补充协议", False, "second_factor_missing")],
)  # fmt: skip
def test_the_word_needs_a_higher_total_a_reason_and_a_code(
    city: City, deal: int, phone: pyotp.TOTP, yuan: int, reason: str, with_code: bool, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        allow(city, "deals", deal, yuan, phone if with_code else None, reason)


def test_only_the_bureau_gives_it_and_only_for_what_is_paid(city: City, deal: int, phone: pyotp.TOTP) -> None:
    for who in ("operator", "shoes"):
        with pytest.raises(NotAllowed), city.unit(who) as unit:
            allow_payments(unit, "deals", deal, Decimal(130_000), "补充协议", "")
    for kind, record_id in (("patents", 1), ("deals", 99), ("licences", 99)):
        with pytest.raises(NotFound):
            allow(city, kind, record_id, 130_000, phone)
    with city.unit("operator") as unit:
        other = record_deal(
            unit, replace(CONTRACT, contract_number="HT-2", amount_yuan=None, application_numbers=(number(2),))
        )
    with pytest.raises(Refusal, match="allowance_without_contract"):
        allow(city, "deals", other, 130_000, phone)


def test_a_row_beyond_the_contract_waits_until_the_word_is_given(city: City, deal: int, phone: pyotp.TOTP) -> None:
    with city.unit() as unit:
        assert row_says(unit, PAID) == ("review", ["payment_exceeds_contract"])
        assert row_says(unit, replace(PAID, contract_number="HT-3")) == ("review", ["payment_exceeds_contract"])
    allow(city, "deals", deal, 900_000, phone)
    with city.unit() as unit:
        assert row_says(unit, PAID) == ("updated", [])


def test_a_contract_is_not_corrected_below_what_was_paid(city: City, deal: int) -> None:
    paid(city, deal, 80_000, "1")
    for yuan, refused in ((79_999, True), (80_000, False)):
        with city.unit("operator") as unit:
            if refused:
                with pytest.raises(Conflict, match="payment_exceeds_contract"):
                    correct_deal(unit, deal, DealCorrection(amount_yuan=Decimal(yuan)), "笔误")
                row = replace(CONTRACT, source=Source("list", 1), amount_yuan=Decimal(yuan))
                assert row_says(unit, row) == ("review", ["payment_exceeds_contract"])
            else:
                correct_deal(unit, deal, DealCorrection(amount_yuan=Decimal(yuan)), "笔误")


def test_a_voucher_entered_on_one_page_is_known_to_rows_and_other_pages(city: City, deal: int) -> None:
    licence = accepted(city, declared(city))
    with city.unit("shoes") as unit:
        record_payment(unit, licence, unit.today, Decimal(20_000), "V-7")
    row = replace(PAID, paid_yuan=Decimal(1000), payment_proof="回单号：v 7")
    with city.unit("operator") as unit:
        assert row_says(unit, row) == ("review", ["voucher_in_use"])
        with pytest.raises(Conflict, match="voucher_in_use"):
            record_deal(unit, replace(row, source=Source("form", 1)))
        both = [Row(Source("ledger", at), replace(row, source=Source("ledger", at), payment_proof="9", paid_on=day))
                for at, day in ((1, TODAY), (2, date(2025, 6, 1)))]  # fmt: skip
        unsigned = [replace(each, record=replace(each.record, signed_on=None)) for each in both]  # type: ignore[type-var]
        told = DealRecorder(unit, None).record(unsigned)
        assert [outcome.verdict for outcome in told] == ["updated", "review"]


def test_a_row_about_a_licence_meets_the_rules_of_its_page(city: City, phone: pyotp.TOTP) -> None:
    offer = declared(city)
    first, second = accepted(city, offer), accepted(city, offer, "umbrellas")
    with city.unit("operator") as unit:
        record_payment(unit, first, unit.today, Decimal(20_000), "V-7")
        record_filing(unit, first, unit.today, "备案 1")
    record = LicenceRecord(
        Source("list", 1), number(2), UMBRELLAS, licensor_name=COLLEGE, notified_on=TODAY, paid_on=TODAY
    )

    def told(**said: object) -> tuple[str, list[str]]:
        with city.unit() as unit:
            given = replace(record, **said)  # type: ignore[arg-type]
            (outcome,) = LicenceRecorder(unit, None).record([Row(given.source, given)])
            return outcome.verdict, [problem.code for problem in outcome.problems]

    more = Decimal(20_001)
    assert told(paid_yuan=Decimal(20_000), payment_proof="v 7") == ("review", ["voucher_in_use"])
    assert told(filing_number="备案 1") == ("review", ["filing_number_in_use"])
    assert told(paid_yuan=more) == ("review", ["payment_exceeds_fee"])
    with pytest.raises(Conflict, match="payment_exceeds_fee"), city.unit("umbrellas") as unit:
        record_payment(unit, second, unit.today, more, "9")
    allow(city, "licences", second, 30_000, phone)
    with city.unit("umbrellas") as unit:
        record_payment(unit, second, unit.today, more, "9")
