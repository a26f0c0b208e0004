"""Threads, notices, deals, open-licence offers, licences and awards, for those who follow them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from matchhub.services.conversations import messages
from matchhub.services.conversations.threads import ThreadLine, own_threads
from matchhub.services.counting.awards.claims import Claim, claim_of
from matchhub.services.counting.awards.estimating import AwardLine, estimate_awards
from matchhub.services.counting.awards.recording import RecordLine, award_records
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.industries import proposed_industries
from matchhub.services.notices.notices import NoticeView, own_notices
from matchhub.services.records.following import DealView, deal_view
from matchhub.services.records.licences import LicenceView, licence_view
from matchhub.services.records.stories import StoryWord, story_word
from matchhub.services.worklists.trade import TradeRow, list_trade, with_verdicts
from web.api.operations import File, Room

_talks, _trade = Room("conversations"), Room("trade")
ROOMS = (_talks, _trade)


@_talks.get("/threads", "trade.follow", "trade.desk")
def threads(unit: Unit) -> tuple[ThreadLine, ...]:
    """Threads that the account may read, those that wait for it first."""
    return own_threads(unit)


@_talks.get("/threads/<int:thread_id>", "thread.take_part", "trade.thread")
def thread(unit: Unit, thread_id: int) -> messages.ThreadView:
    """One thread with its messages, as far as the account may see the other party."""
    return messages.read_thread(unit, thread_id)


@_talks.get("/threads/<int:thread_id>/files/<int:message_id>", "thread.take_part", "trade.file")
def thread_file(unit: Unit, thread_id: int, message_id: int) -> File:
    """The file of a message."""
    name, content = messages.read_file(unit, thread_id, message_id)
    return File(name or "file", content)


@_talks.get("/notices", "trade.follow", "trade.notices")
def notices(unit: Unit, unread: bool = False) -> tuple[NoticeView, ...]:
    """Notices of the organisation."""
    return own_notices(unit, unread=unread)


@_trade.get("/trade", "trade.follow", "trade.list_trade")
def trade_rows(unit: Unit) -> Sequence[TradeRow]:
    """Deals, licences and offers in one list: those that the account follows, or all for the operator."""
    return with_verdicts(unit, list_trade(unit))


@_trade.get("/deals/<int:deal_id>", "deal.read", "trade.deal")
def deal(unit: Unit, deal_id: int) -> DealView:
    """One deal for its parties, the operator and the bureau."""
    return deal_view(unit, deal_id)


@_trade.get("/deals/<int:deal_id>/story", "deal.read")
def deal_story(unit: Unit, deal_id: int) -> StoryWord | None:
    """The organisation's word on telling a deal in public."""
    deal_view(unit, deal_id)
    return story_word(unit, ("deals", deal_id))


@_trade.get("/licences/<int:licence_id>", "licence.read", "trade.licence")
def licence(unit: Unit, licence_id: int) -> LicenceView:
    """One open licence for its parties, the operator and the bureau."""
    return licence_view(unit, licence_id)


@_trade.get("/industries/fitting", "offer.browse")
def fitting_industries(unit: Unit, number: str = "") -> dict[str, Any]:
    """Which industries the classes of a patent serve."""
    symbols, fitting = proposed_industries(unit, number[:40])
    return {"classes": list(symbols), "industries": [each.key for each in fitting]}


@_trade.get("/awards", "award.read", "trade.awards")
def awards(unit: Unit, as_of: date | None = None) -> tuple[AwardLine, ...]:
    """What each clause would pay to whom, and by which rule."""
    return estimate_awards(unit, as_of)


@_trade.get("/awards/<kind>/<int:payee_id>", "award.read", "trade.award_claim")
def award_claim(unit: Unit, kind: str, payee_id: int) -> Claim:
    """What one firm or agency may claim."""
    return claim_of(unit, kind, payee_id)


@_trade.get("/award-records", "award.read", "trade.award_records")
def records_of_awards(unit: Unit) -> tuple[RecordLine, ...]:
    """Records behind awards that nothing else holds."""
    return award_records(unit)
