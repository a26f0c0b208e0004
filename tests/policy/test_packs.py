"""Rule packs: the shipped one says what the law says, and a wrong file is refused with its place."""

from __future__ import annotations

import json
import os
import shutil
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from matchhub.domain.counting.counters import count_all
from matchhub.domain.counting.progress import progress
from matchhub.errors import SettingInvalid
from matchhub.policy import load_pack, pack_keys, read_pack
from tests.domain.counting.verdicts import speak
from tests.domain.factories import AS_OF, some_facts
from tests.policy.packs import FILE, KEY, changed_pack


def test_the_shipped_pack_loads() -> None:
    pack = load_pack(KEY)
    assert KEY in pack_keys()
    assert (pack.key, pack.document, len(pack.digest)) == (KEY, "晋政办规〔2023〕6号", 64)
    assert pack.window.from_on == date(2023, 1, 1)
    assert len(pack.categories) == 12
    assert (pack.local.divisions, pack.proof.late_record_days, pack.licensing.filing_months) == (("350582",), 90, 3)
    assert (pack.demands.duplicate_hold, pack.demands.duplicate_review) == (0.85, 0.75)
    assert (pack.pushes.per_enterprise_day, pack.pushes.per_patent, pack.patents.status_fresh_months) == (3, 20, 12)
    assert pack.double_count.allowed is False


def test_the_numbers_are_those_of_the_law() -> None:
    shared = Path(os.environ.get("MATCHHUB_SHARED") or FILE.parents[3] / "shared") / "facts" / "clauses.json"
    if not shared.exists():
        pytest.skip("the clauses of the measure are not at hand")
    law: dict[str, Any] = json.loads(shared.read_text(encoding="utf-8"))
    pack = load_pack(KEY)
    assert law["window"]["from"] == pack.window.from_on.isoformat()
    assert law["window"]["formal_from"] == pack.window.formal_from_on.isoformat()
    assert law["window"]["to"] == pack.window.to_on.isoformat()
    for goal, clause in zip(pack.goals, ("4.2", "4.3"), strict=True):
        assert goal.bonus_yuan * 100 == law[clause]["award_fen"]
        assert [(each.operator, each.required) for each in goal.thresholds] == [
            (each["op"], each["n"]) for each in law[clause]["all_of"]
        ]


def test_an_unknown_pack_is_refused_with_the_known_ones() -> None:
    for key in ("nowhere-2099", "../secrets", "", "JINJIANG-2023-6"):
        with pytest.raises(SettingInvalid) as refused:
            load_pack(key)
        assert refused.value.code == "policy_unknown"
        speak("policy_unknown", refused.value.data)


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('key = "jinjiang-2023-6"', 'key = "other"', "key"),
        ('patent_status = ["register", ', 'patent_status = ["own", ', "sources.patent_status"),
        ('patent_status = ["register", "bulletin", "vendor"]', "patent_status = []", "sources.patent_status"),
        ('time_zone = "Asia/Shanghai"', "time_zone = 8", "local.time_zone"),
        ('time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Jinjiang"', "local.time_zone"),
        ('time_zone = "Asia/Shanghai"', 'time_zone = "Asia"', "local.time_zone"),
        ('time_zone = "Asia/Shanghai"', 'time_zone = ""', "local.time_zone"),
        ('time_zone = "Asia/Shanghai"', 'time_zone = "UTC+25:00"', "local.time_zone"),
        ('divisions = ["350582"]', 'divisions = ["35058"]', "local.divisions"),
        ('divisions = ["350582"]', "divisions = [350582]", "local.divisions"),
        ('divisions = ["350582"]', "divisions = []", "local.divisions"),
        ('names = ["晋江"]', 'names = [""]', "local.names"),
        ('names = ["晋江"]', "names = []", "local.names"),
        ("to_on = 2025-12-31\n\n[[goals]]", "to_on = 2023-01-31\n\n[[goals]]", "window"),
        ("required = 10000", "required = 0", "goals[0].thresholds[0].required"),
        ('required = 10000\noperator = ">="', 'required = 10000\noperator = "="', "goals[0].thresholds[0].operator"),
        ('key = "experts"', 'key = "patents"', "goals"),
        ('counter = "experts"', 'counter = "professors"', "goals[0].thresholds[2].counter"),
        ('unit = "message"', 'unit = "shout"', "goals[0].thresholds[5].unit"),
        ('other_unit = "pair"', 'other_unit = "message"', "goals[0].thresholds[5].other_unit"),
        ("bonus_yuan = 500000", "bonus_yuan = true", "goals[0].bonus_yuan"),
        ("duplicate_review = 0.75", "duplicate_review = 0.9", "demands.duplicate_review"),
        ("usual_months = 12", "usual_months = 37", "demands.usual_months"),
        ("usual_months = 12", "usual_months = 0", "demands.usual_months"),
        ("duplicate_hold = 0.85", "duplicate_hold = 1.5", "demands.duplicate_hold"),
        ('"tfidf-bm25f-3" = 0.44', '"tfidf-bm25f-3" = -0.44', "pushes.floors.tfidf-bm25f-3"),
        ('blocked_by = ["pledge"', 'blocked_by = ["mortgage"', "pushes.blocked_by"),
        ('transfer = "TR01"', 'transfer = "XX01"', "deals.register_events.transfer"),
        ('preferred = "open_licences"', 'preferred = "nothing"', "double_count.preferred"),
        ("status_fresh_months = 12", "status_fresh_month = 12", "patents.status_fresh_months"),
        ("status_fresh_months = 12", "status_fresh_months = 12\nextra = 1", "patents.extra"),
        ("filing_months = 3", "filing_months = 3.5", "licensing.filing_months"),
        ('name_en = "Jinjiang"', "", "local.name_en"),
        ('contract = { level = "documented"', 'contract = { level = "believed"', "proof.needs.deals.contract.level"),
        ('papers = ["contract"]', "papers = []", "proof.needs.deals.contract.papers"),
        ('papers = ["contract"]', 'papers = ["other"]', "proof.needs.deals.contract.papers"),
        ('papers = ["notice"]', 'papers = ["rumour"]', "proof.needs.licences.notice.papers"),
        ("notice = { level", "notices = { level", "proof.needs.licences.notice"),
        ('word = { level = "confirmed" }', 'word = { level = "documented" }', "proof.needs.deals.word.level"),
        (
            'word = { level = "confirmed" }',
            'word = { level = "typed", papers = ["notice"] }',
            "proof.needs.deals.word.papers",
        ),
        ('ipc = ["A45B", "E04H15"]', 'ipc = ["A45E"]', "industries.umbrellas.ipc"),
        ('ipc = ["A45B", "E04H15"]', 'ipc = ["A45B", "A45B"]', "industries.umbrellas.ipc"),
        ('ipc = ["A45B", "E04H15"]', "ipc = []", "industries.umbrellas.ipc"),
        ('locarno = ["03-03", "21-04"]', 'locarno = ["33-03"]', "industries.umbrellas.locarno"),
        ('gbt4754 = ["244"]', 'gbt4754 = ["C24"]', "industries.sports.gbt4754"),
        ('industry_accepted_by = ["reviewer"]', "industry_accepted_by = []", "licensing.industry_accepted_by"),
        (
            'industry_accepted_by = ["reviewer"]',
            'industry_accepted_by = ["operator"]',
            "licensing.industry_accepted_by",
        ),
        ("least_share = 0.1", "least_share = 10", "proof.payments.least_share"),
        ("least_yuan = 100", "least_yuan = -1", "proof.payments.least_yuan"),
        ("late_record_days = 90", "late_record_days = 0", "proof.late.late_record_days"),
        ('key = "jinjiang-2023-6"', "key = ", "file"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(before: str, after: str, where: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(SettingInvalid) as refused:
        read_pack(KEY, text.replace(before, after, 1).encode())
    assert refused.value.code.startswith("pack_")
    assert str(refused.value.data["where"]).startswith(where)
    speak(refused.value.code, refused.value.data)


def test_another_measure_is_another_file() -> None:
    text = FILE.read_text(encoding="utf-8")
    start, end = text.index('[[goals]]\nkey = "open_licensing"'), text.index("[patents]")
    other = text[:start] + text[end:]
    other = other.replace(KEY, "elsewhere-2030").replace('preferred = "open_licences"', 'preferred = ""')
    pack = read_pack("elsewhere-2030", other.replace("required = 80\n", "required = 3\n").encode())
    told = progress(count_all(some_facts(3), pack, AS_OF), pack, AS_OF)
    assert [goal.goal.key for goal in told.goals] == ["base_database"]
    assert told.threshold("agencies").met


def test_a_changed_number_changes_the_digest() -> None:
    text = FILE.read_text(encoding="utf-8")
    other = read_pack(KEY, text.replace("late_record_days = 90", "late_record_days = 91").encode())
    assert other.proof.late_record_days == 91
    assert other.digest != load_pack(KEY).digest


@pytest.mark.parametrize(("hour", "day"), [(15, 8), (16, 9), (17, 9)])
def test_a_day_begins_at_midnight_in_the_city(hour: int, day: int) -> None:
    assert load_pack(KEY).local_day(datetime(2024, 10, 8, hour)) == date(2024, 10, day)


def test_a_pack_may_give_its_clock_as_an_offset() -> None:
    pack = changed_pack(time_zone="UTC-03:30")
    assert [pack.local_day(datetime(2024, 10, 8, 3, minute)).day for minute in (29, 30, 31)] == [7, 8, 8]


class TestAPackInTheHome:
    """Read once per change, since every view asks for it many times; a change is seen at once."""

    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        (tmp_path / "packs").mkdir()
        self.write(tmp_path, 90)
        return tmp_path

    def write(self, home: Path, days: int, age: float = 0) -> None:
        text = FILE.read_text(encoding="utf-8").replace("late_record_days = 90", f"late_record_days = {days}")
        place = home / "packs" / "own-2030.toml"
        place.write_text(text.replace(KEY, "own-2030"), encoding="utf-8")
        os.utime(place, (time.time() - age,) * 2)

    @pytest.mark.parametrize("ages", [(0.0, 0.0), (60.0, 30.0), (60.0, 0.0)])
    def test_a_change_of_the_same_size_is_seen_at_once(self, home: Path, ages: tuple[float, float]) -> None:
        for days, age in zip((91, 92), ages, strict=True):
            self.write(home, days, age)
            assert load_pack("own-2030", home).proof.late_record_days == days

    def test_an_unchanged_one_is_not_read_again(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.write(home, 91, 60)
        first = load_pack("own-2030", home)
        monkeypatch.setattr("matchhub.policy.files_of", lambda *_: pytest.fail("read again"))
        assert load_pack("own-2030", home) is first

    def test_a_pack_that_comes_or_goes_is_seen_at_once(self, tmp_path: Path) -> None:
        for age in (400, 300):  # seconds: folders older than the clock's tick are not gone through again
            assert load_pack(KEY, tmp_path).proof.late_record_days == 90
            (tmp_path / "packs").mkdir()
            self.write(tmp_path, 91, age)
            (tmp_path / "packs" / "own-2030.toml").rename(tmp_path / "packs" / f"{KEY}.toml")
            text = (tmp_path / "packs" / f"{KEY}.toml").read_text("utf-8").replace("own-2030", KEY)
            (tmp_path / "packs" / f"{KEY}.toml").write_text(text, "utf-8")
            for each in (tmp_path / "packs" / f"{KEY}.toml", tmp_path / "packs"):
                os.utime(each, (time.time() - age,) * 2)
            assert load_pack(KEY, tmp_path).proof.late_record_days == 91
            assert load_pack(KEY, tmp_path).proof.late_record_days == 91
            shutil.rmtree(tmp_path / "packs")
