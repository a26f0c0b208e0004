"""Codes of an import: no personal number is ever stored, one certificate belongs to one firm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy import select, text

from matchhub.db.tables import Agency, Enterprise, ReviewItem
from matchhub.domain.records import CategoryClaim, Kind
from matchhub.services.imports.batch import ImportResult
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.importing import import_files
from matchhub.services.imports.reading import read_files
from tests.domain.test_credit_codes import person
from tests.services.desk_base import Base, code, firm


def taken(base: Base, kind: Kind, path: Path, *lines: str) -> ImportResult:
    path.write_text("\n".join(lines), "utf-8")
    read = read_files(base.runtime, [path], kind, "", Corrections())
    return import_files(base.runtime, kind, read, [path])


def everything(base: Base) -> str:
    """Every value of every table as one text."""
    with base.runtime.unit(write=False) as unit:
        tables = unit.session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        rows = [unit.session.execute(text(f'SELECT * FROM "{table}"')).all() for table in tables]
    return repr(rows)


def test_a_personal_number_is_held_for_review_and_stored_nowhere(base: Base, tmp_path: Path) -> None:
    number = person(901)
    result = taken(
        base, "enterprises", tmp_path / "a.csv", "企业名称,统一社会信用代码,法定代表人,身份证号,备注",
        f"晋江市甲鞋业有限公司,{number},张某（{number}）,{number},电话{number}",
        f"晋江市乙鞋业有限公司,{code(2)},李某（{number}）,{number},x",
    )  # fmt: skip
    assert (result.sums["review"], result.sums["created"]) == (1, 1)
    assert [problem.code for problem in result.problems] == ["uscc_is_personal_number"]
    assert number not in everything(base) and number not in str(result.to_json()) + repr(result.problem_rows)


def test_one_certificate_on_two_firms_waits_for_a_person_and_one_counts(base: Base) -> None:
    claim = CategoryClaim("high_tech_enterprise", "GR202335000001", None, date(2023, 1, 1), date(2026, 1, 1))
    first, second = (
        firm(1, categories=(claim,)),
        firm(2, categories=(replace(claim, certificate_number="GR202335000001 "),)),
    )
    result = base.take("enterprises", first, second)
    assert (result.sums["created"], result.sums["review"]) == (1, 1)
    base.later()
    assert base.take("enterprises", replace(second, source=replace(second.source, line=9))).sums["review"] == 1
    assert base.take("enterprises", replace(first, industry="制鞋")).sums["updated"] == 1
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(ReviewItem.code)).scalars().all() == ["certificate_shared"]


def test_an_agency_code_from_a_spreadsheet_loses_its_zero(base: Base, tmp_path: Path) -> None:
    taken(base, "agencies", tmp_path / "a.csv", "机构名称,机构代码,服务类型", "某某专利代理事务所,35997.0,专利代理")
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Agency.agency_code)).scalars().all() == ["35997"]
        assert unit.session.execute(select(Enterprise.id)).all() == []
