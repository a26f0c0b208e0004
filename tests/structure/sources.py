"""The project's own sources as the structure tests see them: files, modules, imports, codes."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from tests.machine import ROOT

PACKAGES = ("matchhub", "ingest", "recommender", "web")
BINARY = {".png", ".jpg", ".ico", ".woff2", ".xlsx", ".zip", ".gz", ".npz", ".pdf", ".svgz"}


@dataclass(frozen=True)
class Module:
    """One Python file: dotted name, whether it is a package's ``__init__``, and its text."""

    name: str
    text: str
    is_package: bool = False
    path: str = ""

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path or self.name)

    def __str__(self) -> str:
        return self.name


def read_module(path: Path) -> Module:
    relative = path.relative_to(ROOT)
    parts = relative.with_suffix("").parts
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, path.read_text(encoding="utf-8"), is_package, relative.as_posix())


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the four packages."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(read_module(path) for path in paths)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Files under version control; without a repository (an unpacked archive), every file that is not generated."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.decode("utf-8").split("\0")
        return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())
    hidden = {".venv", ".git", "data", "build", "dist", "__pycache__"}
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not hidden & set(path.relative_to(ROOT).parts))


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Path below the root and text of every tracked file that is text."""
    for path in tracked_files():
        if path.suffix not in BINARY:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8", errors="replace")


def absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    base = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a module imports, wherever in it; ``from a import b`` gives ``a.b``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, node)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
