"""From rows to amounts, by the kind of rule that the pack writes: share, tiers, each, stages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from matchhub.domain.award_rules import AwardClause, Each, Rule, Share, Stages, Tiers
from matchhub.domain.awards.estimates import AwardRow, Estimate, Remark

Paid = tuple[Decimal, Decimal, list[Remark]]  # base, amount, what must be said of it


def weigh(clause: AwardClause, rows: Iterable[AwardRow]) -> tuple[Estimate, ...]:
    """What a clause pays each payee for each year, from the rows that it read. Pure; the numbers are the clause's."""
    given = list(rows)
    once = isinstance(clause.rule, Stages) or (isinstance(clause.rule, Each) and clause.rule.once)
    repeated = _repeated(given, strict=False) if once else set()
    repeated_strictly = _repeated(given, strict=True) if once else set()
    grouped: defaultdict[tuple[int, int], list[AwardRow]] = defaultdict(list)
    for row in given:
        grouped[row.payee, row.on.year].append(row)
    found = []
    for (payee, year), theirs in sorted(grouped.items()):
        counted = [row for row in theirs if row.counts and id(row) not in repeated]
        strict = [row for row in theirs if row.strict and id(row) not in repeated_strictly]
        base, amount, said = _paid(clause.rule, counted)
        again = [Remark("award_once_only", {"title": row.title}) for row in theirs if id(row) in repeated]
        told = (remark for row in theirs for remark in (row.against or row.remarks))
        remarks = _once((*said, *again, *told))
        found.append(Estimate(clause, payee, year, base, amount, _paid(clause.rule, strict)[1], remarks, tuple(theirs)))
    return tuple(found)


def _paid(rule: Rule, rows: Sequence[AwardRow]) -> Paid:
    if isinstance(rule, Share):
        return _share(rule, rows)
    if isinstance(rule, Tiers):
        return _tier(rule, sum((row.amount_yuan for row in rows), Decimal(0)))
    if isinstance(rule, Each):
        return Decimal(len(rows)), Decimal(len(rows) * rule.amount_yuan), []
    amounts = {"first": rule.first_yuan, "after": rule.after_yuan}
    return Decimal(len(rows)), Decimal(sum(amounts[row.stage] for row in rows)), []


def _share(rule: Share, rows: Sequence[AwardRow]) -> Paid:
    base = sum((row.amount_yuan for row in rows), Decimal(0))
    if rule.above_yuan is not None and base <= rule.above_yuan:
        # 超过…以上 both excludes and includes the number: equality pays nothing here and is flagged.
        code = "award_exactly_at_contradiction" if base == rule.above_yuan else "award_loans_too_few"
        return base, Decimal(0), [Remark(code, {"lent": base, "above": rule.above_yuan})]
    said: list[Remark] = []
    if rule.least_implemented is not None or rule.least_paid_yuan is not None:
        implemented = sum({row.record_id: row.implemented for row in rows}.values())
        enough, said = _least(rule, base, implemented)
        if not enough:
            return base, Decimal(0), said
    full = (base * rule.rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if full > rule.cap_yuan:
        capped = Remark("award_capped", {"full": full, "cap": rule.cap_yuan})
        return base, Decimal(rule.cap_yuan), [capped, *said]
    if full == rule.cap_yuan:
        said = [Remark("award_at_cap", {"cap": rule.cap_yuan}), *said]
    return base, full, said


def _least(rule: Share, base: Decimal, implemented: int) -> tuple[bool, list[Remark]]:
    reached = [
        (have, least)
        for have, least in ((Decimal(implemented), rule.least_implemented), (base, rule.least_paid_yuan))
        if least is not None
    ]
    said = []
    if any(have == least for have, least in reached):
        said.append(Remark("award_at_threshold", {"implemented": implemented, "paid": base}))
    enough = any(have >= least for have, least in reached)
    if not enough:
        data = {
            "implemented": implemented, "least": rule.least_implemented or 0, "paid": base,
            "least_paid": rule.least_paid_yuan or 0,
        }  # fmt: skip
        said.insert(0, Remark("award_threshold_missed", data))
    return enough, said


def _tier(rule: Tiers, base: Decimal) -> Paid:
    reached = [(least, amount) for least, amount in rule.tiers if base >= least]
    if not reached:
        return base, Decimal(0), [Remark("award_sales_too_low", {"sales": base, "least": rule.tiers[0][0]})]
    least, amount = reached[-1]
    said = [Remark("award_tier", {"least": least, "amount": amount})]
    if base == least:
        said.append(Remark("award_at_tier", {"least": least}))
    return base, Decimal(amount), said


def _repeated(rows: Sequence[AwardRow], *, strict: bool) -> set[int]:
    """``id`` of rows whose identity an earlier one that counts has used already, whoever its payee is."""
    seen: set[str] = set()
    found: set[int] = set()
    for row in sorted(rows, key=lambda each: (each.on, each.record_id)):
        if row.identity and (row.strict if strict else row.counts):
            if row.identity in seen:
                found.add(id(row))
            seen.add(row.identity)
    return found


def _once(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    found = {
        (each.code, tuple(sorted((name, str(value)) for name, value in each.data.items()))): each for each in remarks
    }
    return tuple(found.values())
