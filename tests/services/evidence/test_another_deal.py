"""A file proves the record it was stored for: what belongs to another deal is refused, though it is a deal's too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import DealPayment
from matchhub.errors import Refusal
from matchhub.services.deals.payments import pay as add_payment
from matchhub.services.evidence.files import store_evidence
from tests.papers import letter
from tests.services.desk_base import Base, deal, firm, number, patent


@pytest.fixture
def traded(base: Base) -> Base:
    """A base with two deals."""
    base.take("patents", patent(1), patent(2))
    base.take("enterprises", firm(1))
    base.later(8)
    base.take("deals", deal(1), deal(2, application_numbers=(number(2),)))
    return base


@pytest.mark.parametrize(("of", "refused"), [(1, False), (2, True)])
def test_a_payment_is_proven_by_a_file_of_its_own_deal_only(traded: Base, of: int, refused: bool) -> None:
    with traded.runtime.unit(traded.people["clerk"]) as unit:
        file = store_evidence(unit, "deals", of, "payment_proof", "回单.pdf", letter("paid"))
        if refused:
            with pytest.raises(Refusal, match="evidence_of_other_record"):
                add_payment(unit, 1, date(2024, 3, 12), Decimal(1), "凭证", file)
        else:
            add_payment(unit, 1, date(2024, 3, 12), Decimal(1), "凭证", file)
        recorded = unit.session.execute(select(func.count(DealPayment.id)).where(DealPayment.evidence_id == file))
        assert recorded.scalar_one() == (0 if refused else 1)
