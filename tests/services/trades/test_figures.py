"""Figures of the trades: what counts, that they follow what changes without reading the base again, and that a link
into the search finds as many as the figure says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from matchhub.db.tables import Demand, Enterprise, Offer, Patent, PatentStatus
from matchhub.domain.industries import Industry
from matchhub.domain.records import PatentRecord, Row, Source
from matchhub.errors import NotFound
from matchhub.services.kernel.runtime import Runtime
from matchhub.services.kernel.unit import VISITOR, Unit
from matchhub.services.patents.recorder import PatentRecorder
from matchhub.services.search.demands import DemandFilters
from matchhub.services.search.kinds import search
from matchhub.services.search.narrowing import PatentFilters
from matchhub.services.search.offers import OfferFilters
from matchhub.services.trades import keeping, lines
from matchhub.services.trades.figures import Trade, Trades, trades_today
from tests.services.small_city import TODAY, City

SOLE, ZIP, WIND = "一种防滑耐磨橡胶鞋底", "一种防水拉链", "一种抗风伞骨"


@pytest.fixture
def town(city: City) -> City:
    """The small city with one offer of a sole, tagged, one of a zipper without a tag, and a verified demand."""
    with city.unit() as unit:
        for title, tag in ((SOLE, "制鞋"), (ZIP, None)):
            offer: dict[str, Any] = {
                "patent_id": city.patent(title), "identity_key": title, "holder_name": "泉南理工大学", "regime": "cnipa",
                "declared_on": TODAY - timedelta(days=9), "valid_to_on": TODAY + timedelta(days=30), "industry": tag,
                "fee_method": "fixed", "fee_yuan": Decimal(1), "recorded_at": unit.now, "updated_at": unit.now,
            }  # fmt: skip
            unit.session.add(Offer(**offer))
    verified(city, city.post(technical_field="制鞋:鞋底粘合"))
    return city


def verified(city: City, demand_id: int) -> None:
    with city.unit() as unit:
        row = unit.session.get_one(Demand, demand_id)
        row.state = "verified"


def figures(city: City) -> Trades:
    with city.runtime.unit(VISITOR, write=False) as unit:
        return trades_today(unit)


def of(city: City, key: str) -> Trade:
    return figures(city).of(key)


def counts(trade: Trade) -> tuple[int, int, int]:
    return trade.patents, trade.demands, trade.offers


def test_a_trade_has_what_its_classes_its_tag_and_its_field_name(town: City) -> None:
    assert counts(of(town, "footwear")) == (2, 1, 1)  # the dead device and the pending mould are no supply
    assert counts(of(town, "zippers")) == (1, 0, 1)  # an offer without a tag goes by its patent's classes
    assert counts(of(town, "umbrellas")) == (1, 0, 0)
    assert dict(of(town, "footwear").by_class) == {"C09J": 1, "A43B": 1}
    assert of(town, "footwear").demands_by_year == {2025: 1}


def test_a_demand_whose_field_names_no_trade_goes_by_its_firm(town: City) -> None:
    with town.unit() as unit:
        unit.session.execute(update(Enterprise).values(industry="雨伞"))
        unit.session.execute(update(Demand).values(technical_field="其他"))
    assert counts(of(town, "umbrellas"))[1] == 1 and counts(of(town, "footwear"))[1] == 0


@pytest.mark.parametrize("change", [{"state": "submitted"}, {"confidentiality": "invited"}])
def test_a_demand_that_not_everybody_may_know_of_is_in_no_figure_and_no_example(
    town: City, change: dict[str, str]
) -> None:
    assert of(town, "footwear").newest_demands
    with town.unit() as unit:
        for row in unit.session.query(Demand):
            for name, value in change.items():
                setattr(row, name, value)
    assert of(town, "footwear").newest_demands == () and counts(of(town, "footwear"))[1] == 0


def test_figures_follow_every_change_and_equal_those_read_anew(town: City) -> None:
    before = figures(town)
    with town.unit() as unit:
        unit.session.add(PatentStatus(patent_id=town.patent(WIND), validity="dead", as_of_on=TODAY, day_told=True,
                                      recorded_at=unit.now))  # fmt: skip
        unit.session.get_one(Patent, town.patent(SOLE)).withdrawn_at = unit.now
    verified(
        town,
        town.post(
            "umbrellas", title="伞骨生锈", text="海边使用的雨伞伞骨很快生锈,想要不锈的伞骨", technical_field="雨伞"
        ),
    )
    after = figures(town)
    assert after != before
    assert counts(after.of("umbrellas")) == (0, 1, 0) and counts(after.of("footwear")) == (1, 1, 0)
    keeping._kept.clear()
    assert figures(town) == after


def test_a_patent_whose_classes_were_written_anew_moves_to_another_trade(town: City) -> None:
    assert of(town, "umbrellas").patents == 1
    with town.unit() as unit:
        number = unit.session.get_one(Patent, town.patent(WIND)).application_number
        record = PatentRecord(source=Source("f", 1), application_number=number, ipc=("A44B 19/24",))
        PatentRecorder(unit, None).record([Row(Source("f", 1), record)])
    moved = of(town, "zippers").patents
    keeping._kept.clear()
    assert of(town, "zippers").patents == moved


def test_opening_a_page_reads_nothing_of_the_base_again(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    first = figures(town)

    def never(*_: Any) -> None:
        raise AssertionError("the base was read again")

    monkeypatch.setattr(keeping, "patent_lines", never)
    monkeypatch.setattr("matchhub.services.trades.figures._added_up", never)
    assert figures(town) is first


def test_what_is_written_leads_to_its_own_records_alone(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    figures(town)
    asked: list[Any] = []

    def noted(unit: Unit, ids: Any = None) -> dict[int, lines.PatentLine]:
        asked.append(ids)
        return lines.patent_lines(unit, ids)

    monkeypatch.setattr(keeping, "patent_lines", noted)
    with town.unit() as unit:
        unit.session.get_one(Patent, town.patent(ZIP)).title = "一种新的防水拉链"
    figures(town)
    assert asked == [{town.patent("一种新的防水拉链")}]


def test_an_offer_leaves_the_figures_on_the_day_after_its_last(town: City) -> None:
    town.clock.forward(days=30)
    assert of(town, "footwear").offers == 1
    town.clock.forward(days=1)
    assert of(town, "footwear").offers == 0


def test_another_table_of_industries_is_followed_at_once(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    figures(town)
    pack = town.runtime.pack
    new = Industry("wind", "抗风", "Wind", (), (), frozenset({"A45B25"}), frozenset())
    other = replace(pack, industries={**pack.industries, "wind": new}, digest="another")
    monkeypatch.setattr(Runtime, "pack", other)
    assert of(town, "wind").patents == 1


def test_links_into_the_search_find_as_many_as_the_figure_says(town: City) -> None:
    with town.runtime.unit(VISITOR, write=False) as unit:
        for trade in trades_today(unit).trades:
            key = trade.industry.key
            in_force = PatentFilters(trade=key, validity="in_force")
            assert search(unit, "patents", filters=in_force).total == trade.patents
            assert search(unit, "demands", filters=DemandFilters(trade=key)).total == trade.demands
            assert search(unit, "offers", filters=OfferFilters(trade=key)).total == trade.offers
            for symbol, number in trade.by_class:
                assert search(unit, "patents", filters=replace(in_force, ipc=symbol)).total == number


def test_an_unknown_trade_is_told_so_and_finds_nothing(town: City) -> None:
    with pytest.raises(NotFound):
        of(town, "no-such")
    with town.runtime.unit(VISITOR, write=False) as unit:
        assert search(unit, "patents", filters=PatentFilters(trade="no-such")).total == 0
