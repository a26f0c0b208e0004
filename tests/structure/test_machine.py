"""The fixtures of this machine do what they promise."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Error, Page

from tests.browser import is_own
from tests.machine import ROOT, cases
from tests.postgres import Cluster


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))


@pytest.fixture
def local_address() -> Iterator[str]:
    class Hello(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write("<title>你好</title>".encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_each_test_gets_an_empty_postgres_database(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row == (1,)


def test_postgres_keeps_committed_rows_over_a_crash(postgres_cluster: Cluster, postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('拉链')")
    postgres_cluster.restart("immediate")
    with connect(postgres_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("拉链",)


KILLED = """
import os, signal, sys, tempfile
from pathlib import Path
import run
from tests.postgres import Cluster
cluster = Cluster(run.find_postgres(), Path(tempfile.mkdtemp(prefix="matchhub-pg-")))
cluster.watch(); cluster.create(); cluster.start()
print(cluster.folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.postgres
def test_a_killed_test_process_leaves_no_postgres_behind() -> None:
    ran = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, capture_output=True, text=True, check=False)
    folder = Path(ran.stdout.strip())
    assert folder.name.startswith("matchhub-pg-"), ran.stderr
    deadline = time.monotonic() + 60
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not folder.exists()


def test_a_page_on_this_machine_opens(page: Page, local_address: str) -> None:
    page.goto(local_address)
    assert page.title() == "你好"


def test_a_page_of_another_host_is_stopped_and_noted(page: Page, foreign_requests: list[str]) -> None:
    with pytest.raises(Error):
        page.goto("http://matchhub.invalid/")
    assert foreign_requests == ["http://matchhub.invalid/"]
    foreign_requests.clear()


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("http://127.0.0.1:8000/a", True),
        ("http://[::1]:8000/", True),
        ("data:image/png;base64,AA", True),
        ("about:blank", True),
        ("http://127.0.0.1.example.com/", False),
        ("https://example.com/?127.0.0.1", False),
    ],
)
def test_own_addresses_are_told_from_foreign_ones(address: str, own: bool) -> None:
    assert is_own(address) is own


def test_the_long_run_tries_more_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATCHHUB_TEST_LONG", raising=False)
    assert cases(30, 1000) == 30
    monkeypatch.setenv("MATCHHUB_TEST_LONG", "1")
    assert cases(30, 1000) == 1000
