"""One spelling at both ends: scripts, units, width, case, and what cannot be seen."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest

from recommender import Document, Matcher, Query, build_index
from recommender.holding import documents_holding
from recommender.text import normalise, normalise_all, plain_offsets


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("防水拉鏈", "防水拉链"),
        ("乾燥頭髮，乾隆年間", "干燥头发,乾隆年间"),
        ("防\u200b水\ufeff拉\u00ad链", "防水拉链"),
        ("０．５ 毫米", "0.5mm"),
        ("0.5 MM", "0.5mm"),
        ("25℃", "25°c"),
        ("25摄氏度", "25°c"),
        ("10％", "10%"),
        ("5um", "5μm"),
        ("3平方米", "3m2"),
        ("100 g/m²", "100g/m2"),
        ("3米粉", "3米粉"),
        ("2克拉", "2克拉"),
        ("毫米波", "毫米波"),
        ("5 mmol", "5 mmol"),
        ("ＴＰＵ", "tpu"),
        ("e\u0301", "é"),
        ("𠮷１ 毫米", "𠮷1mm"),
        ("a\x00b", "ab"),
        ("", ""),
    ],
)
def test_one_spelling(said: str, plain: str) -> None:
    assert normalise(said) == plain
    assert normalise_all(["拉链", said, "伞"]) == ["拉链", plain, "伞"]
    assert normalise(plain) == plain


def test_every_character_is_what_unicode_says_or_is_not_seen() -> None:
    """Every character alone but ideographs, which may be traditional."""
    texts = [chr(code) for code in (*range(1, 0x3400), *range(0xA000, 0xD800), *range(0xFB00, 0xFFFF))]
    wanted = [unicodedata.normalize("NFKC", text).lower() for text in texts]
    other = {text: said for text, said, want in zip(texts, normalise_all(texts), wanted, strict=True) if said != want}
    assert set(other.values()) == {""}
    fillers = {char for char in other if unicodedata.category(char) not in ("Cc", "Cf")}
    assert fillers == set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}


@pytest.mark.parametrize("text", ["㎜Ａ鞋", "厚 0.5 毫米的拉鏈", "⑶25℃\u200b时", "100 g/m²，乾燥"])
def test_places_lead_back_into_the_text(text: str) -> None:
    plain, places = plain_offsets(text)
    assert plain == normalise(text)
    assert len(places) == len(plain) + 1 and places[-1] == len(text)
    assert all(left <= right for left, right in pairwise(places))


def test_index_and_question_are_made_plain_alike() -> None:
    matcher = Matcher(build_index([Document("1", "防水拉鏈", "厚０．５毫米"), Document("2", "雨伞", "伞骨")]))
    assert [hit.document_id for hit in matcher.search(Query("", "", "拉链 0.5mm"), 1)] == ["1"]
    assert documents_holding(matcher.index, ["拉链", "0.5mm"]) == ["1"]
    assert documents_holding(matcher.index, ["拉链", "伞骨"]) == []
    assert documents_holding(matcher.index, ["水拉"]) == ["1"]
    assert documents_holding(matcher.index, []) == []
    assert documents_holding(matcher.index, ["拉链"], ["1"]) == []
