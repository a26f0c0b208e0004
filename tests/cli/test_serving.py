"""``matchhub serve --processes``: several processes serve one base, and none is left when the service ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from matchhub.cli import processes
from matchhub.cli.serving import serve
from matchhub.db.tables import Account, AccountSession
from matchhub.services.kernel.runtime import Runtime, open_runtime, served_at
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM
from tests.machine import ROOT
from tests.web.installation import PASSWORD, fill

WRITERS, READERS = 4, 40


@dataclass
class Service:
    """A running service, and the base it serves."""

    address: str
    process: subprocess.Popen[bytes]
    runtime: Runtime

    def workers(self) -> set[int]:
        """Numbers of the processes that the first one started."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return set(map(int, listed.split()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(address: str) -> int:
    try:
        with build_opener().open(address, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def wait_until_open(service: Service) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and service.process.poll() is None:
        try:
            if status(service.address + "/healthz") == 200:
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the service did not open")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    url = f"sqlite:///{tmp_path / 'matchhub.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    runtime, _ = open_runtime(Settings(tmp_path, url, "a key for tests only"))
    with runtime.unit(SYSTEM) as unit:
        fill(unit)
    port = free_port()
    command = [
        sys.executable,
        "-c",
        "from matchhub.cli import main; main()",
        "serve",
        "--port",
        str(port),
        "--processes",
        "2",
        "--threads",
        "4",
    ]
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "MATCHHUB_HOME": str(tmp_path), "MATCHHUB_DATABASE_URL": url,
        "MATCHHUB_SECRET_KEY": "a key for tests only", "MATCHHUB_BASE_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    process = subprocess.Popen(command, cwd=tmp_path, env=environment)
    started = Service(f"http://127.0.0.1:{port}", process, runtime)
    try:
        wait_until_open(started)
        yield started
    finally:
        process.kill()
        process.wait()
        runtime.close()


def sign_in(service: Service) -> int:
    """A browser that opens the form and sends it; a session is written. Any process may answer either request."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(service.address + "/account/sign-in", timeout=30).read().decode()
    found = re.search(r'<meta name="form-token" content="([^"]+)">', page)
    assert found
    form = urlencode({"csrf_token": found[1], "login": "operator", "password": PASSWORD}).encode()
    with browser.open(service.address + "/account/sign-in", form, timeout=30) as answer:
        return int(answer.status) if answer.url.endswith("/operator/") else 0


def sessions(runtime: Runtime) -> int:
    chosen = select(func.count()).select_from(AccountSession).join(Account).where(Account.login == "operator")
    with runtime.unit(write=False) as unit:
        return unit.session.execute(chosen).scalar_one()


def all_gone(numbers: set[int]) -> bool:
    """Whether none of these processes lives any more, within some seconds."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{number}").exists() for number in numbers):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="gunicorn, and /proc to see its processes")
def test_two_processes_serve_readers_and_writers_at_once_and_end_together(service: Service) -> None:
    with ThreadPoolExecutor(8) as crowd:
        written = [crowd.submit(sign_in, service) for _ in range(WRITERS)]
        pages = ["/", "/patents", "/patents/1", "/demands"]
        read = [crowd.submit(status, service.address + pages[number % 4]) for number in range(READERS)]
        assert [each.result() for each in written] == [200] * WRITERS
        assert [each.result() for each in read] == [200] * READERS
    assert sessions(service.runtime) == WRITERS
    workers = service.workers()
    assert len(workers) == 2
    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(40) == 0
    assert all_gone(workers)


@pytest.mark.skipif(sys.platform != "linux", reason="gunicorn, and /proc to see its processes")
@pytest.mark.parametrize("service", ["sqlite"], indirect=True)
def test_a_dead_process_is_replaced_and_none_outlives_the_first(service: Service) -> None:
    before = service.workers()
    os.kill(next(iter(before)), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while len(service.workers() - before) < 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    after = service.workers()
    assert len(after) == 2
    assert after != before
    assert status(service.address + "/healthz") == 200
    service.process.kill()
    assert all_gone(after)


def test_where_gunicorn_is_absent_one_process_serves_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[str, int, int]] = []

    def note(listening: socket.socket, host: str, threads: int) -> None:
        with listening:
            served.append((host, listening.getsockname()[1], threads))

    monkeypatch.setitem(sys.modules, "gunicorn.app.base", None)
    monkeypatch.setattr("matchhub.cli.serving._serve", note)
    assert not processes.can_serve_with_processes()
    port = free_port()
    done = CliRunner().invoke(serve, ["--processes", "2", "--port", str(port)], env={"MATCHHUB_LANG": "en"})
    assert done.exit_code == 0
    assert served == [("127.0.0.1", port, 8)]
    assert "one process serves" in done.stderr


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1"), ("::1", "http://[::1]"), ("0.0.0.0", "http://match-host")],
)
def test_links_lead_to_where_serve_really_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, address: str
) -> None:
    monkeypatch.setattr("waitress.serve", lambda *_, **__: None)
    monkeypatch.setattr("matchhub.cli.serving._warm_application", lambda _: None)
    monkeypatch.setattr("socket.gethostname", lambda: "match-host")
    home = {"MATCHHUB_HOME": str(tmp_path), "MATCHHUB_LANG": "en"}
    port = free_port()
    done = CliRunner().invoke(serve, ["--host", host, "--port", str(port)], env=home)
    assert done.exit_code == 0, done.output
    assert served_at(tmp_path) == f"{address}:{port}"
