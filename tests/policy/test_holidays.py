"""Days off that a pack names itself go before the national notice, for every rule that asks for a working day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from matchhub.domain.calendar import Holidays, is_working_day
from matchhub.domain.counting.counters import count_all
from matchhub.domain.licensing import filing_due_on
from matchhub.domain.messages import DEFAULT_CHOICES, digest_day, may_go_at
from matchhub.domain.rules import RulePack
from matchhub.operation.timetable import may_catch_up
from matchhub.policy import check_pack, load_pack, read_pack
from tests.domain.counting.verdicts import speak
from tests.domain.factories import licence, payment, some_facts
from tests.policy.packs import FILE, KEY

JINJIANG, CHENGWAN = load_pack(KEY), load_pack("example-chengwan-2025")
FESTIVAL, WORKED = date(2025, 9, 5), date(2025, 9, 6)  # a Friday and the Saturday after it


def test_both_packs_run_and_see_other_days() -> None:
    assert [is_working_day(day, JINJIANG.holidays) for day in (FESTIVAL, WORKED)] == [True, False]
    assert [is_working_day(day, CHENGWAN.holidays) for day in (FESTIVAL, WORKED)] == [False, True]
    national = date(2025, 10, 1)
    assert not is_working_day(national, CHENGWAN.holidays), "what a pack does not name follows the notice"


@pytest.mark.parametrize(
    ("pack", "on_the_festival", "on_the_saturday"), [(JINJIANG, FESTIVAL, date(2025, 9, 8)), (CHENGWAN, WORKED, WORKED)]
)
def test_the_last_day_of_a_filing_is_a_working_day_of_the_pack(
    pack: RulePack, on_the_festival: date, on_the_saturday: date
) -> None:
    assert filing_due_on(date(2025, 6, 5), pack) == on_the_festival
    assert filing_due_on(date(2025, 6, 6), pack) == on_the_saturday


@pytest.mark.parametrize(("filed", "here", "there"), [(date(2025, 9, 6), "late", "in time"),
                                                      (date(2025, 9, 5), "in time", "in time")])  # fmt: skip
def test_a_filing_is_counted_by_the_days_of_the_pack_that_counts(filed: date, here: str, there: str) -> None:
    def judged(pack: RulePack) -> str:
        reached = date(2025, 6, 5)
        one = licence(notified_on=reached, reached_on=reached, payments=(payment(paid_on=reached),), filed_on=filed)
        atoms = count_all(replace(some_facts(), licences=(one,)), pack, date(2025, 12, 31))
        (atom,) = atoms[pack.thresholds_of("licences")[0].key]
        return "late" if "licence_filed_late" in {each.code for each in atom.reasons} else "in time"

    own = replace(JINJIANG, holidays=CHENGWAN.holidays)  # the neighbour's measure pays for no licences
    assert (judged(JINJIANG), judged(own)) == (here, there)


def test_letters_and_missed_jobs_keep_the_days_of_the_pack() -> None:
    zone, friday = JINJIANG.local.time_zone, datetime(2025, 9, 5, 2, tzinfo=UTC)  # ten o'clock in the city
    saturday = datetime(2025, 9, 6, 2, tzinfo=UTC)

    def opens(at: datetime, pack: RulePack) -> datetime:
        return may_go_at(DEFAULT_CHOICES, "reminders", at, None, zone, pack.holidays)

    assert (opens(friday, JINJIANG), opens(friday, CHENGWAN)) == (friday, datetime(2025, 9, 6, 0, tzinfo=UTC))
    assert (opens(saturday, JINJIANG), opens(saturday, CHENGWAN)) == (datetime(2025, 9, 8, 0, tzinfo=UTC), saturday)
    for at, here, there in ((friday, True, False), (saturday, False, True)):
        assert may_catch_up("plan", zone, JINJIANG.holidays, at) is here
        assert may_catch_up("plan", zone, CHENGWAN.holidays, at) is there
    monday = Holidays(off=frozenset({date(2025, 9, 8)}))
    assert digest_day(date(2025, 9, 10), monday) == date(2025, 9, 9) != digest_day(date(2025, 9, 10), Holidays())


@pytest.mark.parametrize(
    ("said", "code", "where"),
    [
        ('off = ["2026-09-11"]', "pack_type", "holidays.off"),
        ("off = [2026-09-11T08:00:00]", "pack_type", "holidays.off"),
        ("off = 2026-09-11", "pack_type", "holidays.off"),
        ("off = [0226-09-11]", "pack_range", "holidays.off"),
        ("off = [2026-09-11, 2026-09-11]", "pack_twice", "holidays.off"),
        ("working = [2026-09-11]\noff = [2026-09-11]", "pack_twice", "holidays.working"),
        ("free = [2026-09-11]", "pack_unknown_field", "holidays.free"),
    ],
)
def test_a_wrong_day_is_told_with_file_and_line(tmp_path: Path, said: str, code: str, where: str) -> None:
    text = FILE.read_text(encoding="utf-8") + "\n[holidays]\n" + said + "\n"
    file = tmp_path / f"{KEY}.toml"
    file.write_text(text, encoding="utf-8")
    (fault,) = check_pack(file)
    line = text.splitlines().index("[holidays]") + 2
    assert (fault.code, fault.data["where"], fault.data["file"], fault.data["line"]) == (code, where, file.name, line)
    speak(fault.code, fault.data)


def test_an_empty_table_takes_back_the_days_of_the_pack_it_extends() -> None:
    text = 'key = "beside"\ntitle_zh = "甲"\ntitle_en = "A"\ndocument = "甲"\nextends = "example-chengwan-2025"\n'
    assert read_pack("beside", text.encode()).holidays == CHENGWAN.holidays != Holidays()
    assert read_pack("beside", (text + "[holidays]\n").encode()).holidays == Holidays()
