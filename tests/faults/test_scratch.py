"""What a killed process was reading lies in the home, nowhere else, and is gone once the next one starts."""

from __future__ import annotations

import os
import signal
import subprocess
import zipfile
from pathlib import Path

import pytest

from matchhub.services.kernel.scratch import scratch_folder
from tests.faults.service import COMMAND, wait_for
from tests.ingest.tables_on_disk import PATENT_HEADER, PATENT_ROW, write_csv


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signals here")
def test_what_a_killed_import_had_unpacked_is_swept_by_the_next_start(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    table = write_csv(tmp_path / "一.csv", [PATENT_HEADER, *[PATENT_ROW] * 30_000])
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(table, "一.csv")
    environment = {**os.environ, "MATCHHUB_HOME": str(home), "MATCHHUB_SECRET_KEY": "k", "TMPDIR": str(elsewhere)}
    environment.pop("MATCHHUB_DATABASE_URL", None)
    command = [*COMMAND, "import", "patents", str(tmp_path / "all.zip")]
    with (tmp_path / "said").open("wb") as said:
        reading = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
    wait_for(
        lambda: reading.poll() is not None or any((home / "scratch").glob("*/matchhub-read-*/*")),
        "the file is unpacked",
    )
    reading.kill()
    assert reading.wait() == -signal.SIGKILL, (tmp_path / "said").read_text("utf-8")
    (left,) = [each for each in (home / "scratch").iterdir() if each.is_dir()]
    assert any(left.rglob("*.csv"))
    assert left.stat().st_mode & 0o077 == 0
    assert list(elsewhere.iterdir()) == []
    subprocess.run([*COMMAND, "progress"], env=environment, check=True, capture_output=True)
    assert [each.name for each in (home / "scratch").iterdir()] == ["turn"]


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as first:
        (first / "a").touch()
        with scratch_folder(tmp_path):
            assert (first / "a").exists()
    assert not first.exists()
