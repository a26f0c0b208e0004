"""Counts from the base: screen, recount and past moments agree; late evidence changes only what is known now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from matchhub.db.tables import Enterprise, PlatformEvent
from matchhub.domain.counting.progress import Progress
from matchhub.errors import NotFound
from matchhub.reports.tables import Sheet, write_tables
from matchhub.services.claim.ledger import ledger_page, ledger_rows
from matchhub.services.claim.narrowing import Wanted
from matchhub.services.counting.counts import count_atoms, count_progress, drill_down, explain_record, question
from matchhub.services.counting.shares import count_checked
from matchhub.services.deals.overruling import overrule_affiliation
from matchhub.services.deals.payments import pay
from matchhub.services.deals.steps import take_step
from matchhub.services.evidence.confirmations import confirm, withdraw_confirmation
from matchhub.services.evidence.files import store_evidence, withdraw_evidence
from matchhub.services.kernel.paging import Sought
from matchhub.services.parties.locality import decide_local_by_hand
from matchhub.services.parties.relations import relate_parties
from tests.papers import letter
from tests.services.desk_base import Base, deal, demand, firm, patent
from tests.services.small_city import hand_in
from tests.services.verifying import prove

THRESHOLDS = (
    "patents", "enterprises", "experts", "agencies", "local_demands", "pushes", "invention_deals",
    "open_licence_offers", "open_licences",
)  # fmt: skip


def progress(base: Base, known_at: datetime | None = None, as_of: date | None = None) -> Progress:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        return count_progress(unit, question(unit, as_of, known_at))


def numbers(counted: Progress) -> dict[str, tuple[int, int]]:
    return {key: (counted.threshold(key).count.literal, counted.threshold(key).count.strict) for key in THRESHOLDS}


def fill(base: Base) -> None:
    """A firm touches a patent on the platform, then signs and pays: a deal that only lacks the two confirmations."""
    base.take("patents", patent(1), patent(2, title=None))
    base.take("enterprises", firm(1, legal_representative="代表一"), firm(2, categories=()))
    base.take("demands", demand(1), demand(2, valid_until_on=date(2024, 3, 1)))
    with base.runtime.unit(base.people["operator"]) as unit:
        for number in (1, 2):
            prove(unit, number)
    with base.runtime.unit(base.people["operator"]) as unit:
        relate_parties(unit, "晋水理工学院", "院长", "legal_representative", "事业单位法人证书")
        touch = PlatformEvent(enterprise_id=1, patent_id=1, event="contact", occurred_at=unit.now, recorded_at=unit.now)
        unit.session.add(touch)
    base.later(7)
    base.take("deals", deal(1, signed_on=date(2024, 3, 10)))
    with base.runtime.unit(base.people["clerk"]) as unit:
        take_step(unit, 1, "registered", date(2024, 3, 11), "变更1")
        proof = store_evidence(unit, "deals", 1, "payment_proof", "回单.pdf", letter("paid"))
        pay(unit, 1, date(2024, 3, 11), Decimal(80000), "V1", proof)
        hand_in(unit, "deals", 1, "contract", "register_proof")


def confirm_both(base: Base) -> None:
    with base.runtime.unit(base.people["operator"]) as unit:
        confirm(unit, "deals", 1)
    with base.runtime.unit(base.people["reviewer"]) as unit:
        confirm(unit, "deals", 1, second_factor=True)


def test_a_count_tells_literal_and_strict_apart(base: Base) -> None:
    fill(base)
    counted = numbers(progress(base))
    assert counted["patents"] == (2, 1)  # one has no title
    assert counted["enterprises"] == (1, 1)  # one has no innovation category
    assert counted["local_demands"] == (2, 1)  # one has run out
    assert counted["invention_deals"] == (1, 0)  # nobody has confirmed it


def test_two_people_of_two_organisations_make_a_deal_count(base: Base) -> None:
    fill(base)
    confirm_both(base)
    assert numbers(progress(base))["invention_deals"] == (1, 1)


def test_a_past_count_is_what_was_counted_then(base: Base) -> None:
    seen: list[tuple[datetime, dict[str, tuple[int, int]]]] = []

    def remember() -> None:
        seen.append((base.clock.now, numbers(progress(base, as_of=date(2025, 1, 1)))))
        base.later()

    fill(base)
    remember()
    confirm_both(base)
    remember()
    base.take("patents", patent(2))  # the title comes later
    base.take("enterprises", firm(2))
    remember()
    with base.runtime.unit(base.people["operator"]) as unit:
        withdraw_evidence(unit, 1, "错放")
        decide_local_by_hand(unit, 1, False, "已迁出")
    remember()
    assert len({str(counted) for _, counted in seen}) == len(seen)  # every step changed something
    for moment, counted in seen:
        assert numbers(progress(base, moment, date(2025, 1, 1))) == counted


def test_an_overruled_affiliation_counts_from_the_moment_it_was_overruled(base: Base) -> None:
    base.take("enterprises", firm(1, legal_representative="林某"), firm(2, legal_representative="林某"))
    base.take("patents", patent(1, applicants=(firm(2).name,)))
    base.take("deals", deal(1, seller_name=firm(2).name, seller_uscc=firm(2).uscc))
    before = base.clock.now
    base.later()
    with base.runtime.unit(base.people["reviewer"]) as unit:
        overrule_affiliation(unit, 1, "同名不同人")
    codes = []
    for moment in (before, None):
        with base.runtime.unit(base.people["reviewer"], write=False) as unit:
            found = explain_record(unit, "deals", 1, question(unit, known_at=moment))
        codes.append({reason.code for reason in found.reasons})
    assert "parties_affiliated" in codes[0] and "affiliation_overruled" not in codes[0]
    assert "affiliation_overruled" in codes[1] and "parties_affiliated" not in codes[1]


def test_an_event_after_the_as_of_day_does_not_count_yet(base: Base) -> None:
    fill(base)
    confirm_both(base)
    literal = [numbers(progress(base, as_of=date(2024, 3, day)))["invention_deals"][0] for day in (9, 10, 11)]
    assert literal == [0, 1, 1]


def test_a_word_taken_back_takes_the_deal_out_again(base: Base) -> None:
    fill(base)
    confirm_both(base)
    with base.runtime.unit(base.people["reviewer"]) as unit:
        withdraw_confirmation(unit, 2, "看错")
    assert numbers(progress(base))["invention_deals"] == (1, 0)


def test_a_count_is_made_anew_when_something_was_recorded_and_kept_otherwise(base: Base) -> None:
    fill(base)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        asked = question(unit)
        first = count_atoms(unit, asked)
        assert count_atoms(unit, asked) is first
    with base.runtime.unit(base.people["operator"]) as unit:
        confirm(unit, "deals", 1)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        assert count_atoms(unit, asked) is not first


def test_what_the_platform_saw_by_itself_makes_the_count_anew(base: Base) -> None:
    fill(base)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        asked = question(unit)
        first = count_atoms(unit, asked)
    with base.runtime.unit(base.people["operator"]) as unit:
        unit.session.add(
            PlatformEvent(enterprise_id=2, patent_id=2, event="view", occurred_at=unit.now, recorded_at=unit.now)
        )
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        assert count_atoms(unit, asked) is not first


@pytest.mark.parametrize("threshold", ["patents", "enterprises", "local_demands", "invention_deals"])
def test_screen_and_export_and_recount_show_the_same_number(base: Base, threshold: str) -> None:
    fill(base)
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        asked = question(unit)
        screen = count_checked(unit, asked).threshold(threshold)
        page = ledger_page(unit, threshold, asked)
        rows = ledger_rows(unit, threshold, asked)
        strict = {atom.unit for atom in count_atoms(unit, asked)[threshold] if atom.strict}
    assert screen.count.strict == len({row.unit for row in rows if row.strict}) == len(strict)
    assert page.total == len(rows)


def test_the_rows_of_a_number_are_found_by_verdict_reason_and_words(base: Base) -> None:
    fill(base)

    def found(**wanted: Any) -> list[int]:
        with base.runtime.unit(base.people["reviewer"], write=False) as unit:
            return [row.record_id for row in ledger_rows(unit, "patents", question(unit), Wanted(**wanted))]

    assert found(show="strict") == [1]
    assert found(show="literal_only") == [2]
    assert found(show="out") == []
    assert found(code="patent_title_missing") == [2]
    assert found(query=patent(2).application_number or "") == [2]
    assert found(query="%") == []


def test_a_number_beyond_the_last_page_shows_the_last(base: Base) -> None:
    base.take("patents", *[patent(serial) for serial in range(1, 27)])
    with base.runtime.unit(base.people["reviewer"], write=False) as unit:
        page = ledger_page(unit, "patents", question(unit), sought=Sought(99))
    assert (page.number, len(page.items)) == (2, 6)


def test_an_unknown_number_is_not_found(base: Base) -> None:
    with base.runtime.unit(base.people["reviewer"], write=False) as unit, pytest.raises(NotFound):
        drill_down(unit, "dreams", question(unit))


def test_a_firm_called_local_by_hand_stays_so_whatever_a_file_says(base: Base) -> None:
    base.take("enterprises", firm(1, uscc=None, address="泉州市丰泽区某路1号", name="某某鞋业有限公司"))
    with base.runtime.unit(base.people["operator"]) as unit:
        decide_local_by_hand(unit, 1, True, "纳税地在陈埭镇")
    base.take("enterprises", firm(1, uscc=None, address="泉州市丰泽区某路2号", name="某某鞋业有限公司"))
    with base.runtime.unit(write=False) as unit:
        known = unit.session.get_one(Enterprise, 1)
        assert (known.local, known.local_decided_by, known.address) == (True, "hand", "泉州市丰泽区某路2号")


def test_the_workbook_of_rows_holds_no_formula() -> None:
    nasty = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        '=HYPERLINK("http://x")',
        "http://a.example",
        "007",
    ]
    target = BytesIO()
    write_tables(target, [Sheet("a/b:c", [("=h", 10)], [[text] for text in nasty])])
    sheet = openpyxl.load_workbook(target).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    written = [str(cell.value).replace("_x000D_", "\r") for cell in cells]
    assert written == ["=h", *nasty]


def test_moments_are_compared_in_utc(base: Base) -> None:
    base.take("patents", patent(1))
    just_before = base.clock.now.astimezone(UTC) - timedelta(microseconds=1)
    assert numbers(progress(base, just_before))["patents"] == (0, 0)
    assert numbers(progress(base, base.clock.now))["patents"] == (1, 1)
