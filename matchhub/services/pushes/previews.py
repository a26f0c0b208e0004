"""The letter of a pair before it is a push: as its recipient would get it, with links that open nothing."""

from __future__ import annotations

from sqlalchemy import select

from matchhub.db.tables import Account, Demand, Enterprise, Patent, PushDraft, PushDraftPair
from matchhub.domain.pushes import push_warnings
from matchhub.errors import NotFound, Refusal
from matchhub.services.kernel.event_log import append_event
from matchhub.services.kernel.unit import Unit
from matchhub.services.pushes.candidates import Pair, judged_pairs
from matchhub.services.pushes.drafting import key_of, reasons_of
from matchhub.services.pushes.outgoing import Outgoing, outgoing_item

NOWHERE = "preview"  # stands for the token of the link, which is made with the push
_NO_ADDRESS = "recipient@example.invalid"


def preview(unit: Unit, pair_id: int, address: str = _NO_ADDRESS) -> Outgoing:
    """The message of one pair of a draft, chosen or left out; ``NotFound("push_draft_not_found")`` for none."""
    unit.require("push.draft")
    row = unit.session.get(PushDraftPair, pair_id)
    if row is None:
        raise NotFound("push_draft_not_found")
    draft = unit.session.get_one(PushDraft, row.draft_id)
    firm = unit.session.get_one(Enterprise, row.enterprise_id)
    patent = unit.session.get_one(Patent, row.patent_id)
    demand = unit.session.get(Demand, row.demand_id) if row.demand_id is not None else None
    reasons, warnings = row.reasons, list(row.warnings)
    if reasons is None:  # of a pair that was left out nothing is kept
        pair = Pair(row.patent_id, row.enterprise_id, row.demand_id, row.score, draft.model)
        (candidate,) = judged_pairs(unit, [pair])
        reasons = reasons_of(unit, [candidate]).get(key_of(candidate), [])
        warnings = [fault.code for fault in push_warnings(candidate, unit.pack.pushes, unit.today)]
    link = f"{unit.base_url}/p/{NOWHERE}"
    return Outgoing(
        push_id=0,
        message_id=f"<preview.{row.id}@matchhub>",
        address=address,
        enterprise=firm.name,
        contact=demand.contact_name if demand else firm.contact_name,
        demand_title=demand.title if demand else None,
        link=link,
        off_link=f"{link}/off",
        model=draft.model,
        items=(outgoing_item(unit, patent, row.score, reasons, warnings),),
        city=unit.pack.local.name_zh,
    )


def letter_to_oneself(unit: Unit, pair_id: int) -> Outgoing:
    """The same to the actor's own address; ``Refusal("push_test_address_missing")`` where its account has none."""
    unit.require("push.test")
    address = unit.session.execute(select(Account.email).where(Account.id == unit.actor.account_id)).scalar()
    if not address:
        raise Refusal("push_test_address_missing")
    return preview(unit, pair_id, address)


def note_test(unit: Unit, pair_id: int, outcome: str) -> None:
    """Keep in the log that a test was sent: it is no push and counts nowhere."""
    unit.require("push.test")
    append_event(unit, "push.tested", "push_draft_pairs", pair_id, result=outcome)
