"""A backup is consistent, checked before it is put back, and never overwrites by accident."""

from __future__ import annotations

import tarfile
import threading
from pathlib import Path

import pytest

from matchhub.errors import Conflict, FileRefused
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.backup import make_backup, restore_backup
from matchhub.services.kernel.event_log import append_event, verify_log
from matchhub.services.kernel.jobs import begin_tick
from matchhub.services.kernel.running import running, runs_here
from matchhub.services.kernel.runtime import Runtime, open_runtime
from tests.papers import letter
from tests.web.installation import settings


def restored(file: Path, home: Path) -> Runtime:
    restore_backup(settings(home), file)
    return open_runtime(settings(home), create=False)[0]


def test_what_was_backed_up_comes_back_with_its_evidence(runtime: Runtime, tmp_path: Path) -> None:
    with runtime.unit() as unit:
        store_evidence(unit, "demands", 1, "authorisation", "盖章.pdf", letter("sealed"))
    made = make_backup(runtime, tmp_path / "b.tar")
    other = restored(tmp_path / "b.tar", tmp_path / "other")
    with other.unit(write=False) as unit:
        assert verify_log(unit).valid
    files = [each.read_bytes() for each in (tmp_path / "other" / "evidence").rglob("*") if each.is_file()]
    assert files == [letter("sealed")]
    assert made["bytes"] == (tmp_path / "b.tar").stat().st_size


def test_a_backup_taken_while_others_write_is_whole(runtime: Runtime, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set() and number < 400:
            with runtime.unit() as unit:
                append_event(unit, "demand.posted", "demands", number)
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(3):
            make_backup(runtime, tmp_path / f"b{number}.tar")
    finally:
        stop.set()
        thread.join()
    for number in range(3):
        other = restored(tmp_path / f"b{number}.tar", tmp_path / f"other{number}")
        with other.unit(write=False) as unit:
            assert verify_log(unit).valid


def test_records_are_replaced_only_when_that_is_said(runtime: Runtime, tmp_path: Path) -> None:
    make_backup(runtime, tmp_path / "b.tar")
    with pytest.raises(Conflict) as refused:
        restore_backup(runtime.settings, tmp_path / "b.tar")
    assert refused.value.code == "backup_over_records"
    with runtime.unit() as unit:
        begin_tick(unit, "match")
    runtime.close()
    restore_backup(runtime.settings, tmp_path / "b.tar", force=True)
    again, _ = open_runtime(runtime.settings, create=False)
    with again.unit() as unit:
        assert begin_tick(unit, "match") == 1


@pytest.mark.parametrize("harm", ["cut", "flip", "nonsense"])
def test_a_damaged_backup_is_refused_and_nothing_is_put_back(runtime: Runtime, tmp_path: Path, harm: str) -> None:
    file = tmp_path / "b.tar"
    make_backup(runtime, file)
    content = bytearray(file.read_bytes())
    if harm == "cut":
        content = content[: len(content) // 2]
    elif harm == "flip":
        place = content.index(b"SQLite format 3") + 4096
        content[place] ^= 0xFF
    else:
        content = bytearray(b"not a backup at all")
    file.write_bytes(bytes(content))
    with pytest.raises(FileRefused) as refused:
        restore_backup(settings(tmp_path / "other"), file)
    assert refused.value.code == "backup_damaged"
    assert not (tmp_path / "other" / "matchhub.db").exists()


def test_a_damaged_base_gives_no_backup_and_the_last_good_one_stays(runtime: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    make_backup(runtime, file)
    good = file.read_bytes()
    runtime.close()
    base = runtime.home / "matchhub.db"
    content = bytearray(base.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096 * 4] = b"\x5a" * 4096 * 4
    base.write_bytes(bytes(content))
    with pytest.raises(FileRefused) as refused:
        make_backup(runtime, file)
    assert refused.value.code == "backup_of_damaged"
    assert file.read_bytes() == good and sorted(tmp_path.glob("*.part")) == []


def test_the_secret_key_and_what_was_half_written_stay_outside(runtime: Runtime, tmp_path: Path) -> None:
    (runtime.home / "secret_key").write_text("nobody's business")
    (runtime.home / "evidence" / "aa").mkdir(parents=True)
    (runtime.home / "evidence" / "aa" / "aa12.part").write_bytes(b"half")
    make_backup(runtime, tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar") as archive:
        assert set(archive.getnames()) == {"matchhub.db", "manifest.json"}


def test_nothing_is_put_back_while_something_runs(runtime: Runtime, tmp_path: Path) -> None:
    make_backup(runtime, tmp_path / "b.tar")
    with runs_here(runtime.home, "web"), pytest.raises(Conflict) as refused:
        restore_backup(runtime.settings, tmp_path / "b.tar", force=True)
    assert (refused.value.code, refused.value.data) == ("still_running", {"what": "web"})
    (runtime.home / "running" / "web-1.lock").touch()  # of one that was killed
    assert running(runtime.home) == []
    restore_backup(runtime.settings, tmp_path / "b.tar", force=True)
