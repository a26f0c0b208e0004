"""Deals from files: a row meets the rules of the pages; what breaks one is held or told, and every row is accounted for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Deal, DealEvent, DealPayment, LogEntry, ReviewItem, Revision
from matchhub.domain.records import StatusClaim
from matchhub.errors import Conflict, Refusal
from matchhub.services.deals.cancelling import cancel_deal
from matchhub.services.deals.correcting import DealCorrection, correct_deal
from matchhub.services.deals.recording import record_deal
from matchhub.services.deals.stages import stage_of_deal
from matchhub.services.imports.batch import ImportResult
from matchhub.services.imports.review_queue import retry_review
from matchhub.services.imports.undoing import undo_batch
from tests.services.desk_base import Base, deal, firm, number, patent

SIGNED = date(2024, 3, 1)


@pytest.fixture
def market(base: Base) -> Base:
    """Two patents and a firm, on 2024-03-12."""
    base.take("patents", patent(1), patent(2))
    base.take("enterprises", firm(1))
    base.later(8)
    return base


def whole(result: ImportResult) -> dict[str, int]:
    """The sums that are not zero; together they must be what was read."""
    sums = dict(result.sums)
    read = sums.pop("read")
    assert read == sum(sums.values())
    return {name: count for name, count in sums.items() if count}


def codes(result: ImportResult) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in result.problems]


def rows(base: Base, table: Any) -> list[Any]:
    with base.runtime.unit(write=False) as unit:
        found = list(unit.session.execute(select(table).order_by(table.id)).scalars())
        unit.session.expunge_all()
    return found


BEFORE = date(2024, 2, 29)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"registered_on": BEFORE, "register_number": "变更1"}, "deal_registered_before_signing"),
        ({"registered_on": SIGNED}, "register_number_missing"),
        ({"registered_on": date(2024, 3, 13), "register_number": "变更1"}, "deal_day_in_future"),
        ({"signed_on": date(2024, 3, 13)}, "deal_day_in_future"),
        ({"paid_on": date(2024, 3, 13), "paid_yuan": Decimal(1), "payment_proof": "V1"}, "day_to_come"),
        ({"paid_on": SIGNED, "paid_yuan": Decimal(0), "payment_proof": "V1"}, "amount_not_positive"),
        ({"buyer_name": "晋水理工学院", "buyer_uscc": None}, "parties_identical"),
        ({"seller_name": "别的学院"}, "deal_seller_not_owner"),
    ],
)
def test_a_row_that_breaks_a_rule_is_held_with_its_code_and_nothing_of_it_recorded(
    market: Base, fault: dict[str, Any], code: str
) -> None:
    result = market.take("deals", deal(1, **fault), deal(2))
    assert whole(result) == {"review": 1, "created": 1}
    assert (code, "review") in codes(result)
    assert [row.contract_number for row in rows(market, Deal)] == ["HT-2"]
    assert [item.code for item in rows(market, ReviewItem)] == [codes(result)[0][0]]


def test_the_same_fault_is_refused_with_its_code_where_somebody_types_it(market: Base) -> None:
    wrong = deal(1, registered_on=BEFORE, register_number="变更1")
    with (
        pytest.raises(Refusal, match="deal_registered_before_signing"),
        market.runtime.unit(market.people["clerk"]) as unit,
    ):
        record_deal(unit, wrong)
    assert rows(market, Deal) == []


def test_a_patent_that_was_dead_at_signing_holds_the_row_until_the_base_knows_better(market: Base) -> None:
    dead = StatusClaim("dead", "fee_lapsed", "终止", date(2024, 2, 1))
    market.take("patents", patent(1, status=dead))
    assert codes(market.take("deals", deal(1))) == [("deal_patent_dead", "review")]
    (held,) = rows(market, ReviewItem)
    with pytest.raises(Refusal, match="deal_patent_dead"), market.runtime.unit(market.people["operator"]) as unit:
        retry_review(unit, held.id)
    market.take("patents", patent(1, status=StatusClaim("in_force", "restored", "恢复", date(2024, 2, 15))))
    with market.runtime.unit(market.people["operator"]) as unit:
        assert retry_review(unit, held.id) == 1


def test_an_old_contract_comes_with_its_stages_in_order_and_their_own_days(market: Base) -> None:
    old = deal(1, signed_on=date(2023, 5, 1), registered_on=date(2023, 6, 1), register_number="变更1",
               contract_register_number="2023350500001234", paid_on=date(2023, 7, 1), paid_yuan=Decimal(80000),
               payment_proof="V1")  # fmt: skip
    result = market.take("deals", old)
    assert (whole(result), codes(result)) == ({"created": 1}, [])
    events = [(row.event, row.occurred_on, row.number) for row in rows(market, DealEvent)]
    assert events == [("signed", date(2023, 5, 1), "HT-1"), ("TR01", date(2023, 6, 1), "变更1")]
    with market.runtime.unit(write=False) as unit:
        assert stage_of_deal(unit, 1) == "paid"
    assert whole(market.take("deals", replace(old, amount_yuan=None))) == {"unchanged": 1}


def test_stages_may_come_one_after_the_other_in_later_files(market: Base) -> None:
    market.take("deals", deal(1))
    later = market.take("deals", deal(1, registered_on=date(2024, 3, 5), register_number="变更1"))
    assert (whole(later), codes(later)) == ({"updated": 1}, [])
    early = market.take("deals", deal(1, registered_on=BEFORE, register_number="变更2"))
    assert (whole(early), codes(early)) == ({"review": 1}, [("deal_registered_before_signing", "review")])


def test_a_payment_without_proof_is_kept_as_a_claim_and_told(market: Base) -> None:
    claim = deal(1, paid_on=SIGNED, paid_yuan=Decimal(80000))
    result = market.take("deals", claim)
    assert (whole(result), codes(result)) == ({"created": 1}, [("payment_unproven", "warning")])
    assert [row.proof for row in rows(market, DealPayment)] == [None]
    with pytest.raises(Refusal, match="payment_unproven"), market.runtime.unit(market.people["clerk"]) as unit:
        record_deal(unit, deal(2, paid_on=SIGNED, paid_yuan=Decimal(80000)))


def test_an_entry_of_the_register_that_the_deal_does_not_want_is_kept_and_told(market: Base) -> None:
    result = market.take("deals", deal(1, register_event="EE01", registered_on=SIGNED, register_number="X1"))
    assert codes(result) == [("deal_register_event_wrong", "warning")]
    assert [row.event for row in rows(market, DealEvent)] == ["signed", "EE01"]


def test_a_number_serves_one_deal_and_the_row_that_takes_it_again_is_held(market: Base) -> None:
    market.take("deals", deal(1, registered_on=SIGNED, register_number="变更1"))
    result = market.take("deals", deal(2, registered_on=SIGNED, register_number="变更1"))
    assert codes(result) == [("deal_number_in_use", "review")]


def test_nothing_goes_on_after_a_cancellation(market: Base) -> None:
    market.take("deals", deal(1))
    with market.runtime.unit(market.people["clerk"]) as unit:
        cancel_deal(unit, 1, date(2024, 3, 12), "协议解除")
    result = market.take("deals", deal(1, registered_on=date(2024, 3, 5), register_number="变更1"))
    assert codes(result) == [("deal_step_not_allowed", "review")]


def test_several_rows_of_one_contract_are_one_deal_and_a_row_may_only_add_a_patent(market: Base) -> None:
    result = market.take("deals", deal(1), deal(1, application_numbers=(number(2),)))
    assert (whole(result), codes(result)) == ({"created": 1, "updated": 1}, [])


def test_other_values_for_a_known_contract_are_a_correction_with_before_and_after(market: Base) -> None:
    market.take("deals", deal(1))
    result = market.take("deals", deal(1, amount_yuan=Decimal(90000)))
    assert (whole(result), codes(result)) == ({"updated": 1}, [("deal_corrected", "warning")])
    told = result.problems[0]
    assert (told.column, told.value) == ("amount_yuan", "80000 → 90000")
    last = [row for row in rows(market, Revision) if row.kind == "deals"][-1]
    assert last.fields["amount_yuan"] == "90000"
    assert last.fields["corrected_from"]["amount_yuan"].startswith("80000")
    assert last.fields["correction_reason"] == "deals.csv:2"
    assert "deal.corrected" in [entry.verb for entry in rows(market, LogEntry)]
    assert rows(market, Deal)[0].amount_yuan == 90000


def test_a_correction_that_breaks_a_rule_is_held_and_the_contract_stays_as_it_was(market: Base) -> None:
    market.take("deals", deal(1, registered_on=SIGNED, register_number="变更1"))
    result = market.take("deals", deal(1, signed_on=date(2024, 3, 2), registered_on=SIGNED, register_number="变更1"))
    assert codes(result) == [("deal_registered_before_signing", "review")]
    assert rows(market, Deal)[0].signed_on == SIGNED


def test_a_file_that_was_read_before_corrects_nothing(market: Base) -> None:
    first = deal(1)
    market.take("deals", first)
    market.take("deals", deal(1, amount_yuan=Decimal(90000)))
    result = market.take("deals", first)
    assert (whole(result), codes(result)) == ({"unchanged": 1}, [])
    assert rows(market, Deal)[0].amount_yuan == 90000


def test_what_is_typed_again_with_other_values_is_no_correction(market: Base) -> None:
    market.take("deals", deal(1))
    with pytest.raises(Refusal, match="deal_known_otherwise"), market.runtime.unit(market.people["clerk"]) as unit:
        record_deal(unit, deal(1, amount_yuan=Decimal(90000)))
    with pytest.raises(Conflict, match="recorded_already"), market.runtime.unit(market.people["clerk"]) as unit:
        record_deal(unit, deal(1))


def test_a_number_that_was_corrected_belongs_to_the_next_contract_that_bears_it(market: Base) -> None:
    market.take("deals", deal(1))
    with market.runtime.unit(market.people["clerk"]) as unit:
        correct_deal(unit, 1, DealCorrection(contract_number="HT-1A"), "合同编号录错")
    result = market.take("deals", deal(1, application_numbers=(number(2),)))
    assert (whole(result), codes(result)) == ({"created": 1}, [])
    assert [row.contract_number for row in rows(market, Deal)] == ["HT-1A", "HT-1"]


def test_a_correction_by_a_file_is_taken_back_with_its_batch(market: Base) -> None:
    market.take("deals", deal(1))
    later = market.take("deals", deal(1, amount_yuan=Decimal(90000), signed_on=date(2024, 3, 2)))
    assert [problem.column for problem in later.problems] == ["signed_on", "amount_yuan"]
    assert later.batch_id is not None
    with market.runtime.unit(market.people["operator"]) as unit:
        undo_batch(unit, later.batch_id, "错误的文件")
    (known,) = rows(market, Deal)
    assert (known.amount_yuan, known.signed_on) == (80000, SIGNED)
