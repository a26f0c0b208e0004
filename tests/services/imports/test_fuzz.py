"""Damaged files all the way through: refused in a code, or written whole; never a half-written batch."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ingest.reading import read_rows
from matchhub.db.tables import ImportBatch, ImportProblem, Patent, Revision
from matchhub.errors import Refusal
from matchhub.services.imports.batch import import_rows
from tests.ingest.tables_on_disk import write_xlsx
from tests.machine import cases
from tests.services.desk_base import Base, number

HEADER = ("申请号", "名称", "摘要", "申请人", "IPC分类号", "申请日", "法律状态")
NEVER_MORE = ("created", "updated", "unchanged", "refused", "review")


def rows(seed: int) -> list[tuple[str, ...]]:
    """Thirty good patents that no other file has."""
    first = 1 + 40 * seed
    return [
        (number(at), f"一种鞋底{at}", "摘要,带逗号\n和换行", "甲大学;乙公司", "A43B 13/22", "2020-03-02", "授权")
        for at in range(first, first + 30)
    ]


def written(folder: Path, seed: int) -> Path:
    """One file in one of five forms."""
    lines = [HEADER, *rows(seed)]
    if seed % 5 == 4:
        return write_xlsx(folder / f"{seed}.xlsx", 表=[list(line) for line in lines])
    text = "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
    encoding = ("utf-8", "utf-8-sig", "gb18030", "utf-16")[seed % 5]
    place = folder / f"{seed}.csv"
    place.write_bytes(text.encode(encoding))
    return place


def damage(content: bytes, chance: random.Random) -> bytes:
    """A few blows: bytes flipped, cut out, doubled, overwritten, or the end missing."""
    hurt = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(hurt)), chance.randint(1, 60)
        blow = chance.randrange(5)
        if blow == 0:
            hurt[at] = chance.randrange(256)
        elif blow == 1 and len(hurt) > 200:
            del hurt[at : at + length]
        elif blow == 2:
            hurt[at:at] = hurt[at : at + length]
        elif blow == 3:
            hurt[at : at + length] = bytes(chance.randrange(256) for _ in hurt[at : at + length])
        elif len(hurt) > 400:
            del hurt[chance.randrange(200, len(hurt)) :]
    return bytes(hurt)


def counted(base: Base) -> tuple[int, ...]:
    with base.runtime.unit(write=False) as unit:
        return tuple(
            unit.session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (ImportBatch, Patent, Revision, ImportProblem)
        )


def test_damaged_files_are_written_whole_or_not_at_all(base: Base, tmp_path: Path) -> None:
    refused = whole = 0
    for seed in range(cases(60, 500)):
        place, chance = written(tmp_path, seed), random.Random(seed)
        place.write_bytes(damage(place.read_bytes(), chance))
        before = counted(base)
        try:
            with base.runtime.unit(base.people["clerk"]) as unit:
                result = import_rows(unit, "patents", read_rows(place, "patents").rows)
        except Refusal:
            assert counted(base) == before, f"seed {seed}"
            refused += 1
            continue
        after = counted(base)
        assert after[0] == before[0] + 1 and after[1] == before[1] + result.sums["created"], f"seed {seed}"
        assert result.sums["read"] == sum(result.sums[name] for name in NEVER_MORE), f"seed {seed}"
        assert after[3] - before[3] == result.problem_count, f"seed {seed}"
        whole += 1
    assert refused and whole  # the blows are neither all deadly nor all harmless
    with base.runtime.unit(write=False) as unit:
        half = select(func.count()).select_from(ImportBatch).where(ImportBatch.finished_at.is_(None))
        assert unit.session.execute(half).scalar_one() == 0


def test_a_fault_in_the_last_row_leaves_nothing_of_the_first(base: Base, tmp_path: Path) -> None:
    before, read = counted(base), read_rows(written(tmp_path, 0), "patents")

    def breaking() -> object:
        yield from read.rows
        raise RuntimeError("the reader died")

    with pytest.raises(RuntimeError), base.runtime.unit(base.people["clerk"]) as unit:
        import_rows(unit, "patents", breaking())  # type: ignore[arg-type]
    assert counted(base) == before
