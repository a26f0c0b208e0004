"""The platform starts on every system: nothing that only one has is needed to import it, to write or to read a file."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machine import ROOT
from tests.structure.sources import Module, modules, read_module

# Of the standard library, as its documentation says by "Availability"; gunicorn stands on fcntl.
ONE_SYSTEM = {
    "fcntl", "grp", "gunicorn", "msvcrt", "nt", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty",
    "winreg", "winsound", "_winapi",
}  # fmt: skip


def _runs_at_import(nodes: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run when a module is imported, inside conditions and classes too, but not inside functions."""
    for node in nodes:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for _, field in ast.iter_fields(node):
                if isinstance(field, list):
                    below = [each for each in field if isinstance(each, ast.stmt | ast.excepthandler | ast.match_case)]
                    yield from _runs_at_import(below)  # type: ignore[arg-type]


def bound_to_one_system(module: Module) -> list[str]:
    """Imports of a module that only one system has, made when ``module`` is imported."""
    found = []
    for node in _runs_at_import(module.tree.body):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        found += [f"{module.name}:{node.lineno} {name}" for name in names if name.partition(".")[0] in ONE_SYSTEM]
    return found


def test_no_module_needs_at_import_what_only_one_system_has() -> None:
    sources = (*modules(), read_module(ROOT / "run.py"))
    assert [found for module in sources for found in bound_to_one_system(module)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import fcntl",
        "import os, resource",
        "from pwd import getpwnam",
        "if True:\n    import termios",
        "try:\n    import fcntl\nexcept ImportError:\n    fcntl = None",
        "try:\n    pass\nexcept ImportError:\n    import msvcrt",
        "class A:\n    import grp",
        "import gunicorn.app.base",
    ],
)
def test_an_import_of_one_system_is_found(text: str) -> None:
    assert len(bound_to_one_system(Module("matchhub.x", text))) == 1


@pytest.mark.parametrize("text", ["def late():\n    import fcntl", "import os", "from . import resource"])
def test_an_import_that_waits_until_it_is_needed_passes(text: str) -> None:
    assert bound_to_one_system(Module("matchhub.x", text)) == []


# A Linux without what Windows lacks: the whole way from an empty home to rows of a file in the base.
ELSEWHERE = """
import sys

class Absent:
    names = {"fcntl", "resource", "pwd", "grp", "termios", "gunicorn"}
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for name in Absent.names & set(sys.modules):
    del sys.modules[name]
sys.meta_path.insert(0, Absent())

import os, runpy
from pathlib import Path
import matchhub.cli, matchhub.worker, matchhub.cli.serving
from matchhub.operation.diagnosis import examine
from matchhub.services.accounts.accounts import add_account
from matchhub.services.kernel.runtime import open_runtime
from matchhub.services.kernel.settings import read_settings
from web import create_app

runtime, created = open_runtime(read_settings(os.environ))
assert created
with runtime.unit() as unit:
    add_account(unit, login="clerk", display_name="clerk", role="operator", organisation_name="晋江知识产权运营中心",
                organisation_kind="operator", password="a fine long sentence", enterprise_id=None)
assert create_app(runtime).test_client().get("/").status_code == 200
codes = {check["code"] for check in examine(os.environ)["checks"]}
assert "doctor_reader_unlimited" in codes, codes
runtime.close()

sys.argv = ["matchhub", "import", "enterprises", sys.argv[1], "--json"]
matchhub.cli.main()
"""


def test_without_what_only_one_system_has_everything_imports_and_a_file_comes_in(tmp_path: Path) -> None:
    file = tmp_path / "firms.csv"
    file.write_text("企业名称,统一社会信用代码\n晋江市恒步鞋业有限公司,91350582MA2YB4H50K\n", encoding="utf-8")
    environment = {**os.environ, "MATCHHUB_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ELSEWHERE, str(file)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '"created": 1' in done.stdout
