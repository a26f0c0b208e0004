"""Many own patents by one set of terms: what can be is recorded, what cannot is named, nothing is half."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from matchhub.db.tables import Offer, OfferDeclaration, Patent, PatentEncumbrance, PatentOffer
from matchhub.errors import NotAllowed, Refusal
from matchhub.services.licensing.declaring import NewOffer, check_offer, declare_offer
from matchhub.services.licensing.declaring_many import Stated, declare_many, preview_declarations
from matchhub.services.patents.listing_many import list_many, preview_listings
from matchhub.services.patents.offers import NewPatentOffer, list_patent
from tests.domain.factories import number
from tests.services.small_city import PATENTS, TODAY, City

GLUE, SOLE, SPRAYER, FRAME = (PATENTS[each][0] for each in range(4))
LISTING = NewPatentOffer("", "", ("licence",), "lab")
TERMS = NewOffer(
    number="", fee_method="fixed", fee_yuan=Decimal(20_000), valid_from_on=TODAY, valid_to_on=date(2027, 6, 1),
    industry="制鞋", industry_reason="鞋底是共性问题", annuity_paid=True,
)  # fmt: skip


def ids(city: City, *titles: str) -> list[int]:
    return [city.patent(title) for title in titles]


def count(city: City, table: Any) -> int:
    with city.unit() as unit:
        return unit.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def codes(lines: Any) -> dict[str, str]:
    return {line.title: line.refusal.code if line.refusal else "" for line in lines}


def test_the_preview_says_of_each_why_not(city: City) -> None:
    with city.unit("college") as unit:
        list_patent(unit, replace(LISTING, number=number(2)))
        lines = preview_listings(unit, ids(city, GLUE, SOLE, SPRAYER))
    assert codes(lines) == {GLUE: "", SOLE: "patent_offer_repeated", SPRAYER: "patent_offer_patent_dead"}


def test_one_act_lists_those_that_can_be_and_names_the_others(city: City) -> None:
    with city.unit("college") as unit:
        recorded = list_many(unit, ids(city, GLUE, SOLE, SPRAYER), LISTING)
    assert {key for key, _ in recorded.done} == set(ids(city, GLUE, SOLE))
    assert codes(recorded.refused) == {SPRAYER: "patent_offer_patent_dead"}
    with city.unit() as unit:
        rows = unit.session.execute(sa.select(PatentOffer.state, PatentOffer.modes)).all()
    assert [tuple(row) for row in rows] == [("published", ["licence"])] * 2


def test_patents_of_others_are_neither_listed_nor_named(city: City) -> None:
    with city.unit("college") as unit:
        assert preview_listings(unit, ids(city, FRAME)) == ()
        assert preview_declarations(unit, ids(city, FRAME), TERMS) == ()
        assert list_many(unit, ids(city, FRAME), LISTING).done == ()
        assert declare_many(unit, ids(city, FRAME), TERMS).done == ()
    assert count(city, PatentOffer) == count(city, Offer) == 0


def test_an_enterprise_and_the_operator_have_no_such_act(city: City) -> None:
    for who in ("shoes", "operator"):
        with city.unit(who) as unit, pytest.raises(NotAllowed):
            preview_listings(unit, [1])
        with city.unit(who) as unit, pytest.raises(NotAllowed):
            preview_declarations(unit, [1], TERMS)


def test_terms_that_no_patent_could_have_write_nothing(city: City) -> None:
    chosen = ids(city, GLUE, SOLE)
    with city.unit("college") as unit, pytest.raises(Refusal) as refused:
        list_many(unit, chosen, replace(LISTING, modes=()))
    assert refused.value.code == "patent_offer_mode_missing"
    for changed, code in (
        ({"industry": ""}, "offer_industry_missing"),
        ({"fee_yuan": None}, "declaration_fee_missing"),
        ({"valid_to_on": date(2025, 6, 1)}, "declaration_period_reversed"),
        ({"declared_on": date(2025, 6, 3)}, "day_to_come"),
    ):
        with city.unit("college") as unit, pytest.raises(Refusal) as refused:
            declare_many(unit, chosen, replace(TERMS, **changed))
        assert refused.value.code == code
    assert count(city, PatentOffer) == count(city, Offer) == 0


def test_the_checklist_of_many_is_that_of_each_alone(city: City) -> None:
    with city.unit("college") as unit:
        lines = preview_declarations(unit, ids(city, GLUE, SOLE, SPRAYER), TERMS)
        alone = {
            title: tuple(
                each for each in check_offer(unit, replace(TERMS, number=number(at + 1))) if each.level != "ok"
            )
            for at, title in enumerate((GLUE, SOLE, SPRAYER))
        }
    assert {line.title: line.checks for line in lines} == alone


def encumber(city: City, title: str, kind: str) -> None:
    with city.unit() as unit:
        unit.session.add(
            PatentEncumbrance(
                patent_id=city.patent(title), encumbrance_type=kind, from_on=date(2024, 1, 1), register_event="",
                ended=False, as_of_on=date(2024, 1, 1), day_told=True, recorded_at=unit.now,
            )
        )  # fmt: skip


def test_an_exclusive_licence_a_running_declaration_and_an_ended_right_are_each_named(city: City) -> None:
    encumber(city, SOLE, "exclusive_licence")
    with city.unit("college") as unit:
        declare_offer(unit, replace(TERMS, number=number(1)))
        lines = preview_declarations(unit, ids(city, GLUE, SOLE, SPRAYER), TERMS)
    expected = {GLUE: "offer_running", SOLE: "declaration_exclusively_licensed", SPRAYER: "declaration_dead"}
    assert codes(lines) == expected


def test_what_is_stated_of_single_patents_is_theirs_alone(city: City) -> None:
    for title in (GLUE, SOLE):
        encumber(city, title, "pledge")
    chosen = ids(city, GLUE, SOLE)
    with city.unit("college") as unit:
        recorded = declare_many(unit, chosen, TERMS, Stated(pledgees=frozenset(ids(city, GLUE))))
    assert [key for key, _ in recorded.done] == ids(city, GLUE)
    assert codes(recorded.refused) == {SOLE: "declaration_pledged"}
    with city.unit() as unit:
        assert unit.session.execute(sa.select(OfferDeclaration.pledgee_consented)).scalars().all() == [True]


def test_unpaid_annuities_keep_all_of_them_out(city: City) -> None:
    with city.unit("college") as unit:
        recorded = declare_many(unit, ids(city, GLUE, SOLE), replace(TERMS, annuity_paid=False))
    assert recorded.done == () and set(codes(recorded.refused).values()) == {"declaration_annuity_unpaid"}
    assert count(city, Offer) == 0


def test_an_error_on_the_way_leaves_nothing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from matchhub.services.patents import listing_many

    def breaks(unit: Any, new: Any) -> int:
        if new.number == number(2):
            raise OSError("disk")
        return list_patent(unit, new)

    monkeypatch.setattr(listing_many, "list_patent", breaks)
    with pytest.raises(OSError), city.unit("college") as unit:
        list_many(unit, ids(city, GLUE, SOLE), LISTING)
    assert count(city, PatentOffer) == 0


def test_an_annuity_whose_day_on_record_has_passed_blocks_whatever_the_terms_state(city: City) -> None:
    with city.unit() as unit:
        unit.session.get_one(Patent, city.patent(GLUE)).annuity_paid_to_on = unit.today - timedelta(days=1)
        unit.session.get_one(Patent, city.patent(SOLE)).annuity_paid_to_on = unit.today
    with city.unit("college") as unit:
        lines = {line.title: line for line in preview_declarations(unit, ids(city, GLUE, SOLE), TERMS)}
    refusal = lines[GLUE].refusal
    assert refusal is not None and refusal.code == "declaration_annuity_unpaid"
    assert lines[SOLE].refusal is None
