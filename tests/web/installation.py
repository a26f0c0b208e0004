"""An installation for tests: migrated and filled once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from matchhub.db.tables import (
    Agency,
    Demand,
    Enterprise,
    Offer,
    Patent,
    PatentClass,
    PatentHolder,
    PatentStatus,
)
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.settings import Settings
from matchhub.services.kernel.unit import SYSTEM, Unit
from tests.services.speaking import let_speak
from tests.services.staff import open_account

NOW = datetime(2025, 6, 2, 4, 0, tzinfo=UTC)
PASSWORD = "a fine long sentence"
USCC = "91350582MA2YB4H50K"
# login = role; which organisation each acts for
ACCOUNTS = {
    "enterprise": ("晋江市恒步鞋业有限公司", "enterprise"),
    "institution": ("福建师范大学", "institution"),
    "operator": ("晋江知识产权运营中心", "operator"),
    "reviewer": ("晋江市市场监督管理局", "bureau"),
    "administrator": ("平台管理", "system"),
    "auditor": ("晋江市审计局", "bureau"),
}
# Personal data of the rows below; none may show on a public page.
SECRETS = ("王小明", "13812345678", "wang@secret.example", "李小红", "0595-85551234", "配方保密")


@dataclass
class Clock:
    """A clock that moves by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, span: timedelta) -> None:
        self.now += span


def settings(home: Path, base_url: str = "http://127.0.0.1:8000") -> Settings:
    return Settings(home, f"sqlite:///{home / 'matchhub.db'}", "a key for tests only", base_url=base_url)


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one record of each public kind and one account of each role."""
    home = tmp_path_factory.mktemp("filled")
    runtime, _ = open_runtime(settings(home))
    runtime.clock = Clock()
    with runtime.unit(SYSTEM) as unit:
        fill(unit)
    runtime.close()  # the last connection to close brings the write-ahead log into the file
    assert not (home / "matchhub.db-wal").exists()
    return home


@pytest.fixture
def runtime(filled_home: Path, tmp_path: Path) -> Iterator[Runtime]:
    """A runtime of its own over a copy of the filled base, its clock moved by hand."""
    shutil.copy(filled_home / "matchhub.db", tmp_path / "matchhub.db")
    opened, _ = open_runtime(settings(tmp_path), create=False)
    opened.clock = Clock()
    yield opened
    opened.close()


@pytest.fixture
def clock(runtime: Runtime) -> Clock:
    assert isinstance(runtime.clock, Clock)
    return runtime.clock


def secure(runtime: Runtime) -> Runtime:
    """The same installation behind https."""
    return Runtime(replace(runtime.settings, base_url="https://match.example"), runtime.engine, runtime.clock)


def fill(unit: Unit) -> None:
    enterprise = _enterprise(unit)
    _patent(unit)
    _demand(unit, enterprise.id)
    unit.session.add(
        Agency(
            name="泉州市文华知识产权代理有限公司",
            name_key="泉州市文华知识产权代理有限公司",
            service_types=["专利代理"],
            is_patent_agency=True,
            agency_code="35203",
            contact_name="李小红",
            phone="0595-85551234",
            recorded_at=unit.now,
            updated_at=unit.now,
        )
    )
    for role, (organisation, kind) in ACCOUNTS.items():
        firm = enterprise.id if role == "enterprise" else None
        open_account(unit, role, role, organisation, kind, PASSWORD, display_name=f"{role} 某某", enterprise_id=firm)
    let_speak(unit)


def _enterprise(unit: Unit) -> Enterprise:
    row = Enterprise(
        uscc=USCC,
        name="晋江市恒步鞋业有限公司",
        name_key="晋江市恒步鞋业有限公司",
        contact_name="王小明",
        contact_phone="13812345678",
        contact_email="wang@secret.example",
        local=True,
        local_decided_by="division",
        recorded_at=unit.now,
        updated_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def _patent(unit: Unit) -> None:
    patent = Patent(
        application_number="201710601862.3",
        publication_number="CN107384181A",
        title="一种防滑耐磨鞋底",
        abstract="本发明公开了一种防滑耐磨鞋底,湿态摩擦系数高。",
        patent_type="invention",
        filed_on=date(2017, 7, 21),
        granted_on=date(2019, 5, 3),
        recorded_at=unit.now,
        updated_at=unit.now,
    )
    unit.session.add(patent)
    unit.session.flush()
    unit.session.add_all(
        [
            PatentHolder(
                patent_id=patent.id, role="applicant", position=0, name="福建师范大学", name_key="福建师范大学"
            ),
            PatentClass(patent_id=patent.id, scheme="ipc", position=0, symbol="A43B 13/22"),
            PatentStatus(
                patent_id=patent.id,
                validity="in_force",
                reason="granted",
                as_of_on=date(2025, 5, 1),
                recorded_at=unit.now,
            ),
            Offer(
                patent_id=patent.id,
                identity_key="offer-1",
                holder_name="福建师范大学",
                regime="cnipa",
                declared_on=date(2025, 1, 6),
                fee_method="fixed",
                fee_yuan=Decimal(20000),
                recorded_at=unit.now,
                updated_at=unit.now,
            ),
        ]
    )


def _demand(unit: Unit, enterprise_id: int) -> None:
    for title, state in (("提高鞋底湿滑地面防滑性能", "verified"), ("未核实的内部需求", "submitted")):
        unit.session.add(
            Demand(
                enterprise_id=enterprise_id,
                title=title,
                text="配方保密:橡胶与二氧化硅的比例",
                text_key=title,
                ipc=[],
                technical_field="鞋服",
                contact_name="王小明",
                contact_phone="13812345678",
                contact_email="wang@secret.example",
                posted_on=date(2025, 3, 1),
                valid_until_on=date(2026, 3, 1),
                state=state,
                recorded_at=unit.now,
                updated_at=unit.now,
            )
        )
    unit.session.flush()
