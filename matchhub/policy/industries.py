"""The part of a rule pack that names the city's industries and the classes of patents that serve them."""

from __future__ import annotations

import re

from matchhub.domain.industries import Industry, is_ipc_symbol, is_locarno_symbol
from matchhub.policy.section import Section

_GBT_4754 = re.compile(r"[0-9]{2,4}")


def industries_of(top: Section) -> dict[str, Industry]:
    """The checked ``[industries]``; ``PackFault`` with the place of the first fault.

    Every industry has its words in both languages and a class that serves it; a symbol that is none is refused.
    """
    found: dict[str, Industry] = {}
    for key in top.names():
        found[key] = _industry(key, top.table(key))
    if not found:
        raise top.wrong("pack_empty")
    return found


def _industry(key: str, section: Section) -> Industry:
    zh, en = section.take("zh", str), section.take("en", str)
    names, codes = section.texts("names"), section.texts("gbt4754")
    ipc, locarno = section.texts("ipc"), section.texts("locarno")
    for name, values, is_one in (
        ("ipc", ipc, is_ipc_symbol),
        ("locarno", locarno, is_locarno_symbol),
        ("gbt4754", codes, lambda code: _GBT_4754.fullmatch(code) is not None),
        ("names", names, lambda word: bool(word.strip())),
    ):
        if wrong := [value for value in values if not is_one(value)]:
            raise section.wrong("pack_symbol_unknown", name, value=wrong[0])
        if len(set(values)) != len(values):
            raise section.wrong("pack_twice", name, value=name)
    if not ipc or not zh.strip() or not en.strip():
        raise section.wrong("pack_industry_bare", "ipc")
    section.done()
    return Industry(key, zh, en, names, codes, frozenset(ipc), frozenset(locarno))
