"""From a patent to local firms: what speaks for them, who may ask, and what a holder does not learn."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from matchhub.db.tables import Demand, Enterprise, Thread
from matchhub.domain.identifiers import application_check_digit
from matchhub.domain.records import PatentRecord, Row, Source
from matchhub.errors import NotAllowed, NotFound
from matchhub.services.matching.fitting_firms import FittingFirm, fitting_firms
from matchhub.services.matching.store import refresh_index
from matchhub.services.patents.recorder import PatentRecorder
from tests.services.matching.test_learning import GLUE, answered
from tests.services.small_city import COLLEGE, SHOES, UMBRELLAS, ZIPPERS, City

SOLE, OWN = "一种防滑耐磨橡胶鞋底", "一种鞋底胶粘剂的涂布方法"


@pytest.fixture
def town(city: City) -> City:
    """A firm with a scope of business, a verified demand and a near patent of its own."""
    key = city.post()
    patent = PatentRecord(
        Source("own", 1), application_number=f"202310000001.{application_check_digit('202310000001')}", title=OWN, abstract="鞋底用胶粘剂的涂布,提高剥离强度。",
        filed_on=date(2023, 1, 1), owners=(SHOES,),
    )  # fmt: skip
    with city.unit() as unit:
        PatentRecorder(unit, None).record([Row(patent.source, patent)])
        unit.session.execute(update(Demand).where(Demand.id == key).values(state="verified"))
        for name, scope in ((SHOES, "运动鞋、鞋底、胶粘剂的生产"), (UMBRELLAS, "雨伞、胶粘剂"), (ZIPPERS, "拉链制造")):
            unit.session.execute(update(Enterprise).where(Enterprise.name == name).values(business_scope=scope))
        refresh_index(unit)
    return city


def found(town: City, who: str, title: str = GLUE) -> dict[str, FittingFirm]:
    with town.unit(who) as unit:
        return {firm.name: firm for firm in fitting_firms(unit, town.patent(title)).firms}


def test_the_operator_is_shown_local_firms_with_what_speaks_for_each(town: City) -> None:
    firms = found(town, "operator")
    best = next(iter(firms.values()))
    assert (best.name, best.rank) == (SHOES, 1) and UMBRELLAS not in firms  # the umbrella maker is of another city
    assert {reason.voice for reason in best.reasons} == {"demands", "own_patents", "scope"}
    assert sum(reason.share for reason in best.reasons) == pytest.approx(best.fit)
    said = {reason.voice: reason.said for reason in best.reasons}
    assert said["own_patents"] == OWN and said["demands"] == "运动鞋鞋底开胶" and "胶粘剂" in said["scope"]


def test_a_holder_is_shown_its_own_patents_firms_without_a_name(town: City) -> None:
    with town.unit("college") as unit:
        (best, *_) = fitting_firms(unit, town.patent(GLUE)).firms
        assert (best.name, best.place, best.enterprise_id) == ("", "", None)
        said = {reason.voice: reason.said for reason in best.reasons}
        assert said["own_patents"] == "" and SHOES[3:5] not in "".join(said.values())
    with town.unit("school") as unit, pytest.raises(NotFound):
        fitting_firms(unit, town.patent(GLUE))
    for who in ("shoes", "reviewer"):
        with town.unit(who) as unit, pytest.raises(NotAllowed):
            fitting_firms(unit, town.patent(GLUE))


def test_a_demand_that_is_not_shown_to_institutions_speaks_to_the_operator_alone(town: City) -> None:
    with town.unit() as unit:
        unit.session.execute(update(Demand).values(state="submitted"))
    with town.unit("college") as unit:
        voices = {reason.voice for firm in fitting_firms(unit, town.patent(GLUE)).firms for reason in firm.reasons}
        assert "demands" not in voices
    assert "demands" in {reason.voice for reason in found(town, "operator")[SHOES].reasons}


@pytest.mark.parametrize("both", [False, True])
def test_the_name_is_shown_once_both_agreed_to_be_in_contact(town: City, both: bool) -> None:
    with town.unit() as unit:
        unit.session.add(
            Thread(
                unique_key="1",
                patent_id=town.patent(GLUE),
                enterprise_id=town.firm(SHOES),
                organisation_id=town.actors["college"].organisation_id,
                opened_by_side="holder",
                holder_agreed_at=unit.now,
                enterprise_agreed_at=unit.now if both else None,
                updated_at=unit.now,
                recorded_at=unit.now,
            )
        )
    assert (SHOES in found(town, "college")) is both


def test_answers_speak_and_a_firm_that_is_done_with_the_patent_is_left_out(town: City) -> None:
    town.push()
    answered(town, "fits", GLUE)
    reasons = found(town, "operator", SOLE)[SHOES].reasons
    assert "answers" in {reason.voice for reason in reasons}
    with town.unit("college") as unit:
        told = fitting_firms(unit, town.patent(SOLE)).firms
        assert "answers" not in {reason.voice for firm in told for reason in firm.reasons}
    answered(town, "not_my_field", GLUE)
    assert SHOES not in found(town, "operator")


def test_its_holder_is_no_firm_it_fits(town: City) -> None:
    assert SHOES not in found(town, "operator", OWN) and COLLEGE not in found(town, "operator", OWN)
