"""The command: every command found, nothing but JSON where JSON is asked for, no traceback for bad input."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from matchhub.cli import FILES
from tests.domain.factories import uscc
from tests.papers import letter

ROOT = Path(__file__).parents[2]


def run(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as people call it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHHUB_")}
    program = "from matchhub.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        env=kept | {"MATCHHUB_HOME": str(home)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_of_every_file_is_offered_and_no_other() -> None:
    found = {
        command.name: file for file in set(FILES.values()) for command in import_module(f"matchhub.cli.{file}").COMMANDS
    }
    assert found == FILES


def test_the_counts_do_not_wait_for_matching_to_be_imported() -> None:
    program = "import sys; from matchhub.cli import counting; print('rjieba' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_json_goes_to_standard_output_alone(tmp_path: Path) -> None:
    done = run(tmp_path, "init", "--json")
    assert (done.returncode, json.loads(done.stdout)["created"]) == (0, True)


@pytest.mark.parametrize(
    ("lang", "begins"),
    [("zh_CN.UTF-8", "还没有匹配结果"), ("C.UTF-8", "还没有匹配结果"), ("en_GB.UTF-8", "There is no match run")],
)
def test_a_refusal_is_a_sentence_in_the_reader_s_language_and_exit_status_1(
    tmp_path: Path, lang: str, begins: str
) -> None:
    done = run(tmp_path, "push", "plan", LC_ALL=lang)
    assert done.returncode == 1
    assert done.stderr.startswith(begins)
    assert "Traceback" not in done.stderr


def test_a_refusal_under_json_is_an_object_with_its_code(tmp_path: Path) -> None:
    done = run(tmp_path, "push", "plan", "--json")
    assert json.loads(done.stdout)["error"] == "no_match_run"


@pytest.mark.parametrize(
    "words",
    [
        ("nothing",),
        ("import", "cars", "x.csv"),
        ("progress", "--as-of", "2025/13/40"),
        ("progress", "--known-at", "soon"),
        ("progress", "--known-at", "0001-01-01T00:00"),
        ("explain", "deals", "x"),
    ],
)
def test_wrong_usage_is_exit_status_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("MATCHHUB_DATABASE_URL", "mysql://x", "database_url_invalid"),
        ("MATCHHUB_POLICY", "nowhere-2030", "policy_unknown"),
        ("MATCHHUB_DATABASE_URL", "postgresql+psycopg://x/y", "secret_key_missing"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str, code: str) -> None:
    done = run(tmp_path, "progress", "--json", **{name: value})
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"] == code


def test_doctor_names_what_is_missing(tmp_path: Path) -> None:
    run(tmp_path, "init")
    done = run(tmp_path, "doctor", "--json")
    checks = {check["name"]: check["ok"] for check in json.loads(done.stdout)["checks"]}
    assert (checks["schema"], checks["log"], checks["index"], checks["worker"]) == (True, True, True, False)
    assert done.returncode == 1


def test_the_audit_names_the_row_that_was_changed_past_the_platform_and_exits_with_1(tmp_path: Path) -> None:
    run(
        tmp_path,
        "user",
        "add",
        "clerk",
        "--role",
        "operator",
        "--organisation",
        "运营中心",
        "--password",
        "a long one 12",
    )
    sound = run(tmp_path, "audit", "verify", "--json")
    told = json.loads(sound.stdout)
    assert (sound.returncode, told["valid"], told["faults"], told["signs"]) == (0, True, [], [])
    with closing(sqlite3.connect(tmp_path / "matchhub.db")) as base, base:
        base.execute("UPDATE accounts SET role = 'reviewer'")
    found = run(tmp_path, "audit", "verify", "--json")
    told = json.loads(found.stdout)
    assert (found.returncode, told["valid"], told["first_bad"]) == (1, False, None)
    assert told["faults"] == [{"table": "accounts", "row": 1, "what": "changed"}]
    assert "表 accounts 第 1 行" in run(tmp_path, "audit", "verify").stdout
    checks = json.loads(run(tmp_path, "doctor", "--json").stdout)["checks"]
    assert {check["name"]: check["ok"] for check in checks}["log"] is False


def test_an_account_of_an_institution_waits_unless_note_document_and_code_prove_it(tmp_path: Path) -> None:
    document = tmp_path / "letter.eml"
    document.write_bytes(letter("授权书"))
    college = ("--role", "institution", "--organisation", "泉南理工大学", "--password", "a long one 12", "--json")
    waits = run(tmp_path, "user", "add", "first", *college)
    assert json.loads(waits.stdout)["confirmed"] is False
    unproven = run(tmp_path, "user", "add", "second", *college, "--note", "已核对原件")
    assert (unproven.returncode, json.loads(unproven.stdout)["error"]) == (1, "registration_document_missing")
    proof = (
        "--note",
        "已核对原件",
        "--document",
        str(document),
        "--code",
        "123505004000000000",
        "--link",
        "泉南理工大学",
    )
    wrong = run(tmp_path, "user", "add", "second", *college, *proof)
    assert json.loads(wrong.stdout)["error"].startswith("uscc")
    sound = (*proof[:5], uscc(5, "350500"), *proof[6:])
    added = run(tmp_path, "user", "add", "second", *college, *sound)
    assert json.loads(added.stdout)["confirmed"] is True
