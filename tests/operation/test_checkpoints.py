"""Checkpoints by themselves: daily, at a restore, into folder and mail; an old backup put back is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa

from matchhub.db.tables import Account
from matchhub.errors import FileRefused
from matchhub.notify.channel import Delivered, Letter
from matchhub.operation.checkpoints import make_checkpoint, record_restore, restore, send_checkpoints
from matchhub.operation.diagnosis import examine
from matchhub.services.evidence.auditing import Audit, audit_base
from matchhub.services.kernel.backup import make_backup
from matchhub.services.kernel.checkpoints import (
    CheckpointUnwritable,
    checkpoint_files,
    lost_names,
    read_checkpoint,
    read_checkpoints,
    restore_signs,
)
from matchhub.services.kernel.event_log import append_event, end_of_chain, verify_log
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import system_clock
from matchhub.worker import JOBS, run_tick
from tests.web.installation import Clock, filled_home, runtime, settings

__all__ = ["filled_home", "runtime"]


def work(runtime: Runtime, times: int = 3) -> None:
    for number in range(times):
        with runtime.unit() as unit:
            append_event(unit, "demand.posted", "demands", number)


def audited(runtime: Runtime) -> Audit:
    with runtime.unit(write=False) as unit:
        return audit_base(unit, read_checkpoints(runtime.settings.checkpoints))


def names(runtime: Runtime) -> list[str]:
    return [each.name for each in checkpoint_files(runtime.settings.checkpoints)]


@pytest.fixture
def kept(runtime: Runtime, tmp_path: Path) -> Iterator[Runtime]:
    """A base whose checkpoints lie outside its home."""
    runtime.settings = replace(runtime.settings, checkpoint_folder=tmp_path / "outside")
    work(runtime)
    yield runtime


def test_the_worker_keeps_one_checkpoint_a_day_with_the_counts(kept: Runtime) -> None:
    assert "checkpoint" in JOBS
    assert [run_tick(kept, "w", "checkpoint") for _ in range(2)] == [True, False]
    (file,) = checkpoint_files(kept.settings.checkpoints)
    made = read_checkpoint(file)
    assert (made.reason, made.day, made.policy_confirmed) == ("daily", "2025-06-02", False)
    assert set(made.counts["patents"]) == {"literal", "strict"}
    with kept.unit(write=False) as unit:
        assert verify_log(unit, [made]).valid
    make_checkpoint(kept, "claim")
    assert names(kept) == [file.name]  # this state of the log is kept already


def test_each_checkpoint_goes_to_the_bureau_once_and_a_failed_one_again(kept: Runtime) -> None:
    kept.settings = replace(kept.settings, bureau_email="chain@bureau.example")
    make_checkpoint(kept, "daily")
    answers = iter([Delivered("smtp", "deferred", "421 later"), Delivered("smtp", "delivered", "250 ok")])
    letters: list[Letter] = []

    def send(letter: Letter) -> Delivered:
        letters.append(letter)
        return next(answers)

    assert [send_checkpoints(kept, send) for _ in range(3)] == [
        {"sent": 0, "failed": 1}, {"sent": 1, "failed": 0}, {"sent": 0, "failed": 0},
    ]  # fmt: skip
    assert letters[0] == letters[1]
    (made,) = read_checkpoints(kept.settings.checkpoints)
    assert letters[0].to == "chain@bureau.example"
    assert made.last_hash in letters[0].text and "专利：" in letters[0].text


def test_without_a_mail_server_it_becomes_a_file_for_who_keeps_the_bureaus_accounts(kept: Runtime) -> None:
    make_checkpoint(kept, "daily")
    assert send_checkpoints(kept) == {"sent": 0, "failed": 0}  # nobody's address is known
    with kept.unit() as unit:
        unit.session.execute(sa.update(Account).where(Account.keeps_accounts).values(email="chief@bureau.example"))
    assert send_checkpoints(kept) == {"sent": 1, "failed": 0}
    (file,) = (kept.home / "outbox").glob("checkpoint-*.eml")
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["To"] == "chief@bureau.example"


def put_back(kept: Runtime, tmp_path: Path) -> tuple[Settings, int]:
    """A backup of yesterday, a checkpoint of today: the backup is older than it."""
    make_backup(kept, tmp_path / "old.tar")
    work(kept)
    made = make_checkpoint(kept, "daily")
    assert audited(kept).valid
    return replace(settings(tmp_path / "again"), checkpoint_folder=kept.settings.checkpoints), made.sequence


def test_an_old_backup_put_back_is_told_by_restore_audit_and_page(kept: Runtime, tmp_path: Path) -> None:
    there, sequence = put_back(kept, tmp_path)
    done = restore(there, tmp_path / "old.tar")
    told = {"sequence": sequence, "day": "2025-06-02"}
    assert done["older_than"] == told
    again, _ = open_runtime(there, create=False)
    found = audited(again)
    assert (found.valid, [dict(sign) for sign in found.signs if sign["code"] == "base_restored"]) == (
        True,
        [{"code": "base_restored", "entry": found.entries, **told}],
    )
    with again.unit(write=False) as unit:
        assert (lost_names(unit, there.checkpoints), len(restore_signs(unit))) == ([], 1)
    assert [each.reason for each in read_checkpoints(there.checkpoints)].count("restore") == 1
    again.close()


def test_one_copied_into_its_place_is_a_fault(kept: Runtime, tmp_path: Path) -> None:
    there, sequence = put_back(kept, tmp_path)
    shutil.unpack_archive(tmp_path / "old.tar", there.home)
    again, _ = open_runtime(there, create=False)
    again.clock = clock = Clock()
    clock.forward(timedelta(hours=1))
    for _ in range(2):  # also when work went on: then the log is another one from there on
        found = audited(again)
        assert (found.valid, found.code, found.data["sequence"]) == (False, "base_older", sequence)
        with again.unit(write=False) as unit:
            assert lost_names(unit, there.checkpoints) == [(sequence, "2025-06-02")]
        work(again, 9)
    again.close()
    environment = {"MATCHHUB_HOME": str(there.home), "MATCHHUB_CHECKPOINTS": str(there.checkpoints)}
    checks = {each["name"]: each for each in examine(environment)["checks"]}
    assert (checks["log"]["ok"], checks["log"]["code"]) == (False, "base_older")


def test_a_backup_that_loses_nothing_is_no_sign(kept: Runtime, tmp_path: Path) -> None:
    make_checkpoint(kept, "daily")
    make_backup(kept, tmp_path / "new.tar")
    there = replace(settings(tmp_path / "again"), checkpoint_folder=kept.settings.checkpoints)
    assert restore(there, tmp_path / "new.tar")["older_than"] is None
    again, _ = open_runtime(there, create=False)
    assert (audited(again).valid, audited(again).signs) == (True, ())
    again.close()


def test_what_is_lost_after_a_restore_is_a_fault_again(kept: Runtime, tmp_path: Path) -> None:
    there, _ = put_back(kept, tmp_path)
    restore(there, tmp_path / "old.tar")
    again, _ = open_runtime(there, create=False)
    work(again)
    make_checkpoint(again, "daily")
    with again.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_log_no_delete")
        connection.exec_driver_sql("DELETE FROM event_log WHERE id > (SELECT max(id) - 2 FROM event_log)")
    assert audited(again).code == "base_older"
    again.close()


def test_so_it_is_on_postgres(tmp_path: Path, postgres_url: str) -> None:
    """The state before is put back by the server's own means: what came after a checkpoint is rolled back."""
    opened, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    opened.clock = Clock()
    work(opened)
    with pytest.raises(InterruptedError), opened.unit() as unit:
        append_event(unit, "demand.posted", "demands", 7)
        made = end_of_chain(unit)
        raise InterruptedError
    opened.settings.checkpoints.mkdir()
    (opened.settings.checkpoints / made.name).write_text(json.dumps(made.to_json()), "utf-8")
    found = audited(opened)
    assert (found.valid, found.code, found.data["day"]) == (False, "base_older", made.day)
    assert record_restore(opened) == {"sequence": made.sequence, "day": made.day}
    assert [sign["code"] for sign in audited(opened).signs] == ["base_restored"]
    opened.close()


def test_a_folder_that_cannot_be_written_and_a_file_that_is_none_are_refused(kept: Runtime, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("no folder", "utf-8")
    kept.settings = replace(kept.settings, checkpoint_folder=tmp_path / "a file")
    with pytest.raises(CheckpointUnwritable):
        make_checkpoint(kept, "daily")
    with pytest.raises(FileRefused, match="checkpoint_unreadable"):
        read_checkpoint(tmp_path / "a file")


def test_a_checkpoint_whose_day_reads_as_a_path_is_refused(kept: Runtime) -> None:
    made = make_checkpoint(kept, "daily")
    (file,) = checkpoint_files(kept.settings.checkpoints)
    said = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(said | {"day": "../../outside"}), "utf-8")
    with pytest.raises(FileRefused, match="checkpoint_unreadable"):
        read_checkpoint(file)
    file.write_text(json.dumps(said), "utf-8")
    assert made is not None and read_checkpoint(file).name == file.name


def test_doctor_misses_checkpoints_after_two_days(kept: Runtime) -> None:
    environment = {"MATCHHUB_HOME": str(kept.home), "MATCHHUB_CHECKPOINTS": str(kept.settings.checkpoints)}

    def told() -> tuple[bool, str]:
        (check,) = [each for each in examine(environment)["checks"] if each["name"] == "checkpoints"]
        return check["ok"], check["code"]

    assert told() == (False, "doctor_checkpoints_missing")  # the log of this base began long ago
    kept.clock = system_clock
    make_checkpoint(kept, "daily")
    assert told() == (True, "doctor_checkpoints")
