"""``matchhub evaluate`` on damaged files: a sentence that names the file and the line, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matchhub.cli.matching import evaluate
from matchhub.errors import Refusal
from matchhub.services.matching.faults import refusing
from matchhub.wording import refusal_sentence
from recommender import IndexFault
from recommender.thesaurus import ThesaurusFault

FINE = {
    "corpus": '{"id": "a", "title": "一种防滑鞋底", "abstract": "橡胶鞋底防滑。"}\n{"id": "b", "title": "一种尼龙拉链"}\n',
    "queries": '{"qid": "q", "text": "鞋底打滑"}\n',
    "qrels": "q 0 a 1\n",
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in FINE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def called(files: Path, *more: str) -> Result:
    named = [word for name in FINE for word in (f"--{name}", str(files / name))]
    return CliRunner().invoke(evaluate, [*named, "--json", *more])


def refused(files: Path, *more: str) -> Refusal:
    fault = called(files, *more).exception
    assert isinstance(fault, Refusal)
    for language in ("zh", "en"):
        told = refusal_sentence(fault, language)
        assert "?" not in told and str(fault.data.get("file", "")) in told
    return fault


def test_a_whole_set_is_measured(files: Path) -> None:
    assert json.loads(called(files).output)["mrr@10"] == 1.0


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("corpus", b"{"),
        ("corpus", b"[]"),
        ("corpus", b"12"),
        ("corpus", b'{"id": 7}'),
        ("corpus", b'{"id": "c", "title": "\\ud83d"}'),
        ("corpus", b'{"id": ' + b"9" * 5000 + b"}"),
        ("corpus", b"[" * 200_000),
        ("queries", b'{"text": "x"}'),
        ("queries", b'{"qid": "x", "keywords": "x"}'),
        ("qrels", b"q 0 a"),
        ("qrels", b"q 0 a good"),
        ("qrels", b"q 0 a 11"),
        ("qrels", b"q 0 a " + b"9" * 5000),
    ],
)
def test_a_damaged_line_is_named_with_its_file(files: Path, name: str, line: bytes) -> None:
    with (files / name).open("ab") as stream:
        stream.write(b"\n" + line + b"\n")
    number = FINE[name].count("\n") + 2
    fault = refused(files)
    assert (fault.code, fault.data) == ("evaluation_line", {"file": name, "line": number})


@pytest.mark.parametrize("name", sorted(FINE))
@pytest.mark.parametrize(
    ("damage", "code"), [("missing", "file"), ("folder", "file"), ("latin", "file"), ("empty", "empty")]
)
def test_a_file_that_cannot_be_read_is_named(files: Path, name: str, damage: str, code: str) -> None:
    path = files / name
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes({"latin": "鞋底".encode("gb18030"), "empty": b"\xef\xbb\xbf \r\n\n"}[damage])
    fault = refused(files)
    assert (fault.code, fault.data["file"]) == (f"evaluation_{code}", name)


def test_files_of_two_sets_are_told_apart(files: Path) -> None:
    (files / "qrels").write_text("other 0 a 1\n")
    assert refused(files).code == "evaluation_strangers"


def test_a_run_that_cannot_be_written_is_told(files: Path) -> None:
    fault = refused(files, "--run", str(files / "nowhere" / "run.trec"))
    assert (fault.code, fault.data["file"]) == ("evaluation_run", "run.trec")


def test_a_line_separator_inside_a_text_ends_no_line(files: Path) -> None:
    (files / "corpus").write_text(FINE["corpus"].replace("防滑。", "防滑\u2028耐磨\x85"), encoding="utf-8")
    assert json.loads(called(files).output)["mrr@10"] == 1.0


def faults() -> Iterator[Exception]:
    for code in ("index_missing", "index_damaged", "index_version", "index_settings"):
        yield IndexFault(code, "segment000_ids")
    yield ThesaurusFault("shoes.tsv", 3)


@pytest.mark.parametrize("fault", list(faults()), ids=str)
def test_damage_of_index_and_thesaurus_is_told_in_a_sentence(fault: Exception) -> None:
    with pytest.raises(Refusal) as told, refusing():
        raise fault
    sentence = refusal_sentence(told.value, "en")
    assert "segment000_ids" in sentence if isinstance(fault, IndexFault) else "Line 3 of the shipped" in sentence
