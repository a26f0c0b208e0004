"""Counter ``pushes``: precise patent pushes to named enterprises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from matchhub.domain.calendar import as_utc
from matchhub.domain.counting.atoms import Atom, Reason, counts, flagged, id_order, judged, not_literal, not_strict
from matchhub.domain.counting.facts import PushFacts, PushItemFact, RecordId
from matchhub.domain.counting.presence import event_reasons, needed, strict_fault
from matchhub.domain.counting.proof import DELIVERY, proof_reason
from matchhub.domain.evidence import Fault
from matchhub.domain.goals import Threshold
from matchhub.domain.pushes import PushTally
from matchhub.domain.rules import RulePack

KIND = "pushes"


@dataclass(slots=True)
class _Caps:
    """What the sequence of pushes up to one message means for it and for each of its patents."""

    message: Fault | None = None
    patents: dict[RecordId, Fault | None] = field(default_factory=dict)


def count_pushes(facts: Iterable[PushFacts], pack: RulePack, threshold: Threshold, as_of: date) -> list[Atom]:
    """四（二） 精准推送专利 300 次以上(含): messages with a patent, delivered to a named enterprise inside the window.

    Strict, for at least one patent of the message: its stored score reaches the published floor of the model version,
    the explanation was stored, it answers a demand or profile of that very enterprise, and it is the first push of
    that patent to it; its mail server or account took it; the recipient had not opted out; and the caps were kept.
    Every delivery uses up its caps, also one that does not count. One atom per message and patent: the message is the
    headline unit, the pair the other.
    """
    listed = list(facts)
    caps = _caps_by_message(listed, pack, as_of)
    atoms: list[Atom] = []
    for push in listed:
        day = _day(push, pack)
        common = tuple(_message_reasons(push, day, caps.get(push.record_id, _Caps()), pack, threshold, as_of))
        message = f"push:{push.record_id}"
        for item in _items(push):
            pair = f"{item.patent_id}→{push.enterprise_id}"
            reasons = (*common, *_item_reasons(push, item, caps.get(push.record_id, _Caps()), pack))
            keys = {"message": message, "pair": pair}
            atoms.append(judged(push.record_id, keys[threshold.unit], reasons, day, keys.get(threshold.other_unit)))
        if not push.items:
            atoms.append(judged(push.record_id, message, (*common, not_literal("push_without_patent")), day))
    return atoms


def _items(push: PushFacts) -> list[PushItemFact]:
    return sorted(push.items, key=lambda item: id_order(item.patent_id))


def _day(push: PushFacts, pack: RulePack) -> date | None:
    return pack.local_day(push.delivered_at) if push.delivered_at else None


def _caps_by_message(pushes: Sequence[PushFacts], pack: RulePack, as_of: date) -> dict[RecordId, _Caps]:
    tally, found = PushTally(pack.pushes), {}
    delivered = [(as_utc(push.delivered_at), id_order(push.record_id), push) for push in pushes if push.delivered_at]
    for _, _, push in sorted(delivered, key=lambda entry: entry[:2]):
        day = _day(push, pack)
        if push.enterprise_id is None or day is None or day > as_of:
            continue
        patents = {item.patent_id: tally.patent_fault(push.enterprise_id, item.patent_id) for item in push.items}
        found[push.record_id] = _Caps(tally.message_fault(push.enterprise_id, day), patents)
        tally.add(push.enterprise_id, day, patents, push.record_id)
    return found


def _message_reasons(
    push: PushFacts, day: date | None, caps: _Caps, pack: RulePack, threshold: Threshold, as_of: date
) -> Iterator[Reason]:
    if day is None:
        yield not_literal("push_only_written" if push.written else "push_not_delivered")
    else:
        yield from event_reasons(threshold, day, push.withdrawn_on, push.confirmations, pack, as_of)
        accepted = proof_reason(pack.proof.needs[KIND]["delivery"], DELIVERY, (), push.accepted)
        yield from filter(None, (accepted,))
    if push.enterprise_id is None:
        yield not_literal("push_recipient_unnamed")
    yield needed(not push.suppressed, "push_recipient_willing", "push_recipient_suppressed")
    yield strict_fault(caps.message, counts("push_day_cap_kept", cap=pack.pushes.per_enterprise_day))


def _item_reasons(push: PushFacts, item: PushItemFact, caps: _Caps, pack: RulePack) -> Iterator[Reason]:
    yield _score_reason(item, pack)
    if item.by_hand:
        yield flagged("push_added_by_hand")
    yield needed(item.explained, "push_explained", "push_unexplained")
    yield _occasion_reason(push, item)
    yield strict_fault(caps.patents.get(item.patent_id), counts("push_first_of_pair"))


def _score_reason(item: PushItemFact, pack: RulePack) -> Reason:
    floor = pack.pushes.floor_of(item.model)
    if floor is None:
        return not_strict("push_floor_unpublished", model=item.model)
    if item.score is None:
        return not_strict("push_score_missing")
    if item.score < floor:
        code = "push_by_hand_below_floor" if item.by_hand else "push_below_floor"
        return not_strict(code, score=round(item.score, 4), floor=floor)
    return counts("push_reaches_floor", score=round(item.score, 4), floor=floor)


def _occasion_reason(push: PushFacts, item: PushItemFact) -> Reason:
    if item.demand_id is None and item.profile_enterprise_id is None:
        return not_strict("push_without_occasion")
    owner = item.demand_enterprise_id if item.demand_id is not None else item.profile_enterprise_id
    if owner != push.enterprise_id:
        return not_strict("push_for_other_enterprise", owner=owner)
    return counts("push_answers_demand" if item.demand_id is not None else "push_fits_profile")
