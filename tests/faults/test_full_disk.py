"""P3: a full disk is said in a sentence, reading goes on, nothing is half written, and room again is enough."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from matchhub.services.evidence.auditing import audit_base
from matchhub.services.kernel.unit import SYSTEM
from matchhub.wording import sentence
from tests.journey.deal_city import DealCity
from tests.papers import letter
from tests.services.small_city import City, built_city, opened_copy
from tests.web.acts import DEAL, GLUE
from tests.web.people import Person
from web import create_app

__all__ = ["built_city"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 64 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a disk of one's own needs the right to mount one")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def city(built_city: Path, small_disk: Path) -> Iterator[City]:
    with opened_copy(built_city, small_disk / "home") as found:
        yield found


def fill(disk: Path) -> Path:
    """Leave no room at all."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 2**16)
    assert shutil.disk_usage(disk).free == 0
    return ballast


def leftovers(home: Path) -> list[str]:
    return [str(each) for each in home.rglob("*") if each.suffix == ".part" or each.name.startswith(".backup-")]


def test_a_full_disk_is_said_and_reading_goes_on_until_there_is_room(city: City, small_disk: Path) -> None:
    town = DealCity(city, create_app(city.runtime))
    shoes, operator = town.at("shoes"), town.at("operator")
    deal = (shoes.post("/trade/deals/new", {**DEAL, "application_numbers": GLUE}).location or "").rsplit("/", 1)[1]
    sign = {"contract_number": "HT-1", "signed_on": town.today, "amount_yuan": "80000"}

    def evidence() -> TestResponse:
        file = (BytesIO(letter("合同" + os.urandom(100_000).hex())), "合同.eml")
        return shoes.post(f"/trade/deals/{deal}/sign", {**sign, "file": file})

    def intake() -> TestResponse:
        table = (BytesIO("企业名称,地址\n".encode() + "晋江市新店鞋业有限公司,陈埭\n".encode() * 20_000), "a.csv")
        return operator.post("/intake/uploads", {"kind": "enterprises", "files": table})

    def words() -> TestResponse:
        return operator.post("/matching/thesaurus", {"plain": "开胶", "patent_words": "剥离", "trust": "1"})

    acts = (evidence, intake, words)
    ballast = fill(small_disk)
    for act in acts:
        answer = act()
        assert answer.status_code == 503 and sentence("storage_full") in answer.text, act.__name__
    for person in (shoes, operator, Person(town.app)):
        for path in ("/patents/1", "/patents", "/offers"):
            assert person.get(path).status_code == 200, path
    assert shoes.get(f"/trade/deals/{deal}").status_code == 200
    assert leftovers(city.runtime.home) == []
    ballast.unlink()
    assert [act().status_code for act in acts] == [302, 302, 302]
    with city.runtime.unit(SYSTEM, write=False) as unit:
        assert audit_base(unit).valid
