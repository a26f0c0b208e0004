"""What several builders of facts need, loaded once for one count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from matchhub.domain.counting.facts import ConfirmationFact, EvidenceFact, PartyWordFact, RepeatedPaper, StatusFact
from matchhub.domain.locality import LocalDecision, decide_local
from matchhub.domain.rules import RulePack
from matchhub.services.facts.affiliations import Affiliations
from matchhub.services.facts.clocks import WrittenBack, written_back
from matchhub.services.facts.evidence import evidence_by_id
from matchhub.services.facts.party_words import party_words
from matchhub.services.facts.repetitions import repeated_papers
from matchhub.services.facts.sources import Sources, batch_sources
from matchhub.services.facts.stock import enterprise_states, patent_states, statuses
from matchhub.services.kernel.history import Moment, State, confirmations
from matchhub.services.kernel.unit import Unit


@dataclass(frozen=True)
class Known:
    """The base as known at ``moment``; each part is read when it is first asked for."""

    unit: Unit
    moment: Moment
    rows_back: WrittenBack | None = None  # where they are known already
    asked: RulePack | None = None  # the pack that counts, where it is not the one in force

    @property
    def pack(self) -> RulePack:
        """The pack that counts."""
        return self.asked or self.unit.pack

    def local(self, firm: State) -> LocalDecision:
        """Whether an enterprise is local: as decided on record, or by the words of another pack's place.

        What a person decided was decided about the place of the pack in force; elsewhere it says nothing.
        """
        if self.pack.local == self.unit.pack.local:
            return LocalDecision(firm.get("local"), firm.get("local_decided_by"))
        return decide_local(firm.get("uscc"), firm.get("address"), self.pack.local, firm.get("name"))

    @cached_property
    def patents(self) -> dict[int, State]:
        """Every patent by id."""
        return patent_states(self.unit, self.moment)

    @cached_property
    def statuses(self) -> dict[int, tuple[StatusFact, ...]]:
        """Dated legal status by patent."""
        return statuses(self.unit, self.moment, self.sources)

    @cached_property
    def sources(self) -> Sources:
        """Named sources by import batch."""
        return batch_sources(self.unit, self.moment)

    @cached_property
    def enterprises(self) -> dict[int, State]:
        """Every enterprise by id."""
        return enterprise_states(self.unit, self.moment)

    @cached_property
    def files(self) -> dict[int, EvidenceFact]:
        """Evidence files by their own id."""
        return evidence_by_id(self.unit, self.moment)

    @cached_property
    def repeats(self) -> dict[tuple[str, int], tuple[RepeatedPaper, ...]]:
        """Records with which a record seems to share a paper, by kind and id."""
        return repeated_papers(self.unit, self.moment)

    @cached_property
    def written_back(self) -> WrittenBack:
        """Rows that were written while the clock was set back."""
        return written_back(self.unit, self.moment, self.pack) if self.rows_back is None else self.rows_back

    @cached_property
    def affiliations(self) -> Affiliations:
        """Who belongs together."""
        return Affiliations(self.unit, self.moment, self.enterprises)

    def party_words(self, kind: str) -> dict[int, tuple[PartyWordFact, ...]]:
        """What the parties of the records of one kind said, in the order they were told."""
        return party_words(self.unit, kind, self.moment)

    def said(self, kind: str) -> dict[int, tuple[ConfirmationFact, ...]]:
        """Confirmations and rejections by record of one kind."""
        return confirmations(self.unit, kind, self.moment)
