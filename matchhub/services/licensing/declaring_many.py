"""One set of terms declared as open licences (开放许可) of many own patents: which of them can, which cannot, and why;
then one act that records each by the verb of the single one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from matchhub.db.tables import Patent
from matchhub.domain.licensing import Check, may_publish
from matchhub.errors import Refusal
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.declaring import NewOffer, check_terms, checks_of, declare_offer, patents_declared
from matchhub.services.patents.holders import own_patent_ids
from matchhub.services.patents.many import Line, Recorded, record_each

# Lines of the checklist that speak of the terms, which are the same for all: told at the form's fields, not per patent.
_OF_TERMS = ("declaration_fee", "declaration_period")


@dataclass(frozen=True, slots=True)
class Stated:
    """What the holder states of single patents: those with an evaluation report (专利权评价报告), those declared by all
    owners, those whose pledgee consented."""

    reports: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()
    pledgees: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DeclarationLine(Line):
    """One chosen patent: ``checks`` are the lines of its checklist that block or warn and are about the patent;
    ``asks`` names what the holder may state of it (reports, owners, pledgees)."""

    checks: tuple[Check, ...] = ()
    asks: tuple[str, ...] = ()


_ASKS = {
    "declaration_report_missing": "reports", "declaration_report_given": "reports",
    "declaration_owners_missing": "owners",
    "declaration_pledged": "pledgees", "declaration_pledgee_consented": "pledgees",
}  # fmt: skip


def preview_declarations(
    unit: Unit, ids: Collection[int], terms: NewOffer, stated: Stated = Stated()
) -> tuple[DeclarationLine, ...]:
    """Which of the chosen own patents can be declared with these terms, by title; nothing is written.

    What the terms themselves lack is not a patent's fault and is left out here: ``check_declared_terms``.
    """
    unit.require("offer.declare_many")
    own = own_patent_ids(unit) & set(ids)
    chosen = select(Patent).where(Patent.id.in_(own)).order_by(Patent.title, Patent.id)
    patents = list(unit.session.execute(chosen).scalars())
    numbered = [patent for patent in patents if patent.application_number]
    checks = checks_of(unit, [(patent, _terms_of(patent, terms, stated)) for patent in numbered])
    declared = patents_declared(unit, own)
    return tuple(_line(patent, checks.get(patent.id), patent.id in declared, stated) for patent in patents)


def check_declared_terms(unit: Unit, terms: NewOffer) -> None:
    """Refuse terms that no patent could be declared with; raises what ``declare_offer`` raises of them."""
    declared_on = terms.declared_on or unit.today
    if declared_on > unit.today:
        raise Refusal("day_to_come", day=declared_on)
    check_terms(unit, terms, declared_on)


def terms_that_block(unit: Unit, ids: Collection[int], terms: NewOffer) -> tuple[Check, ...]:
    """Lines about fee and period that block; the same for every patent, so one is asked."""
    own = own_patent_ids(unit) & set(ids)
    chosen = select(Patent).where(Patent.id.in_(own), Patent.application_number.is_not(None)).limit(1)
    patents: Sequence[Patent] = unit.session.execute(chosen).scalars().all()
    found = checks_of(unit, [(patent, terms) for patent in patents])
    return tuple(
        check
        for checks in found.values()
        for check in checks
        if check.level == "blocks" and check.code.startswith(_OF_TERMS)
    )


def declare_many(unit: Unit, ids: Collection[int], terms: NewOffer, stated: Stated = Stated()) -> Recorded:
    """Declare those of the chosen own patents that can be; the others are named with their reasons.

    Raises what the terms themselves are refused for (``check_declared_terms``, fee and period), before anything is
    written.
    """
    lines = preview_declarations(unit, ids, terms, stated)
    check_declared_terms(unit, terms)
    for worst in terms_that_block(unit, ids, terms):
        raise Refusal(worst.code, article=worst.article, **dict(worst.data))

    def declare(line: Line) -> int:
        patent = unit.session.get_one(Patent, line.patent_id)
        return declare_offer(unit, _terms_of(patent, terms, stated))

    return record_each(lines, declare)


def _terms_of(patent: Patent, terms: NewOffer, stated: Stated) -> NewOffer:
    return replace(
        terms,
        number=patent.application_number or "",
        evaluation_report=patent.id in stated.reports,
        all_owners=patent.id in stated.owners,
        pledgee_consented=patent.id in stated.pledgees,
    )


def _line(patent: Patent, checks: tuple[Check, ...] | None, declared: bool, stated: Stated) -> DeclarationLine:
    number, title = patent.application_number or patent.publication_number or "", patent.title or ""
    if checks is None:
        return DeclarationLine(patent.id, number, title, Refusal("patent_application_number_missing"))
    told = tuple(each for each in checks if each.level != "ok" and not each.code.startswith(_OF_TERMS))
    asks = {_ASKS[each.code] for each in checks if each.code in _ASKS}
    if patent.id in stated.owners:
        asks.add("owners")
    refusal = Refusal("offer_running", number=number) if declared else None
    if refusal is None and not may_publish(told):
        worst = next(each for each in told if each.level == "blocks")
        refusal = Refusal(worst.code, article=worst.article, **dict(worst.data))
    return DeclarationLine(patent.id, number, title, refusal, told, tuple(sorted(asks)))
