"""Patents on offer: published for their holder, held for review for anybody else, never two at once, never dead."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from matchhub.errors import Conflict, IdentifierInvalid, NotAllowed, NotFound, Refusal
from matchhub.services.evidence.files import store_evidence
from matchhub.services.notices.notices import own_notices
from matchhub.services.patents.offers import (
    NewListing,
    decide_listing,
    list_listings,
    list_patent,
    listing_of_patent,
    own_listing,
    withdraw_listing,
)
from tests.domain.factories import number
from tests.services.small_city import PATENTS, City

GLUE, SPRAYER = PATENTS[0][0], PATENTS[2][0]


def offer(city: City, who: str = "college", number_of: str = number(1), **changes: Any) -> int:
    fields = {"title": "", "modes": ("transfer", "licence"), "maturity": "pilot", "extras": ("samples",), **changes}
    with city.unit(who) as unit:
        return list_patent(unit, NewListing(number_of, **fields))


def state(city: City, listing: int) -> tuple[str, str | None]:
    with city.unit("operator") as unit:
        view = own_listing(unit, listing)
        return view.state, view.review_code


def test_a_holder_s_own_patent_is_on_offer_at_once_with_its_terms(city: City) -> None:
    offer(city, price_yuan=Decimal(80_000), fee_text="首付加提成")
    with city.unit() as unit:
        shown = listing_of_patent(unit, city.patent(GLUE))
    assert shown is not None
    assert (shown.modes, shown.maturity, shown.extras) == (("transfer", "licence"), "pilot", ("samples",))
    assert (shown.price_yuan, shown.fee_text) == (80_000, "首付加提成")


def test_a_patent_of_another_holder_goes_to_review_and_is_shown_to_nobody(city: City) -> None:
    listing = offer(city, "school")
    assert state(city, listing) == ("review", "listing_holder_differs")
    with city.unit("operator") as unit:
        assert listing_of_patent(unit, city.patent(GLUE)) is None
        assert [notice.code for notice in own_notices(unit)] == ["notice_listing_review"]


def test_a_claim_is_published_only_with_a_proof_of_ownership(city: City) -> None:
    listing = offer(city, "school")
    with city.unit("operator") as unit:
        with pytest.raises(Refusal) as refused:
            decide_listing(unit, listing, "published", "已核对")
        assert refused.value.code == "listing_unproven"
    with city.unit("school") as unit:
        store_evidence(unit, "listings", listing, "other", "转让合同.pdf", b"paper")
    with city.unit("operator") as unit:
        with pytest.raises(Refusal):
            decide_listing(unit, listing, "published", " ")
        decide_listing(unit, listing, "published", "已核对登记簿副本")
        with pytest.raises(Conflict):
            decide_listing(unit, listing, "refused", "再想想")
    assert state(city, listing)[0] == "published"
    with city.unit("school") as unit:
        assert own_notices(unit)[0].code == "notice_listing_published"


def test_a_patent_that_the_base_lacks_waits_and_needs_a_title(city: City) -> None:
    with pytest.raises(Refusal):
        offer(city, number_of=number(99))
    listing = offer(city, number_of=number(99), title="一种新专利")
    assert state(city, listing) == ("review", "listing_patent_unknown")
    with city.unit("operator") as unit, pytest.raises(Refusal) as refused:
        decide_listing(unit, listing, "published", "可以")
    assert refused.value.code == "listing_patent_unknown"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"modes": ()}, "listing_mode_missing"),
        ({"modes": ("gift",)}, "field_choice"),
        ({"maturity": "someday"}, "field_choice"),
        ({"extras": ("gold",)}, "field_choice"),
        ({"price_yuan": Decimal(0)}, "amount_not_positive"),
        ({"number_of": number(3)}, "listing_patent_dead"),
    ],
)
def test_what_cannot_be_offered_is_refused(city: City, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        offer(city, **changes)
    assert refused.value.code == code


def test_a_wrong_number_is_refused(city: City) -> None:
    with pytest.raises(IdentifierInvalid):
        offer(city, number_of="201710601862.4")


def test_a_patent_is_on_offer_once_and_again_after_it_was_taken_off(city: City) -> None:
    listing = offer(city)
    with pytest.raises(Conflict):
        offer(city)
    with city.unit("college") as unit:
        withdraw_listing(unit, listing, "已成交")
        assert listing_of_patent(unit, city.patent(GLUE)) is None
    offer(city)
    with city.unit("college") as unit:
        assert [each.state for each in list_listings(unit)] == ["published", "withdrawn"]


def test_nobody_else_reads_changes_or_decides_a_listing(city: City) -> None:
    listing = offer(city)
    with city.unit("school") as unit:
        assert list_listings(unit) == ()
        with pytest.raises(NotFound):
            withdraw_listing(unit, listing, "x")
        with pytest.raises(NotAllowed):
            decide_listing(unit, listing, "refused", "x")
