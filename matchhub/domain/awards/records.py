"""Records kept for the other clauses as rows: loans, sales, events, agents, navigation projects, entries, platforms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from matchhub.domain.award_rules import AwardClause, Needs, Stages
from matchhub.domain.awards.estimates import SOUND, AwardRow, Remark, Standing, day_against
from matchhub.domain.calendar import years_after
from matchhub.domain.goals import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """One record. ``occurred_on``: the day of the loan, the event, the entry; the last day of the year of sales; the
    first day of an agent's contract. ``number``: certificate of an agent."""

    record_id: int
    payee: int
    title: str
    occurred_on: date
    amount_yuan: Decimal = Decimal(0)
    borrower_local: bool | None = None
    notified_on: date | None = None
    until_on: date | None = None  # last day of an agent's contract
    started_on: date | None = None  # an agent's first day of service
    left_on: date | None = None  # agent or agency has left
    reviewed_on: date | None = None  # project or platform passed the review
    number: str = ""
    agents: int = 0
    cases: int = 0
    top_firms: int = 0
    standing: Standing = SOUND


@dataclass(frozen=True, slots=True)
class Told:
    """What a kind of record says: the day that decides, what is against it, what is remarked, what is paid once."""

    on: date
    against: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    identity: str = ""


def record_rows(clause: AwardClause, facts: Iterable[RecordFact], window: Window, as_of: date) -> Iterator[AwardRow]:
    """The rows of one clause, one per record; two where it pays in stages."""
    for fact in facts:
        told = _TELLS[clause.counts](fact, clause.needs, as_of)
        if not isinstance(clause.rule, Stages):
            yield _row(clause, fact, told, window, as_of)
            continue
        yield _row(clause, fact, told, window, as_of, "first")
        later = _stayed(fact, fact.occurred_on, clause.rule.after_years, as_of)
        both = Told(later.on, (*told.against, *later.against), told.remarks)
        yield _row(clause, fact, both, window, as_of, "after")


def _row(clause: AwardClause, fact: RecordFact, told: Told, window: Window, as_of: date, stage: str = "") -> AwardRow:
    against, remarks = day_against(told.on, window, as_of)
    if fact.standing.rejected:
        against.append(Remark("award_rejected"))
    said = [each for each in told.against if each.code != "award_not_yet" or not against]
    return AwardRow(
        kind="award_records",
        record_id=fact.record_id,
        payee=fact.payee,
        on=told.on,
        title=fact.title,
        amount_yuan=fact.amount_yuan,
        against=(*against, *said),
        remarks=(*remarks, *told.remarks),
        standing=fact.standing,
        identity=f"{fact.payee} {stage}" if stage else told.identity,
        stage=stage,
    )


def _loan(fact: RecordFact, needs: Needs, as_of: date) -> Told:
    elsewhere = not fact.borrower_local
    said = (Remark("award_borrower_not_local", {"on": fact.occurred_on}),) if elsewhere else ()
    return Told(fact.occurred_on, said)


def _sales(fact: RecordFact, needs: Needs, as_of: date) -> Told:
    return Told(fact.occurred_on)


def _event(fact: RecordFact, needs: Needs, as_of: date) -> Told:
    if fact.notified_on is not None and fact.notified_on < fact.occurred_on:
        return Told(fact.occurred_on)
    same = fact.notified_on == fact.occurred_on
    code = "award_event_notified_same_day" if same else "award_event_unannounced"
    return Told(fact.occurred_on, (Remark(code, {"title": fact.title, "on": fact.occurred_on}),))


def _agent(fact: RecordFact, needs: Needs, as_of: date) -> Told:
    """A contract of three years runs to the day before its third anniversary; a year of service ends on its first."""
    against: list[Remark] = []
    remarks: list[Remark] = []
    least = years_after(fact.occurred_on, needs.contract_years) - timedelta(days=1)
    if fact.until_on is None or fact.until_on < least:
        against.append(Remark("award_contract_too_short", {"title": fact.title, "least": least}))
    elif fact.until_on == least:
        remarks.append(Remark("award_contract_exactly", {"years": needs.contract_years}))
    served = _stayed(fact, fact.started_on or fact.occurred_on, needs.service_years, as_of)
    if fact.started_on is None:
        against.append(Remark("award_service_unknown", {"title": fact.title}))
    return Told(served.on, (*against, *served.against), tuple(remarks), fact.number or fact.title)


def _stayed(fact: RecordFact, since: date, years: int, as_of: date) -> Told:
    """Whether whoever came stayed so many years: until the anniversary, that day included."""
    over = years_after(since, years)
    if fact.left_on is not None and fact.left_on < over:
        return Told(over, (Remark("award_left_early", {"title": fact.title, "on": fact.left_on, "over": over}),))
    if over > as_of:
        return Told(over, (Remark("award_not_yet", {"on": over}),))
    return Told(over)


def _reviewed(fact: RecordFact, needs: Needs, as_of: date) -> Told:
    if fact.reviewed_on is None:
        return Told(fact.occurred_on, (Remark("award_not_reviewed", {"title": fact.title}),))
    return Told(fact.reviewed_on, identity=fact.number or f"{fact.payee} {fact.title}")


def _platform(fact: RecordFact, needs: Needs, as_of: date) -> Told:
    told = _reviewed(fact, needs, as_of)
    return Told(told.on, told.against, (Remark("award_by_review"),), f"payee {fact.payee}")


def _entry(fact: RecordFact, needs: Needs, as_of: date) -> Told:
    """Enough agents and enough cases, or enough of the top firms; the numbers themselves are included (以上)."""
    by_size = fact.agents >= needs.least_agents and fact.cases >= needs.least_cases
    by_rank = bool(needs.least_top) and fact.top_firms >= needs.least_top
    data = {
        "agents": fact.agents, "least_agents": needs.least_agents, "cases": fact.cases,
        "least_cases": needs.least_cases, "top": fact.top_firms, "least_top": needs.least_top, "of": needs.top_of,
    }  # fmt: skip
    if not by_size and not by_rank:
        return Told(fact.occurred_on, (Remark("award_entry_too_small", data),))
    exactly = (by_size and (fact.agents == needs.least_agents or fact.cases == needs.least_cases)) or (
        by_rank and fact.top_firms == needs.least_top
    )
    return Told(fact.occurred_on, (), (Remark("award_entry_exactly", data),) if exactly else ())


_TELLS: Mapping[str, Callable[[RecordFact, Needs, date], Told]] = {
    "pledge_loans": _loan,
    "sales": _sales,
    "events": _event,
    "agents": _agent,
    "navigation": _reviewed,
    "platforms": _platform,
    "entries": _entry,
}
