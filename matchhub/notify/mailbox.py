"""E-mail as a channel that a recipient chooses: an own address, confirmed by a code. ``mail`` knows the servers."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from matchhub.notify.channel import Delivered, Letter, Sender
from matchhub.notify.offered import AddressRefused, Channel, Means, Target

NAME = "email"


def _checked(target: Target, means: Means) -> Target:
    try:
        found = validate_email(target.to.strip(), check_deliverability=False)
    except EmailNotValidError as fault:
        raise AddressRefused("field_email") from fault
    if found.ascii_email is None:  # signs that a server of today mostly refuses before the @
        raise AddressRefused("field_email")
    return Target(found.ascii_email)


def _sender(target: Target, means: Means) -> Sender:
    def send(letter: Letter) -> Delivered:
        if means.mail is None:
            return Delivered(NAME, "sender_fault", "no mail server")
        return means.mail(letter)

    return send


def _shown(target: Target) -> str:
    name, _, host = target.to.rpartition("@")
    return f"{name[:2]}***@{host}"


CHANNEL = Channel(NAME, "email", _checked, _sender, _shown, by_code=True, order=10)
