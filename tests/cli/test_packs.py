"""``matchhub pack``: a file is checked with its faults, two packs are compared on a base."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_commands import run
from tests.policy.packs import FILE, KEY


def test_a_pack_without_fault_is_valid(tmp_path: Path) -> None:
    done = run(tmp_path, "pack", "check", str(FILE), "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"valid": True, "faults": []})


def test_each_fault_is_named_with_file_line_and_sentence_and_exit_status_1(tmp_path: Path) -> None:
    file = tmp_path / f"{KEY}.toml"
    text = (
        FILE.read_text(encoding="utf-8").replace("required = 80\n", "required = 0\n").replace("[sample]", "[samples]")
    )
    file.write_text(text, encoding="utf-8")
    done = run(tmp_path, "pack", "check", str(file), "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["valid"]) == (1, False)
    assert [(each["code"], each["file"]) for each in told["faults"]] == [
        ("pack_too_small", file.name), ("pack_missing", file.name), ("pack_unknown_field", file.name)
    ]  # fmt: skip
    assert told["faults"][0]["line"] == text.splitlines().index("required = 0") + 1
    assert all(each["sentence"] for each in told["faults"])
    english = run(tmp_path, "pack", "check", str(file), LANG="en_GB.UTF-8")
    assert f"{file.name}, line {told['faults'][0]['line']}" in english.stdout or "第" in english.stdout


def test_a_pack_of_the_home_is_counted_and_compared(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    text = FILE.read_text(encoding="utf-8").replace(KEY, "linxi-2030", 1).replace("required = 80\n", "required = 7\n")
    (tmp_path / "packs" / "linxi-2030.toml").write_text(text, encoding="utf-8")
    assert run(tmp_path, "init").returncode == 0
    counted = json.loads(run(tmp_path, "progress", "--policy", "linxi-2030", "--json").stdout)
    assert counted["policy"] == "linxi-2030"
    done = run(tmp_path, "pack", "compare", KEY, "linxi-2030", "--as-of", "2025-06-30", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["a"], told["b"], told["as_of"]) == (0, KEY, "linxi-2030", "2025-06-30")
    agencies = next(each for each in told["thresholds"] if each["key"] == "agencies")
    assert (agencies["a"]["required"], agencies["b"]["required"], agencies["differing"]) == (80, 7, 0)
    assert run(tmp_path, "pack", "compare", KEY, "nowhere-2099", "--json").returncode == 1
    done = run(tmp_path, "compare", "--policy", KEY, "--policy", "linxi-2030", "--as-of", "2025-06-30", "--json")
    told = json.loads(done.stdout)
    assert (told["a"]["policy"], told["b"]["policy"], told["b"]["as_of"]) == (KEY, "linxi-2030", "2025-06-30")
    assert {each["key"] for each in told["thresholds"]} >= {"agencies"} and told["records"] == []
