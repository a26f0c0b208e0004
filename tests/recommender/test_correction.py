"""Mistyped words: found by sound, by shape and by the list, only where nobody knows what was typed, and always told."""

from __future__ import annotations

import numpy as np
import pytest
from pypinyin import Style, lazy_pinyin

from recommender import Correction, Document, Matcher, Query, Thesaurus, build_index
from recommender.correction import MOST_CHARACTERS, Corrector, confusable, listed, sounds
from recommender.thesaurus import Entry, shipped

WORDS = ("套袋", "拉链", "无纺布", "帐篷", "粘合", "喷洒", "防水", "废气", "抗压", "土豆", "湿度", "果实")
SAID = {"套袋": 40, "拉链": 40, "无纺": 30, "纺布": 30, "帐篷": 20, "粘合": 30, "喷洒": 30, "防水": 90, "废气": 30,
        "抗压": 30, "土豆": 30, "湿度": 50}  # fmt: skip


def found(text: str, **said: int) -> list[Correction]:
    """What a corrector towards ``WORDS`` makes of a text over a base that says ``SAID`` and ``said``."""
    counts = SAID | said
    corrector = Corrector.of(WORDS)
    return list(corrector.corrections(text, lambda terms: np.array([counts.get(term, 0) for term in terms]), 1000))


@pytest.mark.parametrize(
    ("text", "typed", "meant"),
    [
        ("葡萄套代", "套代", "套袋"),  # the same sound
        ("瓷砖防谁", "防谁", "防水"),  # the same syllable in another tone, in a short text
        ("无防布分层", "无防布", "无纺布"),  # three characters
        ("药液喷酒不匀", "喷酒", "喷洒"),  # the same shape
        ("拉练卡齿", "拉练", "拉链"),  # a word of its own, on the list
    ],
)
def test_a_mistyped_word_is_found(text: str, typed: str, meant: str) -> None:
    assert found(text) == [(typed, meant)]


@pytest.mark.parametrize(
    "text",
    [
        "葡萄套袋",  # typed well
        "费时间的气味",  # not neighbours
        "高度十度",  # 十 counts and is not 湿 mistyped
        "把泥土抖掉，然后再装到筐里，一天要装好几百筐，腰都直不起来",  # two words that meet, in a longer text
        "",
    ],
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_what_the_base_says_is_no_slip() -> None:
    assert found("葡萄套代", 套代=9) == []
    assert found("葡萄套代", 套袋=2) == []  # and a word that the base hardly knows is not meant


def test_what_the_thesaurus_says_is_no_slip() -> None:
    known = Corrector.of([*WORDS, "套代"])
    assert known.corrections("葡萄套代", lambda terms: np.array([SAID.get(term, 0) for term in terms]), 1000) == ()


def test_a_long_text_is_read_to_its_limit() -> None:
    start = "，" * MOST_CHARACTERS
    assert found(f"{start}套代") == []
    assert found(f"{start[4:]}套代") == [("套代", "套袋")]


def base() -> Matcher:
    documents = [Document(f"p{n}", "一种葡萄套袋装置", f"用于果实套袋的装置{n}。") for n in range(20)]
    documents += [Document("other", "一种代步车", "外套和代步工具。")]
    return Matcher(build_index(documents), Thesaurus.of([Entry(("套袋",), ("果袋",), role="means")]))


def test_the_matcher_reads_what_was_meant_and_tells_it() -> None:
    matcher, typed = base(), Query("d", "葡萄套代", "")
    assert matcher.corrections(typed) == (Correction("套代", "套袋"),)
    meant = Query("d", "葡萄套袋", "")
    assert [hit.score for hit in matcher.search(typed)] == [hit.score for hit in matcher.search(meant)]
    assert any("套袋" in reason.demand_text for reason in matcher.search(typed)[0].reasons)
    assert list(matcher.match([typed])) == list(matcher.match([meant]))


def test_keywords_are_not_corrected() -> None:
    assert base().corrections(Query("d", "", "", ("葡萄套代",))) == ()


def test_how_often_a_term_occurs_is_known_from_the_index() -> None:
    assert base().index.document_counts(["套袋", "外套", "代步", "无此"]).tolist() == [20, 1, 1, 0]


def test_the_table_of_sounds_says_what_the_dictionary_of_readings_says() -> None:
    table = sounds(True)
    for character in "套代拉链涤纶无纺布粘黏磨摩":
        mates = [chr(code) for code, first in table.items() if first == table[ord(character)]]
        readings = {lazy_pinyin(mate, style=Style.TONE3, neutral_tone_with_five=True)[0] for mate in mates}
        assert len(readings) == 1, mates
    assert len(table) > 6700


def test_the_lists_are_tidy() -> None:
    assert all(len(one) == 1 for one in confusable())
    words = shipped().words()
    for typed, meant in listed().items():
        assert len(typed) == len(meant)
        assert typed != meant
        assert typed not in words
