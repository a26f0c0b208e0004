"""What only shows when thresholds are laid side by side: one paper for two records, one bargain for two goals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from matchhub.domain.calendar import as_utc
from matchhub.domain.counting.atoms import Atom, Reason, counts, id_order, not_strict, with_reason
from matchhub.domain.counting.facts import DealFacts, Facts, LicenceFacts, PaymentFact, RecordId
from matchhub.domain.counting.licences import patent_unit
from matchhub.domain.counting.patents import number_unit
from matchhub.domain.counting.repeated_papers import add_reasons, judge_repeated_papers
from matchhub.domain.evidence import proof_keys
from matchhub.domain.rules import RulePack

DEALS, LICENCES = "deals", "licences"
Atoms = dict[str, list[Atom]]  # by threshold
Owner = tuple[str, RecordId]  # kind and record


def settle(atoms: Mapping[str, list[Atom]], facts: Facts, pack: RulePack, as_of: date) -> Atoms:
    """The atoms of all thresholds with the reasons that arise between them; nothing else changes.

    A proof of payment serves one record: the one recorded first keeps it. Of records whose papers seem to be one paper
    one counts. A bargain recorded as a deal and as an open licence serves thresholds of both only where the pack allows
    it, else those of the kind that the pack's preferred threshold counts.
    """
    settled: Atoms = {key: list(judged) for key, judged in atoms.items()}
    keys = {kind: [each.key for each in pack.thresholds_of(kind) if each.key in settled] for kind in (DEALS, LICENCES)}
    if not any(keys.values()):
        return settled
    bargains = _bargains(facts)
    _judge_papers(settled, keys, facts, bargains, as_of)
    same = [((DEALS, deal.record_id), (LICENCES, licence.record_id)) for deal, licence in bargains]
    alike = judge_repeated_papers(_by_kind(settled, keys), facts, same)
    for kind, named in keys.items():
        settled |= {key: add_reasons(settled[key], kind, alike) for key in named}
    _judge_double(settled, keys, bargains, pack)
    return settled


def _by_kind(settled: Atoms, keys: Mapping[str, list[str]]) -> Atoms:
    """Verdicts of all thresholds over a kind: a record counts where one of them counts it."""
    return {kind: [atom for key in named for atom in settled[key]] for kind, named in keys.items()}


def _bargains(facts: Facts) -> list[tuple[DealFacts, LicenceFacts]]:
    """Pairs of records that tell of one bargain: linked by hand, or the same patent and licensee as an open licence."""
    by_id = {deal.record_id: deal for deal in facts.deals}
    by_patent: defaultdict[str, list[DealFacts]] = defaultdict(list)
    for deal in facts.deals:
        if deal.deal_type == "open_licence":
            for unit in _deal_units(deal):
                by_patent[unit].append(deal)
    pairs = []
    for licence in facts.licences:
        linked = by_id.get(licence.deal_id) if licence.deal_id is not None else None
        # A link to a deal over other patents is a mistake, or an excuse to share its papers.
        same = linked is not None and patent_unit(licence) in _deal_units(linked)
        found = {linked.record_id: linked} if linked is not None and same else {}
        for deal in by_patent[patent_unit(licence)]:
            if licence.licensee_id in deal.buyers:
                found[deal.record_id] = deal
        pairs += [(deal, licence) for deal in found.values()]
    return pairs


def _deal_units(deal: DealFacts) -> set[str]:
    return {number_unit(p.application_number or f"patent:{p.patent_id}") for p in deal.patents}


def _judge_papers(
    settled: Atoms,
    named: Mapping[str, list[str]],
    facts: Facts,
    bargains: Iterable[tuple[DealFacts, LicenceFacts]],
    as_of: date,
) -> None:
    judged = _by_kind(settled, named)
    alive = {(kind, atom.record_id) for kind, atoms in judged.items() for atom in atoms if atom.literal}
    keys: dict[Owner, frozenset[str]] = {}
    order: dict[Owner, tuple[bool, datetime | None, str, tuple[bool, int, str]]] = {}
    for owner, payments, recorded_at in _papers(facts):
        if owner in alive:
            keys[owner] = proof_keys(payments, as_of)
            order[owner] = (
                recorded_at is None,
                as_utc(recorded_at) if recorded_at else None,
                owner[0],
                id_order(owner[1]),
            )
    same = {((DEALS, deal.record_id), (LICENCES, licence.record_id)) for deal, licence in bargains}
    same |= {(second, first) for first, second in same}
    first_use: dict[str, Owner] = {}
    for owner in sorted(keys, key=lambda each: order[each]):
        for key in keys[owner]:
            first_use.setdefault(key, owner)
    for owner, mine in keys.items():
        users = sorted((first_use[key] for key in mine), key=lambda each: order[each])
        if users and all(user != owner and (user, owner) not in same for user in users):
            reason = not_strict("evidence_used_twice", kind=users[0][0], other=users[0][1])
            for key in named[owner[0]]:
                _add(settled, key, owner[1], reason)


def _papers(facts: Facts) -> Iterable[tuple[Owner, tuple[PaymentFact, ...], datetime | None]]:
    for deal in facts.deals:
        yield (DEALS, deal.record_id), deal.payments, deal.recorded_at
    for licence in facts.licences:
        yield (LICENCES, licence.record_id), licence.payments, licence.recorded_at


def _judge_double(
    settled: Atoms, named: Mapping[str, list[str]], bargains: Iterable[tuple[DealFacts, LicenceFacts]], pack: RulePack
) -> None:
    rule = pack.double_count
    preferred = pack.threshold(rule.preferred).counter if rule.preferred else LICENCES
    loser = LICENCES if preferred == DEALS else DEALS
    for deal, licence in sorted(bargains, key=lambda pair: (id_order(pair[0].record_id), id_order(pair[1].record_id))):
        patent = patent_unit(licence)
        owners = {DEALS: deal.record_id, LICENCES: licence.record_id}
        counting = {
            kind: [key for key in named[kind] if _counts(settled[key], owner, patent)] for kind, owner in owners.items()
        }
        if not all(counting.values()):
            continue
        for kind, owner in owners.items():
            for key in counting[kind]:
                if kind == loser and not rule.allowed:
                    _add(settled, key, owner, not_strict("counted_for_other_goal", threshold=rule.preferred), patent)
                else:
                    _add(settled, key, owner, counts("serves_two_goals"), patent)


def _counts(atoms: Iterable[Atom], record_id: RecordId, patent: str) -> bool:
    return any(a.strict and a.record_id == record_id and a.patent == patent for a in atoms)


def _add(settled: Atoms, key: str, record_id: RecordId, reason: Reason, patent: str | None = None) -> None:
    settled[key] = [
        with_reason(atom, reason) if atom.record_id == record_id and (patent is None or atom.patent == patent) else atom
        for atom in settled[key]
    ]
