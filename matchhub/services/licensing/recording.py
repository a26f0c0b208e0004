"""Offers and licences typed into the operator's form: the same record that a file would give."""

from __future__ import annotations

from matchhub.domain.records import LicenceRecord, OfferRecord, Row
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.typed_records import recorded
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.recorders import LicenceRecorder, OfferRecorder


def record_offer(unit: Unit, record: OfferRecord) -> int:
    """Record an open-licence declaration and return its number.

    Raises ``Refusal("patent_unknown")``, ``Conflict("recorded_already")`` when it says nothing new.
    """
    unit.require("trade.record")
    outcome = OfferRecorder(unit, None, holds_rows(unit, demo=True)).record([Row(record.source, record)])[0]
    return recorded(unit, "offers", outcome)


def record_licence(unit: Unit, record: LicenceRecord) -> int:
    """Record a licence, or what is new of a known one, and return its number.

    Raises ``Refusal("patent_unknown")``, ``Conflict("recorded_already")`` when it says nothing new.
    """
    unit.require("trade.record")
    outcome = LicenceRecorder(unit, None, holds_rows(unit, demo=True)).record([Row(record.source, record)])[0]
    return recorded(unit, "licences", outcome)
