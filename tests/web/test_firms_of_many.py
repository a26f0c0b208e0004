"""One report of the firms that many chosen patents fit: own patents only, firms masked for their holder."""

from __future__ import annotations

import pytest
from flask import Flask

from matchhub.services.kernel.runtime import Runtime
from tests.services.small_city import PATENTS, SHOES, City
from tests.services.verifying import verify
from tests.web.people import Person


@pytest.fixture
def runtime(city: City) -> Runtime:
    return city.runtime


def test_one_report_tells_of_many_patents_and_of_none_that_are_not_one_s_own(app: Flask, city: City) -> None:
    demand = city.post()
    with city.unit("operator") as unit:
        verify(unit, demand)
    glue, sole, frame = (city.patent(PATENTS[each][0]) for each in (0, 1, 3))
    college = Person(app, "college")
    page = college.get(f"/matching/firms?kept={glue}-{sole}-{frame}").text
    assert PATENTS[0][0] in page and PATENTS[1][0] in page and PATENTS[3][0] not in page
    assert SHOES not in page and "双方同意联系后显示" in page
    rows = college.get(f"/matching/firms.csv?kept={glue}-{sole}-{frame}").get_data().decode("utf-8-sig")
    assert PATENTS[0][0] in rows and PATENTS[3][0] not in rows and SHOES not in rows
    assert college.get(f"/matching/firms.xlsx?kept={glue}").data[:2] == b"PK"
    assert SHOES in Person(app, "operator").get(f"/matching/firms?kept={glue}-{frame}").text


def test_a_report_of_more_than_it_holds_says_how_many_are_left_out(
    app: Flask, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matchhub.services.matching.fitting_firms.MOST_PATENTS", 1)
    kept = "-".join(str(city.patent(PATENTS[each][0])) for each in (0, 1, 2))
    assert "其余 2 件未列入" in Person(app, "college").get(f"/matching/firms?kept={kept}").text
