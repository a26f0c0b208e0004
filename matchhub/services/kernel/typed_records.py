"""What a recorder made of one record typed into a form: its number, or the refusal that keeps it out."""

from __future__ import annotations

from matchhub.domain.records import Kind, Source
from matchhub.errors import Conflict, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.revisions import Outcome
from matchhub.services.kernel.unit import Unit

FORM = Source("form", 1)
"""Where a record comes from that somebody typed."""


def recorded(unit: Unit, kind: Kind, outcome: Outcome) -> int:
    """The number of the record that a typed row became, with its entry of the log.

    Raises ``Refusal`` with the code of what kept it out (unknown patent …), ``Conflict("recorded_already")`` when it
    says nothing new.
    """
    if outcome.verdict in ("review", "refused") and outcome.problems:
        problem = outcome.problems[0]
        raise Refusal(problem.code, value=problem.value)
    if outcome.verdict == "unchanged" or outcome.record_id is None:
        raise Conflict("recorded_already", id=outcome.record_id)
    append_event(unit, f"{kind}.{outcome.verdict}", kind, outcome.record_id)
    return outcome.record_id
