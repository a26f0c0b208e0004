"""The filter for a patent's status and the page of the patent say the same, whatever is known of its term."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from sqlalchemy import select

from matchhub.db.tables import Patent
from matchhub.domain.identifiers import application_check_digit
from matchhub.services.patents.page import validities
from matchhub.services.search.narrowing import PatentFilters, narrowed
from tests.services.small_city import TODAY, City

DIGITS = ("1", "2", "3", "8", "9")


def _numbers() -> list[str]:
    years = [f"{TODAY.year - back}" for back in (0, 9, 10, 11, 14, 15, 16, 19, 20, 21)]
    bodies = [f"{year}{digit}0{place:06d}" for place, (year, digit) in enumerate(product(years, DIGITS), start=1)]
    bodies += [
        f"{year}{digit}{place:05d}" for place, (year, digit) in enumerate(product(("85", "99", "03"), DIGITS), 1)
    ]
    return [f"{body}.{application_check_digit(body)}" for body in bodies]


def test_the_filter_for_status_finds_what_the_page_says_of_each_patent(city: City) -> None:
    days = (None, TODAY - timedelta(days=1), TODAY - timedelta(days=365 * 12))
    with city.unit() as unit:
        for place, number in enumerate(_numbers()):
            filed_on = None if place % 3 else date(TODAY.year - 10 - 10 * (place % 2), TODAY.month, TODAY.day)
            unit.session.add(
                Patent(application_number=number, title=f"甲{place}", filed_on=filed_on, recorded_at=unit.now,
                       expires_on=days[place % 3] if place % 5 == 0 else None, updated_at=unit.now)
            )  # fmt: skip
        unit.session.flush()
        patents = list(unit.session.execute(select(Patent)).scalars())
        said = validities(unit, patents)
        for validity in ("in_force", "pending", "dead", "expired", "unknown"):
            statement = narrowed(unit, select(Patent.id), PatentFilters(validity=validity))
            found = set(unit.session.execute(statement).scalars())
            assert found == {key for key, its in said.items() if its == validity}, validity
        assert len({key for key, its in said.items() if its == "expired"}) >= 20
