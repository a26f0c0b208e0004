"""Several names in one cell, however they are joined: by people, by vendors, or by programs."""

from __future__ import annotations

import re

from matchhub.domain.traditional import simplified

_WRITTEN_BY_PROGRAM = re.compile(
    r"""^\s*(?:array|list|set|c)?[\[({]\s*(['"]).*\1\s*(?:,\s*(?:None|null|nan)?\s*)*[\])}]\s*$""", re.DOTALL
)
_BARE_LIST = re.compile(r"^\s*\[([^\[\]'\"]+,[^\[\]'\"]+)\]\s*$")  # as some programs print a list
_QUOTED_NAMES = re.compile(r"""^\s*(?:"[^"]*"|'[^']*')(?:\s*[,，;；、|]\s*(?:"[^"]*"|'[^']*'))+\s*$""")
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_LIST = re.compile(r"\s*(?:[;；|\n\t]|<br\s*/?>)\s*(?:[?？]+)?|、", re.IGNORECASE)
_SEPARATOR = re.compile(r"[;；|\n\t、<]")
_COMMA = re.compile(r"\s*[,，]\s*")
_CHINESE = re.compile(r"^[\u3400-\u9fff]")
_LEGAL_FORM = re.compile(
    r"^(?:(?:co|inc|ltd|llc|llp|lp|corp|corporation|company|limited|plc|gmbh|ag|kg|sa|s\.a|nv|b\.?v|pty|pte|kk|oy|ab|as"
    r"|spa|srl)\.?[\s,]*)+$",
    re.IGNORECASE,
)
# What an organisation's name ends with: only between two such names do 和, & or a blank join several.
_ORGANISATION = re.compile(
    r"(?:公司|大学|学院|学校|研究院|研究所|研究中心|设计院|科学院|工厂|厂|医院|集团|中心|实验室|合作社|协会|学会|联合会|基金会|事务所"
    r"|委员会|管理局|局|站|商行|经营部|工作室|店|部队|企业|中学|小学|\([^()]*(?:合伙|集团)[^()]*\))$"
)
_PERSON = re.compile(r"^[\u4e00-\u9fff]{2,4}$|^[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff·]{1,12}$")
_JOINED = (re.compile(r"\s*[/／+＋&＆]\s*"), re.compile(r"\s+"), re.compile(r"\s*(?:以及|和|与|及)\s*"))
_NUMBERED = r"(?:[①-⑳]|[(（]\d{1,2}[)）]|\d{1,2}[.．、)）](?=\s*[\u3400-\u9fffA-Za-z]))\s*"
_ENUMERATION = re.compile(rf"(?:^|\s+|(?<=[\u4e00-\u9fff)）])){_NUMBERED}")
_FIRST_NUMBER = re.compile(rf"^{_NUMBERED}")
_MAY_PART = re.compile(r"[^\w()（）]|[和与及①-⑳]|[(（]\d")  # without any of these a cell is one name
_ESCAPED_BREAK = re.compile(r"\\[nrt](?=[\u4e00-\u9fff])|\\[nrt]$")
_EDGE = " ;；|,，\t"


def split_list(text: str) -> tuple[str, ...]:
    """Names in one cell, each once, in their order.

    Separated by ``;`` ``|`` ``、``, a line break or a tab; by commas between Chinese names, but not in ``Nike, Inc.``;
    by ``/`` ``+`` ``&``, blanks or 和 between what are names by themselves (甲公司和乙大学, but not 和平公司); numbered
    (1.甲 2.乙); or as a program writes a list: ``['甲', '乙']``.
    """
    if not _MAY_PART.search(text):  # nearly every cell holds one name
        return (text,) if text else ()
    names = (name for part in _parts(text) for name in _joined(part.strip(_EDGE)))
    return tuple(dict.fromkeys(name for name in names if name))


def _parts(text: str) -> list[str]:
    text = _ESCAPED_BREAK.sub("\n", text)
    if bare := _BARE_LIST.match(text):
        text = bare[1]
    if _WRITTEN_BY_PROGRAM.match(text) or _QUOTED_NAMES.match(text):
        return [single or double for single, double in _QUOTED.findall(text)]
    numbered = _ENUMERATION.split(text)
    if len(numbered) > 2 and not numbered[0].strip():
        return [part for each in numbered[1:] for part in _parts(each)]
    if not _SEPARATOR.search(text):
        return _split_by_commas(text)
    parts = [part.strip(_EDGE) for part in _LIST.split(text)]
    are_numbered = all(_FIRST_NUMBER.match(part) for part in parts)
    return [_FIRST_NUMBER.sub("", part) for part in parts] if are_numbered else parts


def _split_by_commas(text: str) -> list[str]:
    if "," not in text and "，" not in text:
        return [text]
    names: list[str] = []
    for name in _COMMA.split(text):
        if names and _LEGAL_FORM.match(name):  # ANTA Sports Co., Ltd. is one
            names[-1] = f"{names[-1]}, {name}"
        elif name:
            names.append(name)
    several = all(_CHINESE.match(name) for name in names) or any(map(_is_name, names))
    return names if several else [text]


def _is_name(name: str) -> bool:
    """Whether a text is the name of an organisation by itself."""
    return len(name) > 3 and _ORGANISATION.search(simplified(name)) is not None


def _joined(part: str) -> list[str]:
    """The names in a part that holds no plain separator."""
    for joint in _JOINED:
        names = joint.split(part)
        if len(names) > 1 and (all(map(_is_name, names)) or _are_persons(names)):
            return [name for each in names for name in _joined(each)]
    return [part]


def _are_persons(names: list[str]) -> bool:
    """Chinese names of persons; two single words may be one name that was spaced out (王 小明)."""
    return all(_PERSON.match(name) for name in names)
