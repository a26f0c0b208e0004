"""What reading leaves on disk is gone when nobody can read from it any more."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

import pytest

from ingest.reading import read_rows
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, write_xlsx


def test_a_spool_lives_as_long_as_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    rows = read_rows(write_xlsx(tmp_path / "x.xlsx", 表=[PATENT_HEADER, *[PATENT_ROW] * 5]), "patents").rows
    next(rows)
    gc.collect()
    assert len(list(place.iterdir())) == 1
    assert len(list(rows)) == 4
    del rows
    gc.collect()
    assert list(place.iterdir()) == []
