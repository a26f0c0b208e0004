"""Industries and the classes that serve them: symbols at every level, words of a tag, what agrees."""

from __future__ import annotations

import pytest

from matchhub.demo.trades import trades
from matchhub.domain.industries import disagreeing, fitting_industries, is_ipc_symbol, is_locarno_symbol, patent_classes
from matchhub.policy import load_pack

INDUSTRIES = load_pack("jinjiang-2023-6").industries


def test_a_symbol_stands_at_every_level() -> None:
    assert patent_classes(["B29D 35/12(2010.01)I", "ａ43b13/04"], ["02-04"]) == {
        "B29",
        "B29D",
        "B29D35",
        "A43",
        "A43B",
        "A43B13",
        "02",
        "02-04",
    }
    assert patent_classes(["", "鞋", "A4"]) == frozenset()


@pytest.mark.parametrize(
    ("symbol", "known"),
    [
        ("A43", True),
        ("A43B", True),
        ("B29D35", True),
        ("A43E", False),
        ("A44B 19", False),
        ("I01", False),
        ("A50", False),
        ("a43", False),
        ("", False),
    ],
)
def test_a_symbol_that_is_none_is_known_as_such(symbol: str, known: bool) -> None:
    assert is_ipc_symbol(symbol) is known


@pytest.mark.parametrize(("symbol", "known"), [("02", True), ("32-00", True), ("33-01", False), ("2-4", False)])
def test_so_are_those_of_designs(symbol: str, known: bool) -> None:
    assert is_locarno_symbol(symbol) is known


@pytest.mark.parametrize(
    ("tag", "ipc", "wrong"),
    [
        ("鞋服", "A43B 13/22", ()),
        ("鞋服", "A41D 1/00", ()),
        ("鞋服", "C01B 32/158", ("制鞋",)),
        ("制鞋产业", "A43B 13/22", ()),
        ("晋江鞋服产业集群", "A43B 13/22", ()),
        ("鞋服、食品", "A43B 13/22", ("食品",)),
        ("纺织机械", "D04B 35/18", ()),
        ("石墨烯新材料", "C01B 32/158", ()),
        ("Footwear", "A43B 13/22", ()),
        ("制鞋（运动鞋、皮鞋）", "A43B 13/22", ()),
        ("航天", "A43B 13/22", ("航天",)),
        ("本市优势产业", "A43B 13/22", ("本市优势产业",)),
    ],
)
def test_a_tag_agrees_when_everything_it_names_is_served(tag: str, ipc: str, wrong: tuple[str, ...]) -> None:
    assert disagreeing(tag, patent_classes([ipc]), INDUSTRIES.values()) == wrong


def test_every_industry_is_named_by_its_own_words_and_served_by_its_own_classes() -> None:
    for each in INDUSTRIES.values():
        assert each.gbt4754 and each.names
        for word in (each.zh, each.en, each.key, *each.names):
            for symbol in each.ipc:
                assert disagreeing(word, frozenset({symbol}), INDUSTRIES.values()) == (), (word, symbol)
            assert disagreeing(word, frozenset(), INDUSTRIES.values()) != ()


def test_the_trades_of_the_demo_city_are_industries_of_the_pack() -> None:
    for trade in trades():
        for topic in trade.topics:
            assert disagreeing(trade.name, patent_classes(topic.ipc), INDUSTRIES.values()) == ()
        assert disagreeing(trade.name, patent_classes((), [trade.locarno]), INDUSTRIES.values()) == ()


def test_what_fits_stands_in_the_order_of_the_pack() -> None:
    fitting = fitting_industries(patent_classes(["D06N 3/04"]), INDUSTRIES.values())
    assert [each.key for each in fitting] == ["footwear", "apparel", "bags", "chemical_fibres"]
