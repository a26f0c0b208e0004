"""The bureau sees every named source and decides on it; consents of experts and codes of agencies rest on one (7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from matchhub.db.tables import SourceDecision
from matchhub.domain.records import Kind, Record
from matchhub.domain.sources import ImportSource
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.counting.counts import question
from matchhub.services.counting.sources import (
    decide_source,
    give_source_decision,
    list_sources,
    open_sources,
    read_source_file,
    source_view,
)
from matchhub.services.evidence.files import place_of, store_evidence, withdraw_evidence
from matchhub.services.imports.importing import NO_CORRECTIONS, import_files
from matchhub.services.imports.reading import read_files
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.kernel.verifying import row_faults
from tests.papers import letter
from tests.services.counting.test_counts import progress
from tests.services.counting.test_stock_sources import LIST, OWN, REGISTER, agency, counted, expert, reasons
from tests.services.desk_base import Base, firm, patent

STOCK: list[tuple[Kind, Record, ImportSource]] = [
    ("patents", patent(1), REGISTER), ("enterprises", firm(1), LIST), ("experts", expert(1), LIST),
    ("agencies", agency(1), REGISTER),
]  # fmt: skip


def decide(base: Base, batch_id: int, decision: str, note: str = "", who: str = "reviewer") -> None:
    with base.runtime.unit(base.people[who]) as unit:
        decide_source(unit, batch_id, decision, note)
    base.later()


@pytest.mark.parametrize(("key", "record", "source"), STOCK)
def test_a_rejected_source_proves_nothing_any_more(base: Base, key: Kind, record: Record, source: ImportSource) -> None:
    batch = base.take(key, record, source=source).batch_id or 0
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        (listed,) = list_sources(unit, question(unit)).items
        assert (listed.batch_id, listed.kind, listed.source_kind, listed.issuer, listed.issued_on) == (
            batch, key, source.kind, source.issuer, source.issued_on)  # fmt: skip
        assert (listed.records, listed.strict, listed.word, open_sources(unit)) == (1, 1, "", 1)
    assert progress(base).threshold(key).unseen_sources == 1
    before = base.clock.now
    base.later()
    decide(base, batch, "rejected", "出具单位否认")
    assert counted(base, key) == (1, 0) and reasons(base, key, 1) == {"source_rejected"}
    with base.runtime.unit(write=False) as unit:
        assert not any(row_faults(unit))
        assert source_view(unit, batch, question(unit)).strict == 0
        assert source_view(unit, batch, question(unit, known_at=before)).strict == 1
    decide(base, batch, "right")
    assert counted(base, key) == (1, 1)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        assert (open_sources(unit), list_sources(unit, question(unit)).total) == (0, 0)
        (decided,) = list_sources(unit, question(unit), "all").items
        assert [(said.decision, said.note, said.account[:8]) for said in decided.words] == [
            ("right", "", "reviewer"), ("rejected", "出具单位否认", "reviewer")]  # fmt: skip


def test_only_the_bureau_decides_and_says_why(base: Base) -> None:
    batch = base.take("patents", patent(1), source=REGISTER).batch_id or 0
    for who in ("operator", "clerk", "auditor", "colleague"):
        with pytest.raises(NotAllowed):
            decide(base, batch, "right", who=who)
    with pytest.raises(NotAllowed), base.runtime.unit() as unit:
        decide_source(unit, batch, "right")
    for decision, note, code in (("rejected", " ", "note_missing"), ("perhaps", "", "decision_unknown")):
        with pytest.raises(Refusal) as refused:
            decide(base, batch, decision, note)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        decide(base, 99, "right")
    with pytest.raises(Refusal), base.runtime.unit(base.people["reviewer"]) as unit:
        give_source_decision(unit, batch, "right", "", "000000")
    assert reasons(base, "patents", 1) == set()


def test_a_batch_that_was_taken_back_waits_for_nobody(base: Base) -> None:
    batch = base.take("patents", patent(1), source=REGISTER).batch_id or 0
    base.later()
    with base.runtime.unit(base.people["operator"]) as unit:
        undo_batch(unit, batch, "错批")
        assert open_sources(unit) == 0
    with pytest.raises(Conflict):
        decide(base, batch, "right")


def test_an_own_list_is_no_source(base: Base) -> None:
    base.take("patents", patent(1), source=OWN)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        assert list_sources(unit, question(unit), "all").total == 0


def test_the_decision_is_bound_into_the_chain(base: Base) -> None:
    batch = base.take("patents", patent(1), source=REGISTER).batch_id or 0
    decide(base, batch, "rejected", "不实")
    with base.runtime.engine.begin() as connection:
        connection.execute(update(SourceDecision).values(decision="right"))
    with base.runtime.unit(write=False) as unit:
        assert [fault.table for fault in row_faults(unit) if fault] == ["source_decisions"]


def import_file(base: Base, path: Path, source: ImportSource, dry_run: bool = False) -> int:
    read = read_files(base.runtime, [path], "patents", "局", NO_CORRECTIONS)
    result = import_files(base.runtime, "patents", read, [path], source_name="局", source=source, dry_run=dry_run)
    return result.batch_id or 0


def test_the_original_of_a_named_source_is_kept_and_checked(base: Base, tmp_path: Path) -> None:
    path = tmp_path / "登记簿.csv"
    path.write_text("申请号,专利名称,法律状态\n2020100000018,一种鞋底,有效\n", "utf-8")
    source = replace(REGISTER, issued_on=date(2024, 3, 1))
    import_file(base, path, source, dry_run=True)
    import_file(base, path, OWN)
    assert not list((base.runtime.home / "evidence").rglob("*")), "an own list and a trial leave nothing"
    batch = import_file(base, path, source)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        view = source_view(unit, batch, question(unit))
        assert [(file.name, file.kept) for file in view.files] == [("登记簿.csv", True)]
        assert read_source_file(unit, batch, 0) == ("登记簿.csv", path.read_bytes())
        place_of(base.runtime.home, view.files[0].sha256).write_bytes(b"forged")
        for number in (0, 1, -1):
            with pytest.raises(NotFound, match="source_file_gone"):
                read_source_file(unit, batch, number)
        with pytest.raises(NotFound, match="source_not_found"):
            read_source_file(unit, 99, 0)


def test_invented_experts_with_a_column_of_consents_count_for_nothing(base: Base) -> None:
    """Scheme 7: an own list, and a list that names the titles only."""
    base.take("experts", *(expert(n) for n in range(20)), source=OWN)
    assert counted(base, "experts") == (20, 0)
    titles = [replace(expert(n), consent_on=None, consent_evidence=None) for n in range(20)]
    base.take("experts", *titles, source=LIST)
    assert counted(base, "experts") == (20, 0)
    assert reasons(base, "experts", 1) == {"expert_consent_undocumented"}


def test_a_consent_is_documented_by_its_paper_or_by_a_list_of_an_accepted_source(base: Base) -> None:
    base.take("experts", expert(1), expert(2), source=OWN)
    bare = [replace(expert(n), consent_on=None, consent_evidence=None) for n in (1, 2)]
    base.take("experts", *bare, source=LIST)
    with base.runtime.unit(base.people["operator"]) as unit:
        paper = store_evidence(unit, "experts", 1, "consent", "同意书.eml", letter("consent"))
    assert counted(base, "experts") == (2, 1)
    base.take("experts", expert(2), source=replace(LIST, kind="vendor"))
    assert counted(base, "experts") == (2, 1)
    base.take("experts", expert(2), source=LIST)
    assert counted(base, "experts") == (2, 2)
    with base.runtime.unit(base.people["operator"]) as unit:
        withdraw_evidence(unit, paper, "不是本人签字")
    assert counted(base, "experts") == (2, 1)


def test_another_day_of_consent_typed_later_is_not_that_of_the_list(base: Base) -> None:
    base.take("experts", expert(1), source=LIST)
    base.later()
    base.take("experts", replace(expert(1), consent_on=date(2023, 1, 2)), source=OWN)
    assert reasons(base, "experts", 1) == {"expert_consent_undocumented"}


def test_invented_agencies_with_computed_codes_count_for_nothing(base: Base) -> None:
    """Scheme 7: codes that anybody can compute, as an own list and as a vendor's."""
    some = [replace(agency(n % 4), name=f"某{n}代理有限公司", uscc=None, licence_number=f"L{n}") for n in range(8)]
    base.take("agencies", *some, source=OWN)
    base.take("agencies", *some, source=replace(LIST, kind="vendor"))
    assert counted(base, "agencies")[1] == 0
    assert "agency_identity_unproven" in reasons(base, "agencies", 1)
