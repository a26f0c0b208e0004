"""Starting and stopping: a sentence where something is in the way, nothing left running, nothing said before it holds."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from matchhub.cli.listening import listen
from matchhub.errors import SettingInvalid
from matchhub.services.kernel.home import require_usable
from matchhub.wording import refusal_sentence
from tests.machine import ROOT

COMMAND = (sys.executable, "-c", "from matchhub.cli import main; main()")
NOBODY = 65534


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MATCHHUB_", "LC_", "LANG"))}
    return {**kept, "MATCHHUB_HOME": str(home), "LANG": "zh_CN.UTF-8", **more}


def told(home: Path, *arguments: str, **more: str) -> str:
    """What a command that must be refused says: one sentence and no traceback."""
    ended = subprocess.run(
        [*COMMAND, *arguments], env=environment(home, **more), cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    said = (ended.stdout + ended.stderr).decode()
    assert ended.returncode in (1, 2) and "Traceback" not in said, said
    return said


@contextmanager
def running(home: Path, host: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """``matchhub up`` after it said that it runs, in a process group of its own."""
    with listen(host, 0) as probe:
        port = int(probe.getsockname()[1])
    command = [*COMMAND, "up", "--empty", "--host", host, "--port", str(port)]
    with subprocess.Popen(
        command, env=environment(home), cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            assert f":{port}" in process.stdout.readline()
            yield process, port
        finally:
            if process.poll() is None:
                process.kill()


def children_of(process: subprocess.Popen[str]) -> list[int]:
    return list(map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()))


def wait_for(holds: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < ends, what
        time.sleep(0.1)


def is_free(host: str, port: int) -> bool:
    try:
        listen(host, port).close()
    except SettingInvalid:
        return False
    return True


def is_gone(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize(("sent", "host"), [("SIGKILL", "127.0.0.1"), ("SIGHUP", "::1")])
def test_nothing_is_left_however_up_ends(tmp_path: Path, sent: str, host: str) -> None:
    with running(tmp_path, host) as (process, port):
        place = f"[{host}]" if ":" in host else host
        with urlopen(f"http://{place}:{port}/healthz", timeout=20) as answer:  # what it said holds at once
            assert answer.status == 200
        assert f"端口 {port} 已被其他程序占用" in told(tmp_path, "up", "--host", host, "--port", str(port))
        children = children_of(process)
        assert len(children) >= 2
        process.send_signal(getattr(signal, sent))
        process.wait(30)
        wait_for(lambda: all(map(is_gone, children)), "web or worker goes on alone")
        wait_for(lambda: is_free(host, port), "something still listens")


@pytest.mark.parametrize("arguments", [("serve",), ("serve", "--processes", "2"), ("up", "--empty")])
def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        said = told(tmp_path, *arguments, "--port", str(port))
    assert f"端口 {port} 已被其他程序占用" in said and f"--port {port + 1}" in said and "已启动" not in said


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "2001:db8::1", "." * 300])
def test_an_address_that_is_not_this_machines_is_told(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        listen(host, 0)
    assert refused.value.code == "host_unusable" and "--host 0.0.0.0" in refusal_sentence(refused.value, "zh")


def test_a_port_beyond_all_ports_is_told() -> None:
    with pytest.raises(SettingInvalid) as refused:
        listen("127.0.0.1", 65_536)
    assert refused.value.code == "port_not_allowed"


class TestTheHome:
    @pytest.mark.parametrize("below", ["", "data"])
    def test_a_file_in_its_place_is_told(self, tmp_path: Path, below: str) -> None:
        (tmp_path / "file").touch()
        assert "是文件，不是文件夹" in told(tmp_path / "file" / below, "doctor")

    def test_one_that_cannot_be_made_is_told(self) -> None:
        with pytest.raises(SettingInvalid) as refused:
            require_usable(Path("/proc/matchhub"))
        assert refused.value.code == "home_not_made"

    @pytest.mark.parametrize(("place", "mode"), [(".", 0o555), ("secret_key", 0o400), ("matchhub.db", 0o444)])
    def test_one_of_another_user_is_told(self, place: str, mode: int) -> None:
        with tempfile.TemporaryDirectory() as folder:  # below it everybody may enter; not so below pytest's own
            home = Path(folder).resolve() / "home"
            home.mkdir()
            for name in ("secret_key", "matchhub.db"):
                (home / name).touch()
                (home / name).chmod(0o666)
            for each in (home.parent, home):
                each.chmod(0o777)
            (home / place).chmod(mode)
            assert refused_to_nobody(home) == ("home_not_writable", str((home / place).resolve()))

    def test_one_below_a_folder_that_may_not_be_entered_is_told(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder).resolve() / "home" / "data"
            home.mkdir(parents=True)
            home.parent.chmod(0o000)
            assert refused_to_nobody(home)[0] == "home_not_made"
            home.parent.chmod(0o700)

    def test_everything_in_it_is_its_users_alone(self, tmp_path: Path) -> None:
        home, folder = tmp_path / "home", tmp_path / "backups"
        folder.mkdir(mode=0o700)
        for arguments in (("init",), ("backup", str(folder / "base.zip"))):
            made = subprocess.run([*COMMAND, *arguments], env=environment(home), cwd=ROOT, umask=0, check=False)
            assert made.returncode == 0
        places = [home, *home.rglob("*"), *folder.rglob("*")]
        assert any(place.name == "matchhub.db" for place in places) and any(place.parent == folder for place in places)
        assert [str(place) for place in places if stat.S_IMODE(place.stat().st_mode) & 0o077] == []


def refused_to_nobody(home: Path) -> tuple[str, str]:
    """Code and place of the refusal that another user than root gets for this home; a process of its own asks."""
    ask = f"""
import os, sys
if os.getuid() == 0:
    os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
try:
    require_usable(Path({str(home)!r}))
except SettingInvalid as refusal:
    print(refusal.code, refusal.data.get("place", ""), end="")
"""
    # The modules are loaded before the process becomes nobody, who may not be able to read them.
    load = (
        "from pathlib import Path\nfrom matchhub.errors import SettingInvalid\n"
        "from matchhub.services.kernel.home import require_usable\n"
    )
    asked = subprocess.run([sys.executable, "-c", load + ask], cwd=ROOT, capture_output=True, timeout=60, check=False)
    code, _, place = asked.stdout.decode().partition(" ")
    assert code, asked.stderr.decode()
    return code, place


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31", "2101-01-01"])
def test_days_at_the_ends_of_the_calendar_are_told(tmp_path: Path, day: str) -> None:
    assert "年份在 1900 至 2100 之间" in told(tmp_path, "progress", "--as-of", day)


def test_a_language_of_the_machine_that_knows_no_chinese_is_no_hindrance(tmp_path: Path) -> None:
    """LC_ALL=C with Chinese in the paths of the home and of the checkout, as on a machine set up from a bare image."""
    home, checkout = tmp_path / "数据", tmp_path / "晋江 平台"
    for name in ("matchhub", "ingest", "recommender", "web"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    spoken = environment(home, LC_ALL="C", LANG="C")
    program = "import matchhub, sys; sys.stderr.write(ascii(matchhub.__file__)); from matchhub.cli import main; main()"
    for words, status, sentence in (("init",), 0, "已建立"), (("doctor",), 1, "数据库结构版本"):
        command = [sys.executable, "-c", program, *words]
        done = subprocess.run(command, env=spoken, cwd=checkout, capture_output=True, timeout=120, check=False)
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == status and sentence in said and "Traceback" not in said, said
        assert ascii(str(checkout))[1:-1] in said
    assert (home / "matchhub.db").is_file()
