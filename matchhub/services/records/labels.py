"""What a list calls a record: a title, its number and whom it belongs to; and finding records by what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from matchhub.db.tables import (
    Agency,
    AwardRecord,
    Deal,
    DealParty,
    DealPatent,
    Demand,
    Enterprise,
    Expert,
    Licence,
    Offer,
    Patent,
    PatentHolder,
    Push,
    PushItem,
)
from matchhub.services.kernel.paging import holds_words, typed_words
from matchhub.services.kernel.revisions import parts
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class Label:
    """How a record is called: ``title``, its official ``number`` (or ""), and ``note``: whom it concerns."""

    title: str
    number: str = ""
    note: str = ""


def label_records(unit: Unit, kind: str, ids: Iterable[int]) -> dict[int, Label]:
    """Labels of records of one kind; ids that do not exist are left out."""
    wanted = sorted(set(ids))
    found: dict[int, Label] = {}
    for part in parts(wanted):
        found |= _LABELS[kind](unit, part)
    return found


def label_of(unit: Unit, kind: str, record_id: int) -> Label:
    """The label of one record; its bare number when there is none."""
    return label_records(unit, kind, [record_id]).get(record_id, Label(f"#{record_id}"))


def _rows(unit: Unit, statement: Any) -> Any:
    return unit.session.execute(statement)


def _patents(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    holders: dict[int, list[str]] = {}
    named = select(PatentHolder.patent_id, PatentHolder.name).where(
        PatentHolder.patent_id.in_(ids), PatentHolder.role == "applicant"
    )
    for key, name in _rows(unit, named.order_by(PatentHolder.position, PatentHolder.id)):
        holders.setdefault(key, []).append(name)
    chosen = select(Patent.id, Patent.title, Patent.application_number, Patent.publication_number)
    return {
        key: Label(title or "", application or publication or "", "、".join(holders.get(key, [])[:2]))
        for key, title, application, publication in _rows(unit, chosen.where(Patent.id.in_(ids)))
    }


def _enterprises(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    chosen = select(Enterprise.id, Enterprise.name, Enterprise.uscc, Enterprise.region)
    rows = _rows(unit, chosen.where(Enterprise.id.in_(ids)))
    return {key: Label(name, uscc or "", region or "") for key, name, uscc, region in rows}


def _experts(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    rows = _rows(unit, select(Expert.id, Expert.name, Expert.organisation, Expert.field).where(Expert.id.in_(ids)))
    return {key: Label(name, "", " · ".join(filter(None, (place, field)))) for key, name, place, field in rows}


def _agencies(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    rows = unit.session.execute(select(Agency).where(Agency.id.in_(ids))).scalars()
    return {row.id: Label(row.name, row.uscc or row.licence_number or "", "、".join(row.service_types)) for row in rows}


def _demands(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    chosen = select(Demand.id, Demand.title, Enterprise.name).join(Enterprise, Enterprise.id == Demand.enterprise_id)
    return {key: Label(title, "", firm) for key, title, firm in _rows(unit, chosen.where(Demand.id.in_(ids)))}


def _pushes(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    titles: dict[int, list[str]] = {}
    sent = select(PushItem.push_id, Patent.title).join(Patent, Patent.id == PushItem.patent_id)
    for key, title in _rows(unit, sent.where(PushItem.push_id.in_(ids)).order_by(PushItem.position, PushItem.id)):
        titles.setdefault(key, []).append(title or "")
    chosen = select(Push.id, Enterprise.name).join(Enterprise, Enterprise.id == Push.enterprise_id)
    rows = _rows(unit, chosen.where(Push.id.in_(ids)))
    return {key: Label("、".join(titles.get(key, [])), "", firm) for key, firm in rows}


def _deals(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    sides: dict[int, dict[str, list[str]]] = {}
    for key, role, name in _rows(
        unit,
        select(DealParty.deal_id, DealParty.role, DealParty.name)
        .where(DealParty.deal_id.in_(ids))
        .order_by(DealParty.id),
    ):
        sides.setdefault(key, {}).setdefault(role, []).append(name)
    titles: dict[int, list[str]] = {}
    about = select(DealPatent.deal_id, Patent.title).join(Patent, Patent.id == DealPatent.patent_id)
    for key, title in _rows(unit, about.where(DealPatent.deal_id.in_(ids)).order_by(DealPatent.id)):
        titles.setdefault(key, []).append(title or "")
    rows = _rows(unit, select(Deal.id, Deal.contract_number).where(Deal.id.in_(ids)))
    return {key: Label("、".join(titles.get(key, [])), number or "", _between(sides.get(key, {})))
            for key, number in rows}  # fmt: skip


def _between(sides: dict[str, list[str]]) -> str:
    return " → ".join("、".join(sides.get(role, ["?"])) for role in ("seller", "buyer"))


def _offers(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    chosen = select(Offer.id, Patent.title, Patent.application_number, Offer.holder_name)
    rows = _rows(unit, chosen.join(Patent, Patent.id == Offer.patent_id).where(Offer.id.in_(ids)))
    return {key: Label(title or "", number or "", holder or "") for key, title, number, holder in rows}


def _licences(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    chosen = select(Licence.id, Patent.title, Patent.application_number, Licence.licensee_name)
    rows = _rows(unit, chosen.join(Patent, Patent.id == Licence.patent_id).where(Licence.id.in_(ids)))
    return {key: Label(title or "", number or "", licensee) for key, title, number, licensee in rows}


def _award_records(unit: Unit, ids: Sequence[int]) -> dict[int, Label]:
    chosen = (
        select(AwardRecord.id, AwardRecord.title, AwardRecord.number, Agency.name, Enterprise.name)
        .outerjoin(Agency, Agency.id == AwardRecord.agency_id)
        .outerjoin(Enterprise, Enterprise.id == AwardRecord.enterprise_id)
    )
    return {
        key: Label(title, number or "", agency or firm or "")
        for key, title, number, agency, firm in _rows(unit, chosen.where(AwardRecord.id.in_(ids)))
    }


_LABELS: dict[str, Callable[[Unit, Sequence[int]], dict[int, Label]]] = {
    "patents": _patents,
    "enterprises": _enterprises,
    "experts": _experts,
    "agencies": _agencies,
    "demands": _demands,
    "pushes": _pushes,
    "deals": _deals,
    "offers": _offers,
    "licences": _licences,
    "award_records": _award_records,
}


def _typed(unit: Unit, words: list[str]) -> dict[str, Any]:
    """By kind, the statement that gives the ids of the records in which every word stands."""
    number = (Patent.title, Patent.application_number, Patent.publication_number)
    of_offer = select(Offer.id).join(Patent, Patent.id == Offer.patent_id)
    of_licence = select(Licence.id).join(Patent, Patent.id == Licence.patent_id)
    of_demand = select(Demand.id).join(Enterprise, Enterprise.id == Demand.enterprise_id)
    of_push = select(Push.id).join(Enterprise, Enterprise.id == Push.enterprise_id)
    of_deal = select(DealParty.deal_id).join(Deal, Deal.id == DealParty.deal_id)
    return {
        "patents": select(Patent.id).where(holds_words(unit, words, *number)),
        "enterprises": select(Enterprise.id).where(holds_words(unit, words, Enterprise.name, Enterprise.uscc)),
        "experts": select(Expert.id).where(holds_words(unit, words, Expert.name, Expert.organisation, Expert.field)),
        "agencies": select(Agency.id).where(holds_words(unit, words, Agency.name, Agency.uscc, Agency.licence_number)),
        "demands": of_demand.where(holds_words(unit, words, Demand.title, Enterprise.name)),
        "pushes": of_push.where(holds_words(unit, words, Enterprise.name)),
        "deals": of_deal.where(holds_words(unit, words, DealParty.name, Deal.contract_number)),
        "offers": of_offer.where(holds_words(unit, words, *number, Offer.holder_name)),
        "licences": of_licence.where(holds_words(unit, words, *number, Licence.licensee_name)),
    }


def find_ids(unit: Unit, kind: str, query: str) -> set[int] | None:
    """Ids of the records whose names or numbers hold every word typed; ``None`` when nothing was typed."""
    words = typed_words(query)
    if not words:
        return None
    return set(unit.session.execute(_typed(unit, words)[kind]).scalars())


def find_enterprises(unit: Unit, query: str, most: int = 12) -> list[tuple[int, Label]]:
    """Enterprises of the base whose name or code holds every word typed, for choosing one; none without words."""
    words = typed_words(query)
    if not words:
        return []
    chosen = (
        select(Enterprise.id)
        .where(holds_words(unit, words, Enterprise.name, Enterprise.uscc), Enterprise.withdrawn_at.is_(None))
        .order_by(Enterprise.name, Enterprise.id)
        .limit(most)
    )
    ids = list(unit.session.execute(chosen).scalars())
    labels = label_records(unit, "enterprises", ids)
    return [(key, labels[key]) for key in ids]
