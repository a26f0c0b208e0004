"""What firms and institutions see of their own: demands, drafts, inbox, followed and own patents, own lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matchhub.services.conversations.asking import AskingPage, asking_page
from matchhub.services.demands import drafts as drafting
from matchhub.services.demands.confidentiality import invited_names
from matchhub.services.demands.posting import own_demand as own_row
from matchhub.services.evidence.party_words import Asked, asked_of_actor
from matchhub.services.imports.own_lists import Held, held_rows
from matchhub.services.kernel.paging import Page, Sought
from matchhub.services.kernel.unit import Unit
from matchhub.services.patents.favourites import FavouriteView, own_favourites
from matchhub.services.patents.grades import PatentGrades, grades_of
from matchhub.services.patents.offers import PatentOfferView, list_patent_offers
from matchhub.services.patents.offers import own_patent_offer as one_listing
from matchhub.services.presentations.presenting import own_presentation
from matchhub.services.pushes import inbox as box
from matchhub.services.pushes.why import PushWhy, own_push_why
from matchhub.services.records.own_demand import DemandPage, OwnPair, demand_page, own_pair
from matchhub.services.worklists import enterprise_home, institution_home, own_patents
from matchhub.services.worklists.batches import BatchView, batch_view, own_batches
from web.api.operations import Chosen, Room
from web.api.reads.base import Presentation, presented

_demands, _patents, _pushes, _imports = Room("demands"), Room("patents"), Room("pushes"), Room("imports")
_trade, _accounts = Room("trade"), Room("accounts")
ROOMS = (_demands, _patents, _pushes, _imports, _trade, _accounts)


@dataclass(frozen=True, slots=True)
class Readers:
    """Who was invited to read one demand."""

    invited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnList:
    """One list that was written, and what became of the rows before the operator."""

    batch: BatchView
    held: Held


@_demands.get("/own/demands", "demand.read_own")
def own_demands(unit: Unit) -> Sequence[enterprise_home.DemandLine]:
    """The firm's own demands, each with what the eight tests say, its best score and who offered."""
    return enterprise_home.desk(unit).demands


@_accounts.get("/own/firm", "enterprise.read_own")
def own_firm(unit: Unit) -> enterprise_home.FirmView:
    """The firm of the account."""
    return enterprise_home.own_firm(unit)


@_demands.get("/own/demands/<int:demand_id>", "demand.read_own", "enterprise.demand")
def own_demand(unit: Unit, demand_id: int) -> DemandPage:
    """One own demand whole: the eight tests, the best patents with reasons, its life, who offered."""
    return demand_page(unit, demand_id)


@_demands.get("/own/demands/<int:demand_id>/readers", "demand.read_own")
def demand_readers(unit: Unit, demand_id: int) -> Readers:
    """Institutions that were invited to read one own demand."""
    own_row(unit, demand_id)
    return Readers(invited_names(unit, demand_id))


@_demands.get("/own/demands/<int:demand_id>/patents/<int:patent_id>", "demand.read_own", "enterprise.pair")
def own_demand_pair(unit: Unit, demand_id: int, patent_id: int) -> OwnPair:
    """One own demand with one patent, and why they fit."""
    return own_pair(unit, demand_id, patent_id)


@_demands.get("/drafts", "draft.read", "trade.draft_list")
def drafts(unit: Unit) -> Sequence[drafting.DraftView]:
    """Drafts of demands: the firm's own, or all for the operator."""
    return drafting.own_drafts(unit)


@_demands.get("/drafts/<int:draft_id>", "draft.read", "trade.draft")
def draft(unit: Unit, draft_id: int) -> drafting.DraftView:
    """One draft."""
    return drafting.draft_of(unit, draft_id)


@_demands.get("/published-demands", "demand.answer")
def published_demands(
    unit: Unit, q: str = "", field: str = "", fit: str = "", interest: str = "", sort: str = "fit"
) -> Chosen[institution_home.FittingDemand]:
    """Published demands that own patents fit; never the firm."""
    filters = institution_home.DemandFilters(words=q, field=field, fit=fit, interest=interest, sort=sort)
    first = institution_home.fitting_demands(unit, 1, filters).page
    rest = (institution_home.fitting_demands(unit, n, filters).page.items for n in range(2, first.pages + 1))
    rows = [*first.items, *(row for part in rest for row in part)]
    by_key = {row.demand.id: row for row in rows}
    return Chosen(list(by_key), lambda part: [by_key[key] for key in part])


@_demands.get("/published-demands/<int:demand_id>", "demand.answer", "institution.demand")
def published_demand(unit: Unit, demand_id: int) -> tuple[institution_home.PairView, ...]:
    """One published demand with the own patents that fit it and why."""
    return institution_home.patents_for_demand(unit, demand_id)[1]


@_patents.get("/own/patents", "patent.keep_own")
def patents_of_own(
    unit: Unit, q: str = "", symbol: str = "", validity: str = "", fit: str = "", offer: str = "", sort: str = ""
) -> Chosen[own_patents.OwnPatent]:
    """The institution's own patents with search, filters and order."""
    asked = own_patents.OwnFilters(words=q, symbol=symbol, validity=validity, fit=fit, offer=offer, sort=sort)
    found = own_patents.own_patents(unit, 1, asked).found
    return Chosen(found, lambda part: _in_order(part, own_patents.chosen_patents(unit, part)))


def _in_order(wanted: Sequence[int], rows: Sequence[own_patents.OwnPatent]) -> list[own_patents.OwnPatent]:
    by_key = {row.patent.id: row for row in rows}
    return [by_key[key] for key in wanted if key in by_key]


@_patents.get("/own/patents/<int:patent_id>/demands", "patent.keep_own", "institution.patent")
def demands_of_own_patent(unit: Unit, patent_id: int) -> tuple[institution_home.PairView, ...]:
    """One own patent with the demands it fits best and why."""
    return institution_home.demands_for_patent(unit, patent_id)


@_patents.get("/own/patents/<int:patent_id>/presentation", "patent_page.keep_own", "home.presentation")
def own_patent_presentation(unit: Unit, patent_id: int) -> Presentation:
    """What the organisation tells of its patent."""
    return presented(own_presentation(unit, patent_id))


@_patents.get("/patents/<int:patent_id>/grades", "stock_grade.read", "home.patent_grades")
def patent_grades(unit: Unit, patent_id: int) -> PatentGrades:
    """What the reader may see of a patent's grades in the inventory of patents in stock."""
    return grades_of(unit, patent_id)


@_patents.get("/patents/<int:patent_id>/asking", "patent.ask_contact", "enterprise.choose_demand")
def asking(unit: Unit, patent_id: int) -> AskingPage:
    """From which own demand a patent's holder may be asked, and what the others lack for it."""
    return asking_page(unit, patent_id)


@_patents.get("/followed", "favourite.keep_own", "enterprise.followed")
def followed(unit: Unit) -> tuple[FavouriteView, ...]:
    """Patents that the account follows, with its notes."""
    return own_favourites(unit)


@_patents.get("/listings", "patent_offer.read", "trade.patent_offers")
def listings(unit: Unit, state: str = "") -> tuple[PatentOfferView, ...]:
    """Patents on offer: the organisation's own, or all for the operator."""
    return list_patent_offers(unit, state)


@_patents.get("/listings/<int:patent_offer_id>", "patent_offer.read", "trade.patent_offer")
def listing(unit: Unit, patent_offer_id: int) -> PatentOfferView:
    """One patent on offer as its organisation and the operator see it."""
    return one_listing(unit, patent_offer_id)


@_pushes.get("/inbox", "push.read_own", "enterprise.inbox")
def inbox(unit: Unit, sought: Sought, state: str = "") -> Page[box.InboxPush]:
    """Pushes received, the newest first."""
    return box.list_inbox(unit, sought, state)


@_pushes.get("/inbox/<int:push_id>", "push.read_own", "enterprise.push")
def inbox_push(unit: Unit, push_id: int) -> box.InboxPush:
    """One push with its patents and reasons."""
    return box.push_of(unit, push_id)


@_pushes.get("/inbox/<int:push_id>/why", "push.read_own", "messages.push")
def inbox_why(unit: Unit, push_id: int) -> PushWhy:
    """Why a push came."""
    return own_push_why(unit, push_id)


@_imports.get("/own-lists", "own_list.read", "institution.own_list_page")
def own_lists(unit: Unit, sought: Sought) -> Page[BatchView]:
    """Lists that the institution wrote."""
    return own_batches(unit, sought)


@_imports.get("/own-lists/<int:batch_id>", "own_list.read", "institution.own_list")
def own_list(unit: Unit, batch_id: int) -> OwnList:
    """One list that was written, with its sums."""
    return OwnList(batch_view(unit, batch_id), held_rows(unit, batch_id))


@_trade.get("/asked", "party_word.give")
def asked(unit: Unit) -> Sequence[Asked]:
    """What waits for the organisation's own yes or no."""
    return asked_of_actor(unit)


@_accounts.get("/me", "account.keep_own")
def me(unit: Unit) -> dict[str, Any]:
    """As whom the key acts, and what it may do."""
    actor = unit.actor
    return {
        "account_id": actor.account_id,
        "role": actor.role,
        "name": actor.name,
        "organisation_id": actor.organisation_id,
        "enterprise_id": actor.enterprise_id,
        "confirmed": actor.proven,
    }
