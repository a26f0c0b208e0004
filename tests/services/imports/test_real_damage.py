"""Damaged real files through reading and recording: refused without a trace, or recorded whole; never a traceback.

Each case is worked through in a unit that is rolled back, over a base that holds the sound rows already, so that the
damaged ones meet records to update, to leave and to contradict.
"""

from __future__ import annotations

import random
import traceback
import zlib
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import func, select, text

from ingest import reader_process
from ingest.reader_process import rows_from_reader_process
from ingest.reading import ReadFile, read_rows
from matchhub.db.base import Base as Tables
from matchhub.db.tables import Enterprise, EnterpriseCategory, ImportBatch, ImportProblem, LogEntry, Patent, Revision
from matchhub.errors import Refusal
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.kernel.event_log import verify_log
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM, Unit
from matchhub.wording import LANGUAGES, refusal_sentence, sentence
from tests.machine import cases
from tests.services.desk_base import START, Base
from tests.services.real_damage import Original, damaged, originals
from tests.web.installation import Clock

PARTS = ("created", "updated", "unchanged", "refused", "review")
NOT_LEARNED = {
    "import_batches", "import_problems", "batch_spans", "event_log", "review_items", "similar_pairs", "confirmed_values",
}  # fmt: skip
AGAIN = 7  # every so manieth accepted file is imported twice
APART = 12  # and every so manieth through a reader process


class _Back(Exception):
    """Ends a unit that is not to be kept."""


@dataclass
class Tally:
    """What became of the cases."""

    endings: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)


def counted(unit: Unit) -> dict[str, int]:
    """Rows of every table."""

    tables = Tables.metadata.sorted_tables
    return {each.name: unit.session.execute(select(func.count()).select_from(each)).scalar_one() for each in tables}


def state(base: Base) -> str:
    """A digest of every row of what an import may write."""
    digest = 0
    with base.runtime.unit(write=False) as unit:
        for table in (Patent, Enterprise, EnterpriseCategory, ImportBatch, ImportProblem, Revision, LogEntry):
            for row in unit.session.execute(select(table.__table__).order_by("id")):
                digest = zlib.crc32(repr(tuple(row)).encode("utf-8", "surrogatepass"), digest)
        return f"{digest}{sorted(counted(unit).items())}"


def spoken(result: ImportResult) -> None:
    """Every problem has its sentence in both languages."""
    for code in {problem.code for problem in result.problems}:
        assert all(sentence(code, language) for language in LANGUAGES), code


def taken(unit: Unit, read: ReadFile, content: bytes, apart: bool = False) -> ImportResult:
    """Record a file; ``apart`` as a large one is, its rows made by a reader process."""
    described = {"name": read.file, "sha256": sha256(content).hexdigest()}
    with patch.object(reader_process, "MIN_ROWS", 0 if apart else reader_process.MIN_ROWS):
        return import_rows(unit, read.kind, rows_from_reader_process(read), files=[described])


def check_whole(unit: Unit, read: ReadFile, result: ImportResult, before: dict[str, int]) -> None:
    """What an accepted file leaves: sums that add up, and as many rows as the sums say."""
    after, sums = counted(unit), result.sums
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert sums["read"] == sum(sums[name] for name in PARTS)
    assert grown.get(read.kind, 0) == sums["created"] == len(result.created_ids)
    assert grown.get("import_problems", 0) == result.problem_count
    assert grown.get("review_items", 0) <= sums["review"]
    learned = {name for name in grown if name not in NOT_LEARNED}
    assert bool(learned) == (sums["created"] + sums["updated"] > 0), learned
    assert (grown["import_batches"], grown["event_log"]) == (1, 1)
    assert read.row_count in (None, sums["read"] + sum(remark.line > 0 for remark in read.remarks))
    kept = unit.session.get(ImportBatch, result.batch_id)
    assert kept is not None and kept.finished_at is not None
    if unit.session.get_bind().dialect.name == "sqlite":
        assert unit.session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert verify_log(unit).valid
    spoken(result)


def identified(unit: Unit) -> None:
    """One record, one thing: every patent has a number, every firm a name, and no number stands twice."""
    for column in (Patent.application_number, Enterprise.uscc):
        twice = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1)
        assert unit.session.execute(twice).all() == []
    nameless = select(Enterprise.id).where(func.trim(Enterprise.name) == "")
    numberless = select(Patent.id).where(Patent.application_number.is_(None), Patent.publication_number.is_(None))
    assert unit.session.execute(nameless).all() == unit.session.execute(numberless).all() == []


def attempt(base: Base, place: Path, original: Original, tally: Tally) -> None:
    """One damaged file; raises what is no refusal."""
    content = place.read_bytes()
    kind = original.kind if len(content) % 3 else None  # now and then the file itself must say of what kind it is
    try:
        read = read_rows(place, kind)
    except Refusal as refusal:
        assert all(refusal_sentence(refusal, language) for language in LANGUAGES)
        tally.endings["refused"] += 1
        tally.refusals[refusal.code] += 1
        return
    with pytest.raises(_Back), base.runtime.unit(base.people["clerk"]) as unit:
        before = counted(unit)
        result = taken(unit, read, content, tally.endings["taken"] % APART == 1)
        check_whole(unit, read, result, before)
        identified(unit)
        if tally.endings["taken"] % AGAIN == 0:
            again = taken(unit, read_rows(place, kind), content)
            assert (again.sums["created"], again.sums["updated"]) == (0, 0), again.sums
        tally.endings["taken"] += 1
        tally.rows += result.sums
        tally.problems += Counter(problem.code for problem in result.problems)
        raise _Back


def worked_through(base: Base, shared: Path, folder: Path, numbers: range) -> Tally:
    """All cases of ``numbers``; every second original lies in the base, of the others every row is new."""
    sound, tally, broken = originals(shared), Tally(), list[str]()
    for original in sound[::2]:
        (folder / original.name).write_bytes(original.content)
        with base.runtime.unit(base.people["clerk"]) as unit:
            result = taken(unit, read_rows(folder / original.name, original.kind), original.content)
        assert result.sums["created"] + result.sums["updated"] + result.sums["unchanged"] > 0, original.name
    before = state(base)
    for number in numbers:
        original = sound[number % len(sound)]
        content = damaged(original, random.Random(number))
        place = folder / original.name
        place.write_bytes(content)
        try:
            attempt(base, place, original, tally)
        except Exception:
            (folder / f"case-{number}-{original.name}").write_bytes(content)
            broken.append(f"case {number}, {original.name}, kept in {folder}:\n{traceback.format_exc(limit=-3)}")
        if number % 25 == 0:
            assert state(base) == before, f"case {number}, {original.name}"
    assert broken == [], "\n".join([f"{len(broken)} cases", *broken])
    assert state(base) == before
    print(dict(tally.endings), dict(tally.rows), dict(tally.refusals), dict(tally.problems), sep="\n")
    return tally


def test_a_damaged_real_file_is_recorded_whole_or_not_at_all(base: Base, shared: Path, tmp_path: Path) -> None:
    tally = worked_through(base, shared, tmp_path, range(cases(170, 500)))
    assert min(tally.endings["refused"], tally.endings["taken"]) > cases(170, 500) // 10
    assert min(tally.rows[name] for name in PARTS) > 0 and tally.rows["read"] > 1000


def test_so_it_is_on_postgres(shared: Path, tmp_path: Path, postgres_url: str) -> None:
    """Which minds the length of a name and the zero character, as SQLite does not."""
    runtime, _ = open_runtime(Settings(tmp_path, postgres_url, "a key for tests only"))
    base = Base(runtime, Clock(START), {"clerk": SYSTEM})
    tally = worked_through(base, shared, tmp_path, range(500, 500 + cases(30, 500)))
    assert min(tally.endings["refused"], tally.endings["taken"]) > 0
    runtime.close()
