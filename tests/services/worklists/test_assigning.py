"""Work assigned from the ledger: its state is what the count says, its assignee is told, and nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matchhub.db.tables import Demand, LogEntry, Patent
from matchhub.errors import NotAllowed, Refusal
from matchhub.services.accounts.accounts import actor_of
from matchhub.services.accounts.sessions import open_session
from matchhub.services.kernel.unit import SYSTEM, Actor
from matchhub.services.notices.notices import own_notices
from matchhub.services.worklists.assigned import WorkView, own_work, work_item, work_list
from matchhub.services.worklists.assigning import Order, assign, change_item, remind_of_work, take_back, tasks_of
from matchhub.services.worklists.unread import unread
from tests.services.counting.test_counts import fill
from tests.services.desk_base import Base, patent
from tests.services.staff import open_account
from tests.web.installation import PASSWORD

CLERK = 2  # accounts are numbered as in STAFF


def order(base: Base, days: int = 5, to: int = CLERK) -> Order:
    return Order(to, (base.clock.now + timedelta(days=days)).date(), "先打电话")


def given(base: Base, threshold: str, *records: int, days: int = 5) -> int:
    with base.runtime.unit(base.people["operator"]) as unit:
        return assign(unit, threshold, set(records), order(base, days))


def listed(base: Base) -> list[tuple[str, int, str]]:
    with base.runtime.unit(base.people["auditor"], write=False) as unit:
        return [(each.act, each.record, each.state) for each in work_list(unit)]


def told(base: Base, who: str) -> list[tuple[str, int]]:
    with base.runtime.unit(base.people[who], write=False) as unit:
        found = [(each.code, each.fields["number"]) for each in own_notices(unit) if "work" in each.code]
        assert unread(unit).notices >= len(found)
        return found


def own(base: Base, who: str) -> tuple[WorkView, ...]:
    with base.runtime.unit(base.people[who], write=False) as unit:
        return own_work(unit)


def remind(base: Base) -> int:
    with base.runtime.unit(SYSTEM) as unit:
        return remind_of_work(unit)


def test_an_item_ends_when_the_record_lacks_it_no_more_and_never_before(base: Base) -> None:
    fill(base)
    assert given(base, "local_demands", 1, 2) == 1  # the first lacks nothing
    assert given(base, "patents", 2, days=1) == 1
    assert listed(base) == [("record_complete", 2, "open"), ("demand_reconfirm", 2, "open")]  # by their days
    with base.runtime.unit(base.people["operator"]) as unit:
        assert [each.item for each in tasks_of(unit, "patents", {1, 2})] == [2]
        with pytest.raises(Refusal, match="work_nothing_chosen"):
            assign(unit, "patents", {2}, order(base))
        unit.session.get_one(Demand, 2).valid_until_on = date(2027, 1, 1)
        unit.session.get_one(Patent, 2).withdrawn_at = unit.now
    assert listed(base) == [("record_complete", 2, "lapsed"), ("demand_reconfirm", 2, "done")]
    assert own(base, "clerk") == ()
    base.later()
    assert remind(base) == 0  # what has ended is put on record, and reminds nobody
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        done = work_item(unit, 1)
        assert (done.outcome, done.settled_at, done.assigned_by) == ("done", unit.now, "operator（运营中心）")
        said = select(LogEntry.subject_kind, LogEntry.verb).where(LogEntry.verb.like("work.%")).order_by(LogEntry.id)
        assert [tuple(row) for row in unit.session.execute(said)] == [
            ("demands", "work.assigned"), ("patents", "work.assigned"), ("patents", "work.lapsed"), ("demands", "work.done"),
        ]  # fmt: skip
        # lacking it again later is a new item: what was done stays done
        unit.session.get_one(Demand, 2).valid_until_on = date(2024, 3, 1)
        unit.session.flush()
        assert work_item(unit, 1).state == "done"


def test_the_assignee_is_told_and_reminded_once_of_each_stage_and_nobody_else_is(base: Base) -> None:
    fill(base)
    given(base, "local_demands", 2)
    given(base, "patents", 2)
    assert told(base, "clerk") == [("notice_work_assigned", 1)] * 2 and told(base, "operator") == []
    assert [each.record for each in own(base, "clerk")] == [2, 2] and own(base, "operator") == ()
    assert remind(base) == 0
    base.later(2)
    assert (remind(base), remind(base)) == (1, 0)
    assert told(base, "clerk")[0] == ("notice_work_due", 2)
    base.later(4)
    assert [each.overdue for each in own(base, "clerk")] == [1, 1]
    assert (remind(base), remind(base)) == (1, 0)
    with base.runtime.unit(base.people["operator"]) as unit:
        change_item(unit, 1, order(base, 3, to=1))  # to oneself: no notice
        take_back(unit, 2, "企业已注销")
    assert [each.id for each in own(base, "operator")] == [1] and own(base, "clerk") == ()
    assert told(base, "operator") == [] and remind(base) == 1
    assert told(base, "operator") == [("notice_work_due", 1)]


def test_work_of_another_organisation_is_neither_handed_on_nor_taken_back(base: Base) -> None:
    base.take("patents", patent(1, title=None))
    given(base, "patents", 1)
    with base.runtime.unit(SYSTEM) as unit:
        stranger = open_account(unit, "stranger", "operator", "另一运营机构", "operator", PASSWORD)
        theirs = actor_of(unit, open_session(unit, stranger))
    assert theirs is not None
    with base.runtime.unit(theirs) as unit:
        for end in (lambda: take_back(unit, 1, "不做了"), lambda: change_item(unit, 1, order(base, 9, stranger))):
            with pytest.raises(NotAllowed):
                end()
    assert [each.id for each in own(base, "clerk")] == [1]


@pytest.mark.parametrize(
    ("days", "to", "code"), [(-1, CLERK, "work_day_past"), (0, 3, "work_assignee_unknown"), (0, 4, "work_assignee_unknown")]
)  # fmt: skip
def test_work_goes_to_the_operators_own_people_by_a_day_to_come(base: Base, days: int, to: int, code: str) -> None:
    base.take("patents", patent(1, title=None))
    with base.runtime.unit(base.people["operator"]) as unit:
        with pytest.raises(Refusal, match=code):
            assign(unit, "patents", {1}, order(base, days, to))
        assert assign(unit, "patents", {1}, order(base, 0)) == 1  # today is not too late
    reviewer: Actor = base.people["reviewer"]
    with base.runtime.unit(reviewer, write=False) as unit, pytest.raises(NotAllowed):
        assign(unit, "patents", {1}, order(base))
