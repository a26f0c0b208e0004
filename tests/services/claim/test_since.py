"""What became known of a claim's records since it was built: fields, and payments and events of a deal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from matchhub.db.tables import DealPayment
from matchhub.services.claim.since import records_now
from matchhub.services.deals.payments import refund
from tests.services.counting.test_counts import fill
from tests.services.desk_base import Base


def revised(base: Base, since: datetime) -> frozenset[int]:
    with base.runtime.unit(base.people["auditor"], write=False) as unit:
        goal = next(each for each in unit.pack.goals for one in each.thresholds if one.key == "invention_deals")
        return records_now(unit, goal.key, unit.pack.key, since)["invention_deals"].revised


def test_a_payment_of_a_deal_or_its_withdrawal_is_a_change(base: Base) -> None:
    fill(base)
    built = base.clock.now
    assert revised(base, built) == frozenset()
    base.later()
    with base.runtime.unit(base.people["operator"]) as unit:
        refund(unit, 1, date(2024, 3, 12), Decimal(100), "退款 1")
    assert revised(base, built) == {1} and revised(base, base.clock.now) == frozenset()
    built = base.clock.now
    base.later()
    with base.runtime.unit(base.people["operator"]) as unit:
        unit.session.get_one(DealPayment, 2).withdrawn_at = unit.now
    assert revised(base, built) == {1}
