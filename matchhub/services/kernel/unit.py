"""The unit of work: everything a use case needs and may not fetch for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Literal

from sqlalchemy.orm import Session

from matchhub.domain.calendar import day_in
from matchhub.domain.rules import RulePack
from matchhub.errors import NotAllowed

Role = Literal["visitor", "enterprise", "institution", "operator", "reviewer", "administrator", "system"]
ROLES: tuple[Role, ...] = ("enterprise", "institution", "operator", "reviewer", "administrator")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account in its role for its organisation, or the system itself."""

    role: Role
    account_id: int | None = None
    organisation_id: int | None = None
    enterprise_id: int | None = None
    name: str = ""
    # False: an enterprise that registered itself and that the operator has not confirmed (``services.verification``).
    proven: bool = True

    @property
    def waits(self) -> bool:
        """Whether nothing of the firm may be seen before the operator has confirmed the account."""
        return self.role == "enterprise" and not self.proven and self.enterprise_id is None

    @property
    def label(self) -> str:
        """How the log names the actor: ``account:7`` or the role."""
        return f"account:{self.account_id}" if self.account_id is not None else self.role


SYSTEM = Actor(role="system", name="system")
VISITOR = Actor(role="visitor")


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

    def require(self, *roles: Role) -> None:
        """Refuse unless the actor has one of ``roles`` (the system may do all that has a role)."""
        if self.actor.role != "system" and self.actor.role not in roles:
            raise NotAllowed(role=self.actor.role)
