"""Steps after signing: the register's entry, the technical contract's registration, the implementation."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from matchhub.db.tables import Deal, DealEvent
from matchhub.domain.deals import Stage, Step, check_step, event_of
from matchhub.errors import Conflict, Refusal
from matchhub.services.deals.access import deal_to_enter
from matchhub.services.deals.checks import refuse_blocked
from matchhub.services.deals.events import enter_event
from matchhub.services.deals.numbers import numbers_in_use
from matchhub.services.deals.stages import outline_of, stage_of_deal
from matchhub.services.deals.telling import tell_parties
from matchhub.services.evidence.vouchers import one_after_another
from matchhub.services.kernel.freshness import require_unchanged
from matchhub.services.kernel.revisions import Change, write_revisions
from matchhub.services.kernel.unit import Unit

STEPS: tuple[Stage, ...] = ("registered", "contract_registered", "implemented")


def take_step(
    unit: Unit,
    deal_id: int,
    to: Stage,
    on: date,
    number: str = "",
    evidence_id: int | None = None,
    seen: str = "",
) -> None:
    """Record that a deal was registered (TR01 or EE01, as the pack wants for its kind), its technical contract
    registered (技术合同登记), or implemented. By its parties and the operator alike.

    Raises ``Conflict`` ``deal_step_not_allowed``, ``deal_event_repeated``, ``deal_number_in_use`` and
    ``changed_meanwhile``, ``Refusal`` for a day to come or before signing, a number missing, evidence of another
    record, ``deal_event_unknown``.
    """
    deal = deal_to_enter(unit, deal_id)
    if to not in STEPS:
        raise Refusal("deal_event_unknown", event=to)
    require_unchanged(unit, "deals", deal.id, deal.updated_at, seen)
    step = Step(to, on, number.strip()[:255])
    one_after_another(unit)
    require_step(unit, deal, step)
    event = event_of(step, deal.deal_type, unit.pack)
    _require_new(unit, deal, event, step)
    enter_event(unit, deal, event, on, step.number or None, evidence_id)
    if to == "contract_registered":
        deal.contract_register_number = step.number
        write_revisions(unit, "deals", None, [Change(deal.id, None, {"contract_register_number": step.number})])
    tell_parties(unit, deal, to, on=on, number=step.number)


def _require_new(unit: Unit, deal: Deal, event: str, step: Step) -> None:
    """The same event of the same day under the same number is entered once."""
    same = select(DealEvent.id).where(
        DealEvent.deal_id == deal.id,
        DealEvent.event == event,
        DealEvent.occurred_on == step.on,
        func.coalesce(DealEvent.number, "") == step.number,
        DealEvent.withdrawn_at.is_(None),
    )
    if unit.session.execute(same).first():
        raise Conflict("deal_event_repeated")


def require_step(unit: Unit, deal: Deal, step: Step) -> None:
    """Raise the first thing that stands against a step of this deal (``domain.deals.check_step``)."""
    in_use = numbers_in_use(unit, [step.number], deal.id)
    outline, stage = outline_of(unit, deal.id), stage_of_deal(unit, deal.id)
    refuse_blocked(check_step(outline, stage, step, unit.pack, unit.today, in_use))
