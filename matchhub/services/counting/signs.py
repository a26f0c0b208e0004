"""What looks odd, told to the bureau: about the records of each threshold, and about clock, rule pack and samples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from matchhub.db.tables import Agency, Deal, Enterprise, EvidenceFile, Expert, Licence, LogEntry, Push, PushItem, Sample
from matchhub.domain.affiliation import shared_form
from matchhub.domain.counting.signals import Signal
from matchhub.domain.counting.signs import EntryFact, signs_of
from matchhub.services.accounts.names import account_names
from matchhub.services.counting.counts import Question, bare_atoms, count_key, count_progress
from matchhub.services.counting.losses import count_losses, usual_claim_at
from matchhub.services.counting.shares import latest_shares
from matchhub.services.facts.clocks import tolerance_of
from matchhub.services.kernel.clock_spells import back_entries
from matchhub.services.kernel.record_tables import RECORD_TABLES
from matchhub.services.kernel.rule_packs import pack_changes, unconfirmed_change
from matchhub.services.kernel.unit import Unit

_KEPT = 4
_kept: dict[tuple[Any, ...], tuple[Signal, ...]] = {}
_YUAN = {"deals": Deal.amount_yuan, "licences": Licence.paid_yuan}
_CONTACTS: dict[str, tuple[Any, ...]] = {
    "enterprises": (Enterprise.contact_phone, Enterprise.address),
    "experts": (Expert.phone,),
    "agencies": (Agency.phone, Agency.address),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of the page 请留意: threshold (empty: of the installation), code and data of its sentence, how many
    records stand behind it, and the key that leads to them. ``where`` names the page of a sign without records."""

    threshold: str
    code: str
    data: dict[str, object]
    records: int
    key: str = ""
    where: str = ""


def list_signs(unit: Unit, asked: Question, claimed_at: Sequence[datetime]) -> tuple[Sign, ...]:
    """Every sign, those of the installation first, then by threshold in the order of the pack.

    ``claimed_at``: moments at which counts left the house (exports leave a checkpoint).
    """
    unit.require("sign.read")
    found = _signals(unit, asked, claimed_at)
    names = account_names(unit, [int(str(each.data["account"])) for each in found if each.data.get("account")])
    lines = [Sign(each.threshold, each.code, _said(each, names), len(each.records), each.key) for each in found]
    return (*_of_installation(unit, asked), *lines)


def records_of_sign(
    unit: Unit, asked: Question, claimed_at: Sequence[datetime], threshold: str, code: str, key: str
) -> tuple[int, ...]:
    """The records behind one sign; empty when there is no such sign any more."""
    unit.require("sign.read")
    for each in _signals(unit, asked, claimed_at):
        if (each.threshold, each.code, each.key) == (threshold, code, key):
            return tuple(int(record) for record in each.records)
    return ()


def _said(signal: Signal, names: dict[int, str]) -> dict[str, object]:
    said = dict(signal.data)
    if "account" in said:
        account = said.pop("account")
        said["person"] = names.get(int(str(account)), f"#{account}") if account else "—"
    return said


def _signals(unit: Unit, asked: Question, claimed_at: Sequence[datetime]) -> tuple[Signal, ...]:
    days = tuple(sorted({unit.day_of(at) for at in claimed_at}))
    key = (*count_key(unit, asked), days)
    if key not in _kept:
        while len(_kept) >= _KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = tuple(_made(unit, asked, days))
    return _kept[key]


def _made(unit: Unit, asked: Question, days: Sequence[Any]) -> Iterator[Signal]:
    atoms, rules = bare_atoms(unit, asked), asked.pack.signals
    grown = count_progress(unit, asked).signals
    lost = {loss.signal.threshold: loss for loss in count_losses(unit, asked, usual_claim_at(unit, asked))}
    for threshold, judged in atoms.items():
        yield from (each for each in grown if each.threshold == threshold)
        if threshold in lost:
            signal = lost[threshold].signal
            yield Signal(threshold, signal.code, signal.data, lost[threshold].records)
        yield from signs_of(threshold, _entries(unit, asked.pack.threshold(threshold).counter), judged, rules, days)


def _entries(unit: Unit, kind: str) -> list[EntryFact]:
    table: Any = RECORD_TABLES[kind]
    names = ("id", "recorded_at", "recorded_by", *(("withdrawn_at",) if hasattr(table, "withdrawn_at") else ()))
    extra = [*_CONTACTS.get(kind, ()), *([_YUAN[kind]] if kind in _YUAN else [])]
    papers, pushed = _papers(unit, kind), _pushed(unit) if kind == "pushes" else {}
    found = []
    for row in unit.session.execute(select(*(getattr(table, name) for name in names), *extra)):
        values = dict(zip(names, row, strict=False))
        more = row[len(names) :]
        gone_at = values.get("withdrawn_at")
        found.append(
            EntryFact(
                record_id=values["id"],
                entered_on=unit.day_of(values["recorded_at"]),
                entered_by=values["recorded_by"],
                withdrawn_on=unit.day_of(gone_at) if gone_at is not None else None,
                yuan=more[0] if kind in _YUAN else None,
                contacts=tuple(filter(None, map(shared_form, more))) if kind in _CONTACTS else (),
                papers=tuple(papers.get(values["id"], ())),
                patents=pushed.get(values["id"], (None, ()))[1],
                firm=pushed.get(values["id"], (None, ()))[0],
            )
        )
    return found


def _papers(unit: Unit, kind: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    chosen = select(EvidenceFile.subject_id, EvidenceFile.sha256)
    for key, digest in unit.session.execute(
        chosen.where(EvidenceFile.subject_kind == kind, EvidenceFile.withdrawn_at.is_(None))
    ):
        found[key].append(digest)
    return found


def _pushed(unit: Unit) -> dict[int, tuple[int, tuple[int, ...]]]:
    """Firm and patents of every push that was delivered."""
    chosen = select(Push.id, Push.enterprise_id, PushItem.patent_id).join(PushItem, PushItem.push_id == Push.id)
    found: dict[int, tuple[int, tuple[int, ...]]] = {}
    for key, firm, patent in unit.session.execute(chosen.where(Push.delivered_at.is_not(None))):
        found[key] = (firm, (*found.get(key, (firm, ()))[1], patent))
    return found


def _of_installation(unit: Unit, asked: Question) -> Iterator[Sign]:
    yield from _clock_signs(unit, asked)
    changes = [each for each in pack_changes(unit, asked.pack.key) if each.old is not None]
    if changes:
        confirmed = unconfirmed_change(unit) is None
        code = "pack_changed_confirmed" if confirmed else "pack_changed_unconfirmed"
        yield Sign("", code, {"number": len(changes), "on": unit.day_of(changes[-1].at)}, 0, where="pack")
    for threshold, share in latest_shares(unit).items():
        if share.faulty:
            yield Sign(threshold, "sample_faulty", {"looked": share.looked, "faulty": share.faulty}, 0, where="sample")
    drawn = select(Sample.threshold, func.count()).group_by(Sample.threshold).having(func.count() > 1)
    for threshold, number in unit.session.execute(drawn):
        yield Sign(threshold, "samples_many", {"number": number}, 0, where="sample")


def _clock_signs(unit: Unit, asked: Question) -> Iterator[Sign]:
    back = back_entries(unit, tolerance_of(asked.pack))
    if back:
        most = max((each.reached_at - each.said_at) for each in back)
        hours = round(most.total_seconds() / 3600, 1)
        told: dict[str, object] = {"number": len(back), "hours": hours, "entry": back[0].entry_id}
        yield Sign("", "clock_was_set_back", told, 0, where="log")
    moments = unit.session.execute(select(LogEntry.appended_at).order_by(LogEntry.id)).scalars()
    for before, after in _silences(moments, timedelta(days=asked.pack.signals.silent_days)):
        since, until = unit.day_of(before), unit.day_of(after)
        gap: dict[str, object] = {"since": since, "until": until, "days": (after - before).days}
        yield Sign("", "log_was_silent", gap, 0, where="log")


def _silences(moments: Iterable[datetime], limit: timedelta) -> list[tuple[datetime, datetime]]:
    """Neighbouring entries further apart than ``limit``: nobody worked, or the clock was set forward."""
    return [(before, after) for before, after in pairwise(moments) if after - before > limit]
