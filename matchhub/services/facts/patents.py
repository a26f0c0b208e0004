"""Facts of patents, enterprises, experts, agencies and demands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import Agency, Demand, DemandEvent, EnterpriseCategory, Expert
from matchhub.domain.counting.facts import (
    AgencyFacts,
    CategoryFact,
    DemandFacts,
    EnterpriseFacts,
    EvidenceFact,
    ExpertFacts,
    PatentFacts,
)
from matchhub.domain.parties import normalise_name
from matchhub.domain.sources import OWN_LIST, ImportSource
from matchhub.services.facts.demand_words import DemandWords, demand_words
from matchhub.services.facts.evidence import evidence_of
from matchhub.services.facts.existence import existences
from matchhub.services.facts.known import Known
from matchhub.services.facts.sources import similar_pairs, value_sources
from matchhub.services.kernel.history import Moment, State, states
from matchhub.services.kernel.revisions import to_json
from matchhub.services.kernel.unit import Unit


def patent_facts(known: Known) -> tuple[PatentFacts, ...]:
    """Every patent of the base."""
    said, checked = known.said("patents"), known.statuses
    return tuple(
        PatentFacts(
            record_id=key,
            application_number=s["application_number"],
            publication_number=s["publication_number"],
            number_completed=bool(s["number_completed"]),
            title=s["title"],
            applicants=s.get("applicants") or s.get("owners") or (),
            ipc=s.get("ipc") or (),
            locarno=s.get("locarno") or (),
            filed_on=s["filed_on"],
            expires_on=s["expires_on"],
            statuses=checked.get(key, ()),
            entered_on=s["entered_on"],
            withdrawn_on=s["withdrawn_on"],
            confirmations=said.get(key, ()),
        )
        for key, s in known.patents.items()
    )


def enterprise_facts(known: Known) -> tuple[EnterpriseFacts, ...]:
    """Every enterprise of the base with its innovation categories."""
    categories: dict[int, list[CategoryFact]] = defaultdict(list)
    chosen = select(EnterpriseCategory).order_by(EnterpriseCategory.id)
    for row in known.unit.session.execute(known.moment.limit(chosen, EnterpriseCategory)).scalars():
        if not known.moment.withdrawn(row):
            fact = CategoryFact(
                category=row.category,
                certificate_number=row.certificate_number,
                official_list=row.official_list,
                valid_from_on=row.valid_from_on,
                valid_to_on=row.valid_to_on,
                source=known.sources.get(row.batch_id, OWN_LIST),
            )
            categories[row.enterprise_id].append(fact)
    said = known.said("enterprises")
    pairs = similar_pairs(known.unit, "enterprises", known.moment)
    existence = existences(known.unit, known.moment, "enterprise_id")
    return tuple(
        EnterpriseFacts(
            record_id=key,
            uscc=s["uscc"],
            name_key=s["name_key"],
            categories=tuple(categories.get(key, ())),
            existences=existence.get(key, ()),
            local=known.local(s).local,
            doubts=pairs.doubts.get(key, ()),
            told_apart=pairs.told_apart.get(key, ()),
            entered_on=s["entered_on"],
            withdrawn_on=s["withdrawn_on"],
            confirmations=said.get(key, ()),
        )
        for key, s in known.enterprises.items()
    )


def expert_facts(known: Known) -> tuple[ExpertFacts, ...]:
    """Every expert of the base, name and organisation normalised."""
    names = ("name", "organisation", "field", "title", "qualification", "consent_on", "consent_evidence")
    said = known.said("experts")
    sources = value_sources(known.unit, "experts", known.sources, known.moment)
    papers = evidence_of(known.unit, "experts", known.moment)
    pairs = similar_pairs(known.unit, "experts", known.moment)
    return tuple(
        ExpertFacts(
            record_id=key,
            name=_key(s["name"]),
            organisation=_key(s["organisation"]),
            field=s["field"],
            title=s["title"],
            qualification=s["qualification"],
            consent_on=s["consent_on"],
            consent_evidence=s["consent_evidence"],
            consent_sources=_said_by(sources, key, s, ("consent_on",)),
            evidence=papers.get(key, ()),
            standing_sources=_said_by(sources, key, s, ("title", "qualification")),
            doubts=pairs.doubts.get(key, ()),
            entered_on=s["entered_on"],
            withdrawn_on=s["withdrawn_on"],
            confirmations=said.get(key, ()),
        )
        for key, s in states(known.unit, "experts", Expert, names, known.moment).items()
    )


def agency_facts(known: Known) -> tuple[AgencyFacts, ...]:
    """Every agency of the base."""
    names = (
        "name",
        "uscc",
        "licence_number",
        "agency_code",
        "is_patent_agency",
        "service_types",
        "contact_name",
        "phone",
        "address",
    )
    said = known.said("agencies")
    sources = value_sources(known.unit, "agencies", known.sources, known.moment)
    pairs = similar_pairs(known.unit, "agencies", known.moment)
    existence = existences(known.unit, known.moment, "agency_id")
    return tuple(
        AgencyFacts(
            record_id=key,
            uscc=s["uscc"],
            licence_number=s["licence_number"],
            agency_code=s["agency_code"],
            is_patent_agency=bool(s["is_patent_agency"]),
            service_types=s["service_types"] or (),
            contact=s["phone"] or s["contact_name"],
            identity_sources=_said_by(sources, key, s, ("uscc", "licence_number")),
            existences=existence.get(key, ()),
            doubts=pairs.doubts.get(key, ()),
            entered_on=s["entered_on"],
            withdrawn_on=s["withdrawn_on"],
            confirmations=said.get(key, ()),
        )
        for key, s in states(known.unit, "agencies", Agency, names, known.moment).items()
    )


def _said_by(
    sources: dict[tuple[int, str, str], tuple[ImportSource, ...]], key: int, state: State, names: tuple[str, ...]
) -> tuple[ImportSource, ...]:
    """The sources that say a present value of one of the fields."""
    found = (sources.get((key, name, to_json(state[name])), ()) for name in names if state[name])
    return tuple(source for each in found for source in each)


_DEMAND = (
    "enterprise_id",
    "title",
    "text",
    "object",
    "aim",
    "targets",
    "technical_field",
    "ipc",
    "cooperation_form",
    "budget_yuan",
    "budget_negotiable",
    "contact_name",
    "contact_phone",
    "contact_email",
    "posted_on",
    "valid_until_on",
    "authorised_on",
    "authorised_by",
    "duplicate_of_id",
    "duplicate_score",
    "duplicate_decision",
)


def demand_facts(known: Known) -> tuple[DemandFacts, ...]:
    """Every demand of the base with its enterprise as known then."""
    said = known.said("demands")
    ended, again = _demand_days(known.unit, known.moment)
    papers = evidence_of(known.unit, "demands", known.moment)
    words = demand_words(known.unit, known.moment, papers)
    facts = (
        _demand_fact(key, s, known, ended.get(key), again.get(key), said.get(key, ()))
        for key, s in states(known.unit, "demands", Demand, _DEMAND, known.moment).items()
    )
    return tuple(_with_words(fact, words, papers) for fact in facts)


def _with_words(
    fact: DemandFacts, words: dict[int, DemandWords], papers: dict[int, tuple[EvidenceFact, ...]]
) -> DemandFacts:
    key = int(fact.record_id)
    if key not in words:
        return fact
    said = words[key]
    return replace(
        fact,
        evidence=papers.get(key, ()),
        verification=said.verification,
        own_word=said.own_word,
        outdated=said.outdated,
    )


def _demand_days(unit: Unit, moment: Moment) -> tuple[dict[int, Any], dict[int, Any]]:
    """Day of withdrawal, and latest day of re-confirmation, by demand."""
    ended: dict[int, Any] = {}
    again: dict[int, Any] = {}
    chosen = select(DemandEvent).order_by(DemandEvent.occurred_on, DemandEvent.id)
    for row in unit.session.execute(moment.limit(chosen, DemandEvent)).scalars():
        if row.state == "withdrawn":
            ended[row.demand_id] = row.occurred_on
        elif row.state == "reconfirmed":
            again[row.demand_id] = row.occurred_on
    return ended, again


def _demand_fact(key: int, s: State, known: Known, ended: Any, again: Any, said: Any) -> DemandFacts:
    firm = known.enterprises.get(s["enterprise_id"], {})
    place = known.local(firm)
    return DemandFacts(
        record_id=key,
        enterprise_id=s["enterprise_id"],
        enterprise_uscc=firm.get("uscc"),
        enterprise_local=place.local,
        local_decided_by=place.decided_by,
        title=s["title"],
        text=s["text"],
        object=s["object"],
        aim=s["aim"],
        targets=s["targets"],
        technical_field=s["technical_field"],
        ipc=s["ipc"] or (),
        cooperation_form=s["cooperation_form"],
        budget_yuan=s["budget_yuan"],
        budget_negotiable=bool(s["budget_negotiable"]),
        contact_name=s["contact_name"],
        contact_reachable=bool(s["contact_phone"] or s["contact_email"]),
        posted_on=s["posted_on"],
        recorded_on=s["entered_on"],
        valid_until_on=s["valid_until_on"],
        reconfirmed_on=again,
        authorised_on=s["authorised_on"],
        authorised_by=s["authorised_by"],
        duplicate_of=s["duplicate_of_id"],
        duplicate_similarity=s["duplicate_score"],
        duplicate_decision=s["duplicate_decision"],
        withdrawn_on=ended,
        confirmations=said,
    )


def _key(name: str | None) -> str | None:
    return normalise_name(name) if name else None
