"""Success stories: told with the word of every party alone, never what does not count, amounts only where all agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matchhub.errors import NotAllowed, NotFound
from matchhub.services.deals.payments import refund
from matchhub.services.kernel.unit import VISITOR
from matchhub.services.records.stories import Story, StoryWord, give_story_consent, newest_stories, story_word
from tests.services.deals.test_deals_of_several import closed, opened, touched
from tests.services.small_city import COLLEGE, SCHOOL, SHOES, UMBRELLAS, City

PARTIES = ("shoes", "umbrellas", "college", "school")


def told(city: City) -> tuple[Story, ...]:
    with city.runtime.unit(VISITOR, write=False) as unit:
        return newest_stories(unit, 9)


def say(city: City, who: str, deal: int, granted: bool = True, figures: bool = False) -> None:
    with city.unit(who) as unit:
        give_story_consent(unit, ("deals", deal), granted, figures)


@pytest.fixture
def deal(city: City) -> int:
    """A deal of four parties that counts strictly."""
    touched(city)
    number = opened(city)
    closed(city, number)
    return number


def test_a_story_is_told_once_every_party_agreed_and_only_then(city: City, deal: int) -> None:
    for who in PARTIES:
        assert told(city) == ()
        say(city, who, deal)
    (story,) = told(city)
    assert (story.sellers, story.buyers, story.patents) == ((COLLEGE, SCHOOL), (SHOES, UMBRELLAS), 2)
    assert story.yuan is None  # nobody agreed to that


def test_the_amount_is_told_where_every_party_agreed_to_it(city: City, deal: int) -> None:
    for who in PARTIES:
        say(city, who, deal, figures=True)
    assert told(city)[0].yuan == Decimal(80_000)
    say(city, "school", deal, figures=False)
    assert told(city)[0].yuan is None


def test_a_word_taken_back_ends_the_story_at_once(city: City, deal: int) -> None:
    for who in PARTIES:
        say(city, who, deal)
    say(city, "college", deal, granted=False)
    assert told(city) == ()
    say(city, "college", deal)
    assert len(told(city)) == 1


def test_a_deal_that_does_not_count_strictly_is_no_story(city: City) -> None:
    touched(city)
    number = opened(city)
    for who in PARTIES:
        say(city, who, number, figures=True)
    assert told(city) == ()  # neither signed nor paid
    closed(city, number)
    assert len(told(city)) == 1
    with city.unit("shoes") as unit:
        refund(unit, number, unit.today, Decimal(80_000), "R-1")
    assert told(city) == ()


def test_only_a_party_may_speak_and_sees_what_it_said(city: City, deal: int) -> None:
    with city.unit("operator") as unit, pytest.raises(NotAllowed):
        give_story_consent(unit, ("deals", deal), True)
    with city.unit("shoes") as unit, pytest.raises(NotFound):
        give_story_consent(unit, ("deals", 999), True)
    say(city, "shoes", deal, figures=True)
    with city.unit("shoes") as unit:
        assert story_word(unit, ("deals", deal)) == StoryWord(granted=True, figures=True, all_agree=False)
    with city.unit("college") as unit:
        assert story_word(unit, ("deals", deal)) == StoryWord(granted=None, figures=False, all_agree=False)
    with city.unit("operator") as unit:
        assert story_word(unit, ("deals", deal)) is None
