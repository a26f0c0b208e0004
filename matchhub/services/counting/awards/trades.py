"""What a deal says to the clauses that reward trade, as plain values that the kept verdicts hold beside its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from matchhub.domain.awards import Remark, Standing, TradeFact, standing_of
from matchhub.domain.counting.facts import DealFacts
from matchhub.domain.evidence import proof_key
from matchhub.domain.identifiers import patent_type_of
from matchhub.domain.rules import RulePack
from matchhub.errors import IdentifierInvalid


def trades_said(deals: Iterable[DealFacts], pack: RulePack) -> dict[int, dict[str, Any]]:
    """By deal what its payments bring, of signed deals that are paid and not withdrawn; ``trades_of`` reads it."""
    papers = _papers(pack)
    return {
        int(deal.record_id): _said(deal, papers, pack)
        for deal in deals
        if deal.payments and deal.withdrawn_on is None and deal.signed_on is not None
    }


def _said(deal: DealFacts, papers: frozenset[str], pack: RulePack) -> dict[str, Any]:
    standings = [
        standing_of([paid.evidence] if paid.evidence is not None else [], deal.confirmations, deal.entered_by, papers,
                    pack.deals)
        for paid in deal.payments
    ]  # fmt: skip
    return {
        "title": deal.contract_number or "",
        "buyer": next((key for key in deal.buyers if isinstance(key, int)), None),
        "independent": not deal.affiliations or deal.affiliation_overruled_by is not None,
        "registered": bool(deal.contract_register_number),
        "cancelled": deal.cancelled_on is not None,
        "inventions": sum(_is_invention(each.application_number) for each in deal.patents),
        "payments": [
            {
                "on": paid.paid_on,
                "yuan": paid.amount_yuan or Decimal(0),
                "proven": proof_key(paid) is not None,
                "level": standing.level,
                "lacks": [[each.code, dict(each.data)] for each in standing.lacks],
                "rejected": standing.rejected,
            }
            for paid, standing in zip(deal.payments, standings, strict=True)
        ],
    }


def trades_of(
    said: Mapping[int, Mapping[str, Any]],
    local: Mapping[int, bool | None],
    brokers: Mapping[int, Sequence[int]],
    implemented: set[int],
    circular: set[int],
) -> Iterator[TradeFact]:
    """One fact for each payment, with what is known of the deal elsewhere, by deal."""
    for deal, told in sorted(said.items()):
        buyer = told["buyer"]
        for paid in told["payments"]:
            lacks = tuple(Remark(code, _tuples(data)) for code, data in paid["lacks"])
            yield TradeFact(
                deal_id=deal,
                paid_on=paid["on"],
                amount_yuan=paid["yuan"],
                proven=paid["proven"],
                buyer_id=buyer,
                buyer_local=local.get(buyer),
                agencies=tuple(sorted(brokers.get(deal, ()))),
                independent=told["independent"],
                contract_registered=told["registered"],
                cancelled=told["cancelled"],
                circular=deal in circular,
                inventions=told["inventions"],
                implemented=deal in implemented,
                title=told["title"],
                standing=Standing(paid["level"], lacks, paid["rejected"]),
            )


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    """Data as the rules say them: what is kept knows lists only."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}


def _papers(pack: RulePack) -> frozenset[str]:
    """Papers that document a payment, of all clauses that read payments."""
    read = (each.papers for each in pack.awards if each.counts in ("purchases", "brokered_deals"))
    return frozenset().union(*read)


def _is_invention(number: str | None) -> bool:
    try:
        return number is not None and patent_type_of(number) == "invention"
    except IdentifierInvalid:
        return False
