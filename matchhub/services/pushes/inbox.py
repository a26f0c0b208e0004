"""What a recipient does with pushes: read them, answer each patent with a code, switch pushes off and on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from matchhub.db.tables import Demand, Patent, PlatformEvent, Push, PushAnswer, PushItem, Suppression
from matchhub.domain.organisations import ENTERPRISE
from matchhub.errors import NotAllowed, NotFound, Refusal
from matchhub.services.conversations.threads import ensure_thread
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.paging import Orders, Page, Sought, paged
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.links import token_hash

# Coded answers (MATCHING.md): the first two lead on, the others teach the matcher.
ANSWERS = (
    "fits",
    "contact",
    "not_my_field",
    "too_early",
    "already_solved",
    "too_expensive",
    "benefit_unclear",
    "description_unclear",
    "owned_or_known",
)


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One patent of a push as the recipient sees it."""

    item_id: int
    patent_id: int
    number: str
    title: str
    abstract: str
    score: float
    reasons: tuple[dict[str, object], ...]
    warnings: tuple[str, ...]
    answer: str | None


@dataclass(frozen=True, slots=True)
class InboxPush:
    """One push as the recipient sees it."""

    push_id: int
    delivered_at: datetime | None
    opened_at: datetime | None
    demand_id: int | None
    demand_title: str | None
    model: str
    items: tuple[InboxItem, ...]


_ORDERS = Orders(Push.id, {"delivered": Push.delivered_at, "read": Push.opened_at})


def list_inbox(unit: Unit, sought: Sought, state: str = "") -> Page[InboxPush]:
    """A page of the pushes delivered to the actor's enterprise: newest first, of one delivery as planned.

    ``state``: ``unread``, ``unanswered`` or ``answered`` pushes only.
    """
    unit.require("push.read_own")
    chosen = _delivered(unit)
    answered = select(PushItem.push_id).join(PushAnswer, PushAnswer.item_id == PushItem.id)
    if state == "unread":
        chosen = chosen.where(Push.opened_at.is_(None))
    elif state:
        chosen = chosen.where(Push.id.in_(answered) if state == "answered" else Push.id.not_in(answered))
    return paged(unit, chosen, sought, lambda rows: _views(unit, [push for (push,) in rows]), orders=_ORDERS)


def _delivered(unit: Unit) -> Select[Push]:
    own = select(Push).where(Push.enterprise_id == unit.actor.enterprise_id, Push.delivered_at.is_not(None))
    return own.order_by(Push.delivered_at.desc(), Push.id)


def push_of(unit: Unit, push_id: int) -> InboxPush:
    """One delivered push of the actor's enterprise; ``NotFound("push_not_found")`` for any other."""
    unit.require("push.read_own")
    push = _allowed(unit, push_id, None)
    if push.delivered_at is None:
        raise NotFound("push_not_found")
    return _view(unit, push)


def push_of_item(unit: Unit, item_id: int, token: str | None = None) -> InboxPush:
    """The push that an item belongs to, for the recipient's account or for whoever holds the link."""
    item = unit.session.get(PushItem, item_id)
    if item is None:
        raise NotFound("push_not_found")
    return _view(unit, _allowed(unit, item.push_id, token))


def push_by_token(unit: Unit, token: str) -> InboxPush:
    """The push that a message's link names; reading it is recorded by ``mark_read`` alone."""
    return _view(unit, _of_token(unit, token))


def mark_read(unit: Unit, push_id: int, token: str | None = None) -> None:
    """Record the first reading, by the recipient's account or by whoever holds the link."""
    push = _allowed(unit, push_id, token)
    if push.opened_at is None:
        push.opened_at = unit.now
        append_event(unit, "push.read", "pushes", push.id)


def answer(unit: Unit, item_id: int, code: str, note: str | None = None, token: str | None = None) -> None:
    """Record a coded answer to one patent; the newest answer speaks. Whoever planned the push stands for its matter,
    so contact in answer to it asks nothing more of the demand."""
    if code not in ANSWERS:
        raise Refusal("answer_unknown", answer=code)
    item = unit.session.get(PushItem, item_id)
    if item is None:
        raise NotFound("push_not_found")
    push = _allowed(unit, item.push_id, token)
    by = unit.actor.account_id
    unit.session.add(
        PushAnswer(item_id=item.id, code=code, note=(note or "").strip() or None, recorded_at=unit.now, recorded_by=by)
    )
    if code == "contact":
        unit.session.add(
            PlatformEvent(
                enterprise_id=push.enterprise_id,
                patent_id=item.patent_id,
                demand_id=push.demand_id,
                event="contact",
                occurred_at=unit.now,
                recorded_at=unit.now,
                recorded_by=by,
            )
        )
        ensure_thread(unit, push.enterprise_id, item.patent_id, push.demand_id, ENTERPRISE)
    append_event(unit, "push.answered", "pushes", push.id, item=item.id, code=code)


def note_view(unit: Unit, patent_id: int, demand_id: int | None = None) -> None:
    """Record that the actor's enterprise looked at a patent (once a day is enough)."""
    firm = unit.actor.enterprise_id
    if firm is None:
        return
    last = select(PlatformEvent.occurred_at).where(
        PlatformEvent.enterprise_id == firm, PlatformEvent.patent_id == patent_id, PlatformEvent.event == "view"
    )
    seen = unit.session.execute(last.order_by(PlatformEvent.id.desc()).limit(1)).scalar()
    if seen is None or (unit.now - seen).days >= 1:
        unit.session.add(
            PlatformEvent(
                enterprise_id=firm,
                patent_id=patent_id,
                demand_id=demand_id,
                event="view",
                occurred_at=unit.now,
                recorded_at=unit.now,
                recorded_by=unit.actor.account_id,
            )
        )


def switch_off(unit: Unit, enterprise_id: int | None = None, token: str | None = None) -> None:
    """No pushes any more for the actor's enterprise, or for the one whose link this is."""
    firm = _of_token(unit, token).enterprise_id if token else enterprise_id or unit.actor.enterprise_id
    if firm is None or (token is None and firm != unit.actor.enterprise_id and not unit.may("push.switch_any")):
        raise NotAllowed(role=unit.actor.role)
    if not is_off(unit, firm):
        unit.session.add(
            Suppression(
                enterprise_id=firm, cause="unsubscribed", recorded_at=unit.now, recorded_by=unit.actor.account_id
            )
        )
        append_event(unit, "push.off", "enterprises", firm)


def switch_on(unit: Unit) -> None:
    """Pushes again; only the enterprise itself can say so."""
    unit.require("push.switch")
    open_ones = select(Suppression).where(
        Suppression.enterprise_id == unit.actor.enterprise_id, Suppression.withdrawn_at.is_(None)
    )
    for row in unit.session.execute(open_ones).scalars():
        row.withdrawn_at, row.withdrawn_reason = unit.now, "switched on by the enterprise"
        append_event(unit, "push.on", "enterprises", row.enterprise_id)


def is_off(unit: Unit, enterprise_id: int) -> bool:
    """Whether pushes to this enterprise are switched off."""
    chosen = select(Suppression.id).where(
        Suppression.enterprise_id == enterprise_id, Suppression.withdrawn_at.is_(None)
    )
    return unit.session.execute(chosen).first() is not None


def _of_token(unit: Unit, token: str) -> Push:
    push = unit.session.execute(select(Push).where(Push.token_hash == token_hash(token))).scalar()
    if push is None:
        raise NotFound("push_not_found")
    return push


def _allowed(unit: Unit, push_id: int, token: str | None) -> Push:
    push = unit.session.get(Push, push_id)
    by_link = push is not None and token is not None and push.token_hash == token_hash(token)
    by_account = push is not None and push.enterprise_id == unit.actor.enterprise_id
    if push is None or not (by_link or by_account):
        raise NotFound("push_not_found")
    return push


def _view(unit: Unit, push: Push) -> InboxPush:
    return _views(unit, [push])[0]


def _views(unit: Unit, pushes: Sequence[Push]) -> list[InboxPush]:
    """Pushes with their patents and the newest answer to each, read at once."""
    ids = [push.id for push in pushes]
    chosen = select(Demand.id, Demand.title).join(Push, Push.demand_id == Demand.id).where(Push.id.in_(ids))
    demands = dict(unit.session.execute(chosen).all())
    rows = unit.session.execute(
        select(PushItem, Patent)
        .join(Patent, Patent.id == PushItem.patent_id)
        .where(PushItem.push_id.in_(ids))
        .order_by(PushItem.position, PushItem.id)
    ).all()
    newest = select(func.max(PushAnswer.id)).where(PushAnswer.item_id.in_([item.id for item, _ in rows]))
    said = select(PushAnswer.item_id, PushAnswer.code).where(PushAnswer.id.in_(newest.group_by(PushAnswer.item_id)))
    answers = dict(unit.session.execute(said).all())
    items: dict[int, list[InboxItem]] = defaultdict(list)
    for item, patent in rows:
        items[item.push_id].append(_item(item, patent, answers.get(item.id)))
    return [
        InboxPush(
            push.id,
            push.delivered_at,
            push.opened_at,
            push.demand_id,
            demands.get(push.demand_id or 0),
            push.model,
            tuple(items[push.id]),
        )
        for push in pushes
    ]


def _item(item: PushItem, patent: Patent, answer: str | None) -> InboxItem:
    return InboxItem(
        item.id,
        patent.id,
        patent.application_number or patent.publication_number or "",
        patent.title or "",
        patent.abstract or "",
        item.score,
        tuple(item.reasons),
        tuple(item.warnings),
        answer,
    )
