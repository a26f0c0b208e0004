"""Why somebody got a letter, asked by who holds its link, and the switch that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from matchhub.db.tables import ChannelLetter, ChannelLetterItem, Organisation, RecipientAddress
from matchhub.domain.messages import DEFAULT_CHOICES
from matchhub.errors import NotFound
from matchhub.services.kernel.unit import Unit
from matchhub.services.recipients.choices import organisation_choices, turn_off
from matchhub.services.recipients.letters import token_hash


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as who holds its link may see it."""

    organisation: str
    kind: str
    channel: str
    shown: str
    added_at: datetime
    made_at: datetime
    items: int
    frequency: str
    on: bool


def letter_by_token(unit: Unit, token: str) -> LetterView:
    """The letter of a link; a look changes nothing. ``NotFound("letter_not_found")`` for no such link."""
    unit.require("message.follow_link")
    row = _of_token(unit, token)
    address = unit.session.get_one(RecipientAddress, row.address_id)
    organisation = unit.session.get_one(Organisation, row.organisation_id)
    choices = organisation_choices(unit, row.organisation_id) or DEFAULT_CHOICES
    many = select(func.count()).select_from(ChannelLetterItem).where(ChannelLetterItem.letter_id == row.id)
    return LetterView(
        organisation.name,
        row.kind,
        row.channel,
        address.shown,
        address.recorded_at,
        row.made_at,
        unit.session.execute(many).scalar_one(),
        choices.frequency,
        address.withdrawn_at is None and choices.wants(row.kind, row.channel),
    )


def turn_off_by_token(unit: Unit, token: str) -> None:
    """No more messages of this kind by this channel, said by who holds a letter's link."""
    unit.require("message.follow_link")
    row = _of_token(unit, token)
    turn_off(unit, row.organisation_id, row.kind, row.channel)


def _of_token(unit: Unit, token: str) -> ChannelLetter:
    row = unit.session.execute(select(ChannelLetter).where(ChannelLetter.token_hash == token_hash(token))).scalar()
    if row is None:
        raise NotFound("letter_not_found")
    return row
