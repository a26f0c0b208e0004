"""Numbers of a patent on record: the first publication number stays, a further one is another name of it."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Patent, PatentAlias
from tests.services.desk_base import Base, number, patent

APPLIED, GRANTED, LATER = "CN110000001A", "CN110000001B", "CN110000001C"


def numbers(base: Base) -> tuple[list[tuple[str | None, str | None]], list[str]]:
    """Application and publication number of every patent, and the further names of them all."""
    with base.runtime.unit(write=False) as unit:
        held = unit.session.execute(select(Patent.application_number, Patent.publication_number)).all()
        names = unit.session.execute(select(PatentAlias.value).order_by(PatentAlias.id)).scalars()
        return [(row[0], row[1]) for row in held], list(names)


def test_a_second_publication_number_does_not_replace_the_first(base: Base) -> None:
    base.take("patents", patent(1, publication_number=APPLIED))
    base.later()
    result = base.take("patents", patent(1, publication_number=GRANTED))
    assert result.sums["updated"] == 1
    assert numbers(base) == ([(number(1), APPLIED)], [APPLIED, GRANTED])


def test_two_publication_numbers_in_one_file_are_the_same_as_in_two(base: Base) -> None:
    base.take("patents", patent(1, publication_number=APPLIED), patent(1, publication_number=GRANTED))
    assert numbers(base) == ([(number(1), APPLIED)], [APPLIED, GRANTED])


def test_a_patent_is_found_by_each_of_its_publication_numbers(base: Base) -> None:
    for each in (APPLIED, GRANTED):
        base.take("patents", patent(1, publication_number=each))
        base.later()
    for each in (APPLIED, GRANTED):
        result = base.take("patents", patent(1, application_number=None, publication_number=each))
        assert (result.sums["created"], result.sums["review"]) == (0, 0)
    assert numbers(base) == ([(number(1), APPLIED)], [APPLIED, GRANTED])


def test_a_number_that_came_alone_stays_when_the_application_number_and_another_come(base: Base) -> None:
    base.take("patents", patent(1, application_number=None, publication_number=APPLIED))
    base.later()
    base.take("patents", patent(1, publication_number=APPLIED))
    base.later()
    base.take("patents", patent(1, publication_number=LATER))
    assert numbers(base) == ([(number(1), APPLIED)], [APPLIED, LATER])
