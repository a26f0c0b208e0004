"""A small city with a package of it: a deal with its papers, a demand with its authorisation, an expert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from matchhub.domain.records import ExpertRecord, Row, Source
from matchhub.dossier import verify
from matchhub.dossier.building import Built, build
from matchhub.services.claim.package import Wish
from matchhub.services.evidence.files import store_evidence
from matchhub.services.parties.recorders import ExpertRecorder
from tests.papers import letter
from tests.services.deals.test_corrections import signed
from tests.services.small_city import City, built_city, city, hand_in, opened_copy
from tests.services.verifying import prove

__all__ = ["built_city", "city"]
EXPERT, PLACE = "欧阳寻踪", "泉南理工大学"


@dataclass
class Package:
    """A package that was built of a city, its bytes and its files."""

    city: City
    built: Built
    content: bytes

    @property
    def files(self) -> dict[str, bytes]:
        return files_in(self.content)


def files_in(content: bytes) -> dict[str, bytes]:
    """The files of a zip by name."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {each.filename: opened.read(each) for each in opened.infolist()}


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of these files as a package is written, the manifest last."""
    names = [*sorted(set(files) - {verify.MANIFEST}), *({verify.MANIFEST} & set(files))]
    return verify.container([(name, files[name]) for name in names])


def fill(city: City) -> None:
    """What a claim is about."""
    deal = signed(city)
    demand = city.post()
    expert = ExpertRecord(Source("e", 1), name=EXPERT, organisation=PLACE, field="胶粘剂", title="教授",
                          consent_on=date(2025, 1, 6))  # fmt: skip
    with city.unit("operator") as unit:
        hand_in(unit, "deals", deal)
        prove(unit, demand)
        ExpertRecorder(unit, None).record([Row(expert.source, expert)])
        store_evidence(unit, "experts", 1, "consent", "同意书.eml", letter("consent"))


def built_of(city: City, out: Path, who: str = "reviewer", **wish: object) -> Package:
    """Build a package as a person does."""
    built = build(city.runtime, Wish(**wish), out, step=lambda key: None, actor=city.actors[who])  # type: ignore[arg-type]
    return Package(city, built, out.read_bytes())


@pytest.fixture(scope="session")
def package(built_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """One package for all tests that only look at it."""
    folder = tmp_path_factory.mktemp("package")
    with opened_copy(built_city, folder / "home") as city:
        fill(city)
        yield built_of(city, folder / "package.zip")
