"""A list of open-licence declarations that comes again with corrections updates them and doubles nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Offer
from matchhub.domain.records import OfferRecord, Source
from tests.services.desk_base import Base, number, patent

FIRST = OfferRecord(
    Source("offers.csv", 2),
    number(1),
    "鞋底",
    "晋水理工学院",
    None,
    None,
    None,
    date(2023, 1, 10),
    "fixed",
    Decimal(20000),
)


def offers(base: Base, *names: str) -> list[tuple[Any, ...]]:
    with base.runtime.unit(write=False) as unit:
        rows = unit.session.execute(select(Offer).order_by(Offer.id)).scalars()
        return [tuple(getattr(row, name) for name in names) for row in rows]


@pytest.mark.parametrize(
    ("corrected", "field", "value"),
    [
        ({"regime": "pilot"}, "regime", "pilot"),
        ({"announcement_number": "2023-001"}, "announcement_number", "2023-001"),
        ({"declared_on": date(2023, 1, 11)}, "declared_on", date(2023, 1, 11)),
        ({"fee_yuan": Decimal(30000)}, "fee_yuan", Decimal(30000)),
        ({"holder_name": "晋水 理工学院", "industry": "制鞋"}, "industry", "制鞋"),
        ({"regime": "cnipa", "announcement_number": "1", "declared_on": date(2023, 2, 1)}, "regime", "cnipa"),
    ],
)
def test_a_corrected_declaration_is_updated(base: Base, corrected: dict[str, Any], field: str, value: Any) -> None:
    base.take("patents", patent(1))
    base.take("offers", FIRST)
    base.later()
    for verdict in ("updated", "unchanged"):
        assert base.take("offers", replace(FIRST, **corrected)).sums[verdict] == 1
    assert offers(base, field) == [(value,)]


@pytest.mark.parametrize(
    ("known", "other"),
    [
        ({}, {"holder_name": "泉州某大学", "declared_on": date(2023, 1, 11)}),
        ({"regime": "pilot"}, {"regime": "cnipa"}),
        ({"announcement_number": "2023-001"}, {"announcement_number": "2023-002"}),
    ],
)
def test_another_declaration_is_another_one(base: Base, known: dict[str, Any], other: dict[str, Any]) -> None:
    base.take("patents", patent(1))
    first = replace(FIRST, **known)
    base.take("offers", first)
    assert base.take("offers", replace(first, **other)).sums["created"] == 1


@pytest.mark.parametrize(("day", "created"), [(date(2023, 12, 31), 0), (date(2024, 1, 1), 0), (date(2024, 1, 2), 1)])
def test_a_declaration_after_the_end_of_the_first_is_a_new_one(base: Base, day: date, created: int) -> None:
    base.take("patents", patent(1))
    base.take("offers", replace(FIRST, valid_to_on=date(2024, 1, 1)))
    assert base.take("offers", replace(FIRST, declared_on=day)).sums["created"] == created


def test_a_corrected_list_doubles_nothing(base: Base) -> None:
    numbers = range(1, 31)
    base.take("patents", *(patent(at) for at in numbers))
    rows = [replace(FIRST, application_number=number(at), source=Source("offers.csv", at)) for at in numbers]
    base.take("offers", *rows)
    base.later()
    result = base.take("offers", *(replace(row, regime="pilot", platform="平台") for row in rows))
    assert (result.sums["updated"], result.sums["created"], len(offers(base, "id"))) == (30, 0, 30)
