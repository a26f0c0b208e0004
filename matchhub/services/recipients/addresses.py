"""Addresses that an organisation gives for messages to itself: sealed, shown in part, confirmed where they can be.

What an address of a channel looks like only the channel knows (``matchhub.notify``): it comes here checked, with what
may be shown of it.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from matchhub.db.tables import RecipientAddress
from matchhub.errors import Conflict, NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.limits import Limit, count_attempt
from matchhub.services.kernel.sealing import keyed_digest, seal, unseal
from matchhub.services.kernel.unit import Unit
from matchhub.services.recipients.choices import own_organisation

MOST_ADDRESSES = 20
CODE_HOLDS = timedelta(minutes=30)
ADDED = Limit("address_added", 20, timedelta(days=1))
CODES = Limit("address_codes", 3, timedelta(hours=1))  # to one mailbox or telephone, whoever asks
GUESSES = Limit("address_guesses", 5, CODE_HOLDS)
TESTS = Limit("address_tests", 6, timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class AddressView:
    """An own address as its owner sees it."""

    id: int
    channel: str
    shown: str
    added_at: datetime
    waits_for_code: bool
    trouble: str | None
    trouble_at: datetime | None

    @property
    def usable(self) -> bool:
        """Whether letters go there."""
        return not self.waits_for_code and self.trouble is None


@dataclass(frozen=True, slots=True)
class Opened:
    """An address with what it takes to send there; never to be shown or logged."""

    id: int
    organisation_id: int
    channel: str
    to: str
    secret: str


def add_address(unit: Unit, channel: str, to: str, secret: str, shown: str, by_code: bool) -> tuple[int, str | None]:
    """Keep an address of the actor's organisation; returns its id and the code to send there, where it needs one.

    Raises ``Conflict`` (``address_known``, ``addresses_too_many``) and ``LimitReached``.
    """
    unit.require("message.choose")
    organisation = own_organisation(unit)
    count_attempt(unit, ADDED, organisation.id)
    key = keyed_digest(unit.secret, channel, to)
    if unit.session.execute(_live(organisation.id).where(RecipientAddress.address_key == key)).first():
        raise Conflict("address_known")
    many = select(func.count()).select_from(_live(organisation.id).subquery())
    if unit.session.execute(many).scalar_one() >= MOST_ADDRESSES:
        raise Conflict("addresses_too_many", most=MOST_ADDRESSES)
    row = RecipientAddress(
        organisation_id=organisation.id,
        channel=channel,
        sealed=seal(unit.secret, json.dumps({"to": to, "secret": secret})),
        address_key=key,
        shown=shown[:255],
        by_code=by_code,
        confirmed_at=None if by_code else unit.now,
        demo=organisation.demo,
        recorded_at=unit.now,
        recorded_by=unit.actor.account_id,
    )
    unit.session.add(row)
    unit.session.flush()
    append_event(unit, "message.address_added", "recipient_addresses", row.id, channel=channel)
    return row.id, _new_code(unit, row) if by_code else None


def _new_code(unit: Unit, row: RecipientAddress) -> str:
    count_attempt(unit, CODES, row.address_key)
    code = f"{secrets.randbelow(10**6):06d}"
    row.code_digest, row.code_until_at = keyed_digest(unit.secret, "code", row.id, code), unit.now + CODE_HOLDS
    return code


def confirm_address(unit: Unit, address_id: int, code: str) -> None:
    """The code that came there was typed; ``Refusal("address_code_wrong")`` for another one or one too old.

    The guess is counted by the caller first (``count_guess``), in a unit of its own.
    """
    unit.require("message.choose")
    row = own_address(unit, address_id)
    if row.confirmed_at is not None:
        return
    right = keyed_digest(unit.secret, "code", row.id, code.strip())
    in_time = row.code_until_at is not None and unit.now <= row.code_until_at
    if not in_time or not secrets.compare_digest(right, row.code_digest or ""):
        raise Refusal("address_code_wrong")
    row.confirmed_at, row.code_digest, row.code_until_at = unit.now, None, None
    append_event(unit, "message.address_confirmed", "recipient_addresses", row.id)


def count_guess(unit: Unit, address_id: int) -> None:
    """Count one code typed for an own address; ``LimitReached`` where it was guessed at too often."""
    unit.require("message.choose")
    count_attempt(unit, GUESSES, own_address(unit, address_id).id)


def begin_test(unit: Unit, address_id: int) -> tuple[Opened, str | None]:
    """Count a test of an own address and open it, with a new code to send where one is still awaited."""
    unit.require("message.choose")
    row = own_address(unit, address_id)
    count_attempt(unit, TESTS, row.organisation_id)
    return opened(unit, row), None if row.confirmed_at is not None else _new_code(unit, row)


def record_test(unit: Unit, address_id: int, outcome: str, reply: str) -> None:
    """What a test or a code said of the address: accepted, trouble ends; refused, it begins."""
    row = unit.session.get_one(RecipientAddress, address_id)
    if outcome in ("delivered", "written"):
        row.trouble = row.trouble_at = None
    elif outcome == "refused":
        note_trouble(unit, row, reply)
    append_event(unit, "message.address_tested", "recipient_addresses", row.id, outcome=outcome)


def note_trouble(unit: Unit, row: RecipientAddress, reply: str) -> None:
    """The server refuses this address: nothing goes there until a test went well. The inbox goes on."""
    row.trouble, row.trouble_at = reply[:400] or "refused", unit.now


def remove_address(unit: Unit, address_id: int) -> None:
    """Send nothing there any more, and forget what it was."""
    unit.require("message.choose")
    row = own_address(unit, address_id)
    row.withdrawn_at, row.withdrawn_reason, row.sealed = unit.now, "removed by its owner", ""
    append_event(unit, "message.address_removed", "recipient_addresses", row.id, channel=row.channel)


def own_address(unit: Unit, address_id: int) -> RecipientAddress:
    """A live address of the actor's organisation; ``NotFound("address_not_found")`` for any other."""
    row = unit.session.get(RecipientAddress, address_id)
    mine = row is not None and row.organisation_id == unit.actor.organisation_id
    if row is None or not mine or row.withdrawn_at is not None:
        raise NotFound("address_not_found")
    return row


def own_addresses(unit: Unit) -> tuple[AddressView, ...]:
    """Live addresses of the actor's organisation, in the order in which they were added."""
    unit.require("message.read_own")
    rows = unit.session.execute(_live(own_organisation(unit).id).order_by(RecipientAddress.id)).scalars()
    return tuple(
        AddressView(a.id, a.channel, a.shown, a.recorded_at, a.confirmed_at is None, a.trouble, a.trouble_at)
        for a in rows
    )


def opened(unit: Unit, row: RecipientAddress) -> Opened:
    """The address with what it takes to send there; ``SealBroken`` where the installation's key is another now."""
    kept = json.loads(unseal(unit.secret, row.sealed))
    return Opened(row.id, row.organisation_id, row.channel, kept["to"], kept["secret"])


def confirmed_mailboxes(unit: Unit, channel: str) -> dict[int, str]:
    """By organisation the confirmed mailbox it gave first, for letters that go by mail in any case."""
    usable = select(RecipientAddress).where(
        RecipientAddress.channel == channel,
        RecipientAddress.withdrawn_at.is_(None),
        RecipientAddress.confirmed_at.is_not(None),
        RecipientAddress.trouble.is_(None),
    )
    found: dict[int, str] = {}
    for row in unit.session.execute(usable.order_by(RecipientAddress.id)).scalars():
        if row.organisation_id not in found:
            found[row.organisation_id] = opened(unit, row).to
    return found


def _live(organisation_id: int):  # type: ignore[no-untyped-def]
    return select(RecipientAddress).where(
        RecipientAddress.organisation_id == organisation_id, RecipientAddress.withdrawn_at.is_(None)
    )
