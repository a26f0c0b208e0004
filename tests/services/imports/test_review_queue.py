"""Held rows: restored exactly, tried again, linked, refused; each decided once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Deal, Demand, Enterprise, ReviewItem
from matchhub.domain.records import (
    AgencyRecord,
    AwardRowRecord,
    EncumbranceClaim,
    ExpertRecord,
    LicenceRecord,
    OfferRecord,
    Problem,
    Row,
    Source,
    StockGradeRecord,
)
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.imports import review_queue
from matchhub.services.imports.batch import import_rows
from matchhub.services.imports.held_records import RECORDS, restore_record
from matchhub.services.kernel.revisions import to_json
from tests.services.desk_base import Base, deal, demand, firm, number, patent

SOURCE = Source("a.xlsx", 7, "表1", (("姓名", "李某"), ("单位", "某校")))
EXAMPLES: dict[str, Any] = {
    "patents": patent(1, encumbrances=(EncumbranceClaim("pledge", True, date(2024, 1, 2)),)),
    "enterprises": firm(1, capital_yuan=Decimal("1234.50"), registered_on=date(2001, 2, 3)),
    "experts": ExpertRecord(SOURCE, name="李某", organisation="某校", consent_on=date(2024, 1, 2)),
    "agencies": AgencyRecord(SOURCE, name="某所", service_types=("代理", "检索"), is_patent_agency=True),
    "demands": demand(1, ipc=("A43B 13/22",)),
    "offers": OfferRecord(SOURCE, number(1), regime="cnipa", royalty_percent=Decimal("5.5")),
    "licences": LicenceRecord(SOURCE, number(1), "某厂", paid_yuan=Decimal(3000), paid_on=date(2024, 1, 2)),
    "deals": deal(1, application_numbers=(number(1), number(2))),
    "award_records": AwardRowRecord(SOURCE, "loan", enterprise_name="某厂", amount_yuan=Decimal("1000.50"), agents=3),
    "stock_grades": StockGradeRecord(SOURCE, number(1), holder_grade="A", holder_graded_on=date(2024, 1, 2)),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_comes_back_from_what_was_kept_as_it_was(kind: str) -> None:
    record = EXAMPLES[kind]
    assert restore_record(kind, to_json(record)) == record  # type: ignore[arg-type]


def only_id(base: Base) -> int:
    with base.runtime.unit(write=False) as unit:
        return unit.session.execute(select(ReviewItem.id)).scalar_one()


def number_of(base: Base, table: type) -> int:
    with base.runtime.unit(write=False) as unit:
        return unit.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_held_demand_goes_in_once_its_enterprise_is_there(base: Base) -> None:
    base.take("demands", demand(1, of=3))
    base.take("enterprises", firm(3))
    with base.runtime.unit(base.people["operator"]) as unit:
        demand_id = review_queue.retry_review(unit, only_id(base))
    with base.runtime.unit(write=False) as unit:
        known = unit.session.get(Demand, demand_id)
        assert known is not None
        assert (known.title, known.source_line, known.batch_id) == (demand(1).title, 2, 1)
        item = unit.session.execute(select(ReviewItem)).scalar_one()
        assert (item.decision, item.decided_by) == ("accepted", base.people["operator"].account_id)


def test_a_held_row_that_still_lacks_its_enterprise_stays_held(base: Base) -> None:
    base.take("demands", demand(1, of=3))
    with pytest.raises(Refusal, match="enterprise_unknown"), base.runtime.unit(base.people["operator"]) as unit:
        review_queue.retry_review(unit, only_id(base))
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        assert review_queue.open_reviews(unit) == {("demands", "enterprise_unknown"): 1}


def test_retrying_all_takes_in_what_can_go_in_and_counts_the_rest(base: Base) -> None:
    base.take("demands", demand(1, of=3), demand(2, of=4))
    base.take("deals", deal(5))
    base.take("enterprises", firm(3))
    base.take("patents", patent(5))
    with base.runtime.unit(base.people["operator"]) as unit:
        done = review_queue.retry_all(unit)
    assert (done.tried, done.accepted, done.held, done.refused) == (3, 2, 1, 0)
    assert (number_of(base, Demand), number_of(base, Deal)) == (1, 1)


def test_retrying_all_leaves_rows_alone_that_a_person_must_look_at(base: Base) -> None:
    doubtful = patent(1)
    problem = Problem("patents.csv", 2, "", "多出的格", "row_too_long", "review")
    with base.runtime.unit(base.people["clerk"]) as unit:
        import_rows(unit, "patents", [Row(doubtful.source, doubtful, (problem,))])
    with base.runtime.unit(base.people["operator"]) as unit:
        assert review_queue.retry_all(unit).tried == 0
        assert review_queue.retry_review(unit, 1) == 1  # looked at, and accepted as understood


def test_a_held_demand_is_linked_to_the_enterprise_a_person_chose(base: Base) -> None:
    base.take("demands", demand(1, enterprise_name="某某鞋厂", enterprise_uscc=None))
    base.take("enterprises", firm(1))
    with base.runtime.unit(base.people["operator"]) as unit:
        firm_id = unit.session.execute(select(Enterprise.id)).scalar_one()
        demand_id = review_queue.link_review(unit, only_id(base), firm_id)
        assert unit.session.get_one(Demand, demand_id).enterprise_id == firm_id


def test_only_demands_are_linked_to_enterprises(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("deals", deal(1))
    with pytest.raises(Refusal, match="review_not_linkable"), base.runtime.unit(base.people["operator"]) as unit:
        review_queue.link_review(unit, only_id(base), 1)


def test_a_demand_is_not_linked_to_an_enterprise_that_is_not_there(base: Base) -> None:
    base.take("demands", demand(1, of=3))
    with pytest.raises(NotFound, match="enterprise_not_found"), base.runtime.unit(base.people["operator"]) as unit:
        review_queue.link_review(unit, only_id(base), 99)


def test_a_refusal_needs_its_reason_and_can_be_taken_back(base: Base) -> None:
    base.take("demands", demand(1, of=3))
    with pytest.raises(Refusal, match="note_missing"), base.runtime.unit(base.people["operator"]) as unit:
        review_queue.decide_review(unit, 1, "refused", "  ")
    with base.runtime.unit(base.people["operator"]) as unit:
        review_queue.decide_review(unit, 1, "refused", "不是本市企业")
        assert review_queue.review_view(unit, 1).note == "不是本市企业"
        review_queue.reopen_review(unit, 1)
        assert review_queue.review_view(unit, 1).decision is None


def test_a_row_is_decided_once(base: Base) -> None:
    base.take("demands", demand(1, of=3))
    with base.runtime.unit(base.people["operator"]) as unit:
        review_queue.decide_review(unit, 1, "refused", "重复")
        with pytest.raises(Conflict, match="review_decided"):
            review_queue.retry_review(unit, 1)
        with pytest.raises(Conflict, match="review_decided"):
            review_queue.decide_review(unit, 1, "refused", "再次")


def test_a_demand_taken_in_later_is_compared_with_the_others(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("demands", demand(1), demand(1, of=3, title="另一题"))
    base.take("enterprises", firm(3))
    with base.runtime.unit(base.people["operator"]) as unit:
        late = review_queue.retry_review(unit, 1)
        assert unit.session.get_one(Demand, late).duplicate_of_id is not None


def test_the_bureau_reads_held_rows_and_decides_none(base: Base) -> None:
    base.take("demands", demand(1, of=3))
    with base.runtime.unit(base.people["reviewer"]) as unit:
        assert review_queue.list_reviews(unit).total == 1
        with pytest.raises(NotAllowed):
            review_queue.retry_review(unit, 1)
        with pytest.raises(NotAllowed):
            review_queue.decide_review(unit, 1, "refused", "否")


def test_contact_data_of_a_held_row_are_shown_in_part(base: Base) -> None:
    base.take("demands", demand(1, of=3))
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        said = dict(review_queue.review_view(unit, 1).said)
    assert said["contact_phone"] == "138****00"
