"""Followed patents: an account's own list, seen by nobody else, and told once of what happens to them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, update

from matchhub.db.tables import Account, Favourite, LogEntry, Notice, PatentOffer, PatentStatus, PlatformEvent
from matchhub.errors import Conflict, NotAllowed, NotFound, Refusal
from matchhub.services.patents import favourites
from matchhub.services.patents.offers import NewPatentOffer, list_patent, withdraw_patent_offer
from tests.domain.factories import number
from tests.services.small_city import City

SOLE, FRAME, SPRAYER = "一种防滑耐磨橡胶鞋底", "一种抗风伞骨", "一种鞋面胶粘剂喷涂设备"


def follow(city: City, title: str, who: str = "shoes") -> int:
    with city.unit(who) as unit:
        favourites.follow_patent(unit, city.patent(title))
    return city.patent(title)


def tell(city: City) -> int:
    with city.unit() as unit:
        return favourites.tell_favourites(unit)


def codes(city: City, who: str = "shoes") -> list[str]:
    place = city.actors[who].organisation_id
    with city.unit() as unit:
        chosen = select(Notice.code).where(Notice.organisation_id == place, Notice.subject_kind == "patents")
        return list(unit.session.execute(chosen.order_by(Notice.id)).scalars())


def end(city: City, patent_id: int) -> None:
    """A source says that the right is dead."""
    with city.unit() as unit:
        unit.session.add(
            PatentStatus(
                patent_id=patent_id, validity="dead", reason="fee_lapsed", as_of_on=date(2025, 6, 1), day_told=True,
                recorded_at=unit.now,
            )
        )  # fmt: skip


def offer(city: City, line: int = 2) -> int:
    with city.unit("college") as unit:
        return list_patent(unit, NewPatentOffer(number(line), "", ("licence",), "pilot"))


def test_the_list_is_the_accounts_own_newest_first_with_its_notes(city: City) -> None:
    frame, sole = follow(city, FRAME), follow(city, SOLE)
    follow(city, FRAME, "umbrellas")
    with city.unit("shoes") as unit:
        favourites.note_favourite(unit, sole, "  问问价格 ")
    with city.unit("shoes") as unit:
        assert [(each.id, each.note) for each in favourites.own_favourites(unit)] == [(sole, "问问价格"), (frame, "")]
        assert favourites.followed_ids(unit) == {sole, frame}
    with city.unit("umbrellas") as unit:
        assert [(each.id, each.note) for each in favourites.own_favourites(unit)] == [(frame, "")]


def test_following_twice_is_one_row_and_what_is_dropped_goes_with_its_note(city: City) -> None:
    sole = follow(city, SOLE)
    follow(city, SOLE)
    with city.unit("shoes") as unit:
        favourites.note_favourite(unit, sole, "问问价格")
        assert unit.session.execute(select(func.count()).select_from(Favourite)).scalar_one() == 1
        favourites.unfollow_patent(unit, sole)
    follow(city, SOLE)
    with city.unit("shoes") as unit:
        assert [each.note for each in favourites.own_favourites(unit)] == [""]


def test_following_leaves_no_trace_that_others_or_a_count_could_read(city: City) -> None:
    with city.unit() as unit:
        before = unit.session.execute(select(func.count()).select_from(LogEntry)).scalar_one()
    follow(city, SOLE)
    with city.unit() as unit:
        assert unit.session.execute(select(func.count()).select_from(LogEntry)).scalar_one() == before
        assert unit.session.execute(select(func.count()).select_from(PlatformEvent)).scalar_one() == 0


def test_only_firms_keep_a_list_and_what_is_not_there_is_refused(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAllowed), city.unit("college") as unit:
        favourites.follow_patent(unit, city.patent(SOLE))
    with pytest.raises(NotFound), city.unit("shoes") as unit:
        favourites.follow_patent(unit, 9_999)
    with pytest.raises(NotFound, match="favourite_not_found"), city.unit("shoes") as unit:
        favourites.note_favourite(unit, city.patent(SOLE), "x")
    sole = follow(city, SOLE)
    with pytest.raises(Refusal, match="favourite_note_long"), city.unit("shoes") as unit:
        favourites.note_favourite(unit, sole, "字" * (favourites.LONGEST_NOTE + 1))
    monkeypatch.setattr(favourites, "MOST_FAVOURITES", 1)
    with pytest.raises(Conflict, match="favourites_full"):
        follow(city, FRAME)


def test_a_firm_is_told_once_when_a_followed_patent_dies(city: City) -> None:
    sole = follow(city, SOLE)
    follow(city, SPRAYER)  # was dead already
    assert tell(city) == 0
    end(city, sole)
    assert (tell(city), tell(city)) == (1, 0)
    assert codes(city) == ["notice_favourite_ended"] and codes(city, "umbrellas") == []


def test_a_firm_is_told_once_of_each_offer_and_of_none_that_stood_before(city: City) -> None:
    first = offer(city)
    follow(city, SOLE)
    follow(city, SOLE, "umbrellas")
    assert tell(city) == 0
    with city.unit("college") as unit:
        withdraw_patent_offer(unit, first, "改条件")
    assert tell(city) == 0
    offer(city)
    assert (tell(city), tell(city)) == (2, 0)
    assert codes(city) == codes(city, "umbrellas") == ["notice_favourite_offer"]


def test_an_offer_in_review_and_a_disabled_account_tell_nothing(city: City) -> None:
    follow(city, SOLE)
    offer(city)
    with city.unit() as unit:
        unit.session.execute(update(PatentOffer).values(state="review"))
    assert tell(city) == 0
    with city.unit() as unit:
        unit.session.execute(update(PatentOffer).values(state="published"))
        unit.session.execute(update(Account).where(Account.login == "shoes").values(disabled_at=unit.now))
    assert tell(city) == 0


def test_the_list_is_erased_on_request_and_nobody_elses_with_it(city: City) -> None:
    follow(city, SOLE), follow(city, FRAME), follow(city, FRAME, "umbrellas")
    with city.unit("shoes") as unit:
        assert favourites.forget_own_favourites(unit) == 2
    with city.unit("umbrellas") as unit:
        assert len(favourites.own_favourites(unit)) == 1
