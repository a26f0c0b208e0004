"""Similar records: asked once, merged by a person alone, taken back without a trace in any count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from matchhub.db.base import Base as Tables
from matchhub.db.tables import Deal, DealParty, Demand, Enterprise, EnterpriseCategory, Organisation, SimilarPair
from matchhub.domain.records import AgencyRecord, CategoryClaim, EnterpriseRecord, ExpertRecord, Source
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.counting.counts import count_atoms, question
from matchhub.services.imports.merging import merge_records, references_to, unmerge_records
from matchhub.services.imports.pairs import decide_pair, list_pairs, next_pair, open_pairs, pair_view, reopen_pair
from matchhub.services.imports.similar import FEW
from matchhub.services.imports.undoing import undo_batch, undo_view
from matchhub.services.parties.links import link_enterprises
from tests.machine import shared_folder
from tests.services.desk_base import Base, code, deal, demand, patent

SHARED = shared_folder()
NEGATIVES = SHARED / "facts" / "different_firms_similar_names.tsv"


def named(serial: int, name: str, **more: Any) -> EnterpriseRecord:
    return EnterpriseRecord(Source("list.xlsx", serial + 1, "Sheet1"), name=name, **more)


def pairs(base: Base, kind: str = "enterprises") -> list[tuple[str, str]]:
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        return [(each.left_name, each.right_name) for each in list_pairs(unit, kind).items]


def first(base: Base, kind: str = "enterprises") -> int:
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        found = next_pair(unit, kind)
    assert found is not None
    return found


def decide(base: Base, pair: int, decision: str, by: str = "operator", **more: Any) -> None:
    with base.runtime.unit(base.people[by]) as unit:
        decide_pair(unit, pair, decision, **more)


def counts(base: Base, known_at: datetime | None = None) -> dict[str, list[Any]]:
    """Every verdict with its reasons, by threshold."""
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        asked = replace(question(unit, known_at=known_at), as_of=date(2024, 12, 31))
        return {name: sorted(map(repr, atoms)) for name, atoms in count_atoms(unit, asked).items()}


def literally(base: Base) -> int:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return sum(atom.literal for atom in count_atoms(unit, question(unit))["enterprises"])


def snapshot(base: Base, *without: str) -> dict[str, list[dict[str, Any]]]:
    """Everything a merge may touch, without what only says when."""
    with base.runtime.unit(write=False) as unit:
        found = {}
        for table in ("enterprises", "demands", "deal_parties", "licences", "organisations", "pushes"):
            rows = unit.session.execute(select(Tables.metadata.tables[table]).order_by("id")).mappings()
            found[table] = [{key: row[key] for key in row if key not in ("updated_at", *without)} for row in rows]
        live = select(
            EnterpriseCategory.enterprise_id, EnterpriseCategory.category, EnterpriseCategory.certificate_number
        )
        chosen = live.where(EnterpriseCategory.withdrawn_at.is_(None)).order_by(
            EnterpriseCategory.enterprise_id, EnterpriseCategory.category
        )
        found["categories"] = [row._asdict() for row in unit.session.execute(chosen)]
        return found


SIMILAR = ("晋江市恒安达鞋塑科技发展有限公司", "晋江恒安达鞋塑科技发展有限责任公司")


@pytest.fixture
def twins(base: Base) -> Base:
    """Two spellings of one firm with a demand, a deal and a category each."""
    base.take("patents", patent(1), patent(2))
    base.take(
        "enterprises",
        named(
            1,
            SIMILAR[0],
            uscc=code(1),
            address="福建省晋江市陈埭镇",
            categories=(CategoryClaim("high_tech_enterprise", "GR1"),),
        ),
    )
    base.later()
    base.take(
        "enterprises",
        named(2, SIMILAR[1], legal_representative="陈某", categories=(CategoryClaim("innovative_sme", "CX2"),)),
    )
    base.later()
    base.take(
        "demands", demand(1, enterprise_name=SIMILAR[0]), demand(2, enterprise_name=SIMILAR[1], enterprise_uscc=None)
    )
    base.take("deals", deal(1, buyer_name=SIMILAR[1], buyer_uscc=None))
    base.later()
    return base


def test_similar_names_are_put_before_a_person(twins: Base) -> None:
    assert pairs(twins) == [SIMILAR]


def test_two_firms_of_one_place_and_core_name_are_asked_about_although_both_bear_a_code(base: Base) -> None:
    base.take("enterprises", named(1, SIMILAR[0], uscc=code(1)), named(2, SIMILAR[1], uscc=code(2)))
    assert pairs(base) == [SIMILAR]


def test_two_codes_of_two_places_are_two_firms_unless_they_share_a_person(base: Base) -> None:
    elsewhere = named(2, SIMILAR[1], uscc=code(2, "350581"))
    base.take("enterprises", named(1, SIMILAR[0], uscc=code(1), legal_representative="陈某"), elsewhere)
    assert pairs(base) == []
    base.take("enterprises", named(3, SIMILAR[1], uscc=code(3, "350583"), legal_representative="陈某"))
    assert pairs(base) == [SIMILAR]


@pytest.mark.parametrize("number", [1, FEW, FEW + 1])
def test_one_by_one_and_by_index_find_the_same(base: Base, number: int) -> None:
    base.take("enterprises", named(1, SIMILAR[0]))
    others = [
        named(at, f"石狮市{chr(0x4E00 + 7 * at)}{chr(0x5E00 + 11 * at)}{chr(0x6E00 + at)}商贸有限公司")
        for at in range(2, 1 + number)
    ]
    base.take("enterprises", named(900, SIMILAR[1]), *others)
    assert SIMILAR in pairs(base)


def test_old_names_are_not_compared_again(twins: Base) -> None:
    decide(twins, first(twins), "different")
    result = twins.take("enterprises", named(3, "泉州市毫不相干陶瓷有限公司"))
    assert (result.similar, pairs(twins)) == (0, [])


def test_the_ten_real_hard_negatives_never_merge_by_themselves(base: Base) -> None:
    if not NEGATIVES.is_file():
        pytest.skip(f"real data absent: {NEGATIVES.name}")
    lines = [line.split("\t") for line in NEGATIVES.read_text("utf-8").splitlines() if line.strip()]
    names = [name for line in lines for name in line[:2]]
    assert len(names) == 20
    result = base.take("enterprises", *(named(at, name) for at, name in enumerate(names)))
    assert result.sums["created"] == 20
    base.take("enterprises", *(named(at, name) for at, name in enumerate(names)))
    with base.runtime.unit(write=False) as unit:
        standing = select(func.count()).select_from(Enterprise).where(Enterprise.withdrawn_at.is_(None))
        assert unit.session.execute(standing).scalar_one() == 20


def test_differences_are_marked_and_reasons_told(twins: Base) -> None:
    with twins.runtime.unit(twins.people["operator"], write=False) as unit:
        view = pair_view(unit, first(twins))
    marked = {each.name for each in view.fields if each.marked}
    assert {"name", "uscc", "address", "legal_representative", "categories"} == marked
    assert view.reasons[0].startswith("similar_core") and "similar_one_code" in view.reasons


def test_a_decided_pair_is_never_asked_again(twins: Base) -> None:
    decide(twins, first(twins), "different", note="两家都去过")
    twins.take("enterprises", named(2, SIMILAR[1], region="晋江"))
    assert pairs(twins) == []
    with pytest.raises(Conflict, match="pair_decided"):
        decide(twins, 1, "same")


def test_later_leaves_the_pair_in_the_queue(twins: Base) -> None:
    decide(twins, first(twins), "later")
    assert pairs(twins) == [SIMILAR]
    with twins.runtime.unit(twins.people["operator"], write=False) as unit:
        assert open_pairs(unit) == {"enterprises": 1}


def test_only_the_operator_decides_and_only_known_words_count(twins: Base) -> None:
    with pytest.raises(NotAllowed):
        decide(twins, first(twins), "same", by="reviewer")
    with pytest.raises(Refusal, match="decision_unknown"):
        decide(twins, first(twins), "perhaps")
    with pytest.raises(NotFound, match="pair_not_found"):
        decide(twins, 99, "same")


def test_merging_moves_every_reference_and_leaves_the_counts(twins: Base) -> None:
    before = literally(twins)
    decide(twins, first(twins), "same")
    with twins.runtime.unit(write=False) as unit:
        kept, merged = unit.session.get(Enterprise, 1), unit.session.get(Enterprise, 2)
        assert kept is not None and merged is not None
        assert (kept.legal_representative, merged.withdrawn_reason) == ("陈某", "merged:1")
        assert set(unit.session.execute(select(Demand.enterprise_id)).scalars()) == {1}
        buyers = select(DealParty.enterprise_id).where(DealParty.role == "buyer")
        assert unit.session.execute(buyers).scalar_one() == 1
        live = select(EnterpriseCategory.enterprise_id).where(EnterpriseCategory.withdrawn_at.is_(None))
        assert unit.session.execute(live).scalars().all() == [1, 1]
    assert (before, literally(twins)) == (1, 1)


def test_unmerging_restores_both_exactly(twins: Base) -> None:
    before, now = snapshot(twins), counts(twins)
    pair = first(twins)
    decide(twins, pair, "same")
    assert snapshot(twins) != before
    twins.later()
    with twins.runtime.unit(twins.people["operator"]) as unit:
        reopen_pair(unit, pair)
    assert snapshot(twins) == before
    assert counts(twins) == now
    assert pairs(twins) == [SIMILAR]


def test_the_code_of_the_merged_firm_goes_to_the_kept_one_and_back(base: Base) -> None:
    base.take("enterprises", named(1, SIMILAR[0]), named(2, SIMILAR[1], uscc=code(1)))
    before, pair = snapshot(base), first(base)
    decide(base, pair, "same")
    with base.runtime.unit(write=False) as unit:
        assert [row.uscc for row in unit.session.execute(select(Enterprise).order_by(Enterprise.id)).scalars()] == [
            code(1),
            None,
        ]
    with base.runtime.unit(base.people["operator"]) as unit:
        reopen_pair(unit, pair)
    assert snapshot(base) == before


def test_past_counts_stay_as_they_were_between_merging_and_taking_it_back(twins: Base) -> None:
    moments = [twins.clock.now]
    was = [counts(twins, moments[0])]
    twins.later()
    pair = first(twins)
    decide(twins, pair, "same")
    moments.append(twins.clock.now)
    was.append(counts(twins, moments[1]))
    twins.later()
    with twins.runtime.unit(twins.people["operator"]) as unit:
        reopen_pair(unit, pair)
    moments.append(twins.clock.now)
    was.append(counts(twins, moments[2]))
    twins.later()
    assert [counts(twins, moment) for moment in moments] == was


def test_what_a_source_says_of_a_merged_firm_is_said_of_the_kept_one(twins: Base) -> None:
    decide(twins, first(twins), "same")
    again = twins.take("enterprises", named(2, SIMILAR[1], region="晋江"), named(1, SIMILAR[0], uscc=code(1)))
    assert (again.sums["created"], again.sums["updated"], again.similar) == (0, 1, 0)
    with twins.runtime.unit(write=False) as unit:
        kept = unit.session.get(Enterprise, 1)
        assert kept is not None and (kept.name, kept.region) == (SIMILAR[0], "晋江")
        assert link_enterprises(unit, [(None, SIMILAR[1])]).find(None, SIMILAR[1]).id == 1  # type: ignore[union-attr]


def test_the_same_demand_again_is_known_after_merging(twins: Base) -> None:
    decide(twins, first(twins), "same")
    again = twins.take("demands", demand(2, enterprise_name=SIMILAR[1], enterprise_uscc=None))
    assert again.sums["unchanged"] == 1


def test_two_firms_with_accounts_are_not_merged(twins: Base) -> None:
    with twins.runtime.unit() as unit:
        for key in (1, 2):
            unit.session.add(
                Organisation(
                    name=SIMILAR[key - 1],
                    name_key=SIMILAR[key - 1],
                    kind="enterprise",
                    enterprise_id=key,
                    created_at=unit.now,
                )
            )
    with pytest.raises(Conflict, match="merge_two_accounts"):
        decide(twins, first(twins), "same")


def test_a_merge_is_taken_back_once(twins: Base) -> None:
    with twins.runtime.unit(twins.people["operator"]) as unit:
        number = merge_records(unit, "enterprises", 1, 2)
        with pytest.raises(NotFound, match="record_not_found"):
            merge_records(unit, "enterprises", 1, 2)
        unmerge_records(unit, number)
        with pytest.raises(Conflict, match="merge_undone"):
            unmerge_records(unit, number)
        with pytest.raises(Conflict, match="merge_with_itself"):
            merge_records(unit, "enterprises", 1, 1)


def test_agencies_and_experts_are_asked_about_too(base: Base) -> None:
    agencies = ("泉州市文华专利代理事务所(普通合伙)", "泉州文华专利代理事务所(普通合伙)")
    base.take("agencies", *(AgencyRecord(Source("a.csv", at), name=name) for at, name in enumerate(agencies, 2)))
    places = ("华侨大学", "华侨大学机电学院", "厦门理工学院")
    base.take(
        "experts",
        *(ExpertRecord(Source("e.csv", at), name="陈明", organisation=place) for at, place in enumerate(places, 2)),
    )
    assert pairs(base, "agencies") == [agencies]
    assert pairs(base, "experts") == [("陈明", "陈明")]
    decide(base, first(base, "agencies"), "same")
    decide(base, first(base, "experts"), "same")
    again = base.take("experts", ExpertRecord(Source("e.csv", 9), name="陈明", organisation=places[1], title="教授"))
    assert (again.sums["created"], again.sums["updated"]) == (0, 1)


def test_every_column_that_refers_to_an_enterprise_is_found() -> None:
    found = {(table.name, column) for table, column in references_to("enterprises")}
    assert {("demands", "enterprise_id"), ("pushes", "enterprise_id"), ("deal_parties", "enterprise_id")} <= found
    assert {
        ("licences", "enterprise_id"),
        ("platform_events", "enterprise_id"),
        ("organisations", "enterprise_id"),
    } <= found


def test_the_pairs_are_stored_with_what_was_seen(twins: Base) -> None:
    with twins.runtime.unit(write=False) as unit:
        pair = unit.session.execute(select(SimilarPair)).scalar_one()
        assert (pair.left_id, pair.right_id, pair.decision) == (1, 2, None)
        assert 90 <= pair.ratio <= 100
        assert unit.session.execute(select(func.count()).select_from(Deal)).scalar_one() == 1


def test_of_two_merges_that_share_a_record_the_later_is_taken_back_first(base: Base) -> None:
    base.take("enterprises", *(named(at, f"晋江市第{word}鞋厂") for at, word in enumerate("甲乙丙", 1)))
    with base.runtime.unit(base.people["operator"]) as unit:
        first_merge = merge_records(unit, "enterprises", 1, 2)
        second = merge_records(unit, "enterprises", 3, 1)
    with base.runtime.unit(base.people["operator"]) as unit, pytest.raises(Conflict) as refused:
        unmerge_records(unit, first_merge)
    assert (refused.value.code, refused.value.data["later"]) == ("merge_has_later", second)
    with base.runtime.unit(base.people["operator"]) as unit:
        unmerge_records(unit, second)
        unmerge_records(unit, first_merge)


def test_a_batch_whose_firm_was_merged_away_is_not_taken_back_before_the_merge(base: Base) -> None:
    base.take("enterprises", named(1, "晋江市第甲鞋厂"))
    batch = base.take("enterprises", named(2, "晋江市第乙鞋厂")).batch_id
    assert batch is not None
    with base.runtime.unit(base.people["operator"]) as unit:
        merge_records(unit, "enterprises", 1, 2)
        assert [(each.by_kind, each.record_id) for each in undo_view(unit, batch).dependents] == [("merges", 2)]
    with base.runtime.unit(base.people["operator"]) as unit, pytest.raises(Conflict, match="batch_in_use"):
        undo_batch(unit, batch, "撤回")


def test_a_number_given_to_another_firm_meanwhile_keeps_a_merge_from_being_taken_back(base: Base) -> None:
    base.take("enterprises", named(1, "晋江市第甲鞋厂"), named(2, "晋江市第乙鞋厂", uscc=code(2)))
    with base.runtime.unit(base.people["operator"]) as unit:
        merge = merge_records(unit, "enterprises", 1, 2)
        unit.session.get_one(Enterprise, 1).uscc = None
        unit.session.flush()
    base.take("enterprises", named(3, "晋江市第丙鞋厂", uscc=code(2)))
    with base.runtime.unit(base.people["operator"]) as unit, pytest.raises(Conflict, match="merge_number_taken"):
        unmerge_records(unit, merge)
