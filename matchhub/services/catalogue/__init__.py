"""What may be looked at and searched: patents, open-licence offers, demands, agencies, experts, enterprises; never
contact data."""

from matchhub.services.catalogue.agencies import AgencyFilters, AgencyRow
from matchhub.services.catalogue.demands import DemandFilters, DemandPublic, demand_public, newest_public
from matchhub.services.catalogue.enterprises import EnterpriseFilters, EnterpriseRow
from matchhub.services.catalogue.experts import ExpertFilters, ExpertRow
from matchhub.services.catalogue.kinds import KINDS, Kind, count_hits, search, visible_kinds, words_to_try
from matchhub.services.catalogue.listings import BaseCounts, base_counts
from matchhub.services.catalogue.narrowing import MODES, PatentFilters
from matchhub.services.catalogue.offers import OfferFilters, OfferRow
from matchhub.services.catalogue.paging import Page
from matchhub.services.catalogue.patent_page import EncumbranceView, HolderView, PatentView, patent_view
from matchhub.services.catalogue.patents import PatentRow

__all__ = [
    "KINDS",
    "MODES",
    "AgencyFilters",
    "AgencyRow",
    "BaseCounts",
    "DemandFilters",
    "DemandPublic",
    "EncumbranceView",
    "EnterpriseFilters",
    "EnterpriseRow",
    "ExpertFilters",
    "ExpertRow",
    "HolderView",
    "Kind",
    "OfferFilters",
    "OfferRow",
    "Page",
    "PatentFilters",
    "PatentRow",
    "PatentView",
    "base_counts",
    "count_hits",
    "demand_public",
    "newest_public",
    "patent_view",
    "search",
    "visible_kinds",
    "words_to_try",
]
