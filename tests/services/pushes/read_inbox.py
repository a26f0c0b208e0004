"""The whole inbox of an enterprise, as its first page shows it."""

from __future__ import annotations

from matchhub.services.kernel.paging import Sought
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.inbox import InboxPush, list_inbox


def inbox_of(unit: Unit) -> list[InboxPush]:
    """Delivered pushes of the actor's enterprise, the newest first."""
    return list(list_inbox(unit, Sought(whole=True)).items)
