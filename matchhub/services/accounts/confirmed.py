"""Who may bind a firm: an account the operator has confirmed. A credit code is printed on every invoice."""

from __future__ import annotations

from matchhub.errors import NotAllowed
from matchhub.services.kernel.unit import Unit


def require_confirmed(unit: Unit) -> None:
    """Refuse an account that registered itself and that the operator has not confirmed: ``account_unconfirmed``.

    It may post and read; accepting a licence or signing a contract binds the firm (Civil Code art. 171: without
    authority (无权代理) an act does not take effect for the principal).
    """
    if not unit.actor.proven:
        raise NotAllowed("account_unconfirmed", role=unit.actor.role)
