"""Which table holds the records of which kind."""

from __future__ import annotations

from typing import Any

from matchhub.db.tables import (
    Agency,
    AwardRecord,
    Deal,
    Demand,
    Enterprise,
    Expert,
    Licence,
    Offer,
    Patent,
    Push,
)

RECORD_TABLES: dict[str, Any] = {
    "patents": Patent,
    "enterprises": Enterprise,
    "experts": Expert,
    "agencies": Agency,
    "demands": Demand,
    "pushes": Push,
    "deals": Deal,
    "offers": Offer,
    "licences": Licence,
    "award_records": AwardRecord,
}
# Kinds of files whose rows are dated facts of records of another kind, and make no record of their own.
FACTS_OF = {"stock_grades": "patents"}


def record_table(kind: str) -> Any:
    """The table of the records that files of this kind speak of."""
    return RECORD_TABLES[FACTS_OF.get(kind, kind)]
