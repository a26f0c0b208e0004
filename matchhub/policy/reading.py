"""From parsed TOML to a checked rule pack: every field is asked for by name and type, nothing is left over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, tzinfo
from decimal import Decimal
from typing import Any, TypeVar, cast, get_args

from matchhub.domain.calendar import zone_named
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
from matchhub.policy.section import Section
from matchhub.policy.signals import signals_of

T = TypeVar("T")


def pack_of(key: str, raw: Mapping[str, Any], digest: str) -> RulePack:
    """The checked pack; raises ``SettingInvalid`` ``policy_invalid`` with the place of the first fault."""
    top = Section(key, "", raw)
    if top.take("key", str) != key:
        raise top.wrong(f"the file is named {key}", "key")
    document = top.take("document", str)
    pack = RulePack(
        key=key,
        title_zh=top.take("title_zh", str),
        title_en=top.take("title_en", str),
        document=document,
        window=window_of(top.table("window")),
        goals=tuple(goal_of(section, document) for section in top.tables("goals")),
        patents=_patents(top.table("patents")),
        sources=_sources(top.table("sources")),
        categories=_categories(top.table("categories")),
        local=_local(top.table("local")),
        industries=industries_of(top.table("industries")),
        demands=_demands(top.table("demands")),
        pushes=_pushes(top.table("pushes")),
        proof=proof_of(top.table("proof")),
        deals=_deals(top.table("deals")),
        licensing=_licensing(top.table("licensing")),
        double_count=_double_count(top.table("double_count")),
        sample=_sample(top.table("sample")),
        signals=signals_of(top.table("signals")),
        awards=awards_of(top.table("awards")),
        digest=digest,
    )
    top.done()
    _agree(top, pack)
    return pack


def _agree(top: Section, pack: RulePack) -> None:
    keys = [threshold.key for threshold in pack.thresholds]
    if len(set(keys)) != len(keys):
        raise top.wrong("a threshold stands twice", "goals")
    preferred = pack.double_count.preferred
    if preferred and (preferred not in keys or pack.threshold(preferred).counter not in ("deals", "licences")):
        raise top.wrong("not a threshold of deals or licences", "double_count.preferred")
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
            raise s.wrong("empty", fact)
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
        raise s.wrong(f"not a code of six digits: {wrong[0]!r}", "divisions")
    return _closed(s, rules)


def _time_zone(s: Section) -> tzinfo:
    try:
        return zone_named(s.take("time_zone", str))
    except ValueError as fault:
        raise s.wrong(str(fault), "time_zone") from fault


def _words(s: Section, name: str, needed: bool = True) -> tuple[str, ...]:
    """A list of words of the place; an empty word would be found in every address."""
    words = s.texts(name)
    if needed and not words:
        raise s.wrong("empty", name)
    for word in words:
        if not word.strip():
            raise s.wrong(f"not a word: {word!r}", name)
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
        raise s.wrong("review must not lie above hold", "duplicate_review")
    if rules.usual_months > rules.max_validity_months:
        raise s.wrong("longer than max_validity_months", "usual_months")
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
        raise s.wrong("empty", "industry_accepted_by")
    return named


def _regime(key: RegimeKey, s: Section) -> RegimeRules:
    to_on = s.take("to_on", date) if "to_on" in s.names() else None
    return _closed(s, RegimeRules(key, s.take("from_on", date), to_on))


def _double_count(s: Section) -> DoubleCountRule:
    return _closed(s, DoubleCountRule(s.take("allowed", bool), s.take("preferred", str)))


def _sample(s: Section) -> SampleRules:
    return _closed(s, SampleRules(s.between("share", 0, 1), s.positive("minimum")))
