"""An empty installation with its people, and believable records to put in: what the desk's tests start from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import uscc

from matchhub.domain.identifiers import application_check_digit
from matchhub.domain.records import (
    CategoryClaim,
    DealRecord,
    DemandRecord,
    EnterpriseRecord,
    Kind,
    PatentRecord,
    Record,
    Row,
    Source,
    StatusClaim,
)
from matchhub.domain.sources import ImportSource
from matchhub.services.accounts.accounts import actor_of
from matchhub.services.accounts.sessions import open_session
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.kernel.runtime import Runtime, open_runtime
from matchhub.services.kernel.unit import SYSTEM, Actor
from tests.services.speaking import let_speak
from tests.services.staff import open_account
from tests.web.installation import PASSWORD, Clock, settings

START = datetime(2024, 3, 4, 2, 0, tzinfo=UTC)
STAFF = {
    "operator": ("operator", "运营中心", "operator"),
    "clerk": ("operator", "运营中心", "operator"),
    "reviewer": ("reviewer", "市场监督管理局", "bureau"),
    "colleague": ("reviewer", "运营中心", "operator"),  # a reviewer's role, but of the operator's organisation
    "auditor": ("auditor", "审计局", "bureau"),
}


@dataclass
class Base:
    """One installation: its runtime, its clock, and who acts."""

    runtime: Runtime
    clock: Clock
    people: dict[str, Actor]

    def take(
        self, kind: Kind, *records: Record, demo: bool = False, by: str = "clerk", source: ImportSource | None = None
    ) -> ImportResult:
        """Import records as rows 2, 3, … of a file: a register's export of the day, unless its source is named."""
        rows = [Row(each.source, each) for each in records]
        file = {"name": f"{kind}.csv", "sha256": sha256(repr(records).encode()).hexdigest()}
        with self.runtime.unit(self.people[by]) as unit:
            named = source or ImportSource("register", "国家知识产权局", unit.today)
            return import_rows(unit, kind, rows, files=[file], source=named, demo=demo)

    def later(self, days: int = 1) -> None:
        self.clock.forward(timedelta(days=days))


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the staff's accounts and nothing else."""
    home = tmp_path_factory.mktemp("empty")
    runtime, _ = open_runtime(settings(home))
    runtime.clock = Clock(START)
    with runtime.unit(SYSTEM) as unit:
        for login, (role, organisation, kind) in STAFF.items():
            open_account(unit, login, role, organisation, kind, PASSWORD)
        let_speak(unit)
    runtime.close()
    return home


@pytest.fixture
def base(empty_home: Path, tmp_path: Path) -> Iterator[Base]:
    """An installation of its own for each test."""
    shutil.copy(empty_home / "matchhub.db", tmp_path / "matchhub.db")
    runtime, _ = open_runtime(settings(tmp_path), create=False)
    clock = Clock(START)
    runtime.clock = clock
    yield Base(runtime, clock, _people(runtime))
    runtime.close()


def _people(runtime: Runtime) -> dict[str, Actor]:
    people = {}
    with runtime.unit(SYSTEM) as unit:
        for number, login in enumerate(STAFF, start=1):
            actor = actor_of(unit, open_session(unit, number))
            assert actor is not None
            people[login] = actor
    return people


def number(serial: int, kind: int = 1, year: int = 2020) -> str:
    """A sound application number."""
    digits = f"{year}{kind}{serial:07d}"
    return f"{digits}.{application_check_digit(digits)}"


def code(serial: int, division: str = "350582") -> str:
    """A sound USCC."""
    front = f"91{division}MA{serial:07d}"
    return front + uscc.calc_check_digit(front)


def patent(serial: int, **more: Any) -> PatentRecord:
    values: dict[str, Any] = {
        "application_number": number(serial),
        "title": f"一种防滑耐磨鞋底及其制备方法之{serial}",
        "abstract": "橡胶与二氧化硅混炼,提高湿滑地面上的摩擦系数。",
        "patent_type": "invention",
        "applicants": ("晋水理工学院",),
        "ipc": ("A43B 13/22",),
        "filed_on": date(2020, 3, 2),
        "granted_on": date(2022, 5, 3),
        "status": StatusClaim("in_force", "granted", "有效", date(2024, 1, 5)),
    }
    return PatentRecord(Source("patents.csv", serial + 1), **{**values, **more})


def firm(serial: int, **more: Any) -> EnterpriseRecord:
    values: dict[str, Any] = {
        "name": f"晋江市某某{serial}鞋业有限公司",
        "uscc": code(serial),
        "categories": (CategoryClaim("high_tech_enterprise", f"GR{serial}", None, date(2023, 1, 1), date(2026, 1, 1)),),
    }
    return EnterpriseRecord(Source("enterprises.csv", serial + 1), **{**values, **more})


def demand(serial: int, of: int = 1, **more: Any) -> DemandRecord:
    values: dict[str, Any] = {
        "title": f"鞋底湿滑地面防滑第{serial}题",
        "text": _TEXTS[serial % len(_TEXTS)],
        "object": "鞋底",
        "aim": "提高防滑性能",
        "targets": "湿态摩擦系数不低于0.5",
        "enterprise_name": f"晋江市某某{of}鞋业有限公司",
        "enterprise_uscc": code(of),
        "technical_field": "制鞋",
        "cooperation_form": "许可",
        "budget_yuan": Decimal(50000),
        "contact_name": "王某",
        "contact_phone": "13800000000",
        "posted_on": date(2024, 2, 1),
        "valid_until_on": date(2025, 12, 31),
        "authorised_on": date(2024, 2, 1),
        "authorised_by": "王某",
    }
    return DemandRecord(Source("demands.csv", serial + 1), **{**values, **more})


_TEXTS = (
    "雨天门店地砖上客人容易滑倒,现有橡胶大底磨损后防滑变差。",
    "注塑机换模时间过长,每班停机两次,希望自动换模并降低能耗百分之二十。",
    "伞骨在强风下容易折断,需要更轻而且更韧的复合材料。",
    "紫菜清洗后含沙量偏高,人工挑拣成本大,想要光学分选。",
)


def deal(serial: int, **more: Any) -> DealRecord:
    values: dict[str, Any] = {
        "contract_number": f"HT-{serial}",
        "deal_type": "transfer",
        "application_numbers": (number(serial),),
        "seller_name": "晋水理工学院",
        "buyer_name": "晋江市某某1鞋业有限公司",
        "buyer_uscc": code(1),
        "signed_on": date(2024, 3, 1),
        "amount_yuan": Decimal(80000),
    }
    return DealRecord(Source("deals.csv", serial + 1), **{**values, **more})


def moved(record: Any, line: int) -> Any:
    """The same record on another line of its file."""
    return replace(record, source=replace(record.source, line=line))
