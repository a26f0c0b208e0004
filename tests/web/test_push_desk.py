"""Pages of the desk of pushes, the proof of each push and the funnel: what they show, to whom, and as a file."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from sqlalchemy import select

from matchhub.db.tables import Account, Push, PushDraftPair, PushItem
from matchhub.services.pushes import drafting, inbox
from matchhub.services.worklists import push_results
from tests.services.small_city import City, built_city, city
from tests.web.people import Person
from web import create_app

__all__ = ["built_city", "city"]


@pytest.fixture
def operator(city: City) -> Person:
    return Person(create_app(city.runtime), "operator")


def drafted(city: City) -> int:
    city.post()
    city.match()
    with city.unit("operator") as unit:
        return drafting.make_draft(unit).draft_id


def pair(city: City, state: str) -> int:
    chosen = select(PushDraftPair.id).where(PushDraftPair.state == state).order_by(PushDraftPair.place)
    with city.unit() as unit:
        return unit.session.execute(chosen.limit(1)).scalar_one()


def test_the_desk_filters_by_state_band_and_reason_and_gives_the_same_rows_as_files(
    city: City, operator: Person
) -> None:
    place = f"/operator/pushes/drafts/{drafted(city)}"
    page = operator.get(f"{place}?state=left_out&code=push_patent_dead").text
    assert "一种鞋面胶粘剂喷涂设备" not in page or "已失效" in page
    below = operator.get(f"{place}?state=left_out&code=push_below_floor").text
    assert "低于公布的下限" in below and "人工加入" in below
    assert "没有符合条件的记录" in operator.get(f"{place}?q=没有这家企业").text
    rows = list(csv.reader(StringIO(operator.get(f"{place}?as=csv&state=left_out").data.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(BytesIO(operator.get(f"{place}?as=xlsx&state=left_out").data))
    with city.unit() as unit:
        left = select(PushDraftPair.id).where(PushDraftPair.state == "left_out")
        number = len(unit.session.execute(left).all())
    assert len(rows) - 1 == book.worksheets[0].max_row - 1 == number > 0
    bare = list(csv.reader(StringIO(operator.get(f"{place}?as=csv").data.decode("utf-8-sig"))))
    assert {line[1] for line in bare[1:]} == {"入选"}, "a file holds what the page shows"


def test_the_pairs_of_a_plan_are_a_list_as_every_other(city: City, operator: Person) -> None:
    place = f"/operator/pushes/drafts/{drafted(city)}"

    def lines(said: str) -> list[list[str]]:
        answer = operator.get(f"{place}?as=csv&{said}").data.decode("utf-8-sig")
        return list(csv.reader(StringIO(answer)))[1:]

    for state in ("chosen", "left_out"):
        places = [int(line[0]) for line in lines(f"state={state}")]
        assert places == sorted(places) and len(places) == len(set(places)) > 0
        assert [int(line[0]) for line in lines(f"state={state}&sort=-place")] == places[::-1]
        scores = [float(line[7]) for line in lines(f"state={state}&sort=score")]
        assert scores == sorted(scores)
    page = operator.get(f"{place}?sort=no_such&band=no_such").text
    assert 'class="list-bar' in page and "地址中的排序“no_such”在本列表中没有" in page
    assert "没有取值“no_such”，已忽略" in page
    table = operator.get(f"{place}?cols=title&cols=score").text.partition("list-table")[2]
    assert table.count('<th scope="col"') == 2 and "/letter" in table


def test_nothing_ticked_and_no_reason_are_told_and_change_nothing(city: City, operator: Person) -> None:
    place = f"/operator/pushes/drafts/{drafted(city)}"
    assert "没有勾选任何记录" in operator.post(f"{place}/confirm-ticked").text
    answer = operator.post(f"{place}/take-out", {"pairs": str(pair(city, "chosen"))})
    assert answer.status_code == 422 and "请填写原因" in answer.text
    answer = operator.post(f"{place}/day", {"pairs": str(pair(city, "chosen")), "day": "2020-01-01"})
    assert answer.status_code == 422 and "不能早于今天" in answer.text
    assert pair(city, "chosen")


def test_the_letter_stands_in_a_frame_that_runs_nothing(city: City, operator: Person) -> None:
    number = drafted(city)
    place = f"/operator/pushes/drafts/{number}/pairs/{pair(city, 'chosen')}/letter"
    page = operator.get(place).text
    assert page.count("<iframe") == 2 == page.count(" sandbox ")
    body = operator.get(f"{place}/body")
    assert "运动鞋鞋底开胶" in body.text and "/p/preview" in body.text
    assert "sandbox" in body.headers["Content-Security-Policy"]
    assert "script-src" not in body.headers["Content-Security-Policy"]
    left = operator.get(f"/operator/pushes/drafts/{number}/pairs/{pair(city, 'left_out')}/letter/body")
    assert left.status_code == 200


def test_a_test_goes_to_oneself_and_is_no_push(city: City, operator: Person) -> None:
    number = drafted(city)
    place = f"/operator/pushes/drafts/{number}/pairs/{pair(city, 'chosen')}"
    assert "没有登记邮箱" in operator.post(f"{place}/test").text
    with city.unit() as unit:
        account = unit.session.execute(select(Account).where(Account.login == "operator")).scalar_one()
        account.email = "me@desk.example"
    assert operator.post(f"{place}/test").status_code == 302
    (letter,) = (city.runtime.home / "outbox").glob("*.eml")
    assert "me@desk.example" in letter.read_text() and "wang@shoes.example" not in letter.read_text()
    with city.unit() as unit:
        assert unit.session.execute(select(Push)).first() is None


def test_the_proof_of_a_push_shows_its_chain_and_no_address(city: City) -> None:
    city.post()
    sent = city.push()[0]
    with city.unit("shoes") as unit:
        inbox.mark_read(unit, sent.push_id)
        item = unit.session.execute(select(PushItem.id).where(PushItem.push_id == sent.push_id)).scalar_one()
        inbox.answer(unit, item, "contact", "想看样品")
    app = create_app(city.runtime)
    for role in ("operator", "reviewer"):
        page = Person(app, role).get(f"/bureau/pushes/{sent.push_id}").text
        assert sent.model in page and "当时公布的下限 0.44" in page
        assert "250 ok" in page and "想看样品" in page and "有意对接" in page
        assert "wang@shoes.example" not in page
    assert Person(app, "reviewer").get("/operator/pushes/drafts/1").status_code == 403
    assert Person(app, "shoes").get(f"/bureau/pushes/{sent.push_id}").status_code == 403


def test_every_number_of_the_funnel_opens_as_many_pushes(city: City) -> None:
    city.post()
    first, *_ = city.push()
    with city.unit("shoes") as unit:
        item = unit.session.execute(select(PushItem.id).where(PushItem.push_id == first.push_id)).scalar_one()
        inbox.mark_read(unit, first.push_id)
        inbox.answer(unit, item, "contact")
    city.post(title="鞋底成型", text="鞋底硫化成型模具,想要鞋底成型快。")
    city.clock.forward(days=31)
    city.match()
    city.plan()
    with city.unit("reviewer") as unit:
        funnel = push_results.funnel(unit)
        for row in (*funnel.months, funnel.total):
            for stage, number in row.stages.items():
                assert (
                    push_results.list_results(unit, push_results.ResultFilter(month=row.month, stage=stage)).total
                    == number
                )
            for code, number in row.answers.items():
                assert (
                    push_results.list_results(unit, push_results.ResultFilter(month=row.month, answer=code)).total
                    == number
                )
    assert [row.month for row in funnel.months] == ["2025-07", "2025-06"]
    last, early = funnel.months
    assert (early.stages["contact"], early.stages["read"], early.introduced, early.demands) == (1, 1, 1, 1)
    assert last.stages["planned"] > 0 == last.stages["delivered"] and last.push_share is None
    page = Person(create_app(city.runtime), "reviewer").get("/bureau/pushes/funnel").text
    assert "15%" in page and "month=2025-06&amp;stage=contact" in page
