"""Search over every kind: what is found, in which order, what each role may see, what is near where nothing fits."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from matchhub.db.tables import Agency, Demand, Enterprise, EnterpriseCategory, Expert, Offer, Patent
from matchhub.errors import NotAllowed
from matchhub.services.kernel.unit import VISITOR, Actor
from matchhub.services.search import word_index as indexes
from matchhub.services.search.agencies import AgencyFilters
from matchhub.services.search.demands import DemandFilters
from matchhub.services.search.enterprises import EnterpriseFilters
from matchhub.services.search.experts import ExpertFilters
from matchhub.services.search.kinds import Kind, count_hits, search, visible_kinds, words_to_try
from matchhub.services.search.offers import OfferFilters
from tests.services.small_city import SHOES, TODAY, UMBRELLAS, ZIPPERS, City

GLUE, SOLE, ZIP = "一种鞋底用水性聚氨酯胶粘剂", "一种防滑耐磨橡胶鞋底", "一种防水拉链"


@pytest.fixture
def town(city: City) -> City:
    """The small city with two experts, two agencies, two offers, trades of firms and two verified demands."""
    with city.unit() as unit:
        common: dict[str, Any] = {"recorded_at": unit.now, "updated_at": unit.now}
        for name, field, consent in (("陈材", "高分子材料与鞋底", TODAY), ("林械", "拉链机械", None)):
            unit.session.add(
                Expert(
                    name=name,
                    organisation="泉南理工大学",
                    person_key=name,
                    field=field,
                    consent_on=consent,
                    phone="13900001111",
                    email="secret@expert.example",
                    **common,
                )
            )
        for name, services, licensed in (
            ("泉州文华代理公司", ["专利代理"], True),
            ("晋江评估公司", ["价值评估"], False),
        ):
            unit.session.add(
                Agency(
                    name=name,
                    name_key=name,
                    service_types=services,
                    is_patent_agency=licensed,
                    contact_name="李小红",
                    phone="0595-1",
                    **common,
                )
            )
        for title, fee, until in ((SOLE, Decimal(20_000), TODAY), (ZIP, None, TODAY + timedelta(days=400))):
            unit.session.add(
                Offer(
                    patent_id=city.patent(title),
                    identity_key=title,
                    holder_name="泉南理工大学",
                    regime="cnipa",
                    fee_method="fixed" if fee else "free",
                    fee_yuan=fee,
                    valid_to_on=until,
                    industry="制鞋",
                    **common,
                )
            )
        trades = {
            SHOES: ("制鞋业", "晋江市陈埭镇"),
            ZIPPERS: ("拉链制造", "晋江市深沪镇"),
            UMBRELLAS: ("制伞", "石狮市"),
        }
        for name, (industry, address) in trades.items():
            unit.session.execute(
                update(Enterprise)
                .where(Enterprise.name == name)
                .values(industry=industry, address=address, contact_phone="000-77770000")
            )
        shoes = unit.session.execute(select(Enterprise.id).where(Enterprise.name == SHOES)).scalar_one()
        unit.session.add(EnterpriseCategory(enterprise_id=shoes, category="high_tech_enterprise", recorded_at=unit.now))
    for title, text in (("运动鞋鞋底开胶", "潮湿环境开胶"), ("拉链头电镀起泡", "拉链头表面处理")):
        key = city.post(
            "shoes",
            title=title,
            text=text,
            object=None,
            aim=None,
            technical_field="胶粘剂" if "胶" in title else "电镀",
        )
        with city.unit() as unit:
            unit.session.execute(update(Demand).where(Demand.id == key).values(state="verified"))
    return city


def names(town: City, who: str, kind: Kind, query: str = "", filters: Any = None) -> list[str]:
    with town.runtime.unit(actor(town, who)) as unit:
        items = search(unit, kind, query, 1, filters).items
        return [each.patent_title if kind == "offers" else getattr(each, "name", "") or each.title for each in items]


def actor(town: City, who: str) -> Actor:
    return VISITOR if who == "visitor" else town.actors[who]


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("visitor", ("patents", "offers", "demands", "agencies")),
        ("college", ("patents", "offers", "demands", "agencies")),
        ("shoes", ("patents", "offers", "demands", "agencies", "experts")),
        ("operator", ("patents", "offers", "demands", "agencies", "experts", "enterprises")),
        ("reviewer", ("patents", "offers", "demands", "agencies", "experts", "enterprises")),
    ],
)
def test_each_role_searches_the_kinds_it_may_see_and_no_other(town: City, who: str, kinds: tuple[str, ...]) -> None:
    with town.runtime.unit(actor(town, who)) as unit:
        assert visible_kinds(unit) == kinds
        assert tuple(count_hits(unit, "鞋底")) == kinds
        if "enterprises" not in kinds:
            with pytest.raises(NotAllowed):
                search(unit, "enterprises", "鞋")
        if "experts" not in kinds:
            with pytest.raises(NotAllowed):
                words_to_try(unit, "experts", "鞋")


@pytest.mark.parametrize(
    ("kind", "query", "first"),
    [
        ("patents", "拉链", ZIP),
        ("offers", "鞋底", SOLE),
        ("demands", "拉链", "拉链头电镀起泡"),
        ("enterprises", "拉链", ZIPPERS),
        ("experts", "鞋底", "陈材"),
        ("agencies", "专利代理", "泉州文华代理公司"),
    ],
)
def test_short_words_find_every_kind(town: City, kind: Kind, query: str, first: str) -> None:
    assert names(town, "operator", kind, query)[0] == first


def test_what_says_most_of_the_words_comes_first_not_what_comes_first_in_the_list(town: City) -> None:
    with town.unit() as unit:
        for name, scope in (
            ("晋江阿鞋贸易有限公司", "服装、鞋帽、箱包、伞具、拉链、食品销售"),
            ("晋江兴鞋材有限公司", "鞋"),
        ):
            unit.session.add(
                Enterprise(name=name, name_key=name, business_scope=scope, recorded_at=unit.now, updated_at=unit.now)
            )
    unranked = sorted([SHOES, "晋江阿鞋贸易有限公司", "晋江兴鞋材有限公司"])
    found = names(town, "operator", "enterprises", "鞋")
    assert sorted(found) == unranked and found[-1] == "晋江阿鞋贸易有限公司"


def test_a_demand_is_found_by_what_its_reader_may_read(town: City) -> None:
    hidden = "潮湿"  # stands in the text alone
    assert names(town, "visitor", "demands", hidden) == names(town, "umbrellas", "demands", hidden) == []
    assert names(town, "college", "demands", hidden) == ["运动鞋鞋底开胶"]  # institutions may read its text
    with town.unit() as unit:
        unit.session.execute(update(Demand).values(confidentiality="interest"))
    assert names(town, "college", "demands", hidden) == []
    assert names(town, "shoes", "demands", hidden) == names(town, "operator", "demands", hidden) == ["运动鞋鞋底开胶"]
    assert names(town, "visitor", "demands", "胶粘剂") == ["运动鞋鞋底开胶"]
    assert names(town, "operator", "demands", "恒步鞋业") and not names(town, "visitor", "demands", "恒步鞋业")


def test_an_unverified_demand_is_seen_by_its_enterprise_and_the_desk_alone(town: City) -> None:
    town.post("umbrellas", title="伞骨生锈", text="海边伞骨生锈")
    for who, expected in (("visitor", []), ("shoes", []), ("college", []), ("umbrellas", ["伞骨生锈"])):
        assert names(town, who, "demands", "伞骨") == expected
    assert names(town, "operator", "demands", "伞骨") == ["伞骨生锈"]


def test_a_demand_for_invited_institutions_is_not_found_by_others(town: City) -> None:
    with town.unit() as unit:
        unit.session.execute(update(Demand).where(Demand.title == "运动鞋鞋底开胶").values(confidentiality="invited"))
    assert names(town, "visitor", "demands", "鞋底") == names(town, "college", "demands", "鞋底") == []
    assert names(town, "shoes", "demands", "鞋底") == ["运动鞋鞋底开胶"]


def test_the_firm_of_a_demand_is_named_to_itself_and_the_desk_alone(town: City) -> None:
    for who, expected in (("visitor", ""), ("college", ""), ("umbrellas", ""), ("shoes", SHOES), ("reviewer", SHOES)):
        with town.runtime.unit(actor(town, who)) as unit:
            (row,) = search(unit, "demands", "鞋底").items
            assert (row.enterprise_name, row.mine) == (expected, who == "shoes")


@pytest.mark.parametrize(
    "contact", ["王小明", "000-12345678", "13900001111", "secret@expert.example", "李小红", "77770000"]
)
def test_contact_data_lead_to_nothing_even_for_the_desk(town: City, contact: str) -> None:
    with town.runtime.unit(town.actors["operator"]) as unit:
        assert not any(count_hits(unit, contact).values())


def test_enterprises_see_experts_who_consented(town: City) -> None:
    assert names(town, "shoes", "experts") == ["陈材"]
    assert names(town, "shoes", "experts", "拉链") == []
    assert names(town, "operator", "experts", "拉链") == ["林械"]


@pytest.mark.parametrize(
    ("kind", "filters", "expected"),
    [
        ("enterprises", EnterpriseFilters(industry="制鞋"), {SHOES}),
        ("enterprises", EnterpriseFilters(place="深沪"), {ZIPPERS}),
        ("enterprises", EnterpriseFilters(category="high_tech_enterprise"), {SHOES}),
        ("enterprises", EnterpriseFilters(local="no"), {UMBRELLAS}),
        ("enterprises", EnterpriseFilters(local="yes"), {SHOES, ZIPPERS}),
        ("enterprises", EnterpriseFilters(local="anything"), {SHOES, UMBRELLAS, ZIPPERS}),
        ("experts", ExpertFilters(field="机械"), {"林械"}),
        ("experts", ExpertFilters(organisation="泉南"), {"陈材", "林械"}),
        ("agencies", AgencyFilters(service="评估"), {"晋江评估公司"}),
        ("agencies", AgencyFilters(patent_agency=True), {"泉州文华代理公司"}),
        ("offers", OfferFilters(most_yuan=Decimal(19_999)), {ZIP}),
        ("offers", OfferFilters(most_yuan=Decimal(20_000)), {ZIP, SOLE}),
        ("offers", OfferFilters(until_on=TODAY), {ZIP, SOLE}),
        ("offers", OfferFilters(until_on=TODAY + timedelta(days=1)), {ZIP}),
        ("offers", OfferFilters(fee_method="free"), {ZIP}),
        ("offers", OfferFilters(regime="pilot"), set()),
        ("offers", OfferFilters(industry="制鞋"), {ZIP, SOLE}),
        ("demands", DemandFilters(field="电镀"), {"拉链头电镀起泡"}),
        ("demands", DemandFilters(year=TODAY.year), {"拉链头电镀起泡", "运动鞋鞋底开胶"}),
        ("demands", DemandFilters(year=TODAY.year - 1), set()),
        ("demands", DemandFilters(state="submitted"), set()),
        ("demands", DemandFilters(industry="制鞋"), {"拉链头电镀起泡", "运动鞋鞋底开胶"}),
        ("demands", DemandFilters(form="许可"), {"拉链头电镀起泡", "运动鞋鞋底开胶"}),
        ("demands", DemandFilters(least_yuan=Decimal(1)), set()),
    ],
)
def test_each_filter_narrows(town: City, kind: Kind, filters: Any, expected: set[str]) -> None:
    assert set(names(town, "operator", kind, "", filters)) == expected


def test_filters_over_what_is_hidden_tell_a_visitor_nothing(town: City) -> None:
    everything = names(town, "visitor", "demands")
    for hidden in (DemandFilters(industry="没有"), DemandFilters(form="没有"), DemandFilters(least_yuan=Decimal(9))):
        assert names(town, "visitor", "demands", "", hidden) == everything != []
        assert names(town, "operator", "demands", "", hidden) == []


def test_words_and_filters_hold_together(town: City) -> None:
    assert names(town, "operator", "enterprises", "晋江", EnterpriseFilters(industry="拉链")) == [ZIPPERS]


def test_another_word_for_the_same_is_near_and_said_so(town: City) -> None:
    with town.runtime.unit(VISITOR) as unit:
        page = search(unit, "patents", "拉锁")
        assert page.near and [row.title for row in page.items] == [ZIP]
        assert count_hits(unit, "拉锁") == {"patents": 0, "offers": 0, "demands": 0, "agencies": 0}
        assert "拉链" in words_to_try(unit, "patents", "拉锁")


def test_words_to_try_find_something_of_that_kind_for_that_reader(town: City) -> None:
    with town.runtime.unit(VISITOR) as unit:
        assert words_to_try(unit, "patents", "鞋底火箭") == ("鞋底",)
        assert words_to_try(unit, "demands", "潮湿 火箭") == ()  # stands in a text that a visitor may not read
        assert words_to_try(unit, "patents", "") == ()
    with town.runtime.unit(town.actors["operator"]) as unit:
        assert words_to_try(unit, "demands", "潮湿 火箭") == ("潮湿",)


def test_what_is_near_stays_inside_what_the_reader_may_see(town: City) -> None:
    town.post("umbrellas", title="拉链卡住", text="拉链卡住")
    assert "拉链卡住" not in names(town, "visitor", "demands", "拉锁卡住")
    assert names(town, "umbrellas", "demands", "拉锁卡住") == ["拉链卡住"]


def test_a_new_record_is_found_at_once_and_put_in_order_by_the_next_search(town: City) -> None:
    assert names(town, "operator", "demands", "伞架") == []
    town.post("umbrellas", title="一般问题", text="其中也有伞架")
    town.post("umbrellas", title="伞架折断", text="伞架在风里折断,伞架要轻")
    town.clock.forward(hours=1)
    town.post("umbrellas", title="别的问题", text="顺便说一句,多种产品里也包括伞架,此外还有许多别的东西要说")
    assert names(town, "operator", "demands", "伞架")[0] == "伞架折断"


def test_many_small_additions_end_in_a_new_index(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "_MOST_SEGMENTS", 3)
    monkeypatch.setattr(indexes, "_REBUILD_SHARE", 5.0)
    sizes = []
    for number in range(5):
        town.post("umbrellas", title=f"伞架{'甲乙丙丁戊'[number]}", text="伞架" + "甲乙丙丁戊"[number] * 9)
        with town.runtime.unit(town.actors["operator"]) as unit:
            sizes.append(len(indexes.word_matcher(unit, "demands").index.segments))
    assert max(sizes) == 3 and sizes[-1] < 3
    assert len(names(town, "operator", "demands", "伞架")) == 5


def test_a_page_beyond_the_end_is_the_last_one(town: City) -> None:
    with town.runtime.unit(VISITOR) as unit:
        assert search(unit, "patents", "鞋底", 99).number == 1


def test_without_words_offers_come_newest_first(town: City) -> None:
    with town.unit() as unit:
        unit.session.execute(
            update(Offer).where(Offer.patent_id == town.patent(SOLE)).values(declared_on=date(2024, 1, 1))
        )
    assert names(town, "visitor", "offers") == [SOLE, ZIP]


def test_a_patent_newer_than_the_index_is_found_at_once(town: City) -> None:
    assert names(town, "visitor", "patents", "伞架") == ["一种抗风伞骨"]  # only near: the trade calls it both
    with town.unit() as unit:
        unit.session.add(Patent(title="一种轻便伞架", abstract="伞架", recorded_at=unit.now, updated_at=unit.now))
    assert names(town, "visitor", "patents", "伞架") == ["一种轻便伞架"]
