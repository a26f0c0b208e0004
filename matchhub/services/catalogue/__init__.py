"""What everybody may look at: patents, open-licence offers, titles of demands, agencies; never contact data."""

from matchhub.services.catalogue.listings import (
    AgencyRow,
    BaseCounts,
    DemandPublic,
    OfferRow,
    base_counts,
    demand_public,
    list_agencies,
    list_demands_public,
    list_offers,
)
from matchhub.services.catalogue.narrowing import MODES, PatentFilters
from matchhub.services.catalogue.paging import Page
from matchhub.services.catalogue.patent_page import EncumbranceView, HolderView, PatentView, patent_view
from matchhub.services.catalogue.patents import PatentRow, search_patents

__all__ = [
    "MODES",
    "AgencyRow",
    "BaseCounts",
    "DemandPublic",
    "EncumbranceView",
    "HolderView",
    "OfferRow",
    "Page",
    "PatentFilters",
    "PatentRow",
    "PatentView",
    "base_counts",
    "demand_public",
    "list_agencies",
    "list_demands_public",
    "list_offers",
    "patent_view",
    "search_patents",
]
