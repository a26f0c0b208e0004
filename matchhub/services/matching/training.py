"""Training: what accepted matches of all enterprises teach everybody, kept as learned words.

Accepted is what an enterprise answered that it wants (``answers.WANTED``), is negotiating or has a standing deal for;
declined is what it answered against the matter itself. Answers about price or time compare nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import or_, select

from matchhub.db.tables import Deal, DealEvent, DealOrigin, DealPatent, Demand, LearnedEntry, Thread
from matchhub.domain.organisations import ENTERPRISE
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.asking import query_of
from matchhub.services.matching.feedback import WANTED, WORTH, spoken
from matchhub.services.matching.store import current_matcher, refresh_index
from recommender import Index, LearnedWord, Shown, learn_words

Match = tuple[int, int, int]
"""Enterprise, demand, patent."""
UNLEARNED, RENEWED = "unlearned", "renewed"


@dataclass(frozen=True, slots=True)
class TrainingSummary:
    """One training: ``accepted`` and ``declined`` matches of ``firms`` enterprises; ``words`` in use now under
    ``model``, of which ``learned`` are new, and how many were ``unlearned``."""

    accepted: int
    declined: int
    firms: int
    words: int
    learned: int
    unlearned: int
    model: str

    def to_json(self) -> dict[str, object]:
        """Plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a base teaches at one moment: its judged matches and the words learned from them."""

    verdicts: dict[Match, bool]
    words: list[LearnedWord]


def learn(unit: Unit) -> Learned:
    """Learn from every match that was accepted or declined so far; reads only, and may take seconds."""
    unit.require("match.train")
    matcher, verdicts = refresh_index(unit), _verdicts(unit)
    return Learned(verdicts, learn_words(list(_shown(unit, matcher.index, verdicts)), matcher))


def train(unit: Unit, learned: Learned) -> TrainingSummary:
    """Make what was ``learned`` (in a reading unit before, so that no writer waits) the words in use.

    Every later answer and run uses them. A word whose support is gone (an answer corrected, a deal cancelled) is
    unlearned; one struck out stays so.
    """
    unit.require("match.train")
    new, gone = _keep(unit, learned.words)
    unit.session.flush()
    accepted = sum(learned.verdicts.values())
    living = select(LearnedEntry.id).where(LearnedEntry.withdrawn_at.is_(None))
    summary = TrainingSummary(
        accepted=accepted,
        declined=len(learned.verdicts) - accepted,
        firms=len({firm for firm, _, _ in learned.verdicts}),
        words=len(unit.session.execute(living).all()),
        learned=new,
        unlearned=gone,
        model=current_matcher(unit).model,
    )
    append_event(unit, "words.trained", "learned_words", None, **summary.to_json())
    return summary


def _verdicts(unit: Unit) -> dict[Match, bool]:
    """Matches with whether they were accepted, in the order they were; the newest answer speaks, a deal above all."""
    verdicts: dict[Match, bool] = {}
    for match in _negotiated(unit):
        verdicts[match] = True
    for each in spoken(unit):
        if each.demand_id is None:
            continue
        match = (each.enterprise_id, each.demand_id, each.patent_id)
        if each.code in WANTED:
            verdicts[match] = True
        elif WORTH[each.code] < 0:
            verdicts[match] = False
    for match in _dealt(unit):
        verdicts[match] = True
    return verdicts


def _negotiated(unit: Unit) -> Iterator[Match]:
    """Conversations that the enterprise began or in which it agreed to exchange contact data."""
    chosen = select(Thread.enterprise_id, Thread.demand_id, Thread.patent_id).where(
        or_(Thread.opened_by_side == ENTERPRISE, Thread.enterprise_agreed_at.is_not(None))
    )
    for firm, demand, patent in unit.session.execute(chosen.order_by(Thread.id)):
        if demand is not None:
            yield firm, demand, patent


def _dealt(unit: Unit) -> Iterator[Match]:
    """FieldOrigin deals that serve a demand, by themselves or through the conversation they grew out of."""
    cancelled = select(DealEvent.deal_id).where(DealEvent.event == "cancelled", DealEvent.withdrawn_at.is_(None))
    chosen = (
        select(Demand.enterprise_id, Demand.id, DealPatent.patent_id)
        .select_from(Deal)
        .join(DealPatent, DealPatent.deal_id == Deal.id)
        .outerjoin(DealOrigin, DealOrigin.deal_id == Deal.id)
        .outerjoin(Thread, Thread.id == DealOrigin.thread_id)
        .join(Demand, or_(Demand.id == Deal.demand_id, Demand.id == Thread.demand_id))
        .where(Deal.withdrawn_at.is_(None), Deal.id.not_in(cancelled))
    )
    rows = unit.session.execute(chosen.order_by(Deal.id, DealPatent.patent_id))
    return ((firm, demand, patent) for firm, demand, patent in rows)


def _shown(unit: Unit, index: Index, verdicts: dict[Match, bool]) -> Iterator[Shown]:
    """The matches with their texts; those whose patent is no longer in the index are left out."""
    chosen = select(Demand)
    ids = sorted({demand for _, demand, _ in verdicts})
    rows = [row for part in parts(ids) for row in unit.session.execute(chosen.where(Demand.id.in_(part))).scalars()]
    queries = {row.id: query_of(row) for row in rows}
    for (firm, demand, patent), accepted in verdicts.items():
        if demand in queries and str(patent) in index:
            name = f"{firm}:{demand}:{patent}"
            yield Shown(str(firm), name, queries[demand], index.document(str(patent)), accepted)


def _keep(unit: Unit, words: list[LearnedWord]) -> tuple[int, int]:
    """Make the table say what was learned; how many words are new, and how many are gone."""
    rows = unit.session.execute(select(LearnedEntry).where(LearnedEntry.withdrawn_at.is_(None) | LearnedEntry.struck))
    known = {(row.plain, row.patent_word): row for row in rows.scalars()}
    wanted = {(word.plain, word.patent_word): word for word in words}
    gone = [row for pair, row in known.items() if not row.struck and pair not in wanted]
    for row in gone:
        row.withdrawn_at, row.withdrawn_reason = unit.now, UNLEARNED
    new = 0
    for pair, word in wanted.items():
        before, fresh = known.get(pair), _row(unit, word)
        if before is None:
            new += 1
        elif before.struck or _same(before, fresh):
            continue
        else:
            before.withdrawn_at, before.withdrawn_reason = unit.now, RENEWED
        unit.session.add(fresh)
    return new, len(gone)


def _row(unit: Unit, word: LearnedWord) -> LearnedEntry:
    numbers = [[int(part) for part in match.split(":")] for match in word.matches]
    return LearnedEntry(
        plain=word.plain,
        patent_word=word.patent_word,
        trust=word.trust,
        firms=word.firms,
        against=word.against,
        strength=word.strength,
        matches=[dict(zip((ENTERPRISE, "demand", "patent"), each, strict=True)) for each in numbers],
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )


def _same(row: LearnedEntry, fresh: LearnedEntry) -> bool:
    return (row.trust, row.against, row.matches) == (fresh.trust, fresh.against, fresh.matches)
