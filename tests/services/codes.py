"""Telephones of the small city's people: whoever must prove an act with a one-time code has one."""

from __future__ import annotations

import pyotp

from matchhub.db.tables import Account
from matchhub.services.accounts import second_factor
from matchhub.services.accounts.passwords import hash_password
from tests.services.small_city import City

PASSWORD = "a long sentence for tests"


def telephone(city: City, who: str) -> pyotp.TOTP:
    """Switch one-time codes on for an account; the next code is fresh."""
    actor = city.actors[who]
    with city.unit() as unit:
        unit.session.get_one(Account, actor.account_id).password_hash = hash_password(PASSWORD)
    with second_factor.proving(city.runtime, actor) as unit:
        second_factor.start(unit, PASSWORD)
    with city.runtime.unit(actor, write=False) as unit:
        phone = pyotp.TOTP(second_factor.fresh_secret(unit))
    with second_factor.proving(city.runtime, actor) as unit:
        second_factor.switch_on(unit, phone.at(city.clock.now))
    city.clock.forward(minutes=2)
    return phone
