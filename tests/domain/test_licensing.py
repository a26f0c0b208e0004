"""Open licensing: the checklist with its articles, fees, periods, the filing deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from matchhub.domain.counting.facts import EncumbranceFact
from matchhub.domain.licensing import (
    Declaration,
    check_declaration,
    fee_due,
    filing_due_on,
    licence_kinds_allowed,
    may_publish,
    offer_period,
    reached_on,
)
from tests.domain.counting.verdicts import speak
from tests.domain.factories import AS_OF, pack

RULES = pack().licensing
GOOD = Declaration(
    patent_type="invention",
    life="in_force",
    annuity_paid=True,
    fee_method="fixed",
    fee_yuan=Decimal(20000),
    valid_from_on=date(2025, 7, 1),
    valid_to_on=date(2027, 6, 30),
)


def checked(**changes: Any) -> dict[str, tuple[str, str]]:
    checks = check_declaration(replace(GOOD, **changes), RULES, AS_OF)
    for check in checks:
        speak(check.code, check.data)
        assert check.article
    assert may_publish(checks) is all(check.level != "blocks" for check in checks)
    return {check.code: (check.level, check.article) for check in checks}


def test_a_complete_declaration_may_go_out() -> None:
    told = checked()
    assert set(told) == {
        "declaration_patent_in_force",
        "declaration_annuity_paid",
        "declaration_fee_given",
        "declaration_period_given",
    }
    assert {level for level, _ in told.values()} == {"ok"}


def encumbrance(kind: Any, **more: Any) -> dict[str, Any]:
    return {"encumbrances": (EncumbranceFact(kind=kind, **more),)}


@pytest.mark.parametrize(
    ("changes", "code", "article"),
    [
        ({"life": "not_granted"}, "declaration_not_granted", "专利法第五十条"),
        ({"life": "dead"}, "declaration_dead", "专利法第五十条"),
        ({"life": "unknown"}, "declaration_status_unknown", "专利法第五十条"),
        ({"suspended": True}, "declaration_suspended", "专利法实施细则第八十六条"),
        (encumbrance("exclusive_licence"), "declaration_exclusively_licensed", "专利法实施细则第八十六条"),
        (encumbrance("sole_licence"), "declaration_exclusively_licensed", "专利法实施细则第八十六条"),
        (encumbrance("pledge"), "declaration_pledged", "专利法实施细则第八十六条"),
        (encumbrance("preservation"), "declaration_preserved", "专利法实施细则第八十六条"),
        ({"annuity_paid": False}, "declaration_annuity_unpaid", "专利法实施细则第八十六条"),
        ({"patent_type": "utility_model"}, "declaration_report_missing", "专利法第五十条"),
        ({"patent_type": "design"}, "declaration_report_missing", "专利法第五十条"),
        ({"declared_by_all_owners": False}, "declaration_owners_missing", "专利法第十四条"),
        ({"fee_method": None}, "declaration_fee_missing", "专利法第五十条"),
        ({"fee_yuan": None}, "declaration_fee_missing", "专利法第五十条"),
        ({"fee_method": "royalty_sales"}, "declaration_fee_missing", "专利法第五十条"),
        ({"valid_to_on": None}, "declaration_period_missing", "专利法实施细则第八十五条"),
        ({"valid_to_on": date(2025, 6, 30)}, "declaration_period_reversed", "专利法实施细则第八十五条"),
        (
            {"valid_from_on": date(2025, 1, 1), "valid_to_on": date(2025, 6, 29)},
            "declaration_period_over",
            "专利法实施细则第八十五条",
        ),
    ],
)
def test_a_declaration_is_blocked_with_its_article(changes: dict[str, Any], code: str, article: str) -> None:
    assert checked(**changes)[code] == ("blocks", article)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"annuity_paid": None}, "declaration_annuity_unknown"),
        (encumbrance("open_licence"), "declaration_repeated"),
        (encumbrance("dispute"), "declaration_disputed"),
    ],
)
def test_a_doubt_is_told_and_does_not_block(changes: dict[str, Any], code: str) -> None:
    told = checked(**changes)
    assert told[code][0] == "warns"
    assert "blocks" not in {level for level, _ in told.values()}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (encumbrance("pledge", consented=True), "declaration_pledgee_consented"),
        ({"patent_type": "design", "evaluation_report": True}, "declaration_report_given"),
        ({"fee_method": "free", "fee_yuan": None}, "declaration_fee_given"),
        (encumbrance("exclusive_licence", to_on=date(2025, 6, 29)), "declaration_patent_in_force"),
    ],
)
def test_what_is_in_order_does_not_block(changes: dict[str, Any], code: str) -> None:
    told = checked(**changes)
    assert told[code][0] == "ok"
    assert "blocks" not in {level for level, _ in told.values()}


@pytest.mark.parametrize(
    ("method", "field", "limit"),
    [
        ("fixed", "fee_yuan", 20_000_000),
        ("royalty_sales", "royalty_percent", 20),
        ("royalty_profit", "royalty_percent", 40),
    ],
)
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_fees_above_the_customary_limit_warn(method: Any, field: str, limit: int, step: int) -> None:
    told = checked(fee_method=method, **{field: Decimal(limit + step)})
    assert ("declaration_fee_high" in told) is (step > 0)
    assert step <= 0 or told["declaration_fee_high"][0] == "warns"


@pytest.mark.parametrize(
    ("reached", "due"),
    [
        (date(2024, 4, 2), date(2024, 7, 2)),
        (date(2024, 11, 30), date(2025, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2024, 4, 6), date(2024, 7, 8)),
        (date(2024, 7, 1), date(2024, 10, 8)),
        (date(2024, 1, 28), date(2024, 4, 28)),
        (date(2029, 2, 1), date(2029, 5, 3)),
    ],
)
def test_a_licence_is_filed_by_the_same_day_three_months_later_or_the_next_working_day(
    reached: date, due: date
) -> None:
    """A Saturday, the week of the national day, a Sunday worked in exchange, a year without a notice of holidays."""
    assert filing_due_on(reached, pack()) == due


@pytest.mark.parametrize(
    ("running", "allowed"),
    [
        ((), {"exclusive_licence", "sole_licence", "ordinary_licence", "open_licence"}),
        (("pledge",), {"exclusive_licence", "sole_licence", "ordinary_licence", "open_licence"}),
        (("open_licence",), {"ordinary_licence", "open_licence"}),
        (("sole_licence",), set()),
        (("open_licence", "exclusive_licence"), set()),
    ],
)
def test_a_licence_in_force_leaves_room_for_certain_kinds_only(running: tuple[str, ...], allowed: set[str]) -> None:
    assert licence_kinds_allowed(running) == allowed


FIRST, LAST = date(2024, 3, 1), date(2024, 6, 30)
A_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "open"),
    [
        (FIRST - A_DAY, False),
        (FIRST, True),
        (FIRST + A_DAY, True),
        (LAST - A_DAY, True),
        (LAST, True),
        (LAST + A_DAY, False),
    ],
)
def test_an_offer_is_open_from_its_first_to_its_last_day(day: date, open: bool) -> None:
    assert offer_period(FIRST, date(2024, 2, 1), LAST, None).is_open_on(day) is open
    assert offer_period(None, FIRST, LAST, None).is_open_on(day) is open


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_the_day_of_a_withdrawal_is_outside(step: int) -> None:
    withdrawn = date(2024, 5, 10)
    assert offer_period(FIRST, None, LAST, withdrawn).is_open_on(withdrawn + step * A_DAY) is (step < 0)


@pytest.mark.parametrize(
    ("withdrawn", "last"),
    [
        (LAST, LAST - A_DAY),
        (LAST + A_DAY, LAST),
        (LAST + 2 * A_DAY, LAST),
        (None, LAST),
    ],
)
def test_an_offer_ends_by_its_term_or_by_its_withdrawal_whichever_comes_first(withdrawn: Any, last: date) -> None:
    assert offer_period(FIRST, None, LAST, withdrawn).last_on == last


def test_what_is_not_known_bounds_nothing() -> None:
    assert offer_period(None, None, None, None).is_open_on(FIRST)
    assert not offer_period(None, None, None, None).is_over_on(LAST)
    assert offer_period(FIRST, None, LAST, None).is_over_on(LAST + A_DAY)
    assert not offer_period(FIRST, None, LAST, None).is_over_on(FIRST - A_DAY), "it has not begun yet"


@pytest.mark.parametrize(
    ("to_on", "over"),
    [
        (date(2025, 6, 29), True),
        (date(2025, 6, 30), False),
        (date(2025, 7, 1), False),
    ],
)
def test_a_declaration_that_ends_today_is_not_over(to_on: date, over: bool) -> None:
    told = checked(valid_from_on=date(2025, 1, 1), valid_to_on=to_on)
    assert ("declaration_period_over" in told) is over


@pytest.mark.parametrize(
    ("notified", "paid", "expected"),
    [
        (date(2024, 4, 1), date(2024, 4, 5), date(2024, 4, 5)),
        (date(2024, 4, 5), date(2024, 4, 1), date(2024, 4, 5)),
        (None, date(2024, 4, 1), None),
        (date(2024, 4, 1), None, None),
        (FIRST - A_DAY, date(2024, 4, 1), None),
        (FIRST, date(2024, 4, 1), date(2024, 4, 1)),
        (FIRST + A_DAY, FIRST + A_DAY, FIRST + A_DAY),
        (LAST - A_DAY, LAST + A_DAY, LAST + A_DAY),
        (LAST, LAST + 2 * A_DAY, LAST + 2 * A_DAY),
        (LAST + A_DAY, LAST + 5 * A_DAY, None),
    ],
)
def test_a_licence_is_reached_by_notice_and_payment(notified: Any, paid: Any, expected: date | None) -> None:
    assert reached_on(notified, paid, offer_period(FIRST, None, LAST, None)) == expected


@pytest.mark.parametrize(("notified", "reached"), [(LAST, LAST), (LAST + A_DAY, None), (None, None)])
def test_a_free_licence_is_reached_by_its_notice(notified: Any, reached: Any) -> None:
    assert reached_on(notified, None, offer_period(FIRST, None, LAST, None), free=True) == reached


def test_the_fee_calculator() -> None:
    assert fee_due("free", None, None, None) == 0
    assert fee_due("fixed", Decimal("20000"), None, None) == Decimal("20000")
    assert fee_due("royalty_sales", None, Decimal("3.5"), Decimal("1234567.89")) == Decimal("43209.88")
    assert fee_due("royalty_profit", None, Decimal(5), None) is None
