"""Real, dirty, large files go in whole: every row is accounted for and no number is made up."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ingest.reading import read_rows
from matchhub.db.tables import Enterprise, Patent, PatentAlias
from matchhub.domain.records import Kind
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.kernel.runtime import Runtime, open_runtime
from tests.web.installation import settings

pytestmark = pytest.mark.shared


@pytest.fixture
def empty(tmp_path: Path) -> Runtime:
    return open_runtime(settings(tmp_path))[0]


def taken(runtime: Runtime, kind: Kind, *files: Path) -> ImportResult:
    about = [{"name": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()} for file in files]
    with runtime.unit() as unit:
        return import_rows(unit, kind, (row for file in files for row in read_rows(file, kind).rows), files=about)


def test_the_city_and_the_farming_patents_are_18861_distinct_ones(shared: Path, empty: Runtime) -> None:
    folder = shared / "data" / "patents"
    files = (folder / "city" / "city_patents_1985_2015.xlsx", *sorted((folder / "a01").glob("*.csv")))
    sums = taken(empty, "patents", *files).sums
    assert (sums["read"], sums["created"], sums["refused"], sums["review"]) == (7_384 + 11_517, 18_861, 0, 0)
    again = taken(empty, "patents", *files).sums
    assert (again["read"], again["unchanged"]) == (18_901, 18_901)


def test_of_20393_registered_firms_5860_are_local(shared: Path, empty: Runtime) -> None:
    sums = taken(empty, "enterprises", shared / "data" / "enterprises" / "quanzhou_register.csv").sums
    assert (sums["read"], sums["created"]) == (20_393, 20_393)
    with empty.unit(write=False) as unit:
        local = select(func.count()).select_from(Enterprise).where(Enterprise.local.is_(True))
        assert unit.session.execute(local).scalar() == 5_860


def test_destroyed_numbers_of_the_bulletin_are_kept_by_publication_number_and_said_so(
    shared: Path, empty: Runtime
) -> None:
    file = shared / "data" / "patents" / "bulletin_2019" / "CN_patent_invention_authorized_712.csv"
    result = taken(empty, "patents", file)
    codes = [problem.code for problem in result.problems]
    assert result.sums["read"] == 4_493
    assert result.sums["refused"] + codes.count("kept_by_publication_number") > 4_000
    with empty.unit(write=False) as unit:
        bare = select(func.count()).select_from(Patent).where(Patent.application_number.is_(None))
        named = select(func.count(func.distinct(PatentAlias.patent_id)))
        kept = unit.session.execute(bare).scalar() or 0
        assert kept > 4_000
        assert (unit.session.execute(named).scalar() or 0) >= kept
