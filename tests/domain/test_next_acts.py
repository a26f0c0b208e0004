"""What is to be done next is said from what a deal or a licence is and lacks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from matchhub.domain.deals import Stage
from matchhub.domain.next_acts import Lacks, deal_acts, licence_acts

DUE = date(2025, 9, 2)


def lacks(*codes: str, strict: bool = False, asked: bool = False, unsaid: tuple[str, ...] = ()) -> Lacks:
    return Lacks(frozenset(codes), strict, asked, frozenset(unsaid))


@pytest.mark.parametrize(
    ("stage", "state", "blocked", "due", "codes"),
    [
        ("negotiating", lacks("payment_missing"), False, None, ["next_deal_sign"]),
        ("negotiating", lacks(), True, None, ["next_deal_blocked"]),
        ("negotiating", lacks(asked=True), False, None, ["next_answer", "next_deal_sign"]),
        (
            "signed",
            lacks("deal_unregistered", "payment_missing", "confirmation_missing"),
            False,
            Decimal(80_000),
            ["next_deal_register", "next_deal_pay_rest", "next_confirm"],
        ),
        ("signed", lacks("payment_missing"), False, None, ["next_deal_pay"]),
        ("paid", lacks("affiliation_unknown"), False, Decimal(0), ["next_relations"]),
        ("paid", lacks("confirmation_missing", unsaid=("operator", "reviewer")), False, Decimal(0), ["next_confirm"]),
        ("paid", lacks("confirmation_missing", unsaid=("operator",)), False, Decimal(0), ["next_confirm_operator"]),
        ("paid", lacks("confirmation_lapsed", unsaid=("reviewer",)), False, Decimal(0), ["next_confirm_bureau"]),
        ("paid", lacks(strict=True), False, Decimal(0), ["next_counted"]),
        ("paid", lacks("parties_affiliated"), False, Decimal(0), ["next_nothing"]),
        ("cancelled", lacks("deal_unregistered", asked=True), False, Decimal(1), ["next_deal_cancelled"]),
    ],
)
def test_a_deal_says_what_comes_next(
    stage: Stage, state: Lacks, blocked: bool, due: Decimal | None, codes: list[str]
) -> None:
    assert [each.code for each in deal_acts(stage, state, blocked, due)] == codes


def test_what_is_still_due_is_named_as_people_write_it() -> None:
    (act,) = deal_acts("signed", lacks(), False, Decimal("80000.00"))
    assert act.data == {"due": "80,000"}


@pytest.mark.parametrize(
    ("state", "paid", "filed", "reached", "codes"),
    [
        (lacks("payment_missing"), False, False, None, ["next_licence_pay"]),
        (lacks("confirmation_missing"), True, False, DUE, ["next_licence_file", "next_confirm"]),
        (lacks("confirmation_missing", asked=True), True, True, DUE, ["next_answer", "next_confirm"]),
        (lacks("licence_filing_open"), False, False, DUE, ["next_licence_file"]),  # a free one: nothing is to be paid
        (lacks(strict=True), True, True, DUE, ["next_counted"]),
    ],
)
def test_a_licence_says_what_comes_next(
    state: Lacks, paid: bool, filed: bool, reached: date | None, codes: list[str]
) -> None:
    assert [each.code for each in licence_acts(state, paid, filed, reached, DUE)] == codes
