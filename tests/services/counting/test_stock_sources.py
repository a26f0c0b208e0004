"""Schemes that typed numbers and lists were counted by (5, 6, 7, 18, 19, 20): each is stopped, and told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete, func, select, update

from matchhub.db.tables import BatchSource, PatentStatus, SimilarPair
from matchhub.domain.records import AgencyRecord, CategoryClaim, ExpertRecord, Record, Source
from matchhub.domain.sources import ImportSource, import_source
from matchhub.errors import Refusal
from matchhub.services.counting.counts import explain_record, question
from matchhub.services.imports.pairs import decide_pair, list_pairs
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.kernel.verifying import row_faults
from matchhub.services.worklists.batches import batch_view
from tests.services.counting.test_counts import numbers, progress
from tests.services.desk_base import Base, code, firm, patent

OWN = ImportSource()
LIST = ImportSource("list", "某市科学技术局", date(2024, 3, 1))
REGISTER = ImportSource("register", "国家知识产权局", date(2024, 3, 1))


def expert(serial: int, organisation: str = "泉州某大学") -> ExpertRecord:
    return ExpertRecord(
        Source("experts.csv", serial + 1),
        name=f"专家{serial}",
        organisation=organisation,
        field="高分子",
        title="教授",
        consent_on=date(2024, 1, 2),
        consent_evidence="同意书",
    )


def agency(serial: int) -> AgencyRecord:
    return AgencyRecord(
        Source("agencies.csv", serial + 1),
        name=f"某{'甲乙丙丁'[serial]}专利代理事务所",
        uscc=code(900 + serial),
        agency_code="35203",
        is_patent_agency=True,
        service_types=("专利代理",),
        phone="0595-1",
    )


def counted(base: Base, key: str) -> tuple[int, int]:
    return numbers(progress(base))[key]


def reasons(base: Base, kind: str, record_id: int) -> set[str]:
    with base.runtime.unit(write=False) as unit:
        explained = explain_record(unit, kind, record_id, question(unit))
    return {reason.code for reason in explained.reasons if reason.effect.startswith("not_")}


@pytest.mark.parametrize(("key", "record", "code_", "proof"), [
    ("patents", patent(1), "patent_status_unproven", REGISTER),
    ("enterprises", firm(1, categories=(CategoryClaim("high_tech_enterprise", None, "高新技术企业名单",
                                                      date(2023, 1, 1)),)), "enterprise_category_source", LIST),
    ("enterprises", firm(1), "enterprise_category_source", LIST),
    ("experts", expert(1), "expert_standing_unproven", LIST),
    ("agencies", agency(1), "agency_identity_unproven", REGISTER),
])  # fmt: skip
def test_what_was_typed_counts_literally_until_its_source_says_it_too(
    base: Base, key: str, record: Record, code_: str, proof: ImportSource
) -> None:
    base.take(key, record, source=OWN)  # type: ignore[arg-type]
    assert counted(base, key) == (1, 0)
    consent = {"expert_consent_undocumented"} if key == "experts" else set()
    assert reasons(base, key, 1) == {code_} | consent
    proven = base.take(key, record, source=proof)  # type: ignore[arg-type]
    assert counted(base, key) == (1, 1)
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        assert batch_view(unit, proven.batch_id or 0).source == proof
        assert not any(row_faults(unit))
    base.later()
    with base.runtime.unit(base.people["operator"]) as unit:
        undo_batch(unit, proven.batch_id or 0, "撤回来源")
    assert counted(base, key) == (1, 0)
    base.take(key, replace(record), source=OWN)  # type: ignore[arg-type]
    assert counted(base, key) == (1, 0)


def test_the_same_source_again_writes_no_fact_twice(base: Base) -> None:
    for _ in range(2):
        base.take("patents", patent(1), source=REGISTER)
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(func.count()).select_from(PatentStatus)).scalar_one() == 1


def test_the_kind_of_a_batch_is_bound_into_the_chain(base: Base) -> None:
    base.take("patents", patent(1), source=replace(REGISTER, kind="vendor"))
    with base.runtime.engine.begin() as connection:
        connection.execute(update(BatchSource).values(kind="register"))
    with base.runtime.unit(write=False) as unit:
        assert [fault.table for fault in row_faults(unit) if fault] == ["batch_sources"]


@pytest.mark.parametrize(("kind", "issuer", "day", "code_"), [
    ("invented", "某局", date(2024, 1, 1), "source_kind_unknown"),
    ("list", " ", date(2024, 1, 1), "source_issuer_missing"),
    ("list", "某" * 256, date(2024, 1, 1), "source_issuer_too_long"),
    ("list", "某局", None, "source_day_missing"),
    ("list", "某局", date(2024, 3, 5), "source_day_ahead"),
])  # fmt: skip
def test_a_source_is_named_whole(kind: str, issuer: str, day: date | None, code_: str) -> None:
    with pytest.raises(Refusal) as refused:
        import_source(kind, issuer, day, date(2024, 3, 4))
    assert refused.value.code == code_
    assert import_source("", "", None, date(2024, 3, 4)) == OWN


def test_cloned_firms_wait_in_pairs_and_one_of_them_counts(base: Base) -> None:
    clones = [firm(n, name=name) for n, name in
              enumerate(("晋江市恒步鞋业有限公司", "晋江恒步鞋业有限责任公司", "福建恒步鞋业有限公司"), 1)]  # fmt: skip
    base.take("enterprises", *clones, source=LIST)
    assert counted(base, "enterprises") == (3, 1)
    assert "enterprise_in_doubt" in reasons(base, "enterprises", 2)
    with base.runtime.unit(base.people["operator"]) as unit:
        pairs = list_pairs(unit, "enterprises").items
        assert len(pairs) == 3 and all("similar_two_codes" in pair.reasons for pair in pairs)
        for pair in pairs:
            decide_pair(unit, pair.id, "different")
    assert counted(base, "enterprises") == (3, 3)


def test_firms_of_two_places_with_equal_core_names_are_two(base: Base) -> None:
    base.take("enterprises", firm(1, name="晋江市恒步鞋业有限公司"),
              firm(2, name="石狮市恒步鞋业有限公司", uscc=code(2, "350581")))  # fmt: skip
    assert counted(base, "enterprises") == (2, 2)


def test_a_pair_that_is_struck_out_is_missed(base: Base) -> None:
    base.take("enterprises", firm(1, name="晋江市恒步鞋业有限公司"), firm(2, name="晋江恒步鞋业有限责任公司"))
    with base.runtime.engine.begin() as connection:
        connection.execute(delete(SimilarPair))
    with base.runtime.unit(write=False) as unit:
        assert [(fault.table, fault.what) for fault in row_faults(unit) if fault] == [("similar_pairs", "deleted")]


def test_a_patent_again_under_its_publication_number_counts_once(base: Base) -> None:
    again = patent(1, application_number=None, publication_number="CN107123456A")
    base.take("patents", patent(1), again)
    assert counted(base, "patents") == (2, 1)
    assert reasons(base, "patents", 2) == {"patent_in_doubt"}


def test_an_expert_whose_organisation_is_spelled_otherwise_counts_once_while_the_pair_waits(base: Base) -> None:
    base.take("experts", expert(1), expert(1, "泉州某大学化工学院"))
    assert counted(base, "experts") == (2, 1)
    with base.runtime.unit(base.people["operator"]) as unit:
        (pair,) = list_pairs(unit, "experts").items
        decide_pair(unit, pair.id, "same")
    assert counted(base, "experts") == (1, 1)


def test_a_title_that_came_by_a_merge_keeps_its_source(base: Base) -> None:
    base.take("experts", replace(expert(1), title=None), source=OWN)
    base.take("experts", expert(1, "泉州某大学化工学院"), source=LIST)
    with base.runtime.unit(base.people["operator"]) as unit:
        (pair,) = list_pairs(unit, "experts").items
        decide_pair(unit, pair.id, "same", keep=pair.left_id)
    assert counted(base, "experts") == (1, 1)
