"""Texts too long for what keeps them: refused by row on every engine, so that none refuses the whole import."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import ImportProblem
from matchhub.domain.records import AgencyRecord, CategoryClaim, ExpertRecord, Kind, Record, Row, Source
from matchhub.services.imports.batch import import_rows
from matchhub.services.imports.lengths import refuse_too_long
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from tests.services.desk_base import deal, demand, firm, patent

TEXT = "长" * 40_000


def verdicts(record: Record) -> list[str]:
    row = refuse_too_long(Row(record.source, record))
    assert (row.record is None) == bool(row.problems)
    return [problem.code for problem in row.problems]


@pytest.mark.parametrize(("size", "codes"), [(254, []), (255, []), (256, ["cell_too_long"])])
def test_a_name_may_have_255_characters(size: int, codes: list[str]) -> None:
    assert verdicts(firm(1, name="长" * size)) == codes
    assert verdicts(firm(1, categories=(CategoryClaim("high_tech_enterprise", "G" * size),))) == codes
    assert verdicts(deal(1, buyer_name="长" * size)) == codes


@pytest.mark.parametrize(("size", "codes"), [(63, []), (64, []), (65, ["cell_too_long"])])
def test_a_telephone_may_have_64_characters(size: int, codes: list[str]) -> None:
    assert verdicts(firm(1, contact_phone="1" * size)) == codes


def test_a_name_is_as_long_as_its_key() -> None:
    """The compatibility form of one character may have eighteen."""
    assert verdicts(firm(1, name="\ufdfa" * 14)) == []
    assert verdicts(firm(1, name="\ufdfa" * 15)) == ["cell_too_long"]


def test_long_texts_may_be_long() -> None:
    assert verdicts(patent(1, abstract=TEXT, title=TEXT, applicants=(TEXT,))) == []
    assert verdicts(demand(1, text=TEXT)) == []
    assert verdicts(firm(1, business_scope=TEXT, address=TEXT)) == []


def long_records() -> list[tuple[Kind, Record]]:
    """Each kind with a text of forty thousand characters in every field that takes one."""
    agency = AgencyRecord(Source("a.csv", 2), name="甲代理")
    expert = ExpertRecord(Source("e.csv", 2), name="陈某", organisation="乙大学")
    sound: list[tuple[Kind, Any]] = [
        ("patents", patent(1)), ("enterprises", firm(1)), ("experts", expert), ("agencies", agency),
        ("demands", demand(1)), ("deals", deal(1)),
    ]  # fmt: skip
    made: list[tuple[Kind, Record]] = []
    for kind, record in sound:
        for name in record.__dataclass_fields__:
            if isinstance(getattr(record, name), str | None) and not name.endswith(("_on", "_yuan", "existence")):
                made.append((kind, replace(record, **{name: TEXT})))
    return made


def test_no_text_is_too_long_for_postgres(tmp_path: Path, postgres_url: str) -> None:
    runtime, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    taken(runtime, [("enterprises", firm(1)), ("patents", patent(1))])
    for kind, record in long_records():
        taken(runtime, [(kind, record)])
    glued = Source("\u7532" * 300, 2, "\u4e59" * 300, (("\u4e19" * 300, TEXT),))
    taken(runtime, [("enterprises", replace(firm(2, name=TEXT), source=glued))])
    with runtime.unit(write=False) as unit:
        told = unit.session.execute(select(ImportProblem.column).order_by(ImportProblem.id.desc())).scalars().first()
    assert told == "\u4e19" * 255
    runtime.close()


def taken(runtime: Runtime, records: list[tuple[Kind, Record]]) -> None:
    for kind, record in records:
        with runtime.unit() as unit:
            result = import_rows(unit, kind, [Row(record.source, record)])
        assert result.sums["read"] == 1
