"""A forgotten password: one link at a time, for half an hour, by mail to the account's own mailbox and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchhub.db.tables import Account, LogEntry, PasswordLink
from matchhub.errors import NotAllowed, NotFound
from matchhub.services.accounts.accounts import SignInRefused, change_password, sign_in
from matchhub.services.accounts.password_links import LinkLetter, give_temporary, link_holds, make_link, use_link
from matchhub.services.accounts.passwords import PasswordRefused, hash_password
from matchhub.services.accounts.sessions import actor_of, open_session
from matchhub.services.kernel.limits import LimitReached
from tests.services.small_city import City

OLD, NEW = "the old long sentence", "the new long sentence"


@pytest.fixture(autouse=True)
def mailboxes(city: City) -> None:
    with city.unit() as unit:
        for login in ("shoes", "reviewer"):
            row = unit.session.execute(select(Account).where(Account.login == login)).scalar_one()
            row.email, row.password_hash = f"{login}@mail.example", hash_password(OLD)


def ask(city: City, login: str = "shoes", address: str = "203.0.113.9") -> LinkLetter | None:
    with city.unit() as unit:
        return make_link(unit, login, address)


def use(city: City, token: str, new: str = NEW) -> None:
    with city.unit() as unit:
        use_link(unit, token, new, "203.0.113.9")


def test_a_link_sets_the_password_once_and_ends_every_session(city: City) -> None:
    letter = ask(city)
    assert letter is not None and letter.to == "shoes@mail.example"
    number = city.actors["shoes"].account_id
    assert number is not None
    with city.unit() as unit:
        session = open_session(unit, number)
    use(city, letter.token)
    with city.unit() as unit:
        assert actor_of(unit, session) is None
    assert sign_in(city.runtime, "shoes", NEW, "203.0.113.9")
    with pytest.raises(SignInRefused):
        sign_in(city.runtime, "shoes", OLD, "203.0.113.9")
    with pytest.raises(NotFound, match="password_link_over"):
        use(city, letter.token, "a third long sentence")


def test_a_link_holds_for_half_an_hour_and_looking_does_not_use_it_up(city: City) -> None:
    letter = ask(city)
    assert letter is not None
    city.clock.forward(minutes=29, seconds=59)
    for _ in range(2):
        with city.unit() as unit:
            assert link_holds(unit, letter.token)
    city.clock.forward(seconds=1)
    with pytest.raises(NotFound, match="password_link_over"):
        use(city, letter.token)


def test_a_new_link_ends_the_one_before(city: City) -> None:
    first, second = ask(city), ask(city)
    assert first is not None and second is not None
    with pytest.raises(NotFound):
        use(city, first.token)
    use(city, second.token)


@pytest.mark.parametrize("login", ["nobody", "umbrellas", "reviewer", "closed"])
def test_nobody_is_written_to_without_account_or_mailbox_or_of_the_bureau_or_shut_out(city: City, login: str) -> None:
    if login == "closed":
        with city.unit() as unit:
            unit.session.execute(select(Account).where(Account.login == "shoes")).scalar_one().disabled_at = unit.now
        login = "shoes"
    assert ask(city, login) is None
    with city.unit() as unit:
        assert unit.session.execute(select(PasswordLink.id)).all() == []


def test_the_base_and_the_log_hold_no_token(city: City) -> None:
    letter = ask(city)
    assert letter is not None
    with city.unit() as unit:
        row = unit.session.execute(select(PasswordLink)).scalar_one()
        assert row.token_hash != letter.token and row.until_at - row.made_at == timedelta(minutes=30)
        assert not any(letter.token in each for each in unit.session.execute(select(LogEntry.payload)).scalars())


def test_asking_is_limited_by_name_and_by_address(city: City) -> None:
    for _ in range(3):
        ask(city)
    with pytest.raises(LimitReached):
        ask(city, address="198.51.100.7")
    for at in range(7):
        ask(city, f"guess{at}")
    with pytest.raises(LimitReached):
        ask(city, "another")


def test_a_temporary_password_must_be_changed_and_is_for_firms_and_institutions_only(city: City) -> None:
    number = city.actors["shoes"].account_id
    assert number is not None
    with city.unit("operator") as unit:
        login, password = give_temporary(unit, number)
    token = sign_in(city.runtime, login, password, "203.0.113.9")
    with city.unit() as unit:
        actor = actor_of(unit, token)
    assert actor is not None and actor.must_change
    city.actors["shoes"] = actor
    with city.unit("shoes") as unit, pytest.raises(PasswordRefused, match="password_the_same"):
        change_password(unit, password, password)
    with city.unit("shoes") as unit:
        changed = actor_of(unit, change_password(unit, password, NEW))
    assert changed is not None and not changed.must_change


@pytest.mark.parametrize("whose", ["reviewer", "operator"])
def test_the_operator_gives_none_to_the_bureau_or_the_staff_and_nobody_else_gives_any(city: City, whose: str) -> None:
    number = city.actors[whose].account_id
    assert number is not None
    with city.unit("operator") as unit, pytest.raises(NotAllowed, match="temporary_for_holders"):
        give_temporary(unit, number)
    for who in ("shoes", "college", "reviewer"):
        with city.unit(who) as unit, pytest.raises(NotAllowed):
            give_temporary(unit, city.actors["umbrellas"].account_id or 0)
