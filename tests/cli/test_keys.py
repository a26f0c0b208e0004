"""A command acts once for each key (PROMISES.md P6): again, at the same moment, with other arguments."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from matchhub.cli import matchhub
from matchhub.cli.parties import relate
from matchhub.cli.users import user
from matchhub.db.base import Base
from matchhub.errors import Conflict, Refusal
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import Settings
from tests.machine import cases
from tests.structure.commands import HEAD, commands

RELATE = ("relate", "甲公司", "乙公司", "--evidence", "年报", "--json")
USER = (
    "user",
    "add",
    "clerk",
    "--role",
    "operator",
    "--organisation",
    "运营中心",
    "--password",
    "a long one 12",
    "--json",
)
TIMES = cases(6, 32)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHHUB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MATCHHUB_LANG", "zh")
    return tmp_path / "home"


def call(*words: str) -> str:
    """What a command prints when it succeeds or ends with status 1 by itself; raises its refusal."""
    told = CliRunner().invoke(matchhub, words)
    if told.exception is not None and not isinstance(told.exception, SystemExit):
        raise told.exception
    return told.stdout


def rows(home: Path, url: str = "") -> dict[str, int]:
    """How many rows each table has; keys apart."""
    runtime, _ = open_runtime(Settings(home, url or f"sqlite:///{home / 'matchhub.db'}", "x"), create=False)
    with runtime.unit(write=False) as unit:
        tables = [each for each in Base.metadata.sorted_tables if each.name != "form_keys"]
        found = {each.name: unit.session.scalar(sa.select(sa.func.count()).select_from(each)) or 0 for each in tables}
    runtime.close()
    return found


def test_every_command_takes_a_key_or_is_named_as_needing_none() -> None:
    keyed = {path for path, command in commands() if any(option.name == "key" for option in command.params)}
    assert {path for path, _ in commands()} - keyed == {path for path, _ in commands() if f"`{path}`" in HEAD}
    assert len(keyed) >= 10


def files(folder: Path) -> Path:
    place = folder / "firms.csv"
    place.write_text("企业名称,统一社会信用代码,地址\n晋江市甲鞋业有限公司,,晋江市陈埭镇\n,,\n某,错,\n", "utf-8")
    return place


ACTS: dict[str, Callable[[Path], tuple[str, ...]]] = {
    "relate": lambda _: RELATE,
    "user": lambda _: USER,
    "import": lambda folder: ("import", "enterprises", str(files(folder)), "--json"),
    "send": lambda _: ("push", "send", "--json"),
    "train": lambda _: ("train", "--json"),
    "calibrate": lambda _: ("calibrate", "--json"),
    "backup": lambda folder: ("backup", str(folder / "b.tar"), "--json"),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_command_with_its_key_again_answers_the_same_and_acts_once(act: str, home: Path, tmp_path: Path) -> None:
    call("init")
    words = (*ACTS[act](tmp_path), "--key", "k")
    first = call(*words)
    before, made = rows(home), {each: each.stat().st_mtime_ns for each in tmp_path.glob("*.tar")}
    assert call(*words) == first and json.loads(first)
    assert (rows(home), {each: each.stat().st_mtime_ns for each in tmp_path.glob("*.tar")}) == (before, made)


def test_other_arguments_other_files_and_another_command_are_refused(home: Path, tmp_path: Path) -> None:
    place = files(tmp_path)
    call("import", "enterprises", str(place), "--key", "k")
    before = rows(home)
    for words in (("import", "enterprises", str(place), "--source", "他"), RELATE):
        with pytest.raises(Conflict, match="command_key_used_otherwise"):
            call(*words, "--key", "k")
    place.write_text("企业名称\n晋江市乙鞋业有限公司\n", "utf-8")
    with pytest.raises(Conflict, match="command_key_used_otherwise"):
        call("import", "enterprises", str(place), "--key", "k")
    assert rows(home) == before


def test_a_trial_and_a_refused_call_leave_the_key_unused(home: Path, tmp_path: Path) -> None:
    place = str(files(tmp_path))
    call("import", "enterprises", place, "--dry-run", "--key", "k")
    with pytest.raises(Refusal):
        call("push", "plan", "--key", "k")  # there is no run yet
    call("import", "enterprises", place, "--key", "k")
    assert rows(home)["enterprises"] == 1
    for key in ("", "k" * 201):
        with pytest.raises(Refusal, match="command_key_length"):
            call(*RELATE, "--key", key)


def test_a_backup_put_back_with_its_key_is_put_back_once(home: Path, tmp_path: Path) -> None:
    call(*RELATE)
    call("backup", str(tmp_path / "b.tar"))
    words = ("restore", str(tmp_path / "b.tar"), "--force", "--json", "--key", "k")
    first = call(*words)
    call(*USER)
    assert call(*words) == first
    assert (rows(home)["accounts"], rows(home)["party_relations"]) == (1, 1)


def race(command: Any, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> list[str]:
    with ThreadPoolExecutor(TIMES) as pool:
        list(pool.map(lambda _: command.main(list(words), standalone_mode=False), range(TIMES)))
    return capsys.readouterr().out.split("\n")[:-1]


def raced(capsys: pytest.CaptureFixture[str]) -> None:
    for command, words in ((relate, RELATE[1:]), (user, USER[1:])):
        told = race(command, (*words, "--key", words[0]), capsys)
        assert len(told) == TIMES and len(set(told)) == 1, told


def test_calls_at_the_same_moment_act_once_on_sqlite(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call("init")
    raced(capsys)
    assert (rows(home)["accounts"], rows(home)["party_relations"]) == (1, 1)


def test_calls_at_the_same_moment_act_once_on_postgresql(
    home: Path, postgres_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHHUB_DATABASE_URL", postgres_url)
    monkeypatch.setenv("MATCHHUB_SECRET_KEY", "a key for tests only")
    call("init")
    raced(capsys)
    assert (rows(home, postgres_url)["accounts"], rows(home, postgres_url)["party_relations"]) == (1, 1)
