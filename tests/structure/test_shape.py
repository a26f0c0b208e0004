"""What keeps the sources readable and portable: sizes, names, clocks, nothing of one machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePath

import pytest

from tests.machine import ROOT
from tests.structure.sources import Module, modules, read_module, tracked_files, tracked_texts

MODULE_LINES, FUNCTION_LINES = 350, 50
# The verifier of claim packages is one file by promise: it runs where nothing else of the project is.
LONGER = {"matchhub/dossier/verify.py": 400}
# Gives every unit its "now"; tests and the demo put their own clock in its place.
THE_CLOCK = "matchhub/services/kernel/unit.py"
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
# Written in two parts, or this file would be its own finding.
REGISTRY_HOSTS = re.compile("|".join(("pyp" + r"i\.org", "pythonhos" + r"ted\.org", "registry\\.npm" + "js")))
MACHINE_PATHS = re.compile(r"(?<![\w.~$}])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w+|Users/\w+)/[\w.]+")


def is_migration(module: Module) -> bool:
    return ".migrations.versions." in module.name


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = node.body[0]
    told = (first.end_lineno or first.lineno) - first.lineno + 1 if ast.get_docstring(node) else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - told


def clock_reads(module: Module) -> list[int]:
    """Lines that ask the machine's clock for the present moment."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            if (name, node.func.attr) in CLOCKS:
                found.append(node.lineno)
    return found


def test_no_module_is_longer_than_its_limit() -> None:
    sources = [module for module in (*modules(), read_module(ROOT / "run.py")) if not is_migration(module)]
    sizes = {module.path: module.text.count("\n") for module in sources}
    assert {path: size for path, size in sizes.items() if size > LONGER.get(path, MODULE_LINES)} == {}


def test_no_function_is_longer_than_its_limit() -> None:
    long = [
        f"{module.path}:{node.lineno} {node.name} has {length(node)} lines"
        for module in modules()
        if not is_migration(module)
        for node in functions(module)
        if length(node) > FUNCTION_LINES
    ]
    assert long == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in tracked_files() if path.stem.lower() in VAGUE or path.parent.name.lower() in VAGUE] == []


def test_rules_and_use_cases_never_read_the_clock() -> None:
    layers = ("matchhub.domain", "matchhub.services", "matchhub.policy", "ingest", "recommender")
    read = {module.path: len(clock_reads(module)) for module in modules() if module.name.startswith(layers)}
    assert {path: times for path, times in read.items() if times and path != THE_CLOCK} == {}
    assert read.get(THE_CLOCK, 0) <= 1


@pytest.mark.parametrize(
    "text", ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "import time\ntime.time()"]
)
def test_a_clock_reading_is_found(text: str) -> None:
    assert clock_reads(Module("matchhub.domain.x", text)) != []


def test_unit_now_is_no_clock_reading() -> None:
    assert clock_reads(Module("matchhub.services.x", "unit.now\nunit.now.date()")) == []


def test_no_model_is_fed_by_double_stars() -> None:
    """``Model(**values)`` hides which columns are written."""
    services = [module for module in modules() if module.name.startswith("matchhub.services")]
    tables = {
        node.name
        for module in modules()
        if module.name.startswith("matchhub.db.tables")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }
    found = [
        f"{module.path}:{node.lineno}"
        for module in services
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in tables
        if any(keyword.arg is None for keyword in node.keywords)
    ]
    assert found == []


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{name}:{number}: {match.group()}"
        for name, text in tracked_texts()
        if not name.startswith("web/static/vendor/")
        for number, line in enumerate(text.splitlines(), 1)
        for match in [REGISTRY_HOSTS.search(line) or MACHINE_PATHS.search(line)]
        if match
    ]
    assert found == []


@pytest.mark.parametrize("host", ["files.pythonhos" + "ted.org", "pyp" + "i.org", "registry.npm" + "js.org"])
def test_a_registry_host_is_found(host: str) -> None:
    assert REGISTRY_HOSTS.search(f"see https://{host}/x")


def test_a_path_of_one_machine_is_told_from_a_path_of_the_product() -> None:
    assert MACHINE_PATHS.search("see /wo" + "rk/shared/x.md")
    assert MACHINE_PATHS.search("'/ro" + "ot/.cache'")
    assert not MACHINE_PATHS.search("href=/operator/work/7 and docs/home/x and /var/lib/matchhub")


def test_no_generated_or_private_file_is_tracked() -> None:
    suffixes = {".pyc", ".sqlite", ".db", ".eml", ".map", ".pem", ".key"}
    names = [path.relative_to(ROOT).as_posix() for path in tracked_files()]
    assert [name for name in names if PurePath(name).suffix in suffixes or name.startswith((".venv/", "data/"))] == []
