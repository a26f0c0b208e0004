"""A contract entered afterwards (补录): typed into the operator's form, with the stages it has come through since."""

from __future__ import annotations

from matchhub.domain.records import DealRecord, Row
from matchhub.services.deals.checks import refuse_blocked
from matchhub.services.deals.recorder import DealRecorder
from matchhub.services.kernel.demo_mark import holds_rows
from matchhub.services.kernel.typed_records import recorded
from matchhub.services.kernel.unit import Unit


def record_deal(unit: Unit, record: DealRecord, another_contract: bool = False) -> int:
    """Record a signed contract, or what is new of a known one, by the rules a file's row must meet; returns its number.

    ``another_contract``: the person knows that a contract of other parties bears the number too. Raises ``Refusal``
    with the code and data of what keeps it out (``patent_unknown``, a finding that blocks, ``payment_unproven``,
    ``deal_known_otherwise`` when a contract of this number and these parties stands with other values), ``Conflict``
    ``contract_number_of_others`` and ``recorded_already`` when it says nothing new.
    """
    unit.require("trade.record")
    recorder = DealRecorder(unit, None, holds_rows(unit, demo=True), typed=True, another_contract=another_contract)
    outcome = recorder.record([Row(record.source, record)])[0]
    refuse_blocked(recorder.blocked)
    return recorded(unit, "deals", outcome)
