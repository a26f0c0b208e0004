"""What shows only between thresholds: one paper for two records, one bargain for two goals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.facts import EvidenceFact, Facts
from matchhub.domain.rules import RulePack
from tests.domain.counting.verdicts import against, speaking_for, strict
from tests.domain.factories import AS_OF, SIGNED, at, deal, deal_patent, licence, pack, payment, touch

DEALS, LICENCES = "invention_deals", "open_licences"


def counted(deals: Any = (), licences: Any = (), rules: RulePack | None = None) -> dict[str, list[Atom]]:
    return count_all(Facts(deals=tuple(deals), licences=tuple(licences)), rules or pack(), AS_OF)


def test_separate_papers_disturb_nothing() -> None:
    atoms = counted([deal(1), deal(2)], [licence(1), licence(2)])
    assert (strict(atoms[DEALS]), strict(atoms[LICENCES])) == (2, 2)


def test_one_proof_of_payment_serves_the_deal_recorded_first() -> None:
    second = deal(1, recorded_at=at(date(2024, 6, 3)))
    first = deal(2, payments=deal(1).payments)
    atoms = counted([second, first])
    assert strict(atoms[DEALS]) == 1
    assert "evidence_used_twice" in against(atoms[DEALS], 1)
    assert against(atoms[DEALS], 2) == set()


def test_one_voucher_number_serves_one_record_however_it_is_spaced() -> None:
    papers = [payment(1, evidence=None, voucher=text) for text in ("FP 77", "FP77")]
    atoms = counted([deal(n + 1, payments=(paper,)) for n, paper in enumerate(papers)])
    assert strict(atoms[DEALS]) == 1


def test_one_proof_of_payment_serves_a_deal_or_a_licence() -> None:
    paper = payment(1, paid_on=date(2024, 4, 2))
    atoms = counted([deal(1, payments=(paper,))], [licence(5, payments=(paper,))])
    assert (strict(atoms[DEALS]), strict(atoms[LICENCES])) == (0, 1)
    assert "evidence_used_twice" in against(atoms[DEALS], 1)


def test_a_record_with_a_paper_of_its_own_stands() -> None:
    atoms = counted([deal(1), deal(2, payments=(*deal(1).payments, payment(2)))])
    assert strict(atoms[DEALS]) == 2


def test_a_withdrawn_record_frees_its_paper() -> None:
    atoms = counted([deal(1, withdrawn_on=date(2024, 7, 1)), deal(2, payments=deal(1).payments)])
    assert strict(atoms[DEALS]) == 1


def test_a_withdrawn_paper_takes_nothing_from_another_record() -> None:
    lost = payment(1, evidence=EvidenceFact(digest="sha-2", withdrawn=True))
    atoms = counted([deal(1, payments=(lost,)), deal(2)])
    assert strict(atoms[DEALS]) == 1


def bargain(**changes: Any) -> Any:
    """A deal that tells of the same open licence as licence 1."""
    made = deal(
        1,
        deal_type="open_licence",
        sellers=("holder1",),
        buyers=("licensee1",),
        registrations=(replace(deal(1).registrations[0], event="EE01"),),
        platform_events=(touch(1, "licensee1"),),
        signed_on=SIGNED,
    )
    return replace(made, **changes)


def test_a_bargain_of_both_goals_counts_for_the_preferred_one() -> None:
    atoms = counted([bargain()], [licence(1)])
    assert (strict(atoms[DEALS]), strict(atoms[LICENCES])) == (0, 1)
    assert "counted_for_other_goal" in against(atoms[DEALS])
    assert "serves_two_goals" in speaking_for(atoms[LICENCES])


def test_the_pack_names_the_preferred_threshold() -> None:
    rules = replace(pack(), double_count=replace(pack().double_count, preferred=DEALS))
    atoms = counted([bargain()], [licence(1)], rules)
    assert (strict(atoms[DEALS]), strict(atoms[LICENCES])) == (1, 0)


def test_the_pack_may_let_it_count_twice_and_it_is_marked_all_the_same() -> None:
    rules = replace(pack(), double_count=replace(pack().double_count, allowed=True))
    atoms = counted([bargain()], [licence(1)], rules)
    assert (strict(atoms[DEALS]), strict(atoms[LICENCES])) == (1, 1)
    assert "serves_two_goals" in speaking_for(atoms[DEALS]) & speaking_for(atoms[LICENCES])


def test_a_linked_record_is_one_bargain_and_may_share_its_paper() -> None:
    linked = licence(1, deal_id=1, payments=deal(1).payments, notified_on=date(2024, 4, 1))
    atoms = counted([deal(1)], [linked])
    assert (strict(atoms[DEALS]), strict(atoms[LICENCES])) == (0, 1)
    assert "evidence_used_twice" not in against(atoms[DEALS])


def test_a_bargain_keeps_its_deal_while_the_licence_does_not_count() -> None:
    atoms = counted([bargain()], [licence(1, notified_on=None)])
    assert strict(atoms[DEALS]) == 1


def test_only_the_shared_patent_of_a_contract_goes_to_the_other_goal() -> None:
    wide = bargain(
        patents=(deal_patent(1), deal_patent(2)), platform_events=(touch(1, "licensee1"), touch(2, "licensee1"))
    )
    atoms = counted([wide], [licence(1)])
    assert strict(atoms[DEALS]) == 1
    assert [atom.other_unit for atom in atoms[DEALS] if atom.strict] == [deal_patent(2).application_number]


@pytest.mark.parametrize(
    "changes",
    [
        {"buyers": ("other",), "platform_events": (touch(1, "other"),)},
        {"patents": (deal_patent(2),), "platform_events": (touch(2, "licensee1"),)},
    ],
)
def test_another_licensee_or_patent_is_another_bargain(changes: dict[str, Any]) -> None:
    atoms = counted([bargain(**changes)], [licence(1)])
    assert (strict(atoms[DEALS]), strict(atoms[LICENCES])) == (1, 1)
