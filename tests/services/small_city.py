"""A small invented city for tests of use cases: recorded through the services once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Account, Demand, Enterprise, Organisation, Patent
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import (
    DemandRecord,
    EncumbranceClaim,
    EnterpriseRecord,
    PatentRecord,
    Row,
    Source,
    StatusClaim,
)
from matchhub.services.demands.posting import post_demand
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM, Actor, Unit
from matchhub.services.matching.runs import RunSummary, run_match
from matchhub.services.matching.store import refresh_index
from matchhub.services.parties.recorders import EnterpriseRecorder
from matchhub.services.parties.relations import relate_parties
from matchhub.services.patents.recorder import PatentRecorder
from matchhub.services.pushes import delivery, plan
from tests.domain.factories import number, uscc
from tests.papers import letter
from tests.services.speaking import let_speak

NOW = datetime(2025, 6, 2, 4, 0, tzinfo=UTC)  # noon in Jinjiang
TODAY = date(2025, 6, 2)

SHOES, UMBRELLAS, ZIPPERS = "晋江市恒步鞋业有限公司", "石狮市远帆伞业有限公司", "晋江市兴达拉链有限公司"
COLLEGE, SCHOOL = "泉南理工大学", "闽海学院"
# title, abstract, holder, main class, validity, encumbrances
PATENTS = (
    ("一种鞋底用水性聚氨酯胶粘剂", "本发明公开了一种鞋底用水性聚氨酯胶粘剂,提高鞋底与鞋面的剥离强度,避免开胶。", COLLEGE, "C09J 175/04", "in_force", ()),
    ("一种防滑耐磨橡胶鞋底", "本发明公开了一种防滑耐磨橡胶鞋底,湿滑地面摩擦系数高,耐磨性好。", COLLEGE, "A43B 13/22", "in_force", ()),
    ("一种鞋面胶粘剂喷涂设备", "本发明公开了一种鞋面胶粘剂喷涂设备,喷胶均匀,减少开胶。", COLLEGE, "A43D 25/18", "dead", ()),
    ("一种抗风伞骨", "本发明公开了一种抗风伞骨,采用碳纤维伞骨,抗风能力强,不易折断。", SCHOOL, "A45B 25/02", "in_force", ()),
    ("一种防水拉链", "本发明公开了一种防水拉链,链牙啮合紧密,拉头顺滑,防水性能好。", SCHOOL, "A44B 19/24", "in_force", ("pledge",)),
    ("一种鞋底硫化成型模具", "本发明公开了一种鞋底硫化成型模具,鞋底成型快。", SCHOOL, "B29D 35/00", "pending", ()),
)  # fmt: skip
STAFF: tuple[tuple[str, str, str, str], ...] = (
    ("shoes", "enterprise", SHOES, "enterprise"),
    ("umbrellas", "enterprise", UMBRELLAS, "enterprise"),
    ("college", "institution", COLLEGE, "institution"),
    ("school", "institution", SCHOOL, "institution"),
    ("operator", "operator", "运营中心", "operator"),
    ("reviewer", "reviewer", "市场监督管理局", "bureau"),
)


@dataclass
class Clock:
    """A clock that moves by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class City:
    """The small city: units of work as anybody, and where to find what."""

    runtime: Runtime
    clock: Clock
    actors: dict[str, Actor] = field(default_factory=dict)

    @contextmanager
    def unit(self, who: str = "system") -> Iterator[Unit]:
        """A writing unit as one of the accounts, committed at the end."""
        actor = SYSTEM if who == "system" else self.actors[who]
        with self.runtime.unit(actor) as unit:
            yield unit

    def patent(self, title: str) -> int:
        """The id of the patent with this title."""
        with self.runtime.unit(SYSTEM, write=False) as unit:
            return unit.session.execute(select(Patent.id).where(Patent.title == title)).scalar_one()

    def firm(self, name: str) -> int:
        """The id of the enterprise with this name."""
        with self.runtime.unit(SYSTEM, write=False) as unit:
            return unit.session.execute(select(Enterprise.id).where(Enterprise.name == name)).scalar_one()

    def post(self, who: str = "shoes", **changes: Any) -> int:
        """Post a demand as an enterprise; returns its id."""
        with self.unit(who) as unit:
            return post_demand(unit, demand(**changes)).demand_id

    def own_demand(self, who: str = "shoes") -> int:
        """An enterprise's newest demand, posted now where it has none: what it asks holders from."""
        firm = self.actors[who].enterprise_id
        with self.runtime.unit(SYSTEM, write=False) as unit:
            chosen = select(Demand.id).where(Demand.enterprise_id == firm).order_by(Demand.id.desc())
            known = unit.session.execute(chosen.limit(1)).scalar()
        return known or self.post(who)

    def match(self) -> RunSummary:
        """One run of the matcher."""
        with self.unit("operator") as unit:
            return run_match(unit)

    def plan(self) -> plan.PlanSummary:
        """One plan of pushes from the newest run."""
        with self.unit("operator") as unit:
            return plan.plan(unit)

    def claim(self) -> delivery.Claimed:
        """Take what is due for sending."""
        with self.unit("operator") as unit:
            return delivery.claim_due(unit)

    def push(self) -> tuple[delivery.Outgoing, ...]:
        """Match, plan, and deliver everything by mail; returns the messages as sent."""
        self.match()
        self.plan()
        claimed = self.claim()
        for message in claimed.outgoing:
            with self.unit("operator") as unit:
                delivery.record_attempt(unit, message.push_id, "smtp", "delivered", "250 ok")
        return claimed.outgoing


PURPOSES = {"deals": ("contract", "payment_proof", "register_proof"), "licences": ("notice", "register_proof")}


def hand_in(unit: Unit, kind: str, record_id: int, *purposes: str) -> None:
    """Papers of a record, as e-mails: all that strict wants of one of its kind, or those for these purposes."""
    for purpose in purposes or PURPOSES[kind]:
        content = letter(f"{kind} {record_id} {purpose}")
        store_evidence(unit, kind, record_id, purpose, f"{purpose}.eml", content)


def demand(**changes: Any) -> DemandRecord:
    """A demand that passes all eight tests for a local enterprise; a test changes what it is about."""
    record = DemandRecord(
        source=Source("form", 1),
        title="运动鞋鞋底开胶",
        text="运动鞋在潮湿环境穿着后鞋底与鞋面开胶,需要更好的胶粘剂。",
        object="运动鞋鞋底",
        aim="提高鞋底与鞋面的剥离强度",
        targets="剥离强度 ≥ 4 N/mm",
        technical_field="胶粘剂",
        cooperation_form="许可",
        budget_negotiable=True,
        contact_name="王小明",
        contact_phone="000-12345678",
        contact_email="wang@shoes.example",
        valid_until_on=date(2026, 6, 2),
        authorised_on=TODAY,
        authorised_by="王小明",
    )
    return replace(record, **changes)


@pytest.fixture(scope="session")
def built_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the city, with its index."""
    home = tmp_path_factory.mktemp("city")
    runtime, _ = open_runtime(_settings(home))
    runtime.clock = Clock()
    with runtime.unit(SYSTEM) as unit:
        _record(unit)
    with runtime.unit(SYSTEM, write=False) as unit:
        refresh_index(unit)
    runtime.close()
    return home


@pytest.fixture
def city(built_city: Path, tmp_path: Path) -> Iterator[City]:
    """A copy of the city for one test."""
    with opened_copy(built_city, tmp_path / "home") as opened:
        yield opened


@contextmanager
def opened_copy(built: Path, home: Path) -> Iterator[City]:
    """A copy of a built home, opened as a city."""
    shutil.copytree(built, home)
    with _opened(_settings(home)) as opened:
        yield opened


@contextmanager
def opened_city(home: Path, database_url: str) -> Iterator[City]:
    """The city built anew in another database."""
    settings = replace(_settings(home), database_url=database_url)
    runtime, _ = open_runtime(settings)
    runtime.clock = Clock()
    with runtime.unit(SYSTEM) as unit:
        _record(unit)
    with runtime.unit(SYSTEM, write=False) as unit:
        refresh_index(unit)
    runtime.close()
    with _opened(settings) as opened:
        yield opened


@contextmanager
def _opened(settings: Settings) -> Iterator[City]:
    runtime, _ = open_runtime(settings, create=False)
    clock = Clock()
    runtime.clock = clock
    opened = City(runtime, clock)
    with opened.unit() as unit:
        rows = unit.session.execute(select(Account, Organisation.enterprise_id).join(Organisation)).all()
        opened.actors = {
            row.login: Actor(row.role, row.id, row.organisation_id, firm, row.display_name) for row, firm in rows
        }
    yield opened
    runtime.close()


def _settings(home: Path) -> Settings:
    return Settings(home, f"sqlite:///{home / 'matchhub.db'}", "a key for tests only")


def _record(unit: Unit) -> None:
    firms = (
        (SHOES, uscc(1), "福建省晋江市陈埭镇", "office@shoes.example"),
        (UMBRELLAS, uscc(2, "350581"), "福建省石狮市", "office@umbrellas.example"),
        (ZIPPERS, uscc(3), "福建省晋江市龙湖镇", None),
    )
    rows = [
        EnterpriseRecord(
            Source("firms", line),
            name=name,
            uscc=code,
            legal_representative=f"代表{line}",
            address=place,
            contact_email=mail,
        )
        for line, (name, code, place, mail) in enumerate(firms, 1)
    ]
    EnterpriseRecorder(unit, None).record([Row(row.source, row) for row in rows])
    patents = [_patent(line, *each) for line, each in enumerate(PATENTS, 1)]
    PatentRecorder(unit, None).record([Row(row.source, row) for row in patents])
    unit.session.flush()
    for at, holder in enumerate((COLLEGE, SCHOOL)):
        relate_parties(unit, holder, f"院长{at}", "legal_representative", "事业单位法人证书")
    for login, role, organisation, kind in STAFF:
        _account(unit, login, role, organisation, kind)
    let_speak(unit)


def _patent(
    line: int, title: str, abstract: str, holder: str, ipc: str, validity: Any, encumbrances: Any
) -> PatentRecord:
    granted = None if validity == "pending" else date(2019, 5, 3)
    return PatentRecord(
        Source("patents", line),
        application_number=number(line),
        title=title,
        abstract=abstract,
        patent_type="invention",
        applicants=(holder,),
        ipc=(ipc,),
        filed_on=date(2017, 7, 21),
        granted_on=granted,
        status=StatusClaim(validity, as_of_on=date(2025, 5, 1)),
        encumbrances=tuple(EncumbranceClaim(kind, as_of_on=date(2025, 5, 1)) for kind in encumbrances),
    )


def _account(unit: Unit, login: str, role: str, organisation: str, kind: str) -> None:
    firm = unit.session.execute(select(Enterprise.id).where(Enterprise.name == organisation)).scalar()
    row = Organisation(
        name=organisation, name_key=normalise_name(organisation), kind=kind, enterprise_id=firm, created_at=unit.now
    )
    unit.session.add(row)
    unit.session.flush()
    unit.session.add(
        Account(
            login=login,
            display_name=login,
            role=role,
            organisation_id=row.id,
            password_hash="not a password",
            created_at=unit.now,
        )
    )
