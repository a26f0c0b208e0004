"""Signs over real rows: what the clerk's bulk entries, purges, changed clocks and packs leave for the bureau to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from matchhub.domain.records import AgencyRecord, ExpertRecord, Source
from matchhub.errors import NotAllowed
from matchhub.services.counting.counts import question
from matchhub.services.counting.sampling import close as close_sample
from matchhub.services.counting.sampling import draw, note_finding
from matchhub.services.counting.signs import Sign, list_signs, records_of_sign
from matchhub.services.imports.undoing import undo_batch
from matchhub.services.records.samples import sample_view
from tests.policy.editing import edited_pack
from tests.services.desk_base import Base, firm, patent


def signs(base: Base, *claims: timedelta) -> list[Sign]:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return list(list_signs(unit, question(unit), [unit.now + each for each in claims]))


def codes(base: Base, threshold: str = "", *claims: timedelta) -> set[str]:
    return {each.code for each in signs(base, *claims) if each.threshold == threshold}


def test_bulk_entry_by_one_person_is_told_with_its_rows(base: Base) -> None:
    base.take("patents", *[patent(serial) for serial in range(1, 41)])
    assert {"entered_at_once", "entered_by_one"} <= codes(base, "patents")
    line = next(each for each in signs(base) if each.code == "entered_by_one")
    assert (line.records, line.data["person"]) == (40, "clerk（运营中心）")
    with base.runtime.unit(base.people["auditor"], write=False) as unit:
        assert len(records_of_sign(unit, question(unit), [], "patents", line.code, line.key)) == 40
        assert records_of_sign(unit, question(unit), [], "patents", line.code, "nobody") == ()


@pytest.mark.parametrize("who", ["operator", "clerk"])
def test_signs_are_for_the_bureau(base: Base, who: str) -> None:
    with base.runtime.unit(base.people[who], write=False) as unit, pytest.raises(NotAllowed):
        list_signs(unit, question(unit), [])


def test_telephones_and_addresses_of_experts_agencies_and_firms(base: Base) -> None:
    phone = "0595-82345678"
    base.take(
        "experts",
        *[ExpertRecord(Source("e", n), name=f"专家{n}", organisation="某大学", phone=phone) for n in (1, 2, 3)],
    )
    base.take("agencies", *[AgencyRecord(Source("a", n), name=f"某{n}事务所", licence_number=f"L{n}", phone=phone)
                            for n in (1, 2, 3)])  # fmt: skip
    base.take("enterprises", *[replace(firm(n), address="晋江市陈埭镇溪边村12号") for n in (1, 2, 3)])
    for threshold in ("experts", "agencies", "enterprises"):
        assert "contacts_shared" in codes(base, threshold)


def test_a_mass_import_before_a_claim_and_a_purge_after_it(base: Base) -> None:
    taken = base.take("patents", *[patent(serial) for serial in range(1, 41)])
    base.later(5)
    with base.runtime.unit(base.people["operator"]) as unit:
        assert taken.batch_id is not None
        undo_batch(unit, taken.batch_id, "错误批次")
    found = codes(base, "patents", timedelta(days=-1))
    assert {"entered_before_claim", "withdrawn_after_claim", "withdrawn_at_once"} <= found
    assert not {"entered_before_claim", "withdrawn_after_claim"} & codes(base, "patents")


def test_a_clock_set_back_and_a_silent_log(base: Base) -> None:
    base.take("patents", patent(1))
    assert codes(base) == set()
    base.clock.forward(timedelta(days=46))
    base.take("patents", patent(2))
    assert codes(base) == {"log_was_silent"}
    base.clock.forward(timedelta(hours=-3))
    base.take("patents", patent(3))
    assert codes(base) == {"log_was_silent", "clock_was_set_back"}
    assert "written_set_back" in codes(base, "patents")


def test_a_changed_rule_pack(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base.take("patents", patent(1))
    assert codes(base) == set()
    with edited_pack(monkeypatch, tmp_path, "required = 200\n", "required = 20\n"):
        base.take("patents", patent(2))
        assert codes(base) == {"pack_changed_unconfirmed"}


def test_what_a_sample_found_and_how_often_one_was_drawn(base: Base) -> None:
    base.take("patents", patent(1))
    for finding in ("wrong", "confirmed"):
        with base.runtime.unit(base.people["reviewer"]) as unit:
            sample = draw(unit, "patents", question(unit))
            (row,) = sample_view(unit, sample)[1]
            note_finding(unit, sample, row.record_id, finding, "看过")
            close_sample(unit, sample, "")
        assert ("sample_faulty" in codes(base, "patents")) is (finding == "wrong")
    assert "samples_many" in codes(base, "patents")
