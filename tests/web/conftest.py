"""Fixtures of the pages: an application over a filled base of its own."""

from __future__ import annotations

import pytest
from flask import Flask

from matchhub.operation.logs import AccessLog
from matchhub.services.kernel.runtime import Runtime, open_runtime
from tests.services.desk_base import Base, base, empty_home
from tests.services.small_city import built_city, city
from tests.web.installation import clock, filled_home, runtime, settings
from tests.web.people import Person
from web import create_app, frame, status
from web.units import EXTENSION

__all__ = ["base", "built_city", "city", "clock", "empty_home", "filled_home", "runtime"]


@pytest.fixture(scope="session")
def made_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application per test process: making it and compiling its templates takes longer than a test."""
    opened, _ = open_runtime(settings(tmp_path_factory.mktemp("unused")), create=False)
    return create_app(opened)


@pytest.fixture
def app(made_app: Flask, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application over this test's own base, with fresh counters."""
    monkeypatch.setitem(made_app.extensions, EXTENSION, runtime)
    monkeypatch.setitem(made_app.extensions, status.EXTENSION, status.Counters())
    monkeypatch.setitem(made_app.extensions, status.ACCESS, AccessLog(runtime.home))
    made_app.extensions.pop(frame.EXTENSION, None)
    return made_app


@pytest.fixture
def desk_app(made_app: Flask, base: Base, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application over a base that holds the staff's accounts and nothing else."""
    monkeypatch.setitem(made_app.extensions, EXTENSION, base.runtime)
    monkeypatch.setitem(made_app.extensions, status.EXTENSION, status.Counters())
    made_app.extensions.pop(frame.EXTENSION, None)
    return made_app


@pytest.fixture
def visitor(app: Flask) -> Person:
    """A browser that is not signed in."""
    return Person(app)
