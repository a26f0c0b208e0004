"""Who may draw and look: the bureau, and nobody who is the operator's as well."""

from __future__ import annotations

from sqlalchemy import func, select

from matchhub.db.tables import Account, Organisation
from matchhub.domain.organisations import BUREAU, OPERATOR
from matchhub.errors import NotAllowed, Refusal
from matchhub.services.kernel.unit import Unit


def require_sampler(unit: Unit) -> None:
    """Whoever is sampled does not sample.

    Raises ``NotAllowed`` for who does not act for an organisation of the bureau, and ``Refusal("sampler_of_operator")``
    for an account that one of the operator's made, or whose e-mail address an account of the operator has as well.
    """
    unit.require("sample.keep")
    actor = unit.actor
    place = unit.session.get(Organisation, actor.organisation_id) if actor.organisation_id is not None else None
    if actor.account_id is None or place is None or place.kind != BUREAU:
        raise NotAllowed(role=actor.role)
    account = unit.session.get_one(Account, actor.account_id)
    operators = select(Account.id).join(Organisation, Organisation.id == Account.organisation_id)
    operators = operators.where(Organisation.kind == OPERATOR)
    bound = [Account.id == account.made_by] if account.made_by is not None else []
    if account.email and account.email.strip():
        bound.append(func.lower(func.trim(Account.email)) == account.email.strip().lower())
    for condition in bound:
        if unit.session.execute(operators.where(condition).limit(1)).first() is not None:
            raise Refusal("sampler_of_operator")
