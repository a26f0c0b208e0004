"""The pages of matching: what a score means, the curve, the thesaurus with its effect, words for a demand."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchhub.db.tables import DemandRefinement, ThesaurusEntry
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.matching.calibration import measure_labelled, record_calibration
from tests.services.matching.test_directions import people
from tests.services.matching.test_learned_words import SLANG, ZIP, slang
from tests.services.matching.test_learning import answered
from tests.services.matching.test_measures import DOCUMENTS, GRADES, QUERIES
from tests.services.small_city import City
from tests.web.people import Person

HTMX = {"HX-Request": "true"}


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def operator(app: Flask) -> Person:
    return Person(app, "operator")


@pytest.fixture
def firm(app: Flask) -> Person:
    return Person(app, "shoes")


def words(text: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", text)))


def number(city: City, query: object) -> int:
    with city.runtime.unit(write=False) as unit:
        return int(unit.session.execute(query).scalar())  # type: ignore[call-overload]


def test_the_meaning_of_the_score_is_told_from_answers_and_from_the_labelled_set(city: City, operator: Person) -> None:
    empty = words(operator.get("/matching/calibration").text)
    assert "还没有答复" in empty and "尚未在标注集上测量" in empty and "推送分数线" in empty
    city.post()
    city.push()
    answered(city, "fits")
    with city.unit("operator") as unit:
        record_calibration(unit, measure_labelled(unit, DOCUMENTS, QUERIES, GRADES, "own set"))
    for role in ("operator", "reviewer"):
        page = Person(operator.app, role).get("/matching/calibration").text
        told = words(page)
        assert "标注集 own set" in told and "来自 1 家企业" in told and "← 分数线" in told
        assert "有答案的 1 条需求中保留 1 条，无答案的 1 条中说对 1 条" in told
        assert 'class="chart"' in page and "100%" in told


def test_the_curve_is_public_and_names_nobody(city: City, app: Flask) -> None:
    visitor = Person(app)
    assert "还没有送达的推送" in visitor.get("/matching/precision").text
    city.post()
    city.push()
    answered(city, "fits")
    assert "2025-06" in words(visitor.get("/matching/precision").text)
    (point,) = visitor.get("/matching/precision.json").json["points"]  # type: ignore[index]
    assert (point["month"], point["answered"], point["precision"]) == ("2025-06", 1, 1.0)
    assert set(point) == {"month", "pushed", "answered", "wanted", "firms", "precision", "at_least", "at_most"}


def test_an_entry_is_saved_only_after_its_effect_was_shown(city: City, operator: Person) -> None:
    slang(city)
    typed = {"plain": SLANG, "patent_words": "拉链、拉头", "trust": "1", "note": "本地说法"}
    page = operator.post("/matching/thesaurus/preview", typed).text
    assert "效果预览" in page and ZIP in page and "保存词条" in page and "1 条开放需求提到这个词" in words(page)
    assert number(city, select(func.count()).select_from(ThesaurusEntry)) == 0
    saved = operator.post("/matching/thesaurus", typed, follow_redirects=True).text
    assert "词条已保存" in saved and SLANG in saved and "本地说法" in saved
    shown = operator.get("/matching/thesaurus/1").text
    assert "撤回这条词条的影响" in shown and ZIP in shown
    gone = operator.post("/matching/thesaurus/1/withdraw", {"reason": "试用"}, follow_redirects=True).text
    assert "词条已撤回" in gone and "还没有自有词条" in gone


def test_a_word_is_looked_up_in_the_whole_thesaurus(operator: Person, app: Flask) -> None:
    assert "起疙瘩 → " in words(operator.get("/matching/thesaurus?q=起疙瘩").text)
    assert "词表中没有这个词" in operator.get("/matching/thesaurus?q=没有的词").text
    reader = Person(app, "reviewer").get("/matching/thesaurus?q=起疙瘩").text
    assert "起疙瘩" in reader and "预览效果" not in reader


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"plain": ""}, "请填写一个口语词"), ({"trust": "5"}, "可信度应在"), ({}, "没有开放的需求提到这个词")],
)
def test_what_is_wrong_with_an_entry_is_said_and_what_was_typed_stays(
    operator: Person, typed: dict[str, str], sentence: str
) -> None:
    answer = operator.post(
        "/matching/thesaurus/preview", {"plain": SLANG, "patent_words": "拉链", "trust": "1", **typed}
    )
    assert answer.status_code == 422 and sentence in answer.text and 'value="拉链"' in answer.text


def test_chips_add_and_remove_words_and_the_page_is_shown_again(city: City, firm: Person) -> None:
    demand = slang(city)
    address = f"/matching/demands/{demand}/words"
    assert "暂无足够匹配的专利" in firm.get(address).text
    answer = firm.post(address, {"word": "伞骨", "origin": "suggested"}, headers=HTMX)
    assert answer.status_code == 200 and answer.headers["HX-Refresh"] == "true"
    assert "伞骨 ×" in firm.get(address, headers=HTMX).text and "已添加“伞骨”" in firm.get("/enterprise/").text
    assert number(city, select(func.count()).select_from(DemandRefinement)) == 1
    wrong = firm.post(address, {"word": "伞骨"}, headers=HTMX)
    assert wrong.status_code == 409 and "已经添加过" in wrong.text and "<html" not in wrong.text
    back = firm.post(f"{address}/1/remove")
    assert back.status_code == 302 and back.headers["Location"] == f"/enterprise/demands/{demand}"
    assert "伞骨 ×" not in firm.get(address).text


def test_offered_chips_say_why(city: City, firm: Person) -> None:
    demand = city.post()
    page = firm.get(f"/matching/demands/{demand}/words").text
    assert 'name="origin" value="suggested"' in page and ("对应“" in page or "见于已找到的专利" in page)
    assert "暂无足够匹配的专利" not in page


def test_the_words_of_anothers_demand_are_not_there(city: City, app: Flask, operator: Person) -> None:
    demand = city.post()
    other = Person(app, "umbrellas")
    address = f"/matching/demands/{demand}/words"
    assert other.get(address).status_code == 404
    assert other.post(address, {"word": "伞骨"}).status_code == 404
    assert operator.get(address).status_code == 200


def test_markup_in_words_stays_text(city: City, firm: Person, operator: Person) -> None:
    demand = city.post()
    firm.post(f"/matching/demands/{demand}/words", {"word": "<b>甲"})
    assert "<b>甲" not in firm.get(f"/matching/demands/{demand}/words").text
    page = operator.post("/matching/thesaurus/preview", {"plain": "<b>x", "patent_words": "乙", "text": "<i>"}).text
    assert "<b>x" not in page and "<i>" not in page


def test_the_demands_pages_fetch_their_words(city: City, firm: Person, operator: Person) -> None:
    demand = city.post()
    for page in (firm.get(f"/enterprise/demands/{demand}"), operator.get(f"/operator/demands/{demand}")):
        assert f'hx-get="/matching/demands/{demand}/words"' in page.text


def test_patents_show_who_may_want_them_to_the_desk_and_their_like_to_everybody(
    city: City, app: Flask, operator: Person
) -> None:
    city.post()
    glue, sprayer = city.patent("一种鞋底用水性聚氨酯胶粘剂"), city.patent("一种鞋面胶粘剂喷涂设备")
    page = operator.get(f"/patents/{glue}").text
    assert f'hx-get="/matching/patents/{glue}/wanted"' in page and f'hx-get="/matching/patents/{glue}/similar"' in page
    assert "wanted" not in Person(app).get(f"/patents/{glue}").text
    part = operator.get(f"/matching/patents/{glue}/wanted").text
    assert "运动鞋鞋底开胶" in part and "/operator/demands/1" in part and "可能需要它的企业" in part
    assert f"/patents/{sprayer}" in Person(app).get(f"/matching/patents/{glue}/similar").text
    assert Person(app).get("/matching/patents/99/similar").status_code == 404


def test_demands_show_who_may_help_and_experts_show_demands(city: City, firm: Person, operator: Person) -> None:
    people(city)
    demand = city.post()
    assert f'hx-get="/matching/demands/{demand}/people"' in firm.get(f"/enterprise/demands/{demand}").text
    seen = firm.get(f"/matching/demands/{demand}/people").text
    assert "林工" in seen and "陈工" not in seen and "晋江胶粘剂技术服务中心" in seen and "/bureau/records" not in seen
    assert "陈工" in operator.get(f"/matching/demands/{demand}/people").text
    assert 'hx-get="/matching/experts/1/demands"' in operator.get("/bureau/records/experts/1").text
    assert "运动鞋鞋底开胶" in operator.get("/matching/experts/1/demands").text
