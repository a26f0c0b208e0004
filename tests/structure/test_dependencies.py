"""What the packages import is what the project file declares: nothing undeclared, nothing declared in vain."""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.machine import ROOT
from tests.structure.sources import PACKAGES, imports, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Used without an import: a driver that SQLAlchemy loads by the name in an address, the table of time zones that zoneinfo
# reads on systems without one.
BY_NAME = {"psycopg", "tzdata"}


def plain(requirement: str) -> str:
    """The normalised name of a requirement: ``psycopg[binary]>=3.2; …`` is ``psycopg``."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def declared() -> set[str]:
    """Runtime requirements and those of the extras."""
    extras = [each for group in PROJECT["optional-dependencies"].values() for each in group]
    return {plain(each) for each in [*PROJECT["dependencies"], *extras]}


def imported() -> dict[str, str]:
    """Top-level third-party names, and one module that imports each."""
    found: dict[str, str] = {}
    for module in modules():
        for _, name in imports(module):
            top = name.partition(".")[0]
            if top not in PACKAGES and top not in sys.stdlib_module_names and top != "__future__":
                found.setdefault(top, module.name)
    return found


# Asked once: it reads the list of files of every installed package.
INSTALLED = cache(packages_distributions)


def distributions(name: str) -> set[str]:
    """The distributions that may provide an import; the name itself where none is installed (an extra)."""
    return {plain(each) for each in INSTALLED().get(name, [name])}


def test_everything_imported_is_declared() -> None:
    known = declared()
    assert {name: user for name, user in imported().items() if not distributions(name) & known} == {}


def test_every_requirement_is_used() -> None:
    """Not asked of the extras: they are offered to installations."""
    used = set().union(*(distributions(name) for name in imported()), BY_NAME)
    assert {plain(each) for each in PROJECT["dependencies"]} - used == set()


def test_everything_declared_is_locked() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {plain(line) for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)}
    assert declared() - locked == set()


@pytest.mark.parametrize("requirement", ["psycopg[binary]>=3.2", "Psycopg ; python_version > '3'", "psycopg"])
def test_a_requirement_is_known_by_its_plain_name(requirement: str) -> None:
    assert plain(requirement) == "psycopg"
