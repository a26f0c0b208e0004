"""The reviewer's desk: what waits, what must be proven, what was rejected and mended, what changed since the last look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from matchhub.db.tables import AwardRecord, Deal
from matchhub.errors import NotAllowed
from matchhub.services.counting.counts import question
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.once import once
from matchhub.services.records.page import record_view
from matchhub.services.records.proving import Proofs, proofs_of
from matchhub.services.worklists.bureau_desk import bureau_desk, changes_since, keep_look, last_look
from matchhub.services.worklists.rejected import rejected_records
from matchhub.services.worklists.todo import todo
from matchhub.services.worklists.unconfirmed import list_unconfirmed
from tests.papers import letter, scan
from tests.services.desk_base import Base, deal, firm, patent
from tests.web.test_statements import counted


@pytest.fixture
def filled(base: Base) -> Base:
    base.take("patents", patent(1), patent(2))
    base.take("enterprises", firm(1))
    base.take("deals", deal(1), deal(2))
    base.later(1)
    return base


def said(base: Base, login: str, record: int, decision: str = "confirmed", note: str = "") -> None:
    with base.runtime.unit(base.people[login]) as unit:
        confirm(unit, "deals", record, decision, note or None, second_factor=True)


def desk_of(base: Base, login: str = "reviewer") -> Any:
    with base.runtime.unit(base.people[login], write=False) as unit:
        return bureau_desk(unit)


def proofs(base: Base, record: int = 1) -> Proofs:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        found = proofs_of(unit, record_view(unit, "deals", record))
    assert found is not None
    return found


def test_a_record_waits_for_the_bureau_from_the_operators_word_to_its_own(filled: Base) -> None:
    assert desk_of(filled).awaiting.total == 0, "the operator has not spoken"
    said(filled, "operator", 2)
    desk = desk_of(filled)
    assert [(each.kind, each.id) for each in desk.awaiting.items] == [("deals", 2)]
    assert "晋水理工学院" in desk.awaiting.items[0].note
    said(filled, "reviewer", 2)
    assert desk_of(filled).awaiting.total == 0


def test_doubts_name_what_is_open(filled: Base) -> None:
    numbers = {each.key: each.number for each in desk_of(filled).doubts}
    assert numbers == {
        "evidence_damaged": 0,
        "papers_alike": 0,
        "objections": 0,
        "sources_open": numbers["sources_open"],
    }


def test_each_fact_stands_beside_its_papers_and_says_what_lacks(filled: Base) -> None:
    facts = {each.fact: each for each in proofs(filled).facts}
    assert list(facts) == ["contract", "payment", "registration"]
    assert all(each.lacking for each in facts.values())
    fields = dict(facts["contract"].fields)
    assert fields["contract_number"] == "HT-1" and fields["amount_yuan"] == 80000
    assert fields["seller"] == ["晋水理工学院"] and fields["patents"]
    with filled.runtime.unit(filled.people["operator"]) as unit:
        paper = store_evidence(unit, "deals", 1, "contract", "contract.png", scan("HT-1"))
        other = store_evidence(unit, "deals", 1, "other", "more.eml", letter("more"))
    found = proofs(filled)
    contract = next(each for each in found.facts if each.fact == "contract")
    assert [each.id for each in contract.papers] == [paper] and not contract.lacking
    assert [each.id for each in found.others] == [other]


def test_only_money_rows_have_papers_to_compare(filled: Base) -> None:
    with filled.runtime.unit(filled.people["reviewer"], write=False) as unit:
        assert proofs_of(unit, record_view(unit, "patents", 1)) is None


def test_a_rejection_is_work_of_the_operator_until_it_is_mended_and_then_of_the_bureau(filled: Base) -> None:
    said(filled, "reviewer", 1, "rejected", "合同看不清")
    with filled.runtime.unit(filled.people["operator"], write=False) as unit:
        (found,) = rejected_records(unit)
        assert (found.kind, found.record, found.reason, found.mended) == ("deals", 1, "合同看不清", False)
        assert todo(unit).number("rejected") == 1
    assert desk_of(filled).awaiting.total == 0
    with filled.runtime.unit(filled.people["operator"]) as unit:
        store_evidence(unit, "deals", 1, "contract", "contract.png", scan("HT-1"))
    with filled.runtime.unit(filled.people["operator"], write=False) as unit:
        assert [each.mended for each in rejected_records(unit)] == [True]
        assert todo(unit).number("rejected") == 0
    said(filled, "operator", 2)
    desk = desk_of(filled)
    assert [(each.id, each.mended) for each in desk.awaiting.items] == [(1, True), (2, False)]
    assert desk.own and desk.asked == desk.awaiting
    with filled.runtime.unit(filled.people["reviewer"], write=False) as unit:
        assert list_unconfirmed(unit).items == desk.awaiting.items, "the desk and its list are one"
    said(filled, "reviewer", 1)
    with filled.runtime.unit(filled.people["operator"], write=False) as unit:
        assert rejected_records(unit) == ()


def test_a_record_behind_an_award_waits_for_the_operator_and_then_for_the_bureau(filled: Base) -> None:
    with filled.runtime.unit() as unit:
        unit.session.add(
            AwardRecord(
                kind="sales", title="2024年度销售额", occurred_on=unit.today, recorded_at=unit.now, updated_at=unit.now
            )
        )
    with filled.runtime.unit(filled.people["operator"], write=False) as unit:
        assert todo(unit).number("awards_unconfirmed") == 1
        assert ("award_records", 1) in [(each.kind, each.id) for each in list_unconfirmed(unit).items]
    with filled.runtime.unit(filled.people["operator"]) as unit:
        confirm(unit, "award_records", 1)
    assert [(each.kind, each.id) for each in desk_of(filled).awaiting.items] == [("award_records", 1)]


def test_what_many_rejections_are_bound_to_is_read_at_once(filled: Base) -> None:
    def asked() -> int:
        with filled.runtime.unit(filled.people["operator"], write=False) as unit, counted(filled.runtime) as said_now:
            rejected_records(unit)
        return len(said_now)

    said(filled, "reviewer", 1, "rejected", "合同看不清")
    one = asked()
    said(filled, "reviewer", 2, "rejected", "合同看不清")
    assert asked() == one


def test_a_reading_unit_asks_once_and_a_writing_one_every_time(base: Base) -> None:
    for write, times in ((False, 1), (True, 2)):
        asked: list[int] = []
        with base.runtime.unit(base.people["operator"], write=write) as unit:
            for _ in range(2):
                once(unit, "how many", lambda asked=asked: asked.append(1) or len(asked))  # type: ignore[misc]
        assert len(asked) == times


def test_a_withdrawn_record_is_no_work_any_more(filled: Base) -> None:
    said(filled, "reviewer", 1, "rejected", "重复登记")
    with filled.runtime.unit() as unit:
        row = unit.session.get_one(Deal, 1)
        row.withdrawn_at, row.withdrawn_reason = unit.now, "重复登记"
    with filled.runtime.unit(filled.people["operator"], write=False) as unit:
        assert rejected_records(unit) == ()


def test_changes_are_those_since_this_accounts_own_last_look(filled: Base) -> None:
    reviewer, auditor = filled.people["reviewer"], filled.people["auditor"]
    with filled.runtime.unit(reviewer) as unit:
        assert last_look(unit) is None
        first = changes_since(unit, question(unit))
        assert not first.looked and {each.way for each in first.records} >= {"changed"}
        keep_look(unit, unit.now)
    filled.later(1)
    with filled.runtime.unit(reviewer, write=False) as unit:
        assert changes_since(unit, question(unit)).records == ()
    with filled.runtime.unit() as unit:
        row = unit.session.get_one(Deal, 1)
        row.withdrawn_at, row.withdrawn_reason = unit.now, "重复登记"
    with filled.runtime.unit(reviewer, write=False) as unit:
        found = changes_since(unit, question(unit))
        assert found.looked and [(each.kind, each.record, each.before, each.after) for each in found.records] == [
            ("deals", 1, "literal", "out")
        ]
        assert found.records[0].against and found.sums == (("invention_deals", (0, 0, 1)),)
    with filled.runtime.unit(auditor, write=False) as unit:
        assert not changes_since(unit, question(unit)).looked, "another account has a look of its own"


def test_a_look_never_goes_back_and_never_into_the_future(filled: Base) -> None:
    with filled.runtime.unit(filled.people["reviewer"]) as unit:
        keep_look(unit, unit.now + timedelta(days=30))
        assert last_look(unit) == unit.now
        keep_look(unit, unit.now - timedelta(days=3))
        assert last_look(unit) == unit.now
    with filled.runtime.unit() as unit, pytest.raises(NotAllowed):
        keep_look(unit, unit.now)
