"""How long a sign-in waits while a large import is recorded beside it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench._load_base import opened, run_environment, write_patents
from matchhub.demo.accounts import PASSWORD
from web import create_app

_TOKEN = re.compile(r'name="form-token" content="([^"]+)"')
_PAUSE = 0.1  # seconds between two sign-ins


@dataclass(frozen=True, slots=True)
class Beside:
    """Milliseconds that sign-ins took, sorted: alone, and while the import ran, which took ``seconds``."""

    alone: list[float]
    beside: list[float]
    seconds: float


def sign_ins_beside_import(home: Path, url: str | None, rows: int) -> Beside:
    """Sign in again and again, alone and then as long as another process imports so many new patents."""
    file = write_patents(home, 500_000, rows, url)
    runtime = opened(home, url)
    app = create_app(runtime)

    def sign_in() -> float:
        client = app.test_client()
        token = _TOKEN.search(client.get("/account/sign-in").text)
        assert token is not None
        fields = {"csrf_token": token[1], "login": "operator", "password": PASSWORD}
        began = time.perf_counter()
        answer = client.post("/account/sign-in", data=fields)
        taken = 1000 * (time.perf_counter() - began)
        assert answer.status_code == 302, answer.status_code
        time.sleep(_PAUSE)
        return taken

    sign_in()
    alone = sorted(sign_in() for _ in range(20))
    began, beside = time.perf_counter(), list[float]()
    command = [sys.executable, "-m", "bench._load_base", str(home), str(file), *([url] if url else [])]
    importing = subprocess.Popen(command, env=run_environment(home, url))
    while importing.poll() is None:
        beside.append(sign_in())
    seconds = time.perf_counter() - began
    runtime.close()
    file.unlink()
    if importing.returncode:
        raise RuntimeError("the import was refused")
    return Beside(alone, sorted(beside), seconds)
