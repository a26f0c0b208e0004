"""Which channels there are: a file of this folder that holds ``CHANNEL`` is offered, nothing else need be told.

An address of a channel is what a recipient enters once (a robot's web address, a telephone number) with the secret that
goes with it. Neither is ever shown in full again; ``Channel.shown`` is what may be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

import matchhub.notify
from matchhub.errors import Refusal
from matchhub.notify.channel import Sender


class AddressRefused(Refusal):
    """An address or a secret that its channel cannot use; the code says why."""

    code = "channel_address_invalid"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a channel sends to: the address as ``Channel.checked`` gave it, and the secret ("" for none)."""

    to: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """What the installation gives its channels.

    ``hosts`` are those that the administrator allows beside the providers' own, as ``host`` or ``host:port``;
    ``sms_url`` and ``sms_key`` are the adapter for short messages and the key that signs what goes to it; ``seconds``
    is the longest that one letter may take; ``mail`` hands e-mail to the mail server.
    """

    clock: Callable[[], datetime]
    hosts: frozenset[str] = frozenset()
    sms_url: str | None = None
    sms_key: str = ""
    seconds: float = 8.0
    mail: Sender | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. ``address`` is the kind of address it takes, for the form; ``secret`` whether it takes one.

    ``checked(target, means)`` gives the target in its plain form or raises ``AddressRefused``;
    ``sender(target, means)`` sends letters to it; ``shown(target)`` is what may be shown of it; ``per_minute`` what its
    provider takes per address; ``by_code`` whether an address is confirmed by a code that is sent to it;
    ``offered(means)`` whether this installation has it at all; ``order`` where it stands in lists.
    """

    name: str
    address: str
    checked: Callable[[Target, Means], Target]
    sender: Callable[[Target, Means], Sender]
    shown: Callable[[Target], str]
    secret: str = "none"  # none, optional or needed
    per_minute: int | None = None
    by_code: bool = False
    offered: Callable[[Means], bool] = lambda means: True
    order: int = 50


def all_channels() -> Mapping[str, Channel]:
    """Every channel by name, in the order of lists."""
    return _read(tuple(sorted(each.name for each in iter_modules(matchhub.notify.__path__))))


@lru_cache(maxsize=8)
def _read(names: tuple[str, ...]) -> Mapping[str, Channel]:
    modules = (import_module(f"{matchhub.notify.__name__}.{name}") for name in names)
    found = [each.CHANNEL for each in modules if isinstance(getattr(each, "CHANNEL", None), Channel)]
    return {each.name: each for each in sorted(found, key=lambda each: (each.order, each.name))}


def offered_channels(means: Means) -> Mapping[str, Channel]:
    """The channels that this installation can send by."""
    return {name: each for name, each in all_channels().items() if each.offered(means)}
