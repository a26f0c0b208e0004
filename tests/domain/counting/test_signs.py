"""What looks odd about the records of a threshold: each sign at its limit, with the records it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from matchhub.domain.affiliation import shared_form
from matchhub.domain.counting.atoms import Atom, flagged, judged, not_strict
from matchhub.domain.counting.signals import Signal
from matchhub.domain.counting.signs import EntryFact, signs_of
from matchhub.wording import sentence
from tests.domain.factories import pack

RULES = pack().signals
DAY = date(2025, 6, 2)


def entries(number: int, **changes: Any) -> list[EntryFact]:
    """Records entered by as many accounts on as many days."""
    usual = (
        EntryFact(record_id=n, entered_on=DAY + timedelta(days=n), entered_by=1000 + n) for n in range(1, number + 1)
    )
    return [replace(entry, **changes) for entry in usual]


def atoms(number: int, code: str) -> list[Atom]:
    return [judged(n, f"unit:{n}", [not_strict(code)], DAY) for n in range(1, number + 1)]


def told(found: list[EntryFact], judged_as: list[Atom] | None = None, claims: tuple[date, ...] = ()) -> list[Signal]:
    signs = signs_of("invention_deals", found, judged_as or [], RULES, claims)
    for each in signs:
        data = {"person": "甲", **each.data}
        assert "{" not in sentence(each.code, "zh", **data) + sentence(each.code, "en", **data)
    return signs


def codes(*args: Any) -> set[str]:
    return {each.code for each in told(*args)}


def test_ordinary_records_tell_nothing() -> None:
    assert told(entries(200), atoms(9, "demand_same_text")) == []


@pytest.mark.parametrize(("same", "others", "seen"), [(30, 90, True), (30, 91, False), (29, 10, False)])
def test_many_on_one_day(same: int, others: int, seen: bool) -> None:
    found = told([*entries(same, entered_on=DAY), *entries(others)])
    burst = [each for each in found if each.code == "entered_at_once"]
    assert bool(burst) is seen
    if seen:
        assert (burst[0].data["number"], burst[0].data["total"], burst[0].key) == (30, 120, "2025-06-02")
        assert burst[0].records == tuple(range(1, 31))


@pytest.mark.parametrize(("same", "others", "seen"), [(80, 20, True), (79, 21, False), (29, 0, False)])
def test_one_persons_entries(same: int, others: int, seen: bool) -> None:
    assert ("entered_by_one" in codes([*entries(same, entered_by=7), *entries(others)])) is seen


@pytest.mark.parametrize("code", ["recorded_late", "recorded_late_unconfirmed", "recorded_late_accepted"])
def test_late_entries(code: str) -> None:
    late = [judged(n, str(n), [flagged(code)], DAY) for n in range(1, 11)]
    assert "entered_late" in codes(entries(100), late)
    assert "entered_late" not in codes(entries(101), late)
    assert "entered_late" not in codes(entries(20), late[:9])


@pytest.mark.parametrize(("same", "others", "seen"), [(10, 10, True), (10, 11, False), (9, 0, False)])
def test_uniform_prices(same: int, others: int, seen: bool) -> None:
    priced = [EntryFact(record_id=n, entered_on=DAY, yuan=Decimal(n)) for n in range(100, 100 + others)]
    assert ("uniform_prices" in codes([*entries(same, yuan=Decimal(5000)), *priced, *entries(50)])) is seen


def test_shared_papers() -> None:
    pair = [*entries(1, papers=("a", "b")), EntryFact(record_id=2, entered_on=DAY, papers=("b",))]
    (sign,) = told(pair)
    assert (sign.code, sign.records) == ("papers_shared", (1, 2))
    assert codes(entries(9), atoms(1, "evidence_used_twice")) == {"papers_shared"}
    assert codes(entries(1, papers=("a", "a"))) == set()


def test_shared_telephones_and_addresses() -> None:
    found = told([*entries(3, contacts=("059582345678",)), EntryFact(record_id=9, entered_on=DAY, contacts=("x1",))])
    assert [(each.code, each.data["contacts"], each.records) for each in found] == [("contacts_shared", 1, (1, 2, 3))]
    assert codes(entries(2, contacts=("059582345678",))) == set()


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("0595-8234 5678", "059582345678"),
        ("+86 138 0000 0000", "13800000000"),
        ("晋江市陈埭镇", ""),
        (None, ""),
        ("123", ""),
        ("晋江市陈埭镇溪边村12号", "晋江市陈埭镇溪边村12号"),
    ],
)
def test_what_is_too_vague_binds_nobody(said: str | None, form: str) -> None:
    assert shared_form(said) == form


def test_demands_that_are_nearly_the_same() -> None:
    assert codes(entries(100), atoms(10, "demand_repetition_review")) == {"demands_alike"}
    assert codes(entries(100), atoms(9, "demand_repetition_review")) == set()


def test_one_patent_pushed_to_many_firms() -> None:
    def pushed(firms: int) -> list[EntryFact]:
        return [
            EntryFact(record_id=n, entered_on=DAY + timedelta(days=n), patents=(5,), firm=n % firms) for n in range(24)
        ]

    (sign,) = told(pushed(12))
    assert (sign.code, sign.data["most"], len(sign.records)) == ("pushes_sprayed", 12, 24)
    assert told(pushed(11)) == []


def test_a_purge() -> None:
    gone = entries(10, withdrawn_on=DAY)
    assert codes([*gone, *entries(190)]) == {"withdrawn_at_once"}
    assert codes([*gone, *entries(191)]) == set()


def test_entered_before_and_withdrawn_after_a_claim() -> None:
    held = entries(60)  # one a day: 30 of them within the 30 days before the claim
    claim = DAY + timedelta(days=60)
    assert codes(held, [], (claim,)) == {"entered_before_claim"}
    assert codes(entries(61), [], (claim + timedelta(days=1),)) == set()
    purged = [EntryFact(record_id=900 + n, entered_on=DAY - timedelta(days=99), withdrawn_on=claim + timedelta(days=n))
              for n in range(10)]  # fmt: skip
    assert codes([*held, *purged], [], (claim,)) == {"withdrawn_after_claim"}
    assert codes([*held, *purged]) == set()


def test_written_while_the_clock_was_set_back() -> None:
    assert codes(entries(9), atoms(2, "clock_set_back")) == {"written_set_back"}
