"""The real files, read in place: nothing lost, everything counted, every destroyed number reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ingest.reading import read_rows
from matchhub.domain.records import Kind
from tests.machine import cases


def walk(paths: Iterable[Path], kind: Kind) -> tuple[Counter[str], set[str], list[Any]]:
    """Counts of rows, records and problem codes; identities; remarks."""
    counts: Counter[str] = Counter()
    identities: set[str] = set()
    remarks: list[Any] = []
    for path in paths:
        read = read_rows(path, kind)
        walked = 0
        for row in read.rows:
            walked += 1
            counts.update({"rows": 1, "records": bool(row.record)})
            counts.update(problem.code for problem in row.problems)
            record: Any = row.record
            identities.add(
                record.uscc if kind == "enterprises" else record.application_number or record.publication_number
            )
        assert read.row_count in (None, walked)
        remarks += read.remarks
    return counts, identities, remarks


def test_the_two_patent_collections_hold_18861_patents(shared: Path) -> None:
    folder = shared / "data/patents"
    paths = [*sorted(folder.glob("a01/*.csv")), *folder.glob("city/*.xlsx")]
    counts, identities, remarks = walk(paths, "patents")
    assert (counts["rows"], counts["records"], len(identities)) == (11_517 + 7_384, 11_517 + 7_384, 18_861)
    assert counts["application_number_completed"] == 9 + 2
    assert remarks == []


def test_the_register_is_read_whole(shared: Path) -> None:
    counts, identities, remarks = walk([shared / "data/enterprises/quanzhou_register.csv"], "enterprises")
    assert (counts["rows"], counts["records"], len(identities)) == (20_393, 20_393, 20_393)
    assert remarks == []


@pytest.mark.parametrize(
    ("name", "rows", "destroyed"),
    [
        ("CN_patent_appearance_designed_709.csv", 3_161, 2_875),
        ("CN_patent_invention_authorized_712.csv", 4_493, 4_119),
        ("CN_patent_invention_published_709.csv", 12_122, 10_270),
        ("CN_patent_utility_new_712.csv", 14_325, 0),
    ][: cases(2, 4)],
)
def test_each_destroyed_number_of_the_bulletin_is_kept_by_publication_and_reported(
    shared: Path, name: str, rows: int, destroyed: int
) -> None:
    counts, _, remarks = walk([shared / "data/patents/bulletin_2019" / name], "patents")
    assert (counts["rows"], counts["records"]) == (rows, rows)
    assert counts["kept_by_publication_number"] == destroyed
    assert remarks == []


def test_the_registers_file_is_refused_as_patents_and_the_reverse(shared: Path) -> None:
    from matchhub.errors import FileRefused

    for name, kind, own in (
        ("enterprises/quanzhou_register.csv", "patents", "enterprises"),
        ("patents/a01/A01L.csv", "enterprises", "patents"),
    ):
        with pytest.raises(FileRefused) as caught:
            read_rows(shared / "data" / name, kind)  # type: ignore[arg-type]
        assert caught.value.code == f"file_looks_like_{own}"
