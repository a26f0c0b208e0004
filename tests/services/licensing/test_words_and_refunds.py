"""Licences under the same rules as deals: frozen once confirmed, known by their filing, refunds, words of both parties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Licence, LogEntry, Revision
from matchhub.domain.records import LicenceRecord, OfferRecord, Source
from matchhub.errors import Conflict
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.licensing.accepting import record_filing, record_refund
from matchhub.services.licensing.recording import record_licence, record_offer
from tests.services.desk_base import Base, code, firm, number, patent

FORM = Source("form", 1)
OFFER = OfferRecord(
    FORM, number(1), "晋水理工学院", "cnipa", announcement_number="公告1", declared_on=date(2024, 3, 1), fee_method="fixed",
    fee_yuan=Decimal(20_000),
)  # fmt: skip
PAID = LicenceRecord(
    FORM, number(1), firm(1).name, code(1), "晋水理工学院", "cnipa", date(2024, 3, 5), date(2024, 3, 6), date(2024, 3, 6),
    Decimal(20_000), "凭证1",
)  # fmt: skip


def act(base: Base, by: str, verb: Any, *values: Any, **named: Any) -> Any:
    with base.runtime.unit(base.people[by]) as unit:
        return verb(unit, *values, **named)


def codes(base: Base) -> set[str]:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return {
            reason.code for reason in explain_record(unit, "licences", 1, question(unit, date(2025, 12, 31))).reasons
        }


@pytest.fixture
def reached(base: Base) -> Base:
    """A licence paid in full, confirmed by operator and bureau."""
    base.take("patents", patent(1))
    base.take("enterprises", firm(1))
    base.later(8)
    act(base, "clerk", record_offer, OFFER)
    assert act(base, "clerk", record_licence, PAID) == 1
    base.later()
    act(base, "operator", confirm, "licences", 1)
    act(base, "reviewer", confirm, "licences", 1, second_factor=True)
    base.later()
    assert "deal_confirmed" in codes(base)
    return base


def test_a_filing_after_the_confirmation_must_be_confirmed_too(reached: Base) -> None:
    act(reached, "clerk", record_filing, 1, date(2024, 3, 12), "BA-1")
    assert "confirmation_lapsed" in codes(reached)


def test_the_declaration_that_a_licence_rests_on_is_frozen_with_it(reached: Base) -> None:
    reached.take("offers", replace(OFFER, fee_yuan=Decimal(10)))
    assert "confirmation_lapsed" in codes(reached)


def test_a_licence_recorded_again_is_corrected_with_before_and_after(reached: Base) -> None:
    reached.take("licences", replace(PAID, paid_yuan=Decimal(15_000)))
    assert {"confirmation_lapsed", "payment_partial"} <= codes(reached)
    with reached.runtime.unit(write=False) as unit:
        last = unit.session.execute(select(Revision).where(Revision.kind == "licences").order_by(Revision.id.desc()))
        assert Decimal(last.scalars().first().fields["corrected_from"]["paid_yuan"]) == 20_000  # type: ignore[union-attr]
        assert "record.corrected" in unit.session.execute(select(LogEntry.verb)).scalars().all()


def test_a_known_filing_is_known_by_its_number_though_the_day_differs(reached: Base) -> None:
    act(reached, "clerk", record_filing, 1, date(2024, 3, 12), "BA-1")
    reached.take("licences", replace(PAID, notified_on=date(2024, 3, 4), filing_number="备案号：ＢＡ1"))
    with reached.runtime.unit(write=False) as unit:
        assert [row.notified_on for row in unit.session.execute(select(Licence)).scalars()] == [date(2024, 3, 4)]


def test_refunds_reduce_what_was_paid(reached: Base) -> None:
    with pytest.raises(Conflict, match="refund_exceeds_paid"):
        act(reached, "clerk", record_refund, 1, date(2024, 3, 12), Decimal(20_001))
    act(reached, "clerk", record_refund, 1, date(2024, 3, 12), Decimal(5_000))
    assert {"payment_partial", "confirmation_lapsed"} <= codes(reached)
    act(reached, "clerk", record_refund, 1, date(2024, 3, 12), Decimal(14_990))
    assert "payment_token" in codes(reached)
    with pytest.raises(Conflict, match="refund_exceeds_paid"):
        act(reached, "clerk", record_refund, 1, date(2024, 3, 12), Decimal(11))


def test_a_refund_comes_by_a_file_too_and_not_beyond_what_was_paid(reached: Base) -> None:
    back = replace(PAID, refunded_on=date(2024, 3, 12), refunded_yuan=Decimal(20_001))
    assert [each.code for each in reached.take("licences", back).problems] == ["refund_exceeds_paid"]
    reached.take("licences", replace(back, refunded_yuan=Decimal(5_000)))
    assert "payment_partial" in codes(reached)
