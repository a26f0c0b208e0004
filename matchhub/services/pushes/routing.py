"""Which way a push goes beside the inbox, when, and whether it is still wanted: the recipient's choices at hand-over.

The one place where delivery asks for choices. Firms that chose nothing get one letter a day by e-mail; quiet times that
nobody chose are kept by the worker (``courteous``) and not against an operator who sends by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from matchhub.db.tables import Push, PushDelivery, PushSending
from matchhub.domain.calendar import day_begins
from matchhub.domain.messages import DEFAULT_CHOICES, EMAIL, NO_QUIET, PUSHES, Choices, may_go_at
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.bounces import MAIL
from matchhub.services.recipients.addresses import confirmed_mailboxes
from matchhub.services.recipients.choices import enterprise_choices

MAIL_CHANNELS = ("smtp", "file")  # what carries e-mail, as attempts name it


@dataclass(frozen=True, slots=True)
class Route:
    """What becomes of one push now. ``dropped``: its recipient wants no such pushes at all; ``mail``: it goes by
    e-mail too, not before ``opens`` (UTC; ``None``: now), to ``mailbox`` where its recipient named one of its own."""

    dropped: bool = False
    mail: bool = True
    mailbox: str | None = None
    opens: datetime | None = None


class Routes:
    """The ways of pushes in one round of claiming; asks the base once for all recipients."""

    def __init__(self, unit: Unit, courteous: bool) -> None:
        self._unit, self._courteous = unit, courteous
        self._made = enterprise_choices(unit)
        self._mailboxes = confirmed_mailboxes(unit, EMAIL)
        self._last = _last_letters(unit)

    def of(self, push: Push) -> Route:
        """The way of a push that is due."""
        made = self._made.get(push.enterprise_id)
        choices = made[1] if made is not None else DEFAULT_CHOICES
        if push.demand_id is None and not choices.uses_profile:
            return Route(dropped=True)
        if not choices.wants(PUSHES, EMAIL):
            return Route(mail=False)
        mailbox = self._mailboxes.get(made[0]) if made is not None else None
        opens = may_go_at(
            self._timed(choices, made is None), PUSHES, self._unit.now, self._last.get(push.enterprise_id),
            self._unit.zone, self._unit.pack.holidays,
        )  # fmt: skip
        return Route(mailbox=mailbox, opens=opens if opens > self._unit.now else None)

    def _timed(self, choices: Choices, nobodys: bool) -> Choices:
        return replace(choices, quiet=NO_QUIET) if nobodys and not self._courteous else choices


def _last_letters(unit: Unit) -> dict[int, datetime]:
    """By firm, when its last letter of pushes was handed over, or taken in hand by another sender, this week."""
    since = day_begins(unit.zone, unit.today) - timedelta(days=7)
    sent = (
        select(Push.enterprise_id, func.max(PushDelivery.recorded_at))
        .join(PushDelivery, PushDelivery.push_id == Push.id)
        .where(
            PushDelivery.channel.in_(MAIL_CHANNELS), PushDelivery.outcome.in_(("delivered", "written")),
            PushDelivery.recorded_at >= since,
        )
        .group_by(Push.enterprise_id)
    )  # fmt: skip
    last: dict[int, datetime] = dict(unit.session.execute(sent).all())
    under_way = (
        select(Push.enterprise_id)
        .join(PushSending, PushSending.push_id == Push.id)
        .where(PushSending.channel == MAIL, PushSending.state == "sending", PushSending.claimed_until_at >= unit.now)
    )
    for firm in unit.session.execute(under_way).scalars():
        last[firm] = unit.now
    return last


def still_wanted(unit: Unit, push: Push) -> bool:
    """Whether a push claimed a while ago may still go by mail: its recipient chose nothing else since."""
    made = enterprise_choices(unit, [push.enterprise_id])
    choices = made[push.enterprise_id][1] if push.enterprise_id in made else DEFAULT_CHOICES
    unused = push.demand_id is None and not choices.uses_profile
    return not unused and choices.wants(PUSHES, EMAIL)
