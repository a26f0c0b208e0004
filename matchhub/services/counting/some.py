"""The facts of some records: what the gatherer of each kind reads, and which records it draws on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from matchhub.db.base import Base
from matchhub.services.counting.firms import Firms
from matchhub.services.counting.gather import GATHERERS
from matchhub.services.counting.reach import TooMuch, among
from matchhub.services.counting.scope import part_of
from matchhub.services.facts.clocks import WrittenBack
from matchhub.services.facts.known import Known
from matchhub.services.kernel.history import Moment
from matchhub.services.kernel.unit import Unit

Ids = dict[str, set[int]]

_SOURCES = ("batch_sources", "batch_undos", "source_decisions")
_PATENTS = ("patents", "patent_holders", "patent_classes", "patent_statuses", *_SOURCES)
_PARTIES = ("enterprises", "party_relations", "deal_parties", "revisions")
_PAPERS = ("evidence_files", "evidence_repetitions", "confirmations")
_ACCOUNTS = ("accounts", "organisations")

READS: Mapping[str, frozenset[str]] = {
    kind: frozenset(tables)
    for kind, tables in {
        "patents": (*_PATENTS, "confirmations"),
        "enterprises": ("enterprises", "enterprise_categories", "party_existences", "similar_pairs", "confirmations",
                        *_SOURCES),
        "experts": ("experts", "evidence_files", "sourced_values", "merges", "similar_pairs", "confirmations",
                    *_SOURCES),
        "agencies": ("agencies", "sourced_values", "merges", "similar_pairs", "party_existences", "confirmations",
                     *_SOURCES),
        "demands": ("demands", "demand_events", "enterprises", "evidence_files", "confirmations", "revisions"),
        "pushes": ("pushes", "push_items", "push_deliveries", "demands", "suppressions", "confirmations", *_ACCOUNTS),
        "deals": ("deals", "deal_patents", "deal_events", "deal_payments", "pushes", "push_items",
                            "push_deliveries", "push_answers", "platform_events", "party_words", *_PATENTS,
                            *_PARTIES, *_PAPERS, *_ACCOUNTS),
        "offers": ("offers", "offer_declarations", "evidence_files", "revisions", "industry_words",
                                "linked_names", "registrations", "confirmations", *_PATENTS, *_ACCOUNTS),
        "licences": ("licences", "offers", "party_words", *_PATENTS, *_PARTIES, *_PAPERS, *_ACCOUNTS),
    }.items()
}  # fmt: skip
"""Tables that each gatherer reads. One that reads another is run over the whole base until it stands here, for then
somebody has looked whether ``reach`` leads from that table to the records, and ``_DRAWN_ON`` to all it needs."""


def facts_of(
    unit: Unit, kind: str, ids: set[int], firms: Firms, written_back: WrittenBack | None = None
) -> tuple[Any, ...]:
    """Facts of some records of a kind. Raises ``TooMuch`` when its gatherer reads what nobody foresaw."""
    if kind not in READS:
        raise TooMuch(f"what {kind} reads is not known")
    part = part_of(unit, _DRAWN_ON[kind](unit, ids, firms), READS[kind])
    known = Known(part, Moment(), written_back or {})
    return tuple(fact for fact in GATHERERS[kind](known) if fact.record_id in ids)


def _named(unit: Unit, table: str, column: str, by: str, ids: Iterable[int]) -> set[int]:
    """What rows of a table name in ``column``, of the rows whose ``by`` is among ``ids``."""
    held = Base.metadata.tables[table]
    chosen = select(held.c[column]).where(among(held.c[by], ids), held.c[column].is_not(None))
    return set(unit.session.execute(chosen).scalars())


def _alone(kind: str) -> Callable[[Unit, set[int], Firms], Ids]:
    return lambda _unit, ids, _firms: {kind: ids}


def _of_demands(unit: Unit, ids: set[int], _firms: Firms) -> Ids:
    return {"demands": ids, "enterprises": _named(unit, "demands", "enterprise_id", "id", ids)}


def _of_pushes(unit: Unit, ids: set[int], _firms: Firms) -> Ids:
    return {"pushes": ids, "demands": _named(unit, "pushes", "demand_id", "id", ids)}


def _of_deals(unit: Unit, ids: set[int], firms: Firms) -> Ids:
    patents = _named(unit, "deal_patents", "patent_id", "deal_id", ids)
    return {
        "deals": ids,
        "patents": patents,
        "enterprises": firms.bound_to({"deals": ids}),
        "pushes": _named(unit, "push_items", "push_id", "patent_id", patents),
    }


def _of_offers(unit: Unit, ids: set[int], _firms: Firms) -> Ids:
    return {"offers": ids, "patents": _named(unit, "offers", "patent_id", "id", ids)}


def _of_licences(unit: Unit, ids: set[int], firms: Firms) -> Ids:
    own = _named(unit, "licences", "enterprise_id", "id", ids)
    return {
        "licences": ids,
        "patents": _named(unit, "licences", "patent_id", "id", ids),
        "offers": _named(unit, "licences", "offer_id", "id", ids),
        "enterprises": firms.bound_to({"licences": ids}) | own,
    }


_DRAWN_ON: Mapping[str, Callable[[Unit, set[int], Firms], Ids]] = {
    **{kind: _alone(kind) for kind in ("patents", "enterprises", "experts", "agencies")},
    "demands": _of_demands,
    "pushes": _of_pushes,
    "deals": _of_deals,
    "offers": _of_offers,
    "licences": _of_licences,
}
