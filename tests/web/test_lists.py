"""Every list can be sorted, narrowed and taken along, and takes whatever an address asks of it (docs/lists.md).

``LISTS`` names each list with an account that reads it. A list's page says how many rows it found; its files hold
exactly those, in its order.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable

import openpyxl
import pytest
from flask import Flask

from matchhub.domain.papers import Paper
from matchhub.domain.records import ExpertRecord, Source
from matchhub.services.counting import sampling
from matchhub.services.counting.counts import question
from matchhub.services.evidence.files import store_evidence
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.paging import Sought, sorted_page
from matchhub.services.kernel.unit import SYSTEM
from tests.papers import saved, scan, slip
from tests.services.desk_base import Base, deal, firm, number, patent
from tests.web.people import Person

# address, role
LISTS = [
    ("/bureau/log", "auditor"),
    ("/trade/records", "operator"),
    ("/operator/demands?state=", "operator"),
    ("/operator/pushes", "operator"),
    ("/operator/pushes/bounces", "operator"),
    ("/operator/reviews", "operator"),
    ("/intake/batches", "operator"),
    ("/intake/pairs", "operator"),
    ("/account/all", "administrator"),
    ("/account/organisations", "operator"),
    ("/account/registrations", "operator"),
    ("/trade/listings", "institution"),
    ("/trade/notices", "enterprise"),
    ("/enterprise/favourites", "enterprise"),
    ("/trade/relations", "operator"),
    ("/enterprise/inbox", "enterprise"),
    ("/bureau/pushes", "reviewer"),
    ("/bureau/sources?show=all", "reviewer"),
    ("/bureau/statistics/rows", "reviewer"),
    ("/operator/rejections", "operator"),
    ("/operator/assignments", "operator"),
    ("/bureau/compare?known_at_a=2025-06-01", "reviewer"),
    ("/bureau/changes", "reviewer"),
    ("/bureau/unconfirmed", "operator"),
    ("/operator/jobs", "operator"),
    ("/bureau/checkpoints", "auditor"),
    ("/bureau/accounts", "reviewer"),
    ("/bureau/thresholds/patents", "reviewer"),
    ("/bureau/base?kind=enterprises", "operator"),
    ("/bureau/signs", "reviewer"),
    ("/bureau/signs/experts/contacts_shared", "auditor"),
    ("/bureau/thresholds/patents/sample", "auditor"),
    ("/bureau/samples/1", "reviewer"),
    ("/bureau/evidence/alike", "auditor"),
]


def _forty_patents(base: Base) -> None:
    """So many in a day that it looks odd."""
    base.take("patents", *[patent(serial) for serial in range(1, 41)])


def _one_telephone(base: Base) -> None:
    """Three experts of one number."""
    base.take("experts", *[ExpertRecord(Source("e", n), name=f"专家{n}", organisation="某大学", phone="0595-82345678")
                           for n in (1, 2, 3)])  # fmt: skip


def _sample(base: Base) -> None:
    """A drawing of 21 records of one number."""
    base.take("patents", *[patent(serial) for serial in range(1, 22)])
    base.later()
    with base.runtime.unit(base.people["reviewer"]) as unit:
        sampling.draw(unit, "patents", question(unit))


def _papers_alike(base: Base) -> None:
    """Two deals with one slip, kept twice, and a contract of the same number."""
    base.take("patents", patent(1), patent(2))
    base.take("enterprises", firm(1))
    base.take("deals", deal(1), deal(2, application_numbers=(number(2),)))
    base.later(10)
    contract = Paper("contract", number="HT-2025-01")
    with base.runtime.unit(base.people["operator"]) as unit:
        store_evidence(unit, "deals", 1, "payment_proof", "回单.png", saved(slip("one")))
        store_evidence(unit, "deals", 2, "payment_proof", "回单.jpg", saved(slip("one"), "JPEG"))
        store_evidence(unit, "deals", 1, "contract", "合同一.png", scan("a contract"), contract)
        store_evidence(unit, "deals", 2, "contract", "合同二.png", scan("another contract"), contract)


# lists that need more rows than the common base has, and what makes them
MADE: dict[str, Callable[[Base], None]] = {
    "/bureau/signs": _forty_patents,
    "/bureau/signs/experts/contacts_shared": _one_telephone,
    "/bureau/thresholds/patents/sample": _sample,
    "/bureau/samples/1": _sample,
    "/bureau/evidence/alike": _papers_alike,
}
_TOTAL = re.compile(r'<span class="text-secondary">共 ([\d,]+) 条</span>')
_COLUMNS = re.compile(r'name="cols" value="([^"]+)"')
_FILE = re.compile(r'href="([^"]+)"[^>]*>导出 (csv|xlsx)</a>')


def _address(path: str, more: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{more}"


@pytest.fixture
def listed(path: str, request: pytest.FixtureRequest) -> Flask:
    """The application over a base that has rows for the list."""
    if path not in MADE:
        common: Flask = request.getfixturevalue("app")
        return common
    MADE[path](request.getfixturevalue("base"))
    made: Flask = request.getfixturevalue("desk_app")
    return made


def _lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize(("path", "role"), LISTS)
def test_a_list_has_its_bar_and_its_files_hold_the_rows_it_found(listed: Flask, path: str, role: str) -> None:
    person = Person(listed, role)
    page = person.get(path)
    assert page.status_code == 200
    found = _TOTAL.search(page.text)
    assert found is not None, "no number of rows"
    total = int(found[1].replace(",", ""))
    assert total or path not in MADE, "no rows to try it with"
    assert 'name="sort"' in page.text and len(_COLUMNS.findall(page.text)) > 1
    assert 'class="list-bar' in page.text and re.search(r'id="f-(?!sort)', page.text), "nothing to narrow by"
    files = {ending: address.replace("&amp;", "&") for address, ending in _FILE.findall(page.text)}
    lines = _lines(person.get(files["csv"]).data)
    assert len(lines) - 1 == total
    book = openpyxl.load_workbook(io.BytesIO(person.get(files["xlsx"]).data))
    assert book.worksheets[0].max_row - 1 == total


@pytest.mark.parametrize(("path", "role"), LISTS)
def test_a_list_sorts_by_each_column_it_offers_both_ways(listed: Flask, path: str, role: str) -> None:
    person = Person(listed, role)
    offered = set(re.findall(r'<option value="-?([a-z_]+)"[^>]*>[^<]* [↑↓]</option>', person.get(path).text))
    assert offered, "no order offered"
    for name in sorted(offered):
        up, down = (_lines(person.get(_address(path, f"sort={way}{name}&as=csv")).data) for way in ("", "-"))
        assert sorted(up) == sorted(down), f"sorting by {name} loses rows"
        table = person.get(_address(path, f"look=table&sort={name}"))
        assert table.status_code == 200
        assert "没有，已按默认" not in table.text


@pytest.mark.parametrize(("path", "role"), LISTS)
def test_what_a_list_does_not_know_is_ignored_with_a_sentence(listed: Flask, path: str, role: str) -> None:
    person = Person(listed, role)
    page = person.get(_address(path, "sort=no_such&page=99999&cols=no_such&look=odd"))
    assert page.status_code == 200
    assert "地址中的排序“no_such”在本列表中没有" in page.text
    chosen = re.findall(r'<select class="form-select" id="f-(?!sort)([a-z_]+)"', page.text)
    for name in chosen:
        assert "没有取值“no_such”，已忽略" in person.get(_address(path, f"{name}=no_such")).text, name
    assert person.get(_address(path, "as=exe")).status_code == 200


@pytest.mark.parametrize(("path", "role"), LISTS)
def test_a_list_shows_the_columns_of_the_address(listed: Flask, path: str, role: str) -> None:
    person = Person(listed, role)
    first, second, *_ = _COLUMNS.findall(person.get(path).text)
    table = person.get(_address(path, f"cols={second}&cols={first}")).text
    assert len(
        re.findall(r'<th scope="col"', table.partition('class="table table-vcenter card-table list-table')[2])
    ) in (0, 2)
    assert len(_lines(person.get(_address(path, f"cols={first}&as=csv")).data)[0]) == 1


def test_chosen_columns_are_remembered_for_the_account_until_the_list_is_wanted(app: Flask) -> None:
    person, other = Person(app, "auditor"), Person(app, "reviewer")
    plain = person.get("/bureau/log").text
    assert "list-table" not in plain
    person.get("/bureau/log?cols=verb&cols=at")
    kept = person.get("/bureau/log").text.partition("list-table")[2]
    assert len(re.findall(r'<th scope="col"', kept)) == 2
    assert len(_lines(person.get("/bureau/log?as=csv").data)[0]) == 2
    assert "list-table" not in person.get("/bureau/checkpoints").text, "another list"
    other.client.set_cookie("columns_0_log", "verb")
    assert "list-table" not in other.get("/bureau/log").text, "another account"
    person.get("/bureau/log?look=list")
    assert "list-table" not in person.get("/bureau/log").text


def _ids(rows: Iterable[tuple[int, str | None]]) -> list[int]:
    return [number for number, _ in rows]


def test_equal_rows_keep_a_stable_order_and_rows_without_a_value_stand_last() -> None:
    rows = [(1, "b"), (2, None), (3, "a"), (4, "b"), (5, "")]
    by, tie = (lambda row: row[1]), (lambda row: row[0])
    assert _ids(sorted_page(rows, Sought(sort="x"), by, tie).items) == [3, 1, 4, 2, 5]
    assert _ids(sorted_page(rows, Sought(sort="x", down=True), by, tie).items) == [4, 1, 3, 2, 5]


def test_a_page_of_rows_in_memory_beyond_the_end_is_the_last_one() -> None:
    rows = [(number, "a") for number in range(1, 46)]
    last = sorted_page(rows, Sought(page=9), None, lambda row: row[0])
    assert (last.number, last.pages, _ids(last.items)) == (3, 3, [41, 42, 43, 44, 45])
    assert len(sorted_page(rows, Sought(page=9, whole=True), None, lambda row: row[0]).items) == 45


def test_a_formula_in_a_list_leaves_as_text(app: Flask) -> None:
    with app.extensions["matchhub"].unit(SYSTEM) as unit:
        append_event(unit, "=cmd.test", "demands", 1)
    lines = _lines(Person(app, "auditor").get("/bureau/log?cols=verb&as=csv").data)
    assert any("'=cmd.test" in line for line in lines)


def test_signs_and_their_rows_are_narrowed_by_number_words_and_verdict(base: Base, desk_app: Flask) -> None:
    _forty_patents(base)
    _one_telephone(base)
    person = Person(desk_app, "reviewer")

    def rows(address: str) -> list[list[str]]:
        return _lines(person.get(address).data)[1:]

    every, patents = rows("/bureau/signs?as=csv"), rows("/bureau/signs?as=csv&threshold=patents")
    assert 0 < len(patents) < len(every)
    assert len({line[0] for line in patents}) == 1
    (shared,) = rows("/bureau/signs?as=csv&q=被多条记录共用")
    assert shared[2] == "3"
    behind = "/bureau/signs/experts/contacts_shared?as=csv"
    assert [line[1] for line in rows(f"{behind}&sort=-record")] == ["专家3", "专家2", "专家1"]
    assert [line[1] for line in rows(f"{behind}&q=专家2")] == ["专家2"]
    shown = [len(rows(f"{behind}&show={each}")) for each in ("strict", "literal_only", "out")]
    assert sum(shown) == 3 and max(shown) == 3, "each verdict holds its own"


def test_a_finding_leads_back_to_the_part_of_the_sample_that_was_looked_at(base: Base, desk_app: Flask) -> None:
    _sample(base)
    person = Person(desk_app, "reviewer")
    part = "/bureau/samples/1?finding=open&page=2"
    page = person.get(part).text
    (record,) = re.findall(r'id="record-(\d+)"', page)
    action = f"/bureau/samples/1/records/{record}?finding=open&page=2"
    assert f'action="{action.replace("&", "&amp;")}"' in page
    answer = person.post(action, {"decision": "wrong", "note": "已转让"})
    assert answer.location == f"{part}#record-{record}"
    assert f'id="record-{record}"' not in person.get(part).text, "it is open no more"
    assert [line[1] for line in _lines(person.get("/bureau/samples/1?finding=wrong&as=csv").data)[1:]] == [record]
    assert [line[7] for line in _lines(person.get("/bureau/samples/1?q=已转让&as=csv").data)[1:]] == ["已转让"]
    sample = "/bureau/thresholds/patents/sample"
    assert [len(_lines(person.get(f"{sample}?as=csv&state={each}").data)) for each in ("open", "closed")] == [2, 1]


def test_papers_that_look_alike_are_narrowed_by_what_they_share_and_by_words(base: Base, desk_app: Flask) -> None:
    _papers_alike(base)
    person = Person(desk_app, "reviewer")

    def files(said: str) -> list[str]:
        return [line[3] for line in _lines(person.get(f"/bureau/evidence/alike?as=csv&{said}").data)[1:]]

    assert files("") == ["回单.png", "合同一.png"] == files("sort=found")
    assert files("sort=-id") == ["合同一.png", "回单.png"]
    assert files("sign=picture") == ["回单.png"]
    assert files("sign=number") == ["合同一.png"]
    assert files("q=合同二") == ["合同一.png"]
    assert files("decided=1") == []
