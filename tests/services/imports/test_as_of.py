"""An older value never replaces a newer one, a file never a firm's own word; what is not taken is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Agency, ConfirmedValues, Enterprise, Expert, Patent, PatentHolder, PatentStatus, Revision
from matchhub.domain.records import AgencyRecord, EnterpriseRecord, ExpertRecord, Kind, Row, Source, StatusClaim
from matchhub.services.imports.batch import ImportResult, import_rows
from matchhub.services.imports.merging import merge_records
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import SYSTEM
from matchhub.services.parties.recorders import EnterpriseRecorder
from tests.services.desk_base import Base, code, number, patent

OLD, MIDDLE, NEW = date(2022, 6, 1), date(2023, 6, 1), date(2024, 1, 31)


def dated(record: Any, day: date | None, **more: Any) -> Any:
    """The record as a source of that day says it."""
    return replace(record, source=replace(record.source, as_of_on=day), **more)


def said(base: Base, table: Any, *names: str) -> list[Any]:
    with base.runtime.unit(write=False) as unit:
        row = unit.session.execute(select(table)).scalar_one()
        return [getattr(row, name) for name in names]


def told(result: ImportResult) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.column, problem.value) for problem in result.problems]


def verdict(result: ImportResult) -> list[str]:
    return [name for name in ("created", "updated", "unchanged", "refused", "review") if result.sums[name]]


FIRM = EnterpriseRecord(Source("enterprises.csv", 2), "晋江市某某鞋业有限公司", code(1))
EXPERT = ExpertRecord(Source("experts.csv", 2), "李某", "某大学", "高分子")
AGENCY = AgencyRecord(Source("agencies.csv", 2), "某专利代理事务所", code(2), address="泉州")
CASES: list[tuple[Kind, Any, Any, str, Any, Any]] = [
    ("patents", patent(1), Patent, "title", "甲", "乙"),
    ("enterprises", FIRM, Enterprise, "industry", "制鞋", "制伞"),
    ("experts", EXPERT, Expert, "title", "教授", "副教授"),
    ("agencies", AGENCY, Agency, "phone", "0595-1", "0595-2"),
]


@pytest.mark.parametrize(("kind", "record", "table", "field", "now", "then"), CASES)
@pytest.mark.parametrize(
    ("first", "second", "wins"),
    [
        (NEW, OLD, "first"),
        (NEW, NEW, "second"),
        (OLD, NEW, "second"),
        (NEW, None, "second"),
        (None, OLD, "second"),
        (None, None, "second"),
    ],
)
def test_the_older_day_never_replaces_the_newer(
    base: Base, kind: Kind, record: Any, table: Any, field: str, now: str, then: str,
    first: date | None, second: date | None, wins: str,
) -> None:  # fmt: skip
    base.take(kind, dated(record, first, **{field: now}))
    base.later()
    result = base.take(kind, dated(record, second, **{field: then}))
    if wins == "second":
        assert (said(base, table, field), verdict(result), told(result)) == ([then], ["updated"], [])
    else:
        assert (said(base, table, field), verdict(result)) == ([now], ["unchanged"])
        assert told(result) == [("newer_value_kept", field, "2024-01-31")]


def test_a_gap_is_filled_whatever_the_day(base: Base) -> None:
    base.take("enterprises", dated(FIRM, NEW))
    result = base.take("enterprises", dated(FIRM, OLD, industry="制鞋"))
    assert (said(base, Enterprise, "industry"), told(result)) == (["制鞋"], [])


def test_the_filled_gap_is_of_its_own_day(base: Base) -> None:
    base.take("enterprises", dated(FIRM, NEW))
    base.take("enterprises", dated(FIRM, OLD, industry="制鞋"))
    base.take("enterprises", dated(FIRM, MIDDLE, industry="制伞"))
    assert said(base, Enterprise, "industry") == ["制伞"]


def test_an_empty_value_replaces_nothing_even_when_newer(base: Base) -> None:
    base.take("enterprises", dated(FIRM, OLD, industry="制鞋"))
    result = base.take("enterprises", dated(FIRM, NEW))
    assert (said(base, Enterprise, "industry"), verdict(result)) == (["制鞋"], ["unchanged"])


def test_a_value_said_again_is_of_the_later_day(base: Base) -> None:
    base.take("enterprises", dated(FIRM, OLD, industry="制鞋"))
    base.take("enterprises", dated(FIRM, NEW, industry="制鞋"))
    result = base.take("enterprises", dated(FIRM, MIDDLE, industry="制伞"))
    assert (said(base, Enterprise, "industry"), verdict(result)) == (["制鞋"], ["unchanged"])


def test_an_undated_import_takes_the_day_away(base: Base) -> None:
    base.take("enterprises", dated(FIRM, NEW, industry="制鞋"))
    base.take("enterprises", dated(FIRM, None, industry="制伞"))
    base.take("enterprises", dated(FIRM, OLD, industry="纺织"))
    assert said(base, Enterprise, "industry") == ["纺织"]


def test_a_day_that_has_not_come_is_no_day(base: Base) -> None:
    with base.runtime.unit(write=False) as unit:
        today = unit.today
    base.take("enterprises", dated(FIRM, date(2099, 1, 1), industry="制鞋"))
    base.take("enterprises", dated(FIRM, today, industry="制伞"))
    assert said(base, Enterprise, "industry") == ["制伞"]


def test_rows_of_one_file_are_judged_among_themselves(base: Base) -> None:
    result = base.take(
        "patents", dated(patent(1), NEW, title="新"), dated(patent(1), OLD, title="旧", claim="一种鞋底。")
    )
    assert said(base, Patent, "title", "claim") == ["新", "一种鞋底。"]
    assert told(result) == [("newer_value_kept", "title", "2024-01-31")]


def test_an_undated_row_of_the_same_file_takes_the_day_away(base: Base) -> None:
    rows = [(NEW, "新"), (None, "无日期"), (OLD, "旧")]
    base.take("patents", *(dated(patent(1), day, title=title) for day, title in rows))
    assert said(base, Patent, "title") == ["旧"]


def test_lists_keep_their_newer_members(base: Base) -> None:
    base.take("patents", dated(patent(1), NEW, owners=("甲公司",)))
    base.take("patents", dated(patent(1), OLD, owners=("乙大学",)))
    with base.runtime.unit(write=False) as unit:
        owners = unit.session.execute(select(PatentHolder.name).where(PatentHolder.role == "owner")).scalars().all()
    assert owners == ["甲公司"]


def test_an_older_legal_status_goes_into_the_history(base: Base) -> None:
    base.take("patents", dated(patent(1), NEW, status=StatusClaim("dead", "fee_lapsed", "失效", NEW)))
    result = base.take("patents", dated(patent(1), OLD, title="旧", status=StatusClaim("in_force", "granted", "", OLD)))
    assert verdict(result) == ["updated"]
    with base.runtime.unit(write=False) as unit:
        days = unit.session.execute(select(PatentStatus.as_of_on).order_by(PatentStatus.as_of_on)).scalars().all()
    assert days == [OLD, NEW]


def test_what_follows_from_a_value_not_taken_is_not_taken(base: Base) -> None:
    plain = EnterpriseRecord(Source("enterprises.csv", 2), "某某鞋业有限公司")
    base.take("enterprises", dated(plain, NEW, address="福建省晋江市陈埭镇"))
    result = base.take("enterprises", dated(plain, OLD, address="福建省厦门市思明区"))
    assert verdict(result) == ["unchanged"]
    assert said(base, Enterprise, "address", "local") == ["福建省晋江市陈埭镇", True]


def test_the_remark_names_the_header_of_the_file(base: Base) -> None:
    base.take("enterprises", dated(FIRM, NEW, industry="制鞋"))
    row = dated(FIRM, OLD, industry="制伞")
    row = replace(row, source=replace(row.source, raw=(("企业名称", FIRM.name or ""), ("所属行业", " 制伞"))))
    assert told(base.take("enterprises", row)) == [("newer_value_kept", "所属行业", "2024-01-31")]


def test_the_remark_names_the_header_of_a_list(base: Base) -> None:
    base.take("patents", dated(patent(1), NEW, owners=("甲公司",)))
    row = dated(patent(1), OLD, owners=("乙大学", "丙公司"))
    row = replace(row, source=replace(row.source, raw=(("申请人", "乙大学"), ("专利权人", "乙大学; 丙公司"))))
    assert told(base.take("patents", row)) == [("newer_value_kept", "专利权人", "2024-01-31")]


def test_revisions_keep_the_day(base: Base) -> None:
    base.take("patents", dated(patent(1), NEW), dated(patent(2), None))
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(Revision.as_of_on).order_by(Revision.id)).scalars().all() == [NEW, None]


def test_an_undone_import_leaves_no_day_behind(base: Base) -> None:
    base.take("enterprises", dated(FIRM, OLD, industry="制鞋"))
    base.later()
    newer = base.take("enterprises", dated(FIRM, NEW, industry="制伞", region="晋江"))
    with base.runtime.unit(base.people["operator"]) as unit:
        assert newer.batch_id is not None
        undo_batch(unit, newer.batch_id, "传错文件")
    base.later()
    assert said(base, Enterprise, "industry") == ["制鞋"]
    base.take("enterprises", dated(FIRM, MIDDLE, industry="纺织"))
    assert said(base, Enterprise, "industry") == ["纺织"]


def test_a_value_put_back_is_of_its_first_day(base: Base) -> None:
    base.take("enterprises", dated(FIRM, MIDDLE, industry="制鞋"))
    base.later()
    newer = base.take("enterprises", dated(FIRM, NEW, industry="制伞"))
    with base.runtime.unit(base.people["operator"]) as unit:
        assert newer.batch_id is not None
        undo_batch(unit, newer.batch_id, "传错文件")
    base.later()
    result = base.take("enterprises", dated(FIRM, OLD, industry="纺织"))
    assert (said(base, Enterprise, "industry"), verdict(result)) == (["制鞋"], ["unchanged"])


def test_an_undone_confirmation_confirms_nothing(base: Base) -> None:
    base.take("enterprises", dated(FIRM, OLD, industry="制鞋"))
    base.later()
    newer = base.take("enterprises", dated(FIRM, NEW, industry="制鞋"))
    with base.runtime.unit(base.people["operator"]) as unit:
        assert newer.batch_id is not None
        undo_batch(unit, newer.batch_id, "传错文件")
    base.take("enterprises", dated(FIRM, MIDDLE, industry="制伞"))
    assert said(base, Enterprise, "industry") == ["制伞"]


def test_an_undone_import_gives_no_day_to_what_a_merge_fills_in(base: Base) -> None:
    base.take("enterprises", FIRM)
    newer = base.take("enterprises", dated(FIRM, NEW, industry="制鞋"))
    with base.runtime.unit(base.people["operator"]) as unit:
        assert newer.batch_id is not None
        undo_batch(unit, newer.batch_id, "传错文件")
    base.take("enterprises", replace(FIRM, name="晋江市某某鞋业", uscc=None, industry="制鞋"))
    with base.runtime.unit(base.people["operator"]) as unit:
        merge_records(unit, "enterprises", 1, 2)
    base.take("enterprises", dated(FIRM, OLD, industry="制伞"))
    with base.runtime.unit(write=False) as unit:
        assert unit.session.get_one(Enterprise, 1).industry == "制伞"


def test_a_contact_that_was_put_back_is_no_longer_the_firms_word(base: Base) -> None:
    base.take("enterprises", dated(FIRM, OLD, contact_phone="0595-1"))
    own = replace(FIRM, source=Source("registration", 1), contact_phone="13800000000")
    with base.runtime.unit(SYSTEM) as unit:
        EnterpriseRecorder(unit, None).record([Row(own.source, own)])
        unit.session.get_one(Enterprise, 1).contact_phone = "0595-1"  # the registration was rejected
        write_revisions(unit, "enterprises", None, [Change(1, None, {"contact_phone": "0595-1"})])
    base.take("enterprises", dated(FIRM, NEW, contact_phone="0595-2"))
    assert said(base, Enterprise, "contact_phone") == ["0595-2"]


def test_the_same_file_again_confirms_nothing(base: Base) -> None:
    for _ in range(2):
        base.take("patents", dated(patent(1), NEW))
        base.later()
    with base.runtime.unit(write=False) as unit:
        assert unit.session.execute(select(ConfirmedValues)).all() == []


def test_the_same_bytes_with_another_day_are_another_word(base: Base) -> None:
    def taken(day: date, title: str) -> ImportResult:
        row = Row(Source("a.csv", 2, as_of_on=day), dated(patent(1), day, title=title))
        files = [{"name": "a.csv", "sha256": title, "as_of_on": day.isoformat()}]
        with base.runtime.unit(base.people["clerk"]) as unit:
            return import_rows(unit, "patents", [row], files=files)

    taken(OLD, "甲")
    taken(MIDDLE, "乙")
    assert verdict(taken(OLD, "甲")) == ["unchanged"]
    taken(NEW, "甲")  # the file's name tells the day now
    assert said(base, Patent, "title") == ["甲"]


def test_a_file_never_replaces_the_contact_a_firm_registered(base: Base) -> None:
    own = replace(FIRM, source=Source("registration", 1), contact_name="王某", contact_phone="13800000000")
    with base.runtime.unit(SYSTEM) as unit:
        EnterpriseRecorder(unit, None).record([Row(own.source, own)])
    base.later()
    result = base.take("enterprises", replace(FIRM, contact_phone="0595-85000000", industry="制鞋"))
    assert said(base, Enterprise, "contact_phone", "industry") == ["13800000000", "制鞋"]
    assert told(result) == [("stated_value_kept", "contact_phone", "0595-85000000")]
    with base.runtime.unit(SYSTEM) as unit:  # the firm itself may change it
        again = replace(own, contact_phone="13900000000")
        EnterpriseRecorder(unit, None).record([Row(again.source, again)])
    assert said(base, Enterprise, "contact_phone") == ["13900000000"]


def test_a_publication_before_the_grant_tells_nothing_new(base: Base) -> None:
    """The announced application comes in after the granted patent: its title and holders are the older ones."""
    granted = dated(patent(1), NEW, title="改定的名称", publication_number="CN110000001B")
    base.take("patents", granted)
    result = base.take("patents", dated(patent(1), OLD, title="申请时的名称", publication_number="CN110000001A"))
    assert said(base, Patent, "title", "application_number") == ["改定的名称", number(1)]
    assert verdict(result) == ["updated"]  # by its other number
