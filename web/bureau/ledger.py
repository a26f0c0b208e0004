"""What the ledger of a number can be sorted, narrowed and taken along by (docs/lists.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from matchhub.domain.counting.acts import ACTS
from matchhub.services.claim import narrowing
from matchhub.services.claim.ledger import LedgerRow
from matchhub.services.counting.counts import Question
from matchhub.services.kernel.unit import Unit
from matchhub.wording import codes
from web.bureau.ledger_columns import COLUMNS
from web.language import headline, t, word
from web.listing import Asked, Filter, Listing


def ledger_listing(unit: Unit, key: str, kind: str, asked: Question, tally: Mapping[str, int],
                   kept: Mapping[str, Any]) -> Listing:  # fmt: skip
    """The list of one number: its filters offer what there is among the records of its kind."""
    persons = [(str(key), name) for key, name in narrowing.persons_of(unit, kind).items()]
    sources = [(str(key), name) for key, name in narrowing.sources_of(unit, kind).items()]
    trades = [(each.key, t(each.zh, each.en)) for each in asked.pack.industries.values()]
    known = [(code, f"{headline(code)}{t('（%s）', ' (%s)') % number}") for code, number in tally.items()]
    wanted = request.args.get("code", "")
    if wanted in codes() and wanted not in tally:
        known.append((wanted, headline(wanted)))
    filters = (
        Filter("q", ("名称或号码", "Name or number")),
        Filter(
            "show", ("口径", "Verdict"), "choice", lambda: [(each, word("shown", each)) for each in narrowing.SHOWN[1:]]
        ),
        Filter("code", ("原因", "Reason"), "choice", lambda: known),
        Filter("act", ("只差这一步", "One act away"), "choice", lambda: _acts(kind)),
        Filter("trade", ("产业", "Trade"), "choice", lambda: trades),
        Filter("source", ("来源", "Source"), "choice", lambda: sources),
        Filter("person", ("登记人", "Entered by"), "choice", lambda: persons),
        Filter("lack", ("只差一项", "One thing missing"), "hidden"),
    )

    def link(row: LedgerRow) -> str:
        return url_for("bureau.record", kind=row.kind, record_id=row.record_id, **kept)

    return Listing(f"ledger-{key}", ("台账", "Ledger"), COLUMNS, filters, link, "progress.export",
                   lambda row: (row.record_id, row.unit))  # fmt: skip


def _acts(kind: str) -> list[tuple[str, str]]:
    """What can be done for records of a kind: acts that some reason of its counters asks for."""
    return [(each.key, word("mending", each.key)) for each in ACTS if kind in _KINDS.get(each.key, (kind,))]


_MONEY, _FIRMS = ("deals", "licences"), ("deals", "licences", "demands", "enterprises")
_KINDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("demand_reconfirm", "demand_authorise", "demand_verify", "demand_complete"), ("demands",)),
    "locality_decide": _FIRMS,
    "repetition_decide": ("demands", *_MONEY),
    "pair_decide": ("patents", "enterprises", "experts", "agencies"),
    "licence_file": ("licences",),
    "deal_register": ("deals",),
    "slip_ask": _MONEY,
    "paper_ask": (*_MONEY, "offers"),
    "consent_ask": ("experts",),
    "party_know": (*_MONEY, "offers"),
    "party_settle": _MONEY,
    "status_renew": ("patents", "deals"),
    "source_name": ("enterprises", "experts", "agencies"),
    "category_prove": ("enterprises",),
    "operator_confirm": _MONEY,
    "bureau_confirm": _MONEY,
    "affiliation_judge": _MONEY,
    "industry_accept": ("offers",),
}


def wanted_of(asked: Asked) -> narrowing.Wanted:
    """The filter of the address as the ledger takes it."""
    return narrowing.Wanted(
        show=asked.value("show") or "all",
        code=asked.value("code"),
        lack=asked.value("lack"),
        act=asked.value("act"),
        query=asked.value("q"),
        trade=asked.value("trade"),
        source=_number(asked.value("source")),
        person=_number(asked.value("person")),
    )


def _number(value: str) -> int | None:
    return int(value) if value else None
