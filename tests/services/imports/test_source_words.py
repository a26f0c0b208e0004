"""Status words that nobody knew: told with their counts, explained once for a source, applied when it comes again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ingest.reading import read_rows
from matchhub.db.tables import PatentStatus
from matchhub.errors import Refusal
from matchhub.services.imports.headers import Corrections
from matchhub.services.imports.importing import import_files
from matchhub.services.imports.reading import read_files
from matchhub.services.imports.source_words import remember_words, remembered_words
from tests.services.desk_base import Base, number


def written(path: Path, *statuses: str) -> Path:
    lines = [f"{number(at)},一种鞋底,{status}" for at, status in enumerate(statuses, start=1)]
    path.write_text("\n".join(["申请号,名称,法律状态", *lines]), "utf-8")
    return path


def validities(base: Base) -> list[tuple[str, str]]:
    with base.runtime.unit(write=False) as unit:
        rows = unit.session.execute(select(PatentStatus).order_by(PatentStatus.id)).scalars()
        return [(row.validity, row.wording) for row in rows]


def taken(base: Base, path: Path, source: str = "", **words: str) -> None:
    corrections = Corrections(words=words)
    read = read_files(base.runtime, [path], "patents", source, corrections)
    import_files(base.runtime, "patents", read, [path], source_name=source, corrections=corrections)


def test_each_unknown_word_is_told_once_with_its_rows(tmp_path: Path) -> None:
    read = read_rows(written(tmp_path / "a.csv", "码甲", "授权", "码甲", "码乙", "授权;码甲"))
    records: list[Any] = [row.record for row in read.rows]
    told = [(each.code, each.column, each.value, each.count) for each in read.remarks]
    assert told == [("status_word_unknown", "法律状态", "码甲", 3), ("status_word_unknown", "法律状态", "码乙", 1)]
    assert [record.status.validity for record in records] == ["unknown", "in_force", "unknown", "unknown", "in_force"]


def test_a_word_explained_for_a_source_is_known_next_time(base: Base, tmp_path: Path) -> None:
    taken(base, written(tmp_path / "a.csv", "码甲"), "某公司", 码甲="dead")
    base.later()
    taken(base, written(tmp_path / "b.csv", "授权", "码 甲"), "某公司")
    taken(base, written(tmp_path / "c.csv", "授权", "授权", "码甲"), "另一公司")
    assert validities(base)[:3] == [("dead", "码甲"), ("in_force", "授权"), ("dead", "码 甲")]
    assert ("unknown", "码甲") in validities(base)


def test_the_newest_explanation_stands(base: Base) -> None:
    with base.runtime.unit(base.people["clerk"]) as unit:
        assert remember_words(unit, "某公司", "patents", {"码甲": "dead"}) == 1
        assert remember_words(unit, "某 公司", "patents", {"码甲": "in_force", "码乙": "pending"}) == 2
        assert remembered_words(unit, "某公司", "patents") == (("码甲", "in_force"), ("码乙", "pending"))
        assert remember_words(unit, "", "patents", {"码甲": "dead"}) == 0


@pytest.mark.parametrize("words", [{"码甲": "alive"}, {"": "dead"}, {"码" * 256: "dead"}])
def test_a_meaning_that_does_not_exist_is_refused(base: Base, words: dict[str, str]) -> None:
    with base.runtime.unit(base.people["clerk"]) as unit, pytest.raises(Refusal) as refused:
        remember_words(unit, "某公司", "patents", words)
    assert refused.value.code == "word_meaning_unknown"


def test_explained_words_are_kept_with_an_upload() -> None:
    said = Corrections(words={"码甲": "dead"}, remember=True)
    assert Corrections.from_json(said.to_json()) == said
