"""What lies open: patents, offers, demands, agencies, experts, enterprises, by the search of the pages; trades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matchhub.domain.counting.kinds import KINDS as COUNTED
from matchhub.errors import NotFound
from matchhub.services.demands.public import DemandPublic, demand_public
from matchhub.services.kernel.unit import Unit
from matchhub.services.licensing.pages import OfferView, offer_view
from matchhub.services.patents.offers import PublicPatentOffer, patent_offer_of_patent
from matchhub.services.patents.page import PatentView, patent_view
from matchhub.services.patents.rows import PatentRow
from matchhub.services.presentations.presenting import PresentationView, presentations_of
from matchhub.services.search.addresses import filters_of
from matchhub.services.search.agencies import AgencyRow
from matchhub.services.search.enterprises import EnterpriseRow
from matchhub.services.search.experts import ExpertRow
from matchhub.services.search.kinds import KINDS, Kind, all_ids, count_hits
from matchhub.services.search.offers import OfferRow
from matchhub.services.search.saved import SavedView, own_searches
from matchhub.services.trades.figures import Trade, trades_today
from web.api.operations import Chosen, Room

_patents, _demands, _trade = Room("patents"), Room("demands"), Room("trade")
_parties, _site = Room("parties"), Room("site")
ROOMS = (_patents, _demands, _trade, _parties, _site)
Flag = Literal["", "0", "1"]


def _found(unit: Unit, kind: Kind, q: str, sort: str, **said: str) -> Chosen[Any]:
    ids = all_ids(unit, kind, q, filters_of(kind, said), sort)
    return Chosen(ids, lambda part: KINDS[kind].rows(unit, part))


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing or document of a presentation, and how many pages it has."""

    id: int
    caption: str
    pages: int


@dataclass(frozen=True, slots=True)
class Presentation:
    """What an organisation tells of its patent."""

    organisation: str
    gains: str
    maturity: str
    video_link: str
    shown: bool
    files: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True)
class WholePatent:
    """One patent with what its holders tell of it and how it is to be had."""

    patent: PatentView
    listing: PublicPatentOffer | None
    presentations: tuple[Presentation, ...]


def presented(view: PresentationView) -> Presentation:
    """A presentation as the API tells it."""
    files = tuple(Drawing(each.id, each.caption, len(each.pages)) for each in view.files)
    stage = view.stage.key if view.stage is not None else ""
    return Presentation(view.organisation, view.gains, stage, view.video_link, view.shown, files)


@_patents.get("/patents", "patent.browse")
def patents(
    unit: Unit, q: str = "", type: str = "", validity: str = "", ipc: str = "", holder: str = "", offered: Flag = "",
    year: str = "", mode: str = "", most: str = "", industry: str = "", trade: str = "",
    sort: str = "",
) -> Chosen[PatentRow]:  # fmt: skip
    """Patents by words or number, narrowed by type, status, class, holder, way to have them, price, trade and year."""
    return _found(
        unit, "patents", q, sort, type=type, validity=validity, ipc=ipc, holder=holder, offered=offered, year=year,
        mode=mode, most=most, industry=industry, trade=trade,
    )  # fmt: skip


@_patents.get("/patents/<int:patent_id>", "patent.browse", "home.patent")
def patent(unit: Unit, patent_id: int) -> WholePatent:
    """One patent with all its public data."""
    view = patent_view(unit, patent_id)
    told = tuple(presented(each) for each in presentations_of(unit, patent_id))
    return WholePatent(view, patent_offer_of_patent(unit, patent_id), told)


@_trade.get("/offers", "offer.browse")
def offers(
    unit: Unit, q: str = "", regime: str = "", fee: str = "", most: str = "", until: str = "", type: str = "",
    industry: str = "", trade: str = "", sort: str = "",
) -> Chosen[OfferRow]:  # fmt: skip
    """Open-licence offers that stand today, with their fees."""
    return _found(
        unit,
        "offers",
        q,
        sort,
        regime=regime,
        fee=fee,
        most=most,
        until=until,
        type=type,
        industry=industry,
        trade=trade,
    )


@_trade.get("/offers/<int:offer_id>", "offer.browse", "trade.offer")
def offer(unit: Unit, offer_id: int) -> OfferView:
    """One open-licence offer with its terms."""
    return offer_view(unit, offer_id)


@_demands.get("/demands", "demand.browse")
def demands(
    unit: Unit, q: str = "", field: str = "", state: str = "", year: str = "", form: str = "", least: str = "",
    industry: str = "", trade: str = "", sort: str = "",
) -> Chosen[DemandPublic]:  # fmt: skip
    """Demands that the account may know of: the verified ones by title and field, its own besides, all for the desk."""
    return _found(
        unit,
        "demands",
        q,
        sort,
        field=field,
        state=state,
        year=year,
        form=form,
        least=least,
        industry=industry,
        trade=trade,
    )


@_demands.get("/demands/<int:demand_id>", "demand.browse", "home.demand")
def demand(unit: Unit, demand_id: int) -> DemandPublic:
    """The public part of one demand."""
    return demand_public(unit, demand_id)


@_parties.get("/agencies", "agency.browse")
def agencies(unit: Unit, q: str = "", service: str = "", licensed: Flag = "", sort: str = "") -> Chosen[AgencyRow]:
    """Service agencies, without contact persons."""
    return _found(unit, "agencies", q, sort, service=service, licensed=licensed)


@_parties.get("/experts", "expert.browse")
def experts(
    unit: Unit, q: str = "", field: str = "", organisation: str = "", title: str = "", sort: str = ""
) -> Chosen[ExpertRow]:
    """Experts, without contact data; enterprises see those who consented."""
    return _found(unit, "experts", q, sort, field=field, organisation=organisation, title=title)


@_parties.get("/enterprises", "enterprise.browse")
def enterprises(
    unit: Unit, q: str = "", industry: str = "", place: str = "", category: str = "", local: str = "", sort: str = ""
) -> Chosen[EnterpriseRow]:
    """Enterprises by name, code, trade and place."""
    return _found(unit, "enterprises", q, sort, industry=industry, place=place, category=category, local=local)


@_site.get("/search", "base.search")
def search(unit: Unit, q: str = "") -> dict[str, int]:
    """How many records of each kind hold all the words."""
    return {str(kind): number for kind, number in count_hits(unit, q).items()} if q.strip() else {}


@_site.get("/kinds", "site.read")
def kinds(unit: Unit) -> tuple[str, ...]:
    """Kinds of records that files bring and counts speak of."""
    return tuple(sorted({*KINDS, *COUNTED}))


@_patents.get("/searches", "search.keep_own", "home.saved_searches")
def searches(unit: Unit) -> tuple[SavedView, ...]:
    """The account's saved searches, and how much is new."""
    return own_searches(unit)


@_site.get("/trades", "patent.browse", "home.trades")
def trades(unit: Unit) -> Sequence[Trade]:
    """Every trade of the city with its patents, offers and demands."""
    return trades_today(unit).trades


@_site.get("/trades/<key>", "patent.browse", "home.trade")
def trade(unit: Unit, key: str) -> Trade:
    """One trade of the city."""
    found = [each for each in trades_today(unit).trades if each.industry.key == key]
    if not found:
        raise NotFound()
    return found[0]
