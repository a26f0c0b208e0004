"""Badges: what is new for an account, in one statement; what it has read leaves its own badge and nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matchhub.db.tables import Account
from matchhub.services.conversations import messages
from matchhub.services.conversations.interest import express_interest
from matchhub.services.conversations.threads import close_thread, own_threads, read_thread_now
from matchhub.services.evidence.party_words import give_word
from matchhub.services.notices.notices import own_notices, read_about, read_all_notices
from matchhub.services.worklists.unread import Unread, unread
from tests.services.evidence.test_party_words import opened
from tests.services.pushes.read_inbox import inbox_of
from tests.services.small_city import PATENTS, City
from tests.services.worklists.counted import statements

GLUE, SOLE = PATENTS[0][0], PATENTS[1][0]


def thread(city: City, patent: str = GLUE) -> int:
    demand = city.own_demand()
    with city.unit("shoes") as unit:
        found = express_interest(unit, city.patent(patent), demand).thread_id
        read_thread_now(unit, found)
        return found


def news(city: City, who: str) -> Unread:
    with city.unit(who) as unit:
        return unread(unit)


def colleague(city: City, of: str = "college") -> str:
    """Another account of the same organisation, opened with the first one."""
    actor = city.actors[of]
    with city.unit() as unit:
        first = unit.session.get_one(Account, actor.account_id)
        row = Account(
            login=f"{of}2", display_name=f"{of}2", role=first.role, organisation_id=first.organisation_id,
            password_hash="not a password", created_at=first.created_at,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        city.actors[f"{of}2"] = replace(actor, account_id=row.id)
    return f"{of}2"


def test_a_thread_is_new_to_the_other_side_until_it_was_read_and_new_again_with_every_message(city: City) -> None:
    found = thread(city)
    assert news(city, "college") == Unread(notices=1, threads=1)
    assert news(city, "shoes") == Unread()
    with city.unit("college") as unit:
        assert [line.unread for line in own_threads(unit)] == [True]
        read_thread_now(unit, found)
        assert [line.unread for line in own_threads(unit)] == [False]
    assert news(city, "college") == Unread()
    city.clock.forward(minutes=1)
    with city.unit("shoes") as unit:
        messages.write_message(unit, found, "请寄样品。")
    assert news(city, "college") == Unread(notices=1, threads=1)


def test_a_colleague_reads_for_itself_alone(city: City) -> None:
    found, other = thread(city), colleague(city)
    with city.unit(other) as unit:
        read_thread_now(unit, found)
    assert (news(city, other), news(city, "college")) == (Unread(), Unread(notices=1, threads=1))
    with city.unit("college") as unit:
        assert [each.read for each in own_notices(unit)] == [False]
        read_all_notices(unit)
        assert [each.read for each in own_notices(unit)] == [True]


def test_an_account_opened_later_begins_with_nothing_new(city: City) -> None:
    thread(city)
    other = colleague(city)
    with city.unit() as unit:
        row = unit.session.get_one(Account, city.actors[other].account_id)
        city.clock.forward(days=1)
        row.created_at = city.clock()
    assert news(city, other) == Unread()


@pytest.mark.parametrize("who", ["umbrellas", "school", "operator"])
def test_nobody_is_told_of_threads_of_others(city: City, who: str) -> None:
    thread(city)
    assert news(city, who).threads == 0


def test_an_ended_thread_is_no_news(city: City) -> None:
    found = thread(city)
    with city.unit("shoes") as unit:
        close_thread(unit, found, "已签约")
    assert news(city, "college").threads == 0


def test_a_word_that_is_asked_counts_until_it_is_given_and_its_notice_until_the_deal_was_opened(city: City) -> None:
    deal = opened(city)
    assert news(city, "college") == Unread(notices=1, asked=1)
    with city.unit("college") as unit:
        assert read_about(unit, ("deals", deal)) == 1
    assert news(city, "college") == Unread(asked=1)
    with city.unit("college") as unit:
        give_word(unit, ("deals", deal), "yes")
    assert news(city, "college") == Unread()


def test_pushes_count_until_the_firm_read_them(city: City) -> None:
    from matchhub.services.pushes.inbox import mark_read

    city.post()
    city.push()
    waiting = news(city, "shoes").pushes
    assert waiting > 0
    with city.unit("shoes") as unit:
        mark_read(unit, inbox_of(unit)[0].push_id)
    assert news(city, "shoes").pushes == waiting - 1


def test_badges_take_one_statement_and_threads_as_many_for_many_as_for_one(city: City) -> None:
    thread(city)
    with city.unit("college") as unit:
        assert statements(unit, lambda: unread(unit)) == 1
        once = statements(unit, lambda: own_threads(unit))
    thread(city, SOLE)
    with city.unit("college") as unit:
        assert len(own_threads(unit)) == 2
    with city.unit("college") as unit:
        assert statements(unit, lambda: own_threads(unit)) == once
