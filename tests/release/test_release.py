"""What a release brings with it: bill of materials, notices, licence, and an audit that never passes unseen."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from release import audit
from release.inventory import packages, vendored
from release.notices import FILE, notices
from release.sbom import bill
from tests.machine import ROOT

PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


def test_the_bill_names_every_locked_package_and_every_vendored_file_once() -> None:
    document = bill()
    listed = [part for part in document["components"] if part["type"] == "library"]
    locked = set(PINNED.findall((ROOT / "requirements.lock").read_text("utf-8")))
    assert {(part["name"], part["version"]) for part in listed} == locked and len(listed) == len(locked)
    scopes = {part["name"]: part["scope"] for part in listed}
    assert (scopes["flask"], scopes["distributed"], scopes["pytest"]) == ("required", "optional", "excluded")
    assert scopes["markupsafe"] == "required" and scopes["tornado"] == "optional"  # what they need in turn
    files = {part["bom-ref"]: part for part in document["components"] if part["type"] == "file"}
    held = (ROOT / "web" / "static" / "vendor").rglob("*.min.*")
    assert {str(file.relative_to(ROOT)).replace(os.sep, "/") for file in held} <= set(files)
    refs = [document["metadata"]["component"]["bom-ref"], *(part["bom-ref"] for part in document["components"])]
    assert len(refs) == len(set(refs))
    assert {each for one in document["dependencies"] for each in [one["ref"], *one["dependsOn"]]} <= set(refs)
    assert bill() == document


def test_every_package_that_is_installed_says_its_licence() -> None:
    installed = [part for part in packages() if part.applies and part.scope != "excluded"]
    assert [part.name for part in installed if not part.licence] == []
    assert [file.path for file in vendored() if not file.licence] == []


def test_the_notices_are_those_of_this_lock() -> None:
    assert FILE.read_text("utf-8") == notices(), "python3 run.py notices"


EXPECTED = {"flask": "3.1.2", "jinja2": "3.1.6"}
LOOKED = [{"name": "flask", "version": "3.1.2", "vulns": []}, {"name": "jinja2", "version": "3.1.6", "vulns": []}]


@pytest.mark.parametrize(
    ("listed", "outcome"),
    [
        (LOOKED, "passed"),
        (LOOKED[:1], "not_looked"),
        ([], "not_looked"),
        ([LOOKED[0], {"name": "jinja2", "skip_reason": "not found"}], "not_looked"),
        ([LOOKED[0], LOOKED[1] | {"version": "3.1.5"}], "not_looked"),
        ([LOOKED[0], LOOKED[1] | {"vulns": [{"id": "PYSEC-1"}]}], "found"),
        (None, "not_looked"),
    ],
)
def test_an_audit_passes_only_when_every_package_was_looked_up(listed: object, outcome: str) -> None:
    told = "" if listed is None else json.dumps({"dependencies": listed})
    assert audit.judge(told, EXPECTED)[0] == outcome
    assert audit.judge(told, {})[0] != "passed"


@pytest.mark.long
def test_without_an_advisory_list_the_audit_fails_and_says_so() -> None:
    away = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    done = subprocess.run(
        [sys.executable, "-m", "release.audit"], cwd=ROOT, env=os.environ | away, capture_output=True, text=True
    )
    assert done.returncode == 1 and "this is no pass" in done.stderr


@pytest.mark.long
def test_a_wheel_installed_in_a_clean_environment_holds_all_it_needs(tmp_path: Path) -> None:
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    _require_data(wheel)
    clean = tmp_path / "clean"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(clean)], check=True)
    program = clean / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(program),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(pip, check=True)
    # the libraries of this environment, but not the project, which lies in it as a link
    here = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    for each in here.iterdir():
        if not each.name.startswith(("matchhub", "_matchhub", "__editable__", "_editable")) and each.suffix != ".pth":
            (libraries / each.name).symlink_to(each)
    environment = {"PYTHONPATH": str(libraries), "MATCHHUB_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    script = (
        "import json, matchhub, web, ingest, recommender; from matchhub.cli import main;"
        "from matchhub.services.kernel.settings import read_settings;"
        "from matchhub.services.kernel.runtime import open_runtime;"
        "import os; runtime, _ = open_runtime(read_settings(os.environ)); app = web.create_app(runtime);"
        "page = app.test_client(); home = page.get('/');"
        "print(json.dumps([matchhub.__file__, home.status_code, page.get('/static/app.css').status_code]))"
    )
    done = subprocess.run(
        [str(program), "-P", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    place, home, style = json.loads(done.stdout.splitlines()[-1])
    assert str(clean) in place and (home, style) == (200, 200)


def _require_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {".toml", ".html", ".css", ".js", ".txt", ".mako"}
    tracked = subprocess.run(["git", "ls-files", "matchhub", "ingest", "recommender", "web"], cwd=ROOT,
                             capture_output=True, text=True, check=True).stdout.splitlines()  # fmt: skip
    assert {name for name in tracked if Path(name).suffix in wanted} <= names
    assert any(name.endswith("versions/0001_base.py") for name in names)
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert any(name.endswith("/licenses/THIRD-PARTY-NOTICES.md") for name in names)


def test_the_licence_is_named_and_lies_beside() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0" and "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
