"""Two imports of the same file at the same moment: one writes, the other is told, and nothing stands there twice."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

from matchhub.db.tables import Enterprise
from matchhub.domain.records import Row
from matchhub.errors import Conflict
from matchhub.services.imports.batch import import_rows
from matchhub.services.imports.importing import told_if_overtaken
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import Settings
from tests.services.desk_base import firm


def test_the_loser_of_two_imports_at_once_is_told(postgres_url: str, tmp_path: Path) -> None:
    runtime, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    together = threading.Barrier(2, timeout=60)

    def bring(_: int) -> str:
        rows = [Row(each.source, each) for each in map(firm, range(1, 40))]
        try:
            with told_if_overtaken(), runtime.unit() as unit:
                unit.session.scalar(sa.select(sa.func.count()).select_from(Enterprise))
                together.wait()
                import_rows(unit, "enterprises", rows)
        except Conflict as lost:
            return lost.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ended = Counter(pool.map(bring, range(2)))
    # One that begins when the other has ended finds its rows and changes nothing.
    assert set(ended) <= {"done", "import_overtaken"} and ended["done"] >= 1
    with runtime.unit(write=False) as unit:
        assert unit.session.scalar(sa.select(sa.func.count()).select_from(Enterprise)) == 39
    runtime.close()
