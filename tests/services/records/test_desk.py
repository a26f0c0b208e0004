"""The desk's views and small acts: uploads, batches, records, demands, trade, contact data, the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from matchhub.db.tables import Demand, LogEntry
from matchhub.domain.corrections import TableCorrection
from matchhub.domain.records import Problem, Row
from matchhub.errors import NotAllowed, NotFound, Refusal
from matchhub.services.demands.posting import decide_duplicate, move_demand
from matchhub.services.imports import uploads
from matchhub.services.imports.batch import import_rows
from matchhub.services.imports.headers import Corrections
from matchhub.services.kernel.privacy import masked
from matchhub.services.records.audit import LogFilter, list_log
from matchhub.services.records.labels import find_enterprises
from matchhub.services.records.page import record_view
from matchhub.services.records.reveal import reveal_contact
from matchhub.services.worklists import batches, demands
from matchhub.services.worklists.todo import todo
from matchhub.services.worklists.trade import list_trade, with_verdicts
from tests.services.desk_base import Base, deal, demand, firm, number, patent
from tests.services.verifying import verify


def keep(base: Base, *files: tuple[str, bytes], by: str = "operator", kind: str = "patents") -> uploads.Upload:
    with base.runtime.unit(base.people[by], write=False) as unit:
        return uploads.keep_upload(unit, kind, [(name, BytesIO(content)) for name, content in files])


def find(base: Base, token: str, by: str = "operator") -> uploads.Upload:
    with base.runtime.unit(base.people[by], write=False) as unit:
        return uploads.find_upload(unit, token)


def test_an_upload_is_kept_by_its_hash_for_its_sender_alone(base: Base) -> None:
    kept = keep(base, ("专利.csv", b"a,b\n"), ("b.csv", b"c"))
    assert find(base, kept.token) == kept
    assert uploads.upload_path(base.runtime.home, kept.files[0].sha256).read_bytes() == b"a,b\n"
    with pytest.raises(NotFound, match="upload_not_found"):
        find(base, kept.token, by="clerk")


@pytest.mark.parametrize("token", ["", "x", "../../../etc/passwd", "0" * 31, "g" * 32, "0" * 32])
def test_a_ticket_that_is_none_finds_nothing(base: Base, token: str) -> None:
    with pytest.raises(NotFound, match="upload_not_found"):
        find(base, token)


@pytest.mark.parametrize("name", ["../../evil.csv", "C:\\dir\\evil.csv", "/etc/evil.csv", "evil\n.csv", "evil.csv"])
def test_only_the_last_part_of_a_file_name_is_kept(base: Base, name: str) -> None:
    assert keep(base, (name, b"x")).files[0].name == "evil.csv"


def test_an_upload_without_file_or_with_too_many_or_of_no_kind_is_refused(base: Base) -> None:
    with pytest.raises(Refusal, match="upload_without_file"):
        keep(base)
    with pytest.raises(Refusal, match="upload_too_many"):
        keep(base, *[(f"{serial}.csv", b"x") for serial in range(uploads.MOST_FILES + 1)])
    with pytest.raises(Refusal, match="kind_unknown"):
        keep(base, ("a.csv", b"x"), kind="dreams")


@pytest.mark.parametrize(("size", "taken"), [(9, True), (10, True), (11, False)])
def test_a_file_above_the_limit_is_refused_and_leaves_nothing(
    base: Base, monkeypatch: pytest.MonkeyPatch, size: int, taken: bool
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    if taken:
        keep(base, ("a.csv", b"x" * size))
    else:
        with pytest.raises(Refusal, match="upload_too_large"):
            keep(base, ("a.csv", b"x" * size))
        assert [path for path in (base.runtime.home / "uploads").rglob("*") if path.is_file()] == []


def test_of_several_files_none_stays_when_one_is_refused(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    with pytest.raises(Refusal, match="upload_too_large"):
        keep(base, ("a.csv", b"x"), ("b.csv", b"x" * 11))
    assert [path for path in (base.runtime.home / "uploads").rglob("*") if path.is_file()] == []


def test_what_was_said_of_tables_is_kept_with_the_upload_until_its_kind_changes(base: Base) -> None:
    kept = keep(base, ("a.xlsx", b"a"), ("b.csv", b"b"))
    said = Corrections(tables=(TableCorrection("a.xlsx", "一", False, 3, {"甲": "title", "乙": ""}),), remember=True)
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        uploads.keep_corrections(unit, kept.token, [said, Corrections()])
        assert [file.corrections for file in uploads.find_upload(unit, kept.token).files] == [said, Corrections()]
        changed = uploads.change_kind(unit, kept.token, "enterprises")
        assert (changed.kind, [file.corrections for file in changed.files]) == ("enterprises", [None, None])
        with pytest.raises(Refusal, match="kind_unknown"):
            uploads.change_kind(unit, kept.token, "dreams")
    with base.runtime.unit(base.people["clerk"], write=False) as unit, pytest.raises(NotFound):
        uploads.keep_corrections(unit, kept.token, [said, said])


def test_a_file_is_left_out_with_its_bytes_and_the_last_one_ends_the_upload(base: Base) -> None:
    kept = keep(base, ("a.csv", b"a"), ("b.csv", b"b"))
    first, second = (uploads.upload_path(base.runtime.home, file.sha256) for file in kept.files)
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        left = uploads.drop_files(unit, kept.token, {kept.files[0].sha256})
        assert left is not None and [file.name for file in left.files] == ["b.csv"]
        assert (first.exists(), second.exists()) == (False, True)
        assert uploads.drop_files(unit, kept.token, {kept.files[1].sha256}) is None
        assert not second.exists()
    with pytest.raises(NotFound):
        find(base, kept.token)


def test_the_bureau_uploads_nothing(base: Base) -> None:
    with pytest.raises(NotAllowed):
        keep(base, ("a.csv", b"x"), by="reviewer")


def test_a_ticket_is_used_up_once_and_comes_back_when_the_use_failed(base: Base) -> None:
    kept = keep(base, ("a.csv", b"x"))
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        with pytest.raises(Refusal), uploads.taken_upload(unit, kept.token):
            raise Refusal("file_empty")
        with uploads.taken_upload(unit, kept.token), pytest.raises(NotFound):
            uploads.find_upload(unit, kept.token)
        with pytest.raises(NotFound), uploads.taken_upload(unit, kept.token):
            pass


def test_discarded_bytes_go_unless_another_ticket_or_a_batch_needs_them(base: Base) -> None:
    first, second, third = (keep(base, ("a.csv", b"x")) for _ in range(3))
    place = uploads.upload_path(base.runtime.home, first.files[0].sha256)
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        uploads.discard_upload(unit, first.token)
        assert place.exists()
        uploads.mark_imported(base.runtime.home, second)
        uploads.discard_upload(unit, second.token)
        uploads.discard_upload(unit, third.token)
    assert place.exists()


def test_an_upload_that_nobody_confirmed_is_forgotten_after_a_week(base: Base) -> None:
    old = keep(base, ("a.csv", b"old"))
    base.clock.forward(timedelta(days=7, seconds=1))
    keep(base, ("b.csv", b"new"))
    with pytest.raises(NotFound):
        find(base, old.token)
    assert not uploads.upload_path(base.runtime.home, old.files[0].sha256).exists()


def test_problem_rows_carry_the_original_cells_and_all_their_problems(base: Base) -> None:
    source = patent(1).source
    raw = (("申请号", "12"), ("名称", "某"))
    where = replace(source, raw=raw)
    told = ("identifier_invalid", "row_too_long")
    found = tuple(Problem(where.file, where.line, "申请号", "12", code) for code in told)
    with base.runtime.unit(base.people["clerk"]) as unit:
        batch_id = import_rows(unit, "patents", [Row(where, None, found)]).batch_id
        assert batch_id is not None
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        rows = list(batches.problem_rows(unit, batch_id))
        view = batches.batch_view(unit, batch_id)
        one = batches.batch_problems(unit, batch_id, "row_too_long")
    assert [(row.source.raw, [each.code for each in row.problems]) for row in rows] == [
        (raw, ["identifier_invalid", "row_too_long"])
    ]
    assert (view.problems, one.total) == (2, 1)


def test_a_record_tells_from_which_file_line_and_batch_it_came(base: Base) -> None:
    base.take("patents", patent(3))
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        view = record_view(unit, "patents", 1)
    (revision,) = view.revisions
    assert (revision.files, revision.line, revision.batch_id) == (("patents.csv",), 4, 1)
    assert revision.account.startswith("clerk")
    assert view.fact("application_number") == number(3)
    assert [(each.group, each.event) for each in view.timeline] == [("validity", "in_force")]


@pytest.mark.parametrize(("kind", "record_id"), [("patents", 9), ("dreams", 1)])
def test_a_record_that_is_not_there_is_not_found(base: Base, kind: str, record_id: int) -> None:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit, pytest.raises(NotFound):
        record_view(unit, kind, record_id)


def test_contact_data_are_shown_in_part_until_revealed_and_the_reveal_is_logged(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("demands", demand(1))
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        view = record_view(unit, "demands", 1)
    shown = str(view)
    assert "13800000000" not in shown and view.fact("contact_phone") == "138****00"
    with base.runtime.unit(base.people["operator"]) as unit:
        assert reveal_contact(unit, "demands", 1) == {"contact_phone": "13800000000"}
        last = unit.session.execute(select(LogEntry).order_by(LogEntry.id.desc())).scalars().first()
        assert last is not None
        assert (last.verb, last.subject_id, "138" in last.payload) == ("contact.revealed", 1, False)


def test_the_bureau_reveals_no_contact(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("demands", demand(1))
    with base.runtime.unit(base.people["reviewer"]) as unit, pytest.raises(NotAllowed):
        reveal_contact(unit, "demands", 1)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("contact_phone", "13812345678", "138****78"),
        ("contact_phone", "12345", "****"),
        ("contact_email", "wang@firm.example", "w***@firm.example"),
        ("contact_email", "@x", "***@x"),
        ("contact_email", "wang@firm.example; li@qq.com", "w***@firm.example; l***@qq.com"),
        ("title", "13812345678", "13812345678"),
        ("contact_phone", None, None),
    ],
)
def test_what_a_mask_leaves(name: str, value: Any, shown: Any) -> None:
    assert masked(name, value) == shown


def test_a_demand_for_review_shows_its_tests_and_its_twin(base: Base) -> None:
    base.take("enterprises", firm(1), firm(2))
    base.take("demands", demand(1), demand(1, of=2, contact_name=None))
    with base.runtime.unit(base.people["operator"]) as unit:
        page = demands.demand_page(unit, 2)
        assert page.twin is not None and page.twin.id == 1
        assert {test.key for test in page.assessment.missing} == {"contact", "original"}
        assert demands.list_demands(unit, suspected=True).total == 1
        decide_duplicate(unit, 2, "different")
        assert demands.list_demands(unit, suspected=True).total == 0
        assert {test.key for test in demands.demand_page(unit, 2).assessment.missing} == {"contact"}


def test_demands_are_listed_by_state_with_their_validity(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("demands", demand(1), demand(2, targets=None, aim=None))
    with base.runtime.unit(base.people["operator"]) as unit:
        verify(unit, 1)
        assert demands.demand_tally(unit) == {
            "submitted": 1, "returned": 0, "verified": 1, "solved": 0, "withdrawn": 0
        }  # fmt: skip
        (row,) = demands.list_demands(unit, "submitted").items
    assert (row.id, row.passed) == (2, 6)


def test_the_first_page_counts_what_waits(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("patents", patent(1))
    base.take("demands", demand(1), demand(2, of=7))
    base.take("deals", deal(1, signed_on=date(2024, 3, 1)))
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        waiting = todo(unit)
    numbers = [waiting.number(key) for key in ("held_rows", "demands_submitted", "deals_unconfirmed", "registrations")]
    assert numbers == [1, 1, 1, 0]
    assert waiting.match_due
    assert [batch.kind for batch in waiting.batches] == ["deals", "demands", "patents", "enterprises"]


def test_deals_are_listed_with_stage_and_verdict(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("patents", patent(1))
    base.take("deals", deal(1, signed_on=date(2024, 3, 1)))
    with base.runtime.unit(base.people["operator"], write=False) as unit:
        (row,) = with_verdicts(unit, list_trade(unit))
    assert (row.stage, row.number, row.parties) == ("signed", "HT-1", "晋水理工学院 → 晋江市某某1鞋业有限公司")
    assert row.verdict is not None and row.verdict.verdict == "literal"


def test_enterprises_are_found_by_name_and_code_and_not_by_nothing(base: Base) -> None:
    base.take("enterprises", firm(1), firm(2))
    with base.runtime.unit(write=False) as unit:
        assert [key for key, _ in find_enterprises(unit, "某某2")] == [2]
        assert [key for key, _ in find_enterprises(unit, firm(1).uscc or "")] == [1]
        assert find_enterprises(unit, " ") == []
        assert find_enterprises(unit, "%") == []


def test_the_log_names_who_did_what(base: Base) -> None:
    base.take("patents", patent(1))
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        lines = list_log(unit, LogFilter("import."))
        none = list_log(unit, LogFilter("%"))
    assert (lines.total, none.total) == (1, 0)
    assert lines.items[0].actor.startswith("clerk")


def test_a_demand_of_another_state_is_verified_by_nobody(base: Base) -> None:
    base.take("enterprises", firm(1))
    base.take("demands", demand(1))
    with base.runtime.unit(base.people["operator"]) as unit:
        move_demand(unit, 1, "withdrawn")
        with pytest.raises(Refusal, match="demand_moved_on"):
            verify(unit, 1)
        assert unit.session.get_one(Demand, 1).state == "withdrawn"
