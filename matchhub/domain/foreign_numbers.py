"""Numbers of foreign and international patents: recorded under country and number, never taken for Chinese ones.

The measure names no place for the patents of the base (四(二)), so a foreign patent is collected like any other; what
its registers say cannot be checked here.
"""

from __future__ import annotations

import re

from matchhub.domain.identifiers import plain

# Two-letter codes of WIPO standard ST.3 for offices whose documents are met with, China left out.
_OFFICES = frozenset(
    re.findall(
        r"[A-Z]{2}",
        "AE AR AT AU BE BG BR CA CH CL CO CZ DD DE DK EA EE EG EP ES FI FR GB GC GR HK HR HU ID IE IL IN IR IS IT JP KR"
        " KZ LT LU LV MA MO MX MY NL NO NZ PE PH PL PT RO RS RU SA SE SG SI SK SU TH TR TW UA US UY VN WO YU ZA",
    )
)
_OFFICE_WORDS: tuple[tuple[str, str], ...] = (
    ("US", r"美国|美國|UNITED STATES|USA|USPTO"),
    ("EP", r"欧洲|欧专局|歐洲|EUROPEAN|EPO"),
    ("WO", r"世界知识产权|国际局|WIPO|PCT"),
    ("JP", r"日本|JAPAN|JPO"),
    ("KR", r"韩国|韓國|KOREA|KIPO"),
    ("TW", r"台湾|台灣|臺灣|TAIWAN"),
    ("HK", r"香港|HONG KONG"),
    ("MO", r"澳门|澳門|MACA[OU]"),
    ("DE", r"德国|德國|GERMANY"),
    ("GB", r"英国|英國|UNITED KINGDOM|BRITAIN"),
    ("FR", r"法国|法國|FRANCE"),
    ("CA", r"加拿大|CANADA"),
    ("AU", r"澳大利亚|澳洲|AUSTRALIA"),
    ("RU", r"俄罗斯|俄羅斯|RUSSIA"),
    ("IN", r"印度(?!尼)|INDIA"),
    ("SG", r"新加坡|SINGAPORE"),
    ("IT", r"意大利|ITALY"),
    ("ES", r"西班牙|SPAIN"),
    ("NL", r"荷兰|NETHERLANDS"),
    ("CH", r"瑞士|SWITZERLAND"),
    ("SE", r"瑞典|SWEDEN"),
    ("BR", r"巴西|BRAZIL"),
    ("VN", r"越南|VIET ?NAM"),
    ("TH", r"泰国|THAILAND"),
    ("MY", r"马来西亚|MALAYSIA"),
    ("ID", r"印度尼西亚|印尼|INDONESIA"),
)
_CHINA = re.compile(r"中国(?!台湾|臺灣|台灣|香港|澳门|澳門)|中华人民共和国|CHINA|CNIPA|国家知识产权局|国知局")
_PUNCTUATION = re.compile(r"[-/,.:()\[\]]+")
_NUMBER = re.compile(r"(?P<office>[A-Z]{2})(?P<number>[A-Z]{0,2}\d{4,14})(?P<kind>[A-Z]\d?)?")
_PCT = re.compile(r"PCT[A-Z]{2}\d{6,10}")
_BARE = re.compile(r"[A-Z]{0,2}\d{4,14}(?:[A-Z]\d?)?")
_LABEL = re.compile(r"^[\u3400-\u9fff]+(?:号|:)*")


def office_of(text: str) -> str | None:
    """Two-letter code of the patent office that a cell names (美国, US, Japan); "CN" for China, None for none known."""
    squeezed = plain(text)
    if squeezed == "CN" or _CHINA.search(squeezed):
        return "CN"
    if squeezed in _OFFICES:
        return squeezed
    return next((office for office, words in _OFFICE_WORDS if re.search(words.replace(" ", ""), squeezed)), None)


def parse_foreign_number(text: str, office: str | None = None) -> str | None:
    """Canonical ``US10123456B2`` of a foreign patent's number; None for what is none.

    ``office`` is the office that another column names, for numbers written without it. International applications are
    ``PCTCN2019123456``.
    """
    squeezed = _PUNCTUATION.sub("", _LABEL.sub("", plain(text)))
    if _PCT.fullmatch(squeezed):
        return squeezed
    found = _NUMBER.fullmatch(squeezed)
    if found and found["office"] in _OFFICES:
        return squeezed
    if office and office != "CN" and not squeezed.startswith(("CN", "ZL")) and _BARE.fullmatch(squeezed):
        return f"{office}{squeezed}"
    return None
