"""Files of what the other clauses pay for: taken in as typed, corrected, held, refused and taken back like any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import AwardRecord, ImportProblem, LogEntry, Revision
from matchhub.domain.papers import Paper
from matchhub.domain.records import AgencyRecord, AwardRowRecord, Source
from matchhub.errors import Conflict
from matchhub.services.counting.awards.estimating import estimate_awards
from matchhub.services.counting.awards.recording import date_award_record, withdraw_award_record
from matchhub.services.evidence.confirmations import confirm
from matchhub.services.evidence.files import store_evidence
from matchhub.services.imports.batch import ImportResult
from matchhub.services.imports.review_queue import retry_all
from matchhub.services.imports.undoing import undo_batch
from tests.papers import letter
from tests.services.desk_base import Base, firm

AGENCY = AgencyRecord(Source("agencies.csv", 2), "文华知识产权代理有限公司")
AGENT = AwardRowRecord(
    Source("agents.csv", 2), "agents", agency_name=AGENCY.name, title="林某", number="3500012345",
    occurred_on=date(2021, 1, 4), until_on=date(2024, 1, 3), started_on=date(2023, 1, 4),
)  # fmt: skip


def took(result: ImportResult) -> tuple[int, ...]:
    return tuple(result.sums[name] for name in ("created", "updated", "unchanged", "refused", "review"))


def kept(base: Base, *names: str) -> list[Any]:
    with base.runtime.unit(write=False) as unit:
        rows = unit.session.execute(select(AwardRecord).order_by(AwardRecord.id)).scalars()
        return [tuple(getattr(row, name) for name in names) for row in rows]


def paid(base: Base) -> list[tuple[Decimal, Decimal]]:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return [(each.estimate.amount_yuan, each.estimate.strict_yuan) for each in estimate_awards(unit)]


def test_a_row_is_a_claim_until_its_paper_and_two_words_prove_it(base: Base) -> None:
    base.take("agencies", AGENCY)
    result = base.take("award_records", AGENT)
    assert took(result) == (1, 0, 0, 0, 0)
    assert paid(base) == [(Decimal(5000), Decimal(0))]
    (record,) = result.created_ids
    with base.runtime.unit(base.people["clerk"]) as unit:
        paper = Paper("contract")
        store_evidence(unit, "award_records", record, "other", "合同.eml", letter("contract"), paper)
    for who in ("operator", "reviewer"):
        with base.runtime.unit(base.people[who]) as unit:
            confirm(unit, "award_records", record, second_factor=True)
    assert paid(base) == [(Decimal(5000), Decimal(5000))]


def test_the_list_that_comes_again_corrects_and_says_so(base: Base) -> None:
    base.take("agencies", AGENCY)
    base.take("award_records", AGENT)
    base.later()
    assert took(base.take("award_records", AGENT)) == (0, 0, 1, 0, 0)
    corrected = replace(AGENT, occurred_on=date(2021, 1, 5), left_on=date(2023, 6, 1))
    assert took(base.take("award_records", corrected)) == (0, 1, 0, 0, 0)
    assert kept(base, "occurred_on", "left_on") == [(date(2021, 1, 5), date(2023, 6, 1))]
    with base.runtime.unit(write=False) as unit:
        chosen = select(Revision).where(Revision.kind == "award_records").order_by(Revision.id)
        first, second = unit.session.execute(chosen).scalars().all()
        acts = unit.session.execute(select(LogEntry.verb).where(LogEntry.subject_kind == "award_records")).scalars()
        assert "record.corrected" in set(acts)
        told = first.fields["occurred_on"], second.fields["corrected_from"]
        assert told == ("2021-01-04", {"occurred_on": "2021-01-04"})
        assert second.recorded_at > first.recorded_at


def test_what_its_kind_asks_for_refuses_a_row_and_is_told_at_it(base: Base) -> None:
    base.take("agencies", AGENCY)
    faulty = [
        (replace(AGENT, until_on=None), "award_until_missing"),
        (replace(AGENT, number=None), "award_number_missing"),
        (replace(AGENT, started_on=None), "award_started_missing"),
        (replace(AGENT, until_on=date(2020, 1, 1)), "award_until_reversed"),
        (replace(AGENT, left_on=date(2020, 1, 1)), "award_left_wrong"),
        (replace(AGENT, occurred_on=date(2030, 1, 1), until_on=date(2034, 1, 1)), "day_to_come"),
        (replace(AGENT, kind="sales", number=None), "amount_missing"),
        (replace(AGENT, kind="entries"), "award_numbers_missing"),
    ]
    result = base.take("award_records", *(each for each, _ in faulty))
    assert took(result) == (0, 0, 0, len(faulty), 0)
    with base.runtime.unit(write=False) as unit:
        told = unit.session.execute(select(ImportProblem.code).order_by(ImportProblem.id)).scalars().all()
    assert told == [code for _, code in faulty]
    assert kept(base, "id") == []


def test_a_row_of_an_unknown_agency_waits_until_it_is_known(base: Base) -> None:
    assert took(base.take("award_records", AGENT)) == (0, 0, 0, 0, 1)
    base.take("agencies", AGENCY)
    with base.runtime.unit(base.people["operator"]) as unit:
        assert retry_all(unit, "award_records").accepted == 1
    assert kept(base, "title") == [("林某",)]


def test_a_project_is_its_enterprises_and_an_unknown_one_waits(base: Base) -> None:
    known = firm(1)
    base.take("enterprises", known)
    project = AwardRowRecord(
        Source("nav.csv", 2), "navigation", enterprise_name=known.name, title="伞骨专利导航", number="DH-1",
        occurred_on=date(2023, 9, 1), reviewed_on=date(2024, 1, 5),
    )  # fmt: skip
    other = replace(project, enterprise_name="没有的公司", number="DH-2")
    assert took(base.take("award_records", project, other)) == (1, 0, 0, 0, 1)
    assert paid(base) == [(Decimal(50_000), Decimal(0))]


def test_two_rows_of_one_file_that_contradict_each_other_are_put_before_a_person(base: Base) -> None:
    base.take("agencies", AGENCY)
    loan = AwardRowRecord(
        Source("sales.csv", 2), "sales", agency_name=AGENCY.name, title="审计报告", occurred_on=date(2023, 12, 31),
        amount_yuan=Decimal(1_000_000),
    )  # fmt: skip
    result = base.take("award_records", loan, loan, replace(loan, amount_yuan=Decimal(3_000_000)))
    assert took(result) == (1, 0, 1, 0, 1)
    assert kept(base, "amount_yuan") == [(Decimal(1_000_000),)]


def test_a_batch_is_taken_back_and_may_come_again(base: Base) -> None:
    base.take("agencies", AGENCY)
    first = base.take("award_records", AGENT)
    base.later()
    second = base.take("award_records", replace(AGENT, occurred_on=date(2021, 1, 5)))
    for batch in (second, first):
        with base.runtime.unit(base.people["operator"]) as unit:
            undo_batch(unit, batch.batch_id or 0, "发错了文件")
        base.later()
    assert [withdrawn is not None for (withdrawn,) in kept(base, "withdrawn_at")] == [True]
    assert kept(base, "occurred_on") == [(date(2021, 1, 4),)]
    assert paid(base) == []
    assert took(base.take("award_records", AGENT)) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize("act", ["dated", "withdrawn"])
def test_what_a_hand_did_since_is_not_taken_back_in_silence(base: Base, act: str) -> None:
    base.take("agencies", AGENCY)
    batch = base.take("award_records", AGENT)
    base.later()
    with base.runtime.unit(base.people["operator"]) as unit:
        if act == "dated":
            date_award_record(unit, batch.created_ids[0], left_on=date(2023, 6, 1))
        else:
            withdraw_award_record(unit, batch.created_ids[0], "写错了")
    with base.runtime.unit(base.people["operator"]) as unit:
        if act == "dated":
            with pytest.raises(Conflict, match="batch_in_use"):
                undo_batch(unit, batch.batch_id or 0, "发错了文件")
        else:  # nothing is left of it
            assert undo_batch(unit, batch.batch_id or 0, "发错了文件")["withdrawn"] == 0
    with base.runtime.unit(write=False) as unit:
        chain = select(func.count()).where(LogEntry.verb.in_(("award.dated", "award.withdrawn")))
        assert unit.session.execute(chain).scalar_one() == 1
