"""Open licensing (专利开放许可): what a declaration must meet, fee limits, the period of an offer, the day a licence is
reached, its filing deadline.

Sources: Patent Law (专利法, 2020) arts. 50 to 52; Implementing Rules (专利法实施细则, 2023) rules 85 to 88 and, for the
three months of the filing, rule 15; customary fee limits: Examination Guidelines (专利审查指南), part V chapter 11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from matchhub.domain.calendar import months_after, next_working_day
from matchhub.domain.counting.facts import EncumbranceFact
from matchhub.domain.records import DealType, PatentType
from matchhub.domain.rules import LicensingRules, RulePack
from matchhub.domain.validity import Life, encumbrances_on

Level = Literal["ok", "warns", "blocks"]
FeeMethod = Literal["fixed", "royalty_sales", "royalty_profit", "free"]
_RULE_86 = "专利法实施细则第八十六条"  # when a declaration is not announced


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a checklist: how grave, by which article, and the code of its sentence."""

    level: Level
    code: str
    article: str
    data: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """An open-licence declaration (开放许可声明) as it stands in the form, with what is known of the patent."""

    patent_type: PatentType
    life: Life
    encumbrances: tuple[EncumbranceFact, ...] = ()
    annuity_paid: bool | None = None
    suspended: bool = False  # 专利权中止程序
    evaluation_report: bool = False  # 专利权评价报告
    declared_by_all_owners: bool = True
    fee_method: FeeMethod | None = None
    fee_yuan: Decimal | None = None
    royalty_percent: Decimal | None = None
    valid_from_on: date | None = None
    valid_to_on: date | None = None


def check_declaration(declaration: Declaration, rules: LicensingRules, on: date) -> tuple[Check, ...]:
    """Every line of the checklist in a fixed order; the declaration may go out when none ``blocks``."""
    lines: tuple[Callable[[Declaration, LicensingRules, date], Iterator[Check]], ...] = (
        _granted,
        _encumbrances,
        _annuity,
        _report,
        _owners,
        _fee,
        _period,
    )
    return tuple(check for line in lines for check in line(declaration, rules, on))


def annuity_paid(today: date, paid_to_on: date | None, stated: bool | None) -> bool | None:
    """Whether the annuities (年费) are paid, ``None`` unknown: a day on record that has passed says no, whatever a form
    states; else the form's word stands, and without one the day on record that has not passed."""
    if paid_to_on is not None and paid_to_on < today:
        return False
    return stated if stated is not None else (True if paid_to_on is not None else None)


def may_publish(checks: tuple[Check, ...]) -> bool:
    """Whether nothing blocks."""
    return all(check.level != "blocks" for check in checks)


def _granted(d: Declaration, rules: LicensingRules, on: date) -> Iterator[Check]:
    article = "专利法第五十条"
    if d.life == "in_force":
        yield Check("ok", "declaration_patent_in_force", article)
    elif d.life == "unknown":
        yield Check("blocks", "declaration_status_unknown", article)
    else:
        yield Check("blocks", "declaration_not_granted" if d.life == "not_granted" else "declaration_dead", article)
    if d.suspended:
        yield Check("blocks", "declaration_suspended", _RULE_86)


def _encumbrances(d: Declaration, rules: LicensingRules, on: date) -> Iterator[Check]:
    article = _RULE_86
    for encumbrance in encumbrances_on(d.encumbrances, on):
        if encumbrance.kind in ("exclusive_licence", "sole_licence"):
            yield Check("blocks", "declaration_exclusively_licensed", article, {"encumbrance": encumbrance.kind})
        elif encumbrance.kind == "pledge":
            level: Level = "ok" if encumbrance.consented else "blocks"
            code = "declaration_pledgee_consented" if encumbrance.consented else "declaration_pledged"
            yield Check(level, code, article)
        elif encumbrance.kind == "preservation":
            yield Check("blocks", "declaration_preserved", article)
        elif encumbrance.kind == "open_licence":
            yield Check("warns", "declaration_repeated", "专利法第五十条")
        else:
            yield Check("warns", "declaration_disputed", "专利法第五十二条")


def _annuity(d: Declaration, rules: LicensingRules, on: date) -> Iterator[Check]:
    article = _RULE_86
    if d.annuity_paid is None:
        yield Check("warns", "declaration_annuity_unknown", article)
    elif not d.annuity_paid:
        yield Check("blocks", "declaration_annuity_unpaid", article)
    else:
        yield Check("ok", "declaration_annuity_paid", article)


def _report(d: Declaration, rules: LicensingRules, on: date) -> Iterator[Check]:
    if d.patent_type == "invention":
        return
    level: Level = "ok" if d.evaluation_report else "blocks"
    code = "declaration_report_given" if d.evaluation_report else "declaration_report_missing"
    yield Check(level, code, "专利法第五十条")


def _owners(d: Declaration, rules: LicensingRules, on: date) -> Iterator[Check]:
    if not d.declared_by_all_owners:
        yield Check("blocks", "declaration_owners_missing", "专利法第十四条")


def _fee(d: Declaration, rules: LicensingRules, on: date) -> Iterator[Check]:
    article = "专利法第五十条"
    if d.fee_method is None:
        yield Check("blocks", "declaration_fee_missing", article)
        return
    amount = d.fee_yuan if d.fee_method == "fixed" else d.royalty_percent
    if d.fee_method != "free" and (amount is None or amount <= 0):
        yield Check("blocks", "declaration_fee_missing", article)
        return
    limit = fee_limit(d.fee_method, rules)
    if limit is not None and amount is not None and amount > limit:
        yield Check("warns", "declaration_fee_high", "专利审查指南第五部分第十一章", {"amount": amount, "limit": limit})
    else:
        yield Check("ok", "declaration_fee_given", article)


def fee_limit(method: FeeMethod, rules: LicensingRules) -> Decimal | None:
    """Customary upper limit of a fee: yuan for a fixed fee, per cent for royalties; None for free licences."""
    limits = {
        "fixed": rules.fixed_fee_limit_yuan,
        "royalty_sales": rules.sales_royalty_limit_percent,
        "royalty_profit": rules.profit_royalty_limit_percent,
    }
    return limits.get(method)


def _period(d: Declaration, rules: LicensingRules, on: date) -> Iterator[Check]:
    article = "专利法实施细则第八十五条"
    if d.valid_from_on is None or d.valid_to_on is None:
        yield Check("blocks", "declaration_period_missing", article)
    elif d.valid_to_on < d.valid_from_on:
        yield Check("blocks", "declaration_period_reversed", article)
    elif d.valid_to_on < on:
        yield Check("blocks", "declaration_period_over", article, {"to_on": d.valid_to_on})
    else:
        yield Check("ok", "declaration_period_given", article)


def filing_due_on(reached_on: date, pack: RulePack) -> date:
    """Last day of the filing (备案): three months after the licence took effect, or the next working day.

    Source: Patent Law Implementing Rules (专利法实施细则) rule 5: a period that ends on a public holiday ends on the
    first working day after it; which days those are the pack may say itself.
    """
    return next_working_day(months_after(reached_on, pack.licensing.filing_months), pack.holidays)


LICENCE_KINDS: frozenset[DealType] = frozenset(
    {"exclusive_licence", "sole_licence", "ordinary_licence", "open_licence"}
)


def licence_kinds_allowed(running: Iterable[str]) -> frozenset[DealType]:
    """Kinds of licence a holder may still grant while licences of the kinds in ``running`` are in force.

    Beside an exclusive (独占) or sole (排他) licence there is room for no other; while an open licence runs only
    ordinary ones may be granted (Patent Law art. 51). Other encumbrances in ``running`` restrict nothing here.
    """
    kinds = set(running)
    if kinds & {"exclusive_licence", "sole_licence"}:
        return frozenset()
    return frozenset({"open_licence", "ordinary_licence"}) if "open_licence" in kinds else LICENCE_KINDS


@dataclass(frozen=True, slots=True)
class OfferPeriod:
    """The days on which an open-licence offer can be accepted, both included; None: no known bound on that side."""

    first_on: date | None = None
    last_on: date | None = None

    def is_open_on(self, day: date) -> bool:
        """Whether a written notice (书面通知) given on ``day`` accepts the offer."""
        return (self.first_on is None or self.first_on <= day) and not self.is_over_on(day)

    def is_over_on(self, day: date) -> bool:
        """Whether the offer had ended before ``day``."""
        return self.last_on is not None and self.last_on < day


def offer_period(
    valid_from_on: date | None, declared_on: date | None, valid_to_on: date | None, withdrawn_on: date | None
) -> OfferPeriod:
    """When an open-licence offer (开放许可) can be accepted.

    It begins with the first day of its term, else with the day it was declared or announced. The last day of the
    term is inside: a term that is given as a day ends at the end of that day (Civil Code art. 203). The day of a
    withdrawal is outside: from its announcement on nothing can be accepted, and what was granted before stays
    (Patent Law art. 50). A day has no hours here, so a notice of that very day would have to be proven the earlier.
    """
    last_inside = withdrawn_on - timedelta(days=1) if withdrawn_on is not None else None
    ends = [day for day in (valid_to_on, last_inside) if day is not None]
    return OfferPeriod(valid_from_on or declared_on, min(ends, default=None))


def reached_on(notified_on: date | None, paid_on: date | None, period: OfferPeriod, free: bool = False) -> date | None:
    """Day on which an open licence was reached: the later of written notice and payment, the notice while the offer
    ran (Patent Law art. 51). A payment may follow after the offer has ended. A free licence is reached by its notice.

    None while one of them is missing or the notice lies outside the offer.
    """
    if notified_on is None or not period.is_open_on(notified_on):
        return None
    if free:
        return notified_on
    return None if paid_on is None else max(notified_on, paid_on)


def fee_due(
    method: FeeMethod, fee_yuan: Decimal | None, royalty_percent: Decimal | None, base_yuan: Decimal | None
) -> Decimal | None:
    """The fee calculator: a fixed fee, or a percentage of net sales or profit, to the fen; None while unknown."""
    if method == "free":
        return Decimal(0)
    if method == "fixed":
        return fee_yuan
    if royalty_percent is None or base_yuan is None:
        return None
    return (base_yuan * royalty_percent / 100).quantize(Decimal("0.01"))
