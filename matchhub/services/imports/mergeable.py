"""The kinds of record that a person may find to be one: their tables and the fields that make them up."""

from __future__ import annotations

from typing import Any

from matchhub.db.tables import Agency, Enterprise, Expert
from matchhub.errors import Refusal
from matchhub.services.parties.recorders import AgencyRecorder, EnterpriseRecorder, ExpertRecorder

TABLES: dict[str, Any] = {"enterprises": Enterprise, "agencies": Agency, "experts": Expert}
FIELDS: dict[str, tuple[str, ...]] = {
    "enterprises": EnterpriseRecorder.columns,
    "agencies": AgencyRecorder.columns,
    "experts": ExpertRecorder.columns,
}
# Unique or identifying values that only one of two records may bear.
UNIQUE = {"enterprises": ("uscc",), "agencies": ("uscc",), "experts": ()}


def table_of(kind: str) -> Any:
    """The table of a kind that can be merged; ``Refusal("kind_unknown")`` for any other."""
    if kind not in TABLES:
        raise Refusal("kind_unknown", kind=kind)
    return TABLES[kind]
