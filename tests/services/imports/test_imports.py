"""Imports: sums that add up, repetition that changes nothing, rows held until what they need is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import Demand, Enterprise, ImportBatch, ImportProblem, Patent, ReviewItem, Revision
from matchhub.domain.records import Kind, Problem, Record, Row, StatusClaim
from matchhub.errors import Conflict, NotAllowed
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.imports.repeated import RepeatedFiles
from matchhub.services.kernel.revisions import to_json
from tests.services.desk_base import Base, code, deal, demand, firm, moved, number, patent

SUMS = ("read", "created", "updated", "unchanged", "refused", "review")


def sums(result: ImportResult) -> dict[str, int]:
    return {name: result.sums[name] for name in SUMS}


def counted(base: Base, table: type) -> int:
    with base.runtime.unit(write=False) as unit:
        return unit.session.execute(select(func.count()).select_from(table)).scalar_one()


def refused(record: object, line: int) -> Row:
    source = moved(record, line).source
    return Row(source, None, (Problem(source.file, line, "申请号", "12", "identifier_invalid"),))


def test_every_row_read_is_in_exactly_one_sum(base: Base) -> None:
    base.take("enterprises", firm(1))
    rows = [
        Row(demand(1).source, demand(1)),
        Row(demand(2).source, demand(2, of=9)),  # nobody knows this firm
        refused(demand(3), 4),
        Row(demand(1).source, demand(1)),  # the same again
    ]
    with base.runtime.unit(base.people["clerk"]) as unit:
        result = import_rows(unit, "demands", rows)
    assert sums(result) == {"read": 4, "created": 1, "updated": 0, "unchanged": 1, "refused": 1, "review": 1}


def test_the_same_file_again_changes_nothing(base: Base) -> None:
    files: list[tuple[Kind, list[Record]]] = [
        ("patents", [patent(1), patent(2)]),
        ("enterprises", [firm(1), firm(2)]),
        ("demands", [demand(1), demand(2, of=2)]),
    ]
    for kind, records in files:
        base.take(kind, *records)
    revisions = counted(base, Revision)
    base.later()
    for kind, records in files:
        again = base.take(kind, *records)
        assert sums(again) == {"read": 2, "created": 0, "updated": 0, "unchanged": 2, "refused": 0, "review": 0}
    assert counted(base, Revision) == revisions


def test_a_demand_that_stands_twice_in_one_file_learns_from_its_second_row(base: Base) -> None:
    base.take("enterprises", firm(1))
    rows = [moved(demand(1, technical_field=None), 2), moved(demand(1, technical_field="制鞋"), 3)]
    with base.runtime.unit(base.people["clerk"]) as unit:
        result = import_rows(unit, "demands", [Row(each.source, each) for each in rows])
        assert (result.sums["created"], result.sums["updated"]) == (1, 1)
        known = unit.session.execute(select(Demand)).scalar_one()
        assert known.technical_field == "制鞋" and result.created_ids == [known.id]
        history = select(Revision.source_line, Revision.fields).where(Revision.kind == "demands").order_by(Revision.id)
        first, second = unit.session.execute(history).all()
    assert first.source_line == 2 and "technical_field" not in first.fields
    assert (second.source_line, second.fields) == (3, {"technical_field": "制鞋"})


def test_a_batch_keeps_its_sums_and_problems(base: Base) -> None:
    with base.runtime.unit(base.people["clerk"]) as unit:
        result = import_rows(unit, "patents", [Row(patent(1).source, patent(1)), refused(patent(2), 3)])
    with base.runtime.unit(write=False) as unit:
        batch = unit.session.get(ImportBatch, result.batch_id)
        assert batch is not None
        assert {name: getattr(batch, name) for name in SUMS} == sums(result)
        problem = unit.session.execute(select(ImportProblem)).scalar_one()
        assert (problem.batch_id, problem.line, problem.code) == (batch.id, 3, "identifier_invalid")


def test_silence_never_empties_what_is_known(base: Base) -> None:
    base.take("patents", patent(1))
    again = base.take("patents", patent(1, abstract=None, ipc=(), status=None))
    assert sums(again)["unchanged"] == 1
    with base.runtime.unit(write=False) as unit:
        known = unit.session.execute(select(Patent)).scalar_one()
        assert known.abstract == patent(1).abstract


def test_a_newer_legal_status_is_learned_beside_the_older(base: Base) -> None:
    base.take("patents", patent(1))
    again = base.take("patents", patent(1, status=StatusClaim("dead", "fee_lapsed", "终止", date(2024, 3, 1))))
    assert sums(again)["updated"] == 1


def test_equal_codes_are_one_firm_and_equal_names_with_two_codes_are_two(base: Base) -> None:
    base.take("enterprises", firm(1), firm(2, uscc=code(1)), firm(3, name=firm(1).name))
    with base.runtime.unit(write=False) as unit:
        codes = set(unit.session.execute(select(Enterprise.uscc)).scalars())
    assert codes == {code(1), code(3)}


def test_an_archive_again_does_not_turn_values_back_and_forth(base: Base) -> None:
    """Two tables of one archive disagree; the archive dropped in again changes nothing."""
    first, second = (
        Row(replace(each.source, file=f"包.zip/{name}"), each)
        for name, each in (("一/甲.csv", firm(1, address="甲镇")), ("乙.csv", firm(1, address="乙镇")))
    )
    files = [{"name": "包.zip", "sha256": "0" * 64}]
    for wanted in ("updated", "unchanged"):
        with base.runtime.unit(base.people["clerk"]) as unit:
            result = import_rows(unit, "enterprises", [first, second], files=files)
        assert result.sums[wanted] == (1 if wanted == "updated" else 2)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("包.zip", True),
        ("包.zip/甲.csv", True),
        ("包.zip/一/甲.csv", True),
        ("包.zipx", False),
        ("甲.csv", False),
        ("", False),
    ],
)
def test_a_table_inside_a_repeated_archive_is_repeated(name: str, inside: bool) -> None:
    assert (name in RepeatedFiles(["包.zip"])) is inside


def test_a_code_alone_adds_to_a_firm_that_is_known_and_makes_none(base: Base) -> None:
    base.take("enterprises", firm(1, categories=()))
    nameless = [firm(serial, name=None, categories=(), address="福建省晋江市陈埭镇") for serial in (1, 2)]
    result = base.take("enterprises", *nameless)
    assert (result.sums["updated"], result.sums["refused"], result.sums["read"]) == (1, 1, 2)
    assert [(each.code, each.value, each.line) for each in result.problems] == [("party_without_name", code(2), 3)]
    assert counted(base, Enterprise) == 1


def test_a_row_that_waits_already_is_not_asked_about_twice(base: Base) -> None:
    base.take("demands", demand(1, of=9))
    again = base.take("demands", demand(1, of=9))
    assert sums(again)["review"] == 1
    assert counted(base, ReviewItem) == 1


def test_a_deal_about_an_unknown_patent_waits(base: Base) -> None:
    result = base.take("deals", deal(1))
    assert sums(result)["review"] == 1
    assert result.problems[0].code == "patent_unknown"
    assert result.problems[0].value == number(1)


def test_demo_rows_and_real_rows_never_share_a_base(base: Base) -> None:
    base.take("patents", patent(1))
    with pytest.raises(Conflict, match="demo_in_real_base"):
        base.take("patents", patent(2), demo=True)


def test_what_comes_into_a_demo_base_is_demo_too(base: Base) -> None:
    base.take("patents", patent(1), demo=True)
    base.take("patents", patent(2))
    with base.runtime.unit(write=False) as unit:
        assert list(unit.session.scalars(select(Patent.demo).order_by(Patent.id))) == [True, True]


def test_the_bureau_does_not_import(base: Base) -> None:
    with pytest.raises(NotAllowed):
        base.take("patents", patent(1), by="reviewer")
    assert counted(base, Patent) == 0


def test_a_held_row_of_the_demo_stays_of_the_demo(base: Base) -> None:
    base.take("demands", demand(1, of=9), demo=True)
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(ReviewItem.demo)).scalar_one() is True


def test_a_held_row_keeps_all_it_said(base: Base) -> None:
    said = demand(1, of=9)
    base.take("demands", said)
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(ReviewItem.record)).scalar_one() == to_json(said)
