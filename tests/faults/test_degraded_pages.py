"""An index that is gone, empty or damaged, a full disk, a home that is only read: pages go on, the doctor says it, and
what is put right is enough."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from matchhub.operation.diagnosis import examine
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.matching import store
from matchhub.wording import sentence
from tests.faults.service import COMMAND, SECRET, Installation
from tests.faults.test_full_disk import city, fill, small_disk
from tests.services.small_city import City, built_city
from tests.web.people import Person, session_of
from web import create_app

__all__ = ["built_city", "city", "small_disk"]
PAGES = ("/search?q=鞋底", "/patents?q=鞋底", "/")


def forgotten(home: Path) -> Path:
    """As a process that was just started sees the index: nothing of it in memory."""
    with store._opening:
        store._opened.clear()
    return store.folder(home)


def gone(home: Path) -> None:
    shutil.rmtree(forgotten(home).parent, ignore_errors=True)


def empty(home: Path) -> None:
    place = forgotten(home)
    shutil.rmtree(place)
    place.mkdir()


def damaged(home: Path) -> None:
    for file in forgotten(home).glob("*.npy"):
        file.write_bytes(b"\x5a" * 10)


def pages(runtime: Runtime, demand: int) -> dict[str, int]:
    app = create_app(runtime)
    firm, visitor = Person(app), Person(app)
    firm.carry(session_of(runtime, "shoes"))
    answers = {path: visitor.get(path) for path in PAGES}
    answers |= {path: firm.get(path) for path in (f"/enterprise/demands/{demand}", "/enterprise/", "/search?q=鞋底")}
    assert not any("Traceback" in each.text for each in answers.values())
    return {path: each.status_code for path, each in answers.items()}


def index_check(home: Path) -> bool:
    environment = Installation(home, f"sqlite:///{home / 'matchhub.db'}").environment
    return all(each["ok"] for each in examine(environment)["checks"] if each["name"] in ("index", "index_sample"))


@pytest.mark.parametrize("harm", [gone, empty, damaged])
def test_an_index_that_is_of_no_use_is_told_and_made_anew_where_there_is_room(
    city: City, small_disk: Path, harm: Callable[[Path], None]
) -> None:
    home = city.runtime.home
    demand = city.own_demand()
    fine = pages(city.runtime, demand)
    assert set(fine.values()) == {200}
    harm(home)
    assert not index_check(home)
    ballast = fill(small_disk)
    app = create_app(city.runtime)
    assert {path: Person(app).get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 200)
    ready = {each["key"]: each["ok"] for each in Person(app).get("/readyz").get_json()["checks"]}
    assert not ready["index"] and not ready["disk"]
    ballast.unlink()
    assert pages(city.runtime, demand) == fine, "without a restart"
    with city.runtime.unit(write=False) as unit:
        store.refresh_index(unit)
    assert index_check(home)


@pytest.fixture
def only_read(city: City, small_disk: Path, tmp_path: Path) -> Iterator[Path]:
    """The home of the city, seen on a disk that can only be read."""
    view = tmp_path / "view"
    view.mkdir()
    subprocess.run(["mount", "--bind", str(small_disk), str(view)], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", str(view)], check=True)
    yield view / "home"
    subprocess.run(["umount", "-l", str(view)], check=True)


def test_a_home_that_is_only_read_is_said_by_every_command_and_shown_by_pages(city: City, only_read: Path) -> None:
    environment = Installation(only_read, f"sqlite:///{only_read / 'matchhub.db'}").environment
    for command in ("doctor", "init", "serve"):
        ended = subprocess.run(
            [*COMMAND, command], env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        told = ended.stdout + ended.stderr
        assert ended.returncode == 1 and str(only_read) in told and "Traceback" not in told, command
    settings = Settings(only_read, f"sqlite:///{only_read / 'matchhub.db'}", SECRET)
    runtime, _ = open_runtime(settings, create=False)
    visitor = Person(create_app(runtime))
    assert [visitor.get(path).status_code for path in PAGES] == [200] * len(PAGES)
    answer = visitor.sign_in("shoes", "wrong")
    assert answer.status_code == 503 and sentence("home_unwritable", place="write.next") in answer.text
    runtime.close()


def test_several_at_once_make_one_base(tmp_path: Path) -> None:
    """``init`` by three processes at the same moment on SQLite: each succeeds, one says that it made the base."""
    environment = Installation(tmp_path, f"sqlite:///{tmp_path / 'matchhub.db'}").environment
    started = [
        subprocess.Popen(
            [*COMMAND, "init", "--json"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[0].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    assert sorted('"created": true' in each for each in said) == [False, False, True]
