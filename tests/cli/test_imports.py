"""``matchhub import``: what was left out is told, what a person said of headers is remembered, memory stays bounded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matchhub.domain.records import Problem, Row, Source
from matchhub.services.imports import batch
from tests.cli.test_commands import run
from tests.ingest.documents import write_docx
from tests.services.desk_base import Base, base, code, empty_home

__all__ = ["base", "empty_home"]
TABLE = "企业名称,信用码十八位\n晋江市甲鞋业有限公司,{}\n合计,1\n"


def told(home: Path, *words: str) -> dict[str, object]:
    done = run(home, "import", "enterprises", *words, "--json")
    assert "Traceback" not in done.stderr
    return dict(json.loads(done.stdout))


def test_what_was_left_out_is_told_in_text_and_json(tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_text(TABLE.format(code(1)), "utf-8")
    answer = told(tmp_path / "home", str(file), "--dry-run")
    assert [(each["line"], each["file"]) for each in answer["remarks"]] == [(3, "名单.csv")]  # type: ignore[attr-defined]
    text = run(tmp_path / "home", "import", "enterprises", str(file), MATCHHUB_LANG="zh")
    assert "未作为数据读取或需要留意 1 处" in text.stdout and "名单.csv:3" in text.stdout


def test_what_was_said_of_a_sources_headers_is_applied_next_time(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for at in (1, 2):
        (tmp_path / f"{at}.csv").write_text(TABLE.format(code(at)).replace("甲", "甲乙丙"[at]), "utf-8")
    first = told(home, str(tmp_path / "1.csv"), "--source", "某局", "--map", "信用码十八位=uscc")
    second = told(home, str(tmp_path / "2.csv"), "--source", "某局")
    assert (first["created"], second["created"]) == (1, 1)
    proof = told(home, str(tmp_path / "2.csv"), "--map", "信用码十八位=uscc", "--dry-run")
    assert proof["unchanged"] == 1  # the code was learned from the second file already


def test_a_meaning_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(TABLE.format(code(1)), "utf-8")
    done = run(tmp_path / "home", "import", "enterprises", str(tmp_path / "1.csv"), "--map", "坐落=nothing")
    assert done.returncode == 1 and "Traceback" not in done.stderr


def test_problems_in_memory_are_bounded_and_the_base_keeps_all(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "KEPT_PROBLEMS", 5)
    rows = [
        Row(Source("x.csv", at), None, (Problem("x.csv", at, "", "", "patent_number_missing"),)) for at in range(2, 22)
    ]
    with base.runtime.unit(base.people["clerk"]) as unit:
        result = batch.import_rows(unit, "patents", rows)
    assert (len(result.problems), result.problem_count, result.sums["refused"]) == (5, 20, 20)


def test_a_status_word_can_be_explained_and_is_remembered(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "专利.csv"
    file.write_text("申请号,名称,法律状态\n201710601862.3,一种鞋底,码甲\n", "utf-8")

    def remarks(*words: str) -> list[dict[str, object]]:
        done = run(home, "import", "patents", str(file), *words, "--json")
        return list(json.loads(done.stdout)["remarks"])

    (told,) = remarks("--source", "某公司", "--dry-run")
    assert (told["code"], told["value"], told["count"]) == ("status_word_unknown", "码甲", 1)
    assert remarks("--source", "某公司", "--map-status", "码甲=in_force") == []
    assert remarks("--source", "某公司", "--dry-run") == []
    refused = run(home, "import", "patents", str(file), "--map-status", "码甲=alive", "--json")
    assert refused.returncode == 1 and "word_meaning_unknown" in refused.stdout + refused.stderr


def test_every_row_of_a_document_is_shown_and_wants_a_yes(tmp_path: Path) -> None:
    rows = [["企业名称", "所属镇街"], *([f"晋江市甲{at}鞋业有限公司", "陈埭镇"] for at in range(8))]
    file = write_docx(tmp_path / "名单.docx", ["名单"], rows)
    home = tmp_path / "home"
    shown = run(home, "import", "enterprises", str(file), "--json")
    assert shown.returncode == 1 and json.loads(shown.stdout)["batch"] is None
    assert all(f"晋江市甲{at}鞋业有限公司" in shown.stderr for at in range(8))
    done = run(home, "import", "enterprises", str(file), "--json", "--accept", "doubt_document")
    assert (done.returncode, json.loads(done.stdout)["created"]) == (0, 8)


def test_unknown_columns_and_doubts_are_told_and_accepted(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "名单.csv"
    lines = [f"晋江市第{at}鞋业有限公司,{code(at)},王某,地块{at}" for at in range(1, 31)]
    file.write_text("\n".join(["企业名称,统一社会信用代码,法定代表人,坐落", *lines]), "utf-8")
    refused = run(home, "import", "enterprises", str(file), "--json")
    answer = json.loads(refused.stdout)
    assert (refused.returncode, answer["batch"], answer["created"]) == (1, None, 30)
    assert [(each["code"], each["field"]) for each in answer["doubts"]] == [("doubt_one_value", "legal_representative")]
    assert answer["unknown_columns"] == [
        {"file": "名单.csv", "sheet": "", "column": "坐落", "examples": ["地块1", "地块2", "地块3"]}
    ]
    text = run(home, "import", "enterprises", str(file), MATCHHUB_LANG="zh")
    assert "--accept doubt_one_value" in text.stdout and "坐落" in text.stdout
    accepted = run(home, "import", "enterprises", str(file), "--accept", "doubt_one_value", "--json")
    assert (accepted.returncode, json.loads(accepted.stdout)["created"]) == (0, 30)
    assert json.loads(accepted.stdout)["batch"] is not None


def test_a_file_without_a_kind_is_told_to_be_an_own_list_and_what_to_do(tmp_path: Path) -> None:
    file, home = tmp_path / "名单.csv", tmp_path / "home"
    file.write_text(TABLE.format(code(1)), "utf-8")
    own = run(home, "import", "enterprises", str(file), MATCHHUB_LANG="zh")
    assert "自有名单" in own.stdout and "--source-kind" in own.stdout
    named = ("--source-kind", "list", "--issuer", "某局", "--issued-on", "2024-01-05")
    assert "自有名单" not in run(home, "import", "enterprises", str(file), *named, MATCHHUB_LANG="zh").stdout
    refused = run(home, "import", "enterprises", str(file), *named[:2], MATCHHUB_LANG="zh")
    assert refused.returncode == 1 and "请填写文件的出具单位" in refused.stderr
