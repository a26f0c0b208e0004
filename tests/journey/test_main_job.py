"""The main job, end to end, on both engines: from an operator's files to the counted milestone."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest

from matchhub.domain.identifiers import application_check_digit
from matchhub.services.kernel.runtime import newest_schema
from tests.journey.conftest import Command

FIRM, CODE = "晋江市恒步鞋业有限公司", "91350582MA2YB4H50K"
SUBJECTS = (
    ("一种防滑耐磨鞋底", "本发明公开一种防滑耐磨鞋底,底面设花纹块,湿态止滑,采用丁苯橡胶与白炭黑共混。"),
    ("一种鞋用水性聚氨酯胶粘剂", "本发明涉及鞋用水性聚氨酯胶粘剂,剥离强度高,耐热,用于鞋底与鞋面的粘合,防止开胶。"),
    ("一种尼龙拉链的自动穿头装置", "一种拉链加工装置,自动将拉头穿入尼龙链牙,减少人工。"),
    ("一种抗风自动伞骨", "伞骨采用玻璃纤维,骨架弹性连接,遇强风反折后自动复位。"),
    ("一种膨化食品的低油膨化方法", "膨化食品经微波真空膨化,含油率低,口感酥脆。"),
    ("一种纸尿裤的导流层", "纸尿裤导流层由双组分纤维热风成型,渗透快,回渗少。"),
)


def number(place: int) -> str:
    digits = f"2021{1 if place % 2 else 2}{place:07d}"
    return f"CN{digits}.{application_check_digit(digits)}"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    patents, firms, demands = tmp_path / "专利.csv", tmp_path / "企业.csv", tmp_path / "需求.xlsx"
    with patents.open("w", encoding="gb18030", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["申请号", "专利名称", "摘要", "申请人", "申请日", "主分类号", "法律状态"])
        for place, (title, abstract) in enumerate(SUBJECTS, 1):
            rows.writerow([number(place), title, abstract, "福建某大学", "2021.03.04", "A43B13/22", "授权"])
    with firms.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["企业名称", "统一社会信用代码", "注册地址"])
        rows.writerow([FIRM, CODE, "晋江市陈埭镇"])
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [
            "需求名称",
            "所属单位",
            "技术领域",
            "拟解决的技术难题",
            "技术指标",
            "合作方式",
            "预算金额",
            "联系人",
            "联系邮箱",
        ]
    )
    sheet.append(
        [
            "鞋底老是开胶",
            FIRM,
            "制鞋",
            "运动鞋鞋底和鞋面开胶,希望胶粘剂耐热",
            "剥离强度≥4N/mm",
            "委托开发",
            "面议",
            "王某",
            "boss@example.com",
        ]
    )
    sheet.append(
        ["拉链穿头费人工", "不知哪里的公司", "拉链", "穿拉头靠人工", "每分钟20条", "购买设备", "10万元", "李某", ""]
    )
    book.save(demands)
    return {"patents": patents, "enterprises": firms, "demands": demands}


def thresholds(progress: dict[str, object]) -> dict[str, tuple[int, int]]:
    goals = progress["goals"]
    assert isinstance(goals, list)
    return {each["key"]: (each["literal"], each["strict"]) for goal in goals for each in goal["thresholds"]}


def test_from_files_to_counts(command: Command, files: dict[str, Path], home: Path) -> None:
    assert command("init") == {"schema": newest_schema(), "created": True, "status": 0}
    source = (
        "--source-kind",
        "vendor",
        "--issuer",
        "某专利数据库",
        "--issued-on",
        datetime.now(UTC).date().isoformat(),
    )
    assert command("import", "patents", files["patents"], *source)["created"] == len(SUBJECTS)
    assert command("import", "enterprises", files["enterprises"])["created"] == 1
    demands = command("import", "demands", files["demands"])
    assert (demands["created"], demands["review"], demands["status"]) == (1, 1, 1)
    assert [problem["code"] for problem in demands["problems"]] == ["enterprise_unknown"]

    run = command("match")
    assert (run["demands"], run["patents"]) == (1, len(SUBJECTS))
    answer = command("match", "--demand", 1)
    assert answer["results"][0]["title"] == "一种鞋用水性聚氨酯胶粘剂"
    for hit in answer["results"]:
        assert sum(reason["weight"] for reason in hit["reasons"]) == pytest.approx(hit["score"], abs=1e-4)

    planned = command("push", "plan")["planned"]
    assert planned >= 1
    assert command("push", "send") == {"sent": planned, "failed": 0, "suppressed": 0, "pending": 0, "status": 0}
    letters = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in (home / "outbox").iterdir()]
    assert len(letters) == planned
    assert any("胶粘剂" in str(letter["Subject"]) for letter in letters)

    counts = thresholds(command("progress"))
    assert counts["patents"] == (len(SUBJECTS), len(SUBJECTS))
    explained = command("explain", "demands", 1)
    assert explained["counts"]["strict"] is False
    assert {"code": "demand_not_authorised", "effect": "not_strict", "data": {}} in explained["reasons"]


def test_importing_the_same_files_again_changes_nothing(command: Command, files: dict[str, Path]) -> None:
    for kind, file in files.items():
        command("import", kind, file)
    before = command("progress")
    for kind, file in files.items():
        again = command("import", kind, file)
        assert (again["created"], again["updated"]) == (0, 0)
        assert again["read"] == again["unchanged"] + again["review"]
    assert thresholds(command("progress")) == thresholds(before)


def test_a_dry_run_tells_the_same_sums_and_writes_nothing(command: Command, files: dict[str, Path]) -> None:
    preview = command("import", "patents", files["patents"], "--dry-run")
    assert (preview["created"], preview["batch"]) == (len(SUBJECTS), None)
    assert thresholds(command("progress"))["patents"] == (0, 0)


def test_planning_again_plans_nothing_twice(command: Command, files: dict[str, Path]) -> None:
    for kind, file in files.items():
        command("import", kind, file)
    command("match")
    command("push", "plan")
    assert command("push", "plan")["planned"] == 0
    command("push", "send")
    assert command("push", "send")["sent"] == 0


def test_planning_without_a_run_is_refused_in_a_sentence(command: Command) -> None:
    assert command("push", "plan") == {"status": 1, "refused": "no_match_run"}


def test_the_log_of_the_whole_way_is_whole(command: Command, files: dict[str, Path], tmp_path: Path) -> None:
    for kind, file in files.items():
        command("import", kind, file)
    command("match")
    kept = tmp_path / "checkpoint.json"
    command("audit", "checkpoint", kept)
    command("push", "plan")
    assert command("audit", "verify", "--checkpoint", kept)["valid"] is True


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "file_picture"),
        (b"\x00\x01\x02\x03" * 64, "file_binary"),
    ],
)
def test_a_wrong_file_is_refused_and_changes_nothing(
    command: Command, tmp_path: Path, content: bytes, code: str
) -> None:
    file = tmp_path / "照片.xlsx"
    file.write_bytes(content)
    answer = command("import", "patents", file)
    assert answer["status"] == 1
    assert thresholds(command("progress"))["patents"] == (0, 0)


def test_another_kind_s_columns_are_refused_and_change_nothing(command: Command, files: dict[str, Path]) -> None:
    answer = command("import", "patents", files["enterprises"])
    assert answer["status"] == 1
    assert thresholds(command("progress"))["patents"] == (0, 0)
