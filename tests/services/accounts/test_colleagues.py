"""Colleagues: who may invite whom, what a link opens, and that two accounts of one organisation are one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchhub.db.tables import Account, Consent, Invitation, Registration, Thread
from matchhub.domain.consents import VERSION
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.accounts import colleagues
from matchhub.services.accounts.names import account_names
from matchhub.services.accounts.sessions import actor_of, open_session
from matchhub.services.conversations.interest import express_interest
from matchhub.services.conversations.messages import read_thread, write_message
from matchhub.services.evidence.confirmations import give_confirmation
from matchhub.services.kernel.unit import Actor
from tests.services.accounts.test_verification import confirm, register
from tests.services.small_city import City

PASSWORD = "another fine sentence"


def chief(city: City, login: str = "college") -> None:
    with city.unit() as unit:
        unit.session.execute(select(Account).where(Account.login == login)).scalar_one().chief = True


def invite(city: City, who: str = "college", name: str = "陈静", department: str = "材料学院", email: str = "") -> str:
    with city.unit(who) as unit:
        return colleagues.invite_colleague(unit, name, department, email)


def accept(city: City, token: str, login: str = "chenjing") -> Actor:
    with city.unit() as unit:
        number = colleagues.accept_invitation(unit, token, login=login, display_name="", password=PASSWORD)
        actor = actor_of(unit, open_session(unit, number))
    assert actor is not None
    city.actors[login] = actor
    return actor


def test_a_colleague_acts_for_the_same_organisation_in_the_same_role_and_consented(city: City) -> None:
    chief(city)
    actor = accept(city, invite(city))
    own = city.actors["college"]
    assert (actor.organisation_id, actor.role, actor.proven, actor.name) == (
        own.organisation_id,
        own.role,
        True,
        "陈静",
    )
    with city.unit() as unit:
        assert unit.session.execute(select(Consent.version, Consent.account_id)).all() == [(VERSION, actor.account_id)]
        word = unit.session.execute(
            select(Registration).where(Registration.account_id == actor.account_id)
        ).scalar_one()
        assert (word.decision, word.decided_by) == ("confirmed", own.account_id)


def test_only_the_chief_account_invites_shuts_out_and_lets_in(city: City) -> None:
    with pytest.raises(NotAllowed, match="chief_needed"):
        invite(city)
    chief(city)
    actor = accept(city, invite(city))
    assert actor.account_id is not None
    own = city.actors["college"].account_id
    assert own is not None
    for act in (colleagues.shut_out_colleague, colleagues.let_colleague_in, colleagues.hand_over):
        with city.unit("chenjing") as unit, pytest.raises(NotAllowed, match="chief_needed"):
            act(unit, own)


def test_nobody_of_operator_or_bureau_invites_so_and_a_colleague_confirms_nothing(city: City) -> None:
    for who in ("operator", "reviewer"):
        with city.unit(who) as unit, pytest.raises(NotAllowed):
            colleagues.invite_colleague(unit, "某人", "某处")
    chief(city)
    accept(city, invite(city))
    with city.unit("chenjing") as unit, pytest.raises(NotAllowed):
        give_confirmation(unit, "enterprises", 1, "confirmed", "", "")


def test_a_colleague_of_another_organisation_is_nobody(city: City) -> None:
    chief(city)
    other = city.actors["school"].account_id
    assert other is not None
    for act in (colleagues.shut_out_colleague, colleagues.let_colleague_in, colleagues.hand_over):
        with city.unit("college") as unit, pytest.raises(NotFound):
            act(unit, other)


@pytest.mark.parametrize("how", ["used", "withdrawn", "too old", "chief shut out", "never made"])
def test_a_link_opens_one_account_and_nothing_once_it_is_over(city: City, how: str) -> None:
    chief(city)
    token = invite(city)
    if how == "used":
        accept(city, token)
    if how == "withdrawn":
        with city.unit("college") as unit:
            (row,) = colleagues.list_colleagues(unit).invitations
            colleagues.withdraw_invitation(unit, row.id)
    if how == "too old":
        city.clock.forward(days=7)
    if how == "chief shut out":
        with city.unit() as unit:
            unit.session.execute(select(Account).where(Account.login == "college")).scalar_one().disabled_at = unit.now
    if how == "never made":
        token = "guess"
    with pytest.raises(NotFound, match="invitation_over"):
        accept(city, token, "second")


def test_a_link_holds_for_seven_days_and_the_base_does_not_hold_it(city: City) -> None:
    chief(city)
    token = invite(city)
    with city.unit() as unit:
        row = unit.session.execute(select(Invitation)).scalar_one()
        assert token not in (row.token_hash, row.name)
        assert row.until_at - row.invited_at == timedelta(days=7)
    city.clock.forward(days=6, hours=23)
    accept(city, token)


def test_a_firm_has_two_accounts_as_the_settings_say_and_open_links_count(city: City) -> None:
    chief(city, "shoes")
    token = invite(city, "shoes", department="")
    with pytest.raises(Conflict, match="accounts_used_up"):
        invite(city, "shoes", "第三人", "")
    accept(city, token)
    with pytest.raises(Conflict, match="accounts_used_up"):
        invite(city, "shoes", "第三人", "")
    accounts = replace(city.runtime.settings.accounts, per_enterprise=3)
    city.runtime.settings = replace(city.runtime.settings, accounts=accounts)
    invite(city, "shoes", "第三人", "")


def test_a_colleague_shut_out_makes_room_and_is_let_in_only_while_there_is_room(city: City) -> None:
    chief(city, "shoes")
    number = accept(city, invite(city, "shoes", department="")).account_id
    assert number is not None
    with city.unit("shoes") as unit:
        colleagues.shut_out_colleague(unit, number)
    invite(city, "shoes", "第三人", "")
    with city.unit("shoes") as unit, pytest.raises(Conflict, match="accounts_used_up"):
        colleagues.let_colleague_in(unit, number)


def test_shutting_out_ends_the_colleague_s_sessions(city: City) -> None:
    chief(city)
    number = accept(city, invite(city)).account_id
    assert number is not None
    with city.unit() as unit:
        token = open_session(unit, number)
    with city.unit("college") as unit:
        colleagues.shut_out_colleague(unit, number)
        assert actor_of(unit, token) is None


def test_the_chief_hands_over_and_is_chief_no_more(city: City) -> None:
    chief(city)
    number = accept(city, invite(city)).account_id
    assert number is not None
    with city.unit("college") as unit:
        colleagues.hand_over(unit, number)
    with pytest.raises(NotAllowed, match="chief_needed"):
        invite(city)
    invite(city, "chenjing")


def test_an_institution_names_the_department(city: City) -> None:
    chief(city)
    with pytest.raises(Refusal, match="invitation_department_missing"):
        invite(city, department=" ")


def test_the_first_confirmed_account_of_an_organisation_is_its_chief(city: City) -> None:
    register(city)
    confirm(city)
    with city.unit() as unit:
        assert unit.session.execute(select(Account.chief).where(Account.login == "stranger")).scalar_one()
    with city.unit("college") as unit:
        assert not colleagues.list_colleagues(unit).keeps


def test_records_and_threads_name_the_department_of_who_did_it(city: City) -> None:
    chief(city)
    number = accept(city, invite(city)).account_id
    demand_id = city.post()
    with city.unit("shoes") as unit:
        express_interest(unit, city.patent("一种鞋底用水性聚氨酯胶粘剂"), demand_id)
        thread = unit.session.execute(select(Thread.id)).scalar_one()
    with city.unit("chenjing") as unit:
        write_message(unit, thread, "样品可以寄。")
        (message,) = read_thread(unit, thread).messages
        assert message.own and message.who.endswith("· 材料学院")
        assert account_names(unit, [number])[number or 0].endswith("· 材料学院）")
