"""From rows to the plain values that the counting rules judge, cut to what was known at a moment."""

from matchhub.services.facts.gather import gather_facts
from matchhub.services.facts.history import Moment

__all__ = ["Moment", "gather_facts"]
