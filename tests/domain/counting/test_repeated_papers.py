"""Two records whose papers seem to be one: one of them counts, and both say so."""

from __future__ import annotations

from datetime import date
from typing import Any

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.facts import Facts, RepeatedPaper
from tests.domain.counting.verdicts import against, speaking_for, strict
from tests.domain.factories import AS_OF, at, deal, licence, pack

DEALS, LICENCES = "invention_deals", "open_licences"


def counted(deals: Any = (), licences: Any = ()) -> dict[str, list[Atom]]:
    return count_all(Facts(deals=tuple(deals), licences=tuple(licences)), pack(), AS_OF)


def like(*others: int, kind: str = "deals") -> tuple[RepeatedPaper, ...]:
    return tuple(RepeatedPaper(kind=kind, record_id=other) for other in others)


def test_of_two_in_doubt_the_one_recorded_first_counts_and_both_say_so() -> None:
    late = deal(1, repeats=like(2), recorded_at=at(date(2024, 6, 3)))
    atoms = counted([late, deal(2, repeats=like(1))])
    assert strict(atoms[DEALS]) == 1
    assert against(atoms[DEALS], 1) == {"evidence_alike"}
    assert "evidence_alike_kept" in speaking_for(atoms[DEALS], 2)


def test_of_a_chain_of_three_those_count_that_share_nothing_with_one_that_counts() -> None:
    atoms = counted([deal(1, repeats=like(2)), deal(2, repeats=like(1, 3)), deal(3, repeats=like(2))])
    assert [against(atoms[DEALS], number) for number in (1, 2, 3)] == [set(), {"evidence_alike"}, set()]


def test_a_record_that_does_not_count_itself_keeps_nobody_out() -> None:
    atoms = counted([deal(1, repeats=like(2), payments=()), deal(2, repeats=like(1))])
    assert "evidence_alike" not in against(atoms[DEALS], 1) and against(atoms[DEALS], 2) == set()
    assert strict(atoms[DEALS]) == 1


def test_a_deal_and_a_licence_share_no_paper() -> None:
    first, other = deal(1, repeats=like(5, kind="licences")), licence(5, repeats=like(1))
    atoms = counted([first], [other])
    assert strict(atoms[DEALS]) + strict(atoms[LICENCES]) == 1


def test_records_without_doubt_are_not_touched() -> None:
    atoms = counted([deal(1), deal(2)], [licence(5)])
    told = speaking_for(atoms[DEALS], 1) | against(atoms[DEALS], 1)
    assert told.isdisjoint({"evidence_alike", "evidence_alike_kept"})
    assert (strict(atoms[DEALS]), strict(atoms[LICENCES])) == (2, 1)
