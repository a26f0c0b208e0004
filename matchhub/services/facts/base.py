"""Facts of patents, enterprises, experts, agencies and demands."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    Agency,
    Demand,
    DemandEvent,
    Enterprise,
    EnterpriseCategory,
    Expert,
    Patent,
    PatentClass,
    PatentHolder,
    PatentStatus,
)
from matchhub.domain.counting.facts import (
    AgencyFacts,
    CategoryFact,
    DemandFacts,
    EnterpriseFacts,
    ExpertFacts,
    PatentFacts,
    StatusFact,
)
from matchhub.domain.parties import normalise_name
from matchhub.services.facts.history import Moment, State, confirmations, states
from matchhub.services.unit import Unit

_PATENT = (
    "application_number",
    "publication_number",
    "title",
    "applicants",
    "owners",
    "ipc",
    "locarno",
    "filed_on",
    "granted_on",
    "expires_on",
)


def patent_states(unit: Unit, moment: Moment) -> dict[int, State]:
    """What is known of every patent, its holders and classes as tuples of names and symbols."""
    found = states(unit, "patents", Patent, _PATENT, moment)
    if moment.known_at is None:
        _add_lists(unit, found)
    return found


def _add_lists(unit: Unit, found: dict[int, State]) -> None:
    lists: dict[tuple[int, str], list[str]] = defaultdict(list)
    roles = {"applicant": "applicants", "owner": "owners"}
    holders = select(PatentHolder.patent_id, PatentHolder.role, PatentHolder.name).where(PatentHolder.role.in_(roles))
    for patent_id, role, name in unit.session.execute(holders.order_by(PatentHolder.patent_id, PatentHolder.position)):
        lists[patent_id, roles[role]].append(name)
    classes = select(PatentClass.patent_id, PatentClass.scheme, PatentClass.symbol)
    for patent_id, scheme, symbol in unit.session.execute(
        classes.order_by(PatentClass.patent_id, PatentClass.position)
    ):
        lists[patent_id, scheme].append(symbol)
    for (patent_id, name), values in lists.items():
        found[patent_id][name] = tuple(values)


def statuses(unit: Unit, moment: Moment) -> dict[int, tuple[StatusFact, ...]]:
    """Dated legal status of every patent, withdrawn words left out."""
    found: dict[int, list[StatusFact]] = defaultdict(list)
    chosen = select(PatentStatus).order_by(PatentStatus.id)
    for row in unit.session.execute(moment.limit(chosen, PatentStatus)).scalars():
        if not moment.withdrawn(row):
            fact = StatusFact(
                validity=row.validity, as_of_on=row.as_of_on, reason=row.reason, recorded_at=row.recorded_at
            )
            found[row.patent_id].append(fact)
    return {key: tuple(values) for key, values in found.items()}


def patent_facts(unit: Unit, moment: Moment) -> tuple[PatentFacts, ...]:
    """Every patent of the base."""
    said, known = confirmations(unit, "patents", moment), statuses(unit, moment)
    return tuple(
        PatentFacts(
            record_id=key,
            application_number=s["application_number"],
            publication_number=s["publication_number"],
            title=s["title"],
            applicants=s.get("applicants") or s.get("owners") or (),
            ipc=s.get("ipc") or (),
            locarno=s.get("locarno") or (),
            filed_on=s["filed_on"],
            expires_on=s["expires_on"],
            statuses=known.get(key, ()),
            entered_on=s["entered_on"],
            withdrawn_on=s["withdrawn_on"],
            confirmations=said.get(key, ()),
        )
        for key, s in patent_states(unit, moment).items()
    )


def enterprise_states(unit: Unit, moment: Moment) -> dict[int, State]:
    """What is known of every enterprise."""
    names = (
        "uscc",
        "name",
        "name_key",
        "local",
        "local_decided_by",
        "legal_representative",
        "contact_phone",
        "address",
    )
    return states(unit, "enterprises", Enterprise, names, moment)


def enterprise_facts(unit: Unit, moment: Moment) -> tuple[EnterpriseFacts, ...]:
    """Every enterprise of the base with its innovation categories."""
    categories: dict[int, list[CategoryFact]] = defaultdict(list)
    chosen = select(EnterpriseCategory).order_by(EnterpriseCategory.id)
    for row in unit.session.execute(moment.limit(chosen, EnterpriseCategory)).scalars():
        if not moment.withdrawn(row):
            fact = CategoryFact(
                category=row.category,
                certificate_number=row.certificate_number,
                official_list=row.official_list,
                valid_from_on=row.valid_from_on,
                valid_to_on=row.valid_to_on,
            )
            categories[row.enterprise_id].append(fact)
    said = confirmations(unit, "enterprises", moment)
    return tuple(
        EnterpriseFacts(
            record_id=key,
            uscc=s["uscc"],
            name_key=s["name_key"],
            categories=tuple(categories.get(key, ())),
            entered_on=s["entered_on"],
            withdrawn_on=s["withdrawn_on"],
            confirmations=said.get(key, ()),
        )
        for key, s in enterprise_states(unit, moment).items()
    )


def expert_facts(unit: Unit, moment: Moment) -> tuple[ExpertFacts, ...]:
    """Every expert of the base, name and organisation normalised."""
    names = ("name", "organisation", "field", "title", "qualification", "consent_on", "consent_evidence")
    said = confirmations(unit, "experts", moment)
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
            entered_on=s["entered_on"],
            withdrawn_on=s["withdrawn_on"],
            confirmations=said.get(key, ()),
        )
        for key, s in states(unit, "experts", Expert, names, moment).items()
    )


def agency_facts(unit: Unit, moment: Moment) -> tuple[AgencyFacts, ...]:
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
    said = confirmations(unit, "agencies", moment)
    return tuple(
        AgencyFacts(
            record_id=key,
            uscc=s["uscc"],
            licence_number=s["licence_number"],
            agency_code=s["agency_code"],
            is_patent_agency=bool(s["is_patent_agency"]),
            service_types=s["service_types"] or (),
            contact=s["phone"] or s["contact_name"],
            entered_on=s["entered_on"],
            withdrawn_on=s["withdrawn_on"],
            confirmations=said.get(key, ()),
        )
        for key, s in states(unit, "agencies", Agency, names, moment).items()
    )


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


def demand_facts(unit: Unit, moment: Moment) -> tuple[DemandFacts, ...]:
    """Every demand of the base with its enterprise as known then."""
    firms, said = enterprise_states(unit, moment), confirmations(unit, "demands", moment)
    ended, again = _demand_days(unit, moment)
    return tuple(
        _demand_fact(key, s, firms.get(s["enterprise_id"], {}), ended.get(key), again.get(key), said.get(key, ()))
        for key, s in states(unit, "demands", Demand, _DEMAND, moment).items()
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


def _demand_fact(key: int, s: State, firm: State, ended: Any, again: Any, said: Any) -> DemandFacts:
    return DemandFacts(
        record_id=key,
        enterprise_id=s["enterprise_id"],
        enterprise_uscc=firm.get("uscc"),
        enterprise_local=firm.get("local"),
        local_decided_by=firm.get("local_decided_by"),
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
