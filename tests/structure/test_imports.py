"""Who may import whom: the table of the architecture, kept over the real imports."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import pytest

from tests.structure.sources import PACKAGES, Module, imports, modules

ERRORS, DOMAIN, WORDING = "matchhub.errors", "matchhub.domain", "matchhub.wording"
LIMITS, DURABLE = "matchhub.process_limits", "matchhub.durable"
POLICY, DB, SERVICES = "matchhub.policy", "matchhub.db", "matchhub.services"
IMPORTS = "matchhub.services.imports"
NOTIFY, REPORTS, DEMO, OPERATION = "matchhub.notify", "matchhub.reports", "matchhub.demo", "matchhub.operation"
DOSSIER = "matchhub.dossier"
EDGES = {"web", "matchhub.cli", "matchhub.worker"}
EDGES_MAY = {SERVICES, IMPORTS, NOTIFY, REPORTS, DOSSIER, DEMO, OPERATION, DOMAIN, ERRORS, WORDING}
EDGES_USE = {
    "apscheduler",
    "babel",
    "click",
    "flask",
    "flask_babel",
    "flask_login",
    "flask_wtf",
    "gunicorn",
    "jinja2",
    "markupsafe",
    "pydantic",
    "segno",
    "waitress",
    "werkzeug",
    "wtforms",
}


@dataclass(frozen=True)
class Layer:
    """What one layer may import of ours and of others, beside itself, the standard library and the bare packages."""

    ours: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)


LAYERS = {
    ERRORS: Layer(),
    "matchhub.client": Layer(),
    LIMITS: Layer(),
    DURABLE: Layer(),
    WORDING: Layer({ERRORS}),
    DOMAIN: Layer({ERRORS}, {"chinese_calendar", "email_validator", "stdnum"}),
    POLICY: Layer({DOMAIN, ERRORS}),
    "recommender": Layer(
        others={"dask", "distributed", "numpy", "opencc", "pypinyin", "rapidfuzz", "rjieba", "scipy", "sklearn"}
    ),
    "ingest": Layer(
        {DOMAIN, ERRORS, LIMITS},
        {
            "docx",
            "lxml",
            "pdfplumber",
            "phonenumbers",
            "pydantic",
            "python_calamine",
            "rapidfuzz",
        },
    ),
    DB: Layer({DOMAIN, ERRORS}, {"alembic", "sqlalchemy"}),
    IMPORTS: Layer({SERVICES, "ingest", DOMAIN, ERRORS, POLICY, DB, "recommender", DURABLE}, {"sqlalchemy"}),
    SERVICES: Layer(
        {DOMAIN, ERRORS, LIMITS, DURABLE, POLICY, DB, "recommender"},
        {
            "PIL",
            "argon2",
            "filelock",
            "filetype",
            "imagehash",
            "pillow_heif",
            "pyotp",
            "pypdfium2",
            "scipy",
            "sqlalchemy",
            "zxcvbn",
        },
    ),
    NOTIFY: Layer({ERRORS, DURABLE}, {"email_validator"}),
    REPORTS: Layer({DOMAIN, ERRORS, WORDING}, {"docx", "typst", "xlsxwriter"}),
    DOSSIER: Layer({SERVICES, REPORTS, DOMAIN, ERRORS, WORDING}),
    OPERATION: Layer({SERVICES, IMPORTS, "ingest", NOTIFY, DOMAIN, ERRORS, DURABLE, WORDING}, {"apscheduler"}),
    DEMO: Layer({SERVICES, IMPORTS, DOMAIN, ERRORS}, {"PIL"}),
    **{edge: Layer(EDGES_MAY, EDGES_USE) for edge in EDGES},
}


# ``matchhub evaluate`` scores the matcher on files alone: no record, no rule, nothing for a service to do.
# ``matchhub serve``, ``worker`` and ``up`` start the other two edges; nobody else may reach from edge to edge.
BESIDE = {
    ("matchhub.cli.matching", "recommender"),
    ("matchhub.cli.serving", "web"),
    ("matchhub.cli.serving", "matchhub.worker"),
}


def is_within(name: str, layer: str) -> bool:
    return name == layer or name.startswith(f"{layer}.")


def layer_of(name: str) -> str | None:
    return next((layer for layer in LAYERS if is_within(name, layer)), None)


def fault_of(module: Module, imported: str) -> str | None:
    """Why ``module`` may not import ``imported``; None when it may."""
    own = layer_of(module.name)
    top = imported.partition(".")[0]
    if own is None or top in sys.stdlib_module_names:
        return None
    if top not in PACKAGES:
        return None if top in LAYERS[own].others else f"{own} may not use {top}"
    target = layer_of(imported)
    # The bare package holds the version only.
    if target is None:
        return None if imported in ("matchhub", "matchhub.__version__") else f"{imported} belongs to no layer"
    if target == own or target in LAYERS[own].ours or (module.name, target) in BESIDE:
        return None
    return f"{own} may not import {target}"


def faults(module: Module) -> list[str]:
    found = ((line, fault_of(module, imported)) for line, imported in imports(module))
    return [f"{module.name}:{line}: {fault}" for line, fault in found if fault]


def test_every_module_belongs_to_a_layer() -> None:
    assert [module.name for module in modules() if module.name != "matchhub" and layer_of(module.name) is None] == []


def test_every_import_is_one_its_layer_may_make() -> None:
    found = [fault for module in modules() for fault in faults(module)]
    assert found == [], "\n".join(["against the table of layers:", *found])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("web.home", "from matchhub.db import engine"),
        ("web.home", "from matchhub import db"),
        ("web.home", "import matchhub.policy.reading"),
        ("matchhub.domain.patents", "from matchhub.services import unit"),
        ("matchhub.domain.patents", "import sqlalchemy"),
        ("matchhub.domain.patents", "from ..db import engine"),
        ("matchhub.services.x", "def late():\n    import flask"),
        ("matchhub.services.deals.recorder", "from ingest import reading"),
        ("matchhub.services.deals.recorder", "from matchhub.services.imports import batch"),
        ("recommender.index", "from matchhub.errors import Refusal"),
        ("web.home", "from matchhub.cli.console import language"),
        ("web.home", "from matchhub import worker"),
        ("matchhub.worker", "from web import create_app"),
        ("matchhub.cli.base", "from web import create_app"),
        ("matchhub.cli.serving", "from matchhub.db import engine"),
        ("matchhub.operation.mailing", "from web import create_app"),
        ("matchhub.operation.mailing", "from matchhub.db import engine"),
        ("matchhub.operation.mailing", "from matchhub.cli.console import language"),
        ("matchhub.services.pushes.plan", "from matchhub.operation import mailing"),
        ("ingest.reading", "from matchhub import services"),
        ("matchhub.db.engine", "from matchhub import nowhere"),
    ],
)
def test_a_forbidden_import_is_found(name: str, text: str) -> None:
    assert len(faults(Module(name, text))) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("web.home", "from matchhub import errors, services, __version__"),
        ("matchhub.domain.patents", "from stdnum.cn import uscc\nimport re"),
        ("matchhub.domain.patents", "from . import identifiers\nfrom .identifiers import plain"),
        ("matchhub.cli.serving", "from web import create_app\nfrom matchhub.worker import run_worker"),
        ("web.operator.pushes", "from matchhub.operation.mailing import send_due"),
    ],
)
def test_an_allowed_import_passes(name: str, text: str) -> None:
    assert faults(Module(name, text)) == []
