"""An institution registers itself: nothing is its own before the operator saw a document."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchhub.db.tables import Account, Organisation
from matchhub.errors import Conflict, Refusal
from matchhub.services.accounts import verification
from matchhub.services.accounts.applicants import Applicant
from matchhub.services.accounts.institutions import register_institution
from matchhub.services.organisations.confirming import Proof, confirm_account
from tests.domain.factories import uscc
from tests.papers import letter
from tests.services.accounts.test_verification import renew
from tests.services.small_city import COLLEGE, City

NAME = "刺桐工业研究院"


def register(city: City, name: str = NAME, code: str = uscc(21), login: str = "institute") -> None:
    with city.unit() as unit:
        number = register_institution(
            unit, Applicant(code, name, "何工", "0595-22220000", "", login, "a fine long sentence", "科技处")
        )
    renew(city, number, login)


def test_it_waits_and_is_confirmed_with_document_and_code_and_then_is_the_chief(city: City) -> None:
    register(city)
    assert city.actors["institute"].waits
    with city.unit("operator") as unit:
        (row,) = verification.list_registrations(unit)
        assert (row.name, row.uscc, row.by_itself, row.needs_document) == (NAME, uscc(21), True, True)
    with pytest.raises(Refusal, match="registration_document_missing"), city.unit("operator") as unit:
        confirm_account(unit, row.id, Proof("来电核实", uscc=row.uscc))
    with city.unit("operator") as unit:
        confirm_account(unit, row.id, Proof("授权书原件", ("授权书.eml", letter("授权书")), row.uscc))
        place = unit.session.execute(select(Organisation).where(Organisation.name == NAME)).scalar_one()
        account = unit.session.execute(select(Account).where(Account.login == "institute")).scalar_one()
        assert (place.uscc, account.chief, account.department) == (row.uscc, True, "科技处")


def test_who_belongs_to_an_institution_that_has_an_account_is_invited_and_does_not_register(city: City) -> None:
    with pytest.raises(Conflict, match="institution_has_account"):
        register(city, COLLEGE)
    register(city)
    with city.unit("operator") as unit:
        (row,) = verification.list_registrations(unit)
        confirm_account(unit, row.id, Proof("授权书原件", ("授权书.eml", letter("授权书")), row.uscc))
    with pytest.raises(Conflict, match="institution_has_account"):
        register(city, "刺桐工业研究院有限公司", login="other")
