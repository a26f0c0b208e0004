"""Every route says who may call it and what it does, and the document says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.machine import ROOT
from tests.structure import routes

pytestmark = pytest.mark.skipif(not (ROOT / "web" / "home" / "__init__.py").exists(), reason="there are no pages yet")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return routes.make_app(Path(tmp_path_factory.mktemp("home")))


def rows(app: Flask) -> list[list[str]]:
    lines = routes.table(app).removeprefix(routes.HEAD).splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_route_declares_its_act(app: Flask) -> None:
    assert [row[0] for row in rows(app) if row[2] == "not declared"] == []


def test_every_route_says_what_it_does(app: Flask) -> None:
    assert [row[0] for row in rows(app) if len(row) < 5 or not row[4]] == []


def test_the_document_lists_exactly_the_routes_of_the_application(app: Flask) -> None:
    written = routes.TABLE.read_text(encoding="utf-8") if routes.TABLE.exists() else ""
    assert written == routes.table(app), "run: python -m tests.structure.routes"
