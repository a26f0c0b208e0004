"""A row about a deal, as the deal would stand if the row were taken: what the rules are asked about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select

from matchhub.db.tables import Deal, DealParty, DealPatent
from matchhub.domain.counting.facts import DealFacts, RecordId, RegistrationFact
from matchhub.domain.deals import Finding, Payment, Stage, Step, check_payment, check_refund, check_step
from matchhub.domain.parties import normalise_name
from matchhub.domain.records import DealRecord, DealType
from matchhub.services.deals.checks import signing_findings
from matchhub.services.deals.numbers import numbers_in_use, sides_of
from matchhub.services.deals.payments import excess_findings, payments_of
from matchhub.services.deals.stages import outline_of, stage_of_deal
from matchhub.services.facts.deals import party_key
from matchhub.services.facts.dealt_patents import dealt_patents
from matchhub.services.kernel.unit import Unit
from matchhub.services.parties.links import EnterpriseLinks


@dataclass(frozen=True, slots=True)
class RowParty:
    """A party that a row names and the deal has not yet."""

    role: str
    name: str
    uscc: str | None
    enterprise_id: int | None

    @property
    def name_key(self) -> str:
        """The normalised name."""
        return normalise_name(self.name)


@dataclass(frozen=True, slots=True)
class RowNews:
    """What a row adds to a deal (``deal`` None: to the base): values, parties, patents, a step and a payment."""

    values: dict[str, Any]
    corrected: dict[str, Any]
    parties: tuple[RowParty, ...]
    patents: tuple[int, ...]
    step: Step | None
    payment: Payment | None
    refund: Payment | None = None

    @property
    def signs(self) -> bool:
        """Whether the contract itself changes, so that the checks of signing are made again."""
        contract = {"contract_number", "deal_type", "signed_on", "contract_register_number"}
        return bool(self.parties or self.patents or contract & {*self.values, *self.corrected})


def new_parties(unit: Unit, deal: Deal | None, record: DealRecord, links: EnterpriseLinks) -> Iterator[RowParty]:
    """The sides of the row that the deal lacks, with the enterprises of the base that they are."""
    known = set() if deal is None else {(row.role, row.name_key) for row in _parties(unit, deal)}
    sides = (("seller", record.seller_name, record.seller_uscc), ("buyer", record.buyer_name, record.buyer_uscc))
    for role, name, uscc in sides:
        firm = links.find(uscc, name)
        shown = name or (firm.name if firm else uscc)
        if shown and (role, normalise_name(shown)) not in known:
            yield RowParty(role, shown, uscc or (firm.uscc if firm else None), firm.id if firm else None)


def new_patents(unit: Unit, deal: Deal | None, ids: list[int]) -> tuple[int, ...]:
    """Those of the row's patents that the deal lacks."""
    known = set() if deal is None else set(_patent_ids(unit, deal))
    return tuple(key for key in dict.fromkeys(ids) if key not in known)


def findings_on_row(unit: Unit, deal: Deal | None, news: RowNews) -> tuple[Finding, ...]:
    """What the rules of deals say of a row: those of signing where it changes the contract, then step and payment."""
    facts = _facts(unit, deal, news)
    stage = _stage(unit, deal, facts)
    found: list[Finding] = []
    if news.signs:
        named = [*(_parties(unit, deal) if deal is not None else ()), *news.parties]
        checked = signing_findings(unit, facts, sides_of(named))
        found += (each for each in checked if each.code != "contract_number_of_others")  # the recorder's own question
    if ({**news.values, **news.corrected}.get("amount_yuan") or 0) < 0:
        found.append(Finding("blocks", "amount_not_positive"))
    if news.step is not None:
        in_use = numbers_in_use(unit, [news.step.number], int(facts.record_id))
        found += check_step(facts, stage, news.step, unit.pack, unit.today, in_use)
    if news.payment is not None:
        found += check_payment(facts, stage, news.payment, unit.today)
    if news.refund is not None:
        paid = [*(payments_of(unit, deal.id) if deal is not None else ()), *([news.payment] if news.payment else ())]
        found += check_refund(paid, news.refund, unit.today)
    return (*found, *_excess_findings(unit, deal, news))


def _excess_findings(unit: Unit, deal: Deal | None, news: RowNews) -> tuple[Finding, ...]:
    said = {**news.values, **news.corrected}
    if news.payment is None and "amount_yuan" not in said:
        return ()
    contract = said.get("amount_yuan", deal.amount_yuan if deal else None)
    further = news.payment.yuan if news.payment is not None else Decimal(0)
    return excess_findings(unit, deal.id if deal else 0, contract, further)


def _stage(unit: Unit, deal: Deal | None, facts: DealFacts) -> Stage:
    known: Stage = stage_of_deal(unit, deal.id) if deal is not None else "negotiating"
    # A row that names the day of signing signs the deal, whatever had been negotiated here before.
    return "signed" if known in ("interested", "negotiating") and facts.signed_on is not None else known


def _facts(unit: Unit, deal: Deal | None, news: RowNews) -> DealFacts:
    said = {**news.values, **news.corrected}
    outline = outline_of(unit, deal.id) if deal is not None else DealFacts(record_id=0)
    values = {name: value for name, value in said.items() if name != "amount_yuan"}
    named: list[DealParty | RowParty] = [*(_parties(unit, deal) if deal is not None else ()), *news.parties]
    sellers = [each for each in named if each.role == "seller"]
    patents = [*(_patent_ids(unit, deal) if deal is not None else ()), *news.patents]
    facts = replace(
        outline,
        sellers=tuple(map(_key, sellers)),
        buyers=tuple(_key(each) for each in named if each.role == "buyer"),
        patents=dealt_patents(unit, patents, [each.name_key for each in sellers]),
        **values,
    )
    return facts if news.step is None else _registered(facts, news.step, unit)


def _registered(facts: DealFacts, step: Step, unit: Unit) -> DealFacts:
    wanted = unit.pack.deals.register_events[cast(DealType, facts.deal_type)]
    entry = RegistrationFact(event=step.event or wanted, registered_on=step.on, number=step.number or None)
    return replace(facts, registrations=(*facts.registrations, entry))


def _key(party: DealParty | RowParty) -> RecordId:
    if isinstance(party, DealParty):
        return party_key(party)
    return party.enterprise_id if party.enterprise_id is not None else f"name:{party.name_key}"


def _parties(unit: Unit, deal: Deal) -> list[DealParty]:
    chosen = select(DealParty).where(DealParty.deal_id == deal.id).order_by(DealParty.id)
    return list(unit.session.execute(chosen).scalars())


def _patent_ids(unit: Unit, deal: Deal) -> list[int]:
    chosen = select(DealPatent.patent_id).where(DealPatent.deal_id == deal.id).order_by(DealPatent.id)
    return list(unit.session.execute(chosen).scalars())


def given_step(record: DealRecord, known: set[tuple[str, date]], wanted: str) -> Step | None:
    """The register's entry that a row names, unless it is on record; ``wanted`` by the pack for the kind of deal."""
    if record.registered_on is None:
        return None
    event = record.register_event or wanted
    if (event, record.registered_on) in known:
        return None
    return Step("registered", record.registered_on, (record.register_number or "").strip(), event)
