"""Evidence files are looked at every night: what is missing or changed proves nothing from then on, and is told."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from matchhub import worker
from matchhub.cli.trust import audit
from matchhub.db.tables import EvidenceFile
from matchhub.operation.diagnosis import examine
from matchhub.operation.timetable import TIMES
from matchhub.services.evidence.auditing import last_audit
from matchhub.services.evidence.checking import EvidenceState, check_evidence, evidence_state, read_all_evidence
from matchhub.services.evidence.files import place_of, store_evidence, withdraw_evidence
from matchhub.services.kernel.event_log import verify_log
from tests.papers import letter
from tests.services.desk_base import Base, base, deal, empty_home, firm, patent

__all__ = ["base", "empty_home"]


@pytest.fixture
def kept(base: Base) -> Base:
    """A deal with two files as evidence, number 1 and 2."""
    base.take("patents", patent(1))
    base.take("enterprises", firm(1))
    base.take("deals", deal(1))
    with base.runtime.unit(base.people["clerk"]) as unit:
        store_evidence(unit, "deals", 1, "contract", "合同.pdf", letter("signed"))
        store_evidence(unit, "deals", 1, "payment_proof", "回单.pdf", letter("paid"))
    return base


def file_of(base: Base, number: int) -> Path:
    with base.runtime.unit(write=False) as unit:
        return place_of(base.runtime.home, unit.session.get_one(EvidenceFile, number).sha256)


def state(base: Base) -> EvidenceState:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return evidence_state(unit)


def check(base: Base) -> tuple[int, ...]:
    with base.runtime.unit() as unit:
        return check_evidence(unit).damaged


@pytest.mark.parametrize("harm", ["changed", "gone", "a folder"])
def test_a_file_that_is_not_what_was_stored_is_marked_and_told_with_its_record(kept: Base, harm: str) -> None:
    place = file_of(kept, 2)
    place.unlink()
    if harm == "changed":
        place.write_bytes(b"paie")
    if harm == "a folder":
        place.mkdir()
    assert check(kept) == (2,)
    found = state(kept)
    assert (found.files, found.checked_at) == (2, kept.clock())
    assert [(each.id, each.name, each.kind, each.record_id) for each in found.damaged] == [(2, "回单.pdf", "deals", 1)]


def test_a_file_that_was_put_back_proves_again(kept: Base) -> None:
    place = file_of(kept, 1)
    content = place.read_bytes()
    place.unlink()
    assert check(kept) == (1,)
    place.write_bytes(content)
    assert check(kept) == ()
    assert state(kept).damaged == ()


def test_a_damaged_file_is_marked_from_the_first_check_that_found_it(kept: Base) -> None:
    file_of(kept, 1).unlink()
    check(kept)
    first = kept.clock()
    kept.later()
    check(kept)
    assert [each.since_at for each in state(kept).damaged] == [first]


def test_a_file_that_was_withdrawn_is_told_no_more(kept: Base) -> None:
    file_of(kept, 1).unlink()
    check(kept)
    with kept.runtime.unit(kept.people["operator"]) as unit:
        withdraw_evidence(unit, 1, "丢失")
    assert (state(kept).files, state(kept).damaged) == (1, ())


def test_a_file_stored_while_the_others_were_read_is_left_for_the_next_check(kept: Base) -> None:
    with kept.runtime.unit(write=False) as unit:
        found = read_all_evidence(unit)
    with kept.runtime.unit(kept.people["clerk"]) as unit:
        store_evidence(unit, "deals", 1, "notice", "通知.pdf", letter("told"))
    file_of(kept, 3).unlink()
    with kept.runtime.unit() as unit:
        assert check_evidence(unit, found).files == 2
    assert state(kept).damaged == ()


def test_the_worker_checks_every_night_and_writes_down_what_it_found(kept: Base) -> None:
    assert state(kept).checked_at is None
    file_of(kept, 1).unlink()
    assert worker.run_tick(kept.runtime, "one", "evidence")
    assert [each.id for each in state(kept).damaged] == [1]
    kept.later()
    found = worker.evidence_job(kept.runtime)
    assert {key: found[key] for key in ("valid", "files", "damaged")} == {"valid": False, "files": 2, "damaged": [1]}
    with kept.runtime.unit(kept.people["reviewer"], write=False) as unit:
        last = last_audit(unit)
    assert last is not None and not last.valid and last.at < kept.clock(), (
        "the tick keeps it, not whoever calls the job"
    )
    assert (last.code, last.data["table"], last.data["row"]) == ("rows_differ", "evidence_files", 1)
    assert TIMES["evidence"].hour == 2
    with kept.runtime.unit(write=False) as unit:
        assert verify_log(unit).valid


@pytest.mark.parametrize(("harmed", "status"), [(False, 0), (True, 1)])
def test_the_command_checks_and_says_which_files_are_damaged(kept: Base, harmed: bool, status: int) -> None:
    if harmed:
        file_of(kept, 2).unlink()
    told = CliRunner().invoke(audit, ["evidence", "--json"], env={"MATCHHUB_HOME": str(kept.runtime.home)})
    assert told.exit_code == status
    assert json.loads(told.stdout) == {"valid": not harmed, "files": 2, "damaged": [2] if harmed else []}
    spoken = CliRunner().invoke(
        audit, ["evidence"], env={"MATCHHUB_HOME": str(kept.runtime.home), "MATCHHUB_LANG": "en"}
    )
    assert ("missing or changed" in spoken.stdout) is harmed


def doctor(base: Base) -> tuple[bool, str]:
    report = examine({**os.environ, "MATCHHUB_HOME": str(base.runtime.home), "MATCHHUB_SECRET_KEY": "x"})
    (told,) = [each for each in report["checks"] if each["name"] == "evidence"]
    return told["ok"], told["code"]


def test_doctor_says_whether_the_evidence_is_sound_or_was_not_checked(kept: Base) -> None:
    assert doctor(kept) == (False, "doctor_evidence_unchecked")
    environment = {"MATCHHUB_HOME": str(kept.runtime.home)}
    assert CliRunner().invoke(audit, ["evidence"], env=environment).exit_code == 0
    assert doctor(kept) == (True, "doctor_evidence_sound")
    file_of(kept, 1).unlink()
    CliRunner().invoke(audit, ["evidence"], env=environment)
    assert doctor(kept) == (False, "doctor_evidence_damaged")


def test_an_installation_without_evidence_needs_no_check(base: Base) -> None:
    assert doctor(base) == (True, "doctor_evidence_sound")


@pytest.mark.parametrize(("age", "ok"), [(timedelta(days=2, minutes=-5), True), (timedelta(days=2, minutes=5), False)])
def test_a_check_is_old_after_two_days(kept: Base, age: timedelta, ok: bool) -> None:
    kept.clock.now = datetime.now(UTC) - age
    check(kept)
    assert doctor(kept)[0] is ok
