"""``run.py``: what a start depends on, what the tests need of the machine, and what it says to people."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import run
from tests.machine import ROOT

Told = Callable[[], str]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project folder with a finished environment."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    (venv / "pyvenv.cfg").write_text("version = 3.11.2\n")
    (tmp_path / "requirements.lock").write_text("flask==3.1.3\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (venv / run.STAMP_NAME).write_text(run.stamp(venv, tmp_path))
    return tmp_path


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A machine without browser, font and PostgreSQL; the packages that were installed are listed."""
    installed: list[list[str]] = []
    monkeypatch.setattr(run, "find_browser", lambda: None)
    monkeypatch.setattr(run, "find_postgres", lambda: None)
    monkeypatch.setattr(run, "has_chinese_font", lambda: False)
    monkeypatch.setattr(run, "apt_install", installed.append)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return installed


class TestEnvironment:
    def test_a_finished_environment_has_nothing_to_do(self, checkout: Path) -> None:
        assert run.is_ready(checkout / ".venv", checkout)

    @pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml", ".venv/pyvenv.cfg"])
    def test_a_change_of_what_it_depends_on_installs_again(self, checkout: Path, file: str) -> None:
        with (checkout / file).open("a") as changed:
            changed.write("# changed\n")
        assert not run.is_ready(checkout / ".venv", checkout)

    @pytest.mark.parametrize("file", [".venv/bin/python", f".venv/{run.STAMP_NAME}"])
    def test_an_unfinished_environment_installs_again(self, checkout: Path, file: str) -> None:
        (checkout / file).unlink()
        assert not run.is_ready(checkout / ".venv", checkout)

    def test_a_moved_folder_installs_again(self, checkout: Path) -> None:
        moved = checkout.rename(checkout.with_name("moved"))
        assert not run.is_ready(moved / ".venv", moved)

    def test_an_interpreter_that_does_not_start_does_not_work(self, checkout: Path) -> None:
        assert not run.works(checkout / ".venv" / "bin" / "python")
        assert not run.works(checkout / "nowhere")

    def test_an_interpreter_with_pip_works(self) -> None:
        assert run.works(Path(sys.executable))

    def test_a_python_without_venv_is_told_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        found = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name))
        with pytest.raises(SystemExit) as ended:
            run.make_venv(tmp_path / ".venv")
        assert ended.value.code == 1
        assert capsys.readouterr().err.count("apt-get install python3-venv") == 2
        assert not (tmp_path / ".venv").exists()

    def test_a_failed_install_leaves_no_stamp(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (checkout / ".venv" / run.STAMP_NAME).unlink()
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1))
        with pytest.raises(SystemExit):
            run.install(checkout / ".venv", checkout)
        assert not run.is_ready(checkout / ".venv", checkout)
        assert "依赖安装失败" in capsys.readouterr().err

    def test_packages_are_installed_only_by_their_hashes(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        commands: list[list[str]] = []

        def note(command: list[str], **_: object) -> subprocess.CompletedProcess:
            commands.append(command)
            return subprocess.CompletedProcess(command, 0)

        monkeypatch.setattr(subprocess, "run", note)
        run.install(checkout / ".venv", checkout)
        assert "--require-hashes" in commands[0]
        assert "--no-deps" in commands[1]
        assert run.is_ready(checkout / ".venv", checkout)

    def test_an_old_python_is_told_so(self, tmp_path: Path) -> None:
        text = (ROOT / "run.py").read_text(encoding="utf-8").replace("(3, 11)", "(9, 0)")
        (tmp_path / "run.py").write_text(text, encoding="utf-8")
        ran = subprocess.run([sys.executable, tmp_path / "run.py"], capture_output=True, text=True, check=False)
        assert ran.returncode == 1
        assert "Python 3.11 or newer is needed" in ran.stderr
        assert "Traceback" not in ran.stderr

    def test_run_needs_the_standard_library_only(self) -> None:
        text = (ROOT / "run.py").read_text(encoding="utf-8")
        imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.M))
        assert imported <= sys.stdlib_module_names


class TestMachine:
    def test_root_gets_what_is_missing_installed(
        self, bare_machine: list[list[str]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            run.equip(browser=True, postgres=True, may_install=True)
        assert bare_machine == [["chromium", "fontconfig", "fonts-noto-cjk", "postgresql"]]
        assert "sudo apt-get install chromium fontconfig fonts-noto-cjk postgresql" in capsys.readouterr().err

    def test_others_are_told_in_one_line_and_nothing_is_installed(
        self, bare_machine: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        with pytest.raises(SystemExit) as ended:
            run.equip(browser=True, postgres=True, may_install=True)
        assert ended.value.code == 1
        assert bare_machine == []
        assert "--without-browser" in capsys.readouterr().err

    @pytest.mark.usefixtures("bare_machine")
    def test_what_is_left_out_on_purpose_is_not_missed(self) -> None:
        assert run.missing_packages(browser=False, postgres=False) == []
        assert run.missing_packages(browser=False, postgres=True) == ["postgresql"]
        run.equip(browser=False, postgres=False, may_install=True)

    def test_a_named_browser_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MATCHHUB_TEST_BROWSER", sys.executable)
        assert run.find_browser() == Path(sys.executable)
        monkeypatch.setenv("MATCHHUB_TEST_BROWSER", "no-such-browser")
        assert run.find_browser() is None

    def test_a_named_postgres_is_taken_only_where_it_is(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("MATCHHUB_TEST_POSTGRES_BIN", str(tmp_path))
        assert run.find_postgres() is None
        (tmp_path / "initdb").touch()
        assert run.find_postgres() == tmp_path


class TestCommands:
    def test_our_flags_are_taken_and_the_rest_is_for_pytest(self) -> None:
        options, rest = run.read_options(["--long", "-k", "deals", "--without-browser", "tests/domain"])
        assert (options.long, options.without_browser, options.without_postgres) == (True, True, False)
        assert rest == ["-k", "deals", "tests/domain"]

    def test_a_flag_is_never_inherited_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MATCHHUB_TEST_WITHOUT_POSTGRES", "1")
        options, _ = run.read_options(["--without-browser"])
        environment = run.environment_for(options)
        assert "MATCHHUB_TEST_WITHOUT_POSTGRES" not in environment
        assert environment["MATCHHUB_TEST_WITHOUT_BROWSER"] == "1"

    @pytest.mark.parametrize("given", [["-n", "4"], ["-n=0"], ["--numprocesses=3"]])
    def test_a_given_number_of_processes_stands(self, given: list[str]) -> None:
        assert run.pytest_arguments(given) == given

    def test_two_processes_are_the_default(self) -> None:
        assert run.pytest_arguments(["-x"]) == ["-n", "3", "-x"]

    @pytest.mark.parametrize("failing", ["none", "ruff", "mypy", "bandit", "pytest"])
    def test_any_failing_check_fails_the_run_and_all_are_run(
        self, failing: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ran: list[str] = []

        def check(command: list[str], **_: object) -> subprocess.CompletedProcess:
            ran.append(command[2])
            return subprocess.CompletedProcess(command, int(command[2] == failing))

        monkeypatch.setattr(run, "prepare", lambda: None)
        monkeypatch.setattr(run, "equip", lambda *_: None)
        monkeypatch.setattr(subprocess, "run", check)
        assert run.run_tests([]) == (failing != "none")
        assert ran == ["ruff", "mypy", "bandit", "pytest"]

    def test_a_wrong_word_is_wrong_usage(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run.main(["strat"]) == 2
        assert "python3 run.py test" in capsys.readouterr().err

    def test_help_is_not_wrong_usage(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run.main(["--help"]) == 0
        assert "python3 run.py test" in capsys.readouterr().out

    @pytest.mark.parametrize(("given", "rest"), [([], ["up"]), (["matchhub", "match", "--json"], ["match", "--json"])])
    def test_the_command_inside_the_environment_gets_its_words(
        self, given: list[str], rest: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        handed: list[list[str]] = []

        def note(arguments: list[str]) -> None:
            handed.append(arguments)
            raise SystemExit(0)

        monkeypatch.setattr(run, "prepare", lambda: None)
        monkeypatch.setattr(run, "hand_over", note)
        with pytest.raises(SystemExit):
            run.main(given)
        assert handed == [[*run.MATCHHUB, *rest]]

    def test_continuous_integration_runs_the_readmes_command(self) -> None:
        lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
        assert lines[1:] == ["python3 run.py test"]
        assert os.access(ROOT / ".ci" / "run", os.X_OK)
        for readme in ("README.md", "README.zh-CN.md"):
            assert "\npython3 run.py test\n" in (ROOT / readme).read_text(encoding="utf-8")


def test_the_lock_names_no_host_and_hashes_every_package() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    packages = [number for number, line in enumerate(lines) if re.match(r"[A-Za-z0-9]", line)]
    assert len(packages) > 30
    assert all("--hash=sha256:" in lines[number + 1] for number in packages)
    assert not any("://" in line for line in lines)
