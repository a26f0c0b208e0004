"""Fixtures of the pages: an application over a filled base of its own."""

from __future__ import annotations

import pytest
from flask import Flask

from matchhub.services.runtime import Runtime
from tests.web.installation import clock, filled_home, runtime
from tests.web.people import Person
from web import create_app

__all__ = ["clock", "filled_home", "runtime"]


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    return create_app(runtime)


@pytest.fixture
def visitor(app: Flask) -> Person:
    return Person(app)
