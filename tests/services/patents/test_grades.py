"""The inventory of patents in stock: holders and firms grade apart, each for itself alone, and nothing is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchhub.db.tables import FirmGrade, HolderGrade, LogEntry
from matchhub.errors import NotAllowed, NotFound, Refusal
from matchhub.services.patents.grades import PatentGrades, grade_as_firm, grade_as_holder, grades_of, inventory
from tests.services.small_city import SHOES, TODAY, UMBRELLAS, City

SOLE, FRAME = "一种防滑耐磨橡胶鞋底", "一种抗风伞骨"


def seen(city: City, who: str, title: str = SOLE) -> PatentGrades:
    with city.unit(who) as unit:
        return grades_of(unit, city.patent(title))


def graded(city: City) -> int:
    """The sole, graded by its holder and by two firms."""
    sole = city.patent(SOLE)
    with city.unit("college") as unit:
        grade_as_holder(unit, sole, "A")
    for who, grade, reason in (("shoes", "B", "模具可用"), ("umbrellas", "C", "不做鞋底")):
        with city.unit(who) as unit:
            grade_as_firm(unit, sole, grade, reason)
    return sole


def test_the_holder_and_the_operator_see_both_sides_and_a_firm_its_own_word(city: City) -> None:
    graded(city)
    both = [(SHOES, "B", "模具可用"), (UMBRELLAS, "C", "不做鞋底")]
    for who in ("college", "operator", "reviewer"):
        told = seen(city, who)
        assert told.holder is not None and (told.holder.grade, told.holder.graded_on) == ("A", TODAY)
        assert [(each.firm, each.grade, each.reason) for each in told.firms] == both
    told = seen(city, "shoes")
    assert told.holder is None and [each.firm for each in told.firms] == [SHOES]
    other = seen(city, "school")
    assert (other.own, other.holder, other.firms) == (False, None, ())


def test_the_newest_grade_stands_and_the_earlier_stays_on_record(city: City) -> None:
    sole = graded(city)
    city.clock.forward(days=1)
    with city.unit("college") as unit:
        grade_as_holder(unit, sole, "C")
    told = seen(city, "college")
    assert told.holder is not None and told.holder.grade == "C"
    with city.unit() as unit:
        kept = unit.session.execute(select(HolderGrade.grade).order_by(HolderGrade.id)).scalars().all()
        verbs = set(unit.session.execute(select(LogEntry.verb)).scalars())
    assert kept == ["A", "C"]
    assert {"holder_grade.given", "firm_grade.given"} <= verbs


def test_no_grade_takes_back_ones_own_word_alone(city: City) -> None:
    sole = graded(city)
    with city.unit("shoes") as unit:
        grade_as_firm(unit, sole, "", "")
    told = seen(city, "college")
    assert [each.firm for each in told.firms] == [UMBRELLAS] and told.holder is not None
    with city.unit("college") as unit:
        grade_as_holder(unit, sole, "")
    assert seen(city, "college").holder is None
    with city.unit() as unit:
        gone = select(func.count()).select_from(FirmGrade).where(FirmGrade.withdrawn_at.is_not(None))
        assert unit.session.execute(gone).scalar() == 1


def test_nobody_grades_for_another(city: City) -> None:
    with pytest.raises(NotFound), city.unit("college") as unit:
        grade_as_holder(unit, city.patent(FRAME), "A")
    with pytest.raises(NotAllowed), city.unit("operator") as unit:
        grade_as_firm(unit, city.patent(FRAME), "A", "理由")
    with pytest.raises(NotAllowed), city.unit("shoes") as unit:
        grade_as_holder(unit, city.patent(FRAME), "A")


@pytest.mark.parametrize(
    ("grade", "reason", "code"),
    [
        ("Z", "理由", "stock_grade_unknown"),
        ("A", " ", "stock_reason_missing"),
        ("A", "长" * 501, "stock_reason_long"),
        ("A", "=1+1", "stock_reason_formula"),
    ],
)
def test_a_firms_word_is_a_grade_with_a_reason(city: City, grade: str, reason: str, code: str) -> None:
    with pytest.raises(Refusal, match=code), city.unit("shoes") as unit:
        grade_as_firm(unit, city.patent(SOLE), grade, reason)


def test_an_institutions_inventory_lists_its_own_patents_graded_or_not(city: City) -> None:
    graded(city)
    with city.unit("college") as unit:
        lines = inventory(unit)
    assert {each.title for each in lines} == {SOLE, "一种鞋底用水性聚氨酯胶粘剂", "一种鞋面胶粘剂喷涂设备"}
    assert sorted(each.firm.grade for each in lines if each.title == SOLE and each.firm) == ["B", "C"]
    with city.unit("operator") as unit:
        assert {each.title for each in inventory(unit)} == {SOLE}
