"""Which firms are local is decided by the pack of the installation when they are recorded, unless a person did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Enterprise
from matchhub.domain.records import Row
from matchhub.services.parties.locality import decide_local_by_hand
from matchhub.services.parties.recorders import EnterpriseRecorder
from tests.policy.packs import another_city
from tests.services.desk_base import Base, code, firm

HERE, THERE = code(1), code(2, "330782")


def locality(base: Base) -> dict[Any, tuple[bool | None, str | None]]:
    with base.runtime.unit(write=False) as unit:
        rows = unit.session.execute(select(Enterprise.uscc, Enterprise.local, Enterprise.local_decided_by))
        return {uscc: (local, by) for uscc, local, by in rows}


@pytest.mark.parametrize("other", [False, True])
def test_the_same_firms_are_local_in_one_city_or_in_the_other(base: Base, tmp_path: Path, other: bool) -> None:
    firms = (firm(1, uscc=HERE), firm(2, uscc=THERE, name="云州临溪恒达鞋业有限公司"))
    with base.runtime.unit(base.people["clerk"]) as unit:
        there = replace(unit, pack=another_city(tmp_path)) if other else unit
        EnterpriseRecorder(there, None).record([Row(each.source, each) for each in firms])
    assert locality(base) == {HERE: (not other, "division"), THERE: (other, "division")}


def test_what_a_person_decided_no_later_row_changes(base: Base) -> None:
    base.take("enterprises", firm(1, uscc=HERE))
    with base.runtime.unit(base.people["operator"]) as unit:
        decide_local_by_hand(unit, 1, False, "已迁出")
    base.later()
    base.take("enterprises", firm(1, uscc=HERE, address="福建省晋江市陈埭镇"))
    assert locality(base) == {HERE: (False, "hand")}
