"""Wrong, broken and hostile files dropped in as a clerk would: a sentence on the page, nothing written, never a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import ImportBatch, ImportJob, LogEntry
from matchhub.services.kernel.runtime import Runtime
from tests.ingest.test_hostile_files import REFUSED
from tests.web.people import Person
from tests.web.test_intake import operator
from tests.web.test_intake_files import stored

__all__ = ["operator"]
CURABLE = {"file_no_header", "file_columns_missing"}  # a person may still say which row is the header


def counted(runtime: Runtime) -> list[int]:
    with runtime.unit(write=False) as unit:
        return [
            unit.session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (ImportBatch, ImportJob, LogEntry)
        ]


@pytest.mark.parametrize(("make", "allowed"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_wrong_file_gets_its_sentence_and_leaves_nothing(
    operator: Person, runtime: Runtime, tmp_path: Path, make: Callable[[Path], Path], allowed: set[str]
) -> None:
    before, path = counted(runtime), make(tmp_path)
    data: dict[str, Any] = {"kind": "patents", "files": (BytesIO(path.read_bytes()), path.name)}
    page = operator.post("/intake/uploads", data, content_type="multipart/form-data")
    if page.status_code == 302:
        page = operator.get(f"{page.headers['Location']}/look", headers={"HX-Request": "1"})
        assert page.status_code == 200
    else:
        assert page.status_code == 422
    told = re.findall(r'<div[^>]*role="alert".*?</div>', page.text, re.S)  # the empty one of a dialog is none
    assert len(told) == 1 and path.name in told[0]
    assert 'value="write"' not in page.text and len(page.data) < 2_000_000
    assert counted(runtime) == before
    if not allowed & CURABLE:
        assert stored(runtime) == []
