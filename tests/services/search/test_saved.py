"""Saved searches: what is new is told once, in the account's own name, and nothing that it may not see."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from matchhub.db.tables import Account, Demand, Notice, SavedSearch
from matchhub.errors import Conflict, NotFound
from matchhub.notify.channel import Delivered, Letter, Sender
from matchhub.operation.alerts import alert
from matchhub.services.search import saved
from matchhub.services.search.kinds import search
from tests.services.small_city import City, opened_city


def keep(city: City, who: str, kind: str, query: str, **filters: str) -> int:
    with city.unit(who) as unit:
        return saved.save_search(unit, kind, query, filters)


def verified(city: City, title: str) -> int:
    """A demand that everybody may see."""
    key = city.post("shoes", title=title, text="潮湿环境开胶")
    with city.unit() as unit:
        unit.session.execute(update(Demand).where(Demand.id == key).values(state="verified"))
    return key


def sink(letters: list[Letter], outcome: str = "delivered") -> Sender:
    def send(letter: Letter) -> Delivered:
        letters.append(letter)
        return Delivered("smtp", outcome, "250 ok")  # type: ignore[arg-type]

    return send


def fresh(city: City, who: str) -> list[int]:
    with city.unit(who) as unit:
        return [view.fresh for view in saved.own_searches(unit)]


@pytest.fixture
def mailed(city: City) -> City:
    with city.unit() as unit:
        unit.session.execute(update(Account).values(email="reader@example.com"))
    return city


def test_what_is_new_is_told_by_page_notice_and_one_letter_a_day(mailed: City) -> None:
    letters: list[Letter] = []
    verified(mailed, "鞋底开胶")
    keep(mailed, "college", "demands", "鞋底")
    keep(mailed, "college", "demands", "", field="胶粘剂")
    assert alert(mailed.runtime, sink(letters)) == {"accounts": 1, "told": 0, "letters": 0}
    new = verified(mailed, "鞋底断裂")
    assert alert(mailed.runtime, sink(letters))["letters"] == 1
    verified(mailed, "鞋底发黄")
    assert alert(mailed.runtime, sink(letters))["letters"] == 0  # one a day
    (letter,) = letters
    assert "鞋底断裂" in letter.text and letter.to == "reader@example.com" and "鞋底开胶" not in letter.text
    assert max(fresh(mailed, "college")) == 2
    mailed.clock.forward(days=1)
    assert alert(mailed.runtime, sink(letters))["letters"] == 1
    assert "鞋底发黄" in letters[1].text and letters[1].message_id != letter.message_id
    with mailed.unit() as unit:
        assert [row.code for row in unit.session.execute(select(Notice)).scalars()] == ["notice_saved_search"] * 2
        assert new in unit.session.execute(select(SavedSearch.known_ids)).scalars().all()[0]


def test_a_letter_that_was_put_off_is_told_again_the_next_day(mailed: City) -> None:
    letters: list[Letter] = []
    keep(mailed, "college", "demands", "鞋底")
    verified(mailed, "鞋底断裂")
    assert alert(mailed.runtime, sink(letters, "deferred"))["letters"] == 0
    mailed.clock.forward(days=1)
    assert alert(mailed.runtime, sink(letters))["letters"] == 1
    assert "鞋底断裂" in letters[1].text


def test_it_sees_what_its_account_may_see(mailed: City) -> None:
    """A firm's own demand is new to the firm and the operator before it is public, to nobody else."""
    letters: list[Letter] = []
    for who in ("college", "shoes", "operator", "umbrellas"):
        keep(mailed, who, "demands", "鞋底断裂")
    mailed.post("shoes", title="鞋底断裂", text="潮湿环境")
    alert(mailed.runtime, sink(letters))
    assert [fresh(mailed, who) for who in ("college", "shoes", "operator", "umbrellas")] == [[0], [1], [1], [0]]


def test_a_disabled_account_is_told_nothing(mailed: City) -> None:
    letters: list[Letter] = []
    keep(mailed, "college", "demands", "鞋底")
    with mailed.unit() as unit:
        unit.session.execute(update(Account).values(disabled_at=unit.now))
    verified(mailed, "鞋底断裂")
    assert alert(mailed.runtime, sink(letters)) == {"accounts": 0, "told": 0, "letters": 0}


def test_seen_and_removed(mailed: City) -> None:
    letters: list[Letter] = []
    key = keep(mailed, "college", "demands", "鞋底")
    assert keep(mailed, "college", "demands", " 鞋底 ") == key  # the same one is kept once
    new = verified(mailed, "鞋底断裂")
    alert(mailed.runtime, sink(letters))
    with mailed.unit("college") as unit:
        assert [row.id for row in saved.open_search(unit, key)[1]] == [new] and saved.unseen(unit) == 1
        saved.mark_seen(unit, key)
        assert saved.unseen(unit) == 0
    with mailed.unit("shoes") as unit, pytest.raises(NotFound):
        saved.open_search(unit, key)
    with mailed.unit("college") as unit:
        saved.remove_search(unit, key)
        assert saved.own_searches(unit) == ()
    with mailed.unit("college") as unit, pytest.raises(NotFound):
        saved.mark_seen(unit, key)


@pytest.mark.parametrize(
    ("query", "limit", "code"), [("", "", "empty"), ("鞋底", "MOST_SEARCHES", "many"), ("鞋底", "MOST_FOUND", "wide")]
)
def test_what_cannot_be_kept(city: City, monkeypatch: pytest.MonkeyPatch, query: str, limit: str, code: str) -> None:
    verified(city, "鞋底断裂")
    if limit:
        monkeypatch.setattr(saved, limit, 0)
    with pytest.raises(Conflict) as refused:
        keep(city, "college", "demands", query, nonsense="1")
    assert refused.value.code == f"saved_search_{code}"


def test_filters_of_an_address_are_read_again_at_night(mailed: City) -> None:
    letters: list[Letter] = []
    year = (date(2025, 1, 1) + timedelta(days=1)).year
    keep(mailed, "operator", "demands", "鞋底", year=str(year), state="verified", field="胶粘剂")
    mailed.post("shoes", title="鞋底断裂", technical_field="胶粘剂")  # not verified: does not fit
    alert(mailed.runtime, sink(letters))
    assert fresh(mailed, "operator") == [0]


def test_postgres_tells_the_same(tmp_path: Path, postgres_url: str) -> None:
    letters: list[Letter] = []
    with opened_city(tmp_path / "postgres", postgres_url) as city:
        with city.unit() as unit:
            unit.session.execute(update(Account).values(email="reader@example.com"))
        keep(city, "college", "demands", "鞋底", year="2025")
        verified(city, "鞋底断裂")
        assert alert(city.runtime, sink(letters))["letters"] == 1 and "鞋底断裂" in letters[0].text
        with city.unit("college") as unit:
            for typed, way in (("a44b 19", "ipc"), ("lalian", "pinyin"), ("防水拉鏈", "spelling")):
                page = search(unit, "patents", typed, sort="newest")
                assert (page.way, [row.title for row in page.items]) == (way, ["一种防水拉链"])
            number = page.items[0].number.replace(".", "")[3:11]
            assert search(unit, "patents", number).way == "number_part"
