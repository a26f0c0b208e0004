"""Patents on offer: published for their holder, held for review for anybody else, never two at once, never dead."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from matchhub.errors import Conflict, IdentifierInvalid, NotAllowed, NotFound, Refusal
from matchhub.services.evidence.files import store_evidence
from matchhub.services.notices.notices import own_notices
from matchhub.services.patents.offers import (
    NewPatentOffer,
    decide_patent_offer,
    list_patent,
    list_patent_offers,
    own_patent_offer,
    patent_offer_of_patent,
    withdraw_patent_offer,
)
from tests.domain.factories import number
from tests.papers import letter
from tests.services.small_city import PATENTS, City

GLUE, SPRAYER = PATENTS[0][0], PATENTS[2][0]


def offer(city: City, who: str = "college", number_of: str = number(1), **changes: Any) -> int:
    fields = {"title": "", "modes": ("transfer", "licence"), "maturity": "pilot", "extras": ("samples",), **changes}
    with city.unit(who) as unit:
        return list_patent(unit, NewPatentOffer(number_of, **fields))


def state(city: City, patent_offer: int) -> tuple[str, str | None]:
    with city.unit("operator") as unit:
        view = own_patent_offer(unit, patent_offer)
        return view.state, view.review_code


def test_a_holder_s_own_patent_is_on_offer_at_once_with_its_terms(city: City) -> None:
    offer(city, price_yuan=Decimal(80_000), fee_text="首付加提成")
    with city.unit() as unit:
        shown = patent_offer_of_patent(unit, city.patent(GLUE))
    assert shown is not None
    assert (shown.modes, shown.maturity, shown.extras) == (("transfer", "licence"), "pilot", ("samples",))
    assert (shown.price_yuan, shown.fee_text) == (80_000, "首付加提成")


def test_a_patent_of_another_holder_goes_to_review_and_is_shown_to_nobody(city: City) -> None:
    patent_offer = offer(city, "school")
    assert state(city, patent_offer) == ("review", "patent_offer_holder_differs")
    with city.unit("operator") as unit:
        assert patent_offer_of_patent(unit, city.patent(GLUE)) is None
        assert [notice.code for notice in own_notices(unit)] == ["notice_patent_offer_review"]


def test_a_claim_is_published_only_with_a_proof_of_ownership(city: City) -> None:
    patent_offer = offer(city, "school")
    with city.unit("operator") as unit:
        with pytest.raises(Refusal) as refused:
            decide_patent_offer(unit, patent_offer, "published", "已核对")
        assert refused.value.code == "patent_offer_unproven"
    with city.unit("school") as unit:
        store_evidence(unit, "patent_offers", patent_offer, "other", "转让合同.pdf", letter("paper"))
    with city.unit("operator") as unit:
        with pytest.raises(Refusal):
            decide_patent_offer(unit, patent_offer, "published", " ")
        decide_patent_offer(unit, patent_offer, "published", "已核对登记簿副本")
        with pytest.raises(Conflict):
            decide_patent_offer(unit, patent_offer, "refused", "再想想")
    assert state(city, patent_offer)[0] == "published"
    with city.unit("school") as unit:
        assert own_notices(unit)[0].code == "notice_patent_offer_published"


def test_a_patent_that_the_base_lacks_waits_and_needs_a_title(city: City) -> None:
    with pytest.raises(Refusal):
        offer(city, number_of=number(99))
    patent_offer = offer(city, number_of=number(99), title="一种新专利")
    assert state(city, patent_offer) == ("review", "patent_offer_patent_unknown")
    with city.unit("operator") as unit, pytest.raises(Refusal) as refused:
        decide_patent_offer(unit, patent_offer, "published", "可以")
    assert refused.value.code == "patent_offer_patent_unknown"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"modes": ()}, "patent_offer_mode_missing"),
        ({"modes": ("gift",)}, "field_choice"),
        ({"maturity": "someday"}, "field_choice"),
        ({"extras": ("gold",)}, "field_choice"),
        ({"price_yuan": Decimal(0)}, "amount_not_positive"),
        ({"number_of": number(3)}, "patent_offer_patent_dead"),
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
    patent_offer = offer(city)
    with pytest.raises(Conflict):
        offer(city)
    with city.unit("college") as unit:
        withdraw_patent_offer(unit, patent_offer, "已成交")
        assert patent_offer_of_patent(unit, city.patent(GLUE)) is None
    offer(city)
    with city.unit("college") as unit:
        assert [each.state for each in list_patent_offers(unit)] == ["published", "withdrawn"]


def test_nobody_else_reads_changes_or_decides_a_patent_offer(city: City) -> None:
    patent_offer = offer(city)
    with city.unit("school") as unit:
        assert list_patent_offers(unit) == ()
        with pytest.raises(NotFound):
            withdraw_patent_offer(unit, patent_offer, "x")
        with pytest.raises(NotAllowed):
            decide_patent_offer(unit, patent_offer, "refused", "x")
