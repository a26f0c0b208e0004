"""What a release is made of: the packages of ``requirements.lock`` with scope and licence, and the vendored files.

Read from the lock, the project file and the metadata of the installed packages; nothing is fetched.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$", re.MULTILINE)
_CLASSIFIED = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the lock. ``scope``: required, optional (an extra) or excluded (for development only);
    ``applies``: whether this platform installs it; ``needs``: names of packages it requires."""

    name: str
    version: str
    scope: str
    applies: bool
    licence: str = ""
    home: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vendored:
    """A front-end file of others that lies in the project."""

    name: str
    version: str
    licence: str
    path: str
    sha256: str


def packages(root: Path = ROOT) -> list[Package]:
    """All packages of the lock by name; licence and needs only where they are installed."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    needed = _closure(project["project"]["dependencies"])
    extra = _closure(each for group in project["project"]["optional-dependencies"].values() for each in group)
    found = []
    for name, version, marker in _PINNED.findall((root / "requirements.lock").read_text("utf-8")):
        key = canonicalize_name(name)
        scope = "required" if key in needed else "optional" if key in extra else "excluded"
        applies = not marker or Requirement(f"{name} ; {marker}").marker.evaluate()  # type: ignore[union-attr]
        found.append(Package(key, version, scope, applies, *_told(key)))
    return found


def vendored(root: Path = ROOT) -> list[Vendored]:
    """Files of other projects below ``web/static/vendor``, by their manifest."""
    folder = root / "web" / "static" / "vendor"
    listed = json.loads((folder / "manifest.json").read_text("utf-8"))
    return [
        Vendored(each["name"], each["version"], each["licence"], f"web/static/vendor/{path}", digest)
        for each in listed
        for path, digest in each["files"].items()
    ]


def _told(name: str) -> tuple[str, str, tuple[str, ...]]:
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return "", "", ()
    return _licence(found.metadata), _home(found.metadata), tuple(sorted(_needs(found.requires or (), ())))


def _licence(about: Any) -> str:
    """An expression of SPDX where the package gives one, else its classifiers, else its own words in one line."""
    if expression := about.get("License-Expression"):
        return str(expression)
    classified = [each.removeprefix(_CLASSIFIED) for each in about.get_all("Classifier") or () if _CLASSIFIED in each]
    if classified:
        return "; ".join(classified)
    lines = (about.get("License") or "").strip().splitlines()
    return lines[0].strip()[:80] if lines else ""


def _home(about: Any) -> str:
    for label_and_address in about.get_all("Project-URL") or ():
        label, _, address = str(label_and_address).partition(",")
        if label.strip().lower() in ("homepage", "home", "source", "repository", "source code", "code"):
            return address.strip()
    return str(about.get("Home-page") or "")


def _needs(requires: Iterable[str], extras: Iterable[str]) -> Iterator[str]:
    environment = [{**default_environment(), "extra": each} for each in (*extras, "")]
    for line in requires:
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate(each) for each in environment):  # type: ignore[arg-type]
            yield canonicalize_name(wanted.name)


def _closure(requires: Iterable[str]) -> set[str]:
    """Names of these requirements and of all they need, as far as they are installed."""
    waiting, found = [Requirement(each) for each in requires], set[str]()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in found and not wanted.extras:
            continue
        found.add(name)
        try:
            more = metadata.requires(name) or ()
        except metadata.PackageNotFoundError:
            continue
        named = set(_needs(more, wanted.extras))
        waiting += [each for each in map(Requirement, more) if canonicalize_name(each.name) in named - found]
    return found
