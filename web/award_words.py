"""How clauses, their rules and their rows are said on pages and in files."""

from __future__ import annotations

from decimal import Decimal

from matchhub.domain.award_rules import AwardClause, Each, Share, Tiers
from matchhub.domain.awards import AwardRow
from web.display import yuan
from web.language import language, say, t, word


def clause_name(clause: AwardClause) -> str:
    """二（一）购买技术."""
    title = clause.title_zh if language() == "zh" else clause.title_en
    return f"{clause.clause}{title}" if clause.clause.endswith("）") else f"{clause.clause} {title}"


def unit_said(clause: AwardClause) -> str:
    """What the base is measured in."""
    return t("元", "yuan") if clause.in_yuan else t("项", "records")


def money(clause: AwardClause, base: Decimal) -> str:
    """A base as it is shown: yuan, or a number of records."""
    return yuan(base) if clause.in_yuan else t(f"{base} 项", f"{base}")


def rule_said(clause: AwardClause) -> str:
    """How a clause pays, in one sentence."""
    rule = clause.rule
    if isinstance(rule, Share):
        percent = f"{(rule.rate * 100).normalize():f}%"
        least = [
            say("award_rule_above", yuan=yuan(rule.above_yuan)) if rule.above_yuan else "",
            say("award_rule_least", n=rule.least_implemented or 0, yuan=yuan(rule.least_paid_yuan))
            if rule.least_paid_yuan
            else "",
        ]
        return say("award_rule_share", percent=percent, cap=yuan(rule.cap_yuan)) + "".join(least)
    if isinstance(rule, Tiers):
        steps = t("；", "; ").join(f"≥ {yuan(least)}{t('：', ': ')}{yuan(amount)}" for least, amount in rule.tiers)
        return say("award_rule_tiers", tiers=steps)
    if isinstance(rule, Each):
        return say("award_rule_once" if rule.once else "award_rule_each", amount=yuan(rule.amount_yuan))
    return say("award_rule_stages", first=yuan(rule.first_yuan), after=yuan(rule.after_yuan), years=rule.after_years)


def row_said(row: AwardRow) -> str:
    """What one row is called."""
    stage = f"（{word('award_stage', row.stage)}）" if row.stage else ""
    return f"{row.title or t('交易', 'Deal') + f' #{row.record_id}'}{stage}"


def lacking(row: AwardRow) -> list[str]:
    """Sentences on why a row is not counted, or what it lacks to be counted strictly; none for a complete one."""
    told = row.against or row.standing.lacks
    return [say(each.code, **each.data) for each in told]
