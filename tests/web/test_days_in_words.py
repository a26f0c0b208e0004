"""Sentences and headings have days in words, lists and files the short form (decision 0144); codes stay unshown."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string

from tests.web.crawling import Judge, Reading
from web.language import COOKIE, say

DAY, AT = date(2026, 11, 3), datetime(2026, 11, 3, 17, 5, tzinfo=UTC)  # the next day in the city
SAID = {
    "zh": ("2026年11月3日", "2026年11月4日 01:05"),
    "en": ("3 November 2026", "4 November 2026 01:05"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_days_and_moments_are_said_in_the_language_of_the_page(app: Flask, lang: str) -> None:
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={lang}"}):
        shown = render_template_string("{{ day|said }};{{ at|said }};{{ none|said }};{{ day|day }}", day=DAY, at=AT)
    assert shown == ";".join((*SAID[lang], "—", "2026-11-03"))


@pytest.mark.parametrize("day", [DAY, "2026-11-03"])
def test_a_sentence_of_a_page_has_its_days_in_words_and_one_of_a_file_keeps_them_short(app: Flask, day: object) -> None:
    template = '{{ say("deal_patent_dead", on=day, number="2026-1") }}'
    with app.test_request_context():
        shown = render_template_string(template, day=day)
        assert shown == "签约日2026年11月3日专利 2026-1 已失效。请核对法律状态。"
        assert "签约日 2026-11-03 专利" in say("deal_patent_dead", on=day, number="2026-1")
    with app.test_request_context(headers={"Cookie": f"{COOKIE}=en"}):
        assert "On the day of signing, 3 November 2026, patent" in render_template_string(template, day=day)


def test_moments_are_by_the_city_and_what_is_no_day_stays(app: Flask) -> None:
    template = '{{ say("base_older", day=day, sequence=1) }}'
    with app.test_request_context():
        assert "数据库与2026年11月4日 01:05 的第 1 号" in render_template_string(template, day=AT.isoformat())
        assert "数据库与 2026-02-31 的第 1 号" in render_template_string(template, day="2026-02-31")


@pytest.mark.parametrize(
    ("page", "faulty"),
    [
        ("<h1>截至 2026-11-03</h1>", True),
        ('<div class="alert"><div>自 2026-11-03 14:05 起</div></div>', True),
        ("<p>截至2026年11月3日</p><table><tr><td><p>x</p>2026-11-03</td></tr></table>", False),
        ('<p>见下</p><input><ul class="rows"><li>发布于 2026-11-03</li></ul>', False),
        ('<ul class="rows"><li><div><p>2026-11-03 送达</p></div></li></ul>', False),
        ("<p>一份记录，2026-11-03 自己写的</p>", False),
        ("<li>理由 <code>event_before_window</code></li>", True),
        ("<p>校验值 <code>0a1b_c</code></p>", False),
    ],
)
def test_the_crawler_sees_short_days_in_sentences_and_codes_beside_them(page: str, faulty: bool) -> None:
    judge = Judge("一份记录，2026-11-03 自己写的\n2026-11-03")
    assert bool(judge.faults(Reading(f"<title>页</title>{page}"), "zh")) is faulty
