"""Questions to the matcher by accounts that nobody has confirmed yet are counted: registering costs nothing."""

from __future__ import annotations

from flask import g

from matchhub.services.accounts.unconfirmed import count_ask
from web.units import writing


def count_question() -> None:
    """Count that this request asks the matcher; refused beyond the limit of an unconfirmed account."""
    if not g.actor.proven:
        with writing() as unit:
            count_ask(unit)
