"""Every column of personal data stands in a place that export and erasure read (``services.personal.places``)."""

from __future__ import annotations

import matchhub.db.tables  # noqa: F401  declares the tables
from matchhub.db.base import Base
from matchhub.services.kernel.bound import PERSONAL
from matchhub.services.personal.places import Subject, places

# No accounts: experts and agencies come from sources of their own, and the operator corrects their records.
NOT_OF_ACCOUNTS = {"experts", "agencies"}
NO_DATA = ("no personal data", "no contact data", "without personal data")


def of_persons() -> set[str]:
    """Tables with a column that is called personal or named like one."""
    return {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in PERSONAL
        or ("personal data" in (column.comment or "") and not any(each in (column.comment or "") for each in NO_DATA))
    }


def test_every_table_with_personal_data_is_handed_out_and_erased() -> None:
    read = {each.name for each in places(Subject(1, 1, 1, True))}
    assert of_persons() - NOT_OF_ACCOUNTS - read == set()
    assert {"accounts", "demands", "registrations", "demand_drafts", "organisation_contacts"} <= of_persons()
