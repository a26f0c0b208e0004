"""The unit of work: everything a use case needs and may not fetch for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from sqlalchemy.orm import Session

from matchhub.domain.calendar import day_in
from matchhub.domain.permissions import SYSTEM as SYSTEM_ROLE
from matchhub.domain.permissions import VISITOR as VISITOR_ROLE
from matchhub.domain.permissions import permissions
from matchhub.domain.rules import RulePack
from matchhub.errors import NotAllowed
from matchhub.services.kernel.settings import AccountSettings


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account in its role for its organisation, or the system itself."""

    role: str
    account_id: int | None = None
    organisation_id: int | None = None
    enterprise_id: int | None = None
    name: str = ""
    # False: nobody has confirmed that the account speaks for its organisation (``kernel.speaking``). Then it has
    # neither organisation nor enterprise; ``claims`` is the enterprise under which its own entries are filed, if any.
    proven: bool = True
    claims: int | None = None
    keeps_accounts: bool = False  # of the bureau: makes and changes the bureau's accounts
    must_change: bool = False  # its password was set by another hand: nothing else is shown before it is changed
    due: str = ""  # what its session is good for first: "code" (give a one-time code) or "setup" (switch codes on)
    consent_due: bool = False  # the texts it agreed to have changed since

    @property
    def waits(self) -> bool:
        """Whether nothing may be stored for the account before the operator has confirmed it."""
        return not self.proven and self.claims is None

    @property
    def files_under(self) -> int | None:
        """The enterprise under which the actor's own demands and drafts are filed."""
        return self.enterprise_id if self.proven else self.claims

    @property
    def is_visitor(self) -> bool:
        """Whether nobody is signed in."""
        return self.role == VISITOR_ROLE

    def may(self, act: str) -> bool:
        """Whether the table of permissions lets the actor do ``act`` (``UnknownAct`` when it does not hold it)."""
        table = permissions()
        return table.may(self.role, act) if self.proven else table.may_unconfirmed(self.role, act)

    def may_once_confirmed(self, act: str) -> bool:
        """Whether only the confirmation of the account is missing for ``act``."""
        return not self.proven and not self.may(act) and permissions().may(self.role, act)

    @property
    def label(self) -> str:
        """How the log names the actor: ``account:7`` or the role."""
        return f"account:{self.account_id}" if self.account_id is not None else self.role


SYSTEM = Actor(role=SYSTEM_ROLE, name=SYSTEM_ROLE)
VISITOR = Actor(role=VISITOR_ROLE)


def system_clock() -> datetime:
    """The moment it is, UTC: the one clock; tests and the demo put their own in its place."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of work: ``session`` in a transaction, ``now`` (aware, UTC), the actor, the rule pack, the home."""

    session: Session
    now: datetime
    actor: Actor
    pack: RulePack
    home: Path
    base_url: str = "http://127.0.0.1:8000"
    secret: str = ""  # signs links that go out in messages
    accounts: AccountSettings = field(default_factory=AccountSettings)
    dask: str = ""  # address of the cluster that matches; "": this process does
    clock: Callable[[], datetime] = system_clock  # for the log's moments of appending only; an act takes ``now``

    @property
    def today(self) -> date:
        """The day it is in the pack's city."""
        return self.day_of(self.now)

    @property
    def zone(self) -> tzinfo:
        """The clock of the pack's city: a day in the records, the window and every deadline is a day there."""
        return self.pack.local.time_zone

    def day_of(self, at: datetime) -> date:
        """The day in the pack's city at the moment ``at``."""
        return day_in(self.zone, at)

    def may(self, act: str) -> bool:
        """Whether the actor may do ``act`` of the table of permissions; raises ``UnknownAct``."""
        return self.actor.may(act)

    def require(self, *acts: str) -> None:
        """Refuse with ``NotAllowed`` unless the actor may do one of ``acts`` (one's own, or on any record); with the
        code ``account_unconfirmed`` where only the operator's confirmation is missing."""
        allowed = [self.may(act) for act in acts]  # all of them: an act that does not exist is found, whoever asks
        if any(allowed):
            return
        if any(self.actor.may_once_confirmed(act) for act in acts):
            raise NotAllowed("account_unconfirmed", role=self.actor.role)
        raise NotAllowed(role=self.actor.role)
