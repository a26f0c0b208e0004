"""Small forms of the enterprise, of push messages and of matching: refused ones are shown filled on their page."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from matchhub.db.tables import Demand, PushAnswer
from matchhub.services.kernel.runtime import Runtime
from tests.services.matching.test_learned_words import SLANG
from tests.services.small_city import City
from tests.web.people import Person
from tests.web.shown_forms import fault_at, leads_to, summary_of, typed_in
from tests.web.test_matching_pages import number

HTMX = {"HX-Request": "true"}
TOO_LONG = "长" * 501


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def firm(app: Flask) -> Person:
    return Person(app, "shoes")


@pytest.fixture
def operator(app: Flask) -> Person:
    return Person(app, "operator")


class TestLifeOfADemand:
    @pytest.fixture
    def old(self, city: City) -> int:
        """A demand that is to be confirmed again."""
        found = city.post()
        city.clock.forward(days=200)
        return found

    @pytest.mark.parametrize(("day", "says"), [("someday", "请填写年、月、日"), ("2040-01-01", "")])
    def test_a_day_that_cannot_be_is_told_at_its_field(self, old: int, firm: Person, day: str, says: str) -> None:
        answer = firm.post(f"/enterprise/demands/{old}/reconfirm", {"valid_until_on": day})
        assert answer.status_code == 422 and says in fault_at(answer, "reconfirm-valid_until_on")
        assert typed_in(answer, "reconfirm-valid_until_on") == day
        assert leads_to(answer) == ["reconfirm-valid_until_on"]

    def test_a_step_that_came_too_late_is_told_on_the_page(self, firm: Person, city: City) -> None:
        found = city.post()
        firm.post(f"/enterprise/demands/{found}/withdraw")
        answer = firm.post(f"/enterprise/demands/{found}/solved", {"note": "自己解决了"})
        assert answer.status_code == 409 and "自己解决了" in summary_of(answer)
        assert number(city, select(Demand.id).where(Demand.state == "withdrawn")) == found


class TestAnswerToAPush:
    @pytest.fixture
    def pages(self, city: City, app: Flask) -> dict[str, tuple[Person, str]]:
        """Who answers at which address: the firm in its inbox, anybody by the link of the message."""
        city.post()
        link = city.push()[0].link
        return {"inbox": (Person(app, "shoes"), "/enterprise/inbox"), "link": (Person(app), urlsplit(link).path)}

    @pytest.mark.parametrize("way", ["inbox", "link"])
    def test_a_remark_that_is_too_long_is_told_at_the_remark_and_stays(
        self, pages: dict[str, tuple[Person, str]], city: City, way: str
    ) -> None:
        person, address = pages[way]
        answer = person.post(f"{address}/items/1/answer", {"code": "fits", "note": TOO_LONG})
        assert answer.status_code == 422 and "500 个字符" in fault_at(answer, "answer-1-note")
        assert typed_in(answer, "answer-1-note") == TOO_LONG and "为什么推荐" in answer.text
        with city.runtime.unit(write=False) as unit:
            assert unit.session.execute(select(PushAnswer.id)).all() == []

    @pytest.mark.parametrize("way", ["inbox", "link"])
    def test_where_scripts_run_the_fault_takes_the_place_of_the_buttons(
        self, pages: dict[str, tuple[Person, str]], way: str
    ) -> None:
        person, address = pages[way]
        answer = person.post(f"{address}/items/1/answer", {"code": "wow", "note": "为何"}, headers=HTMX)
        assert answer.status_code == 422 and "<html" not in answer.text and "没有“wow”这种答复" in answer.text
        assert typed_in(answer, "answer-1-note") == "为何"

    @pytest.mark.parametrize(("length", "status"), [(499, 302), (500, 302), (501, 422)])
    def test_a_remark_of_five_hundred_characters_is_taken(
        self, pages: dict[str, tuple[Person, str]], length: int, status: int
    ) -> None:
        person, address = pages["inbox"]
        assert person.post(f"{address}/items/1/answer", {"code": "fits", "note": "长" * length}).status_code == status


class TestWordsAndThesaurus:
    def test_a_word_that_is_none_is_told_at_its_field_with_and_without_scripts(self, firm: Person, city: City) -> None:
        found = city.post()
        for headers in ({}, HTMX):
            answer = firm.post(f"/matching/demands/{found}/words", {"word": "、、"}, headers=headers)
            assert (
                answer.status_code == 422 and fault_at(answer, "word-word") and typed_in(answer, "word-word") == "、、"
            )
            assert ("<html" in answer.text) == (not headers)

    def test_without_scripts_the_words_are_a_page_that_leads_back(self, firm: Person, city: City) -> None:
        found = city.post()
        assert (
            f'<noscript><p><a href="/matching/demands/{found}/words">' in firm.get(f"/enterprise/demands/{found}").text
        )
        assert f'href="/enterprise/demands/{found}"' in firm.get(f"/matching/demands/{found}/words").text

    @pytest.mark.parametrize(
        ("changes", "field", "says"),
        [
            ({"plain": ""}, "plain", "请填写一个口语词"),
            ({"trust": "5"}, "trust", "可信度应在"),
            ({"demand_id": "第三条"}, "demand_id", "请填写数字"),
            ({"demand_id": "99"}, "demand_id", "需求"),
            ({"note": "长" * 301}, "note", "300 个字符"),
            ({}, "text", "没有开放的需求提到这个词"),
        ],
    )
    def test_what_is_wrong_with_an_entry_is_told_at_its_field_and_the_rest_stays(
        self, operator: Person, changes: dict[str, str], field: str, says: str
    ) -> None:
        typed = {"plain": SLANG, "patent_words": "拉链", "trust": "0.7", "note": "师傅说的", **changes}
        answer = operator.post("/matching/thesaurus/preview", typed)
        assert answer.status_code in (404, 422) and says in fault_at(answer, f"entry-{field}")
        for name, value in typed.items():
            assert name == "trust" == field or typed_in(answer, f"entry-{name}") == value

    def test_an_entry_that_is_known_is_told_when_it_is_saved(self, operator: Person) -> None:
        typed = {"plain": SLANG, "patent_words": "拉链", "trust": "1", "text": SLANG}
        assert operator.post("/matching/thesaurus", typed).status_code == 302
        answer = operator.post("/matching/thesaurus", typed)
        assert answer.status_code == 409 and fault_at(answer, "entry-plain") and typed_in(answer, "entry-text") == SLANG

    def test_a_reason_for_withdrawing_that_is_too_long_stays(self, operator: Person) -> None:
        operator.post("/matching/thesaurus", {"plain": SLANG, "patent_words": "拉链", "trust": "1", "text": SLANG})
        answer = operator.post("/matching/thesaurus/1/withdraw", {"reason": TOO_LONG})
        assert answer.status_code == 422 and typed_in(answer, "withdraw-1-reason") == TOO_LONG
        assert "500 个字符" in fault_at(answer, "withdraw-1-reason")

    def test_a_learned_word_that_is_gone_is_told_with_the_reason_that_was_typed(self, operator: Person) -> None:
        answer = operator.post("/matching/learned/7/strike", {"reason": "巧合"})
        assert answer.status_code == 404 and "您填写的内容： 巧合" in summary_of(answer)
