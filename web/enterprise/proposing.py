"""What the form of a demand fills in by itself from the three answers, each with where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchhub.domain.demand_answers import proposed_targets, proposed_title
from matchhub.domain.records import DemandRecord
from matchhub.services.matching.hints import FieldHint
from web.enterprise.demand_form import DemandForm
from web.language import word


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for one field of the form; ``why`` is answers, numbers or patents. ``stands``: the field is empty or has
    this very value, so that the panel tells of it."""

    field: str
    value: str
    why: str
    stands: bool


def proposals(form: DemandForm, record: DemandRecord, fields: Sequence[FieldHint]) -> tuple[Proposal, ...]:
    """A title of the answers, the numbers in them as targets, the field of the patents found."""
    found = {
        "title": (proposed_title(record.object, record.text), "answers"),
        "targets": (proposed_targets(record.aim, record.text), "numbers"),
        "technical_field": (word("ipc_class", fields[0].ipc_class) if fields else "", "patents"),
    }
    return tuple(
        Proposal(name, value, why, (form[name].data or "").strip() in ("", value))
        for name, (value, why) in found.items()
        if value
    )
