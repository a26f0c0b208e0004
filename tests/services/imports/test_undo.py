"""A batch taken back: what it created is gone from the counts, what it changed is as before, and it may come again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.base import Base as Tables
from matchhub.db.tables import Demand, Enterprise, Patent, PatentHolder, PatentStatus, ReviewItem
from matchhub.domain.records import CategoryClaim, Kind, Record, StatusClaim
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.counting.counts import count_atoms, question
from matchhub.services.imports.undoing import undo_batch, undo_view
from tests.services.desk_base import Base, code, deal, demand, firm, number, patent


def undo(base: Base, batch: int | None, by: str = "operator", reason: str = "传错文件") -> dict[str, int]:
    assert batch is not None
    with base.runtime.unit(base.people[by]) as unit:
        return undo_batch(unit, batch, reason)


def verdicts(base: Base, known_at: datetime | None = None) -> dict[str, list[str]]:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        asked = question(unit, as_of=date(2024, 12, 31), known_at=known_at)
        return {name: sorted(map(repr, atoms)) for name, atoms in count_atoms(unit, asked).items()}


def literal(base: Base, threshold: str) -> int:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return sum(atom.literal for atom in count_atoms(unit, question(unit))[threshold])


def rows(base: Base, *tables: str) -> dict[str, list[dict[str, Any]]]:
    with base.runtime.unit(write=False) as unit:
        return {
            name: [
                {key: row[key] for key in row if key != "updated_at"}
                for row in unit.session.execute(select(Tables.metadata.tables[name]).order_by("id")).mappings()
            ]
            for name in tables
        }


NEW: list[tuple[Kind, list[Record], str]] = [
    ("patents", [patent(1), patent(2)], "patents"),
    ("enterprises", [firm(1), firm(2)], "enterprises"),
]


@pytest.mark.parametrize(("kind", "records", "threshold"), NEW)
def test_what_a_batch_created_leaves_the_count_and_may_come_again(
    base: Base, kind: Kind, records: list[Record], threshold: str
) -> None:
    batch = base.take(kind, *records)
    assert literal(base, threshold) == 2
    base.later()
    assert undo(base, batch.batch_id) == {"withdrawn": 2, "restored": 0, "kept": 0}
    assert literal(base, threshold) == 0
    again = base.take(kind, *records)
    assert (again.sums["created"], literal(base, threshold)) == (2, 2)


def test_demands_deals_and_held_rows_may_come_again(base: Base) -> None:
    base.take("patents", patent(1))
    base.take("enterprises", firm(1))
    kinds: list[tuple[Kind, list[Record]]] = [("demands", [demand(1), demand(2, of=9)]), ("deals", [deal(1)])]
    for kind, records in kinds:
        first = base.take(kind, *records)
        base.later()
        undo(base, first.batch_id)
        again = base.take(kind, *records)
        assert (again.sums["created"], again.sums["review"]) == (first.sums["created"], first.sums["review"])
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Demand.state).order_by(Demand.id)).scalars().all() == [
            "withdrawn",
            "submitted",
        ]
        waiting = select(ReviewItem).where(ReviewItem.decision.is_(None))
        assert len(unit.session.execute(waiting).scalars().all()) == 1


def test_what_a_batch_changed_is_as_before(base: Base) -> None:
    base.take("patents", patent(1))
    base.take("enterprises", firm(1, uscc=None))
    tables = ("patents", "patent_holders", "patent_classes", "enterprises")
    before = rows(base, *tables)
    base.later()
    changed = patent(1, title="另一个名称", applicants=("甲大学", "乙公司"), ipc=("C08L 9/00",), granted_on=date(2023, 1, 1),
                     status=StatusClaim("dead", "fee_lapsed", "终止", date(2024, 3, 1)))  # fmt: skip
    one = base.take("patents", changed)
    two = base.take("enterprises", firm(1, address="福建省晋江市陈埭镇", categories=(CategoryClaim("innovative_sme"),)))
    assert (one.sums["updated"], two.sums["updated"]) == (1, 1)
    base.later()
    assert undo(base, one.batch_id) == {"withdrawn": 0, "restored": 1, "kept": 0}
    assert undo(base, two.batch_id) == {"withdrawn": 0, "restored": 1, "kept": 0}
    after = rows(base, *tables)
    for table in ("patent_holders", "patent_classes"):
        for each in before[table] + after[table]:
            each.pop("id")
    assert after == before
    with base.runtime.unit(write=False) as unit:
        live = select(PatentStatus.validity).where(PatentStatus.withdrawn_at.is_(None))
        assert unit.session.execute(live).scalars().all() == ["in_force"]


def test_a_value_that_a_later_batch_wrote_again_stays(base: Base) -> None:
    base.take("patents", patent(1, title="第一", abstract="甲"))
    middle = base.take("patents", patent(1, title="第二", abstract="乙"))
    base.take("patents", patent(1, title="第三", abstract="乙"))
    assert undo(base, middle.batch_id) == {"withdrawn": 0, "restored": 1, "kept": 1}
    with base.runtime.unit(write=False) as unit:
        known = unit.session.execute(select(Patent)).scalar_one()
        assert (known.title, known.abstract) == ("第三", "甲")


def test_a_batch_that_others_depend_on_stays_and_says_who(base: Base) -> None:
    batch = base.take("enterprises", firm(1), firm(2))
    base.take("demands", demand(1))
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        view = undo_view(unit, batch.batch_id or 0)
    assert not view.possible
    assert {(each.record_id, each.by_kind) for each in view.dependents} == {(1, "demands")}
    with pytest.raises(Conflict, match="batch_in_use"):
        undo(base, batch.batch_id)


def test_a_deal_holds_its_patent_and_its_buyer(base: Base) -> None:
    batches = [base.take("patents", patent(1)), base.take("enterprises", firm(1))]
    deals = base.take("deals", deal(1))
    for batch in batches:
        with pytest.raises(Conflict, match="batch_in_use"):
            undo(base, batch.batch_id)
    undo(base, deals.batch_id)


def test_a_later_word_on_the_record_holds_the_batch(base: Base) -> None:
    batch = base.take("patents", patent(1))
    later = base.take("patents", patent(1, title="另一个名称"))
    with pytest.raises(Conflict, match="batch_in_use"):
        undo(base, batch.batch_id)
    assert undo(base, later.batch_id)["restored"] == 1


def test_past_counts_stay_as_they_were(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("patents", patent(1))
    kinds: list[tuple[Kind, Record]] = [
        ("demands", demand(1)),
        ("patents", patent(2)),
        ("patents", patent(1, title="改")),
    ]
    batches = [base.take(kind, record).batch_id for kind, record in kinds]
    moment, was = base.clock.now, verdicts(base, base.clock.now)
    base.later()
    for batch in batches:
        undo(base, batch)
    middle, between = base.clock.now, verdicts(base, base.clock.now)
    base.later()
    base.take("patents", patent(2))
    base.later()
    assert verdicts(base, moment) == was
    assert verdicts(base, middle) == between
    assert was != between


def test_a_batch_is_undone_once_by_the_operator_with_a_reason(base: Base) -> None:
    batch = base.take("patents", patent(1)).batch_id
    with pytest.raises(NotAllowed):
        undo(base, batch, by="reviewer")
    with pytest.raises(Refusal, match="note_missing"):
        undo(base, batch, reason=" ")
    with pytest.raises(NotFound, match="batch_not_found"):
        undo(base, 99)
    undo(base, batch)
    with pytest.raises(Conflict, match="batch_undone"):
        undo(base, batch)


def test_the_withdrawn_record_still_tells_its_number(base: Base) -> None:
    undo(base, base.take("patents", patent(1)).batch_id)
    undo(base, base.take("enterprises", firm(1)).batch_id)
    with base.runtime.unit(write=False) as unit:
        assert number(1) in str(unit.session.execute(select(Patent.withdrawn_reason)).scalar_one())
        assert code(1) in str(unit.session.execute(select(Enterprise.withdrawn_reason)).scalar_one())
        assert unit.session.execute(select(PatentHolder.name)).scalars().all() == ["晋水理工学院"]
