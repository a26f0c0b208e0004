"""The page of learned words: where each came from, training now, striking one out."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from matchhub.services.kernel.runtime import Runtime
from tests.services.matching.test_training import GLUES, MEANT, SLANG, TARGET, TEXTS, built_town, taught, town
from tests.services.small_city import City
from tests.web.people import Person
from tests.web.test_matching_pages import words

__all__ = ["built_town", "town"]


@pytest.fixture
def runtime(town: City) -> Runtime:
    return town.runtime


def test_words_are_learned_listed_with_their_matches_and_struck_out_for_good(town: City, app: Flask) -> None:
    operator, reviewer = Person(app, "operator"), Person(app, "reviewer")
    assert "还没有学到词" in operator.get("/matching/learned").text
    taught(town)
    told = words(operator.post("/matching/learned/train", {}, follow_redirects=True).text)
    assert (
        "从 3 家企业的 3 个接受的匹配" in told
        and f"{TEXTS[0]} → {GLUES[0]}" in told
        and "晋江市第0皮革有限公司" in told
    )
    assert SLANG in told and MEANT in told
    assert f"{SLANG} → {MEANT} 0.3 学到" in words(operator.get(f"/matching/thesaurus?q={SLANG}").text)
    assert (
        "/strike" in operator.get("/matching/learned").text and "/strike" not in reviewer.get("/matching/learned").text
    )
    page = operator.post("/matching/learned/1/strike", {"reason": "巧合\x00"}, follow_redirects=True).text
    assert "以后也不会再学到它" in page and "已划去" in page and "巧合" in page
    assert operator.post("/matching/learned/1/strike", {}).status_code == 404


def test_a_reason_by_a_learned_word_says_so_in_plain_words(town: City, app: Flask) -> None:
    taught(town)
    Person(app, "operator").post("/matching/learned/train", {})
    text: dict[str, Any] = {
        "title": "复合木门的木板分家",
        "text": "复合木门的木板分家",
        "object": None,
        "aim": None,
        "targets": None,
    }
    demand = town.post(technical_field=None, **text)
    page = words(Person(app, "shoes").get(f"/enterprise/demands/{demand}").text)
    assert TARGET in page and "别家接受过的匹配里学到" in page
    assert "晋江市第0皮革有限公司" not in page, "nobody learns whose answers taught the word"
