"""A list reads its rows at once: with ten times the rows a page asks the database no oftener (PROMISES.md P30)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from matchhub.db.tables import (
    Deal,
    DealParty,
    DealPatent,
    Demand,
    Notice,
    Organisation,
    Patent,
    PatentHolder,
    PatentOffer,
    Thread,
)
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import SYSTEM, Unit
from tests.web.people import Person

MOST = 30
HOLDER = "福建师范大学"
PAGES = [
    ("/trade/", "enterprise"),
    ("/trade/", "institution"),
    ("/trade/", "operator"),
    ("/trade/notices", "enterprise"),
    ("/trade/listings", "institution"),
    ("/trade/listings", "operator"),
    ("/trade/records", "operator"),
    ("/trade/records", "institution"),
    ("/operator/demands?state=", "operator"),
    ("/bureau/log", "auditor"),
    ("/patents", "visitor"),
    ("/demands", "visitor"),
]


@contextmanager
def counted(runtime: Runtime) -> Iterator[list[str]]:
    """Statements that reach the database meanwhile."""
    said: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            said.append(statement)

    event.listen(runtime.engine, "before_cursor_execute", note)
    yield said
    event.remove(runtime.engine, "before_cursor_execute", note)


def more(unit: Unit, number: int) -> None:
    """So many more patents of the institution, each on offer, talked about with the firm, dealt with, and a demand."""
    places = dict(unit.session.execute(select(Organisation.name, Organisation.id)).all())
    first = 1 + unit.session.execute(select(func.max(Patent.id))).scalar_one()
    demand = unit.session.execute(select(Demand)).scalars().first()
    assert demand is not None
    firm = demand.enterprise_id
    for at in range(first, first + number):
        patent = Patent(application_number=f"20171{at:07}.3", title=f"一种鞋底 {at}", patent_type="invention",
                        recorded_at=unit.now, updated_at=unit.now)  # fmt: skip
        deal = Deal(identity_key=f"d{at}", deal_type="transfer", signed_on=date(2025, 5, 1), amount_yuan=Decimal(at),
                    recorded_at=unit.now, updated_at=unit.now)  # fmt: skip
        unit.session.add_all([patent, deal])
        unit.session.flush()
        unit.session.add_all(
            [
                PatentHolder(patent_id=patent.id, role="applicant", position=0, name=HOLDER, name_key=HOLDER),
                Thread(unique_key=f"t{at}", patent_id=patent.id, enterprise_id=firm, opened_by_side="enterprise",
                       recorded_at=unit.now, updated_at=unit.now),
                DealPatent(deal_id=deal.id, patent_id=patent.id),
                DealParty(deal_id=deal.id, role="buyer", name="晋江市恒步鞋业有限公司", name_key="晋江市恒步鞋业有限公司",
                          enterprise_id=firm),
                Notice(organisation_id=places["晋江市恒步鞋业有限公司"], code="notice_thread_closed", fields={"patent": "x"},
                       subject_kind="threads", subject_id=1, unique_key=f"n{at}", made_at=unit.now),
                PatentOffer(organisation_id=places[HOLDER], patent_id=patent.id, application_number=f"20171{at:07}.3",
                            title=f"一种鞋底 {at}", modes=["licence"], maturity="lab", extras=[], state="published",
                            recorded_at=unit.now, updated_at=unit.now),
                Demand(enterprise_id=firm, title=f"需求 {at}", text=f"需求 {at}", text_key=f"k{at}", ipc=[],
                       posted_on=date(2025, 3, 1), state="verified", recorded_at=unit.now, updated_at=unit.now),
            ]
        )  # fmt: skip


@pytest.mark.parametrize(("path", "role"), PAGES)
def test_ten_times_the_rows_take_no_more_statements(app: Flask, runtime: Runtime, path: str, role: str) -> None:
    person = Person(app, role)
    found = []
    for number in (2, 18):
        with runtime.unit(SYSTEM) as unit:
            more(unit, number)
        assert person.get(path).status_code == 200  # what is read once a while is read now
        with counted(runtime) as said:
            person.get(path)
        found.append(len(said))
    assert found[1] <= found[0], said
    assert found[1] <= MOST, said
