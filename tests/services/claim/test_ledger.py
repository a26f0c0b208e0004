"""The ledger shows the verdicts of the count, with everything that stands behind each, whatever is asked of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from matchhub.domain.counting.acts import MENDABLE, act_for, lack_of
from matchhub.domain.counting.atoms import counts, flagged, not_literal, not_strict
from matchhub.errors import NotFound
from matchhub.services.claim.ledger import LedgerRow, ledger_page, ledger_rows
from matchhub.services.claim.missing import missing_most
from matchhub.services.claim.narrowing import EVERYTHING, SORTS, Wanted, persons_of, sources_of
from matchhub.services.counting.counts import count_lacks, count_progress, drill_down, question
from matchhub.services.kernel.paging import Sought
from matchhub.services.kernel.unit import Unit
from matchhub.wording import codes
from tests.services.counting.test_counts import THRESHOLDS, fill
from tests.services.desk_base import Base, patent
from tests.services.small_city import hand_in
from tests.services.worklists.counted import statements


def rows(base: Base, threshold: str, wanted: Wanted = EVERYTHING, **more: object) -> tuple[LedgerRow, ...]:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return ledger_rows(unit, threshold, question(unit), replace(wanted, **more))  # type: ignore[arg-type]


def test_a_deal_is_shown_with_amounts_parties_people_trade_source_and_rules(base: Base) -> None:
    fill(base)
    (row,) = rows(base, "invention_deals")
    assert (row.kind, row.record_id, row.verdict, row.occurred_on) == ("deals", 1, "literal", date(2024, 3, 10))
    assert row.amount("agreed") == Decimal(80000)
    assert ("seller", "晋水理工学院") in row.parties and ("buyer", "晋江市某某1鞋业有限公司") in row.parties
    assert (row.entered_by.organisation, row.trades) == ("运营中心", ("footwear",))
    assert row.source is not None
    assert (row.source.file, row.source.issuer, row.source.line) == ("deals.csv", "国家知识产权局", 2)
    with base.runtime.unit(write=False) as unit:
        assert (row.policy, row.policy_digest) == (unit.pack.key, unit.pack.digest)
        assert row.recorded_at is not None and row.recorded_at <= unit.now


def test_a_proof_has_its_level_and_its_file(base: Base) -> None:
    fill(base)
    (row,) = rows(base, "invention_deals")
    before = {each.fact: each for each in row.proofs}
    assert before["contract"].wanted == "documented"
    with base.runtime.unit(base.people["operator"]) as unit:
        hand_in(unit, "deals", 1, "contract")
    (row,) = rows(base, "invention_deals")
    proof = {each.fact: each for each in row.proofs}["contract"]
    assert proof.reached == "documented"
    assert [paper.name for paper in proof.papers] == ["contract.eml"] and len(proof.papers[0].sha256) == 64


def test_the_ledger_is_the_count_row_by_row_now_and_as_known_at_this_moment(base: Base) -> None:
    fill(base)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        asked = question(unit)
        for threshold in THRESHOLDS:
            told = ledger_rows(unit, threshold, asked)
            judged = drill_down(unit, threshold, asked, most=None).atoms
            assert [(row.record_id, row.unit, row.literal, row.strict) for row in told] == [
                (atom.record_id, atom.unit, atom.literal, atom.strict) for atom in judged
            ]
            assert [{*row.against, *row.passed} for row in told] == [set(atom.reasons) for atom in judged]
            strict = count_progress(unit, asked).threshold(threshold).count.strict
            assert len({row.unit for row in told if row.strict}) == strict
            assert ledger_rows(unit, threshold, replace(asked, known_at=unit.now)) == told


def test_a_page_asks_as_often_for_one_row_as_for_fifty(base: Base) -> None:
    fill(base)
    base.take("patents", *[patent(serial) for serial in range(3, 70)])

    def asked_for(unit: Unit, wanted: Wanted) -> int:
        return statements(unit, lambda: ledger_page(unit, "patents", question(unit), wanted))

    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        ledger_page(unit, "patents", question(unit))
        few, many = (asked_for(unit, Wanted(only=frozenset(range(1, last)))) for last in (3, 60))
    assert few == many < 30


def test_rows_are_found_by_what_they_lack(base: Base) -> None:
    fill(base)
    lacking = rows(base, "patents", show="near")
    assert [(row.record_id, row.lack) for row in lacking] == [(2, "patent_title_missing")]
    assert [row.record_id for row in rows(base, "patents", lack="patent_title_missing")] == [2]
    assert [row.record_id for row in rows(base, "patents", act="record_complete")] == [2]
    assert rows(base, "patents", act="deal_register") == ()
    assert [row.record_id for row in rows(base, "patents", show="strict")] == [1]
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        asked = question(unit)
        now, then = (count_lacks(unit, "patents", each) for each in (asked, replace(asked, known_at=unit.now)))
        (most,) = missing_most(unit, "patents", asked)
    assert now == then == {"patent_title_missing": 1}
    assert (most.lack, most.records, most.act, most.by) == ("patent_title_missing", 1, "record_complete", "operator")


def test_rows_are_found_by_trade_source_person_and_words(base: Base) -> None:
    fill(base)
    base.take("patents", patent(3, ipc=("C07K 14/00",)), by="operator")
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        persons, sources = persons_of(unit, "patents"), sources_of(unit, "patents")
    clerk, operator = (base.people[name].account_id for name in ("clerk", "operator"))
    assert set(persons) == {clerk, operator}
    assert [row.record_id for row in rows(base, "patents", person=operator)] == [3]
    assert [row.record_id for row in rows(base, "patents", source=next(iter(sources)))] == [3]
    assert [row.record_id for row in rows(base, "patents", trade="footwear")] == [1, 2]
    assert [row.record_id for row in rows(base, "patents", trade="footwear", query=patent(1).application_number)] == [1]
    assert rows(base, "experts", trade="footwear") == ()
    with pytest.raises(NotFound):
        rows(base, "patents", trade="no_such")
    with pytest.raises(NotFound, match="threshold_not_found"):
        rows(base, "dreams")


def test_every_order_holds_all_rows_both_ways(base: Base) -> None:
    fill(base)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        asked = question(unit)
        for threshold in ("patents", "local_demands", "invention_deals"):
            usual = [row.record_id for row in ledger_rows(unit, threshold, asked)]
            for sort, down in product(SORTS, (False, True)):
                sought = Sought(sort=sort, down=down, whole=True)
                found = [row.record_id for row in ledger_page(unit, threshold, asked, sought=sought).items]
                assert sorted(found) == usual, (threshold, sort)
                assert found == usual[::-1] or not down or sort != "record"


def test_one_thing_is_missing_or_more_and_whose_word_it_is() -> None:
    assert lack_of([counts("a"), flagged("b")]) == ""
    assert lack_of([counts("a"), not_strict("c")]) == lack_of([not_literal("c"), not_strict("c")]) == "c"
    assert lack_of([not_strict("c"), not_literal("d")]) == ""
    word = not_strict("confirmation_missing", role="reviewer")
    assert lack_of([word]) == "confirmation_missing:reviewer"
    found = act_for("confirmation_missing:reviewer")
    assert found is not None and (found.key, found.by) == ("bureau_confirm", "bureau")
    assert act_for("event_after_window") is None


def test_every_lack_that_can_be_mended_is_a_reason_of_the_count() -> None:
    assert {lack.partition(":")[0] for lack in MENDABLE} - codes() == set()
