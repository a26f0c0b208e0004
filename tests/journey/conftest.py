"""An empty installation on either engine, and the command run inside this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from matchhub.cli import matchhub
from matchhub.errors import Refusal

Command = Callable[..., dict[str, Any]]


@pytest.fixture(params=["sqlite", "postgres"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, once on SQLite and once on PostgreSQL; mails go to files."""
    for name in ("MATCHHUB_DATABASE_URL", "MATCHHUB_SMTP_URL", "MATCHHUB_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MATCHHUB_HOME", str(tmp_path / "home"))
    if request.param == "postgres":
        monkeypatch.setenv("MATCHHUB_DATABASE_URL", request.getfixturevalue("postgres_url"))
        monkeypatch.setenv("MATCHHUB_SECRET_KEY", "a key for tests only")
    yield tmp_path / "home"


@pytest.fixture
def command(home: Path) -> Command:
    """Runs ``matchhub ARGS --json`` and gives its answer; the exit status lies under ``"status"``."""

    def run(*words: object) -> dict[str, Any]:
        result = CliRunner().invoke(matchhub, [*(str(word) for word in words), "--json"])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            if isinstance(result.exception, Refusal):
                return {"status": 1, "refused": result.exception.code}
            raise result.exception
        answer: dict[str, Any] = json.loads(result.stdout)
        return {**answer, "status": result.exit_code}

    return run
