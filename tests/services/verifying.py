"""Demands of tests that the operator verified as the product asks for it."""

from __future__ import annotations

from typing import Any

from matchhub.services.demands.words import Verification, file_sheet, verify_demand
from matchhub.services.kernel.unit import Unit
from tests.papers import letter


def verification(unit: Unit, **changes: Any) -> Verification:
    """A call of today with somebody of the firm."""
    said = {"how": "call", "spoken_to": "王小明", "spoken_post": "技术负责人", "on": unit.today, "note": "需求属实"}
    return Verification(**{**said, **changes})


# The operator's form, filled but for the day.
FORM = {"how": "call", "spoken_to": "王小明", "spoken_post": "技术负责人", "note": "已电话核实"}


def verify(unit: Unit, demand_id: int, **changes: Any) -> None:
    """Verify a demand as the operator."""
    verify_demand(unit, demand_id, verification(unit, **changes))


def prove(unit: Unit, demand_id: int, **changes: Any) -> None:
    """Verify a demand as the operator and keep the sheet that its firm signed."""
    file_sheet(unit, demand_id, "确认单.eml", letter(f"demand {demand_id}"), "王小明", unit.today)
    verify(unit, demand_id, **changes)
