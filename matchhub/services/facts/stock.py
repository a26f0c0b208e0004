"""Patents and enterprises as known at a moment: the states that facts of every kind draw on."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from matchhub.db.tables import Enterprise, Patent, PatentClass, PatentHolder, PatentStatus
from matchhub.domain.counting.facts import StatusFact
from matchhub.domain.sources import OWN_LIST
from matchhub.services.facts.sources import Sources
from matchhub.services.kernel.history import Moment, State, states
from matchhub.services.kernel.unit import Unit

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
    "number_completed",
    "expires_on",
)


def patent_states(unit: Unit, moment: Moment) -> dict[int, State]:
    """What is known of every patent, its holders and classes as tuples of names and symbols."""
    found = states(unit, "patents", Patent, _PATENT, moment)
    if moment.known_at is None:
        _add_lists(unit, found)
    return found


def _add_lists(unit: Unit, found: dict[int, State]) -> None:
    roles = {"applicant": "applicants", "owner": "owners"}
    holders = select(PatentHolder.patent_id, PatentHolder.role, PatentHolder.name).where(PatentHolder.role.in_(roles))
    for patent_id, role, name in unit.session.execute(holders.order_by(PatentHolder.patent_id, PatentHolder.position)):
        _append(found[patent_id], roles[role], name)
    classes = select(PatentClass.patent_id, PatentClass.scheme, PatentClass.symbol)
    for patent_id, scheme, symbol in unit.session.execute(
        classes.order_by(PatentClass.patent_id, PatentClass.position)
    ):
        _append(found[patent_id], scheme, symbol)


def _append(state: State, name: str, value: str) -> None:
    held = state.get(name)
    state[name] = (*held, value) if held else (value,)


def statuses(unit: Unit, moment: Moment, sources: Sources) -> dict[int, tuple[StatusFact, ...]]:
    """Dated legal status of every patent with its source, withdrawn words left out."""
    found: dict[int, list[StatusFact]] = defaultdict(list)
    chosen = select(
        PatentStatus.patent_id,
        PatentStatus.validity,
        PatentStatus.as_of_on,
        PatentStatus.reason,
        PatentStatus.day_told,
        PatentStatus.recorded_at,
        PatentStatus.batch_id,
        PatentStatus.withdrawn_at,
    ).order_by(PatentStatus.id)
    for row in unit.session.execute(moment.limit(chosen, PatentStatus)):
        if not moment.withdrawn(row):
            fact = StatusFact(
                validity=row.validity,
                as_of_on=row.as_of_on,
                reason=row.reason,
                recorded_at=row.recorded_at,
                day_told=row.day_told,
                source=sources.get(row.batch_id, OWN_LIST),
            )
            found[row.patent_id].append(fact)
    return {key: tuple(values) for key, values in found.items()}


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
