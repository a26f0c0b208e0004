"""Measurable targets (技术指标) in plain Chinese: a number that says how much, not which model or which year."""

from __future__ import annotations

import re
import unicodedata

_NUMBER = r"(?:\d+(?:[.,]\d+)*(?:\s*[x×*]\s*10\^?-?\d+)?)"
_CHINESE_NUMBER = r"[零〇一二两三四五六七八九十百千万亿半]+"
_LATIN_UNIT = (
    r"(?:(?:[munkKMGcdpf]|da)?(?:m|g|s|A|V|W|Hz|Pa|N|J|L|l|mol|F|H|Ω|ohm|bar|Wh|VA|eV|cd|lx|lm|T|Gy|Sv|Bq)"
    r"|[km]?[gG]f|rpm|r/min|ppm|ppb|dB|dpi|kcal|cal|inch|in|mil|min|h|d|wt|vol|pH|HRC|HV|HB|CFU|cfu|cN|dtex|tex|denier|"
    r"[uμ]m|[uμ]g|[uμ]L|mmHg|kWh|bit|[KMGT]?B|fps|°C|℃|℉|°|%|‰|％)"
)
_UNIT = rf"{_LATIN_UNIT}(?:[23²³])?(?:\s*[/·]\s*(?:{_LATIN_UNIT}|[²³a-zA-Z\u4e00-\u9fff]{{1,3}})(?:[23²³])?)*"
_CHINESE_UNIT = (
    r"(?:个百分点|百分点|毫米|厘米|分米|公里|千米|微米|纳米|米|毫克|千克|公斤|克|吨|毫升|升|立方米?|平方米?|平米|亩|公顷|摄氏度|度电|度|"
    r"兆帕|千帕|帕|牛顿?|千瓦时?|瓦|伏|安|赫兹|分贝|流明|转|毫秒|秒钟?|分钟|小时|天|日|周|个?月|年|元|万元|角|分钱|倍|成|级|层|次|双|件|只|"
    r"条|个|台|套|片|块|张|卷|箱|袋|瓶|米/分|目|支|丝|道|旦|针|行|克重|人)"
)
_COMPARISON = (
    r"(?:≥|≤|>=|<=|>|<|＞|＜|≧|≦|不低于|不少于|不小于|不高于|不大于|不超过|不多于|大于|小于|高于|低于|少于|多于|超过|至少|至多|最多|最少|达到|达|控制在|"
    r"降到|降至|降低到?|减少到?|缩短到?|提高到?|提升到?|增加到?|下降到?|降|提高|以内|左右|误差|公差|±)"
)
_AFTER = r"(?:以上|以下|以内|之内|左右|及以上|或以上|或更多|以外)"

_MEASURABLE = (
    re.compile(rf"{_COMPARISON}\s*(?:约|大约|为|了|到|至)?\s*{_NUMBER}"),
    re.compile(rf"{_NUMBER}\s*(?:[-~～—至到]\s*{_NUMBER}\s*)?{_UNIT}(?![A-Za-z])"),
    re.compile(rf"{_NUMBER}\s*(?:[-~～—至到]\s*{_NUMBER}\s*)?(?:多|余|几|来)?{_CHINESE_UNIT}{_AFTER}?"),
    re.compile(rf"百分之{_CHINESE_NUMBER}"),
    re.compile(rf"{_COMPARISON}\s*(?:约|大约|为|了|到|至)?\s*{_CHINESE_NUMBER}\s*{_CHINESE_UNIT}"),
    re.compile(rf"{_CHINESE_NUMBER}{_CHINESE_UNIT}{_AFTER}"),
    re.compile(
        r"(?:降低|减少|缩短|提高|提升|增加|减|省|翻)(?:了|到|至)?(?:一半|[一两二三四五六七八九]成|[一两二三四五六七八九十]倍|一番)"
    ),
)
_NOT_TARGETS = re.compile(
    r"(?:19|20)\d\d\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*[日号])?"  # a date says when, not how much
    r"|(?<![\d个])\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?(?!以?内)"
    r"|(?:1[3-9]\d{9})|(?:0\d{2,3}-?\d{7,8})"  # a telephone number
    r"|(?:GB|ISO|FZ|QB|HG|JB|DIN|EN|ASTM|JIS)\s*/?\s*[TZ]?\s*\d+(?:\.\d+)*(?:-\d{2,4})?"  # a standard's number
    r"|第\s*\d+\s*[条项章款]"
)


def measurable_targets(text: str) -> tuple[str, ...]:
    """Stretches of ``text`` that state how much: numbers with a unit, per cent, comparison words with a number.

    Dates, telephone numbers and the numbers of standards are no targets. Order of appearance, without overlaps.
    """
    plain = _NOT_TARGETS.sub(lambda found: "□" * len(found[0]), unicodedata.normalize("NFKC", text))
    spans = sorted(found.span() for pattern in _MEASURABLE for found in pattern.finditer(plain))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(plain[start:end].strip() for start, end in merged)
