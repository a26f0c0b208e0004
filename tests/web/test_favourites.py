"""Followed patents and the comparison as a firm meets them: by forms and addresses, without a script."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask import Flask

from matchhub.services.kernel.runtime import Runtime
from matchhub.services.notices.notices import notify
from tests.services.small_city import PATENTS, City
from tests.web.people import Person

GLUE, SOLE, SPRAYER, FRAME = (each[0] for each in PATENTS[:4])
LIST = "/enterprise/favourites"


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


@pytest.fixture
def shoes(app: Flask) -> Person:
    return Person(app, "shoes")


def follow(person: Person, patent_id: int, page: str = LIST) -> str:
    answer = person.post(f"{LIST}/{patent_id}", {"next": page})
    assert answer.status_code == 302
    return answer.location


def titles(page: str) -> list[str]:
    rows = unescape(page).partition('<ul class="rows">')[2]
    return re.findall(r'<a href="/patents/\d+">([^<]+)</a>', rows)


def test_every_page_with_patents_has_the_star_and_comes_back_to_its_row(shoes: Person, city: City) -> None:
    glue, demand = city.patent(GLUE), city.post()
    pages = (
        "/patents?q=鞋底",
        f"/patents/{glue}",
        f"/enterprise/demands/{demand}",
        f"/enterprise/demands/{demand}/patents/{glue}",
    )
    for page in pages:
        assert f'action="{LIST}/{glue}"' in shoes.get(page).text, page
    assert follow(shoes, glue, "/patents?q=x") == f"/patents?q=x#patent-{glue}"
    for page in pages:
        text = shoes.get(page).text
        assert f'action="{LIST}/{glue}/remove"' in text, page
        assert f'id="patent-{glue}"' in text or page.endswith(f"/patents/{glue}"), page
    assert follow(shoes, glue, "https://evil.example/") == f"{LIST}#patent-{glue}"


@pytest.mark.parametrize("who", ["visitor", "college", "operator"])
def test_nobody_but_a_firm_sees_stars(app: Flask, city: City, who: str) -> None:
    for page in ("/patents?q=鞋底", f"/patents/{city.patent(GLUE)}"):
        assert "关注" not in Person(app, who).get(page).text


def test_the_list_is_noted_narrowed_sorted_and_taken_along(app: Flask, shoes: Person, city: City) -> None:
    for title in (GLUE, SPRAYER, FRAME):
        follow(shoes, city.patent(title))
    assert shoes.post(f"{LIST}/{city.patent(FRAME)}/note", {"note": "给老板看"}).status_code == 302
    assert titles(shoes.get(LIST).text) == [FRAME, SPRAYER, GLUE]
    assert titles(shoes.get(f"{LIST}?q=老板").text) == [FRAME]
    assert titles(shoes.get(f"{LIST}?status=dead").text) == [SPRAYER]
    assert titles(shoes.get(f"{LIST}?sort=followed").text)[0] == GLUE
    head, *rows = csv.reader(io.StringIO(shoes.get(f"{LIST}?as=csv").data.decode("utf-8-sig")))
    assert [row[0] for row in rows] == [FRAME, SPRAYER, GLUE] and rows[0][head.index("备注")] == "给老板看"
    other = Person(app, "umbrellas").get(LIST).text
    assert "给老板看" not in other and titles(other) == []


def test_a_note_that_is_too_long_stands_in_its_field_again(shoes: Person, city: City) -> None:
    follow(shoes, city.patent(GLUE))
    answer = shoes.post(f"{LIST}/{city.patent(GLUE)}/note", {"note": "字" * 501})
    assert answer.status_code == 422 and "字" * 501 in answer.text and "is-invalid" in answer.text


def test_the_whole_list_is_erased(shoes: Person, city: City) -> None:
    follow(shoes, city.patent(GLUE))
    assert "共删除 1 件" in shoes.post(f"{LIST}/forget", follow_redirects=True).text
    assert "还没有关注的专利" in shoes.get(LIST).text


def test_the_notice_of_a_followed_patent_leads_to_it(shoes: Person, city: City) -> None:
    glue = city.patent(GLUE)
    with city.unit() as unit:
        notify(
            unit, [city.actors["shoes"].organisation_id], "notice_favourite_ended", ("patents", glue), "1", title=GLUE
        )
    page = shoes.get("/trade/notices").text
    assert f"关注的专利《{GLUE}》已失效。" in page
    number = re.search(r"/trade/notices/(\d+)/read", page)
    assert number is not None
    assert shoes.post(f"/trade/notices/{number[1]}/read").location == f"/patents/{glue}"
    assert (
        "关注的专利" in shoes.get("/messages").text
        and "关注的专利" not in Person(shoes.app, "college").get("/messages").text
    )


def test_lists_have_boxes_that_belong_to_the_form_of_the_comparison(shoes: Person, city: City) -> None:
    glue, demand = city.patent(GLUE), city.post()
    follow(shoes, glue)
    for page in ("/patents?q=鞋底", f"/enterprise/demands/{demand}", LIST):
        text = shoes.get(page).text
        assert re.search(rf'name="p" value="{glue}" form="compare"', text), page
        assert re.search(r'<form method="get" action="/compare" id="compare"', text), page
    assert f'name="demand" value="{demand}"' in shoes.get(f"/enterprise/demands/{demand}").text


def test_the_address_of_a_comparison_shows_the_same_to_others_without_the_fit(
    app: Flask, shoes: Person, city: City
) -> None:
    demand = city.post()
    address = f"/compare?p={city.patent(GLUE)}&p={city.patent(FRAME)}&demand={demand}"
    own, public = shoes.get(address), Person(app).get(address)
    assert own.status_code == public.status_code == 200
    for text in (own.text, public.text):
        assert unescape(text).index(GLUE) < unescape(text).index(FRAME) and "约 12 年 1 个月" in text
    assert "与需求的匹配度" in own.text and f"/enterprise/demands/{demand}/patents/" in own.text
    assert "与需求的匹配度" not in public.text and "运动鞋鞋底开胶" not in public.text and "关注" not in public.text


def test_more_than_four_and_unknown_ones_are_said(shoes: Person) -> None:
    page = shoes.get("/compare?p=1-2-3-4-5").text
    assert "只显示前 4 件" in page and page.count('class="card compared-one"') == 4
    assert "有 1 件专利不在基础数据库中" in shoes.get("/compare?p=1-99999").text
    for nonsense in ("/compare", "/compare?p=x&demand=y"):
        assert "还没有选择专利" in shoes.get(nonsense).text
