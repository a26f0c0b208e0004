"""The small city with its pages: people of several organisations at their browsers, over one clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from matchhub.db.tables import Deal, Licence, Organisation, Patent, SecondFactor
from matchhub.domain.counting.counters import Explanation
from matchhub.services.accounts import second_factor
from matchhub.services.counting.counts import explain_record, question
from tests.services.small_city import City
from tests.web.people import Person
from web import create_app, frame
from web.units import EXTENSION


@dataclass
class DealCity:
    """The city and its pages."""

    city: City
    app: Flask

    def at(self, who: str) -> Person:
        """A browser signed in as one of the accounts."""
        return Person(self.app, who)

    @property
    def today(self) -> date:
        """The day it is in the city."""
        with self.city.unit() as unit:
            return unit.today

    def reasons(self, kind: str, record_id: int) -> set[str]:
        """Codes the count gives for one record."""
        return {reason.code for reason in self.verdict(kind, record_id).reasons}

    def verdict(self, kind: str, record_id: int) -> Explanation:
        """What the count says of one record."""
        with self.city.unit() as unit:
            return explain_record(unit, kind, record_id, question(unit))

    def number(self, title: str) -> str:
        """Application number of the patent with this title."""
        with self.city.unit() as unit:
            return (
                unit.session.execute(select(Patent.application_number).where(Patent.title == title)).scalar_one() or ""
            )

    def newest(self, table: type[Deal] | type[Licence]) -> int:
        """Id of the newest row."""
        with self.city.unit() as unit:
            return unit.session.execute(select(table.id).order_by(table.id.desc()).limit(1)).scalar_one()

    def organisation(self, name: str) -> int:
        """Id of the organisation with this name."""
        with self.city.unit() as unit:
            return unit.session.execute(select(Organisation.id).where(Organisation.name == name)).scalar_one()


def done(answer: TestResponse) -> TestResponse:
    """A post that was taken: it leads on to the next page."""
    assert answer.status_code == 302, (answer.status_code, answer.text.split('id="content"')[-1][:800])
    return answer


def place(answer: TestResponse) -> int:
    """The number at the end of the address a post leads to."""
    found = re.search(r"/(\d+)(?:[/?#]|$)", done(answer).location)
    assert found is not None, answer.location
    return int(found[1])


def form(**fields: Any) -> dict[str, Any]:
    """The fields of a form as text."""
    return {name: value if isinstance(value, list | tuple) else str(value) for name, value in fields.items()}


@pytest.fixture
def town(city: City) -> Iterator[DealCity]:
    app = create_app(city.runtime)
    app.extensions[EXTENSION] = city.runtime
    app.extensions.pop(frame.EXTENSION, None)
    yield DealCity(city, app)


def telephone(town: DealCity, who: str) -> pyotp.TOTP:
    """One-time codes in use for an account; returns what its telephone knows."""
    with town.city.unit(who) as unit:
        row = SecondFactor(account_id=unit.actor.account_id, salt="ab" * 16, started_at=unit.now)
        unit.session.add(row)
        unit.session.flush()
        phone = pyotp.TOTP(second_factor.fresh_secret(unit))
        row.switched_on_at = unit.now
    return phone


def confirmed(town: DealCity, kind: str, ids: Sequence[int]) -> None:
    """Records confirmed by operator and bureau, each with a fresh code."""
    phone = telephone(town, "reviewer")
    for record_id in ids:
        town.city.clock.forward(minutes=2)
        done(confirm(town, kind, record_id, "operator"))
        done(confirm(town, kind, record_id, "reviewer", phone))


def confirm(town: DealCity, kind: str, record_id: int, who: str, phone: pyotp.TOTP | None = None) -> TestResponse:
    """Confirm a record on its page."""
    code = phone.at(town.city.clock.now) if phone is not None else ""
    return town.at(who).post(f"/bureau/records/{kind}/{record_id}/word", {"decision": "confirmed", "code": code})
