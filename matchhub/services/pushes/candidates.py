"""The pairs that choosing judges: what the latest run found for open demands, with all that speaks against each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select

from matchhub.db.tables import (
    Demand,
    Enterprise,
    Match,
    MatchRun,
    Patent,
    PatentClass,
    PatentHolder,
    Push,
    PushDraftPair,
    PushItem,
)
from matchhub.domain.calendar import day_begins
from matchhub.domain.counting.facts import EncumbranceFact
from matchhub.domain.push_variety import Look
from matchhub.domain.pushes import Candidate, PastPush
from matchhub.domain.validity import Life, ended_on, life_on
from matchhub.services.demands.facts import OPEN_STATES
from matchhub.services.facts.encumbrances import recorded_encumbrances
from matchhub.services.facts.existence import gone_enterprises
from matchhub.services.facts.stock import statuses
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.feedback import done_with
from matchhub.services.matching.results import is_good
from matchhub.services.pushes.bounces import Reached, bounced_keys, reach
from matchhub.services.pushes.reach import switched_off, unprofiled, with_account

_HOLDS = ("owner", "applicant")


@dataclass(frozen=True, slots=True)
class Pair:
    """A scored pair before anything is known of it; ``best`` is the best score of its demand."""

    patent_id: int
    enterprise_id: int
    demand_id: int | None
    score: float
    model: str
    best: float | None = None


@dataclass
class _Ground:
    """What is known today of patents and recipients, read once for a whole plan."""

    off: Collection[int]
    gone: Collection[int]
    readers: Collection[int]
    unprofiled: Collection[int]
    bounced: frozenset[str]
    demands: dict[int, tuple[bool, str | None]]  # open; its own address
    mailboxes: dict[int, str | None]  # of enterprises
    declined: Collection[tuple[int, int]]
    taken_out: dict[tuple[int, int], str]
    encumbrances: dict[int, tuple[EncumbranceFact, ...]]
    lives: dict[int, Life] = field(default_factory=dict)
    looks: dict[int, Look] = field(default_factory=dict)
    reached: dict[tuple[int, int | None], Reached] = field(default_factory=dict)

    def mail_to(self, firm: int, demand_id: int | None) -> Reached:
        """Where a letter about the demand, or about the firm's trade, can go."""
        key = firm, demand_id
        if key not in self.reached:
            _, own = self.demands.get(demand_id or 0, (False, None))
            self.reached[key] = reach((own, self.mailboxes.get(firm)), self.bounced)
        return self.reached[key]


def run_pairs(unit: Unit, run: MatchRun) -> list[Pair]:
    """Every result of a run with its demand's enterprise; demands closed since the run are left out."""
    best = select(Match.demand_id, func.max(Match.score)).where(Match.run_id == run.id).group_by(Match.demand_id)
    best_of = dict(unit.session.execute(best).all())
    chosen = (
        select(Match.patent_id, Demand.enterprise_id, Match.demand_id, Match.score)
        .join(Demand, Demand.id == Match.demand_id)
        .where(Match.run_id == run.id, Demand.state.in_(OPEN_STATES))
    )
    return [
        Pair(patent, firm, demand, score, run.model, best_of.get(demand))
        for patent, firm, demand, score in unit.session.execute(chosen)
    ]


def judged_pairs(unit: Unit, pairs: Sequence[Pair]) -> Iterator[Candidate]:
    """The pairs with all that speaks against each, as known now."""
    ground = _ground(unit, pairs)
    for pair in pairs:
        key = (pair.enterprise_id, pair.patent_id)
        is_open, _ = ground.demands.get(pair.demand_id or 0, (pair.demand_id is None, None))
        mail, reads = ground.mail_to(pair.enterprise_id, pair.demand_id), pair.enterprise_id in ground.readers
        bounced = not reads and mail.why_not == "address_bounced"
        yield Candidate(
            patent_id=pair.patent_id,
            enterprise_id=pair.enterprise_id,
            score=pair.score,
            model=pair.model,
            demand_id=pair.demand_id,
            life=ground.lives.get(pair.patent_id, "dead"),  # withdrawn from the base
            encumbrances=ground.encumbrances.get(pair.patent_id, ()),
            suppressed=pair.enterprise_id in ground.off,
            good=pair.best is None or is_good(pair.best),
            declined=key in ground.declined,
            gone=pair.enterprise_id in ground.gone,
            reachable=reads or bounced or mail.address is not None,
            bounced=bounced,
            unprofiled=pair.enterprise_id in ground.unprofiled,
            taken_out=ground.taken_out.get(key),
            closed=not is_open,
            look=ground.looks.get(pair.patent_id),
        )


def past_pushes(unit: Unit) -> list[PastPush]:
    """Planned, delivered and written pushes; the suppressed, failed and withdrawn ones never reached anybody."""
    past = (
        select(
            PushItem.patent_id, Push.enterprise_id, Push.delivered_at, Push.written_at, Push.recorded_at, Push.due_on
        )
        .join(Push)
        .where(Push.state.in_(("planned", "sending", "delivered", "written")), Push.withdrawn_at.is_(None))
    )
    rows = unit.session.execute(past).all()
    recent = unit.today - timedelta(days=unit.pack.pushes.alike.days)
    since = day_begins(unit.zone, recent)
    sent = [row.delivered_at or row.written_at for row in rows]
    looks = _looks(unit, {row.patent_id for row, at in zip(rows, sent, strict=True) if at is None or at >= since})
    return [
        PastPush(
            patent_id=row.patent_id,
            enterprise_id=row.enterprise_id,
            at=at or row.recorded_at,
            on=row.due_on if at is None else None,
            look=looks.get(row.patent_id),
        )
        for row, at in zip(rows, sent, strict=True)
    ]


def lives_of(unit: Unit, patent_ids: Collection[int]) -> dict[int, Life]:
    """How the rights stand today; patents that were withdrawn from the base are left out."""
    known = statuses(unit, Moment(), {})
    return {
        patent: life_on(unit.today, known.get(patent, ()), granted, ends)
        for patent, granted, ends in _terms(unit, patent_ids)
    }


def _ground(unit: Unit, pairs: Sequence[Pair]) -> _Ground:
    patents = {pair.patent_id for pair in pairs}
    near = {pair.patent_id for pair in pairs if pair.score >= (unit.pack.pushes.floor_of(pair.model) or 0.0)}
    ground = _Ground(
        off=switched_off(unit),
        gone=gone_enterprises(unit, unit.today),
        readers=with_account(unit),
        unprofiled=unprofiled(unit),
        bounced=bounced_keys(unit),
        mailboxes=dict(unit.session.execute(select(Enterprise.id, Enterprise.contact_email)).all()),
        demands=_demands(unit, {pair.demand_id for pair in pairs if pair.demand_id is not None}),
        declined=done_with(unit),
        taken_out=_taken_out(unit),
        encumbrances=recorded_encumbrances(unit),
        looks=_looks(unit, near),
    )
    ground.lives = lives_of(unit, patents)
    withdrawn = select(Enterprise.id).where(Enterprise.withdrawn_at.is_not(None))
    ground.gone = set(ground.gone) | set(unit.session.execute(withdrawn).scalars())
    return ground


def _demands(unit: Unit, ids: Iterable[int]) -> dict[int, tuple[bool, str | None]]:
    columns = select(Demand.id, Demand.state, Demand.valid_until_on, Demand.contact_email)
    found = {}
    for part in parts(sorted(ids)):
        for key, state, until, mail in unit.session.execute(columns.where(Demand.id.in_(part))):
            found[key] = (state in OPEN_STATES and (until is None or until >= unit.today), mail)
    return found


def _terms(unit: Unit, ids: Iterable[int]) -> Iterator[tuple[int, date | None, date | None]]:
    """Day of grant, and first day without protection, of patents that are still in the base."""
    columns = select(Patent.id, Patent.granted_on, Patent.application_number, Patent.filed_on, Patent.expires_on)
    for part in parts(sorted(ids)):
        rows = unit.session.execute(columns.where(Patent.id.in_(part), Patent.withdrawn_at.is_(None)))
        for key, granted, number, filed, expires in rows:
            yield key, granted, ended_on(number, filed, expires)


def _taken_out(unit: Unit) -> dict[tuple[int, int], str]:
    """Pairs that the operator took out of a plan, with the reason, until they are put back."""
    columns = select(PushDraftPair.enterprise_id, PushDraftPair.patent_id, PushDraftPair.note)
    rows = unit.session.execute(columns.where(PushDraftPair.state == "taken_out").order_by(PushDraftPair.id))
    return {(firm, patent): note or "" for firm, patent, note in rows}


def _looks(unit: Unit, ids: Iterable[int]) -> dict[int, Look]:
    """What patents look like, for those that come near being chosen."""
    holders: dict[int, set[str]] = defaultdict(set)
    groups: dict[int, set[str]] = defaultdict(set)
    titles: dict[int, str] = {}
    for part in parts(sorted(ids)):
        held = select(PatentHolder.patent_id, PatentHolder.name_key).where(PatentHolder.role.in_(_HOLDS))
        for patent, name in unit.session.execute(held.where(PatentHolder.patent_id.in_(part))):
            holders[patent].add(name)
        classes = select(PatentClass.patent_id, PatentClass.symbol).where(PatentClass.patent_id.in_(part))
        for patent, symbol in unit.session.execute(classes.where(PatentClass.position == 0)):
            groups[patent].add(symbol.partition("/")[0])
        named = select(Patent.id, Patent.title).where(Patent.id.in_(part))
        titles |= {patent: title or "" for patent, title in unit.session.execute(named)}
    return {key: Look(title, frozenset(holders[key]), frozenset(groups[key])) for key, title in titles.items()}
