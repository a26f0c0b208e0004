"""What the checks of a deal read: the deal as facts, encumbrances of its patents, numbers in use, earlier deals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from sqlalchemy import select

from matchhub.db.tables import Deal, DealParty, DealPatent
from matchhub.domain.counting.chains import PASSES_OWNERSHIP
from matchhub.domain.counting.facts import DealFacts, RecordId
from matchhub.domain.deal_signing import check_signing
from matchhub.domain.deals import Finding, blocking
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.counting import kept
from matchhub.services.deals.access import is_party
from matchhub.services.deals.gone_parties import gone_parties
from matchhub.services.deals.numbers import Sides, contracts_of, numbers_in_use, sides_of_deal
from matchhub.services.facts.deals import party_key
from matchhub.services.facts.encumbrances import encumbrances_of
from matchhub.services.kernel.privacy import without_contact_data
from matchhub.services.kernel.unit import Unit


def facts_of_deal(unit: Unit, deal_id: int) -> DealFacts:
    """One deal as the counting rules see it, for its parties, operator and bureau; ``NotFound`` for anybody else."""
    if not unit.may("deal.read_any") and not is_party(unit, deal_id):
        raise NotFound("record_not_found", kind="deals", id=deal_id)
    return kept.facts_of_deal(unit, deal_id)


def findings_of(unit: Unit, facts: DealFacts) -> tuple[Finding, ...]:
    """What the checks say of a deal as it stands now, for whoever may read its facts (``facts_of_deal``)."""
    # Of a signed contract a person has said already that it is another one than its namesake.
    found = [each for each in findings_on(unit, facts) if facts.signed_on is None or each.code != _OF_OTHERS]
    return tuple(replace(each, data=without_contact_data(unit, each.data)) for each in found)


def findings_on(unit: Unit, deal: DealFacts) -> tuple[Finding, ...]:
    """Everything that is checked at once when ``deal`` is signed as it is given; before it has a day, as of today."""
    # Before a day is set nothing can be out of order.
    checked = deal if deal.signed_on else replace(deal, signed_on=unit.today)
    gone = gone_parties(unit, int(deal.record_id), checked.signed_on or unit.today)
    return (*signing_findings(unit, checked), *gone, *_repetitions(unit, checked))


def signing_findings(unit: Unit, deal: DealFacts, sides: Sides | None = None) -> tuple[Finding, ...]:
    """The rules of signing (``check_signing``) with what the base knows of patents and numbers.

    ``sides``: the parties where they are not those on record. A contract number that other parties' contract bears too
    warns here; whoever enters it says that it is another contract (``refuse_number_of_others``).
    """
    own = int(deal.record_id)
    patents = [int(each.patent_id) for each in deal.patents]
    numbers = (deal.contract_register_number, *(entry.number for entry in deal.registrations))
    in_use = numbers_in_use(unit, numbers, own)
    others: list[Deal] = []
    if deal.contract_number:
        same, others = contracts_of(unit, deal.contract_number, sides or sides_of_deal(unit, own), own)
        if same:
            in_use[deal.contract_number] = same[0].id
    found = check_signing(
        deal,
        unit.pack,
        unit.today,
        encumbrances=encumbrances_of(unit, patents, own_deal=own),
        numbers_in_use=in_use,
    )
    return (*found, *(number_of_others(deal.contract_number or "", each.id, "warns") for each in others[:1]))


def number_of_others(number: str, other: int, level: Literal["warns", "blocks"]) -> Finding:
    """Deal ``other``, of other parties, bears the contract number too: two universities both have a 2024-001."""
    return Finding(level, _OF_OTHERS, {"number": number, "other": other})


def refuse_number_of_others(found: Iterable[Finding], another_contract: bool) -> None:
    """Raise ``Conflict("contract_number_of_others")`` unless a person said that it is another contract."""
    for finding in found:
        if finding.code == _OF_OTHERS and not another_contract:
            raise Conflict(finding.code, **dict(finding.data))


_OF_OTHERS = "contract_number_of_others"
_CONFLICTS = (
    _OF_OTHERS,
    "deal_step_not_allowed",
    "deal_number_in_use",
    "payment_exceeds_contract",
    "refund_exceeds_paid",
    "voucher_in_use",
)


def refuse_blocked(found: Iterable[Finding]) -> None:
    """Raise the first finding that blocks: ``Conflict`` where it contradicts what is on record, else ``Refusal``."""
    for finding in blocking(found):
        kind = Conflict if finding.code in _CONFLICTS else Refusal
        raise kind(finding.code, **dict(finding.data))


def _repetitions(unit: Unit, deal: DealFacts) -> list[Finding]:
    """Round trips and resales among the signed deals of the same patents; the count judges them again."""
    if deal.deal_type not in PASSES_OWNERSHIP:
        return []
    patents = [int(each.patent_id) for each in deal.patents]
    earlier = (
        select(Deal.id)
        .join(DealPatent, DealPatent.deal_id == Deal.id)
        .where(
            DealPatent.patent_id.in_(patents),
            Deal.id != deal.record_id,
            Deal.deal_type.in_(PASSES_OWNERSHIP),
            Deal.signed_on.is_not(None),
            Deal.signed_on <= (deal.signed_on or unit.today),
            Deal.withdrawn_at.is_(None),
        )
        .order_by(Deal.id)
    )
    others = list(dict.fromkeys(unit.session.execute(earlier).scalars()))
    sellers: dict[int, set[RecordId]] = {other: set() for other in others}
    sold = select(DealParty).where(DealParty.deal_id.in_(others), DealParty.role == "seller")
    for row in unit.session.execute(sold).scalars() if others else ():
        sellers[row.deal_id].add(party_key(row))
    return [_repetition(deal, other, bool(keys & set(deal.buyers))) for other, keys in sellers.items()]


def _repetition(deal: DealFacts, other: int, back: bool) -> Finding:
    if back:
        return Finding("warns", "deal_round_trip", {"other": other})
    tie = next((tie.link for tie in deal.former_owners if tie.deal_id == other), None)
    if tie is None:
        return Finding("warns", "deal_resale", {"other": other})
    told = {"other": other, "kind": tie.kind, "shared": tie.shared, "source": tie.source}
    return Finding("warns", "deal_round_trip_affiliated", told)
