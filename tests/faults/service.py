"""A real installation for tests that break it: processes of ``matchhub serve`` and ``matchhub worker``, and people who
write through them under keys of their own, without ever giving up."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa

from matchhub.db.tables import LogEntry, ThesaurusEntry
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import system_clock
from tests.machine import ROOT
from tests.services.small_city import opened_city
from tests.web.people import session_of

COMMAND = (sys.executable, "-c", "from matchhub.cli import main; main()")
SECRET = "a key for tests only"
_TOKEN = re.compile(r'<meta name="form-token" content="([^"]+)">')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(holds: Callable[[], bool], what: str, seconds: float = 180) -> None:
    """Wait until something holds; it must, before the time is over."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, what
        time.sleep(0.1)


@dataclass
class Installation:
    """The home and base of an installation, and the processes that serve it."""

    home: Path
    url: str
    port: int = field(default_factory=free_port)
    more: Mapping[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHHUB_")}
        return {
            **kept, "PYTHONPATH": str(ROOT), "MATCHHUB_HOME": str(self.home), "MATCHHUB_DATABASE_URL": self.url,
            "MATCHHUB_SECRET_KEY": SECRET, "LANG": "zh_CN.UTF-8", **self.more,
        }  # fmt: skip

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A process of the command with these arguments, with its words in a file of the home."""
        log = (self.home / f"said-{arguments[0]}-{len(self.processes)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [*COMMAND, *arguments], env=self.environment, cwd=self.home, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    def serve(self, *more: str) -> subprocess.Popen[bytes]:
        """The pages, once they answer."""
        process = self.start("serve", "--port", str(self.port), *more)
        wait_for(lambda: process.poll() is not None or self.answers(), "the pages answer")
        assert process.poll() is None, self.said()
        return process

    def answers(self) -> bool:
        return status_of(self.port, "/healthz") == 200

    def runtime(self) -> Runtime:
        """The base, opened by the test itself."""
        return open_runtime(Settings(self.home, self.url, SECRET), create=False)[0]

    def said(self) -> str:
        """All that the processes wrote."""
        return "".join(file.read_text("utf-8", "replace") for file in sorted(self.home.glob("said-*.log")))

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def status_of(port: int, path: str) -> int:
    """Status of one page; 0 where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


@contextmanager
def installed(home: Path, url: str = "", **more: str) -> Iterator[Installation]:
    """The small city as an installation of its own; its processes end with the block."""
    url = url or f"sqlite:///{home / 'matchhub.db'}"
    with opened_city(home, url):
        pass
    made = Installation(home, url, more=more)
    try:
        yield made
    finally:
        made.end()


class Browser:
    """A signed-in person whose acts carry keys; what is not answered is sent again under the same key."""

    def __init__(self, installation: Installation, login: str = "operator") -> None:
        self.port = installation.port
        self.cookies: dict[str, str] = {}
        runtime = installation.runtime()
        runtime.clock = system_clock
        self.cookies["matchhub_session"] = session_of(runtime, login)
        runtime.close()
        self.token = ""

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None, key: str = "") -> tuple[int, str]:
        """Status and text of one answer; raises ``OSError`` and ``HTTPException`` where none came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if key:
            headers["Idempotency-Key"] = key
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**fields, "csrf_token": self.token})
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            for line in answer.headers.get_all("Set-Cookie") or []:
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return answer.status, text
        finally:
            connection.close()

    def open_form(self) -> None:
        """Get a form token as a page holds it."""
        found = _TOKEN.search(self.ask("GET", "/matching/thesaurus")[1])
        assert found
        self.token = found[1]

    def act(self, path: str, fields: Mapping[str, str], key: str, statuses: list[int], until: float) -> bool:
        """Send an act until it is answered as done; true then. Every status on the way is noted, 0 for no answer."""
        while time.monotonic() < until:
            try:
                status = self.ask("POST", path, fields, key)[0]
            except (OSError, http.client.HTTPException):
                status = 0
            statuses.append(status)
            if status in (200, 302, 303):
                return True
            time.sleep(0.05)
        return False


class Writers:
    """People who write words into the thesaurus, each word under a key of its own, until told to stop."""

    def __init__(self, installation: Installation, number: int) -> None:
        self.installation = installation
        self.statuses: list[int] = []
        self.acknowledged: list[str] = []
        self.sent: list[str] = []
        self._stop = threading.Event()
        self._browsers = [Browser(installation) for _ in range(number)]
        for browser in self._browsers:
            browser.open_form()
        self._threads = [threading.Thread(target=self._write, args=(each,), daemon=True) for each in self._browsers]

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _write(self, browser: Browser) -> None:
        while not self._stop.is_set():
            word = f"词{secrets.token_hex(6)}"
            self.sent.append(word)
            fields = {"plain": word, "patent_words": "剥离 脱胶", "trust": "1"}
            if browser.act("/matching/thesaurus", fields, word[1:], self.statuses, time.monotonic() + 170):
                self.acknowledged.append(word)

    def stop(self) -> None:
        """No new acts; those that were sent are carried to their end."""
        self._stop.set()
        for thread in self._threads:
            thread.join(180)

    def written(self) -> list[str]:
        """Words that the base holds, with repetitions."""
        runtime = self.installation.runtime()
        try:
            with runtime.unit(write=False) as unit:
                chosen = sa.select(ThesaurusEntry.plain).where(ThesaurusEntry.plain.like("词%"))
                return list(unit.session.scalars(chosen))
        finally:
            runtime.close()

    def events(self) -> int:
        """Entries of the log about words of the thesaurus."""
        runtime = self.installation.runtime()
        try:
            with runtime.unit(write=False) as unit:
                chosen = sa.select(sa.func.count()).select_from(LogEntry).where(LogEntry.verb.like("thesaurus%"))
                return unit.session.scalar(chosen) or 0
        finally:
            runtime.close()
