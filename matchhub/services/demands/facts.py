"""The eight tests of a valid demand asked of a few recorded demands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from matchhub.db.tables import (
    Demand,
    DemandEvent,
    Enterprise,
)
from matchhub.domain.counting.facts import DemandFacts, EvidenceFact
from matchhub.services.facts.demand_words import NO_WORDS, DemandWords, demand_words
from matchhub.services.facts.evidence import evidence_of
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

OPEN_STATES = ("submitted", "verified")


def demand_facts_of(unit: Unit, rows: Sequence[Demand]) -> dict[int, DemandFacts]:
    """What the eight tests read, for a few demands; ``facts.base.demand_facts`` does it for the whole base."""
    again: dict[int, date] = {}
    ids = [row.id for row in rows]
    chosen = select(DemandEvent.demand_id, DemandEvent.occurred_on).where(
        DemandEvent.demand_id.in_(ids), DemandEvent.state == "reconfirmed"
    )
    for demand_id, day in unit.session.execute(chosen.order_by(DemandEvent.occurred_on, DemandEvent.id)):
        again[demand_id] = day
    firms = {key: unit.session.get_one(Enterprise, key) for key in {row.enterprise_id for row in rows}}
    papers = evidence_of(unit, "demands", Moment(), ids)
    words = demand_words(unit, Moment(), papers, ids)
    return {
        row.id: _fact(row, firms[row.enterprise_id], again.get(row.id), words.get(row.id, NO_WORDS),
                      papers.get(row.id, ()))
        for row in rows
    }  # fmt: skip


def _fact(
    row: Demand, firm: Enterprise, reconfirmed_on: date | None, words: DemandWords, papers: tuple[EvidenceFact, ...]
) -> DemandFacts:
    return DemandFacts(
        record_id=row.id,
        enterprise_id=firm.id,
        enterprise_uscc=firm.uscc,
        enterprise_local=firm.local,
        local_decided_by=firm.local_decided_by,
        title=row.title,
        text=row.text,
        object=row.object,
        aim=row.aim,
        targets=row.targets,
        technical_field=row.technical_field,
        ipc=tuple(row.ipc),
        cooperation_form=row.cooperation_form,
        budget_yuan=row.budget_yuan,
        budget_negotiable=row.budget_negotiable,
        contact_name=row.contact_name,
        contact_reachable=bool(row.contact_phone or row.contact_email),
        posted_on=row.posted_on,
        valid_until_on=row.valid_until_on,
        reconfirmed_on=reconfirmed_on,
        authorised_on=row.authorised_on,
        authorised_by=row.authorised_by,
        evidence=papers,
        verification=words.verification,
        own_word=words.own_word,
        outdated=words.outdated,
        duplicate_of=row.duplicate_of_id,
        duplicate_similarity=row.duplicate_score,
        duplicate_decision=row.duplicate_decision,  # type: ignore[arg-type]
    )


def reconfirmation_is_due(unit: Unit, demand: Demand, due: date | None) -> bool:
    """Whether the enterprise is to be asked if the demand still holds: the day has come, or the term has passed."""
    ended = demand.valid_until_on is not None and demand.valid_until_on < unit.today
    return demand.state in OPEN_STATES and (ended or (due is not None and due <= unit.today))
