"""From parsed TOML to a checked rule pack: every field is asked for by name and type, nothing is left over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, tzinfo
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar, cast, get_args

from matchhub.domain.calendar import YEARS, Holidays, zone_named
from matchhub.domain.permissions import permissions
from matchhub.domain.records import DealType, EncumbranceType
from matchhub.domain.rules import (
    AlikeRules,
    Category,
    DealRules,
    DemandRules,
    DoubleCountRule,
    LicensingRules,
    LocalRules,
    OtherParty,
    PatentRules,
    PushRules,
    RegimeKey,
    RegimeRules,
    RulePack,
    SampleRules,
    SourceRules,
)
from matchhub.domain.sources import OWN, PROVEN_FACTS, SOURCE_KINDS, SourceKind
from matchhub.policy.awards import awards_of
from matchhub.policy.goals import goal_of, names_known, window_of
from matchhub.policy.industries import industries_of
from matchhub.policy.proof import proof_of
from matchhub.policy.section import Faults, PackFault, Section
from matchhub.policy.signals import signals_of

T = TypeVar("T")


def pack_of(key: str, raw: Mapping[str, Any], digest: str) -> tuple[RulePack | None, list[PackFault]]:
    """The checked pack and no fault; or None with every fault that was found, one of each part at a time."""
    faults = Faults()
    top = Section("", raw)
    read = _parts(key, top, faults)
    faults.part(top.done)
    if faults.found:
        return None, faults.found
    pack = RulePack(key=key, digest=digest, **read)
    faults.part(lambda: _agree(top, pack))
    return (None, faults.found) if faults.found else (pack, [])


def faults_of(key: str, raw: Mapping[str, Any]) -> list[PackFault]:
    """The faults of what a pack's files say; none when it is valid."""
    return pack_of(key, raw, "")[1]


def _parts(key: str, top: Section, faults: Faults) -> dict[str, Any]:
    """Every part of the pack by its field; a part with a fault is None."""
    faults.part(lambda: _named(key, top))
    document = faults.part(lambda: top.take("document", str)) or ""
    read: dict[str, Any] = {"document": document}
    for name in ("title_zh", "title_en"):
        read[name] = faults.part(partial(top.words, name))
    read["goals"] = tuple(
        faults.part(partial(goal_of, section, document, faults))
        for section in faults.part(lambda: top.tables("goals")) or ()
    )
    for name, reader in READERS.items():
        if name in OPTIONAL and name not in top.names():
            continue
        section = faults.part(partial(top.table, name))
        read[name] = None if section is None else faults.part(partial(reader, section))
    return read


def _named(key: str, top: Section) -> None:
    if top.take("key", str) != key:
        raise top.wrong("pack_key", "key", key=key)


def _agree(top: Section, pack: RulePack) -> None:
    keys = [threshold.key for threshold in pack.thresholds]
    if len(set(keys)) != len(keys):
        raise top.wrong("pack_twice", "goals", value=next(key for key in keys if keys.count(key) > 1))
    preferred = pack.double_count.preferred
    bargains = [each.key for each in pack.thresholds if each.counter in ("deals", "licences")]
    if preferred and preferred not in bargains:
        raise top.wrong("pack_choice", "double_count.preferred", value=preferred, allowed=", ".join(bargains) or "—")
    names_known(top, pack)


def _closed(section: Section, built: T) -> T:
    section.done()
    return built


def _patents(s: Section) -> PatentRules:
    return _closed(s, PatentRules(s.positive("status_fresh_months")))


def _sources(s: Section) -> SourceRules:
    """An own list proves nothing, whatever a pack says; a fact that no kind proves could never be counted."""
    allowed = tuple(kind for kind in SOURCE_KINDS if kind != OWN)
    accepted: dict[str, frozenset[SourceKind]] = {}
    for fact in PROVEN_FACTS:
        accepted[fact] = frozenset(cast(SourceKind, kind) for kind in s.texts(fact, allowed))
        if not accepted[fact]:
            raise s.wrong("pack_empty", fact)
    return _closed(s, SourceRules(accepted))


def _categories(s: Section) -> dict[str, Category]:
    found = {}
    for key in s.names():
        each = s.table(key)
        term = each.take("term_years", int)
        found[key] = _closed(each, Category(key, each.take("zh", str), each.take("en", str), term))
    return found


def _local(s: Section) -> LocalRules:
    rules = LocalRules(
        name_zh=s.take("name_zh", str),
        name_en=s.take("name_en", str),
        time_zone=_time_zone(s),
        divisions=_words(s, "divisions"),
        names=_words(s, "names"),
        elsewhere_after=_words(s, "elsewhere_after", needed=False),
        towns=_words(s, "towns", needed=False),
        neighbours=_words(s, "neighbours", needed=False),
        regions=_words(s, "regions", needed=False),
    )
    if wrong := [code for code in rules.divisions if not re.fullmatch(r"[0-9]{6}", code)]:
        raise s.wrong("pack_form", "divisions", value=wrong[0], wanted="123456")
    return _closed(s, rules)


def _time_zone(s: Section) -> tzinfo:
    name = s.take("time_zone", str)
    try:
        return zone_named(name)
    except ValueError as fault:
        raise s.wrong("pack_form", "time_zone", value=name, wanted="Continent/City, UTC+08:00") from fault


def _holidays(s: Section) -> Holidays:
    """Days that are off or worked here, whatever the yearly notice says; no day is both."""
    off, working = _days(s, "off"), _days(s, "working")
    if both := sorted(off & working):
        raise s.wrong("pack_twice", "working", value=both[0])
    return _closed(s, Holidays(off, working))


def _days(s: Section, name: str) -> frozenset[date]:
    found: set[date] = set()
    for day in s.take(name, list, []):
        if type(day) is not date:  # a moment is none
            raise s.wrong("pack_type", name, wanted="[2026-01-31]", value=str(day)[:60])
        if day.year not in YEARS:
            raise s.wrong("pack_range", name, least=YEARS.start, most=YEARS.stop - 1, value=day)
        if day in found:
            raise s.wrong("pack_twice", name, value=day)
        found.add(day)
    return frozenset(found)


def _words(s: Section, name: str, needed: bool = True) -> tuple[str, ...]:
    """A list of words of the place; an empty word would be found in every address."""
    words = s.texts(name)
    if needed and not words:
        raise s.wrong("pack_empty", name)
    for word in words:
        if not word.strip():
            raise s.wrong("pack_empty", name)
    return words


def _demands(s: Section) -> DemandRules:
    rules = DemandRules(
        duplicate_hold=s.between("duplicate_hold", 0, 1),
        duplicate_review=s.between("duplicate_review", 0, 1),
        usual_months=s.positive("usual_months"),
        max_validity_months=s.positive("max_validity_months"),
        reconfirm_months=s.positive("reconfirm_months"),
        least_text=s.positive("least_text"),
    )
    if rules.duplicate_review > rules.duplicate_hold:
        raise s.wrong("pack_above", "duplicate_review", other="duplicate_hold")
    if rules.usual_months > rules.max_validity_months:
        raise s.wrong("pack_above", "usual_months", other="max_validity_months")
    return _closed(s, rules)


def _pushes(s: Section) -> PushRules:
    encumbrances = get_args(EncumbranceType)
    floors, alike = s.table("floors"), s.table("alike")
    rules = PushRules(
        per_enterprise_day=s.positive("per_enterprise_day"),
        per_patent=s.positive("per_patent"),
        floors={name: floors.between(name, 0, 1) for name in floors.names()},
        blocked_by=frozenset(s.texts("blocked_by", encumbrances)),
        warned_by=frozenset(s.texts("warned_by", encumbrances)),
        alike=_closed(
            alike,
            AlikeRules(
                titles=alike.between("titles", 0, 1),
                titles_of_one_holder=alike.between("titles_of_one_holder", 0, 1),
                days=alike.positive("days"),
            ),
        ),
        profile_floor=s.between("profile_floor", 0, 1),
        new_days=s.positive("new_days"),
    )
    return _closed(s, rules)


def _deals(s: Section) -> DealRules:
    events = s.table("register_events")
    kinds = get_args(DealType)
    rules = DealRules(
        register_events={kind: events.among(kind, ("TR01", "EE01")) for kind in kinds},
        attributing_events=frozenset(s.texts("attributing_events")),
        confirming_roles=s.texts("confirming_roles"),
        entrant_may_confirm=s.take("entrant_may_confirm", bool),
        other_party=cast(OtherParty, s.among("other_party", get_args(OtherParty))),
    )
    events.done()
    return _closed(s, rules)


def _licensing(s: Section) -> LicensingRules:
    regimes = s.table("regimes")
    keys: tuple[RegimeKey, ...] = get_args(RegimeKey)
    rules = LicensingRules(
        filing_months=s.positive("filing_months"),
        late_filing_counts=s.take("late_filing_counts", bool),
        fixed_fee_limit_yuan=s.take("fixed_fee_limit_yuan", Decimal),
        sales_royalty_limit_percent=s.take("sales_royalty_limit_percent", Decimal),
        profit_royalty_limit_percent=s.take("profit_royalty_limit_percent", Decimal),
        industry_accepted_by=frozenset(_acceptors(s)),
        regimes={key: _regime(key, regimes.table(key)) for key in keys},
    )
    regimes.done()
    return _closed(s, rules)


def _acceptors(s: Section) -> frozenset[str]:
    """Roles that can accept at all (``permissions.toml``); without one a tag that disagrees could never be accepted."""
    able = permissions().roles_of("offer.judge_industry")
    named = frozenset(s.texts("industry_accepted_by", tuple(sorted(able))))
    if not named:
        raise s.wrong("pack_empty", "industry_accepted_by")
    return named


def _regime(key: RegimeKey, s: Section) -> RegimeRules:
    to_on = s.take("to_on", date) if "to_on" in s.names() else None
    return _closed(s, RegimeRules(key, s.take("from_on", date), to_on))


def _double_count(s: Section) -> DoubleCountRule:
    return _closed(s, DoubleCountRule(s.take("allowed", bool), s.take("preferred", str)))


def _confidence(s: Section) -> float:
    """Neither nothing nor certainty: at 1 every sample would support nothing at all."""
    found = s.between("confidence", 0, 1)
    if not 0 < found < 1:
        raise s.wrong("pack_range", "confidence", least=0, most=1, value=found)
    return found


def _sample(s: Section) -> SampleRules:
    return _closed(s, SampleRules(s.between("share", 0, 1), s.positive("minimum"), _confidence(s)))


READERS: Mapping[str, Callable[[Section], Any]] = {
    "window": window_of,
    "patents": _patents,
    "sources": _sources,
    "categories": _categories,
    "local": _local,
    "industries": industries_of,
    "demands": _demands,
    "pushes": _pushes,
    "proof": proof_of,
    "deals": _deals,
    "licensing": _licensing,
    "double_count": _double_count,
    "sample": _sample,
    "signals": signals_of,
    "awards": awards_of,
    "holidays": _holidays,
}
"""Reader of each table of a pack; the field of ``RulePack`` is called like the table."""
OPTIONAL = ("holidays",)  # what the field is by itself where the table is not written
