"""The shape of a rule pack (规则包): the numbers of one city's measure, as the rules of the domain read them.

The numbers themselves are data (``matchhub/policy/*.toml``), read and checked by ``matchhub.policy``; here stand only
the classes, so that rules can name what they need without knowing where it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Literal

from matchhub.domain.award_rules import AwardClause
from matchhub.domain.calendar import Holidays, day_in
from matchhub.domain.goals import Goal, Threshold, Window, all_thresholds
from matchhub.domain.industries import Industry
from matchhub.domain.proof_rules import ProofRules
from matchhub.domain.sources import ImportSource, SourceKind

RegimeKey = Literal["pilot", "cnipa"]


@dataclass(frozen=True, slots=True)
class PatentRules:
    """A legal status must have been looked at within ``status_fresh_months`` before the as-of day."""

    status_fresh_months: int


@dataclass(frozen=True, slots=True)
class SourceRules:
    """Kinds of source that prove a fact of the stock strictly, by fact (``sources.PROVEN_FACTS``)."""

    accepted: Mapping[str, frozenset[SourceKind]]

    def prove(self, fact: str, source: ImportSource) -> bool:
        """Whether a source of this kind proves the fact; one that the bureau rejected proves nothing any more."""
        return source.kind in self.accepted[fact] and source.word != "rejected"

    def would_prove(self, fact: str, source: ImportSource) -> bool:
        """Whether only the bureau's rejection keeps the source from proving the fact."""
        return source.word == "rejected" and source.kind in self.accepted[fact]


@dataclass(frozen=True, slots=True)
class Category:
    """An innovation category; ``term_years`` is its usual term where a proof names no last day, 0 when it has none."""

    key: str
    zh: str
    en: str
    term_years: int


@dataclass(frozen=True, slots=True)
class LocalRules:
    """Where an enterprise is local (本地企业), and what the clock says there.

    ``divisions`` are codes (行政区划) of the authorities that register local firms. ``names`` are what the place is
    called in addresses and names of firms, the one that screens show first; followed by one of ``elsewhere_after`` they
    are a street or river somewhere else. ``towns`` are its towns, ``neighbours`` the counties around it, where towns of
    these names may also lie. ``regions`` are the province and its cities and counties, as they begin names of firms.
    """

    name_zh: str
    name_en: str
    time_zone: tzinfo
    divisions: tuple[str, ...]
    names: tuple[str, ...]
    elsewhere_after: tuple[str, ...]
    towns: tuple[str, ...]
    neighbours: tuple[str, ...]
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemandRules:
    """Limits of the eight validity tests of a demand, and the months it lasts unless its firm says otherwise."""

    duplicate_hold: float
    duplicate_review: float
    usual_months: int
    max_validity_months: int
    reconfirm_months: int
    least_text: int


@dataclass(frozen=True, slots=True)
class AlikeRules:
    """From which likeness of titles two patents are near-identical, and for how many days one of them is enough."""

    titles: float
    titles_of_one_holder: float
    days: int


@dataclass(frozen=True, slots=True)
class PushRules:
    """Floor by model name, caps, which encumbrances stop a push or are told with it, and what is near-identical.

    ``profile_floor``: what a plan asks of a push that answers no demand; ``new_days``: how long a patent is new for it.
    """

    per_enterprise_day: int
    per_patent: int
    floors: Mapping[str, float]
    blocked_by: frozenset[str]
    warned_by: frozenset[str]
    alike: AlikeRules
    profile_floor: float
    new_days: int

    def floor_of(self, model: str | None) -> float | None:
        """Published floor of ``model`` (``name:digest``, or its name alone); None when none was published."""
        if model is None:
            return None
        exact = self.floors.get(model)
        return exact if exact is not None else self.floors.get(model.partition(":")[0])


OtherParty = Literal["no_holds", "yes_needed", "not_asked"]
"""The other party's word on a deal or licence: its no holds, its yes is needed, or nothing follows from it."""


@dataclass(frozen=True, slots=True)
class DealRules:
    """What a counted deal needs."""

    register_events: Mapping[str, str]
    attributing_events: frozenset[str]
    confirming_roles: tuple[str, ...]
    entrant_may_confirm: bool
    other_party: OtherParty


@dataclass(frozen=True, slots=True)
class RegimeRules:
    """Days on which declarations of one open-licence regime can have been published (``to_on`` None: still open)."""

    key: RegimeKey
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class LicensingRules:
    """Open licensing: deadline of the filing, customary limits of fees, regimes."""

    filing_months: int
    late_filing_counts: bool
    fixed_fee_limit_yuan: Decimal
    sales_royalty_limit_percent: Decimal
    profit_royalty_limit_percent: Decimal
    industry_accepted_by: frozenset[str]  # roles that may accept an industry which no class of the patent serves
    regimes: Mapping[str, RegimeRules]

    def lets_accept_industry(self, role: str) -> bool:
        """Whether this role may accept an industry that no class of the patent serves."""
        return role in self.industry_accepted_by


@dataclass(frozen=True, slots=True)
class DoubleCountRule:
    """Whether one bargain may serve two thresholds and, if not, which of them it serves."""

    allowed: bool
    preferred: str


@dataclass(frozen=True, slots=True)
class SampleRules:
    """How many records a reviewer draws: ``share`` of them, at least ``minimum``; ``confidence`` of the interval."""

    share: float
    minimum: int
    confidence: float


@dataclass(frozen=True, slots=True)
class SignalRules:
    """From where the bureau is told what looks odd. None of it changes a count, save the tolerance of the clock.

    Shares are of the records of one threshold: ``share`` of at least ``minimum`` units that came within ``days``;
    ``burst_share`` of them entered on one day, ``one_person_share`` by one account, ``late_share`` late,
    ``uniform_share`` at one price, ``gone_share`` withdrawn within ``days`` after a claim. ``few``: records from which
    the last three are told. ``bearers``: records that bear one telephone or address; ``push_firms``: firms to which one
    patent was pushed. A clock set back by more than ``clock_seconds`` proves no day; ``silent_days`` without an entry
    are told.
    """

    days: int
    share: float
    minimum: int
    burst_share: float
    one_person_share: float
    late_share: float
    uniform_share: float
    gone_share: float
    few: int
    bearers: int
    push_firms: int
    clock_seconds: int
    silent_days: int


@dataclass(frozen=True, slots=True)
class RulePack:
    """Everything one measure fixes. ``digest`` is the SHA-256 of the file, so that a claim can name its rules."""

    key: str
    title_zh: str
    title_en: str
    document: str
    window: Window
    goals: tuple[Goal, ...]
    patents: PatentRules
    sources: SourceRules
    categories: Mapping[str, Category]
    local: LocalRules
    industries: Mapping[str, Industry]
    demands: DemandRules
    pushes: PushRules
    proof: ProofRules
    deals: DealRules
    licensing: LicensingRules
    double_count: DoubleCountRule
    sample: SampleRules
    signals: SignalRules
    awards: tuple[AwardClause, ...]
    holidays: Holidays = field(default_factory=Holidays)
    digest: str = ""

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The thresholds of all goals, in their order."""
        return tuple(all_thresholds(self.goals))

    def threshold(self, key: str) -> Threshold:
        """The threshold of that key; ``KeyError`` when the pack has none."""
        for threshold in self.thresholds:
            if threshold.key == key:
                return threshold
        raise KeyError(key)

    def thresholds_of(self, kind: str) -> tuple[Threshold, ...]:
        """The thresholds that count records of a kind, in the order of the pack; none where the measure asks none."""
        return tuple(each for each in self.thresholds if each.counter == kind)

    def local_day(self, at: datetime) -> date:
        """The calendar day in the city at the UTC time ``at`` (aware, or naive and meant as UTC)."""
        return day_in(self.local.time_zone, at)
