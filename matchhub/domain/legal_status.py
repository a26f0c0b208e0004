"""What the words of registers and vendors say of a patent's legal status (法律状态), read strictly.

A word is looked up whole in ``status_words.toml`` first. Only what is not there is read by its parts, in this order:
words about something else than the right (质押合同注销 ends a pledge, not a patent), negations and future events
(没有失效, 即将到期), then what ends a right, then what says that it lives: 避免重复授权放弃 (abandoned to avoid double
grant) contains 授权 (granted), and "inactive" contains "active". What none of them knows stays unknown and is told.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple, cast, get_args

from matchhub.domain.records import Validity
from matchhub.domain.traditional import simplified

VALIDITIES: tuple[Validity, ...] = get_args(Validity)


class LegalStatus(NamedTuple):
    """``validity`` and a ``reason`` in our own words ("granted", "fee_lapsed", …; "" when nothing was recognised).

    Validity "unknown" with a reason is a status about something else than the right: it changes nothing.
    """

    validity: Validity
    reason: str


class StatusReading(NamedTuple):
    """``status`` of a whole cell, the day on which the cell says that it was so, and the words nobody could read."""

    status: LegalStatus
    day_on: date | None
    unread: tuple[str, ...]


UNKNOWN = LegalStatus("unknown", "")
EXPLAINED = "explained"  # the reason of a word that a person explained for its source

_PARTS = re.compile(r"[;；|\n\r]+|<BR\s*/?>")
_NOT_A_WORD = re.compile(r"[^0-9A-Z\u3400-\u9fff]+")
_EVENT_CODE = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2}\d{2,3})(?![0-9])")
_MONTH, _DAY = r"1[0-2]|0?[1-9]", r"3[01]|[12]\d|0?[1-9]"
_DATE = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)(?:\s*[-./年]\s*({_MONTH})\s*[-./月]\s*({_DAY})|(\d\d)(\d\d))(?!\d)\s*[日号]?"
)
_LABEL = re.compile(
    r"^(?:当前|目前|最新|简单|专利|案件|权利|法律|现在)*状态(?:为|是|:)?|^(?:LEGAL |CURRENT )*STATUS\s*:?"
)
_STRENGTH: dict[Validity, int] = {"unknown": 0, "pending": 1, "in_force": 2, "dead": 3}

_MAY_BE_TERM = re.compile(r"届满|期满|到期|失效|终止|EXPIR")


def status_key(word: str) -> str:
    """The form in which status words are compared: NFKC, upper case, simplified, letters and digits only, no dates."""
    return _key(_plain(word))


def plain_text(text: str) -> str:
    """A status cell in NFKC, upper case and simplified characters, without invisible characters."""
    squeezed = re.sub(r"[\u00ad\u200b-\u200f\u2060\ufeff]", "", unicodedata.normalize("NFKC", text))
    return simplified(squeezed).strip().upper()


def _plain(text: str) -> str:
    return _LABEL.sub("", _DATE.sub(" ", plain_text(text)).strip(" :")).strip()


def _key(plain: str) -> str:
    return _NOT_A_WORD.sub("", plain)


@lru_cache(maxsize=1)
def status_words() -> Mapping[str, LegalStatus]:
    """Every whole word of ``status_words.toml`` by its key.

    Raises ``ValueError`` where one word is given two meanings.
    """
    found: dict[str, LegalStatus] = {}
    for meaning in _data()["meaning"]:
        status = LegalStatus(cast(Validity, meaning["validity"]), meaning["reason"])
        for word in meaning["words"]:
            if found.setdefault(status_key(word), status) != status:
                raise ValueError(f"status word {word} has two meanings")
    return found


@lru_cache(maxsize=1)
def register_events() -> Mapping[str, LegalStatus]:
    """What each code of the legal status gazette (法律状态公告) says of the right."""
    return {code: LegalStatus(cast(Validity, each[0]), each[1]) for code, each in _data()["events"].items()}


@lru_cache(maxsize=2)
def _patterns(table: str) -> tuple[tuple[re.Pattern[str], LegalStatus], ...]:
    """The regular expressions of table ``clause`` or ``part`` with what they say, in their order."""
    fragments = {"{" + name + "}": text for name, text in _data()["fragments"].items()}
    found = []
    for rule in _data()[table]:
        pattern = rule["pattern"]
        for name, text in fragments.items():
            pattern = pattern.replace(name, text)
        found.append((re.compile(pattern), LegalStatus(cast(Validity, rule["says"][0]), rule["says"][1])))
    return tuple(found)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("matchhub.domain").joinpath("status_words.toml").read_text(encoding="utf-8"))


def day_in_status(part: str) -> date | None:
    """The first day in a part of a status cell; an impossible one is none."""
    found = _DATE.search(part)
    try:
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])) if found else None
    except ValueError:
        return None


def status_parts(text: str) -> list[str]:
    """The parts of a cell that lists several events or columns, in plain form."""
    return [part for part in _PARTS.split(plain_text(text)) if part.strip()]


def _status_of_part(part: str, explained: Mapping[str, Validity]) -> LegalStatus:
    plain = _plain(part)
    key = _key(plain)
    if key in explained:
        return LegalStatus(explained[key], EXPLAINED)
    if whole := status_words().get(key):
        return whole
    code = _EVENT_CODE.search(plain)
    if code and code[1] in register_events():
        return register_events()[code[1]]
    return _read_by_parts(plain if re.search(r"[A-Z]{3}", plain) else re.sub(r"\s+", "", plain))


def _read_by_parts(text: str) -> LegalStatus:
    """Take the clauses out; what is left decides, and where it says nothing, the strongest clause."""
    taken: list[LegalStatus] = []
    rest = text
    for pattern, status in _patterns("clause"):
        while found := pattern.search(rest):
            taken.append(status)
            rest = f"{rest[: found.start()]},{rest[found.end() :]}"
    left = next((status for pattern, status in _patterns("part") if pattern.search(rest)), UNKNOWN)
    if left.validity != "unknown":
        return left
    return max([left, *taken], key=lambda status: (_STRENGTH[status.validity], bool(status.reason)))


def _day_of(part: str, status: LegalStatus) -> date | None:
    """The day on which the status was so; the day on which a living right is to end is none."""
    return None if status.validity == "in_force" and _MAY_BE_TERM.search(part) else day_in_status(part)


def read_legal_status(text: str, explained: Mapping[str, Validity] | None = None) -> StatusReading:
    """What a cell states of a patent's legal status, in any vendor's words.

    A cell with several dated events (``2015.01.01 授权;2018.02.01 未缴年费终止``) means the latest that decides
    anything; without dates the worst, so that a patent is rather missed than counted alive by mistake. ``explained``
    holds what a person said that words of this source mean, by ``status_key``; it goes first.
    """
    read: list[tuple[date | None, LegalStatus]] = []
    unread: list[str] = []
    for part in status_parts(text):
        status = _status_of_part(part, explained or {})
        if status.reason:
            read.append((_day_of(part, status), status))
        elif _key(_plain(part)):
            unread.append(part.strip())
    if not read:
        return StatusReading(UNKNOWN, None, tuple(unread))
    deciding = [(day, status) for day, status in read if status.validity != "unknown"] or read
    dated_ones = [(day, status) for day, status in deciding if day is not None]
    if len(dated_ones) == len(deciding):
        day, status = max(dated_ones, key=lambda item: (item[0], _STRENGTH[item[1].validity]))
        return StatusReading(status, day, tuple(unread))
    strongest = max((status for _, status in deciding), key=lambda status: _STRENGTH[status.validity])
    return StatusReading(strongest, None, tuple(unread))
