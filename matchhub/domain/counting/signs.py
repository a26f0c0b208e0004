"""What looks odd about the records of one threshold, though each of them may be in order: for the bureau's eyes.

Signs change no count. Each says what is odd and how much, and names its records; the limits are the pack's
(``rules.SignalRules``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from matchhub.domain.counting.atoms import Atom
from matchhub.domain.counting.facts import RecordId
from matchhub.domain.counting.signals import Signal
from matchhub.domain.rules import SignalRules

_LATE = ("recorded_late", "recorded_late_unconfirmed", "recorded_late_accepted", "recorded_before_it_happened")
_ALIKE = ("demand_repetition", "demand_repetition_review", "demand_same_text")
_SHARED = ("evidence_alike", "evidence_alike_kept", "evidence_used_twice", "enterprise_certificate_shared")
_BACK = ("clock_set_back", "clock_set_back_accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFact:
    """How one record came on record: the day, the account (None: the system), and what it may share with others.

    ``contacts``: telephones and addresses in normal form; ``papers``: digests of its files; ``patents`` and
    ``firm``: of a push that was delivered.
    """

    record_id: RecordId
    entered_on: date
    entered_by: RecordId | None = None
    withdrawn_on: date | None = None
    yuan: Decimal | None = None
    contacts: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    patents: tuple[RecordId, ...] = ()
    firm: RecordId | None = None


def signs_of(
    threshold: str,
    entries: Sequence[EntryFact],
    atoms: Sequence[Atom],
    rules: SignalRules,
    claimed_on: Iterable[date] = (),
) -> list[Signal]:
    """Everything odd about the records of one threshold; ``claimed_on``: days on which its count left the house."""
    told = _codes(atoms)
    return [
        *_bursts(threshold, entries, rules),
        *_one_person(threshold, entries, rules),
        *_late(threshold, told, len(entries), rules),
        *_uniform(threshold, entries, rules),
        *_shared_papers(threshold, entries, told),
        *_shared_contacts(threshold, entries, rules),
        *_alike(threshold, told, rules),
        *_sprayed(threshold, entries, rules),
        *_gone(threshold, entries, rules),
        *_around_claims(threshold, entries, rules, claimed_on),
        *_back(threshold, told),
    ]


def _codes(atoms: Iterable[Atom]) -> dict[str, list[RecordId]]:
    found: defaultdict[str, dict[RecordId, None]] = defaultdict(dict)
    for atom in atoms:
        for reason in atom.reasons:
            found[reason.code][atom.record_id] = None
    return {code: list(ids) for code, ids in found.items()}


def _of_codes(told: Mapping[str, Sequence[RecordId]], codes: Iterable[str]) -> tuple[RecordId, ...]:
    return tuple(dict.fromkeys(record for code in codes for record in told.get(code, ())))


def _grouped(pairs: Iterable[tuple[Hashable, EntryFact]]) -> dict[Hashable, list[EntryFact]]:
    found: defaultdict[Hashable, list[EntryFact]] = defaultdict(list)
    for key, entry in pairs:
        found[key].append(entry)
    return dict(found)


def _ids(entries: Iterable[EntryFact]) -> tuple[RecordId, ...]:
    return tuple(dict.fromkeys(entry.record_id for entry in entries))


def _bursts(threshold: str, entries: Sequence[EntryFact], rules: SignalRules) -> Iterator[Signal]:
    by_day = _grouped((entry.entered_on, entry) for entry in entries)
    for day, found in sorted(by_day.items(), key=lambda each: str(each[0])):
        if len(found) >= rules.minimum and len(found) >= rules.burst_share * len(entries):
            data = {"on": day, "number": len(found), "total": len(entries)}
            yield Signal(threshold, "entered_at_once", data, _ids(found), str(day))


def _one_person(threshold: str, entries: Sequence[EntryFact], rules: SignalRules) -> Iterator[Signal]:
    for account, found in _grouped((entry.entered_by, entry) for entry in entries).items():
        if len(found) >= rules.minimum and len(found) >= rules.one_person_share * len(entries):
            data = {"account": account, "number": len(found), "total": len(entries)}
            yield Signal(threshold, "entered_by_one", data, _ids(found), str(account or 0))


def _late(threshold: str, told: Mapping[str, Sequence[RecordId]], total: int, rules: SignalRules) -> Iterator[Signal]:
    found = _of_codes(told, _LATE)
    if len(found) >= rules.few and len(found) >= rules.late_share * total:
        yield Signal(threshold, "entered_late", {"number": len(found), "total": total}, found)


def _uniform(threshold: str, entries: Sequence[EntryFact], rules: SignalRules) -> Iterator[Signal]:
    priced = [entry for entry in entries if entry.yuan]
    for yuan, found in _grouped((entry.yuan, entry) for entry in priced).items():
        if len(found) >= rules.few and len(found) >= rules.uniform_share * len(priced):
            data = {"yuan": yuan, "number": len(found), "total": len(priced)}
            yield Signal(threshold, "uniform_prices", data, _ids(found), str(yuan))


def _shared_papers(
    threshold: str, entries: Sequence[EntryFact], told: Mapping[str, Sequence[RecordId]]
) -> Iterator[Signal]:
    by_paper = _grouped((paper, entry) for entry in entries for paper in set(entry.papers))
    same = [entry for found in by_paper.values() if len(_ids(found)) > 1 for entry in found]
    records = tuple(dict.fromkeys((*_ids(same), *_of_codes(told, _SHARED))))
    if records:
        yield Signal(threshold, "papers_shared", {"number": len(records)}, records)


def _shared_contacts(threshold: str, entries: Sequence[EntryFact], rules: SignalRules) -> Iterator[Signal]:
    by_contact = _grouped((contact, entry) for entry in entries for contact in set(entry.contacts))
    shared = [found for found in by_contact.values() if len(found) >= rules.bearers]
    if shared:
        shared.sort(key=len, reverse=True)
        records = _ids(entry for found in shared for entry in found)
        data = {"contacts": len(shared), "number": len(records), "most": len(shared[0])}
        yield Signal(threshold, "contacts_shared", data, records)


def _alike(threshold: str, told: Mapping[str, Sequence[RecordId]], rules: SignalRules) -> Iterator[Signal]:
    found = _of_codes(told, _ALIKE)
    if len(found) >= rules.few:
        yield Signal(threshold, "demands_alike", {"number": len(found)}, found)


def _sprayed(threshold: str, entries: Sequence[EntryFact], rules: SignalRules) -> Iterator[Signal]:
    by_patent = _grouped((patent, entry) for entry in entries for patent in entry.patents)
    wide = [found for found in by_patent.values() if len({entry.firm for entry in found}) >= rules.push_firms]
    if wide:
        records = _ids(entry for found in wide for entry in found)
        most = max(len({entry.firm for entry in found}) for found in wide)
        yield Signal(threshold, "pushes_sprayed", {"patents": len(wide), "number": len(records), "most": most}, records)


def _gone(threshold: str, entries: Sequence[EntryFact], rules: SignalRules) -> Iterator[Signal]:
    by_day = _grouped((entry.withdrawn_on, entry) for entry in entries if entry.withdrawn_on is not None)
    for day, found in sorted(by_day.items(), key=lambda each: str(each[0])):
        if len(found) >= rules.few and len(found) >= rules.gone_share * len(entries):
            data = {"on": day, "number": len(found), "total": len(entries)}
            yield Signal(threshold, "withdrawn_at_once", data, _ids(found), str(day))


def _around_claims(
    threshold: str, entries: Sequence[EntryFact], rules: SignalRules, claimed_on: Iterable[date]
) -> Iterator[Signal]:
    span = timedelta(days=rules.days)
    for day in sorted(set(claimed_on)):
        held = [entry for entry in entries if entry.entered_on <= day]
        fresh = [entry for entry in held if entry.entered_on > day - span]
        if len(held) >= rules.minimum and len(fresh) >= rules.share * len(held):
            data = {"on": day, "number": len(fresh), "total": len(held), "days": rules.days}
            yield Signal(threshold, "entered_before_claim", data, _ids(fresh), str(day))
        gone = [entry for entry in held if entry.withdrawn_on is not None and day <= entry.withdrawn_on <= day + span]
        if len(gone) >= rules.few and len(gone) >= rules.gone_share * len(held):
            data = {"on": day, "number": len(gone), "total": len(held), "days": rules.days}
            yield Signal(threshold, "withdrawn_after_claim", data, _ids(gone), str(day))


def _back(threshold: str, told: Mapping[str, Sequence[RecordId]]) -> Iterator[Signal]:
    found = _of_codes(told, _BACK)
    if found:
        yield Signal(threshold, "written_set_back", {"number": len(found)}, found)
