"""Whether a firm or an agency still exists (经营状态, 登记状态, 机构状态), as dated facts that registers state."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib import resources
from typing import Any, cast, get_args

from matchhub.domain.calendar import EARLIEST, as_utc
from matchhub.domain.legal_status import plain_text, status_key
from matchhub.domain.records import Existence

EXISTENCES: tuple[Existence, ...] = get_args(Existence)
# The later stage stands where two sources of one told day disagree; of an assumed day the later word.
_STAGE: dict[str, int] = {"active": 0, "moved_out": 1, "closed": 2, "struck_off": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistenceFact:
    """What a source said of a party's existence on a day; ``day_told``: the source told that day."""

    state: Existence
    as_of_on: date
    day_told: bool = False
    recorded_at: datetime | None = None
    wording: str = ""


def existence_on(facts: Iterable[ExistenceFact], day: date) -> ExistenceFact | None:
    """What the newest source by ``day`` says of a party; None where nobody said anything by then."""
    held = (fact for fact in facts if fact.as_of_on <= day and fact.state != "unknown")
    return max(held, key=_weight, default=None)


def gone_on(facts: Iterable[ExistenceFact], day: date) -> ExistenceFact | None:
    """The newest word by ``day`` when it says that the party is no longer active there; else None."""
    fact = existence_on(facts, day)
    return fact if fact is not None and fact.state != "active" else None


def _weight(fact: ExistenceFact) -> tuple[date, bool, datetime, int]:
    recorded = as_utc(fact.recorded_at) if fact.recorded_at and not fact.day_told else EARLIEST
    return (fact.as_of_on, fact.day_told, recorded, _STAGE.get(fact.state, -1))


def read_existence(text: str, explained: Mapping[str, Existence] | None = None) -> Existence:
    """The state that a cell names, in any register's words; "unknown" when it names none.

    ``explained`` holds what a person said that words of this source mean, by ``status_key``; it goes first.
    """
    key = status_key(text)
    if explained and key in explained:
        return explained[key]
    if found := _words().get(key):
        return found
    plain = re.sub(r"\s+", " ", plain_text(text))
    for rule, state in _rules():
        if rule.search(plain):
            return state
    return "unknown"


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Existence]:
    return {status_key(word): cast(Existence, state) for state, words in _data()["words"].items() for word in words}


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[re.Pattern[str], Existence], ...]:
    return tuple((re.compile(rule["pattern"]), cast(Existence, rule["says"])) for rule in _data()["part"])


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = resources.files("matchhub.domain").joinpath("existence_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
